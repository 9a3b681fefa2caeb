"""Estimates how long a number of calls takes, from the state of the limits."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from attrs import define

from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow


def forecast(
    limits: tuple[Limit, ...],
    now: float,
    ahead: Mapping[Limit, int],
    calls: int,
    round_trip: float | None,
) -> tuple[float, Limit | None]:
    """Return when the last of ``calls`` is done, and the limit that decides it.

    Args:
        limits: the limits of each call.
        now: the moment they start to wait.
        ahead: for each limit, the calls that wait already and go before.
        calls: how many, at least 1.
        round_trip: seconds from a grant to the answer, where known.
    """
    after = round_trip or 0.0
    paced = [limit for limit in limits if isinstance(limit, (TokenBucket, SlidingWindow))]
    joint = _last_slot(paced, now, ahead, calls) if len(paced) > 1 else now
    moments = [(_last_under(limit, now, ahead[limit] + calls, round_trip), limit) for limit in limits]
    moment, decisive = max(moments, key=lambda item: item[0], default=(now, None))
    moment = max(moment, joint + after)
    return moment, decisive if moment > now + after else None


def _last_under(limit: Limit, now: float, calls: int, round_trip: float | None) -> float:
    """Return when the last call is done if this limit were the only one."""
    after = round_trip or 0.0
    if isinstance(limit, ConcurrencyLimit):
        return now + max(after, (calls + limit.used(now)) * after / limit.size)
    if isinstance(limit, MonthlyQuota):
        return _last_month(limit, now, calls) + after
    return limit.soonest(now, calls - 1) + after


def _last_month(quota: MonthlyQuota, now: float, calls: int) -> float:
    """Return when the month begins that has room for the last of so many calls."""
    months = int((quota.used(now) + calls - 1) // quota.count)
    moment = max(now, quota.paused_until)
    for _ in range(min(months, 1200)):
        moment = quota.after(moment)
    return moment


def _last_slot(
    limits: list[TokenBucket | SlidingWindow], now: float, ahead: Mapping[Limit, int], calls: int
) -> float:
    """Return when the last call gets its slots in several limits at once.

    A bucket spreads calls, and so they leave the windows spread: neither limit alone tells. Goes
    through the slots one by one where a window is used up; once every slot of the first windowful
    has been given again, all repeats.
    """
    buckets = [limit for limit in limits if isinstance(limit, TokenBucket)]
    windows = [limit for limit in limits if isinstance(limit, SlidingWindow)]
    own = min(ahead[limit] for limit in limits)
    total = own + calls
    start = max(now, *(limit.paused_until for limit in limits))
    binding = [window for window in windows if window.used(now) + ahead[window] - own + total > window.count]
    # What a bucket holds now, its own forecast tells; here the calls wait for the pause of another limit.
    by_rate = start + max([0.0, *((total - bucket.burst) / bucket.rate_now(now) for bucket in buckets)])
    if not binding:
        return by_rate
    period = max(window.count for window in binding)
    rounds = max(0, (total - period - 1) // period)
    slots = {window: _slots(window, now, ahead[window] - own) for window in binding}
    levels = [_Level(bucket.used(now), now, bucket.rate_now(now), bucket.burst - 1) for bucket in buckets]
    moment = _step(slots, levels, start, total - rounds * period)
    # Each further windowful comes a window later; where a bucket is slower, it alone decides in the end.
    moment += rounds * max(window.seconds for window in binding if window.count == period)
    return max(moment, by_rate)


def _step(slots: dict[SlidingWindow, deque[float]], levels: list[_Level], moment: float, calls: int) -> float:
    """Take slots for one call after the other, and return when the last has them."""
    for _ in range(calls):
        moment = max(moment, *[queue.popleft() for queue in slots.values()])
        for level in levels:
            moment = level.take(moment)
        for window, queue in slots.items():
            queue.append(moment + window.seconds)
    return moment


@define
class _Level:
    """The level of a bucket at a moment to come."""

    level: float
    at: float
    rate: float
    room: float

    def take(self, moment: float) -> float:
        """Take a token at ``moment`` or as soon as there is one, and return when that is."""
        self.level = max(0.0, self.level - self.rate * (moment - self.at))
        if self.level > self.room:
            moment += (self.level - self.room) / self.rate
            self.level = self.room
        self.level += 1
        self.at = moment
        return moment


def _slots(window: SlidingWindow, now: float, others: int) -> deque[float]:
    """Return when each slot of a window can be given next, after the calls of other queues."""
    leaving = window.leaving(now)
    slots = deque([now] * max(0, window.count - len(leaving)))
    slots.extend(leaving)
    for _ in range(min(others, len(slots))):
        slots.append(max(now, slots.popleft()) + window.seconds)
    return slots
