"""The limiters that are compared, each behind the same few words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from attrs import frozen

from aioemnify.clock import Clock
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limiter import Limiter as OwnLimiter
from aioemnify.transport.throttle.limits import Limit
from benchmarks.cases import Report
from benchmarks.throttling.rows import Limits

ROOMY = (1e9, 1e9)
"""A row in which there is always room."""

PATIENCE = 3600.0
"""Seconds for which a limiter that wants to know is told to wait."""


class Limiter:
    """Lets calls through. Only one that keeps an eye on the call afterwards wants to hear of it."""

    def admit(self) -> Awaitable[Any]:
        """Wait for a place and return it; as it comes, so that no wrapper is measured with it."""
        raise NotImplementedError

    def sent(self, place: Any) -> None:
        """Tell that the call is being sent."""

    def answered(self, place: Any) -> None:
        """Tell that its answer is here, and all is over."""

    def close(self) -> None:
        """Let go of threads."""


class Ours(Limiter):
    """This library's throttle."""

    def __init__(self, rate: float, burst: float, limits: int, clock: Clock | None = None) -> None:
        clock = clock or Clock()
        every = Limits(row=(rate, burst), window=(10**9, 300.0)).of_client(clock)
        self._limits: tuple[Limit, ...] = every[:limits]
        self._throttle = OwnLimiter(clock)

    def admit(self) -> Awaitable[Grant]:
        """Wait for a place in all limits."""
        return self._throttle.admit(self._limits)

    def sent(self, place: Grant) -> None:
        """Tell that the server may count the call from now on."""
        place.sent()

    def answered(self, place: Grant) -> None:
        """Tell that the server has counted it."""
        place.headers_received()
        place.end()


class AioLimiter(Limiter):
    """A leaky bucket that wakes who is next; several of them only one after the other."""

    def __init__(self, rate: float, burst: float, limits: int) -> None:
        from aiolimiter import AsyncLimiter

        self._buckets = [AsyncLimiter(burst, burst / rate) for _ in range(limits)]

    def admit(self) -> Awaitable[None]:
        """Wait for each bucket in turn."""
        return self._buckets[0].acquire() if len(self._buckets) == 1 else self._each()

    async def _each(self) -> None:
        for bucket in self._buckets:
            await bucket.acquire()


class PyrateLimiter(Limiter):
    """A sliding log, its several rates all of one key: ``burst`` in the time in which so many are due."""

    def __init__(self, rate: float, burst: float, limits: int) -> None:
        from pyrate_limiter import Limiter as Pyrate
        from pyrate_limiter import Rate

        milliseconds = max(1, round(1000 * burst / rate))
        # Each longer one has to hold more, or it would be refused as pointless.
        rates = [Rate(int(burst) * (place + 1), milliseconds * (place + 1)) for place in range(limits)]
        self._limiter = Pyrate(rates)

    def admit(self) -> Awaitable[bool]:
        """Wait until the log has room under every rate."""
        return self._limiter.try_acquire_async("key")

    def close(self) -> None:
        """End the thread that clears the log."""
        self._limiter.close()


class ThrottledPy(Limiter):
    """A GCRA that sleeps and tries again; several of them only one after the other."""

    def __init__(self, rate: float, burst: float, limits: int) -> None:
        from throttled.asyncio import MemoryStore, RateLimiterType, Throttled, rate_limiter

        quota = rate_limiter.per_duration(timedelta(seconds=1), limit=int(rate), burst=int(burst))
        self._keys = [
            Throttled(
                key=f"key{place}",
                timeout=PATIENCE,
                using=RateLimiterType.GCRA.value,
                quota=quota,
                store=MemoryStore(),
            )
            for place in range(limits)
        ]

    def admit(self) -> Awaitable[object]:
        """Wait for each key in turn."""
        return self._keys[0].limit() if len(self._keys) == 1 else self._each()

    async def _each(self) -> None:
        for key in self._keys:
            await key.limit()


@frozen
class Contestant:
    """One limiter: how to make it for a rate, a burst and a number of limits."""

    name: str
    make: Callable[[float, float, int], Limiter]
    together: bool = False
    """Whether several limits are taken all together or not at all."""


EVERY = (
    Contestant("aioemnify", Ours, together=True),
    Contestant("aiolimiter", AioLimiter),
    Contestant("pyrate-limiter", PyrateLimiter, together=True),
    Contestant("throttled-py", ThrottledPy),
)


def present(report: Report) -> list[Contestant]:
    """Return those that are installed; the report tells of the others."""
    found = []
    for contestant in EVERY:
        try:
            contestant.make(10.0, 5.0, 1).close()
        except ImportError as error:
            report.leave_out(contestant.name, str(error))
        else:
            found.append(contestant)
    return found
