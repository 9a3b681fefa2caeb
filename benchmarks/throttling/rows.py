"""The documented limits that are measured, as the client is given them and as the server keeps them."""

from __future__ import annotations

from attrs import frozen

from aioemnify.clock import Clock
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.options import Throttling
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.registry import LimitRegistry
from benchmarks.server_model import Log, Refill, Rule

CONNECTIONS = 20
"""Requests that a client has in flight at the most, unless it is told otherwise."""

SLOW, FAST = (10.0, 5.0), (100.0, 50.0)
"""The two sorts of rows there are: calls a second, and burst."""

WINDOW = (2000, 300.0)
"""What one address may send: calls, in any so many seconds."""

DELAY = (0.002, 0.2)
"""Seconds from sending a request to its answer: at random between these two."""


@frozen
class Limits:
    """Limits of one path: a row, a window, or both."""

    row: tuple[float, float] | None = None
    window: tuple[int, float] | None = None

    def table(self) -> LimitTable:
        """Return them as the client's table, for the path ``/x``."""
        rows = () if self.row is None else (self.row,)
        windows = () if self.window is None else (self.window,)
        return LimitTable(
            rows=tuple(RowLimit(id="row", method="GET", path="/x", rate=r, burst=int(b)) for r, b in rows),
            windows=tuple(
                WindowLimit(id="window", method="*", path="/*", count=count, seconds=seconds)
                for count, seconds in windows
            ),
            month=MonthLimit(id="month", count=10**9),
        )

    def of_client(
        self, clock: Clock, throttling: Throttling | None = None, *, connections: int = CONNECTIONS
    ) -> tuple[Limit, ...]:
        """Return what one client's calls have to fit into."""
        book = LimitRegistry(self.table(), clock=clock, throttling=throttling)
        cap = ConcurrencyLimit("connections", "connections", size=connections)
        return (*book.of_call("1", "GET", "/x", None), cap)

    def of_server(self) -> list[Rule]:
        """Return what the server keeps."""
        row: list[Rule] = [] if self.row is None else [Refill(*self.row)]
        return row if self.window is None else [*row, Log(*self.window)]

    def bound(self, seconds: float) -> float:
        """Return how many calls the server accepts at the most in the first ``seconds``."""
        counts = [] if self.row is None else [self.row[1] + self.row[0] * seconds]
        if self.window is not None:
            count, length = self.window
            whole, rest = divmod(seconds, length)
            inside = count if self.row is None else min(count, self.row[1] + self.row[0] * rest)
            counts.append(whole * count + (inside if rest else 0))
        return min(counts)
