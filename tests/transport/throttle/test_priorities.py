"""Who goes first, who is told, and who is turned away."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import Emnify, MemoryStore, Wait
from aioemnify.clock import Clock, LoopClock
from aioemnify.errors import ArgumentError, ArgumentTypeError, ClientStateError, QuotaExhaustedError
from aioemnify.options import Priority
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow
from tests.scripted_api import ScriptedApi, sim
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


def _bucket(rate: float = 1.0, burst: float = 1.0) -> TokenBucket:
    return TokenBucket("GET /x", rate=rate, burst=burst, transit=0.35)


async def _pass(throttle: Limiter, limits: tuple[Limit, ...], **rest: Any) -> Grant:
    grant = await throttle.admit(limits, **rest)
    grant.sent()
    grant.headers_received()
    grant.end()
    return grant


async def _order(throttle: Limiter, calls: list[tuple[str, tuple[Limit, ...], Priority]]) -> list[str]:
    """Let calls join one after the other, and return their names in the order of their admission."""
    order: list[str] = []

    async def call(name: str, limits: tuple[Limit, ...], priority: Priority) -> None:
        await _pass(throttle, limits, priority=priority)
        order.append(name)

    async with anyio.create_task_group() as group:
        for name, limits, priority in calls:
            group.start_soon(call, name, limits, priority)
            await anyio.wait_all_tasks_blocked()
    return order


async def test_a_higher_priority_goes_first_and_equals_in_order() -> None:
    throttle, limits = Limiter(LoopClock(), floor=0.0), (_bucket(),)
    await _pass(throttle, limits)
    calls: list[tuple[str, tuple[Limit, ...], Priority]] = [
        ("b1", limits, "bulk"),
        ("n1", limits, "normal"),
        ("b2", limits, "bulk"),
        ("i1", limits, "interactive"),
        ("n2", limits, "normal"),
        ("i2", limits, "interactive"),
    ]
    assert await _order(throttle, calls) == ["i1", "i2", "n1", "n2", "b1", "b2"]


@pytest.mark.parametrize(("floor", "each"), [(0.1, 10), (0.2, 20), (1 / 3, 33)])
async def test_each_lower_priority_gets_its_floor_and_the_rest_goes_to_the_highest(
    floor: float, each: int
) -> None:
    throttle, limits = Limiter(LoopClock(), floor=floor), (_bucket(),)
    await _pass(throttle, limits)
    calls: list[tuple[str, tuple[Limit, ...], Priority]] = []
    for priority in ("bulk", "normal", "interactive"):
        calls += [(priority, limits, priority)] * 120
    first = (await _order(throttle, calls))[:100]
    assert first.count("bulk") == pytest.approx(each, abs=1)
    assert first.count("normal") == pytest.approx(each, abs=1)
    assert first.count("interactive") == pytest.approx(100 - 2 * each, abs=2)


async def test_priorities_and_their_floor_hold_across_queues_that_share_a_limit() -> None:
    window = SlidingWindow("ip", count=1, seconds=1.0, transit=0.35)
    throttle = Limiter(LoopClock())
    rows = [_bucket(1000.0, 500.0) for _ in range(3)]
    await _pass(throttle, (rows[0], window))
    calls: list[tuple[str, tuple[Limit, ...], Priority]] = []
    for _ in range(30):
        calls += [("a", (rows[0], window), "interactive"), ("b", (rows[1], window), "interactive")]
        calls.append(("bulk", (rows[2], window), "bulk"))
    first = (await _order(throttle, calls))[:40]
    assert first.count("bulk") == pytest.approx(4, abs=1)
    assert first.count("a") == pytest.approx(first.count("b"), abs=1), "equals take turns"


async def test_an_interactive_call_is_next_in_front_of_a_bulk_job() -> None:
    clock = LoopClock()
    throttle, limits, waits = Limiter(clock), (_bucket(10.0, 5.0),), []

    async def job() -> None:
        for _ in range(20):
            await _pass(throttle, limits, priority="bulk")

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(job)
        for _ in range(10):
            await clock.sleep(0.733)
            began = clock.monotonic()
            await _pass(throttle, limits, priority="interactive")
            waits.append(clock.monotonic() - began)
        group.cancel_scope.cancel()
    assert max(waits) <= 0.1001


async def test_a_refused_call_keeps_its_place() -> None:
    clock = LoopClock()
    throttle, limits, order = Limiter(clock), (_bucket(),), []

    async def call(name: str) -> None:
        await _pass(throttle, limits)
        order.append(name)

    grant = await throttle.admit(limits)
    grant.sent()
    async with anyio.create_task_group() as group:
        for number in range(3):
            group.start_soon(call, f"later {number}")
            await anyio.wait_all_tasks_blocked()
        grant.headers_received()
        grant.end()
        throttle.refused(grant, 2.0)
        again = await throttle.admit(limits, turn=grant.turn)
        order.append("refused")
        again.end()
    assert order == ["refused", "later 0", "later 1", "later 2"]


async def test_several_refused_calls_come_back_in_their_order() -> None:
    clock = LoopClock()
    throttle, limits, order = Limiter(clock), (_bucket(10.0, 3.0),), []
    grants = [await throttle.admit(limits) for _ in range(3)]

    async def again(number: int) -> None:
        grant = await throttle.admit(limits, turn=grants[number].turn)
        order.append(number)
        grant.sent()
        grant.end()

    for grant in grants:
        grant.sent()
        grant.end()
        throttle.refused(grant, 1.0)
    async with anyio.create_task_group() as group:
        for number in (2, 0, 1):
            group.start_soon(again, number)
            await anyio.wait_all_tasks_blocked()
    assert order == [0, 1, 2]


async def test_the_hook_hears_of_each_wait_before_it_begins() -> None:
    clock = LoopClock()
    throttle, limits, heard = Limiter(clock), (_bucket(),), []
    await _pass(throttle, limits, on_wait=heard.append)
    assert heard == [], "nothing waited"
    async with anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(
                partial(_pass, throttle, limits, operation="sims.list", on_wait=heard.append, priority="bulk")
            )
            await anyio.wait_all_tasks_blocked()
        assert clock.monotonic() == 0.0
    assert heard == [
        Wait(operation="sims.list", limit="GET /x", kind="row", seconds=1.0, priority="bulk", position=0),
        Wait(operation="sims.list", limit="GET /x", kind="row", seconds=2.0, priority="bulk", position=1),
    ]


async def test_what_the_hook_raises_goes_to_the_caller_and_takes_no_place() -> None:
    clock = LoopClock()
    throttle, limits = Limiter(clock), (_bucket(),)

    def complain(wait: Wait) -> None:
        raise ValueError(f"{wait.limit} is busy")

    await _pass(throttle, limits)
    with pytest.raises(ValueError, match="GET /x is busy"):
        await throttle.admit(limits, on_wait=complain)
    assert throttle.snapshot([]).queued == 0
    await _pass(throttle, limits)
    assert clock.monotonic() == pytest.approx(1.0, abs=1e-5), "the next one did not pay for it"


async def test_a_hook_may_look_at_the_throttle() -> None:
    seen: list[tuple[int, float, str]] = []

    def look(wait: Wait) -> None:
        shown = emnify.throttle.snapshot()
        left = emnify.throttle.estimate("sims.list", 10)
        seen.append((shown.queued, left.seconds, str(shown) and str(left)))

    emnify = ScriptedApi([httpx.Response(200, json=[])]).client(on_wait=look)
    async with emnify:
        for _ in range(7):
            await emnify.sims.list()
    assert [queued for queued, _, _ in seen] == [1, 1]
    assert all(seconds == pytest.approx(1.1, abs=0.01) for _, seconds, _ in seen)


def test_a_task_that_is_thrown_away_inside_the_lock_does_not_lock_the_throttle_up() -> None:
    """Collected with its dead loop at any moment, a waiting call leaves by itself, and needs the lock."""

    victims: list[Any] = []

    class Collecting(Clock):
        def monotonic(self) -> float:
            while victims:
                victims.pop().close()
            return super().monotonic()

    clock, gate = Collecting(), ConcurrencyLimit("lane", "lane", size=1)
    throttle = Limiter(clock)

    async def main() -> None:
        held = await throttle.admit((gate,))
        held.sent()
        waiting = throttle.admit((gate,))
        waiting.send(None)
        victims.append(waiting)
        held.end()
        await _pass(throttle, (gate,))

    thread = threading.Thread(target=asyncio.run, args=(main(),), daemon=True)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
    assert gate.used(0.0) == 0 and throttle.snapshot([]).queued == 0


def test_a_task_thrown_away_in_the_middle_of_a_change_leaves_after_it() -> None:
    """Its place in the queue is just being looked at."""
    victims: list[Any] = []

    class Collecting(ConcurrencyLimit):
        def free(self, now: float) -> bool:
            while victims:
                victims.pop().close()
            return super().free(now)

    gate = Collecting("lane", "lane", size=1)
    throttle = Limiter(Clock())

    async def main() -> None:
        held = await throttle.admit((gate,))
        held.sent()
        waiting = throttle.admit((gate,))
        waiting.send(None)
        victims.append(waiting)
        held.end()
        assert not victims
        await _pass(throttle, (gate,))

    asyncio.run(asyncio.wait_for(main(), 20))
    assert gate.used(0.0) == 0 and throttle.snapshot([]).queued == 0 and not gate.waiting


async def test_a_client_tells_its_hook() -> None:
    heard: list[Wait] = []
    async with ScriptedApi([httpx.Response(200, json=[])]).client(on_wait=heard.append) as emnify:
        for _ in range(6):
            await emnify.sims.list(options={"priority": "bulk"})  # type: ignore[arg-type]
    assert [(wait.operation, wait.priority, wait.limit) for wait in heard] == [
        ("sims.list", "bulk", "GET /api/v1/sim")
    ]


async def test_closing_a_client_turns_its_waiters_away() -> None:
    api = ScriptedApi([httpx.Response(200, json=[])])
    outcomes: list[str] = []
    emnify = api.client()

    async def call() -> None:
        try:
            await emnify.sims.list()
            outcomes.append("answered")
        except ClientStateError as error:
            outcomes.append(str(error))

    await emnify.request("GET", "/api/v1/event/type")
    async with anyio.create_task_group() as group:
        for _ in range(30):
            group.start_soon(call)
        await anyio.sleep(0.05)
        began = api.clock.monotonic()
        await emnify.aclose()
        await anyio.wait_all_tasks_blocked()
        assert api.clock.monotonic() == began
    assert outcomes.count("answered") == 5
    assert sum("closed" in outcome for outcome in outcomes) == 25
    assert emnify.throttle.snapshot().queued == 0


async def test_those_who_wait_are_told_when_the_month_is_used_up_meanwhile() -> None:
    clock = LoopClock(epoch=1_764_500_000.0)
    throttle, row, other = Limiter(clock), _bucket(), _bucket(1000.0, 500.0)
    quota = MonthlyQuota("monthly_quota", count=3, wall_offset=lambda: clock.wall() - clock.monotonic())
    await _pass(throttle, (row, quota))
    told: list[QuotaExhaustedError] = []

    async def call() -> None:
        with pytest.raises(QuotaExhaustedError) as caught:
            await _pass(throttle, (row, quota))
        told.append(caught.value)

    async with anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(call)
        await anyio.wait_all_tasks_blocked()
        for _ in range(2):
            await _pass(throttle, (other, quota))
    assert [f"{error.resets_at:%Y-%m-%d %H:%M}" for error in told] == ["2025-12-01 00:00"] * 2
    assert clock.monotonic() < 1.1, "they were told as soon as their turn came"


async def test_a_queue_costs_nobody_who_shares_no_limit_with_it() -> None:
    clock = LoopClock()
    throttle, blocked, row = Limiter(clock), ConcurrencyLimit("lane", "lane", size=1), _bucket(1000.0, 1000.0)
    asked = 0

    class Watched(ConcurrencyLimit):
        def ready(self, now: float) -> float:
            nonlocal asked
            asked += 1
            return super().ready(now)

    lanes = [Watched(f"lane {number}", "lane", size=1) for number in range(200)]
    async with anyio.create_task_group() as group:
        for lane in [blocked, *lanes]:
            (await throttle.admit((lane,))).sent()
            group.start_soon(throttle.admit, (lane,))
        await anyio.wait_all_tasks_blocked()
        asked = 0
        for _ in range(100):
            await _pass(throttle, (row,))
        assert asked == 0
        group.cancel_scope.cancel()


async def test_those_who_gave_up_are_not_kept_for_ever() -> None:
    """The head waits patiently behind a lane; many more come and go with their deadlines."""
    clock = LoopClock()
    throttle, gate = Limiter(clock), ConcurrencyLimit("lane", "lane", size=1)
    held = await throttle.admit((gate,))
    held.sent()
    async with anyio.create_task_group() as group:
        group.start_soon(_pass, throttle, (gate,))
        await anyio.wait_all_tasks_blocked()
        for _ in range(3000):
            with anyio.move_on_after(0.001):
                await throttle.admit((gate,))
        (queue,) = throttle.scheduler.queues.values()
        assert len(queue) == 1 and len(queue._lines[1]) < 1100
        held.end()
    assert not throttle.scheduler.queues and not gate.waiting


async def test_many_idle_queues_leave_nothing_behind() -> None:
    clock = LoopClock()
    throttle, window = Limiter(clock), SlidingWindow("ip", count=10, seconds=1.0, transit=0.35)
    rows = [_bucket(10.0, 5.0) for _ in range(300)]
    async with anyio.create_task_group() as group:
        for row in rows:
            group.start_soon(_pass, throttle, (row, window))
    assert clock.monotonic() == pytest.approx(29.0, abs=0.1)
    scheduler = throttle.scheduler
    assert not scheduler.queues and not window.waiting and not scheduler.limit_queues
    assert all(loop.idle for loop in scheduler.loops.values())


async def test_a_wait_of_days_ends_on_time() -> None:
    clock = LoopClock()
    throttle, limits = Limiter(clock), (_bucket(1 / 86_400.0),)
    for _ in range(4):
        await _pass(throttle, limits)
    assert clock.monotonic() == pytest.approx(3 * 86_400.0, abs=1.0)


async def test_a_clock_that_goes_back_delays_calls_and_loses_none() -> None:
    class Faulty(LoopClock):
        back = 0.0

        def monotonic(self) -> float:
            return super().monotonic() - self.back

    clock = Faulty()
    throttle = Limiter(clock)
    limits = (_bucket(10.0, 5.0), SlidingWindow("ip", count=20, seconds=3.0, transit=0.35))
    done: list[float] = []

    async def call(number: int) -> None:
        grant = await throttle.admit(limits)
        grant.sent()
        await anyio.sleep(0.01 * (number % 7))
        if number == 12:
            clock.back = 5.0
        grant.headers_received()
        grant.end()
        done.append(anyio.current_time())

    async with anyio.create_task_group() as group:
        for number in range(40):
            group.start_soon(call, number)
    assert len(done) == 40 and done[-1] < 15.0
    await anyio.sleep(20.0)
    shown = throttle.snapshot([*limits])
    assert shown.queued == 0
    assert [(limit.used, limit.in_flight) for limit in shown.limits] == [(0, 0), (0, 0)]


async def test_one_place_wakes_one_waiter_and_a_keeper_at_most() -> None:
    clock = LoopClock()
    throttle, window = Limiter(clock), SlidingWindow("ip", count=1, seconds=1.0, transit=0.35)
    woken = 0

    class Counting(LoopClock):
        async def wait(self, event: anyio.Event, seconds: float) -> None:
            nonlocal woken
            await super().wait(event, seconds)
            woken += 1

    class CountingWakes(Limiter):
        def wake(self, events: Sequence[tuple[object, Any]]) -> None:
            nonlocal woken
            woken += len(events)
            super().wake(events)

    throttle = CountingWakes(Counting())
    await _pass(throttle, (window,))
    async with anyio.create_task_group() as group:
        for _ in range(100):
            group.start_soon(_pass, throttle, (_bucket(1000.0, 500.0), window))
    assert clock.monotonic() == pytest.approx(100.0, abs=0.01)
    assert 100 <= woken <= 4 * 100


def test_a_loop_that_is_stuck_does_not_hold_up_the_others() -> None:
    """The head of the queue lives in a loop that does not come round; those behind it still go."""
    throttle, limits = Limiter(Clock()), (_bucket(20.0, 2.0),)
    ready, release = threading.Event(), threading.Event()
    behind: list[float] = []

    async def stuck() -> None:
        for _ in range(2):
            await _pass(throttle, limits)
        waiting = asyncio.get_running_loop().create_task(_pass(throttle, limits))
        await asyncio.sleep(0)
        ready.set()
        release.wait(20)
        await waiting

    async def lively() -> None:
        began = time.monotonic()
        for _ in range(3):
            await _pass(throttle, limits)
        behind.append(time.monotonic() - began)

    thread = threading.Thread(target=asyncio.run, args=(stuck(),))
    thread.start()
    ready.wait(20)
    try:
        # The stuck one is handed its place and holds it; the burst has another for the others.
        asyncio.run(asyncio.wait_for(lively(), 10))
    finally:
        release.set()
        thread.join(20)
    assert behind and behind[0] < 5.0
    assert throttle.snapshot([]).queued == 0


class Unhashable(MemoryStore):
    """A store that cannot be told from others, as a mutable record would be."""

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("option", "value", "kind"),
    [
        ("throttling", {"floor": 0.1}, ArgumentTypeError),
        ("on_wait", "print", ArgumentTypeError),
        ("store", "redis://localhost", ArgumentTypeError),
        ("store", MemoryStore, ArgumentTypeError),
        ("store", Unhashable(), ArgumentTypeError),
        ("connections", True, ArgumentTypeError),
        ("connections", 0, ArgumentError),
    ],
)
async def test_a_setting_that_cannot_work_is_named(
    option: str, value: object, kind: type[ArgumentError]
) -> None:
    with pytest.raises(kind) as caught:
        Emnify("token", **{option: value})  # type: ignore[arg-type]
    assert caught.value.argument == option


async def test_the_password_of_an_address_given_for_a_store_is_not_repeated() -> None:
    with pytest.raises(ArgumentTypeError, match=r"such as MemoryStore\(\) or RedisStore") as caught:
        Emnify("token", store="redis://:hunter2@localhost/0")  # type: ignore[arg-type]
    assert "hunter2" not in str(caught.value)


async def test_an_unknown_priority_is_named() -> None:
    async with ScriptedApi([sim()]).client() as emnify:
        with pytest.raises(ArgumentError, match="interactive, normal, bulk") as caught:
            await emnify.sims.get(1, options={"priority": "urgent"})  # type: ignore[arg-type]
    assert caught.value.argument == "options.priority"
