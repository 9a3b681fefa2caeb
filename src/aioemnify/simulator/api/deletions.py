"""Deleted objects: respond with 410 instead of 404, depending on the settings."""

from __future__ import annotations

from aioemnify.simulator.api.bulk import handle_bulk
from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.platform.errors import Problem


def handle(handler: Handler, call: Call) -> Reply:
    """Call a handler, and respond with 410 instead of 404 for deleted objects if the settings say so.

    Choice: deleted objects get 404 like unknown ones; with the setting ``deleted_status`` they get 410, and
        so does every path below them, until an attached sub-object is assigned again.
    """
    if call.principal is None or call.world.settings.deleted_status == 404:
        return handle_bulk(handler, call)
    deleted = call.organisation.deleted
    try:
        reply = handle_bulk(handler, call)
    except Problem as problem:
        if problem.status != 404 or not any(place in deleted for place in _upwards(call.path)):
            raise
        raise Problem(410, problem.code, problem.message) from None
    if call.operation.method == "DELETE" and call.operation.path.endswith("}"):
        deleted.add(call.path)
    else:
        deleted.discard(call.path)
    return reply


def _upwards(path: str) -> list[str]:
    """Return a path and all its parents."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts), 1, -1)]
