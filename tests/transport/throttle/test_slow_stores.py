"""A store that is slow, away or wrong: who waits keeps its deadline, and one finding serves all."""

from __future__ import annotations

import threading
from typing import Any

import anyio
import pytest
from attrs import evolve

from aioemnify.clock import Clock
from aioemnify.errors import ClientStateError, QuotaExhaustedError, StoreError, ThrottleError
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.options import Throttling
from aioemnify.stores import LimitRequest, Reservation
from aioemnify.transport.shared_state import SharedState
from aioemnify.transport.throttle.limits import ConcurrencyLimit
from aioemnify.transport.throttle.registry import LimitRegistry
from aioemnify.transport.throttle.shared.limit import StoredLimit
from aioemnify.transport.throttle.shared.reserved_slots import ReservedSlots
from aioemnify.transport.throttle.shared.store_session import StoreSession
from aioemnify.transport.throttle.windows import SlidingWindow
from tests.scripted_api import ScriptedApi
from tests.stores.virtual_store import SharedPlace, VirtualStore
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

ROWS = tuple(
    RowLimit(id=f"row {name}", method="GET", path=f"/api/v1/{name}", rate=10, burst=5)
    for name in ("sim", "endpoint", "event")
)
TABLE = LimitTable(
    rows=ROWS,
    windows=(WindowLimit(id="window", method="*", path="/*", count=2000, seconds=300.0),),
    month=MonthLimit(id="month", count=10**7),
)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


class OneProcess:
    """A process with a store whose answers take so many seconds, each way."""

    def __init__(self, latency: float = 0.0, *, table: LimitTable = TABLE, **settings: Any) -> None:
        self.clock = ScriptedApi().clock
        self.place = SharedPlace(self.clock, latency=latency)
        self.store = VirtualStore(self.place, "this process")
        self.state = SharedState(table, self.clock, Throttling(**settings), store=self.store, server="s")
        self.sent: list[float] = []

    async def call(self, path: str = "sim", **options: Any) -> None:
        limits = self.state.registry.of_call("7", "GET", f"/api/v1/{path}", None)
        grant = await self.state.throttle.admit(limits, **options)
        self.sent.append(anyio.current_time())
        grant.sent()
        grant.end()


async def test_every_call_in_line_for_a_slow_store_keeps_its_own_deadline() -> None:
    process = OneProcess(20.0)
    ended: list[float] = []
    began = anyio.current_time()

    async def call(path: str, seconds: float) -> None:
        with pytest.raises(ThrottleError, match="its deadline passed while it waited"):
            await process.call(path, deadline=began + seconds)
        ended.append(anyio.current_time() - began)

    async with anyio.create_task_group() as group:
        for path in ("sim", "endpoint", "event"):
            for seconds in (0.5, 1.0, 3.0):
                group.start_soon(call, path, seconds)
    assert ended == pytest.approx([0.5] * 3 + [1.0] * 3 + [3.0] * 3)
    assert process.store.asked.count("reserve") == 3, "each path asks once, whoever leaves"
    # What the store reserves in the end is for those who wait then.
    async with anyio.create_task_group() as group:
        group.start_soon(process.call)
    assert process.sent == [pytest.approx(began + 40.0)]
    assert process.store.asked.count("reserve") == 3


@pytest.mark.parametrize("month_over", [False, True])
async def test_who_waits_in_vain_hears_it_with_the_answer_of_the_store(month_over: bool) -> None:
    process, limit_kind = OneProcess(0.5), "month" if month_over else "bucket"
    real = process.store.reserve

    async def reserve(requests: tuple[LimitRequest, ...], *rest: Any) -> Reservation:
        for request in requests:
            if request.kind == limit_kind:
                process.place.tables.set_pause(request.key, process.clock.monotonic() + 100.0)
        return await real(requests, *rest)

    process.store.reserve = reserve  # type: ignore[method-assign]
    ended: list[float] = []

    async def call() -> None:
        with pytest.raises(QuotaExhaustedError if month_over else ThrottleError):
            await process.call(deadline=began + 50.0)
        ended.append(anyio.current_time() - began)

    began = anyio.current_time()
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(call)
    assert ended == [pytest.approx(1.0)] * 5


