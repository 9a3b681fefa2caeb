"""Calls on many objects at once: whether one bad item undoes the rest of its call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve

from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.platform.errors import Problem

_MOST_AT_ONCE = 2000

_LISTS: Mapping[str, tuple[str, ...]] = {
    "endpoints.create_bulk": ("endpoints",),
    "endpoints.update_bulk": (),
    "endpoints.delete_bulk": (),
    "euiccs.schedule_operations": (),
    "sims.delete_bulk": (),
    "sims.migrate_workspace": ("sims", "iccids"),
    "tags.assign_bulk": ("items",),
    "tags.delete_bulk": ("tags",),
    "tags.unassign_bulk": ("items",),
}
"""The members of the body that can hold the items; where there is none, the body is the list."""


def handle_bulk(handler: Handler, call: Call) -> Reply:
    """Call a handler, and keep what the good items of a refused bulk call do if the settings say so.

    Choice: one bad item undoes the rest of its call on every bulk route; without ``bulk_rollback`` the other
        items take effect, and the call gets the same error. A call with too many items has no effect.
        Operations on many SIMs (``sim_operations.create``) check their targets one by one in any case.
    """
    members = _LISTS.get(call.operation.id)
    if members is None or call.world.settings.bulk_rollback:
        return handler(call)
    try:
        return handler(call)
    except Problem:
        for single in _singles(call, members):
            try:
                handler(single)
            except Problem:
                continue
        raise


def _singles(call: Call, members: Sequence[str]) -> list[Call]:
    """Return a call for each item; none if there are too many of them."""
    member = next((name for name in members if name in call.body), None)
    if members and member is None:
        return []
    items: Sequence[Any] = call.body if member is None else call.body[member]
    if len(items) > _MOST_AT_ONCE:
        return []
    return [evolve(call, body=[item] if member is None else {**call.body, member: [item]}) for item in items]
