"""What each kind of limit counts: exact values at exact moments."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from math import inf
from typing import Any

import pytest

from aioemnify.clock import next_month
from aioemnify.transport.throttle.limits import SLACK, ConcurrencyLimit, CountedLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow

DECEMBER = datetime(2025, 12, 1, tzinfo=UTC)


def bucket(rate: float = 4.0, burst: float = 2.0, **other: Any) -> TokenBucket:
    return TokenBucket("row", rate=rate, burst=burst, **{"transit": 0.25, **other})


def slow_bucket() -> TokenBucket:
    return bucket(rate=1.0)


def large_bucket() -> TokenBucket:
    return bucket(burst=5.0)


def window(**other: Any) -> SlidingWindow:
    return SlidingWindow("ip", **{"count": 2, "seconds": 10.0, "transit": 0.25, **other})


def quota(**other: Any) -> MonthlyQuota:
    """Return a quota whose month ends at 130."""
    offset = DECEMBER.timestamp() - 130.0
    return MonthlyQuota("month", **{"count": 2, "wall_offset": lambda: offset, "transit": 0.25, **other})


def lane() -> ConcurrencyLimit:
    return ConcurrencyLimit("lane", "lane", size=2)


Make = Callable[[], Limit]
Calls = dict[str, Any]


def after(make: Make, calls: Calls) -> Limit:
    """Return a limit with calls that were answered at once, are under way since, or were not sent yet.

    They may be more than it admits: those of an event loop that had stopped are counted too.
    """
    limit = make()
    for at in calls.get("answered", ()):
        limit.take(at)
        limit.sent(at)
        limit.headers_received(at, at)
    for at in calls.get("sent", ()):
        limit.take(at)
        limit.sent(at)
    for _ in range(calls.get("held", 0)):
        limit.take(100.0)
    limit.paused_until = calls.get("paused", limit.paused_until)
    return limit


@pytest.mark.parametrize(
    ("make", "calls", "now", "used", "in_flight", "ready"),
    [
        (bucket, {}, 100.0, 0, 0, 100.0),
        (bucket, {"answered": (100.0,)}, 100.0, 1, 0, 100.0),
        (bucket, {"answered": (100.0, 100.0)}, 100.0, 2, 0, 100.25 + SLACK),
        (bucket, {"answered": (100.0, 100.0)}, 100.125, 1.5, 0, 100.25 + SLACK),
        (bucket, {"answered": (100.0, 100.0)}, 100.25, 1, 0, 100.25),
        (bucket, {"answered": (100.0, 100.0)}, 107.0, 0, 0, 107.0),
        (bucket, {"held": 1}, 100.0, 1, 1, 100.0),
        (bucket, {"held": 2}, 105.0, 2, 2, inf),
        (bucket, {"held": 1, "answered": (100.0,)}, 100.0, 2, 1, 100.25 + SLACK),
        # What is under way counts in full, and ages once its transit time is over.
        (bucket, {"sent": (100.0,)}, 100.125, 1, 1, 100.125),
        (bucket, {"sent": (100.0,)}, 100.25, 1, 0, 100.25),
        (bucket, {"sent": (100.0,)}, 100.375, 0.5, 0, 100.375),
        (bucket, {"sent": (100.0, 100.125)}, 100.125, 2, 2, 100.5 + SLACK),
        (bucket, {"sent": (100.0, 100.25)}, 100.25, 2, 1, 100.5 + SLACK),
        (bucket, {"sent": (100.0, 100.5)}, 100.5, 1, 1, 100.5),
        (bucket, {"sent": (100.0, 100.0)}, 100.25, 2, 0, 100.5 + SLACK),
        (bucket, {"sent": (100.0,), "held": 1}, 100.0, 2, 2, 100.5 + SLACK),
        (slow_bucket, {"sent": (100.0, 100.125)}, 100.125, 2, 2, 101.25 + SLACK),
        (large_bucket, {"answered": (100.0,), "sent": (100.0,)}, 100.0, 2, 1, 100.0),
        (large_bucket, {"answered": (100.0,) * 5, "sent": (100.0,)}, 100.0, 6, 1, 100.5 + SLACK),
        (bucket, {"paused": 103.0}, 100.0, 0, 0, 103.0),
        (bucket, {"answered": (100.0,), "paused": 103.0}, 100.0, 1, 0, 103.0),
        (window, {}, 100.0, 0, 0, 100.0),
        (window, {"answered": (100.0,)}, 101.0, 1, 0, 101.0),
        (window, {"answered": (100.0, 103.0)}, 103.0, 2, 0, 110.0 + 2 * SLACK),
        (window, {"answered": (100.0, 103.0)}, 110.0, 2, 0, 110.0 + 2 * SLACK),
        (window, {"answered": (100.0, 103.0)}, 110.5, 1, 0, 110.5),
        (window, {"answered": (100.0, 103.0, 104.0)}, 104.0, 3, 0, 113.0 + 2 * SLACK),
        (window, {"held": 2}, 100.0, 2, 2, inf),
        (window, {"held": 1, "answered": (100.0,)}, 100.0, 2, 1, 110.0 + 2 * SLACK),
        (window, {"held": 2, "answered": (100.0,)}, 100.0, 3, 2, inf),
        (window, {"sent": (100.0,)}, 110.25, 1, 0, 110.25),
        (window, {"sent": (100.0, 100.125)}, 100.125, 2, 2, 110.25 + 2 * SLACK),
        (window, {"sent": (100.0, 100.125)}, 100.25, 2, 1, 110.25 + 2 * SLACK),
        (window, {"sent": (100.125,), "answered": (100.0,)}, 100.125, 2, 1, 110.0 + 2 * SLACK),
        (window, {"sent": (100.125, 100.1875), "answered": (100.0,)}, 100.1875, 3, 2, 110.375 + 2 * SLACK),
        (window, {"sent": (100.0, 100.125, 100.1875)}, 100.1875, 3, 3, 110.375 + 2 * SLACK),
        (window, {"paused": 103.0}, 100.0, 0, 0, 103.0),
        (window, {"answered": (100.0, 100.0), "paused": 150.0}, 100.0, 2, 0, 150.0),
        (quota, {}, 100.0, 0, 0, 100.0),
        (quota, {"answered": (100.0,)}, 101.0, 1, 0, 101.0),
        (quota, {"answered": (100.0, 100.0)}, 129.0, 2, 0, 130.0),
        (quota, {"answered": (100.0, 100.0)}, 130.0, 0, 0, 130.0),
        (quota, {"held": 1, "answered": (100.0,)}, 101.0, 2, 1, 130.0),
        (quota, {"sent": (100.0,)}, 100.125, 1, 1, 100.125),
        (quota, {"sent": (100.0, 100.0)}, 100.125, 2, 2, 130.0),
        # A call that is under way when the month ends may be counted in either.
        (quota, {"sent": (129.875,), "answered": (100.0,)}, 130.0, 1, 1, 130.0),
        (quota, {"sent": (129.75,), "answered": (100.0,)}, 130.0, 1, 0, 130.0),
        (quota, {"sent": (129.5,), "answered": (100.0,)}, 130.0, 0, 0, 130.0),
        (quota, {"paused": 103.0}, 100.0, 0, 0, 103.0),
        (lane, {"held": 1}, 100.0, 1, 1, 100.0),
        (lane, {"held": 2}, 100.0, 2, 2, inf),
        (lane, {"held": 1, "paused": 103.0}, 100.0, 1, 1, 103.0),
        (lane, {"held": 1, "paused": 103.0}, 103.0, 1, 1, 103.0),
    ],
)
def test_what_is_used_and_when_there_is_room(
    make: Make, calls: Calls, now: float, used: float, in_flight: int, ready: float
) -> None:
    assert after(make, calls).free(now) is (ready <= now)
    assert after(make, calls).ready(now) == pytest.approx(ready, abs=1e-9)
    assert after(make, calls).used(now) == pytest.approx(used)
    assert after(make, calls).in_flight(now) == in_flight
    if now < ready < inf:
        assert after(make, calls).free(ready)
        assert not after(make, calls).free(ready - 2e-4)


@pytest.mark.parametrize(
    ("make", "calls", "ahead", "soonest"),
    [
        (bucket, {}, 0, 101.0),
        (bucket, {}, 1, 101.0),
        (bucket, {}, 2, 101.25),
        (bucket, {"answered": (101.0,)}, 1, 101.25),
        (bucket, {"sent": (101.0,)}, 3, 101.75),
        (bucket, {"held": 1}, 1, 101.25),
        (bucket, {"paused": 103.0}, 2, 103.0),
        (window, {}, 1, 101.0),
        (window, {}, 2, 111.0),
        (window, {}, 4, 121.0),
        (window, {"answered": (99.0,)}, 0, 101.0),
        (window, {"answered": (99.0,)}, 1, 109.0),
        (window, {"answered": (99.0,)}, 2, 111.0),
        (window, {"answered": (99.0,)}, 3, 119.0),
        (window, {"answered": (99.0, 100.0)}, 0, 109.0),
        (window, {"answered": (99.0, 100.0)}, 3, 120.0),
        (window, {"sent": (101.0,)}, 1, 111.0),
        (window, {"held": 1}, 1, 111.0),
        # Calls that are not sent yet wait for a pause first; those under way do not.
        (window, {"paused": 103.0}, 0, 103.0),
        (window, {"paused": 103.0}, 2, 113.0),
        (window, {"sent": (101.0,), "paused": 103.0}, 1, 111.0),
        (window, {"sent": (101.0,), "paused": 103.0}, 2, 113.0),
        (window, {"answered": (99.0, 100.0), "paused": 150.0}, 0, 150.0),
        (quota, {}, 1, 101.0),
        (quota, {}, 2, 130.0),
        (quota, {"held": 1}, 0, 101.0),
        (quota, {"held": 1}, 1, 130.0),
        (quota, {"paused": 103.0}, 0, 103.0),
        (lane, {"held": 2}, 9, 101.0),
        (lane, {"held": 2, "paused": 103.0}, 9, 103.0),
    ],
)
def test_the_moment_before_which_a_call_behind_others_has_no_slot(
    make: Make, calls: Calls, ahead: int, soonest: float
) -> None:
    limit = after(make, calls)
    assert limit.soonest(101.0, ahead) == pytest.approx(soonest, abs=1e-9)
    if not ahead:
        assert limit.soonest(101.0) == pytest.approx(soonest, abs=1e-9)


@pytest.mark.parametrize("make", [bucket, window, quota])
def test_an_answer_that_comes_after_its_transit_time_counts_for_nothing(make: Make) -> None:
    limit = after(make, {"sent": (100.0, 100.125)})
    assert limit.in_flight(100.25) == 1
    limit.headers_received(100.25, 100.0)
    assert (limit.used(100.25), limit.in_flight(100.25)) == (2, 1)
    limit.headers_received(100.25, 100.125)
    assert (limit.used(100.25), limit.in_flight(100.25)) == (2, 0)
    limit.headers_received(100.25, 100.125)
    assert limit.used(100.25) == 2


def test_a_late_answer_lets_calls_age_from_when_their_transit_time_was_over() -> None:
    row = after(bucket, {"sent": (100.0, 100.125)})
    row.headers_received(100.5, 100.125)
    assert row.used(100.5) == pytest.approx(2 - 4 * 0.25)


@pytest.mark.parametrize("make", [bucket, window, quota])
def test_a_slot_that_is_given_back_was_never_used(make: Make) -> None:
    limit = after(make, {"sent": (100.0,), "held": 1})
    limit.give_back(100.0)
    assert (limit.used(100.0), limit.in_flight(100.0)) == (1, 1)


@pytest.mark.parametrize(
    ("rate", "burst", "jitter", "kept"),
    [
        (10.0, 5.0, None, (10.0, 5.0)),
        (10.0, 5.0, 0.0, (10.0, 5.0)),
        # What arrives during the jitter is no longer burst.
        (10.0, 5.0, 0.25, (10.0, 2.5)),
        (10.0, 2.5, 0.15, (10.0, 1.0)),
        # Where less than one call is left, the rate is lowered instead.
        (10.0, 2.0, 0.2, (2 / 0.3, 1.0)),
        (10.0, 3.9, 0.3, (3 / 0.4, 1.0)),
        (2.0, 1.0, 0.5, (1.0, 1.0)),
    ],
)
def test_a_fixed_margin_takes_burst_or_rate(
    rate: float, burst: float, jitter: float | None, kept: tuple[float, float]
) -> None:
    row = bucket(rate, burst, jitter=jitter)
    assert (row.rate, row.burst) == pytest.approx(kept)
    assert row.capacity == row.burst
    assert row.rate_now(0.0) == row.rate


def test_with_a_fixed_margin_calls_count_from_their_admission() -> None:
    for limit in (bucket(jitter=0.0), window(jitter=0.0)):
        limit.take(100.0)
        limit.take(100.0)
        limit.sent(100.0)
        assert (limit.used(100.0), limit.in_flight(100.0)) == (2, 0)
        limit.headers_received(100.0, 100.0)
        assert limit.used(100.0) == 2


def test_with_a_fixed_margin_an_unsent_call_leaves_a_window_and_not_a_bucket() -> None:
    row, ip = bucket(jitter=0.0), window(jitter=0.5)
    for limit in (row, ip):
        limit.take(100.0)
        limit.take(101.0)
        limit.give_back(101.0)
    assert row.used(101.0) == 1
    assert ip.used(101.0) == 1
    # The oldest use goes: what stays leaves no earlier than what was sent.
    assert (ip.seconds, ip.leaving(101.0)) == (10.5, [111.5])
    for _ in range(2):
        ip.give_back(101.0)
    assert ip.used(101.0) == 0


def test_when_calls_leave_a_window() -> None:
    ip = window()
    after(lambda: ip, {"answered": (99.0,), "sent": (101.0,), "held": 1})
    assert ip.leaving(101.125) == [109.0, 111.125, 111.125]


def test_after_a_pause_a_bucket_admits_one_call_at_a_time() -> None:
    row = large_bucket()
    row.pause(100.0, 102.0)
    assert (row.used(100.0), row.ready(100.0)) == (12.0, 102.0 + SLACK)
    assert (row.used(102.0), row.ready(102.0)) == (4.0, 102.0)
    row.take(102.0)
    assert row.ready(102.0) == pytest.approx(102.25 + SLACK, abs=1e-9)
    busy = after(large_bucket, {"held": 2})
    busy.pause(100.0, 102.0)
    assert busy.used(100.0) == 12.0, "those under way come out of the same burst"
    full = after(large_bucket, {"answered": (100.0,) * 9})
    full.pause(100.0, 101.0)
    assert full.used(100.0) == 9.0, "a pause makes nothing free"


def test_a_longer_pause_stays() -> None:
    for limit in (bucket(), window(), quota(), lane()):
        assert limit.paused_until == -inf
        limit.pause(100.0, 110.0)
        limit.pause(100.0, 105.0)
        assert limit.paused_until == 110.0


def test_a_429_lowers_the_rate_which_recovers() -> None:
    row = bucket(rate=10.0)
    row.lower(100.0)
    assert row.rate_now(100.0) == pytest.approx(8.0)
    # A single one is over in five seconds.
    assert row.rate_now(101.0) == pytest.approx(8.4)
    assert row.rate_now(104.0) == pytest.approx(9.6)
    assert row.rate_now(106.0) == 10.0


@pytest.mark.parametrize(
    ("gap", "at_once", "a_second_later"),
    [
        # Refused in the same half second: their calls were sent before the cut.
        (0.25, 8.1, 8.5),
        (0.5, 8.2 * 0.8, 8.2 * 0.8 + 0.05),
        # Somebody else spends too, so the rate comes back slowly; after a minute it is a single event again.
        (59.75, 8.0, 8.05),
        (60.0, 8.0, 8.4),
    ],
)
def test_a_second_429_cuts_again_or_not(gap: float, at_once: float, a_second_later: float) -> None:
    row = bucket(rate=10.0)
    row.lower(100.0)
    row.lower(100.0 + gap)
    assert row.rate_now(100.0 + gap) == pytest.approx(at_once)
    assert row.rate_now(101.0 + gap) == pytest.approx(a_second_later)


def test_a_lowered_rate_is_the_one_that_leaks_and_lets_through() -> None:
    row = after(lambda: bucket(rate=10.0), {"answered": (100.0,) * 4})
    row.lower(100.0)
    assert row.used(100.25) == pytest.approx(4 - 8 * 0.25)
    assert row.soonest(100.25) == pytest.approx(100.25 + 1 / 8.1)
    assert row.ready(100.25) == pytest.approx(100.25 + 1 / 8.1 + SLACK, abs=1e-9)


def test_only_a_bucket_has_a_rate() -> None:
    for limit in (window(), quota(), lane()):
        limit.lower(100.0)
        assert limit.rate_now(100.0) is None and not limit.needs_reservation(100.0)


@pytest.mark.parametrize("make", [bucket, window, quota, lane])
def test_what_a_limit_is_for_and_how_large(make: Callable[..., Limit]) -> None:
    limit = make()
    kinds = {"row": "row", "ip": "ip", "month": "quota", "lane": "lane"}
    assert (limit.kind, limit.organisation, limit.capacity) == (kinds[limit.name], "", 2)
    assert (limit.refused, limit.waiting, limit.owed) == (0, 0, [0.0, 0.0, 0.0])
    if isinstance(limit, CountedLimit):
        assert make(organisation="7").organisation == "7"
    assert window(kind="row").kind == "row"
    assert ConcurrencyLimit("lane", "lane", size=1, organisation="7").organisation == "7"


def test_a_quota_looks_at_the_wall_clock_once_a_minute_and_when_the_month_ends() -> None:
    looks: list[int] = []

    def offset() -> float:
        looks.append(1)
        return DECEMBER.timestamp() - 200.0

    month = MonthlyQuota("month", count=2, wall_offset=offset)
    seen = []
    for now in (100.0, 130.0, 159.75, 160.0, 199.75, 200.0, 259.75, 260.0):
        assert month.free(now)
        seen.append(len(looks))
    assert seen == [1, 1, 1, 2, 2, 3, 3, 4]


def test_a_quota_is_told_no_transit_time_by_itself_but_the_usual_one() -> None:
    month = after(lambda: MonthlyQuota("month", count=2, wall_offset=lambda: 0.0), {"sent": (0.0,)})
    assert (month.in_flight(0.34), month.in_flight(0.36)) == (1, 0)


def test_a_clock_that_is_put_back_finds_the_count_it_left() -> None:
    ahead = 0.0
    month = MonthlyQuota("month", count=2, wall_offset=lambda: DECEMBER.timestamp() - 200.0 + ahead)
    month.take(100.0)
    month.sent(100.0)
    month.headers_received(100.0, 100.0)
    ahead = 100.0
    assert month.used(160.0) == 0, "December"
    month.take(160.0)
    month.sent(160.0)
    month.headers_received(160.0, 160.0)
    ahead = 0.0
    assert month.used(230.0) == 1


def test_a_quota_that_is_asked_when_it_has_to_look_looks() -> None:
    ahead = 0.0
    month = MonthlyQuota("month", count=1, wall_offset=lambda: DECEMBER.timestamp() - 200.0 + ahead)
    month.take(100.0)
    assert month.soonest(100.0, 1) == 200.0
    ahead = 30 * 86400.0
    assert month.soonest(159.0, 1) == 200.0
    assert month.soonest(160.0, 1) == 200.0 + 31 * 86400.0 - ahead


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be where the month begins 13 hours earlier."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_away")
def test_the_month_after_that_of_a_moment() -> None:
    month = quota()
    assert month.after(100.0) == 130.0
    assert month.after(130.0) == 130.0 + 31 * 86400
    ends = {(2025, 11, 30): (2025, 12, 1), (2025, 12, 31): (2026, 1, 1), (2026, 1, 1): (2026, 2, 1)}
    for day, first in ends.items():
        assert next_month(datetime(*day, tzinfo=UTC).timestamp()) == datetime(*first, tzinfo=UTC)
