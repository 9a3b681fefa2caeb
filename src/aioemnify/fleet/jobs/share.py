"""The part of the window of all calls that one job may take."""

from __future__ import annotations

from collections import deque

from attrs import define, field

from aioemnify.tables.limits import LIMITS

WINDOW = LIMITS.windows[0]
"""The window of all calls of an address, of which ``window_share`` takes a part."""

_MARGIN = 0.001
"""Seconds by which a wait is longer: sums of moments are rounded, and a wait for the rest is one for ever."""


@define(eq=False)
class WindowShare:
    """Counts the calls of one job, over all its runs in this process.

    ``most`` is how many it may make in any window. Moments are those of one monotonic clock.
    """

    most: int
    _made: deque[float] = field(factory=deque, init=False)

    def book(self, now: float) -> float:
        """Count a call now and return 0; or count nothing, and return the seconds to wait."""
        self._forget(now)
        if len(self._made) < self.most:
            self._made.append(now)
            return 0.0
        return self._made[0] + WINDOW.seconds - now + _MARGIN

    def seconds(self, now: float, calls: int) -> float:
        """Return how long this many calls wait for the share, from now to the last one."""
        self._forget(now)
        # Each call waits for the one that lies ``most`` calls before it.
        windows, first = divmod(len(self._made) + calls - 1, self.most)
        began = self._made[first] - now if first < len(self._made) else 0.0
        return max(0.0, began + windows * WINDOW.seconds)

    def _forget(self, now: float) -> None:
        while self._made and self._made[0] <= now - WINDOW.seconds:
            self._made.popleft()
