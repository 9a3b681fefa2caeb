"""Admission: a call takes a slot in all of its limits together, or in none of them and waits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from itertools import count
from math import inf
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from aioemnify._event_loop import BackgroundTasks, Event, call_soon, running_loop
from aioemnify.clock import Clock, next_month
from aioemnify.errors import ClientStateError, Phase, TimeoutError
from aioemnify.options import Priority
from aioemnify.transport.throttle.deadline import describe_wait, reject_hopeless
from aioemnify.transport.throttle.estimate import forecast
from aioemnify.transport.throttle.grant import Grant, WaitHook
from aioemnify.transport.throttle.limits import SLACK, ConcurrencyLimit, Limit
from aioemnify.transport.throttle.scheduler import Scheduler
from aioemnify.transport.throttle.too_many_requests import Refusal, learn
from aioemnify.transport.throttle.wait_queue import StoreQuestion, Waiter

if TYPE_CHECKING:
    from aioemnify.transport.throttle.snapshot import ThrottleSnapshot

RANK: dict[str, int] = {priority: rank for rank, priority in enumerate(get_args(Priority))}


T = TypeVar("T")
S = TypeVar("S")


def change(make: Callable[[Limiter, float, S], T]) -> Callable[[Limiter, S], T | None]:
    """Turn a method into one that makes its change under the lock, then wakes the tasks it concerns.

    The method is called with the present moment. A finaliser or a signal handler may interrupt
    another change of its own thread: then its change is made after that one, and returns nothing
    here. No task is woken under the lock: waking calls into event loops, which have locks of their own.
    """

    @wraps(make)
    def locked(self: Limiter, subject: S) -> T | None:
        scheduler = self.scheduler
        woken: Sequence[tuple[object, Event | None]] = ()
        try:
            with self._lock:
                if self._changing:
                    self._deferred.append((make, subject))
                    return None
                self._changing = True
                try:
                    return make(self, self._clock.monotonic(), subject)
                finally:
                    self._changing = False
                    if self._deferred:
                        self._catch_up()
                    if scheduler.woken:
                        woken, scheduler.woken = scheduler.woken, []
        finally:
            if woken:
                self.wake(woken)

    return locked


class Limiter:
    """Lets calls through as soon as the server is certain to accept them, and counts what it did.

    Args:
        clock: where the time comes from.
        floor: the minimum share of the slots of each lower priority while it waits.
        adapt: whether a 429 lowers the rate of the limit it came from.
    """

    def __init__(self, clock: Clock, *, floor: float = 0.1, adapt: bool = True) -> None:
        self.scheduler: Scheduler = Scheduler(floor)
        # They use stores, and end before their event loop closes its stores.
        self.background: BackgroundTasks = BackgroundTasks()
        self._clock = clock
        self._adapt = adapt
        # Re-entrant: a finaliser or a signal handler may come in at any moment.
        self._lock = threading.RLock()
        self._changing = False
        self._deferred: deque[tuple[Callable[[Limiter, float, Any], object], object]] = deque()
        self._turns = count()
        self._refused = 0

    async def admit(
        self,
        limits: tuple[Limit, ...],
        deadline: float = inf,
        operation: str | None = None,
        priority: Priority = "normal",
        turn: int | None = None,
        client: object = None,
        on_wait: WaitHook | None = None,
    ) -> Grant:
        """Wait until every one of ``limits`` has a free slot, take them all, and return the grant.

        Args:
            limits: the limits of the call; the same tuple always waits in the same queue.
            deadline: the monotonic moment after which the caller has no use for the call.
            operation: the operation's id, for errors.
            priority: ``interactive`` goes before ``normal``, and that before ``bulk``.
            turn: ``Grant.turn`` of an earlier admission whose call was refused: it keeps that turn.
            client: whose call it is, for ``dismiss``.
            on_wait: is called before the call waits; what it raises is raised here. What it returns is
                called after the wait.

        Raises:
            ThrottleError: the wait is known to end after ``deadline``.
            QuotaExhaustedError: the month's quota is used up.
            ClientStateError: the client was closed meanwhile.
        """
        loop, grant = running_loop(), None
        turn = next(self._turns) if turn is None else turn
        again = (limits, deadline, operation, priority, turn, client, on_wait)
        with self._lock:
            self._changing = True
            try:
                now = self._clock.monotonic()
                if now < deadline and self._take(limits, now):
                    grant = Grant(self, limits, turn, loop, deadline, operation, again)
                    self.scheduler.open(grant, now)
            finally:
                self._changing = False
        self._make_deferred()
        if grant is not None:
            return grant
        waiter = Waiter(limits, RANK[priority], turn, deadline, operation, client, loop, again)
        grant = self._enter(waiter)
        if grant is not None:
            return grant
        after_wait: Callable[[], None] | None = None
        try:
            if on_wait is not None:
                with self._undisturbed():
                    wait = describe_wait(limits, self._clock.monotonic(), waiter.ahead, operation, priority)
                after_wait = on_wait(wait)
            while grant is None:
                if waiter.reserves is not None:
                    self._ask_store(waiter)
                elif waiter.until == inf:
                    await waiter.event.wait()
                else:
                    # Never less: sums of floats must not make an event loop of another origin stand still.
                    seconds = max(waiter.until - self._clock.monotonic(), SLACK)
                    await self._clock.wait(waiter.event, seconds)
                grant = self._look(waiter)
            return grant
        except BaseException:
            self._do(partial(self.scheduler.leave, waiter))
            raise
        finally:
            if after_wait is not None:
                try:
                    after_wait()
                except BaseException:
                    if grant is not None:  # nobody else would give its slots back
                        grant.end()
                    raise

    def _ask_store(self, waiter: Waiter) -> None:
        """Ask a store for slots for all calls in line, in a task of its own: each of them may leave."""
        scheduler = self.scheduler
        question: StoreQuestion | None = self._do(partial(scheduler.begin_reservation, waiter))
        if question is not None:
            ended = partial(self._do, partial(scheduler.end_reservation, question))
            self.background.start(question.ask, ended, "aioemnify: ask the store for slots")

    @contextmanager
    def _undisturbed(self) -> Iterator[None]:
        """Take the lock to read or count; changes that come in meanwhile are made afterwards."""
        with self._lock:
            before, self._changing = self._changing, True
            try:
                yield
            finally:
                self._changing = before
        self._make_deferred()

    def _make_deferred(self) -> None:
        if self._deferred and not self._changing:
            self._do(lambda now: None)

    def _catch_up(self) -> None:
        """Make the changes that came in between."""
        self._changing = True
        try:
            while self._deferred:
                make, subject = self._deferred.popleft()
                make(self, self._clock.monotonic(), subject)
        finally:
            self._changing = False

    def wake(self, woken: Sequence[tuple[object, Event | None]]) -> None:
        """Set events, or ask event loops whether they run."""
        try:
            running: object = running_loop()
        except RuntimeError:
            running = None
        for loop, event in woken:
            callback = event.set if event else partial(self._do, partial(self.scheduler.answered, loop))
            try:
                if loop is running:
                    callback()
                else:
                    call_soon(loop, callback)
            except RuntimeError:
                # The event loop is closed: none of its tasks will ever run or leave by itself.
                self._do(partial(self.scheduler.pass_over, loop, closed=True))

    @change
    def _do(self, now: float, action: Callable[[float], Any]) -> Any:
        return action(now)

    @change
    def _enter(self, now: float, waiter: Waiter) -> Grant | None:
        """Let a call wait, unless it gets its grant after all."""
        scheduler, limits = self.scheduler, waiter.limits
        scheduler.check_others(waiter.loop, now)
        # Those who wait have the first claim on what has become free since anybody looked.
        scheduler.serve_due(limits, now)
        queue = scheduler.queues.get(limits)
        if queue is not None:
            waiter.ahead = queue.ahead(waiter, scheduler.floor)
        reject_hopeless(limits, self._clock, now, waiter.ahead, waiter.deadline, waiter.operation)
        if queue is None and self._take(limits, now):
            return self._granted(waiter, now)
        scheduler.join(waiter, now)
        return None

    @change
    def _look(self, now: float, waiter: Waiter) -> Grant | None:
        """Let a waiter that runs see whether it has its slots, and else when it has to look again."""
        if waiter.error is not None:
            raise waiter.error
        if self.scheduler.look(waiter, now):
            return self._granted(waiter, now)
        reject_hopeless(waiter.limits, self._clock, now, 0, waiter.deadline, waiter.operation)
        return None

    def _take(self, limits: tuple[Limit, ...], now: float) -> bool:
        """Take a slot in every limit, if each has one that nobody waits for."""
        for limit in limits:
            if limit.waiting or not limit.free(now):
                return False
        for limit in limits:
            limit.take(now)
        if self.scheduler.probes:
            self.scheduler.probe(limits, now)
        return True

    def _granted(self, waiter: Waiter, now: float) -> Grant:
        """Note that a waiter has its slots now."""
        grant = Grant(
            self, waiter.limits, waiter.turn, waiter.loop, waiter.deadline, waiter.operation, waiter.again
        )
        self.scheduler.open(grant, now)
        return grant

    def may_send(self, grant: Grant, phase: Phase) -> bool:
        """Return whether the slots of a grant are good for a request that leaves now.

        Raises:
            TimeoutError: the deadline of the call has passed.
        """
        now = self._clock.monotonic()
        if now >= grant.deadline:
            text = f"{grant.operation or 'the call'} was not sent: its deadline passed before its first byte"
            raise TimeoutError(text, phase=phase, operation=grant.operation)
        if grant.revoked:
            return False
        for limit in grant.limits:
            if limit.kind == "store":
                return not limit.is_late(now)
        return True

    @change
    def note_sent(self, now: float, grant: Grant) -> None:
        """Count that the request of a grant is being sent."""
        if grant.sent_at is None:
            if grant.revoked:
                self.scheduler.retake(grant, now)
            grant.sent_at = now
            for limit in grant.limits:
                limit.sent(now)
            self.scheduler.changed(grant.limits, now)

    @change
    def note_headers(self, now: float, grant: Grant) -> None:
        """Count that the answer to a grant's request has come."""
        sent_at = grant.sent_at
        if sent_at is not None:
            for limit in grant.limits:
                limit.headers_received(now, sent_at)
            self.scheduler.changed(grant.limits, now, answered=True)

    @change
    def note_end(self, now: float, grant: Grant) -> None:
        """Count that a grant is over; if its request was never sent, its slots are free again."""
        if not grant.revoked:
            self.scheduler.close(grant, now)

    def refused(self, grant: Grant, retry_after: float | None, *, date: float | None = None) -> Refusal:
        """Learn from a 429: pause the limit it most likely came from, and lower its rate.

        Args:
            grant: the grant of the refused call.
            retry_after: seconds that the server asks to wait; ``None`` if it does not say.
            date: the server's time in seconds since the epoch, where it is known.
        """
        with self._undisturbed():
            self._refused += 1
            probes, walls = self.scheduler.probes, [self._clock.wall()] + ([] if date is None else [date])
            left = [next_month(wall).timestamp() - wall for wall in walls]
            # The clock that explains the wait is the right one.
            month_left = min(left, key=lambda left: 0 if retry_after is None else abs(left - retry_after))
            refusal = learn(
                grant.limits,
                retry_after,
                self._clock.monotonic(),
                month_left=month_left,
                adapt=self._adapt,
                probed=[limit for limit, under_way in probes.items() if under_way],
            )
            if refusal.limit is not None:
                probes.pop(refusal.limit, None)
                if refusal.doubtful:
                    probes[refusal.limit] = False
            return refusal

    def dismiss(self, limit: Limit, message: str, *, client: object = None) -> None:
        """Turn away those who wait for ``limit``, with ``ClientStateError``.

        Args:
            limit: the limit.
            message: the text of the error.
            client: whose calls; ``None`` means everybody's.
        """
        self._do(partial(self._turn_away, limit, message, client))

    def _turn_away(self, limit: Limit, message: str, client: object, now: float) -> None:
        scheduler = self.scheduler
        waiters = [
            waiter for limits, queue in scheduler.queues.items() if limit in limits for waiter in queue
        ]
        for waiter in waiters:
            if client is None or waiter.client is client:
                scheduler.turn_away(waiter, ClientStateError(message), now)

    def forget_tasks(self) -> None:
        """Forget the calls of the parent process, in a child that was forked."""
        self._lock, self._changing = threading.RLock(), False
        self._deferred.clear()
        self.background = BackgroundTasks()
        self.scheduler.forget_tasks()

    def snapshot(self, limits: list[Limit], connections: ConcurrencyLimit | None = None) -> ThrottleSnapshot:
        """Return the counters and how each of ``limits`` stands.

        Args:
            limits: the limits.
            connections: those of the client whose calls are counted; by default all calls are.
        """
        from aioemnify.transport.throttle.snapshot import LimitUse, ThrottleSnapshot

        with self._undisturbed():
            now = self._clock.monotonic()
            waiting: dict[Limit, int] = {}
            for queue in self.scheduler.queues.values():
                for limit in queue.limits:
                    waiting[limit] = waiting.get(limit, 0) + len(queue)
            uses = tuple(LimitUse.of(limit, now, waiting.get(limit, 0)) for limit in limits)
            if connections is not None:
                return ThrottleSnapshot(
                    calls=connections.calls,
                    waits=connections.waits,
                    waited_seconds=connections.waited,
                    refused=sum(limit.refused for limit in limits if limit.organisation),
                    queued=waiting.get(connections, 0),
                    limits=uses,
                )
            return ThrottleSnapshot(
                calls=self.scheduler.calls,
                waits=self.scheduler.waits,
                waited_seconds=self.scheduler.waited,
                refused=self._refused,
                queued=sum(len(queue) for queue in self.scheduler.queues.values()),
                limits=uses,
            )

    def forecast(
        self, limits: tuple[Limit, ...], calls: int, priority: Priority, round_trip: float | None
    ) -> tuple[float, Limit | None]:
        """Return the seconds until the last of ``calls`` more calls is done, and the limit that decides it.

        Args:
            limits: the limits each of them meets.
            calls: how many.
            priority: theirs; the waiting calls that go before them are counted.
            round_trip: seconds from a grant to the answer, where known.
        """
        with self._undisturbed():
            now = self._clock.monotonic()
            rank = RANK[priority]
            ahead = dict.fromkeys(limits, 0)
            for queue in self.scheduler.queues.values():
                before = sum(queue.waiting[: rank + 1])
                for limit in queue.limits:
                    if limit in ahead:
                        # Queues that share a limit take turns.
                        ahead[limit] += before if queue.limits == limits else min(before, calls)
            moment, decisive = forecast(limits, now, ahead, calls, round_trip)
            return moment - now, decisive
