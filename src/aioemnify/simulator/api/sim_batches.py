"""SIM batch calls: inspect a batch and register it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.api.sims import read_status
from aioemnify.simulator.lifecycle.sim import move_sim
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import Findings, Problem, bad_request, not_found
from aioemnify.simulator.state.fleet import ACTIVATED, FACTORY_TEST, ISSUED, SimState
from aioemnify.simulator.state.world import Batch


def _find(call: Call) -> Batch | None:
    # Cards print the code after a "#", and some programs send it so.
    return call.world.batches.get(call.args["bic"].removeprefix("#"))


def _body(call: Call, batch: Batch) -> dict[str, Any]:
    return {
        "id": batch.id,
        "bic": batch.bic,
        "bsn": batch.bic[:9],
        "quantity": batch.size,
        "sim_batch_status_id": 1,
        "status": {"id": 1, "description": "Delivered"},
        "sim_model_id": lookups.SIM_MODEL["id"],
        "model": lookups.SIM_MODEL,
        "issuer_org_id": lookups.ISSUER_ORG["id"],
        "activated": False,
    }


def validate(call: Call) -> Reply:
    """Return a batch if it can be registered.

    Choice: a ``#`` before the code is ignored, as in the code that cards print.

    Raises:
        Problem: 404 unknown code, 400 registered already, 422 it has SIMs of another organisation.
    """
    batch = _find(call)
    if batch is None:
        raise not_found("SIM batch", call.args["bic"])
    if batch.bic in call.world.registered:
        raise bad_request(f"SIM batch with BIC {batch.bic} is already registered")
    if batch.foreign:
        raise Problem(422, 1406, f"SIM batch with BIC {batch.bic} contains SIMs of another organisation")
    return Reply(body=_body(call, batch))


def register(call: Call) -> Reply:
    """Register the SIMs of a batch for the caller, in the requested status.

    Choice: without ``sim_status`` the SIMs become Issued, as the vendor's SDK and the product documentation
        say; unknown members are ignored, such as a status at the top level.
    Choice: a code that is unknown, registered already or of another organisation gets an empty 422, as
        recorded; the table of verbs has 404 for unknown objects. A ``#`` before the code is ignored.

    Raises:
        Problem: 422, with an empty body if the batch cannot be registered.
    """
    batch = _find(call)
    if batch is None or batch.bic in call.world.registered or batch.foreign:
        raise Problem(422, None, "not available", empty=True)
    status = ISSUED
    if "sim_status" in call.body:
        findings = Findings("Sim batch")
        status = read_status(call.body["sim_status"], findings)
        if status not in (ISSUED, ACTIVATED) and not (
            status == FACTORY_TEST and call.world.settings.factory_test
        ):
            findings.out_of_range("sim_status")
        findings.check()
    world, organisation = call.world, call.organisation
    first = world.allot("sim", batch.size)
    now = world.clock.wall()
    sims = [SimState(id=first + index, status=ISSUED, produced=now) for index in range(batch.size)]
    for sim in sims:
        organisation.sims.save(sim)
    world.registered[batch.bic] = organisation.id
    detail = {
        "id": batch.id,
        "sim_model": lookups.SIM_MODEL["description"],
        "batch_size": batch.size,
        "first_iccid": world.numbers.iccid(first),
        "last_iccid": world.numbers.iccid(first + batch.size - 1),
    }
    call.record(48, f"SIM batch {batch.bic} registered", detail={"sim_batch": detail})
    for sim in sims:
        move_sim(call, sim, status)
    return Reply(body={"sim": [{"id": sim.id, "iccid": world.numbers.iccid(sim.id)} for sim in sims]})


HANDLERS: Mapping[str, Handler] = {
    "sim_batches.validate": validate,
    "sim_batches.register": register,
}
