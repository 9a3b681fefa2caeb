"""Learns from a 429: which limit refused the call, and for how long.

The answer does not name the limit. The first of these rules that fits decides:

* a wait longer than the longest documented window can only be the monthly quota;
* a window of the address that is nearly full, by the client's own count, explains any wait;
* a month that is nearly used up, by the client's own count, explains an answer without a wait;
* a row has a free slot within a second, so a longer wait is the address's, and so is every 429 of a
  path without a row;
* everything else is the path's row.
"""

from __future__ import annotations

from attrs import frozen

from aioemnify.errors import RateLimitCause
from aioemnify.transport.throttle.limits import Limit

LONGEST_WAIT = 330.0
"""Seconds: the longest documented window and a margin for clocks and networks. A longer wait can only be the
monthly quota."""

LONGEST_ROW_WAIT = 1.0
"""Seconds within which every documented row has a free slot again."""

CLOCKS_APART = 3600.0
"""Seconds by which the server's clock may differ from this machine's, at most."""

NEARLY_FULL: dict[RateLimitCause, float] = {"ip": 0.95, "quota": 0.99}
"""The used part of a limit from which it is assumed to be the one that refused."""

DEFAULT_WAIT: dict[RateLimitCause, float] = {"row": 0.2, "ip": 5.0}
"""Seconds to wait where the server does not say; for the quota it is the rest of the month."""


@frozen
class Refusal:
    """A 429: the limit it came from, the seconds to wait, and whether that limit is paused for all calls."""

    cause: RateLimitCause
    wait: float
    paused: bool


def learn(
    limits: tuple[Limit, ...], retry_after: float | None, now: float, *, month_left: float, adapt: bool
) -> Refusal:
    """Pause the limit that a 429 most likely came from, and lower its rate.

    A wait that no limit explains pauses nothing; the caller gives up.

    Args:
        limits: the limits of the call that was refused.
        retry_after: seconds that the server asks to wait; ``None`` if it does not say.
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
    nearly_full = {limit.kind for limit in limits if _is_nearly_full(limit, now)}
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


def _is_nearly_full(limit: Limit, now: float) -> bool:
    return limit.kind in NEARLY_FULL and limit.used(now) >= NEARLY_FULL[limit.kind] * limit.capacity
