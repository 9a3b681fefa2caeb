"""Clocks: all code that reads the time or sleeps gets one of these."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from functools import partial
from types import BuiltinFunctionType
from typing import TYPE_CHECKING, Protocol

import anyio
import anyio.lowlevel

from aioemnify._event_loop import Event, asyncio_loop, call_soon, running_loop, trio_token

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

# freezegun stops ``time.monotonic`` for the time of a test, but limits and tokens outlive the test.
monotonic: Callable[[], float] = (
    partial(time.clock_gettime, time.CLOCK_MONOTONIC)
    if hasattr(time, "clock_gettime")
    else partial(time.monotonic)  # freezegun does not look into it
)


LAST_DATE = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""Python has no later one. A clock that a test has set may be close to it."""


def date_of(wall: float) -> datetime:
    """Return a wall time, in seconds since the epoch, as a date in UTC."""
    return datetime.fromtimestamp(min(wall, LAST_DATE.timestamp()), UTC)


def next_month(wall: float) -> datetime:
    """Return the 1st of the month after the one that a wall time is in, UTC."""
    today = date_of(wall)
    year, month = (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
    return LAST_DATE if year > LAST_DATE.year else datetime(year, month, 1, tzinfo=UTC)


def _timers_stand_still() -> bool:
    """Return whether freezegun has stopped the clock of event loops, so that their timers never fire."""
    return not isinstance(time.monotonic, BuiltinFunctionType)


class Clock:
    """The machine's clocks. Subclass it to run the client on another time.

    ``monotonic`` orders and measures; ``wall`` is for token expiry, ``Retry-After`` dates and months.
    """

    def monotonic(self) -> float:
        """Return seconds that never decrease."""
        return monotonic()

    def wall(self) -> float:
        """Return seconds since the epoch (UTC)."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Sleep for ``seconds``."""
        if _timers_stand_still():
            await self.wait(anyio.Event(), seconds)
        else:
            await anyio.sleep(seconds)

    async def wait(self, event: Event, seconds: float) -> None:
        """Wait until ``event`` is set, for at most ``seconds``.

        Only this task may wait for the event, and a timeout may set it too.
        """
        timer: threading.Timer | asyncio.TimerHandle
        if _timers_stand_still():
            timer = threading.Timer(seconds, call_soon, (running_loop(), event.set))
            timer.daemon = True
            timer.start()
        elif trio_token() is not None:
            with anyio.move_on_after(seconds):
                await event.wait()
            return
        else:
            # Setting the event from a timer costs a tenth of cancelling the wait.
            timer = asyncio_loop().call_later(seconds, event.set)
        try:
            await event.wait()
        finally:
            timer.cancel()


class LoopClock(Clock):
    """The event loop's clock, for tests in virtual time.

    Args:
        epoch: the wall time, in seconds since the epoch, when the loop's clock is 0.
    """

    def __init__(self, epoch: float = 0.0) -> None:
        self._epoch = epoch

    def monotonic(self) -> float:
        """Return the event loop's time."""
        return anyio.current_time()

    def wall(self) -> float:
        """Return ``epoch`` plus the event loop's time."""
        return self._epoch + anyio.current_time()


_TURNS = 50
"""Turns of the event loop in which other tasks may finish before a frozen clock jumps."""


class SimulatorClock(Protocol):
    """The part of a simulator's clock that ``SimulatedClock`` uses."""

    @property
    def frozen(self) -> bool:
        """Return whether time moves only when a test moves it."""

    def monotonic(self) -> float:
        """Return seconds that never decrease."""

    def wall(self) -> float:
        """Return seconds since the epoch (UTC)."""

    async def sleep(self, seconds: float) -> None:
        """Sleep for ``seconds``; a frozen clock jumps instead."""


class SimulatedClock(Clock):
    """Run a client on a simulator's time: ``Emnify(..., clock=SimulatedClock(simulator.clock))``.

    Tokens expire, limits refill and retries wait in simulated time. While the clock is frozen, each
    wait of the client makes it jump, so that a simulated day takes seconds.

    Args:
        clock: the ``clock`` of a simulator.
    """

    def __init__(self, clock: SimulatorClock) -> None:
        self._clock = clock

    def monotonic(self) -> float:
        """Return simulated seconds that never decrease."""
        return self._clock.monotonic()

    def wall(self) -> float:
        """Return the simulated time in seconds since the epoch."""
        return self._clock.wall()

    async def sleep(self, seconds: float) -> None:
        """Sleep for simulated seconds."""
        await self._clock.sleep(seconds)

    async def wait(self, event: Event, seconds: float) -> None:
        """Wait until ``event`` is set, for at most so many simulated seconds."""
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
