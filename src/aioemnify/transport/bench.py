"""Where queues sit whose next call is held up by one and the same limit, and whose turn it is.

Every limit has a bench. A queue sits on that of the limit which holds it up at the moment, so a
place that becomes free concerns nobody but those on its own bench.
"""

from __future__ import annotations

from collections import OrderedDict
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aioemnify.transport.waiters import Waiter, WaitingQueue

RANKS = 3
"""Priorities there are; rank 0 goes first."""


class Bench:
    """The queues held up by one limit: the higher rank first, equals in turn, nobody left out.

    A lower rank that waits is owed a share of each place that others get, and is served once a
    whole place is owed to it.
    """

    __slots__ = ("_lines", "_owed", "due", "fetcher", "parked")

    def __init__(self) -> None:
        self._lines: tuple[OrderedDict[WaitingQueue, None], ...] | None = None
        self._owed: list[float] = [0.0] * RANKS
        self.parked: int = 0
        self.due: float = inf
        self.fetcher: Waiter | None = None

    def park(self, queue: WaitingQueue) -> None:
        """Let a queue sit down."""
        queue.bench = self
        self.parked += 1
        for rank in range(RANKS):
            if queue.waiting[rank]:
                self.note_arrival(queue, rank)

    def unpark(self, queue: WaitingQueue) -> None:
        """Let a queue go."""
        queue.bench = None
        self.parked -= 1
        if not self.parked:
            self.due = inf
        for rank in range(RANKS):
            self.note_absence(queue, rank)

    def note_arrival(self, queue: WaitingQueue, rank: int) -> None:
        """Know that a queue has somebody of that rank; it gets in line behind the other queues."""
        if self._lines is None:
            self._lines = tuple(OrderedDict() for _ in range(RANKS))
        self._lines[rank].setdefault(queue)

    def note_absence(self, queue: WaitingQueue, rank: int) -> None:
        """Know that a queue has nobody of that rank any more."""
        if self._lines is not None:
            self._lines[rank].pop(queue, None)

    def queues(self) -> list[WaitingQueue]:
        """Return the queues that sit here."""
        return list({queue: None for line in self._lines or () for queue in line})

    def turn(self) -> tuple[WaitingQueue, int]:
        """Return the queue and the rank that the next place goes to."""
        assert self._lines is not None
        waiting = [rank for rank in range(RANKS) if self._lines[rank]]
        rank = next((rank for rank in reversed(waiting) if self._owed[rank] > 1 - 1e-9), waiting[0])
        return next(iter(self._lines[rank])), rank

    def served(self, queue: WaitingQueue, rank: int, floor: float) -> None:
        """Note who got a place, before the one who got it leaves its queue."""
        assert self._lines is not None
        first = True
        for other in range(RANKS):
            if not self._lines[other]:
                self._owed[other] = 0.0
            elif first:
                first, self._owed[other] = False, 0.0
            else:
                self._owed[other] += floor
        self._owed[rank] = max(0.0, self._owed[rank] - 1.0)
        self._lines[rank].move_to_end(queue)
