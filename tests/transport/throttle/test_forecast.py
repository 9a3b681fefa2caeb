"""How long calls take under limits that stand as a test has set them, to the last digit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aioemnify.transport.throttle.estimate import forecast
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow

DECEMBER = datetime(2025, 12, 1, tzinfo=UTC)


def row(*, used: int = 0, **other: Any) -> TokenBucket:
    """Return a limit of four a second, two at once."""
    limit = TokenBucket("row", **{"rate": 4.0, "burst": 2.0, "transit": 0.25, "jitter": 0.0, **other})
    return taken(limit, used)  # type: ignore[return-value]


def ip(*uses: float, count: int = 3) -> SlidingWindow:
    """Return a window of 10 seconds."""
    window = SlidingWindow("ip", count=count, seconds=10.0, transit=0.25, jitter=0.0)
    for at in uses:
        window.take(at)
    return window


def lane(size: int = 2, used: int = 0) -> Limit:
    return taken(ConcurrencyLimit("lane", "lane", size=size), used)


def month(used: int = 0) -> Limit:
    """Return a quota whose month ends at 130."""
    offset = DECEMBER.timestamp() - 130.0
    return taken(MonthlyQuota("month", count=4, wall_offset=lambda: offset), used)


def taken(limit: Limit, calls: int) -> Limit:
    for _ in range(calls):
        limit.take(100.0)
    return limit


def paused(limit: Limit, until: float) -> Limit:
    limit.paused_until = until
    return limit


DAYS = 86400.0


@pytest.mark.parametrize(
    ("limits", "ahead", "calls", "round_trip", "moment", "decisive"),
    [
        ([], (), 5, None, 100.0, None),
        ([], (), 5, 2.0, 102.0, None),
        ([row()], (0,), 2, None, 100.0, None),
        ([row()], (0,), 3, None, 100.25, "row"),
        ([row()], (1,), 3, None, 100.5, "row"),
        ([row(used=2)], (0,), 1, None, 100.25, "row"),
        ([row()], (0,), 2, 1.0, 101.0, None),
        ([row()], (0,), 3, 1.0, 101.25, "row"),
        ([paused(row(), 103.0)], (0,), 2, None, 103.0, "row"),
        ([lane()], (0,), 9, None, 100.0, None),
        ([lane()], (0,), 1, 0.5, 100.5, None),
        ([lane()], (0,), 4, 0.5, 101.0, "lane"),
        ([lane(used=1)], (2,), 5, 0.5, 102.0, "lane"),
        ([month()], (0,), 4, None, 100.0, None),
        ([month()], (0,), 5, None, 130.0, "month"),
        ([month(used=1)], (2,), 1, None, 100.0, None),
        ([month(used=2)], (2,), 1, 0.5, 130.5, "month"),
        ([month()], (0,), 9, None, 130.0 + 31 * DAYS, "month"),
        ([paused(month(), 110.0)], (0,), 4, None, 110.0, "month"),
        ([paused(month(), 140.0)], (0,), 5, None, 130.0 + 31 * DAYS, "month"),
        ([ip()], (0,), 3, None, 100.0, None),
        ([ip()], (0,), 4, None, 110.0, "ip"),
        ([ip(95.0)], (0,), 3, 1.0, 106.0, "ip"),
        # The slower one decides.
        ([row(), lane(1)], (0, 0), 4, 0.5, 102.0, "lane"),
        ([row(), lane(1)], (0, 0), 4, 0.125, 100.625, "row"),
        # Of row and window: a row spreads calls, and so they leave the window spread.
        ([row(), ip()], (0, 0), 3, None, 100.25, "row"),
        ([row(), ip()], (0, 0), 4, None, 110.0, "ip"),
        ([row(), ip()], (0, 0), 6, None, 110.25, "ip"),
        ([row(), ip()], (0, 0), 6, 0.5, 110.75, "ip"),
        ([row(), ip()], (0, 0), 9, None, 120.25, "ip"),
        ([row(), ip()], (0, 0), 12, None, 130.25, "ip"),
        ([row(), ip()], (1, 1), 5, None, 110.25, "ip"),
        ([row(), ip(95.0, 99.0)], (0, 0), 1, None, 100.0, None),
        ([row(), ip(95.0, 99.0)], (0, 0), 3, None, 109.0, "ip"),
        ([row(), ip(95.0, 99.0)], (0, 0), 4, None, 110.0, "ip"),
        ([row(), ip(95.0, 99.0)], (0, 0), 5, None, 115.0, "ip"),
        ([row(used=2), ip()], (0, 0), 3, None, 100.75, "row"),
        ([row(used=2), ip()], (0, 0), 4, None, 110.25, "ip"),
        ([row(rate=0.25, burst=1.0), ip()], (0, 0), 7, None, 124.0, "row"),
        ([row(rate=0.25, burst=1.0), ip(count=2)], (0, 0), 4, None, 114.0, "row"),
        ([row(rate=0.25, burst=1.0), ip(95.0, 96.0, 97.0)], (0, 0), 4, None, 117.0, "ip"),
        ([row(rate=0.25, burst=1.0), ip()], (0, 3), 4, None, 122.0, "ip"),
        ([row(rate=0.25, burst=1.0), paused(ip(count=9), 103.0)], (0, 0), 3, None, 111.0, "row"),
        ([paused(row(), 103.0), ip()], (0, 0), 3, None, 103.25, "row"),
        ([paused(row(used=2), 103.0), ip()], (0, 0), 3, None, 103.25, "row"),
        ([row(), paused(ip(), 103.0)], (0, 0), 3, None, 103.25, "ip"),
        ([row(), paused(ip(), 103.0)], (0, 0), 6, None, 113.25, "ip"),
        ([row(), paused(ip(95.0), 103.0)], (0, 0), 4, None, 113.0, "ip"),
        # Calls of other queues that are ahead in one of them only.
        ([row(), ip()], (0, 2), 1, None, 100.0, None),
        ([row(), ip()], (0, 2), 2, None, 110.0, "ip"),
        ([row(), ip()], (0, 4), 2, None, 110.0, "ip"),
        ([row(), ip()], (2, 3), 1, None, 110.0, "ip"),
        ([row(), ip()], (3, 0), 1, None, 100.5, "row"),
        # Two windows.
        ([ip(count=2), ip(count=3)], (0, 0), 2, None, 100.0, None),
        ([ip(count=2), ip(count=3)], (0, 0), 3, None, 110.0, "ip"),
        ([ip(count=2), ip(count=3)], (0, 0), 9, None, 140.0, "ip"),
    ],
)
def test_when_the_last_call_is_done(
    limits: list[Limit],
    ahead: tuple[int, ...],
    calls: int,
    round_trip: float | None,
    moment: float,
    decisive: str | None,
) -> None:
    waiting = dict(zip(limits, ahead, strict=True))
    found, limit = forecast(tuple(limits), 100.0, waiting, calls, round_trip)
    assert found == pytest.approx(moment, abs=1e-9)
    assert (limit.name if limit else None) == decisive


def test_a_job_of_more_than_a_century_is_told_as_one() -> None:
    quota = month()
    for calls in (4 * 1200 + 1, 10**9):
        found, _ = forecast((quota,), 100.0, {quota: 0}, calls, None)
        assert found == datetime(2125, 11, 1, tzinfo=UTC).timestamp() - DECEMBER.timestamp() + 130.0
