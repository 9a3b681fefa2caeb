"""The settings of the throttle: what they refuse, and what each of them changes."""

from __future__ import annotations

from random import Random
from typing import Any

import httpx
import pytest

from aioemnify import LIMITS, OPERATIONS, Emnify, Throttling
from aioemnify.clock import LoopClock
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.stores.memory import MemoryStore
from aioemnify.transport.shared_state import shared_state_of
from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.registry import LimitRegistry
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import SlidingWindow
from tests.scripted_api import ScriptedApi
from tests.virtual_time import backend


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


PATHS = [operation.path for operation in OPERATIONS.values()]


class StillClock(LoopClock):
    """A clock that stands still, for tests without an event loop."""

    def monotonic(self) -> float:
        return 0.0

    def wall(self) -> float:
        return 0.0


def _book(throttling: Throttling | None = None) -> LimitRegistry:
    return LimitRegistry(LIMITS, clock=StillClock(), throttling=throttling, paths=PATHS)


def _row(book: LimitRegistry, path: str = "/api/v1/sim", organisation: str = "7") -> Limit | None:
    limits = book.of_call(organisation, "GET", path, None)
    return next((limit for limit in limits if limit.kind == "row"), None)


@pytest.mark.parametrize(
    ("settings", "argument", "told"),
    [
        ({"transit": 0.0}, "throttling.transit", "above 0"),
        ({"transit": float("nan")}, "throttling.transit", "above 0"),
        ({"jitter": -0.1}, "throttling.jitter", "at least 0"),
        ({"jitter": float("inf")}, "throttling.jitter", "at least 0"),
        ({"floor": 0.5}, "throttling.floor", "at most 0.333"),
        ({"floor": -0.1}, "throttling.floor", "at least 0"),
        ({"reading": "leaky"}, "throttling.reading", "refill, ticks"),
        ({"on_store_error": "ignore"}, "throttling.on_store_error", "degrade, raise"),
        ({"overrides": {7: {"get_sim": (0.0, 5.0)}}}, "throttling.overrides[7]['get_sim'] rate", "above 0"),
        ({"overrides": {7: {"get_sim": (-1, 5)}}}, "throttling.overrides[7]['get_sim'] rate", "above 0"),
        ({"overrides": {7: {"get_sim": (10, 0)}}}, "throttling.overrides[7]['get_sim'] burst", "at least 1"),
        ({"overrides": {7: {"get_sim": (10, -5)}}}, "throttling.overrides[7]['get_sim'] burst", "at least 1"),
        ({"overrides": {7: {"monthly_quota": 0}}}, "throttling.overrides[7]['monthly_quota']", "at least 1"),
    ],
)
def test_a_setting_that_cannot_work_is_named(settings: dict[str, Any], argument: str, told: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        Throttling(**settings)
    assert caught.value.argument == argument and told in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "argument"),
    [
        ({"transit": "0.35"}, "throttling.transit"),
        ({"floor": True}, "throttling.floor"),
        ({"adapt": "no"}, "throttling.adapt"),
        ({"literal_ids": 1}, "throttling.literal_ids"),
        ({"overrides": [7]}, "throttling.overrides"),
        ({"overrides": {"7": {}}}, "throttling.overrides"),
        ({"overrides": {7: 5}}, "throttling.overrides[7]"),
        ({"overrides": {7: {"get_sim": 5}}}, "throttling.overrides[7]['get_sim']"),
        ({"overrides": {7: {"get_sim": (1, 2, 3)}}}, "throttling.overrides[7]['get_sim']"),
        ({"overrides": {7: {"get_sim": (True, 2)}}}, "throttling.overrides[7]['get_sim'] rate"),
        ({"overrides": {7: {"monthly_quota": 1.5}}}, "throttling.overrides[7]['monthly_quota']"),
    ],
)
def test_a_setting_of_the_wrong_type_is_named(settings: dict[str, Any], argument: str) -> None:
    with pytest.raises(ArgumentTypeError) as caught:
        Throttling(**settings)
    assert caught.value.argument == argument


def test_an_override_of_an_unknown_row_lists_the_known() -> None:
    with pytest.raises(ArgumentError) as caught:
        Emnify("token", throttling=Throttling(overrides={7: {"get_sims": (1.0, 1.0)}}), clock=StillClock())
    assert caught.value.argument == "throttling.overrides[7]"
    for name in ("'get_sims'", "get_sim,", "get_endpoint_id,", "monthly_quota", "did you mean 'get_sim'?"):
        assert name in str(caught.value)


