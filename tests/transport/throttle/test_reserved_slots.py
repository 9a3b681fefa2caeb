"""Slots from a store: how processes share them, pauses and all, and how each does without."""

from __future__ import annotations

import asyncio
import gc
import logging
import weakref
from collections import Counter
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from aioemnify import MemoryStore, Throttling
from aioemnify.clock import next_month
from aioemnify.errors import ClientStateError, QuotaExhaustedError, StoreError, ThrottleError
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.transport.shared_state import SharedState
from aioemnify.transport.throttle.shared import HOLD, RETRY
from tests.scripted_api import ScriptedApi, sim
from tests.stores.replay import over_bucket, over_window
from tests.stores.virtual_store import SharedPlace, VirtualStore
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

ROW = RowLimit(id="row", method="GET", path="/api/v1/sim/{id}", rate=10, burst=5)
WINDOW = WindowLimit(id="window", method="*", path="/*", count=2000, seconds=300.0)


def table(**other: Any) -> LimitTable:
    return LimitTable(
        **{"rows": (ROW,), "windows": (WINDOW,), "month": MonthLimit(id="month", count=10**7), **other}
    )


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


class Fleet:
    """Processes that share one place and send calls of one row."""

    def __init__(self, processes: int, *, limits: LimitTable | None = None, **settings: Any) -> None:
        self.api = ScriptedApi()
        clock = self.api.clock
        self.place = SharedPlace(clock)
        self.stores = [VirtualStore(self.place, f"process {which}") for which in range(processes)]
        self.states = [
            SharedState(limits or table(), clock, Throttling(**settings), store=store, server="s")
            for store in self.stores
        ]
        self.sent: list[tuple[float, int]] = []

    def limits(self, which: int) -> Any:
        return self.states[which].registry.of_call("7", "GET", "/api/v1/sim/1", None)

    async def call(self, which: int, **options: Any) -> Any:
        grant = await self.states[which].throttle.admit(self.limits(which), **options)
        self.sent.append((anyio.current_time(), which))
        grant.sent()
        grant.end()
        # As the network would: what awaits the store is shielded.
        await anyio.lowlevel.checkpoint()
        return grant

    async def keep_calling(self, which: int, seconds: float) -> None:
        ends = anyio.current_time() + seconds
        with anyio.CancelScope(deadline=ends):
            while True:
                await self.call(which)

    async def run(self, seconds: float, *, callers: int = 5) -> None:
        async with anyio.create_task_group() as group:
            for which in range(len(self.stores)):
                for _ in range(callers):
                    group.start_soon(self.keep_calling, which, seconds)

    def moments(self) -> list[float]:
        return [at for at, _ in self.sent]

    def queued(self) -> int:
        return sum(state.snapshot().queued for state in self.states)


async def test_four_processes_spend_one_budget_to_the_last_call() -> None:
    fleet = Fleet(4)
    await fleet.run(20.0)
    assert over_bucket(fleet.moments(), 10, 5) == []
    assert 195 <= len(fleet.sent) <= 206
    assert set(Counter(which for _, which in fleet.sent)) == {0, 1, 2, 3}
    asked = sum(len(store.asked) for store in fleet.stores)
    assert asked <= 1.25 * len(fleet.sent)


async def test_a_pause_is_told_to_all_at_once() -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        if len(api.requests) == 1:
            return httpx.Response(429, headers={"retry-after": "3000"})
        return sim()

    fleet = Fleet(2)
    api = fleet.api
    api.answers = [answer]
    first, second = (api.client(store=store, limits=table()) for store in fleet.stores)
    came: list[float] = []

    async def call(client: Any) -> None:
        await client.sims.get(1)
        came.append(anyio.current_time())

    async with first, second, anyio.create_task_group() as group:
        group.start_soon(call, first)
        await anyio.sleep(0.5)
        assert "pause" in fleet.stores[0].asked
        group.start_soon(call, second)
    assert len(api.requests) == 3 and all(at >= 3.0 for at in came)


