"""SIM calls: list, read, change the status."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aioemnify.simulator.answers.fleet_bodies import sim_body, sim_page
from aioemnify.simulator.answers.listing import (
    Criterion,
    Search,
    arrange,
    sort_key,
)
from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.pages import page_reply, query_of
from aioemnify.simulator.lifecycle.sim import check_move, delete_sim, move_sim
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import Findings, bad_request, forbidden, not_allowed, not_found
from aioemnify.simulator.state.fleet import HAS_EUICC, IN_ENDPOINT, SimState
from aioemnify.simulator.state.world import event_time

_MOST_AT_ONCE = 2000


def list_sims(call: Call) -> Reply:
    """Return one page of the organisation's SIMs."""
    query = query_of(call)
    sims = call.organisation.sims
    search = Search(sims)
    for criterion in query.criteria:
        _filter(call, search, criterion)
    places = sims.remember(
        (query.criteria, query.order, call.organisation.endpoints.revision),
        lambda: arrange(search.positions(), query.order, _keys(call)),
    )
    return page_reply(
        call,
        query,
        places,
        lambda some: sim_page(call.world, call.organisation, sims.states(some)),
    )


def _filter(call: Call, search: Search[SimState], criterion: Criterion) -> None:
    match criterion.field:
        case "id":
            search.only(criterion.number())
        case "eid" if criterion.value is None:
            search.code(lambda code: not code & HAS_EUICC)
        case "iccid" | "iccid_with_luhn" | "imsi" | "msisdn" | "eid":
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
            search.member("produced", lambda produced: event_time(produced).startswith(prefix.rstrip("Z")))
        case "satellite_capable":
            _constant(search, not criterion.truth())
        case "model":
            model, esim = criterion.number(), lookups.ESIM_MODEL["id"]
            known = (lookups.SIM_MODEL["id"], esim)
            search.code(lambda code: model in known and bool(code & HAS_EUICC) == (model == esim))
        case "issuer_org":
            _constant(search, criterion.number() == lookups.ISSUER_ORG["id"])
        case "customer_org":
            _constant(search, criterion.number() == call.organisation.id)
        case "reseller_org":  # no simulated SIM has one
            _constant(search, criterion.value is None)
        case _:
            raise criterion.bad()


def _constant(search: Search[SimState], truth: bool) -> None:
    if not truth:
        search.only(None)


def _keys(call: Call) -> Mapping[str, Callable[[int], Any] | None]:
    sims, numbers = call.organisation.sims, call.world.numbers
    endpoint = sims.reader("endpoint")
    return {
        "id": None,
        "iccid": sort_key(numbers, "iccid", sims),
        "production_date": sims.reader("produced"),
        "status": lambda place: sims.column()[place] & 7,
        "endpoint": lambda place: endpoint(place) or 0,
        "issuer_org": _same,
        "reseller_org": _same,
        "customer_org": _same,
        "eid": lambda place: (
            (numbers.eid(sims.at(place).id) or "") if sims.column()[place] & HAS_EUICC else ""
        ),
        "model": lambda place: sims.column()[place] & HAS_EUICC,
    }


def _same(place: int) -> int:
    return 0


def find_sim(call: Call) -> SimState:
    """Return the SIM named in the path.

    Raises:
        Problem: 404, the organisation has no object with this id.
    """
    identity = call.number("sim_id", "Sim")
    sim = call.organisation.sims.find(identity)
    if sim is None:
        raise not_found("Sim", identity)
    return sim


def get_sim(call: Call) -> Reply:
    """Return one SIM."""
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
        Problem: 422, the status does not exist.
    """
    identity = findings.reference("SimStatus", status, lookups.SIM_STATUSES)
    findings.check()
    assert identity is not None
    return identity


def delete(call: Call) -> Reply:
    """Delete a SIM.

    Choice: a deleted SIM is in no list and gets 404, but its events stay.

    Raises:
        Problem: 409, it is assigned to an endpoint.
    """
    sim = find_sim(call)
    _check_free(sim)
    delete_sim(call, sim)
    return NO_CONTENT


def _check_free(sim: SimState) -> None:
    if sim.endpoint is not None:
        raise not_allowed(f"Sim with id {sim.id} is assigned to endpoint {sim.endpoint}")


def delete_bulk(call: Call) -> Reply:
    """Delete SIMs: all or none.

    Choice: at most 2000 SIMs at once, as for endpoints; a SIM that is named twice gets 400.
    """
    items: Sequence[Mapping[str, Any]] = call.body
    findings = Findings("Sim")
    if not 1 <= len(items) <= _MOST_AT_ONCE:
        findings.out_of_range("body")
    findings.check()
    found = []
    for item in items:
        sim = None if item["id"] is None else call.organisation.sims.find(item["id"])
        if sim is None:
            raise not_found("Sim", item["id"])
        found.append(sim)
    if len({sim.id for sim in found}) < len(found):
        raise bad_request("A SIM is named twice")
    for sim in found:
        _check_free(sim)
    for sim in found:
        delete_sim(call, sim)
    return NO_CONTENT


def list_statuses(call: Call) -> Reply:
    """Return the SIM statuses."""
    return Reply(body=lookups.everything(lookups.SIM_STATUSES))


HANDLERS: Mapping[str, Handler] = {
    "sims.list": list_sims,
    "sims.get": get_sim,
    "sims.update": update_sim,
    "sims.delete": delete,
    "sims.delete_bulk": delete_bulk,
    "sims.list_statuses": list_statuses,
}