def test_an_override_without_limits_is_refused() -> None:
    settings = Throttling(overrides={7: {"get_sim": (1.0, 1.0)}})
    with pytest.raises(ArgumentError, match="rate limiting is off"):
        LimitRegistry(None, clock=StillClock(), throttling=settings, paths=PATHS)


def test_overrides_belong_to_their_organisation_and_cannot_be_changed_later() -> None:
    given: Any = {7: {"get_sim": (20, 10), "monthly_quota": 500}}
    settings = Throttling(overrides=given)
    given[7]["get_sim"] = (1, 1)
    with pytest.raises(TypeError):
        settings.overrides[7]["get_sim"] = (1, 1)  # type: ignore[index]
    book = _book(settings)
    theirs, others = _row(book), _row(book, organisation="8")
    assert isinstance(theirs, TokenBucket) and (theirs.rate, theirs.burst) == (20.0, 10.0)
    assert isinstance(others, TokenBucket) and (others.rate, others.burst) == (10.0, 5.0)
    months = [book.of_call(whose, "GET", "/api/v1/sim", None)[-1].capacity for whose in ("7", "8")]
    assert months == [500, 10_000_000]
    assert isinstance(_row(book, organisation="a credential"), TokenBucket)


@pytest.mark.parametrize(
    ("path", "cautious", "other"),
    [
        ("/api/v1/sim/42", "GET /api/v1/sim/{id}", "GET /api/v1/sim/{id}"),
        ("/api/v1/sim/status", "GET /api/v1/sim/{id}", None),
        ("/api/v1/sim/statuses", "GET /api/v1/sim/{id}", "GET /api/v1/sim/{id}"),
        ("/api/v1/sim/unlinked_product_stats", "GET /api/v1/sim/{id}", None),
        ("/api/v1/endpoint/status", "GET /api/v1/endpoint/{id}", None),
        ("/api/v1/endpoint/7/connectivity", "GET /api/v1/endpoint/{id}/connectivity",
         "GET /api/v1/endpoint/{id}/connectivity"),
        ("/api/v1/endpoint/stats/daily", "GET /api/v1/endpoint/stats/*", "GET /api/v1/endpoint/stats/*"),
        ("/api/v1/organisation/my/stats", "GET /api/v1/organisation/{id}/stats",
         "GET /api/v1/organisation/{id}/stats"),
    ],
)  # fmt: skip
def test_whether_an_id_may_be_a_word_is_a_setting(path: str, cautious: str, other: str | None) -> None:
    row, apart = _row(_book(), path), _row(_book(Throttling(literal_ids=False)), path)
    assert row is not None and row.name == cautious
    assert (apart.name if apart is not None else None) == other


IDS = {"{id}": "4711", "*": "daily/2026"}


def _raw(path: str) -> str:
    return "/".join(IDS.get(segment, segment) for segment in path.split("/"))


@pytest.mark.anyio
@pytest.mark.parametrize("literal_ids", [True, False])
async def test_raw_requests_meet_the_row_of_their_concrete_path(literal_ids: bool) -> None:
    """Every documented row, and literal paths in the place of an id: each in a client of its own."""
    expected = {f"{row.method} {_raw(row.path)}": f"{row.method} {row.path}" for row in LIMITS.rows}
    for path in ("sim/status", "sim/operation", "endpoint/status"):
        row = f"GET /api/v1/{path.partition('/')[0]}/{{id}}"
        expected[f"GET /api/v1/{path}"] = row if literal_ids else ""
    expected |= {f"{method} /api/v1/sim/4711": "" for method in ("PATCH", "DELETE")}
    expected |= {"POST /api/v1/event": "", "GET /api/v2/sim": "", "GET /api/v1/sim/4711/stats": ""}
    for call, row in expected.items():
        method, _, path = call.partition(" ")
        api = ScriptedApi([httpx.Response(200, json=[])])
        async with api.client(throttling=Throttling(literal_ids=literal_ids)) as emnify:
            await emnify.request(method, path)
            met = [use.name for use in emnify.throttle.snapshot().limits if use.kind == "row"]
        assert met == ([row] if row else []), call


