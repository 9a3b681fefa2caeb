"""Tells a call that has to wait for how long, or rejects it if waiting is pointless."""

from __future__ import annotations

from datetime import datetime
from math import inf
from operator import itemgetter

from aioemnify.clock import Clock, date_of, next_month
from aioemnify.errors import QuotaExhaustedError, ThrottleError
from aioemnify.options import Priority, Wait
from aioemnify.transport.throttle.limits import SLACK, Limit
from aioemnify.transport.throttle.too_many_requests import CLOCKS_APART


def reject_hopeless(
    limits: tuple[Limit, ...], clock: Clock, now: float, ahead: int, deadline: float, operation: str | None
) -> None:
    """Reject a call that would wait for nothing.

    Args:
        limits: the limits of the call.
        clock: the source of the date on which the quota is reset.
        now: the present moment.
        ahead: how many calls are certain to go before it.
        deadline: the monotonic moment after which the call is useless.
        operation: the operation's id, for the errors.

    Raises:
        QuotaExhaustedError: its month is used up.
        ThrottleError: its deadline has passed, or comes before it can be admitted.
    """
    for limit in limits:
        if limit.kind == "quota" and (wait := limit.soonest(now, ahead) - now) > SLACK:
            raise _out_of_quota(limit, clock, now, wait, operation)
    if deadline == inf:
        return
    if now >= deadline:
        limit = max(limits, key=lambda limit: limit.ready(now))
        wait = limit.soonest(now, ahead) - now
        why = f"its deadline passed while it waited for the limit {limit.name!r}"
    else:
        soonest, limit = max(((limit.soonest(now, ahead), limit) for limit in limits), key=itemgetter(0))
        if soonest <= deadline:
            return
        wait = soonest - now
        why = (
            f"the limit {limit.name!r} has no room for at least {wait:.3f} s, "
            f"and the deadline is in {deadline - now:.3f} s"
        )
    text = f"{operation or 'the call'} was not sent: {why}"
    raise ThrottleError(text, wait=wait, limit=limit.name, operation=operation)


def _out_of_quota(
    quota: Limit, clock: Clock, now: float, wait: float, operation: str | None
) -> QuotaExhaustedError:
    counted = quota.used(now) >= quota.capacity
    source = "by this client's count" if counted else "as the server said"
    return QuotaExhaustedError(
        cause="quota",
        retry_after=wait,
        resets_at=reset_date(clock.wall(), wait),
        sent=False,
        operation=operation,
        message=f"the organisation's monthly quota of {quota.capacity:,.0f} calls is used up, {source}",
    )


def reset_date(wall: float, wait: float) -> datetime:
    """Return the date on which the month's quota is free again, when that is ``wait`` seconds away."""
    first, named = next_month(wall), wall + wait
    # Clocks differ a little, and a doubtful answer is tried again sooner; the reset is at midnight anyway.
    return first if named - first.timestamp() <= CLOCKS_APART else date_of(named)


def describe_wait(
    limits: tuple[Limit, ...], now: float, ahead: int, operation: str | None, priority: Priority
) -> Wait:
    """Return what the hook of a call gets before the call waits behind ``ahead`` others."""
    moments = [(limit.soonest(now, ahead), limit.ready(now), limit) for limit in limits]
    soonest, _, limit = max(moments, key=lambda item: item[:2])
    return Wait(
        operation=operation,
        limit=limit.name,
        kind=limit.kind,
        seconds=max(0.0, soonest - now),
        priority=priority,
        position=ahead,
    )
