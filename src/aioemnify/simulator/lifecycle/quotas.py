"""Quotas: usage, warnings, exhaustion, daily refill and expiry; and the end of Factory Test."""

from __future__ import annotations

from typing import Any

from aioemnify.simulator.answers.fleet_bodies import event_endpoint
from aioemnify.simulator.lifecycle.event_context import EventContext
from aioemnify.simulator.lifecycle.sim import ChangeContext, move_sim
from aioemnify.simulator.platform.dates import DAY_SECONDS, day_start
from aioemnify.simulator.state.fleet import ACTIVATED, FACTORY_TEST, EndpointState
from aioemnify.simulator.state.records.quotas import ACTIVE, EXHAUSTED, EXPIRED, Quota
from aioemnify.simulator.usage.endpoint_usage import MEGABYTE, used, when_used

_TEST_BYTES = 100_000
_FARTHEST = 60 * DAY_SECONDS
_TICK = 1.0


def open_window(organisation: Any, endpoint: int, now: float) -> None:
    """Start a time in which an endpoint's data quota allows traffic."""
    windows = organisation.activity.windows.setdefault(endpoint, [])
    if not windows or windows[-1][1] is not None:
        windows.append((now, None))


def close_window(organisation: Any, endpoint: int, now: float) -> None:
    """End the time in which an endpoint's data quota allows traffic."""
    windows = organisation.activity.windows.get(endpoint)
    if windows and windows[-1][1] is None:
        windows[-1] = (windows[-1][0], max(now, windows[-1][0]))


def count_data(context: ChangeContext, endpoint: int) -> None:
    """Subtract the usage since the last count from a data quota."""
    organisation, now = context.organisation, context.now
    quota = organisation.activity.data_quotas.get(endpoint)
    if quota is not None and now > quota.counted:
        spent = used(context.world, organisation, endpoint, quota.counted, now)
        quota.left, quota.counted = max(0, quota.left - spent), now


def next_data_check(context: ChangeContext, endpoint: int) -> None:
    """Schedule the next event of a data quota."""
    organisation, now = context.organisation, context.now
    quota = organisation.activity.data_quotas[endpoint]
    if quota.status == EXPIRED:
        return
    times = [quota.expires]
    if quota.refill:
        times.append(day_start(now) + DAY_SECONDS)
    if quota.status == ACTIVE:
        horizon = min([*times, now + _FARTHEST])
        goals = [quota.left]
        if quota.warns_below is not None and not quota.warned:
            goals.append(quota.left - quota.warns_below)
        for goal in goals:
            when = when_used(context.world, organisation, endpoint, now, max(1, goal), horizon)
            if when is not None:
                times.append(max(now + _TICK, when + _TICK))
        times.append(now + _FARTHEST)
    quota.due = min(times)
    organisation.activity.schedule.add(quota.due, "data quota", endpoint)


def watch_data(context: EventContext, about: str) -> None:
    """Process the scheduled event of a data quota."""
    identity = int(about)
    quota = context.organisation.activity.data_quotas.get(identity)
    endpoint = context.organisation.endpoints.find(identity)
    if quota is None or endpoint is None or quota.status == EXPIRED or context.now != quota.due:
        return
    # Usage until now is subtracted before the refill at midnight.
    count_data(context, identity)
    if _expire(context, quota, endpoint, 60, "Data quota expired"):
        close_window(context.organisation, identity, context.now)
        return
    _refill(context, quota)
    _judge(context, quota, endpoint, kinds=(18, 19), name="data", unit=MEGABYTE)
    if quota.status == ACTIVE:
        open_window(context.organisation, identity, context.now)
    else:
        close_window(context.organisation, identity, context.now)
    next_data_check(context, identity)


def watch_sms(context: EventContext, about: str) -> None:
    """Process the scheduled event of an SMS quota."""
    identity = int(about)
    quota = context.organisation.activity.sms_quotas.get(identity)
    endpoint = context.organisation.endpoints.find(identity)
    if quota is None or endpoint is None or quota.status == EXPIRED or context.now != quota.due:
        return
    if _expire(context, quota, endpoint, None, "SMS quota expired"):
        return
    _refill(context, quota)
    next_sms_check(context, identity)


def next_sms_check(context: ChangeContext, endpoint: int) -> None:
    """Schedule the refill or expiry of an SMS quota."""
    quota = context.organisation.activity.sms_quotas[endpoint]
    quota.due = min([quota.expires] + ([day_start(context.now) + DAY_SECONDS] if quota.refill else []))
    context.organisation.activity.schedule.add(quota.due, "sms quota", endpoint)


def spend_sms(context: EventContext, endpoint: EndpointState) -> None:
    """Subtract one message from an SMS quota."""
    quota = context.organisation.activity.sms_quotas.get(endpoint.id)
    if quota is not None and quota.status == ACTIVE:
        quota.left, quota.counted = max(0, quota.left - 1), context.now
        _judge(context, quota, endpoint, kinds=(20, 21), name="SMS", unit=1)


def _expire(
    context: EventContext, quota: Quota, endpoint: EndpointState, kind: int | None, text: str
) -> bool:
    if context.now < quota.expires:
        return False
    quota.move(EXPIRED, context.now)
    if kind is not None:
        context.record(kind, text, endpoint=event_endpoint(endpoint))
    return True


def _refill(context: EventContext, quota: Quota) -> None:
    if quota.refill and context.now == day_start(context.now):
        quota.left, quota.warned, quota.counted = quota.volume, False, context.now
        quota.move(ACTIVE, context.now)


def _judge(
    context: EventContext,
    quota: Quota,
    endpoint: EndpointState,
    *,
    kinds: tuple[int, int],
    name: str,
    unit: int,
) -> None:
    below = quota.warns_below
    detail = {
        "quota": {
            "threshold_percentage": quota.percentage,
            "threshold_volume": None if below is None else below / unit,
            "volume": quota.left / unit,
        }
    }
    if name == "SMS":
        detail["quota"] |= {"traffic_type": {"id": 6, "description": "SMS"}}  # type: ignore[dict-item]
    about = {"endpoint": event_endpoint(endpoint), "detail": detail}
    if below is not None and quota.left <= below and not quota.warned:
        quota.warned = True
        context.record(kinds[0], f"The threshold of the {name} quota is reached", severity=1, **about)
    if quota.left <= 0 and quota.status == ACTIVE:
        quota.move(EXHAUSTED, context.now)
        context.record(kinds[1], f"The {name} quota is used up", severity=1, alert=True, **about)


def watch_factory_test(context: EventContext, about: str) -> None:
    """Activate a SIM that reached the data volume of Factory Test."""
    identity = int(about)
    organisation = context.organisation
    sim = organisation.sims.find(identity)
    since = organisation.activity.tested.get(identity)
    if sim is None or sim.status != FACTORY_TEST or since is None or sim.endpoint is None:
        return
    spent = used(context.world, organisation, sim.endpoint, since, context.now)
    if spent >= _TEST_BYTES:
        move_sim(
            context,
            sim,
            ACTIVATED,
            reason="SIM reached factory test volume.",
            description="SIM activated after factory test volume reached.",
        )
        return
    when = when_used(
        context.world, organisation, sim.endpoint, since, _TEST_BYTES, context.now + 2 * DAY_SECONDS
    )
    if when is not None:
        organisation.activity.schedule.add(max(context.now, when) + _TICK, "factory test", identity)
