"""The booking arithmetic, replayed: whatever is asked for in whatever order, no limit is overbooked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.stores import _reservations as reservations
from aioemnify.stores.protocols import LimitRequest, UsageReport
from tests.stores.memory_tables import MemoryTables
from tests.stores.replay import over_bucket, over_window

ROW_A = LimitRequest("row a", "bucket", rate=10.0, burst=3.0)
ROW_B = LimitRequest("row b", "bucket", rate=4.0, burst=1.0)
WINDOW = LimitRequest("window", "window", count=8, seconds=2.0)
MONTH = LimitRequest("month", "month", count=40)
SETS = [(ROW_A,), (ROW_A, WINDOW), (ROW_B, WINDOW), (WINDOW,), (ROW_A, WINDOW, MONTH), (MONTH,)]
NOVEMBER = datetime(2026, 11, 30, 23, 0, tzinfo=UTC).timestamp()

steps = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "book", "give back"]),
        st.sampled_from(SETS),
        st.integers(1, 6),
        st.sampled_from([0.0, 0.001, 0.03, 0.1, 0.7, 2.5]),
    ),
    max_size=60,
)


@given(steps)
def test_no_order_of_bookings_overbooks_a_limit(
    steps: list[tuple[str, tuple[LimitRequest, ...], int, float]],
) -> None:
    shelf, now = MemoryTables(), 1000.0
    booked: list[tuple[tuple[LimitRequest, ...], float, str]] = []
    given_back: list[tuple[tuple[LimitRequest, ...], float, str]] = []
    for action, limit_requests, places, passing in steps:
        now += passing
        if action == "book":
            answer = reservations.book(shelf, limit_requests, places, 2.0, now=now, wall=NOVEMBER, sharers=1)
            assert all(0 <= wait <= 2.0 for wait in answer.waits)
            assert list(answer.waits) == sorted(answer.waits)
            assert answer.waits or answer.exhausted or answer.retry_in > 0
            booked += [
                (limit_requests, now + wait, reservation_id)
                for wait, reservation_id in zip(answer.waits, answer.reservation_ids, strict=True)
            ]
        elif booked:
            back = booked.pop(places % len(booked))
            # Only what lies ahead can be unused.
            if back[1] > now:
                reservations.give_back(shelf, back[0], (back[2],))
                given_back.append(back)
            else:
                booked.append(back)
    for row in (ROW_A, ROW_B):
        assert not over_bucket(
            [at for limit_requests, at, _ in booked if row in limit_requests], row.rate, row.burst
        )
    assert not over_window(
        [at for limit_requests, at, _ in booked if WINDOW in limit_requests], WINDOW.count, WINDOW.seconds
    )
    assert sum(MONTH in limit_requests for limit_requests, _, _ in booked) <= MONTH.count


def test_a_backlog_is_booked_without_gaps() -> None:
    shelf = MemoryTables()
    answer = reservations.book(shelf, (ROW_A,), 100, 2.05, now=50.0, wall=NOVEMBER, sharers=1)
    assert len(answer.waits) == 23  # a burst of 3, and 20 in the two seconds ahead
    assert answer.waits[:4] == pytest.approx((0.0, 0.0, 0.0, 0.1))
    full = reservations.book(shelf, (ROW_A,), 1, 2.05, now=50.0, wall=NOVEMBER, sharers=1)
    assert full.waits == () and full.retry_in == pytest.approx(0.05)


def test_a_month_ends_and_its_count_with_it() -> None:
    shelf, quota = MemoryTables(), (LimitRequest("m", "month", count=2),)
    assert len(reservations.book(shelf, quota, 5, 2.0, now=0.0, wall=NOVEMBER, sharers=1).waits) == 2
    over = reservations.book(shelf, quota, 5, 2.0, now=0.0, wall=NOVEMBER, sharers=1)
    assert (over.exhausted, over.retry_in) == ("m", 3600.0)
    assert reservations.book(shelf, quota, 1, 2.0, now=3600.0, wall=NOVEMBER + 3600, sharers=1).waits
    back = reservations.book(shelf, quota, 1, 2.0, now=3600.0, wall=NOVEMBER, sharers=1)
    assert back.exhausted == "m", "a wall clock that is put back finds the count it left"


def test_after_a_pause_the_burst_is_gone() -> None:
    shelf = MemoryTables()
    reservations.pause(shelf, ROW_A.key, 101.0)
    reservations.pause(shelf, ROW_A.key, 100.5)
    answer = reservations.book(shelf, (ROW_A,), 3, 2.0, now=100.0, wall=NOVEMBER, sharers=1)
    assert answer.waits == pytest.approx((1.0, 1.1, 1.2))


def test_the_first_to_come_back_sets_the_moment_for_all() -> None:
    shelf = MemoryTables()
    spent = (
        UsageReport(WINDOW, since=tuple(0.1 * age for age in range(8))),
        UsageReport(MONTH, known=30.0, count=4),
    )
    first = reservations.rejoin(shelf, spent, wiped=True, alone=True, now=100.0, wall=NOVEMBER)
    second = reservations.rejoin(shelf, (), wiped=True, alone=True, now=100.5, wall=NOVEMBER)
    assert (first, second) == (reservations.SETTLE, reservations.SETTLE - 0.5)
    answer = reservations.book(shelf, (ROW_A,), 2, 2.0, now=101.0, wall=NOVEMBER, sharers=2)
    assert answer.waits == pytest.approx((1.1, 1.2)), "what was sent meanwhile may have used the burst"
    answer = reservations.book(shelf, (WINDOW, MONTH), 20, 9.0, now=101.0, wall=NOVEMBER, sharers=2)
    assert len(answer.waits) == 6 and answer.used[1] == 40


def test_one_that_was_alone_while_others_went_on_makes_nobody_wait() -> None:
    shelf, now = MemoryTables(), 100.0
    while now < 110.0:
        reservations.book(shelf, (ROW_A,), 1, 2.0, now=now, wall=NOVEMBER, sharers=2)
        now += 0.5
    assert reservations.rejoin(shelf, (), wiped=False, alone=True, now=now, wall=NOVEMBER) == 0.0


def test_a_month_that_the_server_has_ended_is_used_up_whatever_the_count() -> None:
    shelf, quota = MemoryTables(), (LimitRequest("m", "month", count=2),)
    reservations.pause(shelf, "m", 900.0)
    over = reservations.book(shelf, quota, 1, 2.0, now=0.0, wall=NOVEMBER, sharers=1)
    assert (over.waits, over.exhausted, over.retry_in) == ((), "m", 900.0)
    assert reservations.book(shelf, quota, 1, 2.0, now=899.0, wall=NOVEMBER, sharers=1).waits == (1.0,)
