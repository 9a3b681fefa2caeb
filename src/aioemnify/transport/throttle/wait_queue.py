"""What holds a waiting call: its queue, the queues behind one limit, and its event loop's timer."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from itertools import count, takewhile
from math import inf
from operator import attrgetter

import anyio
from attrs import Factory, define, field

from aioemnify._event_loop import Event, SingleWaiterEvent, trio_token
from aioemnify.transport.throttle.grant import Admission, Grant
from aioemnify.transport.throttle.limits import RANKS, SLACK, Limit

ANSWER_WITHIN = 0.5
"""Seconds within which a task collects its slots; after that they go to another event loop's."""

GONE_AFTER = 2.0
"""Seconds after which an event loop that does not run loses the slots of calls that are not sent yet."""

GONE_ENTRIES = 1000
"""Calls that have left which a line may keep, beside twice as many as still wait in it."""

STALE_ENTRIES = 1000
"""Outdated moments that a heap may hold before it is cleaned."""


@define(eq=False, weakref_slot=False)
class Waiter:
    """One waiting call.

    Args:
        limits: what it waits for; names its queue.
        rank: its priority.
        turn: its number in line.
        deadline: the monotonic moment after which it is of no use.
        operation: the operation's id, for errors.
        client: whose call it is.
        loop: the event loop of its task.
        again: what it asked to be admitted with.
    """

    limits: tuple[Limit, ...]
    rank: int
    turn: int
    deadline: float
    operation: str | None
    client: object
    loop: object
    again: Admission
    ahead: int = 0
    gone: bool = False
    error: Exception | None = None
    # The limit for which it is to ask a store.
    reserves: Limit | None = None
    # Known once it joins its queue: what wakes its task, since when it waits, when its task looks by itself.
    event: Event = field(init=False)
    since: float = field(init=False)
    until: float = field(init=False)


@define(eq=False)
class StoreQuestion:
    """A store that is asked for slots, for all calls that wait for a limit.

    Args:
        limit: the limit.
        waiting: how many calls wait.
        loop: the event loop that asks.
        until: when it takes so long that the loop may have stopped.
    """

    limit: Limit
    waiting: int
    loop: object
    until: float
    error: Exception | None = None

    async def ask(self) -> None:
        """Ask it."""
        try:
            await self.limit.reserve(self.waiting)
        except Exception as error:
            self.error = error


def _kind_of_event() -> Callable[[], Event]:
    return SingleWaiterEvent if trio_token() is None else type(anyio.Event())


@define(eq=False)
class LoopTimers:
    """The calls of one event loop, and which waiter owns the loop's timer.

    Attributes:
        new_event: returns the kind of event that this loop needs.
        waiters: its waiting calls.
        timer_owner: the one whose task keeps the timer for all.
        until: when that timer is due.
        given: who was given something and has not run since: ``True`` for slots, ``False`` for a store
            to ask.
        grants: those whose exchanges are not over.
        silent_since: when the loop was called, if it has not run since.
    """

    new_event: Callable[[], Event] = Factory(_kind_of_event)
    waiters: dict[Waiter, None] = Factory(dict)
    timer_owner: Waiter | None = None
    until: float = inf
    given: dict[Waiter, bool] = Factory(dict)
    grants: dict[Grant, None] = Factory(dict)
    silent_since: float = inf

    @property
    def idle(self) -> bool:
        """Say whether nothing of this loop is known here."""
        return not (self.waiters or self.given or self.grants)

    @property
    def answers_by(self) -> float:
        """Return the moment from which others go on without this loop, unless it runs before."""
        return self.silent_since + (ANSWER_WITHIN if self.given else GONE_AFTER)

    @property
    def gone_at(self) -> float:
        """Return the moment from which the calls of this loop that were not sent yet are given up."""
        return self.silent_since + GONE_AFTER

    def give(self, waiter: Waiter, now: float, *, slots: bool) -> None:
        """Note what a waiter has to run for."""
        self.given[waiter] = slots
        if now < self.silent_since:
            self.silent_since = now

    def elect(self) -> Waiter | None:
        """Choose an owner of the timer: the one that came last, for it probably waits longest."""
        self.timer_owner = next(reversed(self.waiters), None)
        return self.timer_owner

    def resign(self) -> None:
        """Let somebody else own the timer."""
        self.timer_owner, self.until = None, inf


