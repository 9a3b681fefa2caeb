"""The tags of one endpoint."""

from __future__ import annotations

from collections.abc import Mapping

from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.api.endpoints import find_endpoint
from aioemnify.simulator.platform.errors import Findings, duplicated, not_found


def list_tags(call: Call) -> Reply:
    """Return the tags of an endpoint in the order in which they were assigned."""
    return Reply(body=[tag.body() for tag in call.organisation.tags.of(find_endpoint(call).id)])


def assign_tag(call: Call) -> Reply:
    """Assign a tag to an endpoint.

    Raises:
        Problem: 404 unknown endpoint, 422 unknown tag, 409 the endpoint has the tag already.
    """
    endpoint, identity = find_endpoint(call), call.body["id"]
    findings = Findings("Endpoint")
    if identity not in call.organisation.tags.tags:
        findings.dangling("Tag", identity)
    findings.check()
    if not call.organisation.tags.put_on(endpoint.id, identity):
        raise duplicated(f"Tag with id {identity} is already assigned to endpoint {endpoint.id}")
    return call.created(f"/api/v2/endpoint/{endpoint.id}/tags/{identity}")


def unassign_tag(call: Call) -> Reply:
    """Remove a tag from an endpoint; 404 if it does not have the tag."""
    endpoint, identity = find_endpoint(call), call.number("tag_id", "Tag")
    if not call.organisation.tags.take_off(endpoint.id, identity):
        raise not_found("Tag", identity)
    return Reply()


HANDLERS: Mapping[str, Handler] = {
    "endpoints.list_tags": list_tags,
    "endpoints.assign_tag": assign_tag,
    "endpoints.unassign_tag": unassign_tag,
}
