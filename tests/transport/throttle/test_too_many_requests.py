"""Which limit a 429 is laid to, and what a call hears that is refused before it is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import anyio
import httpx
import pytest

from aioemnify import LIMITS, Throttling
from aioemnify.clock import LoopClock
from aioemnify.errors import QuotaExhaustedError, RateLimitError, ThrottleError
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.registry import LimitRegistry
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.too_many_requests import Refusal, learn
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow
from tests.scripted_api import EPOCH, ScriptedApi
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

MONTH_LEFT = 1_000_000.0
DECEMBER = datetime(2025, 12, 1, tzinfo=UTC)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


def _row() -> TokenBucket:
    return TokenBucket("GET /x", rate=10.0, burst=5.0, transit=0.35)


def _window(used: int) -> SlidingWindow:
    window = SlidingWindow("ip", count=100, seconds=300.0, transit=0.35)
    for _ in range(used):
        window.take(0.0)
    return window


def _quota(used: int, count: int = 1000) -> MonthlyQuota:
    quota = MonthlyQuota("monthly_quota", count=count, wall_offset=lambda: 0.0)
    assert quota.free(0.0)
    for _ in range(used):
        quota.take(0.0)
    return quota


async def _pass(throttle: Limiter, limits: tuple[Limit, ...]) -> Grant:
    grant = await throttle.admit(limits)
    grant.sent()
    grant.headers_received()
    grant.end()
    return grant


@pytest.mark.parametrize(
    ("limits", "retry_after", "cause", "wait"),
    [
        # Beyond the longest window there is only the month, and only where the wait ends with it.
        ((_row(), _window(0), _quota(0)), MONTH_LEFT, "quota", MONTH_LEFT),
        ((_row(), _window(100), _quota(0)), MONTH_LEFT - 3600.0, "quota", MONTH_LEFT - 3600.0),
        ((_row(), _window(100), _quota(0)), MONTH_LEFT + 3600.0, "quota", MONTH_LEFT + 3600.0),
        ((_row(), _window(0), _quota(1000)), MONTH_LEFT + 3601.0, "ip", MONTH_LEFT + 3601.0),
        ((_row(), _window(0), _quota(1000)), 331.0, "ip", 331.0),
        ((_row(), _quota(1000)), 86_400.0, "row", 86_400.0),
        ((), MONTH_LEFT, "quota", MONTH_LEFT),
        ((), 86_400.0, "ip", 86_400.0),
        # An authentication meets no quota: its wait is the address's, however long.
        ((_window(0),), 3600.0, "ip", 3600.0),
        # A window that is nearly full explains any wait.
        ((_row(), _window(95), _quota(0)), 0.1, "ip", 0.1),
        ((_row(), _window(95), _quota(1000)), None, "ip", 5.0),
        # A month that is nearly used up explains an answer without a wait, and no short one.
        ((_row(), _window(0), _quota(990)), None, "quota", MONTH_LEFT),
        ((_row(), _window(0), _quota(1000)), None, "quota", MONTH_LEFT),
        ((_row(), _window(0), _quota(989)), None, "row", 0.2),
        ((_row(), _window(0), _quota(1000)), 0.1, "row", 0.1),
        # A row has a place again within a second.
        ((_row(), _window(94), _quota(0)), 1.0, "row", 1.0),
        ((_row(), _window(94), _quota(0)), 1.1, "ip", 1.1),
        ((_row(), _quota(0)), 1.1, "row", 1.1),
        ((_row(), _window(94), _quota(0)), None, "row", 0.2),
        ((_window(0), _quota(0)), None, "ip", 5.0),
        ((_window(0), _quota(0)), 0.1, "ip", 0.1),
    ],
)
def test_which_limit_a_refusal_is_laid_to(
    limits: tuple[Limit, ...], retry_after: float | None, cause: str, wait: float
) -> None:
    refusal = learn(limits, retry_after, 0.0, month_left=MONTH_LEFT, adapt=True)
    assert (refusal.cause, refusal.wait) == (cause, wait)


def test_each_refusal_is_counted_and_the_longest_documented_wait_believed() -> None:
    window = _window(0)
    for refusals in (1, 2, 3):
        refusal = learn((window,), 330.0, 0.0, month_left=MONTH_LEFT, adapt=True)
        assert (window.refused, refusal.pause, refusal.doubtful) == (refusals, 330.0, False)


@pytest.mark.parametrize("told", [None, MONTH_LEFT, MONTH_LEFT + 1800.0])
@pytest.mark.parametrize("used", [500, 1000])
def test_a_month_is_over_where_the_wait_and_the_own_count_agree(told: float | None, used: int) -> None:
    quota = _quota(max(used, 990) if told is None else used)
    refusal = learn((quota,), told, 5.0, month_left=MONTH_LEFT, adapt=True)
    wait = MONTH_LEFT if told is None else told
    assert refusal == Refusal("quota", wait, wait, quota)
    assert quota.paused_until == 5.0 + wait


def test_a_month_that_the_own_count_does_not_confirm_is_closed_for_a_minute_and_then_probed() -> None:
    quota = _quota(499)
    refusal = learn((quota,), MONTH_LEFT, 5.0, month_left=MONTH_LEFT, adapt=True)
    assert refusal == Refusal("quota", MONTH_LEFT, 60.0, quota, doubtful=True)
    assert quota.paused_until == 65.0
    refusal = learn((quota,), MONTH_LEFT, 70.0, month_left=MONTH_LEFT, adapt=True, probed=[quota])
    assert refusal == Refusal("quota", MONTH_LEFT, MONTH_LEFT, quota)


def test_near_the_end_of_the_month_a_wait_has_to_fit_it_better() -> None:
    quota, window = _quota(1000), _window(0)
    assert learn((window, quota), 600.0, 0.0, month_left=1300.0, adapt=True).cause == "ip"
    assert learn((window, quota), 700.0, 0.0, month_left=1300.0, adapt=True).cause == "quota"
    # A wait as long as a window is the window's.
    assert learn((window, _quota(0)), 330.0, 0.0, month_left=330.0, adapt=True).cause == "ip"
    # In its last second no wait at all does not end with it.
    refusal = learn((_row(), window, quota), 0.0, 0.0, month_left=1.0, adapt=True)
    assert (refusal.cause, refusal.wait) == ("row", 0.2)


@pytest.mark.parametrize(
    ("counts", "used", "refused"),
    [((100, 10), (30, 5), 1), ((10, 100), (5, 30), 0), ((100, 10), (60, 5), 0), ((100, 10), (50, 5), 1)],
)
def test_of_two_windows_the_fuller_one_refused_and_on_a_tie_the_smaller(
    counts: tuple[int, int], used: tuple[int, int], refused: int
) -> None:
    windows = tuple(SlidingWindow("ip", count=count, seconds=300.0, transit=0.35) for count in counts)
    for window, calls in zip(windows, used, strict=True):
        for _ in range(calls):
            window.take(0.0)
    assert learn(windows, 5.0, 0.0, month_left=MONTH_LEFT, adapt=True).limit is windows[refused]


@pytest.mark.parametrize(
    "limits", [(_row(),), (_window(0),), (_window(99),), (_row(), _window(0), _quota(1000))]
)
@pytest.mark.parametrize("wait", [331.0, 600.0, 86_400.0, MONTH_LEFT * 2])
def test_no_wait_that_nothing_confirms_pauses_a_limit_for_more_than_a_minute(
    limits: tuple[Limit, ...], wait: float
) -> None:
    now = limits[0].paused_until + 100.0 if limits[0].paused_until > 0 else 0.0
    refusal = learn(limits, wait, now, month_left=MONTH_LEFT, adapt=True)
    assert (refusal.cause != "quota", refusal.wait, refusal.pause, refusal.doubtful) == (
        True,
        wait,
        60.0,
        True,
    )
    assert max(limit.paused_until for limit in limits) == now + 60.0


def _until_december(wall: float) -> str:
    return str(int((datetime(2023, 12, 1, tzinfo=UTC).timestamp() - wall) * 1000))


@pytest.mark.parametrize("again", [False, True])
async def test_one_odd_refusal_stops_nobody_for_longer_than_a_minute(again: bool) -> None:
    """An answer that looks like the month's end: a later call probes, alone, and its answer decides."""
    odd = httpx.Response(429, headers={"Retry-After": _until_december(EPOCH)})
    api = ScriptedApi([odd, odd if again else httpx.Response(200, json=[]), httpx.Response(200, json=[])])
    called: list[object] = []

    async def call() -> None:
        try:
            await emnify.request("GET", "/api/v1/sim/1")
        except QuotaExhaustedError as error:
            called.append(error)
        else:
            called.append("ok")

    async with api.client() as emnify:
        for seconds in (0.0, 59.0):
            await api.clock.sleep(seconds)
            with pytest.raises(QuotaExhaustedError) as caught:
                await emnify.request("GET", "/api/v1/sim/1")
            assert caught.value.resets_at == datetime(2023, 12, 1, tzinfo=UTC)
        await api.clock.sleep(2.0)
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(call)
        assert len(api.requests) == 2, "one call probes, and the others do not wait for the next month"
        await api.clock.sleep(3.0)
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(call)
    assert called[5:] == ["ok"] * 5 if not again else len(api.requests) == 2