@pytest.mark.anyio
@pytest.mark.parametrize(("limits", "burst"), [("documented", 50), ("2026", 25)])
async def test_the_limits_of_either_documentation_are_kept(limits: Any, burst: int) -> None:
    api = ScriptedApi([httpx.Response(200, json={"id": 1, "iccid": "1", "status": {"id": 1}})])
    async with api.client(limits=limits) as emnify:
        await emnify.sims.get(1)
        (row,) = [use for use in emnify.throttle.snapshot().limits if use.kind == "row"]
    assert (row.name, row.allowed) == ("GET /api/v1/sim/{id}", burst)


@pytest.mark.parametrize("given", ["2025", "Documented", ""])
def test_unknown_limits_name_the_known_ones(given: Any) -> None:
    with pytest.raises(ArgumentError, match="is one of documented, 2026, not") as caught:
        Emnify("token", limits=given, clock=StillClock())
    assert caught.value.argument == "limits"


@pytest.mark.parametrize(
    "table",
    [
        LimitTable((RowLimit("x", "GET", "/api/x", 0.0, 5),), (), MonthLimit("month", 5)),
        LimitTable((RowLimit("x", "GET", "/api/x", "10", 5),), (), MonthLimit("month", 5)),  # type: ignore[arg-type]
        LimitTable((RowLimit("x", "GET", "/api/x", 10.0, 0),), (), MonthLimit("month", 5)),
        LimitTable((), (WindowLimit("x", "*", "/api/*", 5, 0.0),), MonthLimit("month", 5)),
        LimitTable((), (WindowLimit("x", "*", "/api/*", 0, 5.0),), MonthLimit("month", 5)),
        LimitTable((), (), MonthLimit("x", 0)),
    ],
)
def test_a_table_of_ones_own_that_cannot_work_is_named(table: LimitTable) -> None:
    with pytest.raises(ArgumentError, match=r"(row|window)? ?x needs") as caught:
        Emnify("token", limits=table, clock=StillClock())
    assert caught.value.argument == "limits"


@pytest.mark.parametrize(
    ("reading", "at_once", "in_ten_seconds"),
    [("refill", 5, 105), ("ticks", 5, 50)],
)
def test_each_reading_lets_as_much_through_as_it_says(
    reading: Any, at_once: int, in_ten_seconds: int
) -> None:
    row = _row(_book(Throttling(reading=reading)))
    assert row is not None
    now, sent = 0.0, []
    while now < 10.0 - 1e-3:
        row.take(now)
        row.sent(now)
        row.headers_received(now, now)
        sent.append(now)
        now = row.ready(now)
    assert sum(moment == 0.0 for moment in sent) == at_once
    assert len(sent) == pytest.approx(in_ten_seconds, abs=1)


@pytest.mark.parametrize(("rate", "burst"), [(10.0, 5.0), (100.0, 50.0), (10.0, 1.0), (1.0, 3.0)])
@pytest.mark.parametrize("jitter", [0.0, 0.05, 0.198, 0.5, 2.0])
def test_a_fixed_margin_keeps_whatever_the_jitter_does(rate: float, burst: float, jitter: float) -> None:
    """Calls that count at their admission and arrive up to ``jitter`` later never overdraw the server."""
    bucket = TokenBucket("row", rate=rate, burst=burst, transit=0.35, jitter=jitter)
    window = SlidingWindow("ip", count=30, seconds=5.0, transit=0.35, jitter=jitter)
    chance, now, arrivals = Random(4), 0.0, []
    for number in range(600):
        now = max(bucket.ready(now), window.ready(now))
        if number % 40 == 0:
            now += 10.0  # idle: the burst is whole again
        for limit in (bucket, window):
            assert limit.ready(now) <= now
            limit.take(now)
            limit.sent(now)
        arrivals.append(now + jitter * (chance.random() if number % 3 else float(number % 2)))
    arrivals.sort()
    tokens, at = burst, 0.0
    for place, moment in enumerate(arrivals):
        tokens, at = min(burst, tokens + rate * (moment - at)) - 1, moment
        assert tokens >= -1e-9, f"overdrawn at {moment}"
        assert place < 30 or moment - arrivals[place - 30] >= 5.0


