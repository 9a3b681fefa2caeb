"""A process's share of a window while it cannot ask the store: pure arithmetic."""

from __future__ import annotations

from bisect import bisect_right, insort
from math import inf

from aioemnify.transport.throttle.limits import SLACK
from aioemnify.transport.throttle.shared import WINDOW_RESERVE


class WindowShare:
    """A part of what was left of a window, then a part of all of it."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._seconds = seconds
        self._uses: list[float] = []

    def free_at(self, at: float, *, sharers: int, used: float, heard_at: float) -> float:
        """Return the first moment from ``at`` on at which the share has room.

        Args:
            at: a monotonic moment.
            sharers: how many have a part.
            used: what all of them had used when the store answered last.
            heard_at: when that was.
        """
        whole = max(1, self._count // sharers)
        turns_over = heard_at + self._seconds
        if at < turns_over:
            early = self._room_at(at, int(self._count * (1 - WINDOW_RESERVE) - used) // sharers)
            if early < turns_over:
                return early
        return self._room_at(max(at, turns_over), whole)

    def _room_at(self, at: float, count: int) -> float:
        if count < 1:
            return inf
        inside = len(self._uses) - bisect_right(self._uses, at - self._seconds)
        return at if inside < count else self._uses[-count] + self._seconds + SLACK

    def take(self, at: float) -> None:
        """Note a use."""
        del self._uses[: bisect_right(self._uses, at - 2 * self._seconds)]
        insort(self._uses, at)

    def clear(self) -> None:
        """Forget them: the store knows them now."""
        self._uses.clear()
