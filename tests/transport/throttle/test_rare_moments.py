"""What must not get lost in rare moments: a share, a timer, a slot, a change that came in between."""

from __future__ import annotations

from functools import partial
from math import inf
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from aioemnify.clock import LoopClock
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


def bucket(rate: float) -> TokenBucket:
    return TokenBucket("GET /x", rate=rate, burst=1, transit=0.35)


class SlowStore(Limit):
    """Has one slot once its store was asked, which takes ``seconds``."""

    capacity = 5

    def __init__(self, seconds: float) -> None:
        super().__init__("store", "store", organisation="")
        self.seconds = seconds
        self.slots = 0
        self.asking = False

    def free(self, now: float) -> bool:
        return self.slots > 0

    def ready(self, now: float) -> float:
        return now if self.slots else inf

    def soonest(self, now: float, ahead: int = 0) -> float:
        return now

    def needs_reservation(self, now: float) -> bool:
        return not self.slots and not self.asking

    def take(self, now: float) -> None:
        self.slots -= 1

    def give_back(self, now: float) -> None:
        self.slots += 1

    def used(self, now: float) -> float:
        return 0

    async def reserve(self, waiting: int) -> None:
        self.asking = True
        try:
            await anyio.sleep(self.seconds)
        finally:
            self.asking = False
        self.slots += 1


async def test_a_low_priority_keeps_its_share_while_its_queue_moves_between_limits() -> None:
    limiter = Limiter(LoopClock(), floor=0.1)
    limits = (bucket(10), ConcurrencyLimit("c", "connections", size=1))
    admitted = {"interactive": 0, "bulk": 0}

    async def call(priority: Any) -> None:
        while True:
            grant = await limiter.admit(limits, priority=priority)
            admitted[priority] += 1
            grant.sent()
            await anyio.sleep(0.04)
            grant.headers_received()
            # The connection holds up the next call, then the row, and so on.
            await anyio.sleep((0.01, 0.11)[sum(admitted.values()) % 2])
            grant.end()

    with anyio.move_on_after(100):
        async with anyio.create_task_group() as group:
            for priority in ["interactive"] * 20 + ["bulk"] * 20:
                group.start_soon(call, priority)
    assert admitted["bulk"] >= 0.09 * sum(admitted.values())


class Interrupted(ConcurrencyLimit):
    """Something else happens while a slot is taken, as the garbage collector or a signal handler would."""

    interruption: Any = None

    def take(self, now: float) -> None:
        interruption, self.interruption = self.interruption, None
        if interruption is not None:
            interruption()
        super().take(now)


async def test_a_grant_that_ends_in_the_middle_of_an_admission_serves_those_who_wait() -> None:
    limiter = Limiter(LoopClock())
    lane, other = ConcurrencyLimit("lane", "lane", size=1), Interrupted("c", "connections", size=5)
    first = await limiter.admit((lane,))
    granted: list[float] = []

    async def second() -> None:
        await limiter.admit((lane,))
        granted.append(anyio.current_time())

    async with anyio.create_task_group() as group:
        group.start_soon(second)
        await anyio.sleep(1)
        other.interruption = first.end
        began = anyio.current_time()
        await limiter.admit((other,))
        await anyio.sleep(1)
        assert granted == [pytest.approx(began)]


async def test_who_asks_a_store_hands_out_what_is_due_meanwhile() -> None:
    limiter = Limiter(LoopClock())
    lane, store, row = ConcurrencyLimit("lane", "lane", size=1), SlowStore(60.0), bucket(1)
    holder = await limiter.admit((lane,))
    spent = await limiter.admit((row,))
    spent.sent()
    spent.headers_received()
    spent.end()
    began = anyio.current_time()
    granted: list[tuple[str, float]] = []

    async def call(name: str, limits: tuple[Limit, ...], **options: Any) -> None:
        await limiter.admit(limits, **options)
        granted.append((name, anyio.current_time() - began))

    async with anyio.create_task_group() as group:
        # The lane is free before the first look of the call that waits for it.
        group.start_soon(partial(call, "asks", (lane, store), on_wait=lambda _: holder.end()))
        await anyio.lowlevel.checkpoint()
        await anyio.sleep(0.1)
        group.start_soon(call, "waits for the row", (row,))
    assert granted == [("waits for the row", pytest.approx(1.0, abs=0.01)), ("asks", pytest.approx(60.0))]


async def test_a_slot_that_comes_back_goes_to_the_first_in_line_though_it_has_asked_the_store() -> None:
    limiter = Limiter(LoopClock())
    store = SlowStore(3.0)
    store.slots = 1
    spare: Grant = await limiter.admit((store,))
    began = anyio.current_time()
    granted: list[tuple[str, float]] = []

    async def call(name: str) -> None:
        await limiter.admit((store,))
        granted.append((name, anyio.current_time() - began))

    async with anyio.create_task_group() as group:
        group.start_soon(call, "asks the store")
        await anyio.sleep(0.01)
        group.start_soon(call, "waits")
        await anyio.sleep(0.01)
        spare.end()
    assert granted == [("asks the store", pytest.approx(0.02)), ("waits", pytest.approx(3.0))]
