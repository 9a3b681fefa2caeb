"""Learns from a 429: which limit refused the call, and for how long.

The answer does not name the limit. The first of these rules that fits decides:

* a wait longer than the longest documented window, which ends with the month, is the monthly quota;
* a window of the address that is nearly full, by the client's own count, explains any wait;
* a month that is nearly used up, by the client's own count, explains an answer without a wait;
* a row has a free slot within a second, so a longer wait is the address's, and so is every 429 of a
  path without a row;
* everything else is the path's row.

A gateway may ask for any wait, and a clock may be wrong. So a limit is paused for long only where the wait
and the client's own count agree. Any other long pause ends after a minute: then one call probes.
"""

from __future__ import annotations

from collections.abc import Container

from attrs import frozen

from aioemnify.errors import RateLimitCause
from aioemnify.transport.throttle.limits import Limit

LONGEST_WAIT = 330.0
"""Seconds: the longest documented window and a margin for clocks and networks. No limit but the monthly quota
explains a longer wait."""

DOUBTFUL_WAIT = 60.0
"""Seconds that a limit is paused at most for a reason that the client's own count does not confirm."""

LONGEST_ROW_WAIT = 1.0
"""Seconds within which every documented row has a free slot again."""

CLOCKS_APART = 3600.0
"""Seconds by which the server's clock may differ from this machine's, at most."""

NEARLY_FULL: dict[RateLimitCause, float] = {"ip": 0.95, "quota": 0.99}
"""The used part of a limit from which it is assumed to be the one that refused."""

FAR_FROM_FULL = 0.5
"""The used part of the month's quota, by the client's own count, below which one call probes it before it is
believed to be used up. Other processes and earlier ones have used it too."""

DEFAULT_WAIT: dict[RateLimitCause, float] = {"row": 0.2, "ip": 5.0}
"""Seconds to wait where the server does not say; for the quota it is the rest of the month."""


@frozen
class Refusal:
    """A 429: the kind of limit it came from, and for how long calls wait.

    ``wait`` is what the server asks for, in seconds, and ``pause`` for how long the client waits. ``limit``
    is paused for all calls; ``None`` if this client keeps no such limit. ``doubtful`` says that the pause
    was cut short and one call has to probe.
    """

    cause: RateLimitCause
    wait: float
    pause: float
    limit: Limit | None = None
    doubtful: bool = False


def learn(
    limits: tuple[Limit, ...],
    retry_after: float | None,
    now: float,
    *,
    month_left: float,
    adapt: bool,
    probed: Container[Limit] = (),
) -> Refusal:
    """Pause the limit that a 429 most likely came from, and lower its rate.

    Args:
        limits: the limits of the call that was refused.
        retry_after: seconds that the server asks to wait; ``None`` if it does not say.
        now: the present moment.
        month_left: seconds to the next reset of the quota.
        adapt: whether to lower the rate.
        probed: limits for which the call may have been a probe: what it heard is confirmed.
    """
    cause = _blame(limits, retry_after, now, month_left)
    wait = retry_after or DEFAULT_WAIT.get(cause, month_left)
    suspects = [limit for limit in limits if limit.kind == cause]
    if not suspects:
        return Refusal(cause, wait, wait)
    # Of two windows only the fuller one can have refused; on a tie, the smaller.
    blamed = max(suspects, key=lambda x: (x.used(now) / x.capacity, -x.capacity))
    blamed.refused += 1
    if adapt:
        blamed.lower(now)
    confirmed = blamed in probed or blamed.used(now) >= FAR_FROM_FULL * blamed.capacity
    doubtful = wait > LONGEST_WAIT and not (cause == "quota" and confirmed)
    pause = DOUBTFUL_WAIT if doubtful else wait
    blamed.pause(now, now + pause)
    return Refusal(cause, wait, pause, blamed, doubtful)


def _blame(
    limits: tuple[Limit, ...], retry_after: float | None, now: float, month_left: float
) -> RateLimitCause:
    """Return which limit a 429 most likely came from, by the rule above."""
    kept = {limit.kind for limit in limits} & {"row", "ip", "quota"}
    nearly_full = {limit.kind for limit in limits if _is_nearly_full(limit, now)}
    wait = retry_after or 0.0
    ends_with_month = abs(wait - month_left) <= min(CLOCKS_APART, month_left / 2)
    # Where no limits are kept, the wait is all there is to judge by.
    if ends_with_month and wait > LONGEST_WAIT and ("quota" in kept or not kept):
        return "quota"
    if "ip" in nearly_full:
        return "ip"
    if "quota" in nearly_full and (retry_after is None or ends_with_month):
        return "quota"
    if "row" not in kept:
        return "ip"
    return "ip" if wait > LONGEST_ROW_WAIT and "ip" in kept else "row"


def _is_nearly_full(limit: Limit, now: float) -> bool:
    return limit.kind in NEARLY_FULL and limit.used(now) >= NEARLY_FULL[limit.kind] * limit.capacity
