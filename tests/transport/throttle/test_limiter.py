"""Admission: order, cancellation, deadlines, and what a refusal teaches."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from math import inf

import anyio
import pytest

from aioemnify.clock import Clock, LoopClock
from aioemnify.errors import ClientStateError, QuotaExhaustedError, ThrottleError
from aioemnify.options import Wait
from aioemnify.tables.limits import LIMITS
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.registry import LimitRegistry
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.too_many_requests import Refusal
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


def _bucket(rate: float = 1.0, burst: float = 1.0) -> TokenBucket:
    return TokenBucket("GET /x", rate=rate, burst=burst, transit=0.35)


async def _pass(throttle: Limiter, limits: tuple[Limit, ...], **rest: float) -> Grant:
    grant = await throttle.admit(limits, **rest)
    grant.sent()
    grant.headers_received()
    grant.end()
    return grant


async def test_first_come_first_served() -> None:
    clock = LoopClock()
    throttle, limits, order = Limiter(clock), (_bucket(),), []

    async def call(number: int) -> None:
        await clock.sleep(number * 0.001)
        await _pass(throttle, limits)
        order.append(number)

    async with anyio.create_task_group() as group:
        for number in range(20):
            group.start_soon(call, number)
    assert order == list(range(20))
    snapshot = throttle.snapshot([])
    assert (snapshot.calls, snapshot.waits, snapshot.queued) == (20, 19, 0)
    assert snapshot.waited_seconds == pytest.approx(sum(range(20)), rel=0.01)


async def test_cancelling_waiters_costs_no_place() -> None:
    clock = LoopClock()
    throttle, limits, granted = Limiter(clock), (_bucket(rate=10.0),), []

    async def call(number: int) -> None:
        with anyio.move_on_after(0.05 if number % 2 else None):
            await _pass(throttle, limits)
            granted.append(clock.monotonic())

    async with anyio.create_task_group() as group:
        for number in range(100):
            group.start_soon(call, number)
    # 50 patient ones at ten a second; those that gave up left no hole behind.
    assert 50 <= len(granted) <= 51
    assert clock.monotonic() == pytest.approx(4.9, abs=0.15)
    assert throttle.snapshot([]).queued == 0


async def test_a_cancelled_head_hands_the_queue_on() -> None:
    clock = LoopClock()
    throttle, gate = Limiter(clock), ConcurrencyLimit("lane", "lane", size=1)
    first = await throttle.admit((gate,))
    done: list[str] = []

    async def head() -> None:
        with anyio.move_on_after(1.0):
            await throttle.admit((gate,))

    async def next_one() -> None:
        await clock.sleep(0.5)
        await _pass(throttle, (gate,))
        done.append("next")

    async with anyio.create_task_group() as group:
        group.start_soon(head)
        group.start_soon(next_one)
        await clock.sleep(2.0)
        first.end()
    assert done == ["next"]


async def test_a_wait_longer_than_the_deadline_is_refused_at_once() -> None:
    clock = LoopClock()
    throttle, limits = Limiter(clock), (_bucket(),)
    await _pass(throttle, limits)
    with pytest.raises(ThrottleError) as caught:
        await throttle.admit(limits, deadline=clock.monotonic() + 0.5, operation="sims.list")
    assert clock.monotonic() == 0.0
    assert caught.value.wait == pytest.approx(1.0)
    assert caught.value.limit == "GET /x" and "sims.list" in str(caught.value)


async def test_the_place_in_the_queue_counts_for_the_deadline() -> None:
    clock = LoopClock()
    throttle, limits = Limiter(clock), (_bucket(),)
    await _pass(throttle, limits)
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(partial(_pass, throttle, limits))
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(ThrottleError) as caught:
            await throttle.admit(limits, deadline=clock.monotonic() + 4.0)
        assert caught.value.wait == pytest.approx(6.0)
        assert clock.monotonic() == 0.0


async def test_a_deadline_that_passes_while_waiting_ends_the_wait() -> None:
    clock = LoopClock()
    throttle, gate = Limiter(clock), ConcurrencyLimit("lane endpoint", "lane", size=1)
    held = await throttle.admit((gate,))
    with pytest.raises(ThrottleError, match="lane endpoint"):
        await throttle.admit((gate,), deadline=clock.monotonic() + 3.0)
    assert clock.monotonic() == pytest.approx(3.0)
    held.end()
    await _pass(throttle, (gate,))


async def test_a_slow_answer_does_not_hold_up_the_next_call_beyond_transit() -> None:
    clock = LoopClock()
    throttle, limits = Limiter(clock), (_bucket(rate=10.0),)
    slow = await throttle.admit(limits)
    slow.sent()
    second = await throttle.admit(limits)
    second.sent()
    # 0.35 s until the first has surely arrived, then 0.1 s for the token it took.
    assert clock.monotonic() == pytest.approx(0.45, abs=0.001)
    slow.end()
    second.end()


async def test_an_answer_wakes_the_head() -> None:
    clock = LoopClock()
    throttle, limits = Limiter(clock), (_bucket(rate=10.0),)
    first = await throttle.admit(limits)
    first.sent()
    moments: list[float] = []

    async def second() -> None:
        await _pass(throttle, limits)
        moments.append(clock.monotonic())

    async with anyio.create_task_group() as group:
        group.start_soon(second)
        await clock.sleep(0.05)
        first.headers_received()
    assert moments == [pytest.approx(0.15, abs=0.001)]
    first.end()


async def test_a_request_never_sent_gives_its_place_back() -> None:
    clock = LoopClock()
    throttle, bucket = Limiter(clock), _bucket()
    grant = await throttle.admit((bucket,))
    grant.end()
    await _pass(throttle, (bucket,))
    assert clock.monotonic() == 0.0
    assert throttle.snapshot([]).calls == 1


async def test_the_months_quota_is_refused_before_sending_and_comes_back_on_the_first() -> None:
    clock = LoopClock(epoch=1_764_547_100.0)  # 2025-11-30 23:58:20 UTC
    throttle = Limiter(clock)
    quota = MonthlyQuota("monthly_quota", count=2, wall_offset=lambda: clock.wall() - clock.monotonic())
    for _ in range(2):
        await _pass(throttle, (quota,))
    with pytest.raises(QuotaExhaustedError) as caught:
        await throttle.admit((quota,))
    assert caught.value.retry_after == pytest.approx(100.0)
    assert caught.value.cause == "quota"
    await clock.sleep(100.0)
    await _pass(throttle, (quota,))


async def test_a_refusal_is_laid_to_the_limit_it_came_from() -> None:
    clock = LoopClock()
    throttle = Limiter(clock)
    row = _bucket(rate=10.0, burst=5.0)
    general = SlidingWindow("ip_general", count=20, seconds=300.0, transit=0.35)
    logins = SlidingWindow("ip_authenticate", count=4, seconds=300.0, transit=0.35)
    quota = MonthlyQuota("monthly_quota", count=1000, wall_offset=lambda: 0.0)
    grant = await _pass(throttle, (row, general, quota))
    assert throttle.refused(grant, 0.08) == Refusal("row", 0.08, 0.08, row)
    assert throttle.refused(grant, None) == Refusal("row", 0.2, 0.2, row)
    assert row.ready(clock.monotonic()) == pytest.approx(0.2, abs=1e-5)
    assert throttle.refused(grant, 12.0) == Refusal("ip", 12.0, 12.0, general)
    month = 31 * 86_400.0  # it is January 1970
    assert throttle.refused(grant, month) == Refusal("quota", month, 60.0, quota, doubtful=True)
    for _ in range(19):
        general.take(clock.monotonic())
    assert throttle.refused(grant, 0.5) == Refusal("ip", 0.5, 0.5, general), (
        "a window that is full explains any wait"
    )
    for _ in range(4):
        logins.take(clock.monotonic())
    blamed = await throttle.admit((ConcurrencyLimit("t", "connections", size=1),))
    blamed.limits = (general, logins)
    throttle.refused(blamed, 30.0)
    assert logins.paused_until == pytest.approx(30.0) and general.paused_until < 30.0
    assert throttle.snapshot([]).refused == 6


async def test_a_shorter_pause_never_shortens_a_longer_one() -> None:
    row = _bucket()
    row.pause(0.0, 10.0)
    row.pause(0.0, 2.0)
    assert row.ready(0.0) == pytest.approx(10.0, abs=1e-5)


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("/api/v1/sim", "/api/v1/sim"),
        ("/api/v1/sim/42", "/api/v1/sim/{id}"),
        ("/api/v1/sim/status", "/api/v1/sim/{id}"),
        ("/api/v1/sim/42/stats", None),
        ("/api/v1/sim/42/stats/daily", "/api/v1/sim/{id}/stats/*"),
        ("/api/v1/endpoint", "/api/v1/endpoint"),
        ("/api/v1/endpoint/7", "/api/v1/endpoint/{id}"),
        ("/api/v1/endpoint/7/connectivity", "/api/v1/endpoint/{id}/connectivity"),
        ("/api/v1/endpoint/7/connectivity_info", "/api/v1/endpoint/{id}/connectivity_info"),
        ("/api/v1/endpoint/7/stats", None),
        ("/api/v1/endpoint/7/stats/daily", "/api/v1/endpoint/{id}/stats/*"),
        ("/api/v1/endpoint/stats/daily", "/api/v1/endpoint/stats/*"),
        ("/api/v1/event", "/api/v1/event"),
        ("/api/v1/event/alerts_pending", "/api/v1/event/alerts_pending"),
        ("/api/v1/event/type", None),
        ("/api/v1/event_deprecated", "/api/v1/event_deprecated"),
        ("/api/v1/organisation/my/stats", "/api/v1/organisation/{id}/stats"),
        ("/api/v1/organisation/9/stats/daily", "/api/v1/organisation/{id}/stats/*"),
        ("/api/v1/organisation/9/billing/a/b", "/api/v1/organisation/{id}/billing/*"),
        ("/api/v1/stats/daily", "/api/v1/stats/*"),
        ("/api/v1/service_profile", "/api/v1/service_profile"),
        ("/api/v1/service_profile/1/traffic_limit", "/api/v1/service_profile/*"),
        ("/api/v1/tariff_profile", "/api/v1/tariff_profile"),
        ("/api/v1/tariff_profile/1", "/api/v1/tariff_profile/*"),
        ("/api/v2/endpoint/multi", None),
    ],
)
async def test_a_concrete_path_meets_its_most_literal_row(path: str, row: str | None) -> None:
    book = LimitRegistry(LIMITS, clock=LoopClock())
    limits = book.of_call("7", "GET", path, None)
    assert [limit.name for limit in limits if limit.kind == "row"] == ([f"GET {row}"] if row else [])
    assert [limit.name for limit in limits if limit.kind == "ip"] == ["ip_general"]
    assert [limit for limit in book.of_call("7", "PATCH", path, None) if limit.kind == "row"] == []


async def test_rows_belong_to_an_organisation_and_windows_to_the_address() -> None:
    book = LimitRegistry(LIMITS, clock=LoopClock())
    one, other = (book.of_call(whose, "GET", "/api/v1/sim", "endpoint") for whose in ("1", "2"))
    by_kind = {a.kind: a is b for a, b in zip(one, other, strict=True)}
    assert by_kind == {"lane": False, "row": False, "ip": True, "quota": False}
    login = book.of_call("", "POST", "/api/v1/authenticate", None)
    assert [limit.name for limit in login] == ["ip_general", "ip_authenticate"]


def test_threads_share_one_pace() -> None:
    """Two event loops in two threads take from one bucket, and wake each other."""
    throttle, gate = Limiter(Clock()), ConcurrencyLimit("lane", "lane", size=1)
    inside, most = 0, 0

    async def worker() -> None:
        nonlocal inside, most
        for _ in range(50):
            grant = await throttle.admit((gate,))
            grant.sent()
            inside += 1
            most = max(most, inside)
            await anyio.lowlevel.checkpoint()
            inside -= 1
            grant.end()

    threads = [threading.Thread(target=anyio.run, args=(worker,)) for _ in range(3)]
    threads.append(threading.Thread(target=partial(anyio.run, worker, backend="trio")))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    assert most == 1
    assert throttle.snapshot([]).calls == 200


async def test_ready_of_a_full_turnstile_is_never() -> None:
    gate = ConcurrencyLimit("lane", "lane", size=1)
    gate.take(0.0)
    assert gate.ready(0.0) == inf and gate.soonest(0.0, 5) == 0.0


@pytest.mark.parametrize("path", ["behind a backlog", "before a backlog"])
async def test_a_backlog_on_one_path_does_not_shut_out_another(path: str) -> None:
    clock = LoopClock()
    throttle, connection = Limiter(clock), ConcurrencyLimit("connections", "connections", size=1)
    rows = {name: _bucket(rate=1000.0, burst=500.0) for name in ("bulk", "one")}
    finished: list[str] = []

    async def call(name: str) -> None:
        grant = await throttle.admit((rows[name], connection))
        grant.sent()
        await clock.sleep(1.0)
        grant.end()
        finished.append(name)

    async with anyio.create_task_group() as group:
        for name in ["bulk"] * 100 + ["one"] if path == "behind a backlog" else ["one"] + ["bulk"] * 100:
            group.start_soon(call, name)
            await anyio.wait_all_tasks_blocked()
    assert finished.index("one") <= 2
    assert len(finished) == 101


async def test_a_call_that_is_still_connecting_counts_in_full_and_does_not_age() -> None:
    clock = LoopClock()
    throttle, limits = Limiter(clock), (_bucket(rate=10.0),)
    slow = await throttle.admit(limits)
    moments: list[float] = []

    async def next_one() -> None:
        await _pass(throttle, limits)
        moments.append(clock.monotonic())

    async with anyio.create_task_group() as group:
        group.start_soon(next_one)
        await clock.sleep(5.0)
        slow.sent()
        await clock.sleep(0.1)
        slow.headers_received()
    assert moments == [pytest.approx(5.2, abs=0.001)]
    slow.end()


def test_a_grant_that_meets_a_cancellation_is_given_back() -> None:
    """A task cancelled by asyncio itself, after it was handed its place and before it ran."""

    async def main() -> None:
        throttle, gate = Limiter(Clock()), ConcurrencyLimit("lane", "lane", size=1)
        held = await throttle.admit((gate,))
        held.sent()
        waiting = asyncio.get_running_loop().create_task(throttle.admit((gate,)))
        await asyncio.sleep(0)
        held.end()
        assert gate.used(0.0) == 1, "the place is the waiter's"
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert gate.used(0.0) == 0
        await _pass(throttle, (gate,))
        assert throttle.snapshot([]).queued == 0

    asyncio.run(main())


def test_a_waiter_whose_loop_is_gone_does_not_stop_the_queue() -> None:
    throttle, gate = Limiter(Clock()), ConcurrencyLimit("lane", "lane", size=1)
    taken: list[Grant] = []

    async def leave_one_waiting() -> None:
        taken.append(await throttle.admit((gate,)))
        taken[0].sent()
        waiting = asyncio.get_running_loop().create_task(throttle.admit((gate,)))
        await asyncio.sleep(0)
        abandoned.append(waiting)

    async def come_next() -> None:
        waiting = asyncio.get_running_loop().create_task(_pass(throttle, (gate,)))
        await asyncio.sleep(0)
        taken[0].end()
        await waiting

    abandoned: list[asyncio.Task[Grant]] = []
    loop = asyncio.new_event_loop()
    loop.run_until_complete(leave_one_waiting())
    loop.close()  # as a crashed thread would leave it: nobody cancelled the task
    asyncio.run(asyncio.wait_for(come_next(), 10))
    # Silence the interpreter about a task that the test left behind on purpose.
    abandoned[0]._log_destroy_pending = False  # type: ignore[attr-defined]


async def test_leaving_a_long_queue_is_cheap_and_complete() -> None:
    clock = LoopClock()
    throttle, gate = Limiter(clock), ConcurrencyLimit("lane", "lane", size=1)
    held = await throttle.admit((gate,))
    held.sent()
    async with anyio.create_task_group() as group:
        for _ in range(2000):
            group.start_soon(throttle.admit, (gate,))
        await anyio.wait_all_tasks_blocked()
        assert throttle.snapshot([]).queued == 2000
        group.cancel_scope.cancel()
    assert throttle.snapshot([]).queued == 0
    held.end()
    await _pass(throttle, (gate,))


def test_waking_a_task_whose_loop_is_gone_does_not_lock_the_throttle_up() -> None:
    """To wake it drops its last reference, and its own leaving needs the throttle's lock."""
    throttle, gate = Limiter(Clock()), ConcurrencyLimit("lane", "lane", size=1)

    async def leave_one_waiting() -> Grant:
        held = await throttle.admit((gate,))
        held.sent()
        # Nobody keeps the task; only the event it waits for does.
        asyncio.get_running_loop().create_task(throttle.admit((gate,)))
        await asyncio.sleep(0)
        return held

    def crash() -> Grant:
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda *_: None)
        held = loop.run_until_complete(leave_one_waiting())
        loop.close()
        return held

    ended = threading.Thread(target=lambda: crash().end(), daemon=True)
    ended.start()
    ended.join(timeout=30)
    assert not ended.is_alive()
    assert gate.used(0.0) == 0 and throttle.snapshot([]).queued == 0


