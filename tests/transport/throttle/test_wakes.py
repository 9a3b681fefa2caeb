"""Who is woken, and when: everybody in time, and nobody for nothing."""

from __future__ import annotations

from functools import partial
from math import inf

import anyio
import pytest

from aioemnify.clock import LoopClock
from aioemnify.errors import ClientStateError
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import SlidingWindow
from tests.transport.throttle.reserved_limit import Reserved
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


class AheadOfItsLoop(LoopClock):
    """A clock that can be moved on before the event loop has come round, as if it had been busy."""

    ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


class CountingTimers(LoopClock):
    """Counts how often somebody waits with an eye on the time."""

    timers = 0

    async def wait(self, event: anyio.Event, seconds: float) -> None:
        self.timers += 1
        await super().wait(event, seconds)


class Moody(Limit):
    """Lets a call through once it ``opens``, which may be before the moment that it has ``foreseen``."""

    def __init__(self, *, opens: float, foreseen: float) -> None:
        super().__init__("moody", "row", organisation="")
        self.opens = opens
        self.foreseen = foreseen

    def free(self, now: float) -> bool:
        return now >= self.opens

    def ready(self, now: float) -> float:
        return max(now, self.foreseen)

    def soonest(self, now: float, ahead: int = 0) -> float:
        return now

    def take(self, now: float) -> None:
        self.opens = self.foreseen = now + 1.0

    def give_back(self, now: float) -> None:
        self.opens = self.foreseen = now + 1.0


async def _pass(throttle: Limiter, limits: tuple[Limit, ...], order: list[object], name: object) -> None:
    grant = await throttle.admit(limits)
    order.append(name)
    grant.sent()
    grant.headers_received()
    grant.end()


async def test_a_newcomer_does_not_take_what_became_free_while_the_loop_was_busy() -> None:
    clock = AheadOfItsLoop()
    throttle, order = Limiter(clock), []
    window = SlidingWindow("ip", count=1, seconds=10.0, transit=0.35)
    rows = [TokenBucket(f"row {n}", rate=100.0, burst=50.0, transit=0.35) for n in range(2)]
    await _pass(throttle, (rows[0], window), order, "first")
    async with anyio.create_task_group() as group:
        group.start_soon(_pass, throttle, (rows[0], window), order, "waiting")
        await anyio.wait_all_tasks_blocked()
        clock.ahead = 11.0
        await _pass(throttle, (rows[1], window), order, "newcomer")
    assert order == ["first", "waiting", "newcomer"]


async def test_a_place_that_comes_before_it_was_foreseen_moves_the_timer() -> None:
    clock, limit = LoopClock(), Moody(opens=1.0, foreseen=50.0)
    throttle = Limiter(clock)
    order: list[object] = []
    moments: list[float] = []

    async def call(name: str) -> None:
        await throttle.admit((limit,))  # and no answer, which would have others look as well
        order.append(name)
        moments.append(clock.monotonic())

    async def keep_the_timer_for_a_while() -> None:
        with anyio.move_on_after(0.5):
            await throttle.admit((limit,))

    async with anyio.create_task_group() as group:
        group.start_soon(keep_the_timer_for_a_while)
        for name in ("head", "keeper"):
            await anyio.wait_all_tasks_blocked()
            group.start_soon(call, name)
        await clock.sleep(1.5)
        # This one finds a place that is free already, and hands it to the head of the queue.
        group.start_soon(call, "newcomer")
    assert order == ["head", "keeper", "newcomer"]
    assert moments == pytest.approx([1.5, 2.5, 3.5], abs=0.001)


async def test_a_place_given_back_that_brings_the_next_one_forward_moves_the_timer() -> None:
    clock, limit = LoopClock(), Moody(opens=0.0, foreseen=0.0)
    throttle = Limiter(clock)
    unsent = await throttle.admit((limit,))
    limit.opens = limit.foreseen = 50.0
    async with anyio.create_task_group() as group:
        group.start_soon(throttle.admit, (limit,))
        await clock.sleep(2.0)
        unsent.end()
    assert clock.monotonic() == pytest.approx(3.0, abs=0.001)


async def test_a_queue_that_is_due_first_is_served_first_though_another_keeps_the_timer() -> None:
    clock = LoopClock()
    throttle = Limiter(clock)
    slow, fast = (TokenBucket("row", rate=rate, burst=1.0, transit=0.35) for rate in (0.1, 1.0))
    order: list[object] = []
    async with anyio.create_task_group() as group:
        for row in (slow, fast):
            await _pass(throttle, (row,), order, "first")
            group.start_soon(_pass, throttle, (row,), order, row)
            await anyio.wait_all_tasks_blocked()
        await clock.sleep(1.1)
        assert order == ["first", "first", fast]
    assert order[-1] is slow


