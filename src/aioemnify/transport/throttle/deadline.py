"""What a call is told that finds no place at once: how long it waits, or that waiting is no use."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf
from operator import itemgetter

from aioemnify.clock import Clock
from aioemnify.errors import QuotaExhaustedError, ThrottleError
from aioemnify.options import Priority, Wait
from aioemnify.transport.throttle.adaptive import CLOCKS_APART
from aioemnify.transport.throttle.limits import SLACK, Limit
from aioemnify.transport.throttle.windows import next_month


def refuse_hopeless(
    limits: tuple[Limit, ...], clock: Clock, now: float, ahead: int, deadline: float, operation: str | None
) -> None:
    """Refuse a call that need not wait.

    Args:
        limits: the limits of the call.
        clock: tells the date on which the month's quota comes back.
        now: the present moment.
        ahead: how many surely get their places before it.
        deadline: the moment after which nobody has a use for the call.
        operation: the operation's id, for the errors.

    Raises:
        QuotaExhaustedError: its month is used up.
        ThrottleError: its deadline has passed, or is nearer than its place can be.
    """
    for limit in limits:
        if limit.kind == "quota" and (wait := limit.soonest(now, ahead) - now) > SLACK:
            raise _out_of_quota(limit, clock, now, wait, operation)
    if deadline == inf:
        return
    if now >= deadline:
        limit = max(limits, key=lambda limit: limit.ready(now))
        raise ThrottleError(
            f"{operation or 'the call'} was not sent: its deadline passed before it had a place under "
            f"the limit {limit.name!r}",
            wait=limit.soonest(now, ahead) - now,
            limit=limit.name,
            operation=operation,
        )
    soonest, limit = max(((limit.soonest(now, ahead), limit) for limit in limits), key=itemgetter(0))
    if soonest > deadline:
        raise ThrottleError(
            f"{operation or 'the call'} was not sent: a place under the limit {limit.name!r} is "
            f"{soonest - now:.3f} s away at least, and the deadline is in {deadline - now:.3f} s",
            wait=soonest - now,
            limit=limit.name,
            operation=operation,
        )


def _out_of_quota(
    quota: Limit, clock: Clock, now: float, wait: float, operation: str | None
) -> QuotaExhaustedError:
    counted = quota.used(now) >= quota.capacity
    reason = "are used up by the count kept here" if counted else "are used up, as the server has said"
    return QuotaExhaustedError(
        cause="quota",
        retry_after=wait,
        resets_at=reset_date(clock.wall(), wait),
        sent=False,
        operation=operation,
        message=f"the {quota.capacity:,.0f} calls that the organisation has in a month {reason}",
    )


def reset_date(wall: float, wait: float) -> datetime:
    """Return the date on which the month's quota is free again, when that is ``wait`` seconds away."""
    first, told = next_month(wall), wall + wait
    # Clocks disagree a little; the reset is at midnight all the same.
    return first if abs(first.timestamp() - told) <= CLOCKS_APART else datetime.fromtimestamp(told, UTC)


def announce(
    limits: tuple[Limit, ...], now: float, ahead: int, operation: str | None, priority: Priority
) -> Wait:
    """Return what a call's hook is told before it waits, with ``ahead`` others before it."""
    moments = [(limit.soonest(now, ahead), limit.ready(now), limit) for limit in limits]
    soonest, _, limit = max(moments, key=lambda item: item[:2])
    return Wait(
        operation=operation,
        limit=limit.name,
        seconds=max(0.0, soonest - now),
        priority=priority,
        position=ahead,
    )
