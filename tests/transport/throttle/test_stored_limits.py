"""Limits that a store keeps, one by one: what this process knows, counts, reports, and does without it."""

from __future__ import annotations

import logging
from collections import deque
from math import inf
from typing import Any

import pytest
from attrs import evolve

from aioemnify.clock import Clock
from aioemnify.errors import StoreError
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.options import Throttling
from aioemnify.stores import LimitRequest, Reservation, UsageReport
from aioemnify.transport.throttle.limits import SLACK, ConcurrencyLimit
from aioemnify.transport.throttle.shared import AHEAD, FIRST_RETRY, HOLD, HORIZON, LATE, RETRY
from aioemnify.transport.throttle.shared.limit import StoredLimit
from aioemnify.transport.throttle.shared.registry import StoreLimitRegistry
from aioemnify.transport.throttle.shared.reserved_slots import ReservedSlots
from aioemnify.transport.throttle.shared.store_session import StoreSession
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow

pytestmark = pytest.mark.anyio

AWAY = StoreError("away", lost=True)
WRONG = StoreError("the address is wrong", lost=False)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class SetClock(Clock):
    mono = 100.0

    def monotonic(self) -> float:
        return self.mono

    def wall(self) -> float:
        return 1.7e9 + self.mono


class Store:
    """Gives the answers that a test has put down, and notes the questions."""

    address = "the-office"

    def __init__(self) -> None:
        self.answers: deque[Any] = deque()
        self.asked: list[tuple[Any, ...]] = []

    async def _answer(self, *question: Any) -> Any:
        self.asked.append(question)
        answer = self.answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def reserve(
        self, limits: tuple[LimitRequest, ...], count: int, horizon: float, generation: str
    ) -> Any:
        return await self._answer("reserve", [limit.key for limit in limits], count, horizon, generation)

    async def cancel(self, limits: tuple[LimitRequest, ...], ids: tuple[str, ...], generation: str) -> Any:
        return await self._answer("cancel", [limit.key for limit in limits], ids, generation)

    async def pause(self, key: str, seconds: float) -> Any:
        return await self._answer("pause", key, seconds)

    async def rejoin(self, generation: str, reports: tuple[UsageReport, ...], *, reset: bool) -> Any:
        return await self._answer("rejoin", generation, reports, reset)


class Process:
    """One process's view: a clock that is set, a store that answers as told, and one limit of each kind."""

    def __init__(self, *, rate: float = 4.0, **options: Any) -> None:
        self.clock, self.store = SetClock(), Store()
        self.session = StoreSession(self.store, self.clock, **options)  # type: ignore[arg-type]
        row = TokenBucket("row", rate=rate, burst=2.0, transit=0.25, jitter=0.0, organisation="7")
        window = SlidingWindow("window", count=4, seconds=10.0, transit=0.25, jitter=0.0)
        ticks = SlidingWindow("ticks", count=3, seconds=2.0, transit=0.25, jitter=0.0, kind="row")
        month = MonthlyQuota("month", count=20, wall_offset=lambda: 1.7e9, organisation="7")
        self.row, self.window, self.month, self.ticks = (
            StoredLimit(limit, f"key of {limit.name}", self.session) for limit in (row, window, month, ticks)
        )
        limits = {limit.key: limit for limit in (self.row, self.window, self.month)}
        self.slots = ReservedSlots(tuple(limits.values()), self.session, limits, 0.2)

    def answer(self, *waits: float, used: tuple[float, ...] = (0, 0, 0), **other: Any) -> Reservation:
        ids = tuple(f"id {number}" for number, _ in enumerate(waits))
        shown = {"now": 5000.0 + self.clock.mono, "generation": "first", **other}
        return Reservation(waits=waits, reservation_ids=ids, used=used, **shown)

    async def ask(self, *answers: Any, waiting: int = 1) -> tuple[Any, ...]:
        """Have the slots ask the store, and return the last question."""
        self.store.answers.extend(answers)
        await self.slots.reserve(waiting)
        assert not self.store.answers
        return self.store.asked[-1]