async def test_a_call_that_waits_for_a_slow_store_is_turned_away_and_cancelled_at_once() -> None:
    process, door = OneProcess(20.0), ConcurrencyLimit("door", "connections", size=9)
    limits = (*process.state.registry.of_call("7", "GET", "/api/v1/sim", None), door)
    errors: list[object] = []

    async def call() -> None:
        try:
            await process.state.throttle.admit(limits)
        except ClientStateError as error:
            errors.append(error)

    began = anyio.current_time()
    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(call)
        await anyio.sleep(1.0)
        process.state.throttle.dismiss(door, "closed")
    assert (len(errors), anyio.current_time() - began) == (3, pytest.approx(1.0))
    with anyio.move_on_after(1.0):
        await process.call()
    assert anyio.current_time() - began == pytest.approx(2.0)


async def test_a_pause_does_not_hold_up_the_call_that_heard_of_it() -> None:
    process = OneProcess(20.0)
    await process.call()
    began = anyio.current_time()
    limits = process.state.registry.of_call("7", "GET", "/api/v1/sim", None)
    for limit in limits[:1]:
        limit.pause(process.clock.monotonic(), process.clock.monotonic() + 100.0)
    process.state.send_pauses(limits)
    assert anyio.current_time() == began
    await anyio.sleep(20.1)
    assert process.place.tables.paused_until(limits[0].key) > 0  # type: ignore[attr-defined]


async def test_one_finding_serves_all_who_stand_in_line() -> None:
    process = OneProcess(2.0, on_store_error="raise")
    process.place.lose()
    ended: list[float] = []
    began = anyio.current_time()

    async def call() -> None:
        with pytest.raises(StoreError, match="is away"):
            await process.call()
        ended.append(anyio.current_time() - began)

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(call)
    assert ended == [pytest.approx(2.0)] * 20 and process.store.asked == ["reserve"]


async def test_paths_that_find_the_same_at_once_have_missed_one_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    process = OneProcess()
    await process.call()
    for path in ("sim", "endpoint", "event"):
        await process.call(path)
    process.place.latency = 0.1
    process.place.lose()
    async with anyio.create_task_group() as group:
        for path in ("sim", "endpoint", "event"):
            for _ in range(6):
                group.start_soon(process.call, path)
        await anyio.sleep(0.2)
        process.place.trouble = None
    assert not caplog.records, "a store that missed one moment is not lost"


async def test_an_error_of_a_store_of_the_users_own_is_a_store_error() -> None:
    process = OneProcess()

    async def broken(*_: object) -> Reservation:
        raise KeyError("shard 7")

    process.store.reserve = broken  # type: ignore[method-assign]
    with pytest.raises(StoreError, match="the store failed: KeyError: 'shard 7'") as caught:
        await process.call()
    assert not caught.value.lost