async def test_a_month_that_the_server_ended_for_one_is_over_for_all() -> None:
    fleet = Fleet(2)
    grant = await fleet.call(0)
    wall = fleet.api.clock.wall()
    left = next_month(wall).timestamp() - wall
    fleet.states[0].throttle.refused(grant, left)
    fleet.states[0].send_pauses(grant.limits)
    await anyio.wait_all_tasks_blocked()
    for which in (0, 1, 1):
        with pytest.raises(QuotaExhaustedError):
            await fleet.call(which)


async def test_a_slot_whose_call_was_cancelled_while_it_waited_goes_to_the_next() -> None:
    fleet = Fleet(1)
    for _ in range(3):
        await fleet.call(0)
    async with anyio.create_task_group() as group:
        with anyio.CancelScope() as hasty:
            group.start_soon(fleet.call, 0)
            await anyio.sleep(0.01)
            hasty.cancel()
        group.cancel_scope.cancel()
    began = anyio.current_time()
    await fleet.call(0)
    assert anyio.current_time() - began <= 0.1 + 1e-3
    assert fleet.queued() == 0


@pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True)
async def test_a_task_that_is_cancelled_while_the_store_answers_loses_no_slot() -> None:
    fleet = Fleet(1)
    fleet.place.latency = 0.05
    task = asyncio.ensure_future(fleet.call(0))
    await anyio.sleep(0.07)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert fleet.stores[0].asked.count("reserve") == 1
    await fleet.call(0)
    assert fleet.stores[0].asked.count("reserve") == 1, "the slot of the cancelled call is used"


async def test_a_slot_of_a_call_that_was_not_sent_goes_to_the_next() -> None:
    fleet = Fleet(1)
    unsent = await fleet.states[0].throttle.admit(fleet.limits(0))
    unsent.end()
    began, reserved = anyio.current_time(), fleet.stores[0].asked.count("reserve")
    await fleet.call(0)
    assert anyio.current_time() == began
    assert fleet.stores[0].asked.count("reserve") == reserved, "the store is not asked for another"
    assert "cancel" not in fleet.stores[0].asked


async def test_a_slot_that_is_too_old_for_the_next_is_cancelled_in_the_store() -> None:
    fleet = Fleet(1)
    unsent = await fleet.states[0].throttle.admit(fleet.limits(0))
    await anyio.sleep(1.0)
    unsent.end()
    await fleet.call(0)
    assert fleet.stores[0].asked[-2:] == ["cancel", "reserve"]
    used = {limit.name: limit.used for limit in fleet.states[0].snapshot().limits}
    assert used["window"] == used["month"] == 1, "the call that was sent"


async def test_neither_counts_nor_is_cancelled_in_a_store_that_was_emptied() -> None:
    fleet = Fleet(2)
    unsent = await fleet.states[0].throttle.admit(fleet.limits(0))
    await fleet.call(1)
    await anyio.sleep(1.0)
    unsent.end()
    fleet.place.empty()
    for _ in range(2):
        await fleet.call(1)
    await fleet.call(0)
    await fleet.call(1)
    used = {limit.name: limit.used for limit in fleet.states[1].snapshot().limits}
    assert used["window"] == len(fleet.sent) == 5


async def test_who_lets_slots_pass_by_asks_for_fewer() -> None:
    fleet = Fleet(1, limits=table(rows=(RowLimit(id="r", method="GET", path="/*", rate=100, burst=50),)))
    (store,) = fleet.stores
    counts: list[int] = []
    reserve = store.reserve

    async def recorded(limits: Any, count: int, *rest: Any) -> Any:
        counts.append(count)
        return await reserve(limits, count, *rest)

    store.reserve = recorded  # type: ignore[method-assign]
    fleet.place.latency = 0.001
    rounds = []
    for _ in range(2):
        counts.clear()
        async with anyio.create_task_group() as group:
            for _ in range(100):
                group.start_soon(fleet.call, 0)
            await anyio.sleep(0.02)
            group.cancel_scope.cancel()
        await anyio.sleep(1.0)
        rounds.append(counts[:4])
    assert rounds == [[1, 20, 20], [1, 3, 4, 5]], "10 slots were not used in time"


