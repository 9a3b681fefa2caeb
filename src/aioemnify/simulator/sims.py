"""SIM calls: list, read, change the status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aioemnify.simulator import catalogue
from aioemnify.simulator.bodies import sim_body
from aioemnify.simulator.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.fleet import (
    ACTIVATED,
    DELETED,
    FACTORY_TEST,
    IN_ENDPOINT,
    ISSUED,
    SUSPENDED,
    SimState,
)
from aioemnify.simulator.listing import (
    Criterion,
    Search,
    arrange,
    cut,
    list_headers,
    nulls_first,
    read_query,
)
from aioemnify.simulator.problems import Findings, forbidden, not_allowed, not_found
from aioemnify.simulator.world import Organisation, event_time

_MOVES = {(ISSUED, ACTIVATED), (ISSUED, FACTORY_TEST), (FACTORY_TEST, ACTIVATED), (ACTIVATED, SUSPENDED)} | {
    (SUSPENDED, ACTIVATED)
}
_EVENT_OF_STATUS = {ACTIVATED: 8, SUSPENDED: 9, DELETED: 10, FACTORY_TEST: 45}


def list_sims(call: Call) -> Reply:
    """Answer one page of the tenant's SIMs."""
    listing = call.operation.listing
    assert listing is not None
    query = read_query(listing, call.params)
    sims = call.organisation.sims
    search = Search(sims)
    for criterion in query.criteria:
        _filter(call, search, criterion)
    places = arrange(search.positions(), query.order, _keys(call.organisation))
    page = cut(query, len(places))
    found = sims.states(places[page.start : page.stop])
    return Reply(
        body=[sim_body(call.world, call.organisation, sim) for sim in found],
        headers=list_headers(query, page, f"{call.origin}{call.path}", call.params, listing),
    )


def _filter(call: Call, search: Search[SimState], criterion: Criterion) -> None:
    match criterion.field:
        case "id":
            search.only(criterion.number())
        case "iccid" | "iccid_with_luhn" | "imsi" | "msisdn":
            search.only(call.world.numbers.candidates(criterion.field, criterion.text_value()))
        case "status":
            status = criterion.number()
            search.code(lambda code: code & 7 == status)
        case "endpoint":
            if criterion.value is None:
                search.code(lambda code: not code & IN_ENDPOINT)
            else:
                endpoint = call.organisation.endpoints.find(criterion.number())
                search.only(None if endpoint is None else endpoint.sim)
        case "production_date":
            prefix = criterion.text_value()
            search.test(lambda sim: event_time(sim.produced).startswith(prefix.rstrip("Z")))
        case "satellite_capable":
            _constant(search, not criterion.truth())
        case "model":
            _constant(search, criterion.number() == catalogue.SIM_MODEL["id"])
        case "issuer_org":
            _constant(search, criterion.number() == catalogue.ISSUER_ORG["id"])
        case "customer_org":
            _constant(search, criterion.number() == call.organisation.id)
        case "reseller_org" | "eid":  # no simulated SIM has one
            _constant(search, criterion.value is None)
        case _:
            raise criterion.bad()


def _constant(search: Search[SimState], truth: bool) -> None:
    if not truth:
        search.only(None)


def _keys(organisation: Organisation) -> Mapping[str, Callable[[int], Any] | None]:
    sims = organisation.sims
    return {
        "id": None,
        "iccid": None,  # the number is part of it
        "production_date": lambda place: sims.at(place).produced,
        "status": lambda place: sims.column()[place] & 7,
        "endpoint": lambda place: nulls_first(sims.at(place).endpoint),
        "issuer_org": _same,
        "reseller_org": _same,
        "customer_org": _same,
        "eid": _same,
        "model": _same,
    }


def _same(place: int) -> int:
    return 0


def find_sim(call: Call) -> SimState:
    """Return the SIM named in the path.

    Raises:
        Problem: 404, the tenant has none with this id.
    """
    identity = call.number("sim_id", "Sim")
    sim = call.organisation.sims.find(identity)
    if sim is None:
        raise not_found("Sim", identity)
    return sim


def get_sim(call: Call) -> Reply:
    """Answer one SIM."""
    return Reply(body=sim_body(call.world, call.organisation, find_sim(call)))


def update_sim(call: Call) -> Reply:
    """Change a SIM's status; a customer may change nothing else."""
    sim = find_sim(call)
    body: Mapping[str, Any] = call.body
    if any(name in body for name in ("issuer_org", "reseller_org", "customer_org")):
        raise forbidden("A customer organisation may only change the status")
    if "status" in body:
        wanted = read_status(body["status"], Findings("Sim"))
        check_move(call, sim, wanted)
        move_sim(call, sim, wanted)
    return NO_CONTENT


def read_status(status: Mapping[str, Any], findings: Findings) -> int:
    """Return a SIM status named in a body.

    Raises:
        Problem: 422, there is no such status.
    """
    identity = status.get("id")
    if identity not in catalogue.SIM_STATUSES:
        findings.dangling("SimStatus", identity)
        findings.check()
    assert isinstance(identity, int)
    return identity


def check_move(call: Call, sim: SimState, wanted: int) -> None:
    """Refuse a change of status that the SIM's life does not allow.

    Raises:
        Problem: 409, there is no way from the present status to the wanted one.
    """
    if wanted == sim.status:
        return
    plan_forbids = wanted == FACTORY_TEST and not call.world.settings.factory_test
    if plan_forbids or (sim.status, wanted) not in _MOVES:
        here, there = catalogue.SIM_STATUSES[sim.status], catalogue.SIM_STATUSES[wanted]
        raise not_allowed(f"Sim with id {sim.id} cannot change from {here} to {there}")


def move_sim(call: Call, sim: SimState, wanted: int, *, reason: str | None = None) -> SimState:
    """Change a SIM's status and write the event; nothing happens when it has that status already.

    Args:
        call: who does it.
        sim: the SIM as it is.
        wanted: the new status.
        reason: why, when nobody asked for it.
    """
    if wanted == sim.status:
        return sim
    moved = sim.moved_to(wanted, call.world.clock.wall())
    call.organisation.sims.save(moved)
    here, there = catalogue.SIM_STATUSES[sim.status], catalogue.SIM_STATUSES[wanted]
    detail = None
    if reason is not None:
        statuses = {
            "from": {"id": sim.status, "description": here},
            "to": {"id": wanted, "description": there},
        }
        detail = {"transition": {"sim": {"status": statuses}, "reason": reason}}
    call.record(
        _EVENT_OF_STATUS[wanted],
        f"Status of SIM changed from '{here}' to '{there}'",
        sim=moved,
        detail=detail,
    )
    return moved


def list_statuses(call: Call) -> Reply:
    """Answer the SIM statuses."""
    return Reply(body=catalogue.everything(catalogue.SIM_STATUSES))


HANDLERS: Mapping[str, Handler] = {
    "sims.list": list_sims,
    "sims.get": get_sim,
    "sims.update": update_sim,
    "sims.list_statuses": list_statuses,
}