@define(eq=False)
class WaitingQueue:
    """The calls that wait for the same limits: by rank, then in order of their turns.

    Calls that leave stay in their line until they reach its head or are many, so that leaving is
    cheap however long the line is.
    """

    limits: tuple[Limit, ...]
    held_by: Limit | None = None
    waiting: list[int] = Factory(lambda: [0] * RANKS)
    _lines: list[deque[Waiter]] = Factory(lambda: [deque() for _ in range(RANKS)])

    def __len__(self) -> int:
        return sum(self.waiting)

    def __iter__(self) -> Iterator[Waiter]:
        return (waiter for line in self._lines for waiter in line if not waiter.gone)

    def head(self, rank: int) -> Waiter:
        """Return the first of a rank that has somebody."""
        line = self._lines[rank]
        while line[0].gone:
            line.popleft()
        return line[0]

    def join(self, waiter: Waiter) -> None:
        """Add a waiter, at the end unless its turn is before that of others."""
        line = self._lines[waiter.rank]
        if not line or line[-1].turn < waiter.turn:
            line.append(waiter)
        else:
            index = bisect_left(line, waiter.turn, key=attrgetter("turn"))
            if line[index] is not waiter:  # which stands there still where it left and comes back
                line.insert(index, waiter)
        waiter.gone = False
        self.waiting[waiter.rank] += 1

    def leave(self, waiter: Waiter) -> None:
        """Remove a waiter, wherever it stands."""
        rank = waiter.rank
        waiter.gone = True
        self.waiting[rank] -= 1
        line = self._lines[rank]
        if not self.waiting[rank]:
            line.clear()
        elif len(line) > GONE_ENTRIES + 2 * self.waiting[rank]:
            self._lines[rank] = deque(other for other in line if not other.gone)

    def ahead(self, waiter: Waiter, floor: float) -> int:
        """Return how many calls are certain to go before one that joins now.

        Args:
            waiter: the one.
            floor: the minimum share of the slots of each lower rank.
        """
        rank, line = waiter.rank, self._lines[waiter.rank]
        equals = self.waiting[rank]
        if line and waiter.turn < line[-1].turn:
            before = takewhile(lambda other: other.turn < waiter.turn, line)
            equals = sum(not other.gone for other in before)
        higher = sum(self.waiting[:rank])
        if not higher or floor == 0:
            return higher + equals
        # Those of a higher rank leave it one slot in each 1 / floor.
        return min(higher + equals, int(equals / floor))

    def obstacle(self, now: float) -> Limit | None:
        """Return the limit that holds this queue up longest, if one does."""
        worst, latest, wanting = None, -inf, None
        for limit in self.limits:
            if limit.free(now):
                continue
            if limit.needs_reservation(now):
                wanting = limit
                continue
            ready = limit.ready(now)
            if worst is None or ready > latest:
                worst, latest = limit, ready
        # A store is asked only for a call that nothing else holds up: a slot that is reserved there and
        # not used is lost to all.
        return worst or wanting


@define(eq=False)
class LimitQueue:
    """The queues that one limit holds up: the higher rank first, equals in turn, nobody starved.

    A lower rank is owed a share of each slot that others get, and is served once it is owed a
    whole one.
    """

    limit: Limit
    due: float = inf
    # Who is to ask the store.
    reserving: Waiter | None = None
    _lines: list[OrderedDict[WaitingQueue, None]] = Factory(lambda: [OrderedDict() for _ in range(RANKS)])

    def __len__(self) -> int:
        return sum(len(queue) for queue in self.queues())

    def queues(self) -> set[WaitingQueue]:
        """Return the queues that it holds up."""
        return {queue for line in self._lines for queue in line}

    def add(self, queue: WaitingQueue) -> None:
        """Add a queue, behind the others."""
        self.limit.waiting += 1
        for rank in range(RANKS):
            self.update(queue, rank)

    def remove(self, queue: WaitingQueue) -> None:
        """Remove a queue."""
        self.limit.waiting -= 1
        for line in self._lines:
            line.pop(queue, None)

    def update(self, queue: WaitingQueue, rank: int) -> None:
        """Note whether a queue has calls of a rank; one that had none before goes behind the others."""
        if queue.waiting[rank]:
            self._lines[rank].setdefault(queue)
        else:
            self._lines[rank].pop(queue, None)

    def first(self) -> tuple[WaitingQueue, int]:
        """Return the queue and the rank that the next slot goes to."""
        waiting = [rank for rank in range(RANKS) if self._lines[rank]]
        rank = next((rank for rank in reversed(waiting) if self.limit.owed[rank] > 1 - 1e-9), waiting[0])
        return next(iter(self._lines[rank])), rank

    def served(self, queue: WaitingQueue, rank: int, floor: float) -> None:
        """Note who gets a slot, before it leaves its queue."""
        first = True
        for other in range(RANKS):
            if not self._lines[other]:
                self.limit.owed[other] = 0.0
            elif first:
                first, self.limit.owed[other] = False, 0.0
            else:
                self.limit.owed[other] += floor
        self.limit.owed[rank] = max(0.0, self.limit.owed[rank] - 1.0)
        self._lines[rank].move_to_end(queue)


class DueTimes:
    """When the limits that hold up queues have room: a heap in which outdated entries stay."""

    def __init__(self, limit_queues: dict[Limit, LimitQueue]) -> None:
        self._limit_queues = limit_queues
        self._pushes = count()
        self._heap: list[tuple[float, int, Limit]] = []

    def __len__(self) -> int:
        return len(self._heap)

    def first(self) -> float:
        """Return when the first limit has room for somebody."""
        while self._heap and not self._is_current(self._heap[0]):
            heappop(self._heap)
        return self._heap[0][0] if self._heap else inf

    def pop(self) -> Limit:
        """Return the limit that is due next, and forget its moment."""
        limit = heappop(self._heap)[2]
        self._limit_queues[limit].due = inf
        return limit

    def note(self, limit_queue: LimitQueue, due: float) -> None:
        """Note when a limit has room for somebody."""
        # The same moment comes out of other sums as another float; that changes nothing for who waits for it.
        if abs(due - limit_queue.due) > SLACK:
            limit_queue.due = due
            if due < inf:
                heappush(self._heap, (due, next(self._pushes), limit_queue.limit))
                if len(self._heap) > STALE_ENTRIES + 4 * len(self._limit_queues):
                    self._heap = [entry for entry in self._heap if self._is_current(entry)]
                    heapify(self._heap)

    def clear(self) -> None:
        """Forget every moment."""
        self._heap.clear()

    def _is_current(self, entry: tuple[float, int, Limit]) -> bool:
        limit_queue = self._limit_queues.get(entry[2])
        return limit_queue is not None and limit_queue.due == entry[0]