async def test_a_call_that_has_to_wait_is_described_to_its_hook() -> None:
    clock, heard = LoopClock(), []
    throttle, limits = Limiter(clock), (_bucket(rate=1.0),)
    await _pass(throttle, limits)
    await clock.sleep(0.25)
    async with anyio.create_task_group() as group:
        group.start_soon(_pass, throttle, limits)
        await anyio.wait_all_tasks_blocked()
        await throttle.admit(limits, operation="sims.list", priority="normal", on_wait=heard.append)
    assert heard == [
        Wait(operation="sims.list", limit="GET /x", kind="row", seconds=1.75, priority="normal", position=1),
    ]


async def test_each_call_has_the_next_turn_unless_it_keeps_an_earlier_one() -> None:
    throttle, limits = Limiter(LoopClock()), (_bucket(rate=100.0),)
    turns = [(await _pass(throttle, limits)).turn for _ in range(3)]
    kept = await throttle.admit(limits, turn=turns[0])
    assert turns == sorted(set(turns)) and kept.turn == turns[0]


async def test_a_call_whose_deadline_is_now_is_not_sent_though_there_is_room() -> None:
    clock = LoopClock()
    with pytest.raises(ThrottleError, match="its deadline passed") as caught:
        await Limiter(clock).admit((_bucket(),), deadline=clock.monotonic(), operation="sims.list")
    assert caught.value.operation == "sims.list"


