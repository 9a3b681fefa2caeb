"""Modelled time: an event loop that never waits, whose clock moves on whenever it would."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable

import anyio


class _Jump(selectors.DefaultSelector):
    """Passes a timeout by moving its loop's clock to the end of it."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready now, or let the time pass."""
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise RuntimeError("everybody waits for somebody else")
        self.loop.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop with a clock of its own, which starts at 0."""

    def __init__(self) -> None:
        self.now: float = 0.0
        selector = _Jump()
        selector.loop = self
        super().__init__(selector)
        # A real loop fires a timer up to this early, for want of a better clock.
        self._clock_resolution = 1e-9

    def time(self) -> float:
        """Return the modelled time in seconds."""
        return self.now


def run(main: Callable[[], Awaitable[object]]) -> None:
    """Run an async function to its end in modelled time."""
    anyio.run(main, backend="asyncio", backend_options={"loop_factory": VirtualLoop})
