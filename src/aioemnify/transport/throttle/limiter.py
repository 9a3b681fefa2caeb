"""Admission: a call takes all of its limits together, or none of them and waits.

Calls that meet the same limits stand in one queue: by priority, and first come, first served
within one. A queue stands behind the limit that holds it up. Places are handed out
whenever something changes, by whoever changed it, to those whom it concerns; beyond
that, one waiter of each event loop keeps a timer for the next moment at which a limit is sure
to have room. A waiter holds nothing while it waits, so cancelling one costs nothing.

The state may be shared by clients in several event loops and threads: it is guarded by a
lock that is never held across an await, and waiters are woken through their own loop.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from itertools import count
from math import inf
from typing import TYPE_CHECKING, get_args

from aioemnify.clock import Clock
from aioemnify.errors import ClientStateError
from aioemnify.options import Priority, Wait
from aioemnify.transport.throttle.adaptive import Refusal, learn
from aioemnify.transport.throttle.deadline import announce, refuse_hopeless, reset_date
from aioemnify.transport.throttle.estimate import forecast
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limits import SLACK, Limit
from aioemnify.transport.throttle.scheduler import Scheduler
from aioemnify.transport.throttle.wait_queue import Waiter
from aioemnify.transport.throttle.windows import next_month

if TYPE_CHECKING:
    from aioemnify.transport.throttle.snapshot import ThrottleSnapshot

RANK: dict[str, int] = {priority: rank for rank, priority in enumerate(get_args(Priority))}


class Change:
    """What others wait for changes inside, under the lock; those it concerns are woken at the end.

    Nobody is woken under the lock: to wake a task whose loop is gone can finalise that task on
    the spot, and its own leaving needs the lock. One object serves all changes: it keeps nothing.
    """

    __slots__ = ("_lock", "_scheduler", "_throttle")

    def __init__(self, throttle: Limiter, lock: threading.RLock, scheduler: Scheduler) -> None:
        self._throttle = throttle
        self._lock = lock
        self._scheduler = scheduler

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        scheduler, woken = self._scheduler, None
        if scheduler.woken:
            woken, scheduler.woken = scheduler.woken, []
        self._lock.release()
        if woken:
            self._throttle.wake(woken)


class Limiter:
    """Lets calls through as soon as the server surely agrees, and counts what it did.

    Args:
        clock: where the time comes from.
        floor: the share of the places that each lower priority gets at least while it waits.
        adapt: whether a refusal lowers the rate of the limit it came from.
    """

    def __init__(self, clock: Clock, *, floor: float = 0.1, adapt: bool = True) -> None:
        self._clock = clock
        self._adapt = adapt
        # Re-entrant: a collected task of a dead loop, or a signal handler, may come in at any allocation.
        self._lock = threading.RLock()
        self._turns = count()
        self._scheduler = Scheduler(floor, self._grant)
        self._changing = Change(self, self._lock, self._scheduler)
        self._calls = 0
        self._refused = 0

    async def admit(
        self,
        limits: tuple[Limit, ...],
        *,
        deadline: float = inf,
        operation: str | None = None,
        priority: Priority = "normal",
        turn: int | None = None,
        client: object = None,
        on_wait: Callable[[Wait], None] | None = None,
    ) -> Grant:
        """Wait until every one of ``limits`` has room, take them all, and return the grant.

        Args:
            limits: the limits of the call; the same tuple always stands in the same queue.
            deadline: the monotonic moment after which the caller has no use for the call.
            operation: the operation's id, for errors.
            priority: ``interactive`` goes before ``normal``, and that before ``bulk``.
            turn: ``Grant.turn`` of an earlier admission whose call was refused: it stands where it stood.
            client: whose call it is, for ``dismiss``.
            on_wait: is told before the call waits; what it raises is raised here.

        Raises:
            ThrottleError: the wait is known to end after ``deadline``.
            QuotaExhaustedError: the month's quota is used up.
            ClientStateError: the client was closed meanwhile.
        """
        with self._lock:
            now = self._clock.monotonic()
            if now < deadline:
                for limit in limits:
                    if limit.waiting or not limit.free(now):
                        break
                else:
                    return self._grant(limits, now, next(self._turns) if turn is None else turn)
        told = None
        with self._changing:
            now = self._clock.monotonic()
            # Those who wait have the first claim on what has become free since anybody looked.
            self._scheduler.serve_due(limits, now)
            rank, queue = RANK[priority], self._scheduler.queues.get(limits)
            ahead = 0 if queue is None else queue.ahead(rank, self._scheduler.floor, turn)
            refuse_hopeless(limits, self._clock, now, ahead, deadline, operation)
            place = next(self._turns) if turn is None else turn
            if queue is None and all(limit.free(now) for limit in limits):
                return self._grant(limits, now, place)
            waiter = self._scheduler.join(limits, now, rank=rank, turn=place, client=client)
            until = min(self._scheduler.keep(waiter), deadline)
            if on_wait is not None:
                told = announce(limits, now, ahead, operation, priority)
        try:
            if on_wait is not None and told is not None:
                on_wait(told)
            while True:
                if waiter.error is not None:
                    raise waiter.error
                if waiter.grant is not None:
                    return waiter.grant
                if until == inf and waiter.pending_reservation is None:
                    await waiter.event.wait()
                else:
                    await self._attend(waiter, until)
                if waiter.grant is None:
                    until = self._look(waiter, deadline, operation)
        except BaseException:
            self._abandon(waiter)
            raise

    async def _attend(self, waiter: Waiter, until: float) -> None:
        """Wait with an eye on the time; or, where the waiter was chosen for it, ask a store for places."""
        errand = waiter.pending_reservation
        if errand is None:
            # Never less: sums of floats must not make an event loop of another origin stand still.
            await self._clock.wait(waiter.event, max(until - self._clock.monotonic(), SLACK))
            return
        with self._lock:
            waiting = sum(len(queue) for queue in self._scheduler.queues_of(errand))
        await errand.fetch(waiting)
        with self._changing:
            self._scheduler.fetched(waiter, self._clock.monotonic())

    def _look(self, waiter: Waiter, deadline: float, operation: str | None) -> float:
        """Let a waiter that was woken see what is due; return when it has to look again."""
        with self._changing:
            now = self._clock.monotonic()
            until = self._scheduler.look(waiter, now)
            if waiter.grant is None:
                refuse_hopeless(waiter.queue.limits, self._clock, now, 0, deadline, operation)
            if waiter.event.is_set():
                waiter.event = waiter.loop_timers.new_event()
        return min(until, deadline)

    def wake(self, woken: list[Waiter]) -> None:
        """Let tasks run; never under the lock."""
        for waiter in woken:
            try:
                waiter.wake()
            except RuntimeError:
                # Its event loop is closed: the task is gone and will never leave by itself.
                self._abandon(waiter)

    def _grant(self, limits: tuple[Limit, ...], now: float, turn: int) -> Grant:
        for limit in limits:
            limit.take(now)
        self._calls += 1
        return Grant(self, limits, turn)

    def _abandon(self, waiter: Waiter) -> None:
        """Let a waiter go that was cancelled or refused, perhaps in the very moment of its grant."""
        with self._changing:
            now = self._clock.monotonic()
            grant = waiter.grant
            if grant is not None and not grant.over:
                grant.over = True
                self._untake(grant, now)
            self._scheduler.leave(waiter, now)

    def resets_at(self, wait: float) -> datetime:
        """Return the date on which the month's quota is free again, when that is ``wait`` seconds away."""
        return reset_date(self._clock.wall(), wait)

    def note_sent(self, grant: Grant) -> None:
        """Book that a call is being sent."""
        with self._changing:
            now = self._clock.monotonic()
            grant.sent_at = now
            for limit in grant.limits:
                limit.sent(now)
            self._watch(grant, now)

    def note_headers(self, grant: Grant) -> None:
        """Book that the answer to a call has come."""
        sent_at = grant.sent_at
        if sent_at is None:
            return
        with self._changing:
            now = self._clock.monotonic()
            grant.answered = True
            for limit in grant.limits:
                limit.headers_received(now, sent_at)
            self._watch(grant, now, answered=True)

    def note_end(self, grant: Grant) -> None:
        """Book that an exchange is over, whether or not it was ever sent."""
        with self._changing:
            now = self._clock.monotonic()
            grant.over = True
            if grant.sent_at is None:
                self._untake(grant, now)
                return
            # A call given up unanswered may still be on its way: it lands when its transit time is over.
            for limit in grant.limits:
                limit.ended(now)
            self._watch(grant, now)

    def _watch(self, grant: Grant, now: float, *, answered: bool = False) -> None:
        """Let those who wait profit from a change in a grant's limits.

        Only an answer brings the moment forward at which a limit has room. Where that moment is known,
        neither a departure nor an end changes it, and the timer for it runs.
        """
        changed = False
        for limit in grant.limits:
            if limit.waiting and (answered or self._scheduler.limit_queues[limit].due == inf):
                self._scheduler.serve(limit, now)
                changed = True
        if changed:
            self._scheduler.rearm()

    def _untake(self, grant: Grant, now: float) -> None:
        for limit in grant.limits:
            limit.untake(now)
        self._calls -= 1
        self._scheduler.serve_all(grant.limits, now)
        self._scheduler.rearm()

    def refused(self, grant: Grant, retry_after: float | None) -> Refusal:
        """Learn from a 429: pause the limit it most likely came from, and lower its rate."""
        with self._lock:
            self._refused += 1
            now, wall = self._clock.monotonic(), self._clock.wall()
            month_left = next_month(wall).timestamp() - wall
            return learn(grant.limits, retry_after, now, month_left=month_left, adapt=self._adapt)

    def dismiss(self, limit: Limit, message: str, *, client: object = None) -> None:
        """Turn away those who wait for ``limit``, with ``ClientStateError``.

        Args:
            limit: the limit.
            message: what they are told.
            client: whose calls; ``None`` means everybody's.
        """
        with self._changing:
            for queue in self._scheduler.queues.values():
                if limit in queue.limits:
                    for waiter in queue:
                        if client is None or waiter.client is client:
                            waiter.error = ClientStateError(message)
                            self._scheduler.woken.append(waiter)

    def snapshot(self, limits: list[Limit]) -> ThrottleSnapshot:
        """Return the counters and how each of ``limits`` stands."""
        from aioemnify.transport.throttle.snapshot import LimitUse, ThrottleSnapshot

        with self._lock:
            now = self._clock.monotonic()
            waiting: dict[Limit, int] = {}
            for queue in self._scheduler.queues.values():
                for limit in queue.limits:
                    waiting[limit] = waiting.get(limit, 0) + len(queue)
            return ThrottleSnapshot(
                calls=self._calls,
                waits=self._scheduler.waits,
                waited_seconds=self._scheduler.waited,
                refused=self._refused,
                queued=sum(len(queue) for queue in self._scheduler.queues.values()),
                limits=tuple(LimitUse.of(limit, now, waiting.get(limit, 0)) for limit in limits),
            )

    def forecast(
        self, limits: tuple[Limit, ...], calls: int, priority: Priority, exchange: float | None
    ) -> tuple[float, Limit | None]:
        """Return the seconds until the last of ``calls`` more has its place, and what decides that.

        Args:
            limits: the limits each of them meets.
            calls: how many.
            priority: theirs; the waiting calls that go before them are counted.
            exchange: the seconds an exchange takes, where known.
        """
        with self._lock:
            now = self._clock.monotonic()
            rank = RANK[priority]
            ahead = dict.fromkeys(limits, 0)
            for queue in self._scheduler.queues.values():
                before = sum(queue.waiting[: rank + 1])
                for limit in queue.limits:
                    if limit in ahead:
                        # Queues that share a limit take turns.
                        ahead[limit] += before if queue.limits == limits else min(before, calls)
            moment, decisive = forecast(limits, now, ahead, calls, exchange)
            return moment - now, decisive
