"""A client's clock that follows a simulator's, so that both live in the same time."""

from __future__ import annotations

from typing import Protocol

import anyio
import anyio.lowlevel

from aioemnify.transport.clock import Clock
from aioemnify.transport.loops import Event

_TURNS = 50
"""Turns of the event loop in which others may finish before a frozen clock jumps."""


class SimulatorClock(Protocol):
    """What a simulator's clock offers."""

    @property
    def frozen(self) -> bool:
        """Say whether time stands still until somebody moves it."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        ...

    def wall(self) -> float:
        """Return seconds since 1970 (UTC)."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let seconds pass; a frozen clock jumps."""
        ...


class SimulatedClock(Clock):
    """The simulator's time for a client: ``Emnify(..., clock=SimulatedClock(simulator.clock))``.

    Tokens then age, limits refill and retries pause in simulated time. While the clock is frozen
    every pause of the client is a jump, so that a rehearsal of a day takes seconds.

    Args:
        clock: a simulator's ``clock``.
    """

    def __init__(self, clock: SimulatorClock) -> None:
        self._clock = clock

    def monotonic(self) -> float:
        """Return the simulated seconds."""
        return self._clock.monotonic()

    def wall(self) -> float:
        """Return the simulated calendar in seconds since the epoch."""
        return self._clock.wall()

    async def sleep(self, seconds: float) -> None:
        """Pause the calling task for simulated seconds."""
        await self._clock.sleep(seconds)

    async def wait(self, event: Event, seconds: float) -> None:
        """Pause until ``event`` is set, for so many simulated seconds at the most."""
        if self._clock.frozen:
            for _ in range(_TURNS):
                if event.is_set():
                    return
                await anyio.lowlevel.checkpoint()

        async with anyio.create_task_group() as group:

            async def time_out() -> None:
                await self._clock.sleep(seconds)
                group.cancel_scope.cancel()

            group.start_soon(time_out)
            await event.wait()
            group.cancel_scope.cancel()
