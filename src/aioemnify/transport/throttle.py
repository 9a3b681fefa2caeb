"""Admission: a call takes all of its limits together, or none of them and waits.

Calls that meet the same limits stand in one queue, first come, first served; queues that
share a limit take turns, so that a backlog on one path cannot shut out another. Places are
handed out whenever something changes, by whoever changed it; beyond that only the head of a
queue keeps a timer, for the moment at which its limits are sure to agree. A waiter holds
nothing while it waits, so cancelling one costs nothing and loses nothing.

The state may be shared by clients in several event loops and threads: it is guarded by a
plain lock that is never held across an await, and waiters are woken through their own loop.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

import anyio
from attrs import frozen

from aioemnify.errors import QuotaExhaustedError, RateLimitCause, ThrottleError
from aioemnify.transport.clock import Clock
from aioemnify.transport.limits import SLACK, Limit
from aioemnify.transport.waiters import Waiter, WaitingQueue


@frozen(kw_only=True)
class LimitUse:
    """One limit as it stands: ``used`` of ``capacity``, and seconds until one more call fits."""

    name: str
    kind: str
    used: float
    capacity: float
    free_in: float


@frozen(kw_only=True)
class ThrottleSnapshot:
    """What admission has done so far.

    ``calls`` were admitted, ``waits`` of them had to wait, ``waited_seconds`` in all;
    ``refused`` counts the 429 answers that came all the same; ``queued`` wait now.
    """

    calls: int
    waits: int
    waited_seconds: float
    refused: int
    queued: int
    limits: tuple[LimitUse, ...]


@frozen
class Refusal:
    """What a 429 taught: where it came from, seconds to wait, and whether a limit now waits for all."""

    cause: RateLimitCause
    wait: float
    paused: bool


class Grant:
    """A call's place in all of its limits, from admission until the exchange is over."""

    __slots__ = ("_throttle", "answered", "departed_at", "limits", "over")

    def __init__(self, throttle: Throttle, limits: tuple[Limit, ...]) -> None:
        self._throttle = throttle
        self.limits: tuple[Limit, ...] = limits
        self.departed_at: float | None = None
        self.answered: bool = False
        self.over: bool = False

    def departed(self) -> None:
        """Say that the request is being sent: from now on the server may count it."""
        if self.departed_at is None and not self.over:
            self._throttle.note_departure(self)

    def arrived(self) -> None:
        """Say that response headers have come."""
        if not self.answered and not self.over:
            self._throttle.settle(self, ended=False)

    def end(self) -> None:
        """Say that the exchange is over, however it went; one never sent gives its places back."""
        if not self.over:
            self._throttle.settle(self, ended=True)


