"""The simulator's two clocks, one monotonic and one of the calendar, moved together.

Everything that ages reads this clock: tokens, buckets, windows, the monthly quota, events.
A test freezes it and moves it by hand; nothing then depends on how fast the machine is.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import anyio
import anyio.lowlevel
import msgspec

_LONGEST_NAP = 0.25
"""Real seconds after which a sleeper looks whether somebody moved the clock."""
_ROUNDING = 1e-9
_YEAR_10000 = 253_402_300_800.0
_MANUAL_START = datetime(2025, 1, 15, 12, tzinfo=UTC)


class ClockDump(msgspec.Struct, kw_only=True):
    """What a restart needs to continue a clock.

    Attributes:
        wall: the simulated calendar at the time of the dump.
        offset: how far that was ahead of the real calendar.
        frozen: whether it stood still.
        scale: simulated seconds per real one.
    """

    wall: float
    offset: float
    frozen: bool
    scale: float


class Clock:
    """A clock that runs like ``source`` until it is frozen, scaled or moved.

    Args:
        source: seconds that only grow; ``anyio.current_time`` follows a virtual event loop.
        start: the calendar moment at which the clock begins; now when left out.
        scale: simulated seconds per second of ``source``.
        frozen: begin without moving.
    """

    def __init__(
        self,
        *,
        source: Callable[[], float] = time.monotonic,
        start: datetime | None = None,
        scale: float = 1.0,
        frozen: bool = False,
    ) -> None:
        self._source = source
        self._given = start
        self._at_birth = (_checked_scale(scale), frozen)
        self.lock: threading.RLock = threading.RLock()
        self.reset()

    @classmethod
    def manual(cls, start: datetime | None = None) -> Clock:
        """Make a frozen clock at a fixed moment (2025-01-15 12:00 UTC unless given)."""
        return cls(start=start or _MANUAL_START, frozen=True)

    def reset(self) -> None:
        """Go back to how the clock began. A clock without a start of its own begins now."""
        with self.lock:
            self._scale, self._frozen = self._at_birth
            self._elapsed = 0.0
            self._last: float | None = None
            self._start = (self._given or datetime.now(UTC)).timestamp()
            self._due = math.inf
            self._appointment: Callable[[], None] | None = None

    def monotonic(self) -> float:
        """Return the simulated seconds since the clock was first read."""
        with self.lock:
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

    @property
    def factor(self) -> float:
        """Return how many simulated seconds pass per second of the source, while it runs."""
        return self._scale

    def freeze(self) -> None:
        """Stop both clocks where they are."""
        with self.lock:
            self._settle()
            self._frozen = True

    def resume(self) -> None:
        """Let both clocks run again."""
        with self.lock:
            self._frozen = False
            self._last = self._source()

    def scale(self, factor: float) -> None:
        """Run ``factor`` times as fast as the source from now on.

        Raises:
            ValueError: the factor is not above zero.
        """
        factor = _checked_scale(factor)
        with self.lock:
            self._settle()
            self._scale = factor

    def advance(
        self, seconds: float = 0.0, *, minutes: float = 0.0, hours: float = 0.0, days: float = 0.0
    ) -> None:
        """Move both clocks forward, whether they are frozen or not.

        Raises:
            ValueError: the step is negative, or leads past the year 9999.
        """
        step = seconds + 60 * minutes + 3600 * hours + 86400 * days
        if not step >= 0:
            raise ValueError("a clock only moves forward")
        with self.lock:
            if self._start + self._settle() + step >= _YEAR_10000:
                raise ValueError("the calendar ends with the year 9999")
            self._jump(step)

    def dump(self) -> ClockDump:
        """Return what a restart needs to continue."""
        wall = self.wall()
        return ClockDump(wall=wall, offset=wall - time.time(), frozen=self._frozen, scale=self._scale)

    def restore(self, dump: ClockDump) -> None:
        """Go on at the same distance from the real calendar, or at the same moment if it stood still."""
        with self.lock:
            self._settle()
            self._frozen, self._scale = dump.frozen, _checked_scale(dump.scale)
            self._start = (dump.wall if dump.frozen else time.time() + dump.offset) - self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Let ``seconds`` of simulated time pass; a frozen clock jumps there instead of waiting for ever."""
        goal = self.monotonic() + max(0.0, seconds)
        while (left := goal - self.monotonic()) > _ROUNDING:
            if self._frozen:
                self.advance(left)
            else:
                await anyio.sleep(min(left / self._scale, _LONGEST_NAP))
        await anyio.lowlevel.checkpoint()

    def appoint(self, due: float, meet: Callable[[], None] | None) -> None:
        """Have ``meet`` called when the clock reaches ``due``; there is one appointment at a time.

        The clock is exactly at ``due`` during the call, however late somebody looks at it, so that
        ``meet`` may freeze, scale or move it there with :meth:`shift`. It may make the next
        appointment, and must take no lock but the clock's own.
        """
        with self.lock:
            self._due, self._appointment = (math.inf, None) if meet is None else (due, meet)

    def shift(self, *, frozen: bool | None, scale: float | None, step: float) -> None:
        """Change the clock at an appointment, without letting the time in between pass first."""
        if scale is not None:
            self._scale = scale
        if frozen is not None:
            if self._frozen and not frozen:
                self._last = self._source()
            self._frozen = frozen
        self._jump(step)

    def _settle(self) -> float:
        if self._elapsed >= self._due:
            self._jump(0.0)
        if not self._frozen:
            now = self._source()
            last, self._last = self._last, now
            if last is not None:
                self._run(now - last)
        return self._elapsed

    def _run(self, span: float) -> None:
        """Let ``span`` seconds of the source pass, with a stop at each appointment."""
        while self._elapsed + span * self._scale >= self._due:
            span -= max(0.0, self._due - self._elapsed) / self._scale
            self._meet()
            if self._frozen:
                return
        self._elapsed += max(0.0, span) * self._scale

    def _jump(self, step: float) -> None:
        """Move by ``step`` simulated seconds, with a stop at each appointment."""
        while self._elapsed + step >= self._due:
            step -= max(0.0, self._due - self._elapsed)
            self._meet()
        self._elapsed += max(0.0, step)

    def _meet(self) -> None:
        meet, due = self._appointment, self._due
        self._due, self._appointment = math.inf, None
        self._elapsed = max(self._elapsed, due)
        if meet is not None:
            meet()


def _checked_scale(factor: float) -> float:
    if not 0 < factor < math.inf:
        raise ValueError("the scale is a number above zero; freeze the clock to stop it")
    return float(factor)
