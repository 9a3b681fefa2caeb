"""Whose turn it is: the queues of those who wait, the limits that hold them up, and who keeps the timers.

A rota belongs to a throttle and is touched only under its lock. What has to be done outside the
lock, waking tasks, is collected in ``woken``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf
from typing import TYPE_CHECKING

from aioemnify._event_loop import running_loop
from aioemnify.transport.throttle.limits import SLACK, Limit
from aioemnify.transport.throttle.wait_queue import LimitQueue, LoopTimers, Waiter, WaitingQueue

if TYPE_CHECKING:
    from aioemnify.transport.throttle.grant import Grant

STALE_ENTRIES = 1000
"""Outdated entries that the heap may hold before it is cleaned."""


class Scheduler:
    """Hands out places to those who wait.

    Args:
        floor: the share of the places that each lower priority gets at least while it waits.
        give: takes all places of a call and returns its grant.
    """

    def __init__(self, floor: float, give: Callable[[tuple[Limit, ...], float, int], Grant]) -> None:
        self.floor: float = floor
        self.queues: dict[tuple[Limit, ...], WaitingQueue] = {}
        self.limit_queues: dict[Limit, LimitQueue] = {}
        self.lookouts: dict[object, LoopTimers] = {}
        self.woken: list[Waiter] = []
        self.waits: int = 0
        self.waited: float = 0.0
        self._give = give
        self._pushes = count()
        # When the limits that hold queues up have room: a heap in which outdated entries stay.
        self._dues: list[tuple[float, int, Limit]] = []

    def join(self, limits: tuple[Limit, ...], now: float, *, rank: int, turn: int, client: object) -> Waiter:
        """Put the calling task into the queue of ``limits``."""
        loop = running_loop()
        loop_timers = self.lookouts.get(loop)
        if loop_timers is None:
            loop_timers = self.lookouts[loop] = LoopTimers()
        queue = self.queues.get(limits)
        if queue is None:
            queue = self.queues[limits] = WaitingQueue(limits)
        waiter = Waiter(queue, loop_timers, rank=rank, turn=turn, since=now, client=client)
        queue.join(waiter)
        loop_timers.waiters[waiter] = None
        if queue.limit_queue is None:
            self._park(queue, now, None)
            self.rearm()
        return waiter

    def leave(self, waiter: Waiter, now: float) -> None:
        """Let a waiter go; what it was doing for others passes to one of them."""
        queue = waiter.queue
        queue.leave(waiter)
        waiter.loop_timers.dismiss(waiter)
        if not len(queue):
            self._drop(queue)
        self.fetched(waiter, now)

    def fetched(self, waiter: Waiter, now: float) -> None:
        """End a waiter's errand to a store, and hand out what it brought."""
        if waiter.pending_reservation is not None:
            limit, waiter.pending_reservation = waiter.pending_reservation, None
            if (limit_queue := self.limit_queues.get(limit)) is not None:
                limit_queue.fetcher = None
            self.serve(limit, now)
        self.rearm()

    def look(self, waiter: Waiter, now: float) -> float:
        """Hand out what is due, and return when this waiter has to look again."""
        while self._next_due() <= now:
            limit = heappop(self._dues)[2]
            self.limit_queues[limit].due = inf
            self.serve(limit, now)
        until = self.keep(waiter)
        self.rearm()
        return until

    def keep(self, waiter: Waiter) -> float:
        """Have a waiter keep the timer of its event loop, if nobody else does, and return when it is due."""
        loop_timers = waiter.loop_timers
        if loop_timers.timer_owner is None and waiter.grant is None and waiter.pending_reservation is None:
            loop_timers.timer_owner = waiter
        if loop_timers.timer_owner is not waiter:
            return inf
        if waiter.pending_reservation is not None:
            loop_timers.timer_owner, loop_timers.until = None, inf
            return inf
        loop_timers.until = self._next_due()
        return loop_timers.until

    def queues_of(self, limit: Limit) -> list[WaitingQueue]:
        """Return the queues that a limit holds up."""
        limit_queue = self.limit_queues.get(limit)
        return [] if limit_queue is None else limit_queue.queues()

    def serve_all(self, limits: Sequence[Limit], now: float) -> None:
        """Hand out the places of several limits."""
        for limit in limits:
            if limit.waiting:
                self.serve(limit, now)

    def serve_due(self, limits: Sequence[Limit], now: float) -> None:
        """Hand out what has become free of several limits because time has passed."""
        for limit in limits:
            if limit.waiting and limit.free(now):
                self.serve(limit, now)
                # It may be free before it was due: a rate that recovers is faster than was foreseen.
                self.rearm()

    def serve(self, limit: Limit, now: float) -> None:
        """Hand out the places of one limit to those it holds up, turn by turn."""
        while limit.waiting and limit.free(now):
            limit_queue = self.limit_queues[limit]
            queue, rank = limit_queue.turn()
            obstacle = queue.obstacle(now)
            if obstacle is not None:
                self._unpark(queue)
                self._park(queue, now, obstacle)
                continue
            waiter = queue.head(rank)
            limit_queue.served(queue, rank, self.floor)
            queue.leave(waiter)
            waiter.loop_timers.dismiss(waiter)
            waiter.grant = self._give(queue.limits, now, waiter.turn)
            self.waits += 1
            self.waited += now - waiter.since
            self.woken.append(waiter)
            if not len(queue):
                self._drop(queue)
        self.watch(limit, now)

    def watch(self, limit: Limit, now: float) -> None:
        """Note when a limit that holds up queues has to be looked at again, and who asks its store."""
        while (
            limit.waiting and (limit_queue := self.limit_queues[limit]).fetcher is None and limit.wants(now)
        ):
            queue, rank = limit_queue.turn()
            obstacle = queue.obstacle(now)
            if obstacle is not None and obstacle is not limit:
                self._unpark(queue)
                self._park(queue, now, obstacle)
                continue
            limit_queue.fetcher = waiter = queue.head(rank)
            waiter.pending_reservation = limit
            self.woken.append(waiter)
        if not limit.waiting:
            return
        limit_queue = self.limit_queues[limit]
        # Never at once again: whoever serves due limits one after the other has to come to an end.
        due = max(limit.ready(now), now + SLACK)
        # The same moment comes out of other sums as another float; that is no news for whoever waits for it.
        if abs(due - limit_queue.due) > SLACK:
            limit_queue.due = due
            if due < inf:
                heappush(self._dues, (due, next(self._pushes), limit))
                if len(self._dues) > STALE_ENTRIES + 4 * len(self.queues):
                    self._dues = [entry for entry in self._dues if self._is_current(entry)]
                    heapify(self._dues)

    def rearm(self) -> None:
        """See to it that every event loop with waiters has a timer that is early enough."""
        if not self.lookouts:
            return
        due = self._next_due()
        # Whatever is allocated here may have a dead loop's task collected, which comes by here as well.
        for loop in list(self.lookouts):
            loop_timers = self.lookouts.get(loop)
            if loop_timers is None:
                continue
            if not loop_timers.waiters:
                self.lookouts.pop(loop, None)
            elif due < loop_timers.until:
                timer_owner = loop_timers.timer_owner or loop_timers.elect()
                if timer_owner is not None:
                    loop_timers.until = due
                    self.woken.append(timer_owner)

    def _next_due(self) -> float:
        dues = self._dues
        while dues and not self._is_current(dues[0]):
            heappop(dues)
        return dues[0][0] if dues else inf

    def _is_current(self, entry: tuple[float, int, Limit]) -> bool:
        limit_queue = self.limit_queues.get(entry[2])
        return limit_queue is not None and limit_queue.due == entry[0]

    def _park(self, queue: WaitingQueue, now: float, obstacle: Limit | None) -> None:
        """Put a queue behind the limit that holds it up."""
        limit = obstacle or queue.obstacle(now) or queue.limits[0]
        limit_queue = self.limit_queues.get(limit)
        if limit_queue is None:
            limit_queue = self.limit_queues[limit] = LimitQueue(limit)
        limit_queue.park(queue)
        if limit.kind == "quota":
            self.woken.extend(queue)  # nobody waits for the next month: each of them looks and gives up
        self.watch(limit, now)

    def _unpark(self, queue: WaitingQueue) -> None:
        """Take a queue from the limit that held it up."""
        limit_queue = queue.limit_queue
        if limit_queue is not None:
            limit_queue.unpark(queue)
            if not limit_queue.limit.waiting:
                del self.limit_queues[limit_queue.limit]

    def _drop(self, queue: WaitingQueue) -> None:
        """Forget a queue in which nobody waits."""
        self._unpark(queue)
        if self.queues.get(queue.limits) is queue:
            del self.queues[queue.limits]
