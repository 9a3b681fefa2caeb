"""Calls that wait for their turn: queues of them, and how one is woken from any thread."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING

import anyio

from aioemnify.transport.limits import Limit

if TYPE_CHECKING:
    from aioemnify.transport.throttle import Grant


class Waiter:
    """One call in a queue. Whoever dispatches hands it its grant and wakes it."""

    __slots__ = ("_rouse", "_thread", "event", "gone", "grant", "queue", "wakes_at")

    def __init__(self, queue: WaitingQueue) -> None:
        self.queue: WaitingQueue = queue
        self.grant: Grant | None = None
        self.gone: bool = False
        self.wakes_at: float = inf
        self._thread = threading.get_ident()
        self._rouse = _loop_entry()
        self.event: anyio.Event = anyio.Event()

    def wake(self) -> None:
        """Let the waiting task run.

        Raises:
            RuntimeError: its event loop is closed, so the task is gone without a word.
        """
        if threading.get_ident() == self._thread:
            self.event.set()
        else:
            self._rouse(self.event.set)


def _loop_entry() -> Callable[[Callable[[], object]], object]:
    """Return the running event loop's way to run a function from another thread."""
    # trio tasks exist only once trio is loaded; looking there first keeps asyncio users free of it.
    if "trio" in sys.modules:
        import trio

        try:
            return trio.lowlevel.current_trio_token().run_sync_soon
        except RuntimeError:
            pass
    import asyncio

    return asyncio.get_running_loop().call_soon_threadsafe


class WaitingQueue:
    """The calls that wait for the same limits, first come, first served.

    Those that gave up stay in place until they reach the head, so that leaving costs nothing
    however many wait.
    """

    __slots__ = ("_alive", "_waiters", "limits")

    def __init__(self, limits: tuple[Limit, ...]) -> None:
        self.limits: tuple[Limit, ...] = limits
        self._waiters: deque[Waiter] = deque()
        self._alive = 0

    def __len__(self) -> int:
        return self._alive

    def head(self) -> Waiter | None:
        """Return the first that still waits."""
        while self._waiters and self._waiters[0].gone:
            self._waiters.popleft()
        return self._waiters[0] if self._waiters else None

    def join(self, waiter: Waiter) -> None:
        """Put a waiter at the end."""
        self._waiters.append(waiter)
        self._alive += 1

    def leave(self, waiter: Waiter) -> None:
        """Let a waiter go, wherever it stands."""
        if not waiter.gone:
            waiter.gone = True
            self._alive -= 1

    def ready(self, now: float) -> float:
        """Return when every limit of this queue surely has room."""
        return max((limit.ready(now) for limit in self.limits), default=now)
