"""What a 429 teaches: which limit it came from, and how long that takes.

The answer does not say which limit refused. In this order:

* a wait beyond the longest documented window can only be the month's quota;
* a window of the address that is nearly full by the own count explains any wait;
* a month that is nearly used up by the own count explains an answer that names no wait at all;
* a row is free again within a second, so a longer wait is the address's, and so is every refusal
  of a path without a row;
* all else is the path's row.
"""

from __future__ import annotations

from attrs import frozen

from aioemnify.errors import RateLimitCause
from aioemnify.transport.throttle.limits import Limit

LONGEST_WAIT = 330.0
"""Seconds. The longest documented window is five minutes; with a margin for clocks and networks, a
longer wait can only be the month."""

LONGEST_ROW_WAIT = 1.0
"""Seconds within which every documented row has a place again."""

CLOCKS_APART = 3600.0
"""Seconds by which the server's clock may differ from this machine's, at the most."""

NEARLY_FULL: dict[RateLimitCause, float] = {"ip": 0.95, "quota": 0.99}
"""The part of a limit from which on it may well be the one that refused."""

DEFAULT_WAIT: dict[RateLimitCause, float] = {"row": 0.2, "ip": 5.0}
"""Seconds to wait where the server does not say; for the quota it is the rest of the month."""


@frozen
class Refusal:
    """Where a 429 came from, seconds to wait, and whether a limit now waits for all."""

    cause: RateLimitCause
    wait: float
    paused: bool


def learn(
    limits: tuple[Limit, ...], retry_after: float | None, now: float, *, month_left: float, adapt: bool
) -> Refusal:
    """Pause the limit that a 429 most likely came from, and lower its rate.

    A wait beyond what any limit explains pauses nothing: it is the caller's to give up on.

    Args:
        limits: the limits of the call that was refused.
        retry_after: the seconds the server asks to wait, if it does.
        now: the present moment.
        month_left: seconds to the next reset of the quota. No pause of it lasts longer, whatever the
            answer says.
        adapt: whether to lower the rate.
    """
    cause = _blame(limits, retry_after, now)
    wait = retry_after or DEFAULT_WAIT.get(cause, month_left)
    if cause == "quota" and wait > month_left + CLOCKS_APART:
        wait = month_left
    suspects = [limit for limit in limits if limit.kind == cause]
    if not suspects or (cause != "quota" and wait > LONGEST_WAIT):
        return Refusal(cause, wait, paused=False)
    # Of two windows only the fuller one can have refused; on a tie, the smaller.
    blamed = max(suspects, key=lambda x: (x.used(now) / x.capacity, -x.capacity))
    blamed.refused += 1
    if adapt:
        blamed.lower(now)
    blamed.pause(now, now + wait)
    return Refusal(cause, wait, paused=True)


def _blame(limits: tuple[Limit, ...], retry_after: float | None, now: float) -> RateLimitCause:
    """Return which limit a 429 most likely came from, by the rule above."""
    kept = {limit.kind for limit in limits} & {"row", "ip", "quota"}
    nearly_full = {
        limit.kind
        for limit in limits
        if limit.kind in NEARLY_FULL and limit.used(now) >= NEARLY_FULL[limit.kind] * limit.capacity
    }
    wait = retry_after or 0.0
    # Where no limits are kept, the wait is all there is to judge by.
    if wait > LONGEST_WAIT and ("quota" in kept or not kept):
        return "quota"
    if "ip" in nearly_full:
        return "ip"
    if "quota" in nearly_full and retry_after is None:
        return "quota"
    if "row" not in kept:
        return "ip"
    return "ip" if wait > LONGEST_ROW_WAIT and "ip" in kept else "row"
