"""The measured rate limits, as aioemnify enforces them and as the modelled server does, and our limiter.

Of all benchmarks of rate limits, only this module names internals of aioemnify.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from attrs import frozen

from aioemnify import Clock, LimitTable, Throttling
from aioemnify.operation import MonthLimit, RowLimit, WindowLimit
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.registry import LimitRegistry
from benchmarks.server_model import Rule, SlidingWindow, TokenBucket

CONNECTIONS = 20
"""The default number of requests in flight of a client."""

SLOW, FAST = (10.0, 5.0), (100.0, 50.0)
"""The two kinds of documented rows: calls a second, and burst."""

WINDOW = (2000, 300.0)
"""The documented limit of an IP address: calls, in any so many seconds."""

DELAY = (0.002, 0.2)
"""Seconds of a round trip: random between these two."""


@frozen
class Limits:
    """The limits of one path: a row, a window, or both."""

    row: tuple[float, float] | None = None
    window: tuple[int, float] | None = None

    def of_client(
        self, clock: Clock, throttling: Throttling | None = None, *, connections: int = CONNECTIONS
    ) -> tuple[Limit, ...]:
        """Return the limits that a call of a client needs room in."""
        table = limit_table([] if self.row is None else [("/x", self.row)], self.window)
        registry = LimitRegistry(table, clock=clock, throttling=throttling)
        in_flight = ConcurrencyLimit("connections", "connections", size=connections)
        return (*registry.of_call("1", "GET", "/x", None), in_flight)

    def of_server(self) -> list[Rule]:
        """Return the limits that the server enforces."""
        row: list[Rule] = [] if self.row is None else [TokenBucket(*self.row)]
        return row if self.window is None else [*row, SlidingWindow(*self.window)]

    def bound(self, seconds: float) -> float:
        """Return how many calls the server accepts at most in the first ``seconds``."""
        counts = [] if self.row is None else [self.row[1] + self.row[0] * seconds]
        if self.window is not None:
            count, length = self.window
            complete, rest = divmod(seconds, length)
            in_rest = count if self.row is None else min(count, self.row[1] + self.row[0] * rest)
            counts.append(complete * count + (in_rest if rest else 0))
        return min(counts)


def limit_table(rows: list[tuple[str, tuple[float, float]]], window: tuple[int, float] | None) -> LimitTable:
    """Return a table with a row for each path, a window over all of them, and a huge monthly limit."""
    windows = [] if window is None else [window]
    return LimitTable(
        rows=tuple(
            RowLimit(id=path, method="GET", path=path, rate=rate, burst=int(burst))
            for path, (rate, burst) in rows
        ),
        windows=tuple(
            WindowLimit(id="window", method="*", path="/*", count=count, seconds=seconds)
            for count, seconds in windows
        ),
        month=MonthLimit(id="month", count=10**9),
    )


class RateLimiter:
    """Admits calls. Only ours needs to know what becomes of a call."""

    def admit(self) -> Awaitable[Any]:
        """Wait for a permit and return it; the library's own awaitable, so that no wrapper is measured."""
        raise NotImplementedError

    def sent(self, permit: Any) -> None:
        """Call when the request is being sent."""

    def answered(self, permit: Any) -> None:
        """Call when the response has arrived."""

    def close(self) -> None:
        """Stop threads."""


class OurLimiter(RateLimiter):
    """The limiter of aioemnify, over the limits of one path."""

    def __init__(self, clock: Clock, limits: tuple[Limit, ...]) -> None:
        self._limits = limits
        self._limiter = Limiter(clock)

    def admit(self) -> Awaitable[Any]:
        """Wait for room in all limits; return a permit."""
        return self._limiter.admit(self._limits)

    def admit_again(self, refused: Any) -> Awaitable[Any]:
        """Admit a call again whose permit was refused, in its former place in the queue."""
        return self._limiter.admit(self._limits, turn=refused.turn)

    def sent(self, permit: Any) -> None:
        """From now on the server may count the call."""
        permit.sent()

    def answered(self, permit: Any) -> None:
        """The server has counted the call."""
        permit.headers_received()
        permit.end()

    def refused(self, permit: Any, retry_after: float) -> float:
        """Learn from a 429 response; return the seconds to wait before the call is admitted again."""
        refusal = self._limiter.refused(permit, retry_after)
        return 0.0 if refusal.limit is not None else refusal.pause


def our_limiter(rate: float, burst: float, limits: int = 3, clock: Clock | None = None) -> OurLimiter:
    """Return our limiter over up to three limits: a token bucket, a sliding window and the monthly quota."""
    clock = clock or Clock()
    return OurLimiter(clock, Limits(row=(rate, burst), window=(10**9, 300.0)).of_client(clock)[:limits])
