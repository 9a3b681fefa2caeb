"""The limiters that are compared, with one interface."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from attrs import frozen

from benchmarks.cases import Report
from benchmarks.rate_limits import RateLimiter, our_limiter

OURS = "aioemnify"
TIMEOUT = 3600.0
"""Seconds, for limiters that need a timeout."""


class AioLimiter(RateLimiter):
    """A leaky bucket that wakes the next waiter; several only one after the other."""

    def __init__(self, rate: float, burst: float, limits: int) -> None:
        from aiolimiter import AsyncLimiter

        self._buckets = [AsyncLimiter(burst, burst / rate) for _ in range(limits)]

    def admit(self) -> Awaitable[None]:
        """Wait for each bucket in turn."""
        return self._buckets[0].acquire() if len(self._buckets) == 1 else self._each()

    async def _each(self) -> None:
        for bucket in self._buckets:
            await bucket.acquire()


class PyrateLimiter(RateLimiter):
    """A sliding window of ``burst`` calls; several rates under one key."""

    def __init__(self, rate: float, burst: float, limits: int) -> None:
        from pyrate_limiter import Limiter as Pyrate
        from pyrate_limiter import Rate

        milliseconds = max(1, round(1000 * burst / rate))
        # A longer window must allow more calls, or pyrate-limiter refuses it.
        rates = [Rate(int(burst) * number, milliseconds * number) for number in range(1, limits + 1)]
        self._limiter = Pyrate(rates)

    def admit(self) -> Awaitable[bool]:
        """Wait for room under every rate."""
        return self._limiter.try_acquire_async("key")

    def close(self) -> None:
        """Stop the thread that removes old calls."""
        self._limiter.close()


class ThrottledPy(RateLimiter):
    """A GCRA that sleeps and tries again; several only one after the other."""

    def __init__(self, rate: float, burst: float, limits: int) -> None:
        from throttled.asyncio import MemoryStore, RateLimiterType, Throttled, rate_limiter

        quota = rate_limiter.per_duration(timedelta(seconds=1), limit=int(rate), burst=int(burst))
        gcra = RateLimiterType.GCRA.value
        self._keys = [
            Throttled(key=f"key{number}", timeout=TIMEOUT, using=gcra, quota=quota, store=MemoryStore())
            for number in range(limits)
        ]

    def admit(self) -> Awaitable[object]:
        """Wait for each key in turn."""
        return self._keys[0].limit() if len(self._keys) == 1 else self._each()

    async def _each(self) -> None:
        for key in self._keys:
            await key.limit()


@frozen
class Contestant:
    """A limiter: its name, how to create it for a rate, a burst and a number of limits, and a note."""

    name: str
    create: Callable[[float, float, int], RateLimiter]
    several: str = "; one after the other, not all or none"
    """How it takes several limits."""


CONTESTANTS = (
    Contestant(OURS, our_limiter, ""),
    Contestant("aiolimiter", AioLimiter),
    Contestant("pyrate-limiter", PyrateLimiter, "; rates of one key"),
    Contestant("throttled-py", ThrottledPy),
)


def installed(report: Report) -> list[Contestant]:
    """Return the contestants that are installed; the report names the others."""
    found = []
    for contestant in CONTESTANTS:
        try:
            contestant.create(10.0, 5.0, 1).close()
        except ImportError as error:
            report.leave_out(contestant.name, str(error))
        else:
            found.append(contestant)
    return found