@pytest.mark.parametrize(("options", "rate"), [({}, 8.0), ({"adapt": False}, 10.0)])
async def test_a_429_lowers_the_rate_unless_that_is_switched_off(
    options: dict[str, bool], rate: float
) -> None:
    throttle, row = Limiter(LoopClock(), **options), _bucket(rate=10.0)  # type: ignore[arg-type]
    assert (throttle.scheduler.floor, throttle.snapshot([]).refused) == (0.1, 0)
    throttle.refused(await _pass(throttle, (row,)), 0.5)
    assert throttle.snapshot([row]).limits[0].rate_now == rate
    assert throttle.snapshot([]).refused == 1


async def test_who_is_turned_away_is_told_why_and_only_those_of_the_client() -> None:
    throttle, gate, ours = Limiter(LoopClock()), ConcurrencyLimit("lane", "lane", size=1), object()
    other = ConcurrencyLimit("other", "lane", size=1)
    held = [await throttle.admit((gate,)), await throttle.admit((other,))]
    failures: list[tuple[str, str]] = []

    async def call(name: str, limit: Limit, client: object) -> None:
        try:
            await throttle.admit((limit,), client=client)
        except ClientStateError as error:
            failures.append((name, str(error)))

    async with anyio.create_task_group() as group:
        for name, limit, client in (("ours", gate, ours), ("theirs", gate, None), ("elsewhere", other, ours)):
            group.start_soon(call, name, limit, client)
        await anyio.wait_all_tasks_blocked()
        throttle.dismiss(gate, "closed", client=ours)
        await anyio.wait_all_tasks_blocked()
        assert failures == [("ours", "closed")]
        throttle.dismiss(gate, "over")
        await anyio.wait_all_tasks_blocked()
        assert failures[1:] == [("theirs", "over")] and throttle.snapshot([]).queued == 1
        for grant in held:
            grant.end()
