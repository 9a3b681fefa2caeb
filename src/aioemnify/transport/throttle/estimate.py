"""How long a number of calls would take, from how the limits stand now."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow


def forecast(
    limits: tuple[Limit, ...],
    now: float,
    ahead: Mapping[Limit, int],
    calls: int,
    exchange: float | None,
) -> tuple[float, Limit | None]:
    """Return when the last of ``calls`` is done, and the limit that decides it.

    Args:
        limits: the limits of each call.
        now: the moment they start to wait.
        ahead: for each limit, the calls that wait already and go before.
        calls: how many, at least 1.
        exchange: seconds from a place to the answer, where known.
    """
    moments: list[tuple[float, Limit]] = []
    after = exchange or 0.0
    paced = [limit for limit in limits if isinstance(limit, (TokenBucket, SlidingWindow))]
    joint = _last_place(paced, now, ahead, calls) if len(paced) > 1 else now
    for limit in limits:
        if isinstance(limit, ConcurrencyLimit):
            if exchange is not None:
                turns = ahead[limit] + calls + limit.used(now)
                moments.append((now + max(exchange, turns * exchange / limit.size), limit))
        elif isinstance(limit, MonthlyQuota):
            moments.append((_last_month(limit, now, ahead[limit] + calls) + after, limit))
        else:
            moments.append((limit.soonest(now, ahead[limit] + calls - 1) + after, limit))
    moment, decisive = max(moments, key=lambda item: item[0], default=(now, None))
    moment = max(moment, joint + after)
    return moment, decisive if moment > now + after else None


def _last_month(quota: MonthlyQuota, now: float, calls: int) -> float:
    """Return when the month begins that has room for the last of so many calls."""
    months = int((quota.used(now) + calls - 1) // quota.count)
    moment = max(now, quota.paused_until)
    for _ in range(min(months, 1200)):
        moment = quota.after(moment)
    return moment


def _last_place(
    limits: list[TokenBucket | SlidingWindow], now: float, ahead: Mapping[Limit, int], calls: int
) -> float:
    """Return when the last call gets its place under several limits at once.

    A bucket spreads calls, and so they leave the windows spread: neither limit alone tells. Goes
    through the places one by one where a window is used up; once every place of the first
    windowful has been given again, all repeats.
    """
    buckets = [limit for limit in limits if isinstance(limit, TokenBucket)]
    windows = [limit for limit in limits if isinstance(limit, SlidingWindow)]
    own = min(ahead[limit] for limit in limits)
    total = own + calls
    start = max(now, *(limit.paused_until for limit in limits))
    binding = [window for window in windows if window.used(now) + ahead[window] - own + total > window.count]
    if not binding:
        return max((_after_pause(bucket, now, start, total) for bucket in buckets), default=start)
    period = max(window.count for window in binding)
    rounds = max(0, (total - period - 1) // period)
    steps = total - rounds * period
    slots = [_slots(window, now, ahead[window] - own) for window in binding]
    levels = [[bucket.used(now), now] for bucket in buckets]
    moment = start
    for _ in range(steps):
        for queue in slots:
            if queue[0] > moment:
                moment = queue[0]
            queue.popleft()
        for level, bucket in zip(levels, buckets, strict=True):
            left = max(0.0, level[0] - bucket.rate_now(now) * (moment - level[1]))
            if left > bucket.burst - 1:
                moment += (left - (bucket.burst - 1)) / bucket.rate_now(now)
                left = bucket.burst - 1
            level[0], level[1] = left + 1, moment
        for queue, window in zip(slots, binding, strict=True):
            queue.append(moment + window.seconds)
    # Each further windowful comes a window later; where a bucket is slower, it alone decides in the end.
    moment += rounds * max(window.seconds for window in binding if window.count == period)
    return max(moment, *(_after_pause(bucket, now, start, total) for bucket in buckets), start)


def _after_pause(bucket: TokenBucket, now: float, start: float, calls: int) -> float:
    """Return when the last of so many calls gets its place in a bucket that leaks until ``start``."""
    rate = bucket.rate_now(now)
    level = max(0.0, bucket.used(now) - rate * (start - now))
    return start + max(0.0, (level + calls - bucket.burst) / rate)


def _slots(window: SlidingWindow, now: float, others: int) -> deque[float]:
    """Return when each place of a window can be given next, after the calls of other queues."""
    leaving = window.leaving(now)
    slots = deque([now] * max(0, window.count - len(leaving)))
    slots.extend(leaving)
    for _ in range(min(others, len(slots))):
        slots.append(max(now, slots.popleft()) + window.seconds)
    return slots
