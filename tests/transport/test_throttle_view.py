"""What the throttle shows: how the limits stand, and how long a job would take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf
from typing import Any

import anyio
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aioemnify import OPERATIONS, CallOptions, Estimate, Throttling
from aioemnify.clock import LoopClock
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow
from tests.scripted_api import EPOCH, ScriptedApi, sim
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


def _bucket(rate: float = 10.0, burst: float = 5.0) -> TokenBucket:
    return TokenBucket("GET /x", rate=rate, burst=burst, transit=0.35, organisation="7")


def _window(count: int = 2000, seconds: float = 300.0) -> SlidingWindow:
    return SlidingWindow("ip_general", count=count, seconds=seconds, transit=0.35)


async def _pass(throttle: Limiter, limits: tuple[Limit, ...], **rest: float) -> Grant:
    grant = await throttle.admit(limits, **rest)
    grant.sent()
    grant.headers_received()
    grant.end()
    return grant


async def _pass_all(throttle: Limiter, limits: tuple[Limit, ...], calls: int) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(calls):
            group.start_soon(partial(_pass, throttle, limits))


async def test_a_snapshot_tells_how_each_limit_stands() -> None:
    clock = LoopClock()
    throttle, row, window = Limiter(clock), _bucket(), _window(count=20)
    lane = ConcurrencyLimit("lane endpoint", "lane", size=1, organisation="7")
    flying = await throttle.admit((row, window))
    flying.sent()
    for _ in range(3):
        await _pass(throttle, (row, window))
    held = await throttle.admit((lane, row, window))
    async with anyio.create_task_group() as group:
        group.start_soon(_pass, throttle, (row, window))
        await anyio.wait_all_tasks_blocked()
        shown = {use.kind: use for use in throttle.snapshot([row, window, lane]).limits}
        group.cancel_scope.cancel()
    assert (shown["row"].name, shown["row"].organisation, shown["ip"].organisation) == ("GET /x", "7", "")
    assert (shown["row"].allowed, shown["row"].used) == (5, 5)
    assert (shown["row"].in_flight, shown["row"].waiting) == (2, 1)
    # Of three answered calls one has to leak away, at ten a second; two are under way.
    assert shown["row"].next_free == pytest.approx(0.1, abs=1e-5)
    assert (shown["row"].rate_now, shown["ip"].rate_now) == (10.0, None)
    assert (shown["ip"].used, shown["ip"].in_flight, shown["ip"].waiting) == (5, 2, 1)
    assert shown["ip"].next_free == 0.0
    assert (shown["lane"].used, shown["lane"].next_free) == (1, inf)
    flying.end()
    held.end()


async def test_a_snapshot_tells_of_refusals_and_pauses() -> None:
    clock = LoopClock()
    throttle, row, window = Limiter(clock), _bucket(), _window()
    grant = await _pass(throttle, (row, window))
    throttle.refused(grant, 0.8)
    by_row, by_window = throttle.snapshot([row, window]).limits
    assert (by_row.refused, by_window.refused) == (1, 0)
    assert by_row.paused_for == pytest.approx(0.8) and by_window.paused_for == 0.0
    assert by_row.rate_now == pytest.approx(8.0)
    await clock.sleep(10.0)
    (by_row,) = throttle.snapshot([row]).limits
    assert (by_row.paused_for, by_row.rate_now) == (0.0, 10.0)


@pytest.mark.parametrize(
    ("row", "window", "calls", "seconds", "decisive"),
    [
        ((10, 5), (2000, 300), 5, 0.0, None),
        ((10, 5), (2000, 300), 100, 9.5, "GET /x"),
        ((100, 50), (2000, 300), 2000, 19.5, "GET /x"),
        ((100, 50), (2000, 300), 2001, 300.0, "ip_general"),
        # The second windowful leaves as spread as the first: its last is the 2,000th, 19.5 s after the first.
        ((100, 50), (2000, 300), 4000, 319.5, "ip_general"),
        ((10, 5), (2000, 300), 10_000, 4 * 300 + 199.5, "ip_general"),
        # Five a second never fill a window of 2,000 in five minutes.
        ((5, 5), (2000, 300), 10_000, 1999.0, "GET /x"),
        (None, (2000, 300), 10_000, 1200.0, "ip_general"),
        (None, (2000, 300), 2000, 0.0, None),
    ],
)
async def test_the_last_of_many_calls_gets_its_place_when_arithmetic_says(
    row: tuple[float, float] | None,
    window: tuple[int, float],
    calls: int,
    seconds: float,
    decisive: str | None,
) -> None:
    throttle = Limiter(LoopClock())
    limits: tuple[Limit, ...] = (_window(*window),)
    if row is not None:
        limits = (_bucket(*row), *limits)
    found, limit = throttle.forecast(limits, calls, "normal", None)
    assert found == pytest.approx(seconds, abs=1e-3)
    assert (limit.name if limit else None) == decisive


@settings(max_examples=100, deadline=None)
@given(
    rate=st.sampled_from([1.0, 3.0, 10.0]),
    burst=st.sampled_from([1.0, 4.0]),
    count=st.integers(3, 20),
    seconds=st.sampled_from([2.0, 7.5]),
    before=st.lists(st.floats(0.0, 2.0), max_size=6),
    queued=st.integers(0, 10),
    calls=st.integers(1, 80),
    pause=st.sampled_from([0.0, 0.4, 5.0]),
)
def test_an_estimate_is_what_then_happens(
    rate: float,
    burst: float,
    count: int,
    seconds: float,
    before: list[float],
    queued: int,
    calls: int,
    pause: float,
) -> None:
    """Whatever has been used, waits or is paused: the estimate is the time the calls then take."""

    async def main() -> None:
        clock = LoopClock()
        throttle = Limiter(clock)
        limits = (_bucket(rate, burst), _window(count, seconds))
        for gap in before:
            await clock.sleep(gap)
            await _pass(throttle, limits)
        if pause:
            limits[1].pause(clock.monotonic(), clock.monotonic() + pause)
        async with anyio.create_task_group() as group:
            for _ in range(queued):
                group.start_soon(_pass, throttle, limits)
            await anyio.wait_all_tasks_blocked()
            began = clock.monotonic()
            told, _ = throttle.forecast(limits, calls, "normal", None)
            await _pass_all(throttle, limits, calls)
            assert clock.monotonic() - began == pytest.approx(told, abs=0.002)

    kind, options = backend("asyncio")
    anyio.run(main, backend=kind, backend_options=options)


@pytest.mark.parametrize(("queues", "calls", "takes"), [(1, 20, 4.0), (2, 20, 4.0), (1, 5, 1.0)])
async def test_calls_of_other_queues_that_share_a_limit_are_counted(
    queues: int, calls: int, takes: float
) -> None:
    clock = LoopClock()
    throttle, window = Limiter(clock), _window(count=10, seconds=1.0)
    ours, *others = ((_bucket(1000.0, 500.0), window) for _ in range(1 + queues))
    async with anyio.create_task_group() as group:
        for number in range(30):
            group.start_soon(_pass, throttle, others[number % queues])
        await anyio.wait_all_tasks_blocked()
        # 10 are gone and 20 wait; with 20 more the last windowful but none begins 4 s from now. Queues take
        # turns, so that 5 more need not wait for all of them.
        seconds, limit = throttle.forecast(ours, calls, "normal", None)
        assert seconds == pytest.approx(takes, abs=0.01) and limit is window
        began = clock.monotonic()
        await _pass_all(throttle, ours, calls)
        assert clock.monotonic() - began == pytest.approx(takes, abs=0.01)


async def test_calls_that_wait_with_a_lower_priority_are_not_in_the_way() -> None:
    clock = LoopClock()
    throttle, limits = Limiter(clock), (_bucket(1.0, 1.0),)
    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(partial(throttle.admit, limits, priority="bulk"))
        await anyio.wait_all_tasks_blocked()
        for priority in ("interactive", "normal"):
            assert throttle.forecast(limits, 1, priority, None)[0] < 2.0
        assert throttle.forecast(limits, 1, "bulk", None)[0] > 40.0
        group.cancel_scope.cancel()


async def test_serial_calls_take_as_long_as_their_exchanges() -> None:
    throttle = Limiter(LoopClock())
    limits = (
        ConcurrencyLimit("lane endpoint", "lane", size=1),
        _window(),
        ConcurrencyLimit("c", "connections", size=20),
    )
    assert throttle.forecast(limits, 100, "normal", None)[0] == 0.0
    seconds, limit = throttle.forecast(limits, 100, "normal", 0.25)
    assert (seconds, limit) == (25.0, limits[0])
    seconds, limit = throttle.forecast(limits[1:], 100, "normal", 0.25)
    assert (seconds, limit) == (1.25, limits[2])


async def test_a_job_beyond_the_month_ends_in_the_month_that_has_room() -> None:
    clock = LoopClock(epoch=datetime(2026, 1, 31, 23, 0, 0, tzinfo=UTC).timestamp())
    throttle = Limiter(clock)
    quota = MonthlyQuota("monthly_quota", count=1000, wall_offset=lambda: clock.wall() - clock.monotonic())
    await _pass(throttle, (quota,))
    assert throttle.forecast((quota,), 999, "normal", None)[0] == 0.0
    seconds, limit = throttle.forecast((quota,), 1000, "normal", None)
    assert (seconds, limit) == (3600.0, quota)
    # 28 days of February, and the hour before.
    assert throttle.forecast((quota,), 2999, "normal", None)[0] == 3600.0 + 28 * 86400


async def test_estimates_of_a_client_before_and_after_its_first_call() -> None:
    api = ScriptedApi([sim()])
    async with api.client() as emnify:
        told = emnify.throttle.estimate("sims.list", 100)
        assert (told.seconds, told.limit, told.share_of_month) == (9.5, "GET /api/v1/sim", 1e-5)
        assert told.finishes_at == datetime.fromtimestamp(EPOCH + 9.5, UTC)
        assert {use.kind for use in emnify.throttle.snapshot().limits} == {"ip", "connections"}, "no traces"
        for _ in range(5):
            await emnify.request("GET", "/api/v1/sim")
        told = emnify.throttle.estimate("sims.list", 1)
        assert told.seconds == pytest.approx(0.1, abs=1e-3)
        assert emnify.throttle.estimate(OPERATIONS["sims.list"], 1).seconds == told.seconds
        assert emnify.throttle.estimate("sims.list", 1, organisation=8).seconds == 0.0
        assert emnify.throttle.estimate("sims.list", 0) == Estimate(
            seconds=0.0,
            limit=None,
            share_of_month=0.0,
            finishes_at=datetime.fromtimestamp(api.clock.wall(), UTC),
        )


async def test_estimates_learn_how_long_an_exchange_takes() -> None:
    async def slow(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(0.5)
        return httpx.Response(204)

    api = ScriptedApi([slow])
    async with api.client() as emnify:
        assert emnify.throttle.estimate("endpoints.update", 10_000).seconds == 1200.0
        await emnify.endpoints.update(1, {"name": "x"})
        told = emnify.throttle.estimate("endpoints.update", 10_000)
    # A serial lane at half a second a call.
    assert told.limit == "lane endpoint" and told.seconds == pytest.approx(5000.0)
    assert told.share_of_month == pytest.approx(0.001)


async def test_estimates_heed_overrides_and_work_without_pacing() -> None:
    api = ScriptedApi([sim()])
    settings = Throttling(overrides={7: {"get_sim": (20.0, 10.0), "monthly_quota": 1000}})
    async with api.client(throttling=settings) as emnify:
        told = emnify.throttle.estimate("sims.list", 110, organisation=7)
        assert (told.seconds, told.share_of_month) == (5.0, 0.11)
        assert emnify.throttle.estimate("sims.list", 105, organisation=8).seconds == 10.0
    async with api.client(throttling=None) as emnify:
        assert emnify.throttle.estimate("sims.list", 10**9).seconds == 0.0


async def test_pages_that_are_read_one_after_the_other_take_as_long_as_their_exchanges() -> None:
    async def slow(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(0.5)
        return httpx.Response(200, json=[], headers={"X-Total-Pages": "20"})

    api = ScriptedApi([slow])
    async with api.client() as emnify:
        assert emnify.throttle.estimate("sims.list", 20, at_once=1).seconds == 1.5, "nothing is known yet"
        foreseen: list[float] = []
        pages = emnify.sims.list(options=CallOptions(priority="bulk")).pages()
        async for _ in pages:
            left = 20 - len(foreseen) - 1
            ends = api.clock.monotonic() + emnify.throttle.estimate("sims.list", left, at_once=1).seconds
            foreseen.append(ends)
    assert foreseen == [pytest.approx(api.clock.monotonic(), abs=0.01)] * 20
    assert emnify.throttle.estimate("sims.list", 20, at_once=4).seconds == pytest.approx(2.5, abs=0.01)
    assert emnify.throttle.estimate("sims.list", 20, at_once=1).limit == "at_once"


@pytest.mark.parametrize(
    ("path", "row", "seconds"),
    [
        ("GET /api/v1/sim/42", "GET /api/v1/sim/{id}", 1.0),
        ("get /api/v1/sim", "GET /api/v1/sim", 14.5),
        ("GET /api/v3/new", None, 0.0),
        ("DELETE /api/v1/sim/42", None, 0.0),
    ],
)
async def test_raw_calls_can_be_estimated_too(path: str, row: str | None, seconds: float) -> None:
    async with ScriptedApi([sim()]).client() as emnify:
        told = emnify.throttle.estimate(path, 150)
    assert (told.limit, told.seconds) == (row, seconds)


@pytest.mark.parametrize(
    ("seconds", "limit", "text"),
    [
        (0.0, None, "0 s, done 2026-01-01 00:00:00 UTC"),
        (59.2, "GET /x", "1 min 0 s, done 2026-01-01 00:00:59 UTC, held up by GET /x"),
        (9_876.0, None, "2 h 44 min, done 2026-01-01 02:44:36 UTC"),
        (400_000.0, None, "4 d 15 h, done 2026-01-05 15:06:40 UTC"),
    ],
)
def test_an_estimate_reads_as_one_line(seconds: float, limit: str | None, text: str) -> None:
    ends = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    told = Estimate(seconds=seconds, limit=limit, share_of_month=0.0, finishes_at=ends)
    assert str(told) == text
    never = Estimate(seconds=inf, limit="lane", share_of_month=0.0, finishes_at=None)
    assert str(never) == "never done, held up by lane"


async def test_a_snapshot_reads_as_a_table() -> None:
    async with ScriptedApi([httpx.Response(200, json=[])]).client() as emnify:
        for _ in range(6):
            await emnify.sims.list()
        totals, titles, *rows = str(emnify.throttle.snapshot()).splitlines()
    assert totals == "7 calls, 1 of them waited 0.1 s in all, 0 refused, 0 waiting"
    assert " ".join(titles.split()) == "limit whose used in flight waiting next free refused rate now"
    row = "GET /api/v1/sim 7 5 of 5 0 0 in 0.1 s 0 10.0/s"
    month = "monthly_quota 7 6 of 10,000,000 0 0 now 0 -"
    assert {row, month} <= {" ".join(line.split()) for line in rows}
    begins = titles.index("waiting")
    assert all(line[begins - 2 : begins + 1] == "  0" for line in rows), "columns stand below each other"


async def test_the_closest_operation_is_offered() -> None:
    async with ScriptedApi([sim()]).client() as emnify:
        with pytest.raises(ArgumentError, match=r"not 'sim.lst'; did you mean 'sims.list'\?"):
            emnify.throttle.estimate("sim.lst", 1)


@pytest.mark.parametrize(
    ("args", "kind", "argument"),
    [
        (("sims.lits", 1), ArgumentError, "operation"),
        ((["sims.list"], 1), ArgumentError, "operation"),
        (("TRACE /api/v1/sim", 1), ArgumentError, "method"),
        (("sims.list", -1), ArgumentError, "count"),
        (("sims.list", 1.5), ArgumentTypeError, "count"),
        (("sims.list", True), ArgumentTypeError, "count"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    args: tuple[str, int], kind: type[ArgumentError], argument: str
) -> None:
    async with ScriptedApi([sim()]).client() as emnify:
        with pytest.raises(kind) as caught:
            emnify.throttle.estimate(*args)
    assert caught.value.argument == argument


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"at_once": 0}, "at_once is at least 1, not 0"),
        ({"at_once": 1.5}, "at_once takes a whole number, not 1.5"),
        ({"priority": "high"}, "priority is one of interactive, normal, bulk, not 'high'"),
        ({"count": -1}, "count is at least 0, not -1"),
    ],
)
async def test_options_of_an_estimate_that_make_no_sense_are_refused(
    options: dict[str, Any], problem: str
) -> None:
    async with ScriptedApi([sim()]).client() as emnify:
        with pytest.raises(ArgumentError) as caught:
            emnify.throttle.estimate("sims.list", **({"count": 5} | options))
    assert str(caught.value) == problem


async def test_a_throttle_shows_its_counts_and_an_account_without_limits_uses_no_share() -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "100"}), sim()])
    async with api.client(throttling=None) as emnify:
        await emnify.sims.get(1)
        assert repr(emnify.throttle) == "<throttle: 3 calls, 0 waiting, 1 refused>"
        assert emnify.throttle.estimate("sims.get", 100).share_of_month == 0.0
    async with ScriptedApi([sim()]).client() as emnify:
        assert emnify.throttle.estimate("sims.get", 100).share_of_month == pytest.approx(1e-5)
        assert emnify.throttle.estimate("sims.get", 0).limit is None