def test_each_kind_is_asked_for_as_what_it_is() -> None:
    process = Process()
    assert process.row.limit_request(100.0) == LimitRequest("key of row", "bucket", rate=4.0, burst=2.0)
    assert process.window.limit_request(100.0) == LimitRequest(
        "key of window", "window", count=4, seconds=10.0
    )
    assert process.month.limit_request(100.0) == LimitRequest("key of month", "month", count=20)
    process.row.lower(100.0)
    assert process.row.limit_request(100.0).rate == process.row.rate_now(100.0) == pytest.approx(3.2)
    assert process.window.rate_now(100.0) is None


def test_it_stands_for_the_limit_of_the_server() -> None:
    process = Process()
    shown = [
        (limit.name, limit.kind, limit.organisation, limit.capacity, limit.rate)
        for limit in (process.row, process.window, process.month, process.ticks)
    ]
    assert shown == [
        ("row", "row", "7", 2.0, 4.0),
        ("window", "ip", "", 4, inf),
        ("month", "quota", "7", 20, inf),
        ("ticks", "row", "", 3, 1.5),
    ]
    assert process.row.in_flight(100.0) == 0


@pytest.mark.parametrize(
    ("name", "known", "now", "used", "ahead", "soonest"),
    [
        ("row", 0.0, 101.0, 0.0, 0, 101.0),
        ("row", 0.0, 101.0, 0.0, 3, 101.5),
        ("row", 2.0, 100.0, 2.0, 0, 100.25),
        ("row", 2.0, 100.25, 1.0, 0, 100.25),
        ("row", 2.0, 100.25, 1.0, 4, 101.25),
        ("row", 2.0, 107.0, 0.0, 1, 107.0),
        ("window", 4.0, 101.0, 4.0, 0, 101.0),
        ("window", 4.0, 101.0, 4.0, 3, 101.0),
        ("window", 4.0, 101.0, 4.0, 4, 111.0),
        ("window", 4.0, 101.0, 4.0, 8, 121.0),
        ("window", 3.0, 101.0, 3.0, 5, 111.0),
        ("window", 4.0, 109.5, 4.0, 0, 109.5),
        ("window", 4.0, 110.0, 0.0, 3, 110.0),
        ("window", 4.0, 110.0, 0.0, 8, 120.0),
        ("month", 19.0, 101.0, 19.0, 0, 101.0),
        ("month", 20.0, 1e6, 20.0, 50, 1e6),
    ],
)
def test_what_all_sharers_use_as_the_store_last_said(
    name: str, known: float, now: float, used: float, ahead: int, soonest: float
) -> None:
    limit: StoredLimit = getattr(Process(), name)
    limit.heard(known, 100.0)
    assert limit.used(now) == used
    assert limit.soonest(now, ahead) == pytest.approx(soonest)
    assert ahead or limit.soonest(now) == pytest.approx(soonest)
    limit.pause(now, now + 1e6)
    assert limit.ready(now) == limit.soonest(now, ahead) == now + 1e6 and not limit.free(now)


def test_before_the_store_has_said_anything_nothing_is_used() -> None:
    process = Process()
    for limit in (process.row, process.window, process.month):
        assert (limit.used(100.0), limit.soonest(100.0), limit.ready(100.0)) == (0.0, 100.0, 100.0)
        limit.take(100.0)
        limit.give_back(100.0)
        assert limit.used(100.0) == 0.0, "it was counted when the slot was reserved"


def test_a_month_that_the_store_has_ended_is_over_until_it_is_asked_again() -> None:
    month = Process().month
    month.exhausted(160.0)
    assert (month.used(101.0), month.ready(101.0), month.soonest(101.0)) == (20, 160.0, 160.0)
    month.heard(3.0, 102.0)
    assert (month.used(102.0), month.ready(102.0)) == (3.0, 102.0)


def test_the_count_of_a_month_ends_with_it() -> None:
    """An idle process that rejoined in November set the count of October for November."""
    process = Process()
    month = process.month
    month.heard(19.0, 100.0)
    process.clock.mono += 20 * 86400.0
    now = process.clock.mono
    assert month.used(now) == 0 and month.report(now).known_used == 0
    assert month.share_free_at(now) == now
    month.exhausted(now + 60.0)
    assert month.used(now) == month.report(now).known_used == 20
    process.clock.mono += 32 * 86400.0
    assert month.used(process.clock.mono) == 0