class Throttle:
    """Lets calls through as soon as the server surely agrees, and counts what it did."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        # In the order of their turns: a queue that was served goes to the end.
        self._queues: dict[tuple[Limit, ...], WaitingQueue] = {}
        self._calls = 0
        self._waits = 0
        self._waited = 0.0
        self._refused = 0

    async def admit(
        self, limits: tuple[Limit, ...], *, deadline: float = inf, operation: str | None = None
    ) -> Grant:
        """Wait until every one of ``limits`` has room, take them all, and return the grant.

        Args:
            limits: the limits of the call; the same tuple always stands in the same queue.
            deadline: the monotonic moment after which the caller has no use for the call.
            operation: the operation's id, for errors.

        Raises:
            ThrottleError: the wait is known to end after ``deadline``.
            QuotaExhaustedError: the month's quota is used up.
        """
        began = self._clock.monotonic()
        with self._changing(began):
            self._refuse_late(limits, began, None, deadline, operation)
        with self._lock:
            queue = self._queues.get(limits)
            if queue is None and all(limit.ready(began) <= began + SLACK for limit in limits):
                return self._grant(limits, began)
            self._refuse_late(limits, began, queue, deadline, operation)
            if queue is None:
                queue = self._queues[limits] = WaitingQueue(limits)
            waiter = Waiter(queue)
            queue.join(waiter)
            due = self._due(queue, waiter, began, deadline)
        try:
            return await self._wait(queue, waiter, due, began, deadline, operation)
        except BaseException:
            self._abandon(waiter)
            raise

    async def _wait(
        self,
        queue: WaitingQueue,
        waiter: Waiter,
        due: float,
        began: float,
        deadline: float,
        operation: str | None,
    ) -> Grant:
        now = began
        while True:
            await self._clock.wait(waiter.event, due - now if due < inf else None)
            now = self._clock.monotonic()
            if waiter.grant is None:
                with self._changing(now):
                    pass
            with self._lock:
                if waiter.grant is not None:
                    self._waits += 1
                    self._waited += now - began
                    return waiter.grant
                self._refuse_late(queue.limits, now, None, deadline, operation)
                if waiter.event.is_set():
                    waiter.event = anyio.Event()
                due = self._due(queue, waiter, now, deadline)

    def _due(self, queue: WaitingQueue, waiter: Waiter, now: float, deadline: float) -> float:
        """Return when to look again: at the sure moment for the head, when woken for the rest."""
        waiter.wakes_at = queue.ready(now) if queue.head() is waiter else inf
        return min(waiter.wakes_at, deadline)

    def _grant(self, limits: tuple[Limit, ...], now: float) -> Grant:
        for limit in limits:
            limit.take(now)
        self._calls += 1
        return Grant(self, limits)

    @contextmanager
    def _changing(self, now: float) -> Iterator[None]:
        """Change the books under the lock, then hand out what became free, then wake whom it concerns.

        Nobody is woken under the lock: to wake a task whose loop is gone can finalise that task on
        the spot, and its own leaving needs the lock.
        """
        with self._lock:
            yield
            concerned = self._dispatch(now)
        for waiter in concerned:
            try:
                waiter.wake()
            except RuntimeError:
                # Its event loop is closed: the task is gone and will never leave by itself.
                self._abandon(waiter)

    def _dispatch(self, now: float) -> list[Waiter]:
        """Hand out every place there is, turn by turn, and return all those to be woken."""
        concerned: list[Waiter] = []
        while self._queues and self._serve_one(now, concerned):
            pass
        return concerned

    def _serve_one(self, now: float, concerned: list[Waiter]) -> bool:
        for limits, queue in list(self._queues.items()):
            head = queue.head()
            if head is None:
                del self._queues[limits]
                continue
            ready = queue.ready(now)
            if ready <= now + SLACK:
                head.grant = self._grant(limits, now)
                concerned.append(head)
                queue.leave(head)
                del self._queues[limits]
                if queue.head() is not None:
                    self._queues[limits] = queue
                return True
            if ready < head.wakes_at - SLACK:
                head.wakes_at = ready
                concerned.append(head)
        return False

    def _abandon(self, waiter: Waiter) -> None:
        """Let a waiter go that was cancelled or refused, perhaps in the very moment of its grant."""
        now = self._clock.monotonic()
        with self._changing(now):
            if waiter.grant is not None and not waiter.grant.over:
                waiter.grant.over = True
                self._untake(waiter.grant, now)
            waiter.queue.leave(waiter)

    def _refuse_late(
        self,
        limits: tuple[Limit, ...],
        now: float,
        queue: WaitingQueue | None,
        deadline: float,
        operation: str | None,
    ) -> None:
        ahead = len(queue) if queue is not None else 0
        for limit in limits:
            soonest = limit.soonest(now, ahead)
            if limit.kind == "quota" and soonest > now + SLACK:
                raise QuotaExhaustedError(
                    cause="quota",
                    retry_after=soonest - now,
                    operation=operation,
                    message="not sent: this organisation's calls of the month are used up",
                )
            if soonest > deadline or now >= deadline:
                left = max(0.0, deadline - now)
                raise ThrottleError(
                    f"{operation or 'the call'} was not sent: a place under the limit {limit.name!r} is "
                    f"{soonest - now:.3f} s away at least, and the deadline is in {left:.3f} s",
                    wait=soonest - now,
                    limit=limit.name,
                    operation=operation,
                )

    def note_departure(self, grant: Grant) -> None:
        """Book that a call is being sent."""
        now = self._clock.monotonic()
        with self._changing(now):
            grant.departed_at = now
            for limit in grant.limits:
                limit.departed(now)

    def settle(self, grant: Grant, *, ended: bool) -> None:
        """Book what has become of an exchange: its answer has come, or it is over, or both at once."""
        now = self._clock.monotonic()
        with self._changing(now):
            if grant.departed_at is not None and not grant.answered:
                grant.answered = True
                for limit in grant.limits:
                    limit.arrived(now, grant.departed_at)
            if ended:
                grant.over = True
                if grant.departed_at is None:
                    self._untake(grant, now)
                else:
                    for limit in grant.limits:
                        limit.ended(now)

    def _untake(self, grant: Grant, now: float) -> None:
        for limit in grant.limits:
            limit.untake(now)
        self._calls -= 1

    def refused(self, grant: Grant, retry_after: float | None) -> Refusal:
        """Learn from a 429: pause the limit it most likely came from.

        A wait beyond what any limit explains pauses nothing: it is the caller's to give up on.
        """
        now = self._clock.monotonic()
        with self._lock:
            self._refused += 1
            cause = _blame(grant.limits, retry_after, now)
            wait = retry_after or DEFAULT_WAIT[cause]
            suspects = [limit for limit in grant.limits if limit.kind == cause]
            if not suspects or (cause != "quota" and wait > LONGEST_WAIT):
                return Refusal(cause, wait, paused=False)
            # Of two windows only the fuller one can have refused; on a tie, the smaller.
            blamed = max(suspects, key=lambda x: (x.used(now) / x.capacity, -x.capacity))
            blamed.pause(now + wait)
            return Refusal(cause, wait, paused=True)

    def snapshot(self, limits: list[Limit]) -> ThrottleSnapshot:
        """Return the counters and how each of ``limits`` stands."""
        now = self._clock.monotonic()
        with self._lock:
            return ThrottleSnapshot(
                calls=self._calls,
                waits=self._waits,
                waited_seconds=self._waited,
                refused=self._refused,
                queued=sum(len(queue) for queue in self._queues.values()),
                limits=tuple(
                    LimitUse(
                        name=limit.name,
                        kind=limit.kind,
                        used=limit.used(now),
                        capacity=limit.capacity,
                        free_in=max(0.0, limit.ready(now) - now),
                    )
                    for limit in limits
                ),
            )


# Seconds. The longest documented window is five minutes; with a margin for clocks and networks, a
# longer wait can only be the month.
LONGEST_WAIT = 330.0
DEFAULT_WAIT: dict[RateLimitCause, float] = {"row": 0.2, "ip": 5.0, "quota": 3600.0}


def _blame(limits: tuple[Limit, ...], retry_after: float | None, now: float) -> RateLimitCause:
    """Guess which limit a 429 came from; the answer itself does not say.

    A wait beyond the longest window is the quota; else a window that is nearly full, or a wait
    above one second, is the address; else it is the path's row, if it has one.
    """
    kinds = {limit.kind for limit in limits}
    wait = retry_after or 0.0
    if wait > LONGEST_WAIT and "quota" in kinds:
        return "quota"
    full = any(limit.used(now) >= 0.95 * limit.capacity for limit in limits if limit.kind == "ip")
    return "ip" if full or wait > 1.0 or "row" not in kinds else "row"
