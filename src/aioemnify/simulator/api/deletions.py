"""What was deleted: an installation may say of it that it is gone, rather than that it never was."""

from __future__ import annotations

from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.platform.errors import Problem


def handle(handler: Handler, call: Call) -> Reply:
    """Let a handler answer, and say 410 in place of 404 for what was deleted, where that is set.

    Choice: what was deleted answers 404 like what never was; with the setting ``deleted_status`` it
        answers 410 from then on, with everything below it, until an attached sub-object comes back.
    """
    if call.principal is None or call.world.settings.deleted_status == 404:
        return handler(call)
    deleted = call.organisation.deleted
    try:
        reply = handler(call)
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
    """Return a path and all paths above it."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts), 1, -1)]