def test_a_fixed_margin_costs_burst_and_never_rate() -> None:
    bucket = TokenBucket("row", rate=10.0, burst=5.0, transit=0.35, jitter=0.198)
    assert (bucket.rate, bucket.burst) == (10.0, pytest.approx(3.02))
    window = SlidingWindow("ip", count=2000, seconds=300.0, transit=0.35, jitter=0.198)
    assert window.seconds == pytest.approx(300.198)
    # Where no burst is left to give, the calls are spread instead.
    wide = TokenBucket("row", rate=10.0, burst=5.0, transit=0.35, jitter=0.5)
    assert wide.burst == 1.0 and wide.rate == pytest.approx(5 / 0.6)


def test_a_call_never_sent_gives_no_more_back_than_is_safe() -> None:
    window = SlidingWindow("ip", count=2, seconds=10.0, transit=0.35, jitter=0.2)
    window.take(0.0)
    window.take(5.0)
    window.give_back(6.0)
    assert window.ready(6.0) == 6.0
    window.take(6.0)
    assert window.ready(6.0) == pytest.approx(15.2, abs=1e-3), "the call of 5.0 is still counted"


def test_one_refusal_lowers_the_rate_and_is_soon_forgotten() -> None:
    row = TokenBucket("row", rate=10.0, burst=5.0, transit=0.35)
    row.lower(100.0)
    row.lower(100.2)
    assert row.rate_now(100.2) == pytest.approx(8.0, abs=0.1), "refusals of one moment count once"
    assert row.rate_now(103.0) == pytest.approx(9.2, abs=0.01)
    assert row.rate_now(106.0) == 10.0


def test_refusals_that_go_on_lower_the_rate_for_longer() -> None:
    row = TokenBucket("row", rate=10.0, burst=5.0, transit=0.35)
    row.lower(100.0)
    row.lower(110.0)
    assert row.rate_now(110.0) == pytest.approx(8.0)
    assert row.rate_now(120.0) == pytest.approx(8.5)
    row.lower(120.0)
    assert row.rate_now(120.0) == pytest.approx(6.8)
    assert row.rate_now(1000.0) == 10.0, "never above what is documented"


def test_after_a_refusal_the_burst_is_gone_too() -> None:
    row = TokenBucket("row", rate=10.0, burst=5.0, transit=0.35)
    row.pause(0.0, 0.05)
    assert row.ready(0.0) == pytest.approx(0.05, abs=1e-5)
    row.take(0.05)
    row.sent(0.05)
    row.headers_received(0.05, 0.05)
    assert row.ready(0.05) == pytest.approx(0.15, abs=1e-5)


def test_clients_of_one_process_have_to_agree() -> None:
    host = "https://agree.emnify.example"
    first = shared_state_of(host, LIMITS, Throttling(floor=0.2))
    assert shared_state_of(host, LIMITS) is first
    assert shared_state_of(host, LIMITS, Throttling(floor=0.2)) is first
    with pytest.raises(ArgumentError) as caught:
        shared_state_of(host, LIMITS, Throttling(floor=0.3))
    assert caught.value.argument == "throttling"


def test_a_client_that_names_no_settings_takes_those_of_the_others() -> None:
    host = "https://others.emnify.example"
    first = Emnify("token", base_url=host, throttling=Throttling(floor=0.2))
    assert Emnify("token", base_url=host).throttle.snapshot() == first.throttle.snapshot()
    assert Emnify("token", base_url=host, throttling="default")
    with pytest.raises(ArgumentError, match="throttling"):
        Emnify("token", base_url=host, throttling=Throttling())
    unlimited = Emnify("token", base_url=host, throttling=None).throttle
    assert unlimited.estimate("sims.list", 10**9).seconds == 0.0


def test_clients_that_are_given_a_store_share_its_budget_and_no_other() -> None:
    host, one, other = "https://stores.emnify.example", MemoryStore(), MemoryStore()
    first = shared_state_of(host, LIMITS, store=one)
    assert shared_state_of(host, LIMITS, store=one) is first
    assert shared_state_of(host, LIMITS, store=other) is not first
    assert shared_state_of(host, LIMITS) is not first


@pytest.mark.anyio
@pytest.mark.parametrize(("adapt", "rate"), [(True, 8.0), (False, 10.0)])
async def test_whether_a_refusal_lowers_the_rate_is_a_setting(adapt: bool, rate: float) -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "0"}), httpx.Response(200, json=[])])
    async with api.client(throttling=Throttling(adapt=adapt)) as emnify:
        await emnify.sims.list()
        (row,) = [use for use in emnify.throttle.snapshot().limits if use.kind == "row"]
    assert row.refused == 1 and row.rate_now == pytest.approx(rate, rel=0.02)
