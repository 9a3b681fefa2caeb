"""What users are told of limits: waits, refusals, snapshots, and settings that cannot work."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf
from typing import Any

import pytest

from aioemnify.clock import Clock
from aioemnify.errors import ArgumentError, QuotaExhaustedError, ThrottleError
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.options import Throttling, Wait
from aioemnify.transport.throttle.deadline import describe_wait, reject_hopeless, reset_date
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit, LimitKind
from aioemnify.transport.throttle.registry import LimitRegistry
from aioemnify.transport.throttle.snapshot import LimitUse, ThrottleSnapshot
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import SlidingWindow

DECEMBER = datetime(2025, 12, 1, tzinfo=UTC)


class StillClock(Clock):
    """Stands at 100, on 21 November."""

    def monotonic(self) -> float:
        return 100.0

    def wall(self) -> float:
        return DECEMBER.timestamp() - 864_000.0


class Told(Limit):
    """A limit that says what a test tells it; each call ahead costs a second."""

    def __init__(
        self, name: str, soonest: float, ready: float = inf, *, kind: LimitKind = "row", used: int = 5
    ) -> None:
        super().__init__(name, kind, organisation="7")
        self._soonest, self._ready, self._used = soonest, ready, used

    def soonest(self, now: float, ahead: int = 0) -> float:
        assert now == 100.0
        return self._soonest + ahead

    def ready(self, now: float) -> float:
        assert now == 100.0
        return self._ready

    def used(self, now: float) -> float:
        assert now == 100.0
        return self._used

    @property
    def capacity(self) -> float:
        return 12_000


@pytest.mark.parametrize(
    ("limits", "limit", "seconds"),
    [
        ([Told("a", 103.0), Told("b", 102.0)], "a", 6.0),
        ([Told("b", 102.0), Told("a", 103.0)], "a", 6.0),
        # Of two whose moment is not known, the one that is full.
        ([Told("a", 90.0, 100.0), Told("b", 90.0, 101.0)], "b", 0.0),
        ([Told("b", 90.0, 101.0), Told("a", 90.0, 100.0)], "b", 0.0),
        ([Told("a", 90.0, 200.0), Told("b", 91.0, 100.0)], "b", 0.0),
        ([Told("a", 90.0, 100.0), Told("b", 90.0, 100.0)], "a", 0.0),
    ],
)
def test_a_call_that_has_to_wait_is_told_for_what_and_how_long(
    limits: list[Limit], limit: str, seconds: float
) -> None:
    wait = describe_wait(tuple(limits), 100.0, 3, "sims.list", "bulk")
    assert wait == Wait(
        operation="sims.list", limit=limit, kind="row", seconds=seconds, priority="bulk", position=3
    )


def rejection(limits: list[Limit], deadline: float, *, operation: str | None = "sims.list") -> Any:
    try:
        reject_hopeless(tuple(limits), StillClock(), 100.0, 3, deadline, operation)
    except (ThrottleError, QuotaExhaustedError) as error:
        return error
    return None


@pytest.mark.parametrize(
    ("limits", "deadline"),
    [
        ([Told("a", 102.0), Told("b", 101.0)], 105.0),
        ([Told("a", 1e9)], inf),
        ([], 100.5),
        # A month that has room, and one whose reset is now.
        ([Told("month", 90.0, kind="quota")], inf),
        ([Told("month", 97.0, kind="quota")], 100.5),
        # Only a quota ends a call that has no deadline.
        ([Told("lane", 97.1, kind="lane")], inf),
    ],
)
def test_a_call_that_can_make_it_is_let_in(limits: list[Limit], deadline: float) -> None:
    if limits:
        assert rejection(limits, deadline) is None


@pytest.mark.parametrize("operation", ["sims.list", None])
def test_a_deadline_that_cannot_be_met_is_told_with_limit_and_wait(operation: str | None) -> None:
    error = rejection([Told("a", 101.0), Told("b", 102.5), Told("c", 100.0)], 104.25, operation=operation)
    assert type(error) is ThrottleError
    assert (error.wait, error.limit, error.operation) == (5.5, "b", operation)
    assert str(error) == (
        f"{operation or 'the call'} was not sent: the limit 'b' has no room for at least 5.500 s, "
        "and the deadline is in 4.250 s"
    )


@pytest.mark.parametrize("operation", ["sims.list", None])
@pytest.mark.parametrize("deadline", [100.0, 99.0])
def test_a_deadline_that_has_passed_is_told_with_what_was_waited_for(
    deadline: float, operation: str | None
) -> None:
    limits: list[Limit] = [Told("a", 97.0, 101.0), Told("b", 98.0, 102.0), Told("c", 99.0, 100.0)]
    error = rejection(limits, deadline, operation=operation)
    assert type(error) is ThrottleError
    assert (error.wait, error.limit, error.operation) == (1.0, "b", operation)
    assert str(error) == (
        f"{operation or 'the call'} was not sent: its deadline passed while it waited for the limit 'b'"
    )


@pytest.mark.parametrize(
    ("used", "source"),
    [(12_000, "by this client's count"), (11_999, "as the server said"), (12_001, "by this client's count")],
)
def test_a_month_that_is_used_up_is_told_with_its_end(used: int, source: str) -> None:
    months: list[Limit] = [Told("row", 100.0), Told("month", 97.0 + 864_000.0, kind="quota", used=used)]
    error = rejection(months, inf)
    assert type(error) is QuotaExhaustedError
    assert (error.cause, error.retry_after, error.sent, error.status) == ("quota", 864_000.0, False, 429)
    assert (error.resets_at, error.operation) == (DECEMBER, "sims.list")
    assert error.message == f"the organisation's monthly quota of 12,000 calls is used up, {source}"


@pytest.mark.parametrize(
    ("wait", "reset"),
    [
        (864_000.0, DECEMBER),
        (864_000.0 + 3600.0, DECEMBER),
        (864_000.0 - 3600.0, DECEMBER),
        (864_000.0 + 3601.0, datetime(2025, 12, 1, 1, 0, 1, tzinfo=UTC)),
        # A doubtful answer is tried again sooner, and says nothing of the month.
        (86_400.0, DECEMBER),
    ],
)
def test_a_month_ends_at_midnight_unless_the_server_says_something_later(
    wait: float, reset: datetime
) -> None:
    assert reset_date(StillClock().wall(), wait) == reset


def test_a_limit_is_shown_as_it_stands() -> None:
    row = TokenBucket("GET /x", rate=2.0, burst=1.0, transit=0.25, organisation="7")
    row.take(100.0)
    row.sent(100.0)
    row.refused = 4
    row.paused_until = 103.5
    assert LimitUse.of(row, 100.0, 2) == LimitUse(
        name="GET /x",
        kind="row",
        organisation="7",
        allowed=1.0,
        used=1.0,
        in_flight=1,
        waiting=2,
        next_free=3.5,
        refused=4,
        rate_now=2.0,
        paused_for=3.5,
    )
    idle = LimitUse.of(ConcurrencyLimit("lane x", "lane", size=1), 100.0, 0)
    assert (idle.next_free, idle.paused_for, idle.rate_now) == (0.0, 0.0, None)
    early = LimitUse.of(Told("a", 90.0, 90.0), 100.0, 0)
    assert (early.next_free, early.in_flight) == (0.0, 0)


def use(name: str, **other: Any) -> LimitUse:
    shown = {"kind": "row", "organisation": "7", "allowed": 5.0, "used": 0.0, "in_flight": 0, "waiting": 0}
    shown |= {"next_free": 0.0, "refused": 0, "rate_now": None, "paused_for": 0.0}
    return LimitUse(name=name, **{**shown, **other})


def test_a_snapshot_is_a_table_to_the_letter() -> None:
    snapshot = ThrottleSnapshot(
        calls=12_345,
        waits=1_234,
        waited_seconds=5_678.94,
        refused=1_001,
        queued=2_002,
        limits=(
            use("GET /x", allowed=10.0, used=7.25, next_free=0.14, rate_now=9.96),
            use("month", organisation="", allowed=10_000_000, used=1_234_567, in_flight=1_500, waiting=2_500),
            use("lane", used=1, allowed=1, next_free=inf, refused=3_500, rate_now=0.0),
        ),
    )
    assert str(snapshot) == (
        "12,345 calls, 1,234 of them waited 5,678.9 s in all, 1,001 refused, 2,002 waiting\n"
        "limit   whose  used                     in flight  waiting  next free       refused  rate now\n"
        "GET /x  7      7.2 of 10                0          0        in 0.1 s        0        10.0/s\n"
        "month   -      1,234,567 of 10,000,000  1,500      2,500    now             0        -\n"
        "lane    7      1 of 1                   0          0        with an answer  3,500    0.0/s"
    )


ROW = RowLimit(id="get_sim", method="GET", path="/api/sim", rate=10, burst=5)
WINDOW = WindowLimit(id="general", method="*", path="/*", count=20, seconds=300.0)
MONTH = MonthLimit(id="month", count=1000)


def registry(
    rows: tuple[RowLimit, ...] = (ROW,), windows: tuple[WindowLimit, ...] = (WINDOW,), **settings: Any
) -> LimitRegistry:
    table = LimitTable(rows=rows, windows=windows, month=settings.pop("month", MONTH))
    return LimitRegistry(table, clock=StillClock(), throttling=Throttling(**settings))


def of_call(limits: LimitRegistry, organisation: str = "7", lane: str | None = "sim") -> dict[str, Any]:
    found = limits.of_call(organisation, "GET", "/api/sim", lane)
    return {limit.kind: limit for limit in found}


NO_ROW = "limits row get_sim needs a rate above 0 and a burst of at least 1"
NO_WINDOW = "limits window general needs seconds above 0 and a count of at least 1"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"rows": (RowLimit("get_sim", "GET", "/x", 0, 5),)}, NO_ROW),
        ({"rows": (RowLimit("get_sim", "GET", "/x", inf, 5),)}, NO_ROW),
        ({"rows": (RowLimit("get_sim", "GET", "/x", "10", 5),)}, NO_ROW),
        ({"rows": (RowLimit("get_sim", "GET", "/x", 10, 0.5),)}, NO_ROW),
        ({"rows": (RowLimit("get_sim", "GET", "/x", 10, inf),)}, NO_ROW),
        ({"windows": (WindowLimit("general", "*", "/*", 20, 0),)}, NO_WINDOW),
        ({"windows": (WindowLimit("general", "*", "/*", 0, 300),)}, NO_WINDOW),
        ({"windows": (WindowLimit("general", "*", "/*", 1.5, 300),)}, NO_WINDOW),
        ({"month": MonthLimit("month", 0)}, "limits month needs a count of at least 1"),
    ],
)
def test_a_table_that_cannot_work_is_named(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        registry(**given)
    assert (caught.value.argument, str(caught.value)) == ("limits", told)


def test_the_smallest_limits_work() -> None:
    smallest = registry(
        (RowLimit("get_sim", "GET", "/x", 0.001, 1),),
        (WindowLimit("general", "*", "/*", 1, 0.5),),
        month=MonthLimit("month", 1),
    )
    assert [limit.capacity for limit in smallest.of_call("7", "GET", "/x", None)] == [1, 1, 1]


def test_an_override_of_an_unknown_limit_names_the_known_ones() -> None:
    with pytest.raises(ArgumentError) as caught:
        registry(overrides={7: {"get_sims": (1.0, 1.0)}})
    assert caught.value.argument == "throttling.overrides[7]"
    assert str(caught.value) == (
        "throttling.overrides[7] has no limit 'get_sims'; there are get_sim, monthly_quota; "
        "did you mean 'get_sim'?"
    )
    with pytest.raises(ArgumentError) as caught:
        LimitRegistry(None, clock=StillClock(), throttling=Throttling(overrides={8: {"x": (1.0, 1.0)}}))
    assert str(caught.value) == (
        "throttling.overrides[8] has no limit 'x'; rate limiting is off, so there is none"
    )


def test_a_call_meets_its_lane_row_windows_and_month_in_this_order() -> None:
    limits = registry()
    call = limits.of_call("7", "GET", "/api/sim", "sim")
    assert [(limit.name, limit.kind, limit.organisation, limit.capacity) for limit in call] == [
        ("lane sim", "lane", "7", 1),
        ("GET /api/sim", "row", "7", 5),
        ("general", "ip", "", 20),
        ("month", "quota", "7", 1000),
    ]
    assert limits.of_call("7", "GET", "/api/sim", "sim") == call
    assert [limit.name for limit in limits.all()] == ["GET /api/sim", "general", "month", "lane sim"]
    other = limits.of_call("8", "GET", "/api/sim", "sim")
    assert [ours is theirs for ours, theirs in zip(call, other, strict=True)] == [False, False, True, False]
    assert call[0] is not limits.of_call("7", "GET", "/api/sim", "endpoint")[0]
    nobody = limits.of_call("", "GET", "/api/sim", None)
    assert [(limit.name, limit.organisation) for limit in nobody] == [("GET /api/sim", ""), ("general", "")]


def test_who_only_looks_leaves_nothing() -> None:
    limits = registry()
    seen = limits.of_call("7", "GET", "/api/sim", "sim", keep=False)
    assert [limit.name for limit in limits.all()] == ["general"]
    kept = limits.of_call("7", "GET", "/api/sim", "sim")
    assert [one is other for one, other in zip(seen, kept, strict=True)] == [False, False, True, False]
    assert limits.of_call("7", "GET", "/api/sim", "sim", keep=False) == kept


def test_without_a_table_only_lanes_are_kept() -> None:
    limits = LimitRegistry(None, clock=StillClock())
    assert [limit.name for limit in limits.of_call("7", "GET", "/api/sim", "sim")] == ["lane sim"]
    assert limits.of_call("7", "GET", "/api/sim", None) == ()


@pytest.mark.parametrize(("settings", "seconds"), [({"transit": 0.5}, 0.5), ({"jitter": 0.7}, 0.7)])
def test_how_long_a_call_may_count_in_either_month(settings: dict[str, Any], seconds: float) -> None:
    month = of_call(registry(**settings))["quota"]
    month.take(100.0)
    month.sent(100.0)
    assert (month.in_flight(100.0 + seconds - 0.01), month.in_flight(100.0 + seconds + 0.01)) == (1, 0)


def test_the_settings_reach_rows_and_windows() -> None:
    for kind in ("row", "ip"):
        limit = of_call(registry(transit=0.5))[kind]
        limit.take(100.0)
        limit.sent(100.0)
        assert (limit.in_flight(100.4), limit.in_flight(100.6)) == (1, 0)
    margin = of_call(registry(jitter=0.25))
    assert (margin["row"].burst, margin["row"].rate, margin["ip"].seconds) == (2.5, 10.0, 300.25)


@pytest.mark.parametrize(
    ("rate", "burst", "count", "seconds"),
    [
        (10.0, 5.0, 5, 1.0),
        (5.0, 10.0, 5, 1.0),
        (7.9, 9.0, 7, 1.0),
        (1.0, 1.0, 1, 1.0),
        (0.5, 4.0, 1, 2.0),
        (0.3, 4.0, 1, 4.0),
    ],
)
def test_a_row_read_as_ticks_is_a_window(rate: float, burst: float, count: int, seconds: float) -> None:
    settings = {"overrides": {7: {"get_sim": (rate, burst)}}, "reading": "ticks"}
    row = of_call(registry(**settings))["row"]
    assert isinstance(row, SlidingWindow)
    assert (row.count, row.seconds, row.name, row.organisation) == (count, seconds, "GET /api/sim", "7")
    wider = of_call(registry(**settings, jitter=0.25))["row"]
    assert wider.seconds == seconds + 0.25
    slow = of_call(registry(**settings, transit=0.5))["row"]
    slow.take(100.0)
    slow.sent(100.0)
    assert (slow.in_flight(100.4), slow.in_flight(100.6)) == (1, 0)


@pytest.mark.parametrize("organisation", ["8", "my", "\N{ARABIC-INDIC DIGIT SEVEN}", "-7", ""])
def test_an_override_is_for_its_organisation_only(organisation: str) -> None:
    limits = registry(overrides={7: {"get_sim": (20.0, 9.0), "monthly_quota": 77}})
    assert {kind: limit.capacity for kind, limit in of_call(limits).items()} == {
        "lane": 1,
        "row": 9.0,
        "ip": 20,
        "quota": 77,
    }
    others = of_call(limits, organisation)
    assert others["row"].capacity == 5 and (not organisation or others["quota"].capacity == 1000)


def test_the_month_of_a_registry_is_that_of_the_wall_clock() -> None:
    month = of_call(registry())["quota"]
    assert month.soonest(100.0, 1000) == 100.0 + 864_000.0