async def test_those_who_wait_for_a_limit_that_was_paused_without_reason_let_one_call_go_first() -> None:
    times: list[float] = []

    async def refuse(request: httpx.Request) -> httpx.Response:
        times.append(api.clock.monotonic())
        return httpx.Response(429, headers={"Retry-After": "600000"})

    async def accept(request: httpx.Request) -> httpx.Response:
        times.append(api.clock.monotonic())
        return httpx.Response(200, json=[])

    api = ScriptedApi([refuse, refuse, accept])
    async with api.client() as emnify:
        await emnify.request("POST", "/api/v1/authenticate", json={})
        began = api.clock.monotonic()
        async with anyio.create_task_group() as group:
            group.start_soon(emnify.request, "GET", "/api/v1/sim/1")
            await anyio.wait_all_tasks_blocked()
            for path in ("sim", "endpoint", "event", "sim/1/stats"):
                group.start_soon(emnify.request, "GET", f"/api/v1/{path}")
    waits = [moment - began for moment in times]
    assert waits[:3] == pytest.approx([0.0, 60.0, 120.0], abs=0.5)
    assert len(waits) == 7 and min(waits[3:]) >= 122.0


async def test_the_month_is_that_of_the_servers_clock_too() -> None:
    """The client's clock is three weeks slow; the wait fits the month of the answer's own Date."""
    date = datetime(2023, 12, 5, tzinfo=UTC)
    wait = datetime(2024, 1, 1, tzinfo=UTC) - date
    headers = {
        "Date": format_datetime(date, usegmt=True),
        "Retry-After": str(int(wait.total_seconds() * 1000)),
    }
    api = ScriptedApi([httpx.Response(429, headers=headers)])
    async with api.client() as emnify:
        with pytest.raises(QuotaExhaustedError):
            await emnify.sims.get(1)