def test_a_copy_is_as_full_as_the_limit_and_empties_by_itself() -> None:
    process = Process()
    process.row.heard(1.5, 100.0)
    process.window.heard(3.0, 100.0)
    process.month.heard(3.0, 100.0)
    process.row.pause(100.0, 103.0)
    row, window, month = (limit.local_copy() for limit in (process.row, process.window, process.month))
    assert (row.used(100.0), row.used(100.25), row.paused_until) == (2.0, 1.0, 103.0)
    assert (window.used(105.0), window.used(111.0), window.paused_until) == (3, 0, -inf)
    assert month.used(105.0) == 3
    row.take(100.25)
    assert process.row.used(100.25) == 0.5, "the limit itself is left alone"


@pytest.mark.parametrize(
    ("until", "asked"), [(103.0, [("pause", "key of row", 3.0)]), (100.0, []), (99.0, [])]
)
async def test_a_pause_is_sent_for_as_long_as_it_lasts(until: float, asked: list[Any]) -> None:
    process = Process()
    process.store.answers.append(None)
    process.row.pause(90.0, until)
    await process.row.send_pause(100.0)
    assert process.store.asked == asked


def test_what_a_window_reports() -> None:
    window = Process().window
    window.heard(2.5, 100.0)
    for at in (89.0, 90.0, 95.0, 99.0):
        window.count(at, stored=True)
    assert not window.has_unreported
    for at in (90.0, 96.0, 98.0):
        window.count(at, stored=False)
    window.uncount(95.0, stored=True)
    window.uncount(98.0, stored=False)
    window.uncount(98.0, stored=False)
    window.uncount(98.0, stored=True)
    assert window.has_unreported
    report = window.report(100.0)
    assert report == UsageReport(
        window.limit_request(100.0), reported=(1.0,), unreported=(4.0,), known_used=2.5
    )
    window.count(99.5, stored=False)
    window.confirm(report)
    assert window.report(100.0).reported == (1.0, 4.0) and window.report(100.0).unreported == (0.5,)
    window.confirm(window.report(100.0))
    assert not window.has_unreported


def test_what_a_month_and_a_row_report() -> None:
    process = Process()
    month, row = process.month, process.row
    month.heard(7.0, 100.0)
    month.count(100.0, stored=True)
    month.uncount(100.0, stored=True)
    assert not month.has_unreported
    for at in (100.0, 101.0, 102.0):
        month.count(at, stored=False)
        row.count(at, stored=False)
    month.uncount(100.0, stored=False)
    month.uncount(100.0, stored=True)
    row.uncount(100.0, stored=False)
    assert month.has_unreported and not row.has_unreported
    report = month.report(103.0)
    assert report == UsageReport(month.limit_request(103.0), known_used=7.0, unreported_calls=2)
    month.count(103.0, stored=False)
    month.confirm(report)
    assert month.report(103.0).unreported_calls == 1
    assert row.report(103.0) == UsageReport(row.limit_request(103.0))


def test_a_long_job_keeps_no_uses_that_no_window_holds_any_more() -> None:
    window = Process().window
    for at in range(100):
        window.count(float(at), stored=True)
    assert window.report(99.0).reported == tuple(float(age) for age in range(9, -1, -1))


def test_the_share_of_a_month_is_what_is_left_of_all() -> None:
    month = Process().month
    month.heard(18.0, 100.0)
    month.count(100.0, stored=False)
    assert month.share_free_at(101.0) == 101.0
    month.count(100.0, stored=False)
    assert month.share_free_at(101.0) == inf


def test_the_share_of_a_window_is_its_part_of_what_was_left() -> None:
    process = Process()
    process.session.sharers = 2
    window = process.window
    window.heard(1.0, 100.0)
    # 95 % of 4 are thought to be left, 1 of them used: 1 for each of two.
    assert window.share_free_at(101.0) == 101.0
    window.take_share(101.0)
    assert window.share_free_at(101.0) == pytest.approx(110.0)
    window.take_share(110.0)
    assert window.share_free_at(110.0) == 111.0 + SLACK
    window.heard(1.0, 111.0)
    assert window.share_free_at(112.0) == 112.0, "the store knows them now"


