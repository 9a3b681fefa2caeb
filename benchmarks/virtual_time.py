"""Virtual time: an event loop that never waits, but moves its clock forward instead."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable

import anyio


class _JumpingSelector(selectors.DefaultSelector):
    """Moves the clock of its loop to the end of a timeout instead of waiting."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready now, or move the clock."""
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise RuntimeError("deadlock: every task waits for another")
        self.loop.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock starts at 0 and never waits."""

    def __init__(self) -> None:
        self.now: float = 0.0
        selector = _JumpingSelector()
        selector.loop = self
        super().__init__(selector)
        # asyncio fires timers up to this early; here time is exact.
        self._clock_resolution = 1e-9

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self.now


def run(main: Callable[[], Awaitable[object]]) -> None:
    """Run an async function to its end in virtual time."""
    anyio.run(main, backend="asyncio", backend_options={"loop_factory": VirtualLoop})
