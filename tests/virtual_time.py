"""Virtual time for both event loops: waiting costs nothing, and a deadlock is found at once."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any

import trio.testing


class _JumpingSelector(selectors.DefaultSelector):
    """Instead of waiting for a timeout, moves its loop's clock to the end of it."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("deadlock: nothing is ready and nothing is scheduled")
        if not ready and timeout:
            self.loop.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An asyncio loop whose time passes only when everybody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        selector = _JumpingSelector()
        selector.loop = self
        super().__init__(selector)
        # Real loops fire timers up to this early; here time is exact.
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self.now


def backends() -> list[Any]:
    """Return the parameters for an ``anyio_backend`` fixture: both loops, in virtual time."""
    return [
        ("asyncio", {"loop_factory": VirtualLoop}),
        ("trio", {"clock": trio.testing.MockClock(autojump_threshold=0)}),
    ]


def backend(name: str) -> Any:
    """Return a fresh backend of that name."""
    if name == "asyncio":
        return ("asyncio", {"loop_factory": VirtualLoop})
    return ("trio", {"clock": trio.testing.MockClock(autojump_threshold=0)})