async def test_what_another_path_sends_while_the_store_is_told_is_told_too() -> None:
    rows = (ROW, RowLimit(id="other", method="GET", path="/api/v1/endpoint/{id}", rate=10, burst=5))
    fleet = Fleet(1, limits=table(rows=rows))
    fleet.place.latency = 0.2

    async def other() -> None:
        limits = fleet.states[0].registry.of_call("7", "GET", "/api/v1/endpoint/1", None)
        while True:
            grant = await fleet.states[0].throttle.admit(limits)
            fleet.sent.append((anyio.current_time(), 0))
            grant.sent()
            grant.end()
            await anyio.lowlevel.checkpoint()

    async with anyio.create_task_group() as group:
        group.start_soon(other)
        group.start_soon(fleet.keep_calling, 0, 20.0)
        await anyio.sleep(3.0)
        fleet.place.lose()
        await anyio.sleep(5.0)
        fleet.place.trouble = None
        await anyio.sleep(12.0)
        group.cancel_scope.cancel()
    await anyio.sleep(1.0)
    with anyio.move_on_after(0.45):
        await fleet.call(0)
    used = fleet.place.tables.uses("ip:s:default:window", 0.0)
    assert len(fleet.sent) <= used <= len(fleet.sent) + 12, "but for slots under way at the end"


async def test_slots_that_nobody_used_are_cancelled() -> None:
    fleet = Fleet(1, limits=table(month=MonthLimit(id="month", count=8)))
    async with anyio.create_task_group() as group:
        for _ in range(6):
            group.start_soon(fleet.call, 0)
        await anyio.sleep(0.01)
        group.cancel_scope.cancel()
    await anyio.sleep(5.0)
    unused = 8 - len(fleet.sent)
    for _ in range(unused):
        await fleet.call(0)
    with pytest.raises(QuotaExhaustedError):
        await fleet.call(0)
    assert len(fleet.sent) == 8


async def test_a_call_behind_more_than_one_windowful_waits_for_more_than_one_window() -> None:
    fleet = Fleet(1, limits=table(windows=(WindowLimit(id="w", method="*", path="/*", count=3, seconds=60),)))
    for _ in range(3):
        await fleet.call(0)
    (window,) = (limit for limit in fleet.limits(0) if limit.name == "w")
    now = anyio.current_time()
    # The margin counts: a window of the store lasts 0.2 s longer.
    waits = [window.soonest(now, ahead) - now for ahead in (0, 2, 3, 5, 6, 8)]
    assert waits == pytest.approx([0.0, 0.0, 60.2, 60.2, 120.4, 120.4])


async def test_a_deadline_before_the_store_can_have_a_place_fails_at_once() -> None:
    fleet = Fleet(2, limits=table(windows=(WindowLimit(id="w", method="*", path="/*", count=3, seconds=60),)))
    for _ in range(3):
        await fleet.call(0)
    with anyio.move_on_after(5.0):
        await fleet.call(1)
    began = anyio.current_time()
    with pytest.raises(ThrottleError) as caught:
        await fleet.call(1, deadline=began + 20.0)
    assert anyio.current_time() == began and 40 < caught.value.wait < 60


async def test_raise_raises_in_every_call_and_leaves_nobody_waiting() -> None:
    fleet, failures = Fleet(1, on_store_error="raise"), 0
    await fleet.call(0)
    fleet.place.lose()

    async def call() -> None:
        nonlocal failures
        try:
            await fleet.call(0)
        except StoreError:
            failures += 1

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(call)
    assert failures >= 18 and len(fleet.sent) == 21 - failures and fleet.queued() == 0
    assert fleet.stores[0].asked.count("reserve") <= 3, "not each of them finds out by itself"
    fleet.place.trouble = None
    await anyio.sleep(1.0)
    await fleet.call(0)


async def test_degraded_each_sends_its_share_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    fleet = Fleet(4)
    async with anyio.create_task_group() as group:
        group.start_soon(fleet.run, 60.0)
        await anyio.sleep(10.0)
        fleet.place.lose()
        lost_at = anyio.current_time()
        await anyio.sleep(20.0)
        fleet.place.empty()  # it was killed, and comes back with nothing
        fleet.place.trouble = None
        back_at = anyio.current_time()
    assert over_bucket(fleet.moments(), 10, 5) == []
    assert over_window(fleet.moments(), 2000, 300.0) == []
    alone = [which for at, which in fleet.sent if lost_at + 2.5 < at < back_at]
    assert len(alone) >= 0.85 * 10 * 17.5
    assert min(Counter(alone).values()) >= 0.85 * 2.5 * 17.5
    after = [at for at in fleet.moments() if at > back_at + 5.0]
    assert len(after) >= 0.95 * 10 * 25.0
    messages = [record.message for record in caplog.records if record.name == "aioemnify.store"]
    assert sum("lost" in text for text in messages) == sum("back" in text for text in messages) == 4


