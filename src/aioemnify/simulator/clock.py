"""The simulator's two clocks, one monotonic and one of the calendar, moved together.

Everything that ages reads this clock: tokens, buckets, windows, the monthly quota, events.
A test freezes it and moves it by hand; nothing then depends on how fast the machine is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import anyio
import anyio.lowlevel


class Clock:
    """A clock that runs like ``source`` until it is frozen, scaled or moved.

    Args:
        source: seconds that only grow; ``anyio.current_time`` follows a virtual event loop.
        start: the calendar moment at which the clock begins; now when left out.
        scale: simulated seconds per second of ``source``.
    """

    def __init__(
        self,
        *,
        source: Callable[[], float] = time.monotonic,
        start: datetime | None = None,
        scale: float = 1.0,
    ) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._scale = scale
        self._frozen = False
        self._elapsed = 0.0
        self._last: float | None = None
        self._start = (start or datetime.now(UTC)).timestamp()

    @classmethod
    def manual(cls, start: datetime | None = None) -> Clock:
        """Make a frozen clock at a fixed moment (2025-01-15 12:00 UTC unless given)."""
        clock = cls(start=start or datetime(2025, 1, 15, 12, tzinfo=UTC))
        clock.freeze()
        return clock

    def _settle(self) -> float:
        if not self._frozen:
            now = self._source()
            if self._last is not None:
                self._elapsed += (now - self._last) * self._scale
            self._last = now
        return self._elapsed

    def monotonic(self) -> float:
        """Return the simulated seconds since the clock was first read."""
        with self._lock:
            return self._settle()

    def wall(self) -> float:
        """Return the simulated calendar time in seconds since 1970 (UTC)."""
        return self._start + self.monotonic()

    def now(self) -> datetime:
        """Return the simulated calendar time in UTC."""
        return datetime.fromtimestamp(self.wall(), UTC)

    @property
    def frozen(self) -> bool:
        """Say whether time stands still until :meth:`advance`."""
        return self._frozen

    def freeze(self) -> None:
        """Stop both clocks where they are."""
        with self._lock:
            self._settle()
            self._frozen = True

    def resume(self) -> None:
        """Let both clocks run again."""
        with self._lock:
            self._frozen = False
            self._last = self._source()

    def scale(self, factor: float) -> None:
        """Run ``factor`` times as fast as the source from now on."""
        with self._lock:
            self._settle()
            self._scale = factor

    def advance(self, seconds: float = 0.0, *, minutes: float = 0.0, days: float = 0.0) -> None:
        """Move both clocks forward, whether they are frozen or not.

        Raises:
            ValueError: the step is negative.
        """
        step = seconds + 60 * minutes + 86400 * days
        if step < 0:
            raise ValueError("a clock only moves forward")
        with self._lock:
            self._settle()
            self._elapsed += step

    async def sleep(self, seconds: float) -> None:
        """Let ``seconds`` of simulated time pass; a frozen clock jumps there instead of waiting for ever."""
        if self._frozen:
            self.advance(max(0.0, seconds))
            await anyio.lowlevel.checkpoint()
        elif seconds > 0:
            await anyio.sleep(seconds / self._scale)
