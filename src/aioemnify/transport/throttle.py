"""Admission: a call takes all of its limits together, or none of them and waits.

Calls that meet the same limits stand in one queue, first come, first served. Only the head
of a queue looks at the clock; it sleeps until the moment its limits are sure to agree, or
until an answer that arrives makes that moment earlier. A waiter holds nothing while it
waits, so cancelling one costs nothing and loses nothing.

The state may be shared by clients in several event loops and threads: it is guarded by a
plain lock that is never held across an await, and waiters are woken through their own loop.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from math import inf

import anyio
from attrs import define, field, frozen

from aioemnify.errors import QuotaExhaustedError, RateLimitCause, ThrottleError
from aioemnify.transport.clock import Clock
from aioemnify.transport.limits import SLACK, Limit


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


class Grant:
    """A call's place in all of its limits, from admission until the exchange is over."""

    __slots__ = ("_answered", "_over", "_throttle", "limits", "taken_at")

    def __init__(self, throttle: Throttle, limits: tuple[Limit, ...], taken_at: float) -> None:
        self._throttle = throttle
        self.limits: tuple[Limit, ...] = limits
        self.taken_at: float = taken_at
        self._answered = False
        self._over = False

    def arrived(self) -> None:
        """Say that response headers have come."""
        if not self._answered:
            self._answered = True
            self._throttle.settle(self, arrived=True, ended=False)

    def end(self) -> None:
        """Say that the exchange is over, however it went; further words change nothing."""
        if not self._over:
            arrived, self._answered, self._over = not self._answered, True, True
            self._throttle.settle(self, arrived=arrived, ended=True)

    def give_back(self) -> None:
        """Say that the request was never sent, so the server cannot have counted it."""
        if not self._over:
            self._over = True
            self._throttle.take_back(self)


@define(eq=False)
class _Waiter:
    limits: tuple[Limit, ...]
    event: anyio.Event = field(factory=anyio.Event)
    wake: Callable[[], None] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self.event = anyio.Event()
        self.wake = _setter(self.event)


def _setter(event: anyio.Event) -> Callable[[], None]:
    """Return a function that sets ``event`` from any thread."""
    # trio tasks exist only once trio is loaded; looking there first keeps asyncio users free of it.
    if "trio" in sys.modules:
        import trio

        try:
            token = trio.lowlevel.current_trio_token()
        except RuntimeError:
            pass
        else:

            def wake_in_trio() -> None:
                token.run_sync_soon(event.set)

            return wake_in_trio
    import asyncio

    loop = asyncio.get_running_loop()

    def wake() -> None:
        loop.call_soon_threadsafe(event.set)

    return wake