async def test_an_answer_that_brings_nothing_forward_wakes_nobody() -> None:
    clock = CountingTimers()
    # A rate and moments whose sums come out a little different each time.
    throttle, row = Limiter(clock), TokenBucket("row", rate=0.3, burst=30.0, transit=9.0)
    grants = [await throttle.admit((row,)) for _ in range(30)]
    for grant in grants:
        grant.sent()
    for grant in grants[:5]:
        grant.headers_received()
        grant.end()
    async with anyio.create_task_group() as group:
        group.start_soon(throttle.admit, (row,))
        await anyio.wait_all_tasks_blocked()
        for grant in grants[5:]:
            await clock.sleep(0.007)
            grant.headers_received()
            grant.end()
            await anyio.wait_all_tasks_blocked()
    assert clock.timers <= 2


async def test_departures_and_ends_are_no_news_where_the_moment_is_known() -> None:
    asked = 0

    class Watched(TokenBucket):
        def ready(self, now: float) -> float:
            nonlocal asked
            asked += 1
            return super().ready(now)

    throttle, row = Limiter(LoopClock()), Watched("row", rate=1.0, burst=5.0, transit=0.35)
    grants = [await throttle.admit((row,)) for _ in range(5)]
    for grant in grants[:4]:
        grant.sent()
        grant.headers_received()
    async with anyio.create_task_group() as group:
        group.start_soon(throttle.admit, (row,))
        await anyio.wait_all_tasks_blocked()
        assert row.ready(0.0) < inf
        asked = 0
        grants[4].sent()
        for grant in grants:
            grant.end()
        assert asked == 0
        group.cancel_scope.cancel()


async def test_only_one_of_many_keeps_a_timer() -> None:
    clock = CountingTimers()
    throttle, row = Limiter(clock), TokenBucket("row", rate=10.0, burst=1.0, transit=0.35)
    order: list[object] = []
    async with anyio.create_task_group() as group:
        for number in range(100):
            group.start_soon(_pass, throttle, (row,), order, number)
    assert len(order) == 100
    # One timer for each place, and one more where the first waiter hands it to another.
    assert clock.timers <= 101


async def test_who_is_turned_away_is_not_let_through_by_a_place_that_comes_next() -> None:
    clock, gate = LoopClock(), ConcurrencyLimit("lane", "lane", size=1)
    throttle = Limiter(clock)
    held = await throttle.admit((gate,))
    held.sent()
    async with anyio.create_task_group() as group:
        told: list[str] = []

        async def call() -> None:
            with pytest.raises(ClientStateError) as caught:
                await throttle.admit((gate,))
            told.append(str(caught.value))

        group.start_soon(call)
        await anyio.wait_all_tasks_blocked()
        throttle.dismiss(gate, "closed")
        held.end()
    assert told == ["closed"]
    assert gate.used(clock.monotonic()) == 0


async def test_a_waiter_with_a_deadline_of_its_own_looks_in_time() -> None:
    clock, gate = CountingTimers(), ConcurrencyLimit("lane", "lane", size=1)
    throttle = Limiter(clock)
    held = await throttle.admit((gate,))
    held.sent()
    order: list[object] = []
    async with anyio.create_task_group() as group:
        group.start_soon(partial(_pass, throttle, (gate,), order, "patient"))
        await anyio.wait_all_tasks_blocked()
        assert clock.timers == 0 and gate.ready(0.0) == inf, "only an end makes room"
        with pytest.raises(Exception, match="deadline passed"):
            await throttle.admit((gate,), deadline=clock.monotonic() + 3.0)
        assert clock.monotonic() == pytest.approx(3.0)
        held.end()
    assert order == ["patient"]


async def test_who_was_to_ask_a_store_and_has_its_slots_before_lets_another_ask() -> None:
    clock = LoopClock()
    store = Reserved(clock)
    throttle, lane = Limiter(clock), ConcurrencyLimit("lane", "lane", size=2)
    store.slots = 1
    unsent = await throttle.admit((store,))
    held = [await throttle.admit((lane,)) for _ in range(2)]
    order: list[object] = []
    async with anyio.create_task_group() as group:
        for name in ("first", "second"):
            group.start_soon(_pass, throttle, (lane, store), order, name)
            await anyio.wait_all_tasks_blocked()
        held[0].end()  # the first is to ask
        unsent.end()
        held[1].end()
    assert order == ["first", "second"] and store.asked == [1]