@pytest.mark.parametrize(("name", "turn"), [("row", 0.5), ("ticks", 2 / 1.5)])
def test_the_share_of_a_row_is_one_slot_a_turn(
    name: str, turn: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: 0.25)
    process = Process()
    process.session.sharers = 2
    row: StoredLimit = getattr(process, name)
    # While the store is not lost, nothing is known of a beginning.
    assert row.share_free_at(101.0) == 101.0
    process.session.lost_at = 101.0
    # An idle process begins somewhere within a turn.
    assert row.share_free_at(101.0) == pytest.approx(101.0 + 0.75 * turn)
    row.reserved(102.0)
    row.reserved(100.0)
    assert row.share_free_at(101.0) == pytest.approx(102.0 + turn)
    row.take_share(103.0)
    assert row.share_free_at(101.0) == pytest.approx(103.0 + turn)
    assert row.share_free_at(110.0) == 110.0
    row.pause(101.0, 120.0)
    assert row.share_free_at(110.0) == 120.0


def test_a_lowered_rate_makes_the_turns_longer() -> None:
    process = Process()
    process.row.lower(100.0)
    process.row.reserved(100.0)
    assert process.row.share_free_at(100.0) == pytest.approx(100.0 + 1 / 3.2)


def test_slots_are_named_after_their_limits_and_empty_at_first() -> None:
    slots = Process().slots
    assert (slots.name, slots.kind, slots.organisation) == ("store: row + window + month", "store", "7")
    assert (slots.used(100.0), slots.free(100.0), slots.ready(100.0), slots.soonest(100.0)) == (
        0,
        False,
        inf,
        100.0,
    )
    assert slots.needs_reservation(100.0)
    slots.sent(100.0)
    slots.give_back(100.0)
    assert slots.used(100.0) == 0


@pytest.mark.parametrize(
    ("rate", "sharers", "capacity"), [(100.0, 1, 20), (100.0, 3, 6), (4.0, 1, 1), (100.0, 30, 1)]
)
def test_how_many_slots_a_process_asks_for(rate: float, sharers: int, capacity: int) -> None:
    process = Process(rate=rate)
    process.session.sharers = sharers
    assert process.slots.capacity == capacity
    without = ReservedSlots((process.window,), process.session, {}, 0.2)
    assert without.capacity == 10 // sharers or 1
    assert AHEAD == 0.2


async def test_slots_are_used_in_order_and_each_at_its_time() -> None:
    process = Process(rate=100.0)
    question = await process.ask(process.answer(0.0, 0.5, 0.75, used=(1.0, 3.0, 17.0), sharers=2), waiting=9)
    assert question == ("reserve", ["key of row", "key of window", "key of month"], 9, HORIZON, "")
    slots = process.slots
    assert (slots.used(100.0), slots.free(100.0), slots.ready(100.0)) == (3, True, 100.0)
    assert [limit.used(100.0) for limit in (process.row, process.window, process.month)] == [1.0, 3.0, 17.0]
    slots.take(100.0)
    assert (slots.used(100.0), slots.free(100.0), slots.ready(100.0)) == (2, False, 100.5)
    assert (slots.soonest(100.0), slots.needs_reservation(100.0)) == (100.0, False)
    assert slots.free(100.5)
    slots.sent(100.0)
    slots.give_back(100.0)
    assert slots.used(100.0) == 2, "it was used for good"
    assert process.window.report(100.0).reported == (0.0,)
    assert (await process.ask(process.answer(0.0)))[-1] == "first"


async def test_a_slot_that_comes_back_is_the_next() -> None:
    process = Process(rate=100.0)
    await process.ask(process.answer(0.0, 0.01))
    slots = process.slots
    slots.take(100.0)
    slots.take(100.01)
    slots.give_back(100.02)
    assert (slots.used(100.02), process.window.report(100.02).reported) == (1, (pytest.approx(0.01),))
    assert (slots.used(100.0 + LATE), slots.used(100.001 + LATE)) == (1, 0)
    slots.give_back(100.001 + LATE)
    assert process.window.report(100.02).reported == ()
    # What is too old is cancelled when the store is asked again.
    assert slots.used(101.0) == 0
    await process.ask(None, process.answer(0.0))
    assert process.store.asked[-2] == (
        "cancel", ["key of row", "key of window", "key of month"], ("id 0", "id 1"), "first",
    )  # fmt: skip
    await process.ask(process.answer(0.0))
    assert [question[0] for question in process.store.asked].count("cancel") == 1