@pytest.mark.parametrize("ahead", [-600.0, 600.0, 86_400.0 * 400])
@pytest.mark.parametrize("epoch", [False, True])
async def test_a_date_is_measured_against_the_date_of_the_same_answer(ahead: float, epoch: bool) -> None:
    now = datetime.fromtimestamp(EPOCH + ahead, UTC)
    then = now + timedelta(seconds=2)
    said = str(int(then.timestamp())) if epoch else format_datetime(then, usegmt=True)
    headers = {"Date": format_datetime(now, usegmt=True), "Retry-After": said}
    api = ScriptedApi([httpx.Response(429, headers=headers), httpx.Response(200, json=[])])
    async with api.client() as emnify:
        await emnify.request("GET", "/api/v1/sim/1")
    assert api.clock.monotonic() == pytest.approx(2.0, abs=0.2)


async def test_a_call_refused_before_the_network_says_so_and_when_the_month_ends() -> None:
    api = ScriptedApi([httpx.Response(200, json=[])])
    settings = Throttling(overrides={7: {"monthly_quota": 2}})
    async with api.client(throttling=settings) as emnify:
        for _ in range(2):
            await emnify.request("GET", "/api/v1/sim/1")
        with pytest.raises(QuotaExhaustedError) as caught:
            await emnify.sims.list()
    assert len(api.requests) == 2
    error = caught.value
    assert (error.sent, error.status, error.operation) == (False, 429, "sims.list")
    assert error.resets_at == datetime(2023, 12, 1, tzinfo=UTC)
    assert str(error) == (
        "sims.list was not sent: the organisation's monthly quota of 2 calls is used up, by this client's "
        "count; it is reset on 2023-12-01 at 00:00 UTC"
    )


async def test_calls_after_the_servers_refusal_say_that_it_was_the_servers() -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": _until_december(EPOCH)})])
    async with api.client() as emnify:
        texts = []
        for _ in range(2):
            with pytest.raises(QuotaExhaustedError) as caught:
                await emnify.sims.list()
            texts.append(str(caught.value))
    assert texts[0].startswith("sims.list answered 429")
    assert texts[1].startswith("sims.list was not sent: the organisation's monthly quota of 10,000,000 calls")
    assert "as the server said" in texts[1] and "2023-12-01 at 00:00 UTC" in texts[1]


async def test_a_used_up_month_without_a_wait_is_raised_at_once_and_not_repeated() -> None:
    api = ScriptedApi([httpx.Response(200, json=[]), httpx.Response(429, json={"error_code": 1105})])
    settings = Throttling(overrides={7: {"monthly_quota": 2}})
    async with api.client(throttling=settings) as emnify:
        await emnify.request("GET", "/api/v1/sim/1")
        with pytest.raises(QuotaExhaustedError) as caught:
            await emnify.request("GET", "/api/v1/sim/1")
    assert caught.value.sent and caught.value.resets_at == datetime(2023, 12, 1, tzinfo=UTC)
    assert len(api.requests) == 2


