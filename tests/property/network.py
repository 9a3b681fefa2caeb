"""Calls over a network of random delays: sent through a throttle, and recorded as they arrive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import anyio

from aioemnify.clock import Clock
from aioemnify.errors import ClientStateError, QuotaExhaustedError, ThrottleError
from aioemnify.options import Priority
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.scheduler import Scheduler
from aioemnify.transport.throttle.wait_queue import Waiter
from tests.property.server_model import Arrival
from tests.virtual_time import backend

A_YEAR = 3e7
"""Seconds of virtual time after which something is stuck."""


@dataclass(eq=False)
class Call:
    """What happens to one call, and when; and in the lower half what has come of it.

    It asks at ``starts``, connects, is on its way ``there`` and ``back``, and its answer is read.
    ``cancelled`` and ``deadline`` are seconds after it asked.
    """

    limits: tuple[Limit, ...]
    meets: tuple[str, ...] = ()
    starts: float = 0.0
    priority: Priority = "normal"
    connects: float = 0.0
    connected: bool = True
    there: float = 0.0
    back: float = 0.0
    reads: float = 0.0
    cancelled: float | None = None
    deadline: float | None = None

    turn: int = -1
    asked_at: float | None = None
    granted_at: float | None = None
    sent_at: float | None = None
    outcome: str = ""

    @property
    def arrival(self) -> Arrival | None:
        """Return when it reaches the server, which it does once it is sent, wanted or not."""
        return Arrival(self.sent_at + self.there, self.meets) if self.sent_at is not None else None


class OrderedScheduler(Scheduler):
    """Remembers whom it handed slots to, by the calls' turns."""

    def __init__(self, floor: float) -> None:
        super().__init__(floor)
        self.order: list[tuple[float, int]] = []
        self.turns: set[int] = set()

    def hand_over(self, waiter: Waiter, now: float) -> None:
        self.note(waiter.turn, now)
        super().hand_over(waiter, now)

    def note(self, turn: int, now: float) -> None:
        self.order.append((now, turn))
        self.turns.add(turn)


class OrderedLimiter(Limiter):
    """Remembers in which order it admitted calls."""

    def __init__(self, clock: Clock, *, floor: float = 0.1) -> None:
        super().__init__(clock, floor=floor)
        self.clock = clock
        self.scheduler: OrderedScheduler = OrderedScheduler(floor)

    async def admit(self, limits: tuple[Limit, ...], **options: Any) -> Grant:
        grant = await super().admit(limits, **options)
        if grant.turn not in self.scheduler.turns:  # one that did not have to wait
            self.scheduler.note(grant.turn, self.clock.monotonic())
        return grant

    @property
    def order(self) -> list[tuple[float, int]]:
        return self.scheduler.order


async def make(call: Call, throttle: Limiter, clock: Clock) -> None:
    """Carry one call."""
    call.asked_at = asked = clock.monotonic()
    with anyio.move_on_after(call.cancelled):
        try:
            grant = await throttle.admit(
                call.limits,
                priority=call.priority,
                deadline=asked + call.deadline if call.deadline is not None else float("inf"),
            )
        except (ThrottleError, QuotaExhaustedError, ClientStateError) as error:
            call.outcome = type(error).__name__
            return
        call.granted_at, call.turn = clock.monotonic(), grant.turn
        try:
            await clock.sleep(call.connects)
            if not call.connected:
                call.outcome = "not connected"
                return
            grant.sent()
            call.sent_at = clock.monotonic()
            await clock.sleep(call.there + call.back)
            grant.headers_received()
            await clock.sleep(call.reads)
        finally:
            grant.end()
        call.outcome = "answered"
        return
    call.outcome = "cancelled" if call.granted_at is not None else "cancelled while it waited"


async def make_all(calls: Sequence[Call], throttle: Limiter, clock: Clock) -> None:
    """Carry calls, each from the moment it starts."""

    async def start(call: Call) -> None:
        await clock.sleep(call.starts)
        await make(call, throttle, clock)

    async with anyio.create_task_group() as group:
        for call in calls:
            group.start_soon(start, call)


def out_of_order(throttle: OrderedLimiter, calls: Sequence[Call]) -> list[int]:
    """Return the turns of calls that were let through after a later one of their queue and priority."""
    groups = {call.turn: (call.limits, call.priority) for call in calls if call.granted_at is not None}
    latest: dict[object, int] = {}
    found = []
    for _, turn in throttle.order:
        group = groups.get(turn)
        if group is not None:
            if turn < latest.get(group, -1):
                found.append(turn)
            latest[group] = turn
    return found


def arrivals(calls: Sequence[Call]) -> list[Arrival]:
    """Return what has reached the server."""
    return [arrival for call in calls if (arrival := call.arrival) is not None]


def run(name: str, main: Callable[[], Awaitable[None]]) -> None:
    """Run in virtual time; what gets stuck fails instead of waiting for ever."""

    async def limited() -> None:
        with anyio.fail_after(A_YEAR):
            await main()

    kind, options = backend(name)
    anyio.run(limited, backend=kind, backend_options=options)