@pytest.mark.parametrize("odd", [{"retry_in": -5.0}, {"sharers": 10**12}, {"waits": (1e9,)}, {"used": ()}])
async def test_a_store_that_answers_nonsense_is_lost_and_said_once(
    odd: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    process = OneProcess()
    await process.call()
    real = process.store.reserve

    async def reserve(*arguments: Any) -> Reservation:
        return evolve(await real(*arguments), **odd)

    process.store.reserve = reserve  # type: ignore[method-assign]
    async with anyio.create_task_group() as group:
        for _ in range(30):
            group.start_soon(process.call)
    assert len(process.sent) == 31
    if odd != {"used": ()}:  # which only says less
        (said,) = [record.message for record in caplog.records if "lost" in record.message]
        assert "answered what cannot be right" in said


async def test_a_store_that_says_to_come_back_in_years_is_asked_again_in_minutes() -> None:
    process = OneProcess()
    await process.call()
    real, asked = process.store.reserve, []

    async def reserve(*arguments: Any) -> Reservation:
        asked.append(anyio.current_time())
        if len(asked) > 1:
            return await real(*arguments)
        return evolve(await real(*arguments), waits=(), reservation_ids=(), retry_in=1e9)

    process.store.reserve = reserve  # type: ignore[method-assign]
    await process.call()
    assert asked[1] - asked[0] == pytest.approx(330.0, abs=1.0)


@pytest.mark.parametrize("sharers", [1, 4])
async def test_processes_that_start_without_their_store_take_a_part_each(
    sharers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each process begins its share at a moment by chance; here in the middle of its first turn.
    monkeypatch.setattr("random.random", lambda: 0.5)
    window = WindowLimit(id="window", method="*", path="/*", count=40, seconds=300.0)
    for table, most in (
        (evolve(TABLE, windows=()), int(61.5 * 10 / sharers)),
        (evolve(TABLE, windows=(window,)), 40 // sharers),
        (evolve(TABLE, windows=(), month=MonthLimit(id="month", count=20)), 20 // sharers),
    ):
        process = OneProcess(table=table)
        process.store.sharers = sharers  # type: ignore[attr-defined]
        process.state = SharedState(table, process.clock, Throttling(), store=process.store, server="s")
        process.place.lose()

        async def keep_calling(process: OneProcess = process) -> None:
            while True:
                await process.call()

        # The first 0.25 s pass with finding out.
        with anyio.move_on_after(61.5):
            async with anyio.create_task_group() as group:
                for _ in range(10):
                    group.start_soon(keep_calling)
        assert most * 0.97 - 2 <= len(process.sent) <= most


def _slots(clock: Any, *, window: int = 100) -> tuple[ReservedSlots, StoredLimit, StoreSession]:
    session = StoreSession(VirtualStore(SharedPlace(clock), "x"), clock)
    limit = SlidingWindow("window", count=window, seconds=300.0, transit=0.35, jitter=0.2)
    stored = StoredLimit(limit, "ip:s:default:window", session)
    return ReservedSlots((stored,), session, {"window": stored}, 0.2), stored, session


async def test_slots_of_answers_that_cross_are_used_in_the_order_of_their_moments() -> None:
    clock = ScriptedApi().clock
    slots, _, session = _slots(clock)
    answers = [(0.4, 0.5), (0.1, 0.2)]

    async def reserve(*_: object) -> Reservation:
        waits = answers.pop(0)
        return Reservation(waits=waits, reservation_ids=("a", "b"), used=(2.0,), now=1.0, generation="g")

    session.store.reserve = reserve  # type: ignore[method-assign]
    for _ in range(2):
        await slots.reserve(2)
    now = clock.monotonic()
    assert slots.ready(now) == pytest.approx(now + 0.1)
    for wait in (0.1, 0.2, 0.4, 0.5):
        assert slots.free(now + wait)
        slots.take(now + wait)


async def test_a_call_that_is_sent_after_its_slot_was_given_away_takes_nobody_elses() -> None:
    """Its event loop had stood still; the store hears of it with the next report."""
    clock = ScriptedApi().clock
    slots, stored, session = _slots(clock)

    async def reserve(*_: object) -> Reservation:
        return Reservation(waits=(0.0, 0.3), reservation_ids=("a", "b"), used=(2.0,), now=1.0, generation="g")

    session.store.reserve = reserve  # type: ignore[method-assign]
    await slots.reserve(2)
    now = clock.monotonic()
    slots.take(now)
    slots.take(now)  # nothing is free before the second slot is due
    slots.sent(now)
    slots.sent(now)
    assert slots.free(now + 0.3), "the slot of the next call is still there"
    report = stored.report(now)
    assert (len(report.reported), len(report.unreported)) == (1, 1) and stored.has_unreported


async def test_a_use_that_is_taken_back_while_the_store_is_told_takes_no_other_with_it() -> None:
    clock = ScriptedApi().clock
    _, stored, _ = _slots(clock)
    now = clock.monotonic()
    for at in (now - 3.0, now - 2.0):
        stored.count(at, stored=False)
    report = stored.report(now)
    stored.uncount(now - 3.0, stored=False)
    stored.count(now - 1.0, stored=False)
    stored.confirm(report)
    assert stored.has_unreported
    assert stored.report(now).unreported == pytest.approx((1.0,)), "it was counted after the report"


def test_no_use_gets_lost_between_threads_that_count_and_one_that_reports() -> None:
    clock = Clock()  # works in threads
    session = StoreSession(VirtualStore(SharedPlace(clock), "x"), clock)
    window = SlidingWindow("window", count=100, seconds=300.0, transit=0.35, jitter=0.2)
    quota = LimitRegistry(TABLE, clock=clock).of_call("7", "GET", "/api/v1/sim", None)[-1]
    stored, month = StoredLimit(window, "w", session), StoredLimit(quota, "m", session)
    calls, threads, told, month_told = 2000, 4, 0, 0

    def count() -> None:
        for _ in range(calls):
            with session.lock:
                stored.count(1.0, stored=False)
                month.count(1.0, stored=False)

    workers = [threading.Thread(target=count) for _ in range(threads)]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers) or stored.has_unreported:
        report, of_month = stored.report(0.5), month.report(0.5)
        told, month_told = told + len(report.unreported), month_told + of_month.unreported_calls
        stored.confirm(report)
        month.confirm(of_month)
    of_month = month.report(0.5)
    assert (told, month_told + of_month.unreported_calls) == (calls * threads, calls * threads)