async def test_without_pacing_the_wait_alone_tells_of_the_month() -> None:
    month_left = httpx.Response(429, headers={"Retry-After": _until_december(EPOCH)})
    api = ScriptedApi([month_left, httpx.Response(429, headers={"Retry-After": "86400000"})])
    async with api.client(throttling=None) as emnify:
        with pytest.raises(QuotaExhaustedError):
            await emnify.sims.get(1)
        with pytest.raises(RateLimitError):
            await emnify.sims.get(1)
    assert len(api.requests) == 2, "nobody keeps the books, so each call finds out by itself"


class SetClock(LoopClock):
    """A wall clock that somebody sets while the process runs."""

    ahead = 0.0

    def wall(self) -> float:
        return super().wall() + self.ahead


def _of_organisation(clock: LoopClock, count: int) -> Limit:
    book = LimitRegistry(LIMITS, clock=clock, throttling=Throttling(overrides={7: {"monthly_quota": count}}))
    return book.of_call("7", "PATCH", "/api/v1/endpoint/1", None)[-1]


async def test_the_month_follows_a_wall_clock_that_is_set() -> None:
    clock = SetClock(DECEMBER.timestamp() - 10 * 86_400.0)
    throttle, quota = Limiter(clock), _of_organisation(clock, 2)
    for _ in range(2):
        await _pass(throttle, (quota,))
    with pytest.raises(QuotaExhaustedError) as caught:
        await throttle.admit((quota,))
    assert caught.value.retry_after == pytest.approx(10 * 86_400.0, abs=1)
    clock.ahead = 9 * 86_400.0  # the machine had slept, and its monotonic clock with it
    await clock.sleep(61.0)
    with pytest.raises(QuotaExhaustedError) as caught:
        await throttle.admit((quota,))
    assert caught.value.retry_after == pytest.approx(86_400.0 - 61.0, abs=1)
    assert caught.value.resets_at == DECEMBER
    clock.ahead = 11 * 86_400.0
    await clock.sleep(61.0)
    await _pass(throttle, (quota,))
    clock.ahead = 0.0  # set back: what was counted stays counted
    await clock.sleep(61.0)
    await _pass(throttle, (quota,))
    with pytest.raises(QuotaExhaustedError) as caught:
        await throttle.admit((quota,))
    assert caught.value.resets_at == DECEMBER


async def test_a_call_under_way_when_the_month_ends_counts_in_both() -> None:
    clock = LoopClock(DECEMBER.timestamp() - 0.1)
    throttle, quota = Limiter(clock), _of_organisation(clock, 3)
    await _pass(throttle, (quota,))
    flying = await throttle.admit((quota,))
    flying.sent()
    unsent = await throttle.admit((quota,))
    await clock.sleep(0.2)
    assert quota.used(clock.monotonic()) == 2 and quota.in_flight(clock.monotonic()) == 2
    flying.headers_received()
    flying.end()
    unsent.end()
    assert quota.used(clock.monotonic()) == 1 and quota.in_flight(clock.monotonic()) == 0


async def test_a_call_that_waits_into_the_next_month_is_counted_there() -> None:
    clock = LoopClock(DECEMBER.timestamp() - 5.0)
    row = TokenBucket("GET /x", rate=0.1, burst=1.0, transit=0.35)
    throttle, quota = Limiter(clock), _of_organisation(clock, 2)
    for _ in range(2):
        await _pass(throttle, (row, quota))
    assert clock.wall() > DECEMBER.timestamp()
    assert quota.used(clock.monotonic()) == 1
    await _pass(throttle, (row, quota))
    with pytest.raises(QuotaExhaustedError):
        await _pass(throttle, (row, quota))


async def test_a_refused_call_that_stands_first_is_not_told_to_wait_for_those_behind_it() -> None:
    clock = LoopClock()
    throttle, row = Limiter(clock), TokenBucket("GET /x", rate=1.0, burst=1.0, transit=0.35)
    refused = await _pass(throttle, (row,))
    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(_pass, throttle, (row,))
        await anyio.wait_all_tasks_blocked()
        heard = []
        began = clock.monotonic()
        again = await throttle.admit((row,), turn=refused.turn, deadline=began + 5.0, on_wait=heard.append)
        assert clock.monotonic() - began <= 1.001
        assert [wait.position for wait in heard] == [0]
        again.sent()
        again.end()
        with pytest.raises(ThrottleError):
            await throttle.admit((row,), deadline=clock.monotonic() + 5.0)
        group.cancel_scope.cancel()


async def test_a_deadline_that_is_over_names_what_was_waited_for() -> None:
    clock = LoopClock(EPOCH)
    throttle, gate = Limiter(clock), ConcurrencyLimit("lane endpoint", "lane", size=1)
    held = await throttle.admit((gate,))
    with pytest.raises(ThrottleError, match="its deadline passed while it waited for .*lane endpoint"):
        await throttle.admit(
            (ConcurrencyLimit("door", "connections", size=9), gate), deadline=clock.monotonic() + 3.0
        )
    held.end()
