"""The simulated clock: monotonic seconds and calendar time, moved together.

Everything that depends on time reads this clock: tokens, buckets, windows, the monthly quota, events. A
test freezes it and moves it by hand, so that results do not depend on the speed of the machine.
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
"""Real seconds after which a sleeping task checks whether the clock was moved."""
_ROUNDING = 1e-9
_YEAR_10000 = 253_402_300_800.0
_MANUAL_START = datetime(2025, 1, 15, 12, tzinfo=UTC)


class ClockDump(msgspec.Struct, kw_only=True):
    """The values that restore a clock after a restart.

    Attributes:
        wall: the simulated calendar time of the dump, in seconds since 1970.
        offset: seconds that it was ahead of real time.
        frozen: whether it was frozen.
        scale: simulated seconds per real second.
    """

    wall: float
    offset: float
    frozen: bool
    scale: float


class Clock:
    """A clock that runs like ``source`` until it is frozen, scaled or moved.

    Args:
        source: returns monotonic seconds; ``anyio.current_time`` follows a virtual event loop.
        start: the calendar time at which the clock starts; now by default.
        scale: simulated seconds per second of ``source``.
        frozen: start frozen.
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
        self._initial = (_checked_scale(scale), frozen)
        self.lock: threading.RLock = threading.RLock()
        self.reset()

    @classmethod
    def manual(cls, start: datetime | None = None) -> Clock:
        """Return a frozen clock at a fixed time, by default 2025-01-15 12:00 UTC."""
        return cls(start=start or _MANUAL_START, frozen=True)

    def reset(self) -> None:
        """Restore the initial clock; without a ``start`` it starts now."""
        with self.lock:
            self._scale, self._frozen = self._initial
            self._elapsed = 0.0
            self._last: float | None = None
            self._start = (self._given or datetime.now(UTC)).timestamp()
            self._due = math.inf
            self._callback: Callable[[], None] | None = None

    def monotonic(self) -> float:
        """Return the simulated seconds since the clock was first read."""
        with self.lock:
            return self._catch_up()

    def wall(self) -> float:
        """Return the simulated calendar time in seconds since 1970 (UTC)."""
        return self._start + self.monotonic()

    def now(self) -> datetime:
        """Return the simulated calendar time in UTC."""
        return datetime.fromtimestamp(self.wall(), UTC)

    @property
    def frozen(self) -> bool:
        """Return whether time stands still until :meth:`advance`."""
        return self._frozen

    @property
    def factor(self) -> float:
        """Return how many simulated seconds pass per second of the source, while it runs."""
        return self._scale

    def freeze(self) -> None:
        """Stop the clock."""
        with self.lock:
            self._catch_up()
            self._frozen = True

    def resume(self) -> None:
        """Let the clock run again."""
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
            self._catch_up()
            self._scale = factor

    def advance(
        self, seconds: float = 0.0, *, minutes: float = 0.0, hours: float = 0.0, days: float = 0.0
    ) -> None:
        """Move the clock forward, frozen or not.

        Raises:
            ValueError: the step is negative, or goes past the year 9999.
        """
        step = seconds + 60 * minutes + 3600 * hours + 86400 * days
        if not step >= 0:
            raise ValueError("a clock only moves forward: pass a step of at least 0")
        with self.lock:
            if self._start + self._catch_up() + step >= _YEAR_10000:
                raise ValueError("the clock cannot go past the year 9999")
            self._jump(step)

    def dump(self) -> ClockDump:
        """Return the values that restore this clock after a restart."""
        wall = self.wall()
        return ClockDump(wall=wall, offset=wall - time.time(), frozen=self._frozen, scale=self._scale)

    def restore(self, dump: ClockDump) -> None:
        """Continue at the same offset from real time, or at the same moment if it was frozen."""
        with self.lock:
            self._catch_up()
            self._frozen, self._scale = dump.frozen, _checked_scale(dump.scale)
            self._start = (dump.wall if dump.frozen else time.time() + dump.offset) - self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Wait for ``seconds`` of simulated time; a frozen clock is advanced instead."""
        goal = self.monotonic() + max(0.0, seconds)
        while (left := goal - self.monotonic()) > _ROUNDING:
            if self._frozen:
                self.advance(left)
            else:
                await anyio.sleep(min(left / self._scale, _LONGEST_NAP))
        await anyio.lowlevel.checkpoint()

    def call_at(self, due: float, callback: Callable[[], None] | None) -> None:
        """Call ``callback`` when the clock reaches ``due``; only one call is scheduled, None cancels it.

        The clock stands exactly at ``due`` during the call, even if it is read much later, so that
        ``callback`` can freeze, scale or move it there with :meth:`shift`. It may schedule the next call,
        and must not take any lock but the clock's own.
        """
        with self.lock:
            self._due, self._callback = (math.inf, None) if callback is None else (due, callback)

    def shift(self, *, frozen: bool | None, scale: float | None, step: float) -> None:
        """Change the clock inside a scheduled call, before the rest of the elapsed time passes."""
        if scale is not None:
            self._scale = scale
        if frozen is not None:
            if self._frozen and not frozen:
                self._last = self._source()
            self._frozen = frozen
        self._jump(step)

    def _catch_up(self) -> float:
        if self._elapsed >= self._due:
            self._jump(0.0)
        if not self._frozen:
            now = self._source()
            last, self._last = self._last, now
            if last is not None:
                self._run(now - last)
        return self._elapsed

    def _run(self, span: float) -> None:
        """Let ``span`` seconds of the source pass, stopping at each scheduled call."""
        while self._elapsed + span * self._scale >= self._due:
            span -= max(0.0, self._due - self._elapsed) / self._scale
            self._call_back()
            if self._frozen:
                return
        self._elapsed += max(0.0, span) * self._scale

    def _jump(self, step: float) -> None:
        """Move by ``step`` simulated seconds, stopping at each scheduled call."""
        while self._elapsed + step >= self._due:
            step -= max(0.0, self._due - self._elapsed)
            self._call_back()
        self._elapsed += max(0.0, step)

    def _call_back(self) -> None:
        callback, due = self._callback, self._due
        self._due, self._callback = math.inf, None
        self._elapsed = max(self._elapsed, due)
        if callback is not None:
            callback()


def _checked_scale(factor: float) -> float:
    if not 0 < factor < math.inf:
        raise ValueError("scale must be a number above 0; freeze the clock to stop it")
    return float(factor)
