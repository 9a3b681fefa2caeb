"""Calls on many endpoints at once. Each call checks all of its items before it changes any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aioemnify.simulator.answers.fleet_bodies import endpoint_body
from aioemnify.simulator.api.call import NO_CONTENT, Call, Handler, Reply
from aioemnify.simulator.api.endpoint_changes import EndpointChanges, release_sim, remove_endpoint
from aioemnify.simulator.platform.errors import Findings, bad_request, not_found
from aioemnify.simulator.state.fleet import EndpointState

MAXIMUM = 2000

_ITEM = ("name", "tags", "imei", "imei_lock", "sim", "ip_address")
"""What each new endpoint has of its own; the check of the body knows no other members of an item."""


def _check_size(items: Sequence[Any], name: str) -> None:
    findings = Findings("Endpoint")
    if not 1 <= len(items) <= MAXIMUM:
        findings.out_of_range(name)
    findings.check()


def create_many(call: Call) -> Reply:
    """Create endpoints that share profiles and status.

    Choice: other members of an item, which are not documented, are ignored.
    """
    body: Mapping[str, Any] = call.body
    items: Sequence[Mapping[str, Any]] = body["endpoints"]
    _check_size(items, "endpoints")
    shared = {name: value for name, value in body.items() if name != "endpoints"}
    planner = EndpointChanges(call)
    for index, item in enumerate(items):
        own = {name: item[name] for name in _ITEM if name in item}
        planner.create({**shared, **own}, prefix=f"endpoints.{index}.")
    made = planner.carry_out()
    bodies = [endpoint_body(call.world, call.organisation, endpoint) for endpoint in made]
    return Reply(status=201, body=bodies)


def _find_all(call: Call, items: Sequence[Mapping[str, Any]]) -> list[EndpointState]:
    found: list[EndpointState] = []
    for item in items:
        endpoint = call.organisation.endpoints.find(item["id"]) if item["id"] is not None else None
        if endpoint is None:
            raise not_found("Endpoint", item["id"])
        found.append(endpoint)
    if len({endpoint.id for endpoint in found}) < len(found):
        raise bad_request("An endpoint is named twice")
    return found


def update_many(call: Call) -> Reply:
    """Change several endpoints, each with its own members."""
    items: Sequence[Mapping[str, Any]] = call.body
    _check_size(items, "body")
    planner = EndpointChanges(call)
    for index, endpoint in enumerate(_find_all(call, items)):
        planner.update(endpoint, items[index], prefix=f"{index}.")
    planner.carry_out()
    return NO_CONTENT


def delete_many(call: Call) -> Reply:
    """Delete endpoints; their SIMs are released and suspended, or deleted with ``delete_sims``."""
    items: Sequence[Mapping[str, Any]] = call.body
    _check_size(items, "body")
    text = call.params.get("delete_sims", "false").lower()
    if text not in ("true", "false", "1", "0"):
        raise bad_request(f'Cannot parse parameter delete_sims as Boolean: For input string: "{text}"')
    for endpoint in _find_all(call, items):
        release_sim(call, endpoint, suspend=True, delete=text in ("true", "1"))
        remove_endpoint(call, endpoint)
    return NO_CONTENT


HANDLERS: Mapping[str, Handler] = {
    "endpoints.create_bulk": create_many,
    "endpoints.update_bulk": update_many,
    "endpoints.delete_bulk": delete_many,
}