class Throttle:
    """Lets calls through as soon as the server surely agrees, and counts what it did."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._queues: dict[tuple[Limit, ...], deque[_Waiter]] = {}
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
        if began >= deadline:
            raise ThrottleError(
                f"{operation or 'the call'} was not sent: its deadline had passed",
                wait=0.0,
                limit="",
                operation=operation,
            )
        grant = self._try(limits, began, None)
        if grant is not None:
            return grant
        waiter = self._enqueue(limits, began, deadline, operation)
        try:
            while True:
                now = self._clock.monotonic()
                grant = self._try(limits, now, waiter)
                if grant is not None:
                    self._note_wait(now - began)
                    return grant
                due = self._due(limits, now, waiter, deadline, operation)
                await self._clock.wait(waiter.event, due - now if due < inf else None)
                if waiter.event.is_set():
                    waiter.renew()
        finally:
            self._leave(limits, waiter)

    def _try(self, limits: tuple[Limit, ...], now: float, waiter: _Waiter | None) -> Grant | None:
        with self._lock:
            queue = self._queues.get(limits)
            if queue and queue[0] is not waiter:
                return None
            if any(limit.ready(now) > now + SLACK for limit in limits):
                return None
            for limit in limits:
                limit.take(now)
            self._calls += 1
            return Grant(self, limits, now)

    def _enqueue(
        self, limits: tuple[Limit, ...], now: float, deadline: float, operation: str | None
    ) -> _Waiter:
        with self._lock:
            queue = self._queues.setdefault(limits, deque())
            self._refuse_late(limits, now, len(queue), deadline, operation)
            waiter = _Waiter(limits)
            queue.append(waiter)
            return waiter

    def _due(
        self, limits: tuple[Limit, ...], now: float, waiter: _Waiter, deadline: float, operation: str | None
    ) -> float:
        """Return when to look again: at the sure moment for the head, at a wake-up for the rest."""
        with self._lock:
            head = self._queues[limits][0] is waiter
            place = 0 if head else self._queues[limits].index(waiter) if deadline < inf else 1
            self._refuse_late(limits, now, place, deadline, operation)
            ready = max((limit.ready(now) for limit in limits), default=now) if head else inf
        return min(ready, deadline)

    def _refuse_late(
        self, limits: tuple[Limit, ...], now: float, place: int, deadline: float, operation: str | None
    ) -> None:
        for limit in limits:
            soonest = limit.soonest(now, place)
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

    def _leave(self, limits: tuple[Limit, ...], waiter: _Waiter) -> None:
        with self._lock:
            queue = self._queues[limits]
            was_head = queue[0] is waiter
            queue.remove(waiter)
            if not queue:
                del self._queues[limits]
            elif was_head:
                self._wake(queue)

    def _wake(self, queue: deque[_Waiter]) -> None:
        while queue:
            try:
                queue[0].wake()
            except RuntimeError:
                # The head's event loop is closed: its task is gone and will never leave by itself.
                queue.popleft()
            else:
                return

    def _wake_heads(self, limits: tuple[Limit, ...]) -> None:
        for waiting_for, queue in self._queues.items():
            if not set(waiting_for).isdisjoint(limits):
                self._wake(queue)

    def _note_wait(self, seconds: float) -> None:
        with self._lock:
            self._waits += 1
            self._waited += seconds

    def settle(self, grant: Grant, *, arrived: bool, ended: bool) -> None:
        """Book what has become of an exchange: its answer has come, or it is over, or both at once."""
        now = self._clock.monotonic()
        with self._lock:
            for limit in grant.limits:
                if arrived:
                    limit.arrived(now, grant.taken_at)
                if ended:
                    limit.ended(now)
            self._wake_heads(grant.limits)

    def take_back(self, grant: Grant) -> None:
        """Undo an admission whose request was never sent."""
        now = self._clock.monotonic()
        with self._lock:
            for limit in grant.limits:
                limit.untake(now, grant.taken_at)
            self._calls -= 1
            self._wake_heads(grant.limits)

    def refused(self, grant: Grant, retry_after: float | None) -> tuple[RateLimitCause, float]:
        """Learn from a 429: pause the limit it most likely came from.

        Returns:
            The cause, and the seconds to wait.
        """
        now = self._clock.monotonic()
        with self._lock:
            self._refused += 1
            cause = _blame(grant.limits, retry_after, now)
            wait = retry_after if retry_after is not None else DEFAULT_WAIT[cause]
            suspects = [limit for limit in grant.limits if limit.kind == cause]
            if suspects:
                # Of two windows only the fuller one can have refused; on a tie, the smaller.
                blamed = max(suspects, key=lambda x: (x.used(now) / x.capacity, -x.capacity))
                blamed.pause(now + wait)
        return cause, wait

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


# Seconds. The longest documented window is five minutes; a longer wait can only be the month.
LONGEST_WINDOW = 300.0
DEFAULT_WAIT: dict[RateLimitCause, float] = {"row": 0.2, "ip": 5.0, "quota": 3600.0}


def _blame(limits: tuple[Limit, ...], retry_after: float | None, now: float) -> RateLimitCause:
    """Guess which limit a 429 came from; the answer itself does not say.

    A wait beyond the longest window is the quota; else a window that is nearly full, or a wait
    above one second, is the address; else it is the path's row, if it has one.
    """
    kinds = {limit.kind for limit in limits}
    wait = retry_after or 0.0
    if wait > LONGEST_WINDOW and "quota" in kinds:
        return "quota"
    full = any(limit.used(now) >= 0.95 * limit.capacity for limit in limits if limit.kind == "ip")
    return "ip" if full or wait > 1.0 or "row" not in kinds else "row"
