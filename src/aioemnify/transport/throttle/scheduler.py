"""Whose turn it is: the queues of those who wait, the benches they sit on, and who keeps the timers.

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
from aioemnify.transport.throttle.wait_queue import LoopTimers, Waiter, WaitingQueue

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
        if queue.bench is None:
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
            limit.bench.fetcher = None
            self.serve(limit, now)
        self.rearm()

    def look(self, waiter: Waiter, now: float) -> float:
        """Hand out what is due, and return when this waiter has to look again."""
        while self._next_due() <= now:
            limit = heappop(self._dues)[2]
            limit.bench.due = inf
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

    def serve_all(self, limits: Sequence[Limit], now: float) -> None:
        """Hand out the places of several limits."""
        for limit in limits:
            if limit.bench.parked:
                self.serve(limit, now)

    def serve_due(self, limits: Sequence[Limit], now: float) -> None:
        """Hand out what has become free of several limits because time has passed."""
        for limit in limits:
            if limit.bench.parked and limit.free(now):
                self.serve(limit, now)
                # It may be free before it was due: a rate that recovers is faster than was foreseen.
                self.rearm()

    def serve(self, limit: Limit, now: float) -> None:
        """Hand out the places of one limit to those it holds up, turn by turn."""
        bench = limit.bench
        while bench.parked and limit.free(now):
            queue, rank = bench.turn()
            obstacle = queue.obstacle(now)
            if obstacle is not None:
                bench.unpark(queue)
                self._park(queue, now, obstacle)
                continue
            waiter = queue.head(rank)
            bench.served(queue, rank, self.floor)
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
        """Note when a limit with a bench has to be looked at again, and who asks its store."""
        bench = limit.bench
        while bench.parked and bench.fetcher is None and limit.wants(now):
            queue, rank = bench.turn()
            obstacle = queue.obstacle(now)
            if obstacle is not None and obstacle is not limit:
                bench.unpark(queue)
                self._park(queue, now, obstacle)
                continue
            bench.fetcher = waiter = queue.head(rank)
            waiter.pending_reservation = limit
            self.woken.append(waiter)
        if not bench.parked:
            return
        # Never at once again: whoever serves due limits one after the other has to come to an end.
        due = max(limit.ready(now), now + SLACK)
        # The same moment comes out of other sums as another float; that is no news for whoever waits for it.
        if abs(due - bench.due) > SLACK:
            bench.due = due
            if due < inf:
                heappush(self._dues, (due, next(self._pushes), limit))
                if len(self._dues) > STALE_ENTRIES + 4 * len(self.queues):
                    self._dues = [entry for entry in self._dues if entry[0] == entry[2].bench.due]
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
        while dues and dues[0][0] != dues[0][2].bench.due:
            heappop(dues)
        return dues[0][0] if dues else inf

    def _park(self, queue: WaitingQueue, now: float, obstacle: Limit | None) -> None:
        """Seat a queue on the bench of the limit that holds it up."""
        limit = obstacle or queue.obstacle(now) or queue.limits[0]
        limit.bench.park(queue)
        if limit.kind == "quota":
            self.woken.extend(queue)  # nobody waits for the next month: each of them looks and gives up
        self.watch(limit, now)

    def _drop(self, queue: WaitingQueue) -> None:
        """Forget a queue in which nobody waits."""
        if queue.bench is not None:
            queue.bench.unpark(queue)
        if self.queues.get(queue.limits) is queue:
            del self.queues[queue.limits]
