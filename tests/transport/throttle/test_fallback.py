"""A process's share of a window without the store."""

from __future__ import annotations

import pytest

from aioemnify.transport.throttle.shared.fallback import WindowShare


def taken(share: WindowShare, count: int, at: float, *, sharers: int, used: float) -> list[float]:
    moments = []
    for _ in range(count):
        at = share.free_at(at, sharers=sharers, used=used, heard_at=0.0)
        share.take(at)
        moments.append(at)
    return moments


def test_first_a_part_of_what_was_left_then_a_part_of_the_whole() -> None:
    # 95 of 100 are thought to be left to three, 44 of them used: 17 for each, until the window has passed.
    moments = taken(WindowShare(100, 10.0), 17 + 33 + 1, 1.0, sharers=3, used=44)
    assert moments[:17] == [1.0] * 17
    assert moments[17:] == pytest.approx([10.0] * 16 + [11.0] * 17 + [20.0], abs=1e-3)


def test_of_a_window_for_fewer_calls_than_sharers_each_takes_one() -> None:
    moments = taken(WindowShare(4, 10.0), 3, 1.0, sharers=9, used=4)
    assert moments == pytest.approx([10.0, 20.0, 30.0], abs=1e-3)


def test_uses_that_have_left_the_window_take_no_room() -> None:
    share = WindowShare(2, 10.0)
    assert taken(share, 2, 1.0, sharers=1, used=0) == pytest.approx([1.0, 10.0])
    assert [share.free_at(at, sharers=1, used=0, heard_at=0.0) for at in (10.5, 11.5, 25.0)] == [
        pytest.approx(11.0, abs=1e-3),
        11.5,
        25.0,
    ]
