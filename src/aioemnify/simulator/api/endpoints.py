"""Calls on one endpoint, and the list of endpoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aioemnify.simulator.answers.fleet_bodies import endpoint_body, endpoint_page
from aioemnify.simulator.answers.listing import (
    Criterion,
    Search,
    arrange,
    nulls_first,
)
from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.endpoint_changes import EndpointChanges, remove_endpoint
from aioemnify.simulator.api.pages import page_reply, query_of
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import Findings, Problem, not_allowed, not_found
from aioemnify.simulator.state.addresses import read_address
from aioemnify.simulator.state.fleet import HOLDS_SIM, EndpointState
from aioemnify.simulator.state.overlay_store import GONE
from aioemnify.simulator.state.world import event_time


def find_endpoint(call: Call, *, updating: bool = False) -> EndpointState:
    """Return the endpoint named in the path.

    Raises:
        Problem: 404, the organisation has no endpoint with this id; for an update with code 1401, as
            recorded.
    """
    identity = call.number("endpoint_id", "Endpoint")
    endpoint = call.organisation.endpoints.find(identity)
    if endpoint is None:
        if updating:
            raise Problem(404, 1401, f"Endpoint with Id '{identity}' not found.")
        raise not_found("Endpoint", identity)
    return endpoint


def list_endpoints(call: Call) -> Reply:
    """Return one page of the organisation's endpoints.

    Choice: ``runtime_data`` is there while the device is registered, and ``tag_assignments`` if the endpoint
        has tags.
    """
    query = query_of(call)
    organisation = call.organisation
    search = Search(organisation.endpoints)
    for criterion in query.criteria:
        _filter(call, search, criterion)
    endpoints = organisation.endpoints
    places = endpoints.remember(
        (query.criteria, query.order, organisation.sims.revision),
        lambda: arrange(search.positions(), query.order, _keys(call)),
    )
    return page_reply(
        call,
        query,
        places,
        lambda some: endpoint_page(call.world, organisation, endpoints.states(some)),
    )


def _filter(call: Call, search: Search[EndpointState], criterion: Criterion) -> None:
    match criterion.field:
        case "id":
            search.only(criterion.number())
        case "status":
            status = criterion.number()
            search.code(lambda code: code & 3 == status)
        case "sim_status":
            if criterion.value is None:
                search.code(lambda code: not code & HOLDS_SIM)
            else:
                sim_status = criterion.number()
                search.code(lambda code: bool(code & HOLDS_SIM))
                search.member("sim", lambda sim: _sim_status(call, sim) == sim_status)
        case "service_profile" | "tariff_profile" as field:
            profile = criterion.number()
            search.member(field, lambda found: found == profile)
        case "iccid" | "iccid_with_luhn" if criterion.value is None:
            search.code(lambda code: not code & HOLDS_SIM)
        case "eid" if criterion.value is None:
            search.member("sim", lambda sim: not _eid(call, sim))
        case "iccid" | "iccid_with_luhn" | "eid" as field:
            identity = call.world.numbers.candidates(field, criterion.text_value())
            sim = None if identity is None else call.organisation.sims.find(identity)
            search.only(None if sim is None else sim.endpoint)
        case "name":
            name = criterion.text_value()
            search.member("name", lambda found: found == name)
        case "imei":
            search.member("imei", lambda imei: imei == criterion.value)
        case "tags":
            search.member("tags", lambda tags: _has_tag(tags, criterion.value))
        case "ip_address":
            address = read_address(criterion.text_value())
            if address is None and criterion.value is not None:
                raise criterion.bad()
            search.member("ip", lambda ip: ip == address)
        case "created":
            born = criterion.text_value().rstrip("Z")
            search.member("created", lambda created: event_time(created).startswith(born))
        case "last_updated":
            changed = criterion.text_value().rstrip("Z")
            search.member("updated", lambda updated: event_time(updated).startswith(changed))
        case _:
            raise criterion.bad()


def _has_tag(tags: str | None, wanted: str | None) -> bool:
    if wanted is None or tags is None:
        return wanted is None and not tags
    return wanted == tags or wanted in [tag.strip() for tag in tags.split(",")]


def _eid(call: Call, sim: int | None) -> str:
    """Return the EID of the SIM of an endpoint, empty if it has none."""
    return (None if sim is None else call.world.numbers.eid(sim)) or ""


def _sim_status(call: Call, sim: int) -> int | None:
    sims = call.organisation.sims
    place = sims.position(sim)
    return None if place is None or sims.column()[place] == GONE else sims.column()[place] & 7


def _keys(call: Call) -> Mapping[str, Callable[[int], Any] | None]:
    endpoints = call.organisation.endpoints
    sim = endpoints.reader("sim")
    return {
        "id": None,
        "status": lambda place: endpoints.column()[place] & 3,
        "last_updated": endpoints.reader("updated"),
        "created": endpoints.reader("created"),
        "name": endpoints.reader("name"),
        "tags": lambda place: nulls_first(endpoints.at(place).tags),
        "ip_address": endpoints.reader("ip"),
        "imei": lambda place: nulls_first(endpoints.at(place).imei),
        "eid": lambda place: _eid(call, sim(place)),
        "service_profile": endpoints.reader("service_profile"),
        "tariff_profile": endpoints.reader("tariff_profile"),
    }


def get_endpoint(call: Call) -> Reply:
    """Return one endpoint."""
    return Reply(body=endpoint_body(call.world, call.organisation, find_endpoint(call)))


def create_endpoint(call: Call) -> Reply:
    """Create an endpoint: 201 with ``Location``, and a body only if the settings say so."""
    planner = EndpointChanges(call, status_code=422)
    planner.create(call.body)
    (endpoint,) = planner.carry_out()
    path = f"/api/v1/endpoint/{endpoint.id}"
    if call.world.settings.endpoint_create_body:
        return call.created(path, endpoint_body(call.world, call.organisation, endpoint))
    return call.created(path, content_type="application/json")


def update_endpoint(call: Call) -> Reply:
    """Change the members in the body."""
    planner = EndpointChanges(call, Findings("Endpoint", updates_endpoint=True))
    planner.update(find_endpoint(call, updating=True), call.body)
    planner.carry_out()
    return NO_CONTENT


def delete_endpoint(call: Call) -> Reply:
    """Delete an endpoint.

    Raises:
        Problem: 409, it still has a SIM.
    """
    endpoint = find_endpoint(call)
    if endpoint.sim is not None:
        raise not_allowed(f"Endpoint with id {endpoint.id} still has SIM {endpoint.sim} assigned")
    remove_endpoint(call, endpoint)
    return NO_CONTENT


def list_statuses(call: Call) -> Reply:
    """Return the endpoint statuses."""
    return Reply(body=lookups.everything(lookups.ENDPOINT_STATUSES))


HANDLERS: Mapping[str, Handler] = {
    "endpoints.list": list_endpoints,
    "endpoints.get": get_endpoint,
    "endpoints.create": create_endpoint,
    "endpoints.update": update_endpoint,
    "endpoints.delete": delete_endpoint,
    "endpoints.list_statuses": list_statuses,
}
