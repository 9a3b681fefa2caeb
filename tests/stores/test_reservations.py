"""The arithmetic of reservations, replayed: no order of requests overbooks a limit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.stores import LimitRequest, Reservation
from aioemnify.stores import _reservations as reservations
from aioemnify.stores.protocols import HEARTBEAT
from tests.stores.memory_tables import MemoryTables
from tests.stores.replay import over_bucket, over_window

ROW_A = LimitRequest("row a", "bucket", rate=10.0, burst=3.0)
ROW_B = LimitRequest("row b", "bucket", rate=4.0, burst=1.0)
WINDOW = LimitRequest("window", "window", count=8, seconds=2.0)
MONTH = LimitRequest("month", "month", count=40)
SETS = [(ROW_A,), (ROW_A, WINDOW), (ROW_B, WINDOW), (WINDOW,), (ROW_A, WINDOW, MONTH), (MONTH,)]
NOVEMBER = datetime(2026, 11, 30, 23, 0, tzinfo=UTC).timestamp()


def reserve(
    tables: MemoryTables, limits: tuple[LimitRequest, ...], count: int, horizon: float = 2.0, **at: Any
) -> Reservation:
    return reservations.reserve(
        tables, limits, count, horizon, "", **{"client": "one", "now": 0.0, "wall": NOVEMBER, **at}
    )


steps = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "reserve", "reserve", "cancel"]),
        st.sampled_from(SETS),
        st.integers(1, 6),
        st.sampled_from([0.0, 0.001, 0.03, 0.1, 0.7, 2.5]),
    ),
    max_size=60,
)


@given(steps)
def test_no_order_of_reservations_overbooks_a_limit(
    steps: list[tuple[str, tuple[LimitRequest, ...], int, float]],
) -> None:
    tables, now = MemoryTables(), 1000.0
    reserved: list[tuple[tuple[LimitRequest, ...], float, str]] = []
    for action, limits, count, passing in steps:
        now += passing
        if action == "reserve":
            answer = reserve(tables, limits, count, now=now)
            assert all(0 <= wait <= 2.0 for wait in answer.waits)
            assert list(answer.waits) == sorted(answer.waits)
            assert answer.waits or answer.exhausted or answer.retry_in > 0
            reserved += [
                (limits, now + wait, reservation_id)
                for wait, reservation_id in zip(answer.waits, answer.reservation_ids, strict=True)
            ]
        elif reserved:
            unused = reserved.pop(count % len(reserved))
            # Only what lies ahead can be unused.
            if unused[1] > now:
                reservations.cancel(tables, unused[0], (unused[2],), tables.generation())
            else:
                reserved.append(unused)
    for row in (ROW_A, ROW_B):
        assert not over_bucket([at for limits, at, _ in reserved if row in limits], row.rate, row.burst)
    assert not over_window(
        [at for limits, at, _ in reserved if WINDOW in limits], WINDOW.count, WINDOW.seconds
    )
    assert sum(MONTH in limits for limits, _, _ in reserved) <= MONTH.count


def test_a_backlog_is_reserved_without_gaps() -> None:
    tables = MemoryTables()
    answer = reserve(tables, (ROW_A,), 100, 2.05, now=50.0)
    assert len(answer.waits) == 23  # a burst of 3, and 20 in the two seconds ahead
    assert answer.waits[:4] == pytest.approx((0.0, 0.0, 0.0, 0.1))
    full = reserve(tables, (ROW_A,), 1, 2.05, now=50.0)
    assert full.waits == () and full.retry_in == pytest.approx(0.05)


def test_a_cancelled_slot_in_the_middle_moves_no_later_one() -> None:
    tables = MemoryTables()
    made = reserve(tables, (ROW_A,), 5)
    reservations.cancel(tables, (ROW_A,), made.reservation_ids[3:4], made.generation)
    assert reserve(tables, (ROW_A,), 1).waits == pytest.approx((0.3,))


def test_the_more_compete_the_later_they_come_again() -> None:
    tables = MemoryTables()
    reserve(tables, (ROW_A,), 100, now=50.0)
    for which in range(49):
        answer = reserve(tables, (ROW_A,), 1, now=50.0, client=f"client {which}")
    assert answer.sharers == 50 and answer.retry_in == pytest.approx(1.0)
    assert reserve(tables, (), 0, now=50.0 + HEARTBEAT).sharers == 1


def test_a_month_ends_and_its_count_with_it() -> None:
    tables, quota = MemoryTables(), (LimitRequest("m", "month", count=2),)
    assert len(reserve(tables, quota, 5).waits) == 2
    over = reserve(tables, quota, 5)
    assert (over.exhausted, over.retry_in) == ("m", 3600.0)
    assert reserve(tables, quota, 1, now=3600.0, wall=NOVEMBER + 3600).waits
    back = reserve(tables, quota, 1, now=3600.0)
    assert back.exhausted == "m", "a wall clock that is put back finds the count it left"


def test_after_a_pause_the_burst_is_gone() -> None:
    tables = MemoryTables()
    reservations.pause(tables, ROW_A.key, 101.0)
    reservations.pause(tables, ROW_A.key, 100.5)
    assert reserve(tables, (ROW_A,), 3, now=100.0).waits == pytest.approx((1.0, 1.1, 1.2))


def test_a_month_that_the_server_has_ended_is_used_up_whatever_the_count() -> None:
    tables, quota = MemoryTables(), (LimitRequest("m", "month", count=2),)
    reservations.pause(tables, "m", 900.0)
    over = reserve(tables, quota, 1)
    assert (over.waits, over.exhausted, over.retry_in) == ((), "m", 900.0)
    assert reserve(tables, quota, 1, now=899.0).waits == (1.0,)
