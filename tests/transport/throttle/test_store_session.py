"""What a process makes of a store's answers: another generation, a clock that was set, silence."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import pytest
from attrs import evolve

from aioemnify.clock import Clock
from aioemnify.errors import StoreError
from aioemnify.stores import Reservation
from aioemnify.transport.throttle.shared import FIRST_RETRY, HOLD, RETRY
from aioemnify.transport.throttle.shared.store_session import StoreSession


class SetClock(Clock):
    mono, walls = 100.0, 1.7e9

    def monotonic(self) -> float:
        return self.mono

    def wall(self) -> float:
        return self.walls

    def pass_by(self, mono: float, wall: float | None = None) -> None:
        self.mono += mono
        self.walls += mono if wall is None else wall


class Store:
    address = "default"

    def __init__(self) -> None:
        self.rejoined: list[tuple[str, bool]] = []

    async def rejoin(self, generation: str, reports: Any, *, reset: bool) -> str:
        self.rejoined.append((generation, reset))
        return "another" if reset else generation


class Session:
    """A session with a store whose answers a test makes up."""

    def __init__(self, **options: Any) -> None:
        self.clock, self.store = SetClock(), Store()
        self.session = StoreSession(self.store, self.clock, **options)  # type: ignore[arg-type]

    def hear(self, now: float, generation: str = "first", *, took: float = 0.0) -> bool:
        asked = self.session.moments()
        self.clock.pass_by(took)
        return self.session.heard(Reservation(now=now, generation=generation, sharers=3), asked)


def test_answers_of_one_generation_can_be_used() -> None:
    case = Session()
    assert case.hear(5000.0)
    case.clock.pass_by(60.0)
    assert case.hear(5060.0) and not case.session.must_rejoin
    assert (case.session.generation, case.session.sharers) == ("first", 3)


def test_another_generation_has_to_be_told_first() -> None:
    case = Session()
    case.hear(5000.0)
    assert not case.hear(5000.0, "second")
    assert case.session.must_rejoin and case.session.generation == "first"


@pytest.mark.parametrize(
    ("store", "mono", "wall", "jumped"),
    [
        (3600.0, 1.0, 1.0, True),
        (3600.0, 3600.0, 3600.0, False),
        (3600.0, 1.0, 3600.0, False),  # the machine was suspended
        (3600.0, 3600.0, 1.0, False),  # its own wall clock was put back
        (60.0, 1.0, 1.0, True),
        (6.0, 1.0, 1.0, False),
        (4.0, 1.0, 1.0, False),  # what the network may take
        (-3600.0, 1.0, 1.0, False),  # the store sees that by itself
    ],
)
@pytest.mark.anyio
async def test_a_store_whose_clock_jumped_forward_is_reset(
    store: float, mono: float, wall: float, jumped: bool
) -> None:
    case = Session()
    case.hear(5000.0)
    case.clock.pass_by(mono, wall)
    assert case.hear(5000.0 + store) is not jumped
    assert case.session.must_rejoin is jumped
    await case.session.rejoin(())
    assert case.store.rejoined == [("first", jumped)]
    assert case.session.generation == ("another" if jumped else "first")
    case.clock.pass_by(1.0)
    assert case.hear(5000.0 + store + 1.0, case.session.generation), "and once is enough"
    await case.session.rejoin(())
    assert case.store.rejoined[1][1] is False


def test_an_answer_that_took_long_is_no_jump() -> None:
    case = Session()
    case.hear(5000.0, took=30.0)
    assert case.hear(5030.0), "the time passed while the first answer was on its way"


@pytest.mark.anyio
async def test_the_second_miss_is_a_loss_and_coming_back_means_silence() -> None:
    case, session = Session(), None
    session = case.session
    case.hear(5000.0)
    now = case.clock.mono
    session.missed(StoreError("away", lost=True), now)
    assert (session.lost_at, session.ask_at) == (None, now + FIRST_RETRY)
    case.clock.pass_by(0.1)
    for _ in range(7):  # who had asked before the first miss has found the same
        session.missed(StoreError("away", lost=True), now)
    assert (session.lost_at, session.ask_at) == (None, now + FIRST_RETRY)
    session.missed(StoreError("away", lost=True), now + FIRST_RETRY)
    assert (session.lost_at, session.ask_at) == (now + 0.1, now + 0.1 + RETRY)
    assert session.must_rejoin
    await session.rejoin(())
    assert (session.lost_at, session.ask_at) == (None, now + 0.1 + HOLD)
    assert not session.must_rejoin


@pytest.mark.anyio
async def test_one_miss_is_no_loss_neither_at_first_nor_after_a_report() -> None:
    case = Session()
    for _ in range(2):
        case.session.missed(StoreError("away", lost=True), case.clock.mono)
        assert (case.session.lost_at, case.session.ask_at) == (None, case.clock.mono + FIRST_RETRY)
        await case.session.rejoin(())
        case.clock.pass_by(FIRST_RETRY)


def test_who_has_never_heard_of_the_store_says_what_it_assumes(caplog: pytest.LogCaptureFixture) -> None:
    case = Session()
    case.session.sharers = 4
    for _ in range(3):
        case.session.missed(StoreError("away", lost=True), case.clock.mono)
        case.clock.pass_by(RETRY)
    assert [record.getMessage() for record in caplog.records] == [
        "store: lost, and on_store_error is 'degrade': going on with the share of this process "
        "(assumed to be one of 4 clients): away"
    ]


@pytest.mark.anyio
async def test_a_report_of_what_was_left_over_needs_no_silence() -> None:
    case = Session()
    case.hear(5000.0)
    await case.session.rejoin(())
    assert case.session.ask_at < case.clock.mono


def test_who_is_to_raise_raises_the_same_for_a_moment() -> None:
    case = Session(on_error="raise")
    case.hear(5000.0)
    for _ in range(2):
        with pytest.raises(StoreError, match="away"):
            case.session.missed(StoreError("away", lost=True), case.clock.mono)
        with pytest.raises(StoreError, match="away"):
            case.session.check(case.clock.mono)
        case.clock.pass_by(RETRY)
        case.session.check(case.clock.mono)
    assert case.session.lost_at is None


GOOD = Reservation(waits=(0.0, 2.0), reservation_ids=("a", "b"), used=(1.0, 5.0), now=1.7e9, sharers=3)


@pytest.mark.parametrize(
    "odd",
    [
        {"waits": (0.0, nan)},
        {"waits": (-1.0, 0.0)},
        {"waits": (0.0, 3.0)},
        {"waits": (0.0, inf)},
        {"waits": (0.0, None)},
        {"waits": (0.0,)},
        {"reservation_ids": ()},
        {"used": (1.0,)},
        {"used": (1.0, -1.0)},
        {"used": (1.0, nan)},
        {"retry_in": -0.1},
        {"retry_in": nan},
        {"retry_in": "soon"},
        {"now": inf},
        {"sharers": 0},
        {"sharers": 10**9},
    ],
)
def test_an_answer_that_cannot_be_right_is_no_answer(odd: dict[str, Any]) -> None:
    session = Session().session
    session.check_answer(GOOD, 2)
    session.check_answer(Reservation(now=1.0, generation="another"), 2)
    with pytest.raises(StoreError, match="answered what cannot be right: ") as caught:
        session.check_answer(evolve(GOOD, **odd), 2)
    assert caught.value.lost


def test_one_at_a_time_rejoins() -> None:
    session = Session().session
    assert session.begin_rejoin() and not session.begin_rejoin()
    session.end_rejoin()
    assert session.begin_rejoin()
