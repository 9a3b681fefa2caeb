"""The part of the window that one job may take."""

from __future__ import annotations

from hypothesis import assume, example, given
from hypothesis import strategies as st

from aioemnify.fleet.jobs.share import WINDOW, WindowShare


@example(938.6, 8.5)
@given(began=st.floats(0, 1e7), after=st.floats(0, WINDOW.seconds))
def test_after_the_wait_there_is_room(began: float, after: float) -> None:
    """Whatever the sums of moments are rounded to: a job that has waited does not wait again."""
    share = WindowShare(1)
    assert share.book(began) == 0
    wait = share.book(began + after)
    assume(wait)  # not where the window has just passed
    assert share.book(began + after + wait) == 0


@given(most=st.integers(1, 5), gaps=st.lists(st.floats(0, 200), max_size=5), calls=st.integers(1, 20))
def test_the_estimate_is_the_wait(most: int, gaps: list[float], calls: int) -> None:
    share, now = WindowShare(most), 0.0
    for gap in gaps:
        now += gap
        now += share.book(now)
    expected, began = share.seconds(now, calls), now
    for _ in range(calls):
        while wait := share.book(now):
            now += wait
    assert abs(now - began - expected) < 0.1
