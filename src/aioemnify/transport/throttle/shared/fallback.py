"""A process's share of a limit while it cannot ask the store: pure arithmetic."""

from __future__ import annotations

from bisect import bisect_right, insort
from math import ceil, inf

RESERVE = 0.05
"""The part of a window that the others may have used since this process last heard of it."""


class Slots:
    """One call in each turn of all sharers, in the slot of this process.

    Slots are laid out on the store's clock, which all of them have read, so that their calls
    come one after the other however many they are.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._last = -inf

    @property
    def apart(self) -> float:
        """Return the seconds between two slots."""
        return 1 / self._rate

    def free_at(self, at: float, *, rate: float, sharers: int, rank: int, offset: float) -> float:
        """Return the first slot at ``at`` or later.

        Args:
            at: a monotonic moment.
            rate: calls a second of all sharers at present, the documented rate or lower.
            sharers: how many take turns.
            rank: whose turn this process's is.
            offset: store time minus monotonic time.
        """
        turn = sharers / self._rate
        phase = (rank % sharers) / self._rate - offset
        # Half a slot of tolerance: the next turn, not the same slot again by a rounding.
        at = max(at, self._last + max(turn / 2, sharers / rate - turn / 2))
        return ceil((at - phase) / turn - 1e-9) * turn + phase

    def take(self, at: float) -> None:
        """Use a slot."""
        self._last = at


class WindowShare:
    """A part of what was left of a window, then a part of all of it."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._seconds = seconds
        self._uses: list[float] = []

    def free_at(self, at: float, *, sharers: int, used: float, heard_at: float) -> float:
        """Return the first moment from ``at`` on at which the share has room; ``inf`` if it never has.

        Args:
            at: a monotonic moment.
            sharers: how many have a part.
            used: what all of them had used when the store was heard the last time.
            heard_at: when that was.
        """
        whole = self._count // sharers
        left = max(0, int(self._count * (1 - RESERVE) - used)) // sharers if heard_at > -inf else whole
        turns_over = heard_at + self._seconds
        if at < turns_over:
            early = self._room_at(at, left)
            if early < turns_over:
                return early
        return self._room_at(max(at, turns_over), whole)

    def _room_at(self, at: float, count: int) -> float:
        if count < 1:
            return inf
        inside = len(self._uses) - bisect_right(self._uses, at - self._seconds)
        return at if inside < count else self._uses[-count] + self._seconds + 1e-6

    def take(self, at: float) -> None:
        """Note a use."""
        del self._uses[: bisect_right(self._uses, at - 2 * self._seconds)]
        insort(self._uses, at)

    def clear(self) -> None:
        """Forget them: the store knows them now."""
        self._uses.clear()