async def test_who_got_no_slot_asks_again_when_the_store_says() -> None:
    process = Process()
    await process.ask(process.answer(retry_in=0.75, used=(2.0, 0, 0)))
    slots = process.slots
    assert not slots.needs_reservation(100.5) and slots.needs_reservation(100.75)
    assert (slots.ready(100.5), slots.soonest(100.5), slots.ready(100.75)) == (100.75, 100.75, inf)
    await process.ask(process.answer(retry_in=60.0, exhausted="key of month"))
    assert [limit.ready(100.0) for limit in (process.row, process.window, process.month)] == [
        100.0,
        100.0,
        160.0,
    ]


async def test_the_first_question_is_for_one_and_each_further_one_for_one_more() -> None:
    process = Process(rate=15.0)
    counts = [(await process.ask(process.answer(retry_in=0.0), waiting=9))[2] for _ in range(4)]
    assert counts == [3, 3, 3, 3], "as many as a process may ask for"
    await process.ask(process.answer(0.0, 0.0), waiting=9)
    assert process.slots.used(101.0) == 0
    counts = [(await process.ask(*([None] * first), process.answer(), waiting=9))[2] for first in (1, 0, 0)]
    assert counts == [2, 3, 3], "two passed by, and each halved it"
    assert (await process.ask(process.answer(), waiting=0))[2] == 1


async def test_a_store_that_is_missed_once_is_asked_again_soon_and_nothing_is_sent() -> None:
    process = Process()
    await process.ask(process.answer())
    await process.ask(AWAY)
    slots = process.slots
    assert (slots.used(100.0), slots.ready(100.0)) == (0, 100.0 + FIRST_RETRY)
    assert process.session.lost_at is None
    await process.ask()
    assert len(process.store.asked) == 2, "not before that"
    assert slots.ready(100.0) == 100.0 + FIRST_RETRY


async def test_without_its_store_a_process_sends_its_share(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: 1.0)
    process = Process()
    await process.ask(process.answer(0.0, used=(0, 0, 18.0), sharers=1))
    slots = process.slots
    slots.take(100.0)
    slots.sent(100.0)
    await process.ask(AWAY)
    process.clock.mono += FIRST_RETRY
    await process.ask(AWAY)
    assert process.session.lost_at == 100.25 and process.session.must_rejoin
    # Its last slot was a turn ago; the next comes within the second in which the store is not asked.
    assert [slots.used(100.25), slots.ready(100.25)] == [1, 100.25]
    slots.take(100.25)
    slots.sent(100.25)
    assert slots.needs_reservation(100.25)
    await process.ask()
    assert slots.ready(100.25) == 100.5
    slots.take(100.5)
    slots.give_back(100.5)
    assert slots.used(100.5) == 1
    assert process.window.has_unreported
    # Too late, it is not cancelled in the store, which does not know it.
    process.clock.mono += RETRY
    await process.ask("second", waiting=9)
    _, generation, reports, reset = process.store.asked[-1]
    assert (generation, reset) == ("first", False)
    told = [(report.reported, report.unreported, report.unreported_calls) for report in reports]
    assert told == [((), (), 0), ((1.25,), (1.0,), 0), ((), (), 1)]
    assert process.session.generation == "second" and process.session.lost_at is None
    assert slots.ready(101.25) == 101.25 + HOLD and not process.window.has_unreported
    assert [record.getMessage() for record in caplog.records] == [
        "store: lost, and on_store_error is 'degrade': going on with the share of this process "
        "(one of 1 clients): away",
    ]
    process.clock.mono += HOLD
    assert (await process.ask(process.answer(0.0, generation="second")))[-1] == "second"
    assert [record.getMessage() for record in caplog.records[1:]] == [
        "store: back, and shared with the other clients again",
    ]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


