"""The booking arithmetic, replayed: whatever is asked for in whatever order, no limit is overbooked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.transport.stores import Ask, Spent, ledger
from aioemnify.transport.stores.memory import MemoryShelf
from tests.stores.replay import over_bucket, over_window

ROW_A = Ask("row a", "bucket", rate=10.0, burst=3.0)
ROW_B = Ask("row b", "bucket", rate=4.0, burst=1.0)
WINDOW = Ask("window", "window", count=8, seconds=2.0)
MONTH = Ask("month", "month", count=40)
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
    steps: list[tuple[str, tuple[Ask, ...], int, float]],
) -> None:
    shelf, now = MemoryShelf(), 1000.0
    booked: list[tuple[tuple[Ask, ...], float, str]] = []
    given_back: list[tuple[tuple[Ask, ...], float, str]] = []
    for action, asks, places, passing in steps:
        now += passing
        if action == "book":
            answer = ledger.book(shelf, asks, places, 2.0, now=now, wall=NOVEMBER, sharers=1)
            assert all(0 <= wait <= 2.0 for wait in answer.waits)
            assert list(answer.waits) == sorted(answer.waits)
            assert answer.waits or answer.exhausted or answer.retry_in > 0
            booked += [
                (asks, now + wait, mark) for wait, mark in zip(answer.waits, answer.marks, strict=True)
            ]
        elif booked:
            back = booked.pop(places % len(booked))
            # Only what lies ahead can be unused.
            if back[1] > now:
                ledger.give_back(shelf, back[0], (back[2],))
                given_back.append(back)
            else:
                booked.append(back)
    for row in (ROW_A, ROW_B):
        assert not over_bucket([at for asks, at, _ in booked if row in asks], row.rate, row.burst)
    assert not over_window([at for asks, at, _ in booked if WINDOW in asks], WINDOW.count, WINDOW.seconds)
    assert sum(MONTH in asks for asks, _, _ in booked) <= MONTH.count


def test_a_backlog_is_booked_without_gaps() -> None:
    shelf = MemoryShelf()
    answer = ledger.book(shelf, (ROW_A,), 100, 2.05, now=50.0, wall=NOVEMBER, sharers=1)
    assert len(answer.waits) == 23  # a burst of 3, and 20 in the two seconds ahead
    assert answer.waits[:4] == pytest.approx((0.0, 0.0, 0.0, 0.1))
    full = ledger.book(shelf, (ROW_A,), 1, 2.05, now=50.0, wall=NOVEMBER, sharers=1)
    assert full.waits == () and full.retry_in == pytest.approx(0.05)


def test_a_month_ends_and_its_count_with_it() -> None:
    shelf, quota = MemoryShelf(), (Ask("m", "month", count=2),)
    assert len(ledger.book(shelf, quota, 5, 2.0, now=0.0, wall=NOVEMBER, sharers=1).waits) == 2
    over = ledger.book(shelf, quota, 5, 2.0, now=0.0, wall=NOVEMBER, sharers=1)
    assert (over.exhausted, over.retry_in) == ("m", 3600.0)
    assert ledger.book(shelf, quota, 1, 2.0, now=3600.0, wall=NOVEMBER + 3600, sharers=1).waits
    back = ledger.book(shelf, quota, 1, 2.0, now=3600.0, wall=NOVEMBER, sharers=1)
    assert back.exhausted == "m", "a wall clock that is put back finds the count it left"


def test_after_a_pause_the_burst_is_gone() -> None:
    shelf = MemoryShelf()
    ledger.pause(shelf, ROW_A.key, 101.0)
    ledger.pause(shelf, ROW_A.key, 100.5)
    answer = ledger.book(shelf, (ROW_A,), 3, 2.0, now=100.0, wall=NOVEMBER, sharers=1)
    assert answer.waits == pytest.approx((1.0, 1.1, 1.2))


def test_the_first_to_come_back_sets_the_moment_for_all() -> None:
    shelf = MemoryShelf()
    spent = (Spent(WINDOW, since=tuple(0.1 * age for age in range(8))), Spent(MONTH, known=30.0, count=4))
    first = ledger.rejoin(shelf, spent, wiped=True, alone=True, now=100.0, wall=NOVEMBER)
    second = ledger.rejoin(shelf, (), wiped=True, alone=True, now=100.5, wall=NOVEMBER)
    assert (first, second) == (ledger.SETTLE, ledger.SETTLE - 0.5)
    answer = ledger.book(shelf, (ROW_A,), 2, 2.0, now=101.0, wall=NOVEMBER, sharers=2)
    assert answer.waits == pytest.approx((1.1, 1.2)), "what was sent meanwhile may have used the burst"
    answer = ledger.book(shelf, (WINDOW, MONTH), 20, 9.0, now=101.0, wall=NOVEMBER, sharers=2)
    assert len(answer.waits) == 6 and answer.used[1] == 40


def test_one_that_was_alone_while_others_went_on_makes_nobody_wait() -> None:
    shelf, now = MemoryShelf(), 100.0
    while now < 110.0:
        ledger.book(shelf, (ROW_A,), 1, 2.0, now=now, wall=NOVEMBER, sharers=2)
        now += 0.5
    assert ledger.rejoin(shelf, (), wiped=False, alone=True, now=now, wall=NOVEMBER) == 0.0


def test_a_month_that_the_server_has_ended_is_used_up_whatever_the_count() -> None:
    shelf, quota = MemoryShelf(), (Ask("m", "month", count=2),)
    ledger.pause(shelf, "m", 900.0)
    over = ledger.book(shelf, quota, 1, 2.0, now=0.0, wall=NOVEMBER, sharers=1)
    assert (over.waits, over.exhausted, over.retry_in) == ((), "m", 900.0)
    assert ledger.book(shelf, quota, 1, 2.0, now=899.0, wall=NOVEMBER, sharers=1).waits == (1.0,)