async def test_one_missed_answer_is_no_loss(caplog: pytest.LogCaptureFixture) -> None:
    fleet = Fleet(1)
    await fleet.call(0)
    fleet.place.lose()
    async with anyio.create_task_group() as group:
        group.start_soon(fleet.run, 3.0)
        await anyio.sleep(0.1)
        fleet.place.trouble = None
    assert "rejoin" not in fleet.stores[0].asked and len(fleet.sent) >= 25
    assert not caplog.records


SMALL = WindowLimit(id="small", method="*", path="/*", count=60, seconds=30.0)


@pytest.mark.parametrize(
    "trouble", ["emptied", "lost", "lost and emptied", "lost, then emptied", "clock put forward"]
)
async def test_what_was_used_of_a_window_is_known_after_every_trouble(trouble: str) -> None:
    fleet = Fleet(3, limits=table(windows=(SMALL,)))
    async with anyio.create_task_group() as group:
        group.start_soon(fleet.run, 60.0)
        await anyio.sleep(3.0)
        if "lost" in trouble:
            fleet.place.lose()
            await anyio.sleep(4.0)
            fleet.place.trouble = None
        if "then" in trouble:
            await anyio.sleep(4.0)
        if "emptied" in trouble:
            fleet.place.empty()
        if "forward" in trouble:
            fleet.place.shift = 3600.0
    assert over_window(fleet.moments(), SMALL.count, SMALL.seconds) == []
    assert over_bucket(fleet.moments(), 10, 5) == []
    assert len(fleet.sent) >= 2 * SMALL.count - 6, "what was used is counted once"
    assert fleet.place.tables.generation() != "first" or trouble == "lost"


async def test_calls_made_without_the_store_count_in_its_month() -> None:
    fleet = Fleet(2, limits=table(month=MonthLimit(id="month", count=40)))
    await fleet.call(0)
    await fleet.call(1)
    fleet.place.lose()
    for _ in range(8):
        await fleet.call(0)
        await fleet.call(1)
    fleet.place.trouble = None
    await anyio.sleep(3.0)
    await fleet.call(0)
    await fleet.call(1)
    used = {limit.name: limit.used for limit in fleet.states[1].snapshot().limits}
    assert used["month"] == len(fleet.sent) == 20


async def test_the_month_of_a_store_that_was_emptied_is_what_its_clients_knew() -> None:
    fleet = Fleet(2)
    for _ in range(4):
        await fleet.call(0)
    await fleet.call(1)  # and this process is gone
    fleet.place.empty()
    await fleet.call(0)
    used = {limit.name: limit.used for limit in fleet.states[0].snapshot().limits}
    assert used["month"] == 5, "process 0 was told of 4 and has made one more"


@pytest.mark.parametrize(("between", "count", "sends"), [(2.0, 70, 10), (3.0, 78, 8)])
async def test_a_second_loss_has_a_share_of_its_own_once_the_store_has_answered(
    between: float, count: int, sends: int
) -> None:
    window = WindowLimit(id="w", method="*", path="/*", count=count, seconds=60.0)
    fleet = Fleet(1, limits=table(windows=(window,)))
    async with anyio.create_task_group() as group:
        group.start_soon(fleet.run, 15.0)
        for wait in (2.0, between):
            await anyio.sleep(wait)
            fleet.place.lose()
            await anyio.sleep(2.5)
            fleet.place.trouble = None
    assert len(fleet.sent) <= count
    assert sum(4.5 + between < at < 7.0 + between for at in fleet.moments()) >= sends