async def test_a_store_that_has_never_worked_and_cannot_by_itself_is_raised() -> None:
    process = Process()
    for _ in range(2):
        with pytest.raises(StoreError, match="address is wrong"):
            await process.ask(WRONG)
        with pytest.raises(StoreError, match="address is wrong"):
            await process.ask()
        process.clock.mono += RETRY
    assert len(process.store.asked) == 2, "not every waiter finds out by itself"
    await process.ask(AWAY)
    await process.ask(process.answer(0.0)) if process.session.ask_at <= process.clock.mono else None
    assert process.session.lost_at is not None


async def test_a_slot_that_came_back_is_there_though_the_store_has_no_other() -> None:
    process = Process()
    await process.ask(process.answer(0.0))
    process.slots.take(100.0)
    await process.ask(process.answer(retry_in=0.75))
    process.slots.give_back(100.0)
    assert (process.slots.soonest(100.0), process.slots.ready(100.0)) == (100.0, 100.0)


async def test_the_share_goes_on_from_the_last_slot_of_the_store() -> None:
    process = Process()
    await process.ask(process.answer(0.0, 0.5))
    assert process.row.share_free_at(100.0) == 100.75


async def test_no_slot_of_the_share_lies_beyond_the_next_question() -> None:
    process = Process(rate=1.0)
    await process.ask(process.answer(0.0))
    await process.ask(AWAY)
    process.clock.mono += FIRST_RETRY
    process.row.reserved(process.clock.mono)
    await process.ask(AWAY)
    assert process.row.share_free_at(100.25) == 101.25 == process.session.ask_at
    assert (process.slots.used(100.25), process.slots.ready(100.25)) == (0, 101.25)


async def test_one_slot_that_passes_by_halves_what_is_asked_for() -> None:
    process = Process(rate=100.0)
    await process.ask(process.answer(0.0), waiting=99)
    assert process.slots.used(101.0) == 0
    assert (await process.ask(None, process.answer(), waiting=99))[2] == 11


async def test_while_another_path_rejoins_nothing_is_asked_and_one_looks_again_soon() -> None:
    process = Process()
    assert process.session.begin_rejoin()
    process.session.must_rejoin = True
    await process.slots.reserve(1)
    assert not process.store.asked
    assert process.slots.ready(100.0) == 100.0 + FIRST_RETRY / 5
    process.session.end_rejoin()
    process.clock.mono = 101.0
    assert (await process.ask("first"))[0] == "rejoin"


async def test_a_store_that_has_another_generation_is_told_at_once() -> None:
    process = Process()
    await process.ask(process.answer(0.0))
    question = await process.ask(process.answer(generation="second"), "second")
    reports = tuple(limit.report(100.0) for limit in (process.row, process.window, process.month))
    assert question == ("rejoin", "first", reports, False)
    assert process.slots.ready(101.0) == 100.0 + HOLD


async def test_what_one_miss_left_unreported_is_told_before_the_next_question() -> None:
    process = Process()
    await process.ask(process.answer())
    await process.ask(AWAY)
    process.window.count(100.0, stored=False)
    process.clock.mono = 100.0 + FIRST_RETRY
    assert (await process.ask("first"))[0] == "rejoin"
    assert process.slots.needs_reservation(process.clock.mono), "there is nothing to wait for"
    assert (await process.ask(process.answer(0.0)))[0] == "reserve"


@pytest.mark.parametrize("broken", [{"used": (1.0,)}, {"reservation_ids": ()}])
async def test_an_answer_that_does_not_fit_the_question_is_not_used(broken: dict[str, Any]) -> None:
    process = Process()
    for lost in (False, True):
        await process.ask(evolve(process.answer(0.0), **broken))
        # Once the store counts as lost, there is a slot of the process's own share.
        assert process.slots.used(100.0) == lost and (process.session.lost_at is not None) is lost
        process.clock.mono += FIRST_RETRY


