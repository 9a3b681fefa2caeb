"""Changes of a SIM's status: which are allowed, and the events they record."""

from __future__ import annotations

from typing import Any, Protocol

from aioemnify.simulator.lifecycle.data_limits import watch_limit
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import not_allowed
from aioemnify.simulator.state.fleet import ACTIVATED, DELETED, FACTORY_TEST, ISSUED, SUSPENDED, SimState
from aioemnify.simulator.state.records.sms import BUFFERED
from aioemnify.simulator.state.world import Organisation, World
from aioemnify.simulator.usage.duty_spans import note_duty

_MOVES = {
    (ISSUED, ACTIVATED),
    (ISSUED, FACTORY_TEST),
    (FACTORY_TEST, ACTIVATED),
    (ACTIVATED, SUSPENDED),
    (SUSPENDED, ACTIVATED),
}
_EVENT_OF_STATUS = {ACTIVATED: 8, SUSPENDED: 9, DELETED: 10, FACTORY_TEST: 45}


class ChangeContext(Protocol):
    """The context of a change: a call, or a scheduled event."""

    @property
    def world(self) -> World:
        """Return the state."""
        ...

    @property
    def organisation(self) -> Organisation:
        """Return the organisation."""
        ...

    @property
    def now(self) -> float:
        """Return the time of the change."""
        ...

    def record(self, kind: int, description: str, **members: Any) -> None:
        """Record an event."""
        ...


def check_move(context: ChangeContext, sim: SimState, wanted: int) -> None:
    """Refuse a change of status that is not allowed.

    Raises:
        Problem: 409, the change is not allowed.
    """
    if wanted == sim.status:
        return
    plan_forbids = wanted == FACTORY_TEST and not context.world.settings.factory_test
    if plan_forbids or (sim.status, wanted) not in _MOVES:
        here, there = lookups.SIM_STATUSES[sim.status], lookups.SIM_STATUSES[wanted]
        raise not_allowed(f"Sim with id {sim.id} cannot change from {here} to {there}")


def move_sim(
    context: ChangeContext,
    sim: SimState,
    wanted: int,
    *,
    reason: str | None = None,
    description: str | None = None,
) -> SimState:
    """Change a SIM's status and record the event; do nothing if it has that status already.

    Args:
        context: the context of the change.
        sim: the present SIM.
        wanted: the new status.
        reason: the reason of an automatic change.
        description: text of the event instead of the default.
    """
    if wanted == sim.status:
        return sim
    organisation = context.organisation
    moved = sim.moved_to(wanted, context.now)
    organisation.sims.save(moved)
    organisation.activity.tested.pop(sim.id, None)
    if wanted == FACTORY_TEST:
        organisation.activity.tested[sim.id] = context.now
    update_duty(context, sim.id)
    here, there = lookups.SIM_STATUSES[sim.status], lookups.SIM_STATUSES[wanted]
    detail = None
    if reason is not None:
        statuses = {
            "from": {"id": sim.status, "description": here},
            "to": {"id": wanted, "description": there},
        }
        detail = {"transition": {"sim": {"status": statuses}, "reason": reason}}
    context.record(
        _EVENT_OF_STATUS[wanted],
        description or f"Status of SIM changed from '{here}' to '{there}'",
        sim=moved,
        detail=detail,
    )
    return moved


def delete_sim(context: ChangeContext, sim: SimState) -> None:
    """Delete a SIM that is not in an endpoint."""
    move_sim(context, sim, DELETED)
    context.organisation.sims.remove(sim.id)


def update_duty(context: ChangeContext, sim: int) -> None:
    """Record whether a SIM is on duty now, and schedule what follows."""
    organisation, schedule = context.organisation, context.organisation.activity.schedule
    if not note_duty(organisation, sim, context.now):
        return
    endpoint = organisation.activity.duty_spans.spans[sim][-1].endpoint
    watch_limit(context.world, organisation, endpoint, context.now)
    quota = organisation.activity.data_quotas.get(endpoint)
    if quota is not None:
        quota.due = context.now
        schedule.add(quota.due, "data quota", endpoint)
    if sim in organisation.activity.tested:
        schedule.add(context.now, "factory test", sim)
    for message in organisation.activity.messages.about(endpoint=endpoint):
        if message.status == BUFFERED:
            # The device is reachable again, so buffered messages are delivered.
            message.due = min(message.expires, context.now + context.world.settings.sms_seconds)
            schedule.add(message.due, "sms", message.id)
