"""Time as a parameter: everything that reads a clock or sleeps is handed one of these."""

from __future__ import annotations

import time
from typing import Protocol

import anyio
import anyio.lowlevel

from aioemnify._event_loop import Event, asyncio_loop, trio_token


class Clock:
    """The machine's own clocks. Subclass it to run the client in another time.

    ``monotonic`` orders and measures, and is never compared with the outside world;
    ``wall`` is seconds since the epoch, for token expiry, ``Retry-After`` dates and months.
    """

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()

    def wall(self) -> float:
        """Return seconds since the epoch (UTC)."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Pause the calling task for ``seconds``."""
        await anyio.sleep(seconds)

    async def wait(self, event: Event, seconds: float) -> None:
        """Pause the calling task until ``event`` is set, for ``seconds`` at the most.

        The event is this task's alone, and when the time is up it may be set too. Who waits for an
        event without a limit of time, because another task keeps the time, does not come by here.
        """
        if trio_token() is not None:
            with anyio.move_on_after(seconds):
                await event.wait()
            return
        # A timer that sets the event takes a tenth of what it takes to cancel the wait.
        timer = asyncio_loop().call_later(seconds, event.set)
        try:
            await event.wait()
        finally:
            timer.cancel()


class LoopClock(Clock):
    """The event loop's clock, for tests that run in virtual time.

    ``epoch`` is the wall time at which the loop's clock read 0.
    """

    def __init__(self, epoch: float = 0.0) -> None:
        self._epoch = epoch

    def monotonic(self) -> float:
        """Return the event loop's own time."""
        return anyio.current_time()

    def wall(self) -> float:
        """Return ``epoch`` plus the event loop's own time."""
        return self._epoch + anyio.current_time()


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
