"""Calls that wait for their turn: queues of them, and how one is woken from any thread."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from itertools import takewhile
from math import inf
from typing import TYPE_CHECKING

import anyio

from aioemnify._event_loop import Event, SingleWaiterEvent, asyncio_loop, trio_token

if TYPE_CHECKING:
    from aioemnify.transport.throttle.grant import Grant
    from aioemnify.transport.throttle.limits import Limit


RANKS = 3
"""Priorities there are; rank 0 goes first."""


class LimitQueue:
    """The queues held up by one limit: the higher rank first, equals in turn, nobody left out.

    A lower rank that waits is owed a share of each place that others get, and is served once a
    whole place is owed to it.
    """

    __slots__ = ("_lines", "_owed", "due", "fetcher", "limit")

    def __init__(self, limit: Limit) -> None:
        self.limit: Limit = limit
        self._lines: tuple[OrderedDict[WaitingQueue, None], ...] = tuple(OrderedDict() for _ in range(RANKS))
        self._owed: list[float] = [0.0] * RANKS
        self.due: float = inf
        self.fetcher: Waiter | None = None

    def park(self, queue: WaitingQueue) -> None:
        """Let a queue sit down."""
        queue.limit_queue = self
        self.limit.waiting += 1
        for rank in range(RANKS):
            if queue.waiting[rank]:
                self.note_arrival(queue, rank)

    def unpark(self, queue: WaitingQueue) -> None:
        """Let a queue go."""
        queue.limit_queue = None
        self.limit.waiting -= 1
        for rank in range(RANKS):
            self.note_absence(queue, rank)

    def note_arrival(self, queue: WaitingQueue, rank: int) -> None:
        """Know that a queue has somebody of that rank; it gets in line behind the other queues."""
        self._lines[rank].setdefault(queue)

    def note_absence(self, queue: WaitingQueue, rank: int) -> None:
        """Know that a queue has nobody of that rank any more."""
        self._lines[rank].pop(queue, None)

    def queues(self) -> list[WaitingQueue]:
        """Return the queues that sit here."""
        return list({queue: None for line in self._lines for queue in line})

    def turn(self) -> tuple[WaitingQueue, int]:
        """Return the queue and the rank that the next place goes to."""
        waiting = [rank for rank in range(RANKS) if self._lines[rank]]
        rank = next((rank for rank in reversed(waiting) if self._owed[rank] > 1 - 1e-9), waiting[0])
        return next(iter(self._lines[rank])), rank

    def served(self, queue: WaitingQueue, rank: int, floor: float) -> None:
        """Note who got a place, before the one who got it leaves its queue."""
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


GONE_ENTRIES = 1000
"""Calls that gave up which a line may hold beside as many as twice those that wait, before it is cleaned."""


class Waiter:
    """One call in a queue. Whoever hands out a place gives it the grant and wakes it."""

    __slots__ = (
        "client",
        "error",
        "event",
        "gone",
        "grant",
        "loop_timers",
        "pending_reservation",
        "queue",
        "rank",
        "since",
        "turn",
    )

    def __init__(
        self,
        queue: WaitingQueue,
        loop_timers: LoopTimers,
        *,
        rank: int,
        turn: int,
        since: float,
        client: object,
    ) -> None:
        self.queue: WaitingQueue = queue
        self.loop_timers: LoopTimers = loop_timers
        self.client: object = client
        self.rank: int = rank
        self.turn: int = turn
        self.since: float = since
        self.grant: Grant | None = None
        self.error: Exception | None = None
        self.gone: bool = False
        self.pending_reservation: Limit | None = None
        self.event: Event = loop_timers.new_event()

    def wake(self) -> None:
        """Let the waiting task run.

        Raises:
            RuntimeError: its event loop is closed, so the task is gone without a word.
        """
        self.loop_timers.rouse(self.event)


class LoopTimers:
    """The waiters of one event loop, and which of them keeps the timer for all.

    A timer needs a task that lives in the loop. One waiter of each loop keeps it, so that no loop
    depends on another's being prompt, and the places due are handed out by whichever is first.
    """

    __slots__ = ("_entry", "_thread", "new_event", "timer_owner", "until", "waiters")

    def __init__(self) -> None:
        """Look after the loop that runs now."""
        token = trio_token()
        self._thread = threading.get_ident()
        self._entry: Callable[[Callable[[], object]], object] = (
            asyncio_loop().call_soon_threadsafe if token is None else token.run_sync_soon
        )
        # What an event is in this kind of loop, found out once: every waiter needs one.
        self.new_event: Callable[[], Event] = SingleWaiterEvent if token is None else type(anyio.Event())
        self.waiters: dict[Waiter, None] = {}
        self.timer_owner: Waiter | None = None
        self.until: float = inf

    def rouse(self, event: Event) -> None:
        """Set an event of this loop."""
        if threading.get_ident() == self._thread:
            event.set()
        else:
            self._entry(event.set)

    def elect(self) -> Waiter | None:
        """Make somebody the keeper: of those with time for it the last, who will wait longest."""
        self.timer_owner = next(
            (waiter for waiter in reversed(self.waiters) if waiter.pending_reservation is None), None
        )
        return self.timer_owner

    def dismiss(self, waiter: Waiter) -> None:
        """Forget a waiter that has what it waited for, or does not wait any more."""
        self.waiters.pop(waiter, None)
        if self.timer_owner is waiter:
            self.timer_owner, self.until = None, inf


class WaitingQueue:
    """The calls that wait for the same limits: by rank, and first come, first served within one.

    Those that gave up stay in place until they reach the head or are many, so that leaving costs
    next to nothing however many wait.
    """

    __slots__ = ("_lines", "limit_queue", "limits", "waiting")

    def __init__(self, limits: tuple[Limit, ...]) -> None:
        self.limits: tuple[Limit, ...] = limits
        self.limit_queue: LimitQueue | None = None
        self.waiting: list[int] = [0] * RANKS
        self._lines: list[deque[Waiter]] = [deque() for _ in range(RANKS)]

    def __len__(self) -> int:
        return sum(self.waiting)

    def __iter__(self) -> Iterator[Waiter]:
        return (waiter for line in self._lines for waiter in line if not waiter.gone)

    def head(self, rank: int) -> Waiter:
        """Return the first of a rank that still waits; there is one."""
        line = self._lines[rank]
        while line[0].gone:
            line.popleft()
        return line[0]

    def join(self, waiter: Waiter) -> None:
        """Put a waiter behind those whose turn is before its own, which is at the end for a new one."""
        line = self._lines[waiter.rank]
        if line and waiter.turn < line[-1].turn:
            place = next(place for place, other in enumerate(line) if other.turn > waiter.turn)
            line.insert(place, waiter)
        else:
            line.append(waiter)
        self.waiting[waiter.rank] += 1
        if self.limit_queue is not None and self.waiting[waiter.rank] == 1:
            self.limit_queue.note_arrival(self, waiter.rank)

    def leave(self, waiter: Waiter) -> None:
        """Let a waiter go, wherever it stands."""
        if waiter.gone:
            return
        waiter.gone = True
        rank = waiter.rank
        self.waiting[rank] -= 1
        line = self._lines[rank]
        if not self.waiting[rank]:
            line.clear()
            if self.limit_queue is not None:
                self.limit_queue.note_absence(self, rank)
        elif len(line) > GONE_ENTRIES + 2 * self.waiting[rank]:
            self._lines[rank] = deque(other for other in line if not other.gone)

    def ahead(self, rank: int, floor: float, turn: int | None = None) -> int:
        """Return how many surely get their places before one who joins now.

        Args:
            rank: its rank.
            floor: the share of the places that each lower rank gets at least.
            turn: where it stood before; ``None`` for a newcomer, who joins at the end.
        """
        equals = self.waiting[rank]
        if turn is not None:
            line = takewhile(lambda other: other.turn < turn, self._lines[rank])
            equals = sum(not other.gone for other in line)
        higher = sum(self.waiting[:rank])
        if not higher or floor == 0:
            return higher + equals
        # Those of a higher rank leave it a place in each 1 / floor.
        return min(higher + equals, int(equals / floor))

    def obstacle(self, now: float) -> Limit | None:
        """Return the limit that holds this queue up longest, if one does."""
        worst, latest, wanting = None, -inf, None
        for limit in self.limits:
            if limit.free(now):
                continue
            if limit.wants(now):
                wanting = limit
                continue
            ready = limit.ready(now)
            if worst is None or ready > latest:
                worst, latest = limit, ready
        # A store is asked only for a call that nothing else holds up: a place that is booked and not
        # used is lost to all.
        return worst or wanting