class Registry:
    """The limits of calls, kept in a store."""

    def __init__(self, **settings: Any) -> None:
        self.process = Process()
        table = LimitTable(
            rows=(
                RowLimit(id="sim", method="GET", path="/api/sim", rate=10, burst=5),
                RowLimit(id="one", method="GET", path="/api/sim/{id}", rate=10, burst=5),
            ),
            windows=(
                WindowLimit(id="general", method="*", path="/*", count=20, seconds=300.0),
                WindowLimit(id="login", method="POST", path="/login", count=4, seconds=300.0),
            ),
            month=MonthLimit(id="month", count=1000),
        )
        self.registry = StoreLimitRegistry(
            table,
            session=self.process.session,
            server="https://s",
            throttling=Throttling(**settings),
            paths=("/api/sim/{id}", "/api/sim/status"),
        )

    def of_call(self, organisation: str = "7", path: str = "/api/sim", **keep: bool) -> Any:
        return self.registry.of_call(organisation, "GET", path, "sim", **keep)


def test_the_limits_that_the_server_has_are_kept_in_the_store() -> None:
    case = Registry()
    lane, *stored, slots = case.of_call()
    assert isinstance(lane, ConcurrencyLimit) and isinstance(slots, ReservedSlots)
    assert [limit.key for limit in stored] == [
        "row:https://s:7:GET /api/sim",
        "ip:https://s:the-office:general",
        "quota:https://s:7:month",
    ]
    assert slots.name == "store: GET /api/sim + general + month"
    assert case.of_call() == (lane, *stored, slots)
    other = case.of_call("8")
    assert other[2] is stored[1] and other[1] is not stored[0] and other[-1] is not slots
    assert [limit.name for limit in case.registry.all()] == [
        "GET /api/sim", "GET /api/sim", "general", "login", "month", "month", "lane sim", "lane sim",
    ]  # fmt: skip
    assert set(stored) <= set(case.registry.all())


@pytest.mark.parametrize(("literal_ids", "kinds"), [(True, ["row", "ip"]), (False, ["ip"])])
def test_whether_literal_paths_count_as_ids(literal_ids: bool, kinds: list[str]) -> None:
    case = Registry(literal_ids=literal_ids)
    found = case.of_call(path="/api/sim/status")
    assert [limit.kind for limit in found if limit.kind in ("row", "ip")] == kinds
    assert case.of_call(path="/api/sim/42")[1].name == "GET /api/sim/{id}"


def test_without_limits_of_the_server_there_is_nothing_to_reserve() -> None:
    case = Registry()
    bare = StoreLimitRegistry(
        None, session=case.process.session, server="s", throttling=Throttling(), paths=()
    )
    assert [limit.kind for limit in bare.of_call("7", "GET", "/x", "sim")] == ["lane"]


@pytest.mark.parametrize(
    ("settings", "burst", "seconds"),
    [({}, 3.0, 300.2), ({"jitter": 0.0}, 5.0, 300.0), ({"jitter": 0.1}, 4.0, 300.1)],
)
def test_a_store_is_asked_with_a_margin(settings: dict[str, float], burst: float, seconds: float) -> None:
    _, row, window, *_ = Registry(**settings).of_call()
    assert (row.limit_request(100.0).burst, window.limit_request(100.0).seconds) == (burst, seconds)


async def test_who_only_looks_sees_the_use_and_leaves_nothing() -> None:
    case = Registry()
    _, row, *_ = case.of_call()
    row.heard(2.0, 100.0)
    lane, *looked = case.of_call(keep=False)
    assert isinstance(lane, ConcurrencyLimit)
    assert [limit.used(100.0) for limit in looked] == [2.0, 0, 0]
    assert not any(isinstance(limit, StoredLimit) for limit in looked)
    assert len(case.of_call("8", keep=False)) == 4
    assert [limit.organisation for limit in case.registry.all()] == ["7", "", "", "7", "7"]
    case.of_call()[1].heard(1.0, 100.0)
    assert row.used(100.0) == 1.0, "it is still the one"
    case.process.session.must_rejoin = True
    case.process.store.answers.append("second")
    await case.of_call()[-1].reserve(1)
    row.pause(100.0, 101.0)
    case.process.store.answers.append(None)
    await row.send_pause(100.0)
    (_, _, reports, _), pause = case.process.store.asked
    assert pause == ("pause", row.key, 1.0)
    assert len(reports) == 3, "of the limits that a call has met"