async def test_slow_turns_do_not_keep_a_process_from_looking_for_the_store() -> None:
    rows = (RowLimit(id="row", method="GET", path="/api/v1/sim/{id}", rate=0.5, burst=2),)
    fleet = Fleet(4, limits=table(rows=rows))
    for which in range(4):
        await fleet.call(which)
    fleet.place.lose()
    async with anyio.create_task_group() as group:
        for which in range(4):
            for _ in range(3):
                group.start_soon(fleet.call, which)
        await anyio.sleep(4.0)
        fleet.place.trouble = None
        asked = [len(store.asked) for store in fleet.stores]
        await anyio.sleep(RETRY + 0.01)
        assert all(
            "rejoin" in store.asked[before:] for store, before in zip(fleet.stores, asked, strict=True)
        )
        group.cancel_scope.cancel()


async def test_the_more_share_the_fewer_slots_each_asks_for() -> None:
    rows = (RowLimit(id="row", method="GET", path="/api/v1/sim/{id}", rate=100, burst=50),)
    for processes, most in ((1, 20), (4, 5), (40, 1)):
        fleet = Fleet(processes, limits=table(rows=rows))
        await fleet.call(0)
        assert fleet.limits(0)[-1].capacity == most


async def test_idle_processes_do_not_begin_their_shares_at_the_same_moment() -> None:
    fleet = Fleet(40)
    for which in range(40):
        await fleet.call(which)
    await anyio.sleep(20.0)
    fleet.place.lose()
    lost_at = anyio.current_time()
    async with anyio.create_task_group() as group:
        for which in range(40):
            group.start_soon(fleet.call, which)
    first = [at - lost_at for at in fleet.moments() if at > lost_at]
    assert len(first) == 40 and max(first) <= 0.25 + 40 / 10 + 1e-3
    # Spread over a turn of all of them, 4 s: in no second more than by bad luck.
    assert max(Counter(int(at) for at in first).values()) <= 24


async def test_nobody_sends_while_others_may_not_know_yet_that_the_store_is_back() -> None:
    fleet = Fleet(3)
    async with anyio.create_task_group() as group:
        group.start_soon(fleet.run, 20.0)
        await anyio.sleep(5.0)
        fleet.place.lose()
        await anyio.sleep(5.0)
        fleet.place.trouble = None
        back = anyio.current_time()
    with_the_store = min(at for at in fleet.moments() if at > back + RETRY)
    assert with_the_store >= back + HOLD - 0.01, "the first to come back has waited for the last"
    assert with_the_store <= back + RETRY + HOLD + 0.3


async def test_what_has_to_be_put_right_ends_no_job_that_is_under_way(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fresh = Fleet(1)
    fresh.place.lose(lost=False)
    with pytest.raises(StoreError, match="of this test"):
        await fresh.call(0)
    fleet = Fleet(1)
    await fleet.call(0)
    fleet.place.lose(lost=False)
    for _ in range(10):
        await fleet.call(0)
    assert len([record for record in caplog.records if "of this test" in record.message]) == 1


async def test_a_client_that_closes_turns_its_waiters_away_and_the_last_closes_the_store() -> None:
    fleet = Fleet(1, limits=table(rows=(RowLimit(id="r", method="GET", path="/*", rate=1, burst=1),)))
    api, (store,) = fleet.api, fleet.stores
    api.answers = [sim()]
    one, other = (api.client(store=store, limits=table()) for _ in range(2))
    failures = []

    async def call() -> None:
        try:
            await one.sims.get(1)
        except ClientStateError as error:
            failures.append(error)

    async with anyio.create_task_group() as group:
        for _ in range(30):
            group.start_soon(call)
        await anyio.sleep(0.5)
        await one.aclose()
    assert failures and len(failures) + len(api.requests) == 30
    assert store.closed == 0
    await other.sims.get(1)
    await other.aclose()
    assert store.closed == 1


async def test_a_store_is_not_kept_by_the_clients_that_used_it() -> None:
    fleet = Fleet(1)
    fleet.api.answers = [sim()]
    memory = MemoryStore()
    for store in (memory, VirtualStore(fleet.place, "short-lived")):
        async with fleet.api.client(store=store) as emnify:
            await emnify.sims.get(1)
    gone = weakref.ref(store)
    del store, emnify
    fleet.api.requests.clear()
    gc.collect()
    assert gone() is None
    async with fleet.api.client(store=memory) as again:
        assert again.throttle.snapshot().calls == 2, "a MemoryStore is a budget that outlives its clients"


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "aioemnify.store")
