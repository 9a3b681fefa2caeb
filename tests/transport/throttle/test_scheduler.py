"""The scheduler step by step: who is woken, who owns a timer, and what is due when."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest

from aioemnify.errors import StoreError
from aioemnify.transport.throttle.grant import Admission, Grant
from aioemnify.transport.throttle.limits import SLACK, Limit, LimitKind
from aioemnify.transport.throttle.scheduler import (
    ASK_EVERY,
    LANDED_WITHIN,
    RESERVE_WITHIN,
    Scheduler,
)
from aioemnify.transport.throttle.wait_queue import (
    ANSWER_WITHIN,
    GONE_AFTER,
    STALE_ENTRIES,
    StoreQuestion,
    Waiter,
)


class Told(Limit):
    """A limit with so many slots now, and more at a moment that a test sets."""

    def __init__(self, slots: int = 0, ready: float = inf, *, kind: LimitKind = "row") -> None:
        super().__init__("told", kind, organisation="")
        self.slots, self.at = slots, ready
        self.needs = kind == "store"
        self.over = 0

    def free(self, now: float) -> bool:
        return now >= 99.0 and self.slots > 0

    def ready(self, now: float) -> float:
        return now if self.slots else self.at

    def soonest(self, now: float, ahead: int = 0) -> float:
        return now if self.at == inf else self.at

    def needs_reservation(self, now: float) -> bool:
        return now >= 99.0 and self.needs and not self.slots

    def take(self, now: float) -> None:
        assert now >= 99.0
        self.slots -= 1

    def give_back(self, now: float) -> None:
        assert now >= 99.0
        self.slots += 1

    def ended(self, now: float) -> None:
        assert now >= 99.0
        self.over += 1


ADMISSION: Admission = ((), inf, None, "normal", 0, None, None)


def grant_of(*limits: Limit, loop: object = "loop", **other: Any) -> Grant:
    return Grant(None, limits, 0, loop, inf, None, ADMISSION, **other)  # type: ignore[arg-type]


class Case:
    """A scheduler whose waiting calls are looked at from outside. Loops are but names."""

    def __init__(self, floor: float = 0.0) -> None:
        self.scheduler = Scheduler(floor)
        self.turns = 0

    def join(self, *limits: Limit, now: float = 100.0, loop: object = "loop", **other: Any) -> Waiter:
        self.turns += 1
        deadline = other.pop("deadline", inf)
        rank = other.pop("rank", 1)
        waiter = Waiter(limits, rank, self.turns, deadline, None, None, loop, ADMISSION)
        self.scheduler.join(waiter, now)
        return waiter

    def grant(self, *limits: Limit, now: float = 100.0, loop: object = "loop") -> Grant:
        grant = grant_of(*limits, loop=loop)
        self.scheduler.open(grant, now)
        return grant

    def ask(self, waiter: Waiter, now: float = 100.0) -> StoreQuestion:
        question = self.scheduler.begin_reservation(waiter, now)
        assert question is not None and self.scheduler.asked[question.limit] is question
        return question

    def due(self, limit: Limit) -> float:
        return self.scheduler.limit_queues[limit].due

    def woken(self) -> list[Any]:
        """Return which waiters' events and which loops were to be woken since."""
        woken, self.scheduler.woken = self.scheduler.woken, []
        return [event or loop for loop, event in woken]


def test_the_first_who_waits_owns_the_timer_for_all() -> None:
    case, limit = Case(), Told(ready=105.0)
    first, second = case.join(limit), case.join(limit, deadline=103.0)
    assert (limit.waiting, case.due(limit)) == (1, 105.0)
    assert (first.until, second.until) == (105.0, 103.0)
    assert (first.since, case.woken()) == (100.0, [first.event])
    late = case.join(Told(ready=110.0), deadline=108.0)
    assert late.until == 108.0
    early = Told(ready=102.0)
    case.join(early)
    assert case.woken() == [first.event], "its timer is too late now"
    assert not case.scheduler.look(first, 100.0) and first.until == 102.0


def test_slots_are_handed_out_when_they_are_due_and_counted_when_they_are_collected() -> None:
    case, limit = Case(), Told(ready=105.0)
    first, second, third = (case.join(limit, now=now) for now in (100.0, 101.0, 102.0))
    assert not case.scheduler.look(first, 104.0)
    case.woken()
    limit.slots, limit.at = 2, 109.0
    assert case.scheduler.look(first, 105.0)
    assert case.scheduler.loops["loop"].silent_since == 105.0, "another has slots to collect"
    assert (limit.slots, case.due(limit)) == (0, 109.0)
    assert case.woken() == [first.event, second.event, third.event], "two have slots, and one the timer"
    assert (case.scheduler.waits, case.scheduler.waited) == (1, 5.0)
    assert case.scheduler.look(second, 106.0)
    assert case.scheduler.loops["loop"].silent_since == inf
    assert (case.scheduler.waits, case.scheduler.waited) == (2, 10.0)
    assert not case.scheduler.look(third, 106.0) and third.until == 109.0
    case.scheduler.leave(third, 107.0)
    assert not (case.scheduler.queues or case.scheduler.limit_queues or limit.waiting)
    assert (case.scheduler.waits, case.scheduler.waited) == (2, 10.0)


def test_an_event_that_was_set_is_a_new_one_for_the_next_wait() -> None:
    case, limit = Case(), Told(ready=105.0)
    waiter = case.join(limit)
    event = waiter.event
    assert not case.scheduler.look(waiter, 101.0) and waiter.event is event
    event.set()
    assert not case.scheduler.look(waiter, 102.0) and not waiter.event.is_set()


def test_who_leaves_with_slots_gives_them_to_the_next() -> None:
    case, limit = Case(), Told()
    first, second = case.join(limit), case.join(limit)
    limit.slots = 1
    case.scheduler.serve(limit, 101.0)
    assert (case.woken(), limit.slots) == ([first.event], 0)
    case.scheduler.leave(first, 101.0)
    assert (case.woken(), limit.slots) == ([second.event], 0)
    case.scheduler.leave(second, 101.0)
    assert limit.slots == 1 and case.scheduler.waits == 0
    case.scheduler.leave(second, 101.0)
    assert limit.slots == 1, "once"


def test_a_queue_stands_behind_the_limit_that_holds_it_up_longest() -> None:
    case, short, long = Case(), Told(ready=105.0), Told(ready=110.0)
    waiter = case.join(short, long)
    assert (short.waiting, long.waiting, waiter.until) == (0, 1, 110.0)
    long.slots = 1
    case.scheduler.serve(long, 101.0)
    assert (short.waiting, long.waiting, long.slots) == (1, 0, 1)
    assert case.due(short) == 105.0 and long not in case.scheduler.limit_queues
    short.slots = 1
    assert case.scheduler.look(waiter, 105.0)
    assert (short.slots, long.slots) == (0, 0)


def test_only_an_answer_looks_where_the_moment_is_known() -> None:
    case, known, unknown, idle = Case(), Told(ready=105.0), Told(), Told(slots=1)
    first, second = case.join(known), case.join(unknown)
    case.woken()
    known.at = unknown.at = 103.0
    case.scheduler.changed((known, idle), 101.0)
    assert case.due(known) == 105.0 and case.woken() == []
    case.scheduler.changed((known, unknown, idle), 101.0)
    assert (case.due(known), case.due(unknown), case.woken()) == (105.0, 103.0, [first.event])
    known.at = 102.0
    case.scheduler.changed((known,), 101.0, answered=True)
    assert (case.due(known), case.woken()) == (102.0, [first.event])
    known.slots = unknown.slots = 1
    case.scheduler.changed((known, unknown), 101.0, answered=True)
    assert case.woken() == [first.event, second.event]


def test_a_moment_that_differs_by_a_sum_of_floats_moves_no_timer() -> None:
    case, limit = Case(), Told(ready=105.0)
    waiter = case.join(limit)
    case.woken()
    limit.at = 105.0 - SLACK / 2
    case.scheduler.changed((limit,), 101.0, answered=True)
    assert (case.due(limit), case.woken()) == (105.0, [])
    limit.at = 105.0 - 2 * SLACK
    case.scheduler.changed((limit,), 101.0, answered=True)
    assert case.woken() == [waiter.event]


def test_what_is_due_at_once_is_due_a_moment_later() -> None:
    case, limit = Case(), Told(ready=90.0)
    case.join(limit)
    assert case.due(limit) == 100.0 + SLACK


def test_moments_that_have_changed_are_not_kept_for_ever() -> None:
    case, limit, other = Case(), Told(ready=200.0), Told(ready=150.0)
    waiter, last = case.join(limit), case.join(other)
    for turn in range(3 * STALE_ENTRIES):
        limit.at = 300.0 + turn
        case.scheduler.changed((limit,), 100.0, answered=True)
        assert len(case.scheduler.due_times) <= STALE_ENTRIES + 4 * 2
    limit.slots = other.slots = 1
    assert not case.scheduler.look(waiter, 149.0)
    assert not case.scheduler.look(waiter, 150.0) and case.scheduler.look(last, 150.0)
    assert case.scheduler.look(waiter, limit.at)


def test_who_is_due_of_several_limits_is_served_in_time_only() -> None:
    case, free, full = Case(), Told(), Told()
    first, _ = case.join(free), case.join(full)
    free.slots = 1
    case.scheduler.serve_due((full, free, Told(slots=1)), 101.0)
    assert case.woken() == [first.event]


def test_nobody_waits_for_the_next_month() -> None:
    case, month = Case(), Told(kind="quota")
    first = case.join(month)
    assert case.woken() == [first.event], "it looks, and gives up"


def test_a_grant_is_counted_until_it_is_over() -> None:
    case, limit = Case(), Told()
    grant = case.grant(limit)
    timers = case.scheduler.loops["loop"]
    assert case.scheduler.calls == 1 and list(timers.grants) == [grant]
    grant.sent_at = 100.0
    case.scheduler.close(grant, 101.0)
    assert (case.scheduler.calls, limit.over, limit.slots, timers.idle) == (1, 1, 0, True)
    unsent = case.grant(limit)
    waiter = case.join(limit)
    case.scheduler.close(unsent, 102.0)
    assert (case.scheduler.calls, limit.over) == (1, 1)
    assert case.woken() == [waiter.event], "its slot is the next one's"


def test_a_grant_that_is_sent_after_its_slots_were_taken_back_counts_beside_the_others() -> None:
    case, row, lane, store, more = (
        Case(),
        Told(slots=1),
        Told(),
        Told(kind="store"),
        Told(slots=1, kind="store"),
    )
    grant = grant_of(row, lane, store, more, loop="loop", revoked=True)
    case.scheduler.retake(grant, 100.0)
    assert [limit.slots for limit in (row, lane, store, more)] == [0, -1, -1, 0]
    assert (grant.revoked, case.scheduler.calls) == (False, 1)


def test_one_asks_a_store_for_all() -> None:
    case, store = Case(), Told(kind="store")
    first, second = case.join(store), case.join(store)
    assert (first.reserves, second.reserves, case.woken()) == (store, None, [first.event])
    assert not case.scheduler.look(first, 100.0)
    question = case.scheduler.begin_reservation(first, 100.0)
    assert question is not None and case.scheduler.asked == {store: question}
    assert (question.limit, question.waiting, question.loop) == (store, 2, "loop")
    assert question.until == case.due(store) == 100.0 + RESERVE_WITHIN
    assert (first.reserves, second.reserves) == (None, None)
    store.slots = 1
    case.scheduler.end_reservation(question, 101.0)
    assert case.scheduler.asked == {} and store.slots == 0
    assert case.scheduler.look(first, 101.0)
    assert second.reserves is store, "there were not enough"


def test_an_error_of_a_store_is_for_all_in_line() -> None:
    case, store = Case(), Told(kind="store")
    waiters = [case.join(store, rank=rank) for rank in (1, 0, 2)]
    question = case.scheduler.begin_reservation(waiters[0], 100.0)
    assert question is not None
    question.error = StoreError("away", lost=True)
    case.woken()
    case.scheduler.end_reservation(question, 101.0)
    assert [str(waiter.error) for waiter in waiters] == ["away"] * 3
    assert len({id(waiter.error) for waiter in waiters}) == 3, "each raises its own"
    assert set(case.woken()) == {waiter.event for waiter in waiters}
    assert not (case.scheduler.queues or case.scheduler.limit_queues or store.waiting)
    case.scheduler.end_reservation(question, 102.0)


def test_an_answer_wakes_those_who_wait_in_vain() -> None:
    case, store, month = Case(), Told(kind="store"), Told(slots=9, kind="quota")
    hasty, patient = case.join(store, deadline=150.0), case.join(store, deadline=170.0)
    of_month = case.join(store, month)
    question = case.ask(hasty)
    store.at, store.needs = 160.0, False
    case.woken()
    case.scheduler.end_reservation(question, 101.0)
    assert set(case.woken()) == {hasty.event}, "its deadline is before the store has a slot"
    month.slots = 0
    case.scheduler.end_reservation(question, 102.0)
    woken = case.woken()
    assert of_month.event in woken and patient.event not in woken


def test_a_store_that_is_asked_is_not_asked_again_for_those_who_come_when_all_had_left() -> None:
    case, store = Case(), Told(kind="store")
    first = case.join(store)
    question = case.ask(first)
    case.scheduler.leave(first, 101.0)
    assert case.scheduler.limit_queues == {}
    second = case.join(store, now=102.0)
    assert second.reserves is None and case.due(store) == question.until
    store.slots = 1
    case.scheduler.end_reservation(question, 103.0)
    assert case.scheduler.look(second, 103.0)


def test_who_was_to_ask_and_has_its_slots_before_lets_another_ask() -> None:
    case, store = Case(), Told(kind="store")
    first, second = case.join(store), case.join(store)
    store.slots = 1
    case.scheduler.serve(store, 100.0)
    assert case.scheduler.begin_reservation(second, 100.0) is None
    assert case.scheduler.look(first, 101.0)
    assert (first.reserves, second.reserves) == (None, store)


def test_who_begins_to_ask_runs_and_so_its_loop_does() -> None:
    case, store = Case(), Told(kind="store")
    first = case.join(store)
    timers = case.scheduler.loops["loop"]
    assert (timers.given, timers.silent_since) == ({first: False}, 100.0)
    case.scheduler.begin_reservation(first, 100.25)
    assert (timers.given, timers.silent_since) == ({}, inf)


def test_slots_that_were_given_meanwhile_stay_with_who_begins_to_ask() -> None:
    case, limit = Case(), Told(ready=105.0)
    first, _ = case.join(limit), case.join(limit)
    limit.slots = 2
    case.scheduler.serve(limit, 101.0)
    assert case.scheduler.begin_reservation(first, 101.0) is None
    assert case.scheduler.loops["loop"].silent_since == 101.0
    assert case.scheduler.look(first, 101.0)


def test_a_waiter_that_has_to_ask_nothing_begins_nothing() -> None:
    case, store = Case(), Told(kind="store")
    stranger = Waiter((store,), 1, 1, inf, None, None, "unknown", ADMISSION)
    assert case.scheduler.begin_reservation(stranger, 100.0) is None
    case.scheduler.answered("another", 100.0)
    case.scheduler.leave(stranger, 100.0)
    assert case.scheduler.asked == {}


def test_a_queue_that_another_limit_holds_up_too_lets_the_next_queue_go() -> None:
    case, both, other = Case(), Told(ready=105.0), Told(ready=101.0)
    first, second = case.join(both, other), case.join(both)
    both.slots = 1
    other.at = 120.0
    case.woken()
    case.scheduler.serve(both, 102.0)
    assert case.woken()[-1:] == [second.event] and case.due(other) == 120.0
    assert case.scheduler.look(second, 102.0) and not case.scheduler.look(first, 102.0)


def test_each_lower_rank_gets_its_floor() -> None:
    case, limit = Case(floor=0.5), Told()
    waiters = [case.join(limit, rank=rank) for rank in (0, 0, 0, 0, 2)]
    limit.slots = 3
    case.woken()
    case.scheduler.serve(limit, 101.0)
    assert case.woken()[:3] == [waiters[which].event for which in (0, 1, 4)]


def test_other_loops_are_asked_only_where_there_are_some() -> None:
    case = Case()
    case.grant()
    waiter = case.join(Told(ready=105.0))
    case.woken()
    assert case.scheduler._ask_at == inf
    assert not case.scheduler.look(waiter, 101.0)
    case.scheduler.check_others("loop", 104.0)
    assert case.woken() == [], "a loop does not ask itself"
    case.scheduler.check_others("new", 104.0)
    assert case.woken()[0] == "loop"
    case = Case()
    case.grant(loop="one")
    case.grant(loop="two", now=101.0)
    assert case.scheduler._ask_at == 101.0 + ASK_EVERY
    case.grant(loop="one", now=102.0)
    assert case.scheduler._ask_at == 101.0 + ASK_EVERY and case.scheduler.calls == 3
    unsent = case.grant(Told(), loop="one", now=102.0)
    case.scheduler.close(unsent, 102.0)
    assert case.scheduler.calls == 3
    revoked = grant_of(loop="two", revoked=True)
    case.scheduler._ask_at = inf
    case.scheduler.retake(revoked, 103.0)
    assert case.scheduler._ask_at == 103.0 + ASK_EVERY
    stranger = grant_of(loop="one", sent_at=100.0)
    case.scheduler.close(stranger, 103.0)
    assert case.scheduler.calls == 4


def test_a_call_that_something_else_holds_up_by_now_lets_the_next_ask() -> None:
    case, store, row = Case(), Told(kind="store"), Told(slots=1)
    first, second, other = case.join(store, row), case.join(store, row), case.join(store)
    assert (first.reserves, store.waiting, len(case.scheduler.limit_queues[store])) == (store, 2, 3)
    row.slots, row.at = 0, 110.0
    case.scheduler.leave(first, 101.0)
    assert (second.reserves, other.reserves) == (None, store)
    assert (row.waiting, store.waiting, case.due(row)) == (1, 1, 110.0)


def test_a_queue_is_known_for_the_ranks_that_wait_in_it() -> None:
    case, limit = Case(), Told()
    low, high = case.join(limit, rank=2), case.join(limit, rank=0)
    also = case.join(limit, rank=0)
    limit.slots = 1
    case.scheduler.serve(limit, 101.0)
    assert case.scheduler.look(high, 101.0) and not case.scheduler.look(low, 101.0)
    case.scheduler.leave(also, 101.0)
    limit.slots = 1
    case.scheduler.serve(limit, 101.0)
    assert case.scheduler.look(low, 101.0)


def test_the_timer_stays_with_its_owner_until_that_leaves() -> None:
    case, limit = Case(), Told(ready=105.0)
    first, second, third = (case.join(limit) for _ in range(3))
    timers = case.scheduler.loops["loop"]
    case.woken()
    case.scheduler.leave(third, 101.0)
    assert (timers.timer_owner, timers.until, case.woken()) == (first, 105.0, [])
    case.scheduler.leave(first, 101.0)
    assert (timers.timer_owner, timers.until, case.woken()) == (second, 105.0, [second.event])


def test_where_no_moment_is_known_the_first_who_waits_owns_the_timer() -> None:
    case = Case()
    first, second = case.join(Told()), case.join(Told(kind="quota"))
    assert case.scheduler.loops["loop"].timer_owner is first
    assert (first.until, case.woken()) == (inf, [second.event])


def test_a_loop_looks_after_the_others_and_not_after_itself() -> None:
    case, limit = Case(), Told()
    slow, other = case.join(limit, loop="slow"), case.join(limit, loop="loop")
    unsent = case.grant(Told(), loop="slow")
    limit.slots = 1
    case.scheduler.serve(limit, 100.0)
    assert not case.scheduler.look(other, 100.0)
    assert other.until == 100.0 + ANSWER_WITHIN
    soon = case.join(Told(ready=100.25), loop="loop")
    assert not case.scheduler.look(other, 100.0) and other.until == 100.25
    assert case.scheduler.loops["loop"].timer_owner is other and soon.until == inf
    case.scheduler.answered("slow", 100.125)
    assert case.scheduler.loops["slow"].silent_since == 100.125
    case.woken()
    case.scheduler.woken.append(("before", None))
    case.scheduler.pass_over("slow", 101.0)
    assert case.woken()[0] == "before"
    assert (unsent.revoked, case.scheduler.loops["slow"].silent_since) == (False, 100.125)
    case.scheduler.pass_over("slow", 100.125 + GONE_AFTER)
    assert (unsent.revoked, case.scheduler.loops["slow"].silent_since) == (True, inf)
    assert slow.gone


def test_a_store_that_takes_too_long_is_asked_by_another_if_its_asker_is_silent() -> None:
    case, store = Case(), Told(kind="store")
    first, second = case.join(store, loop="one"), case.join(store, loop="other")
    case.scheduler.look(first, 100.0)
    case.scheduler.begin_reservation(first, 100.0)
    case.woken()
    late = 100.0 + RESERVE_WITHIN
    assert not case.scheduler.look(second, late)
    assert "one" in case.woken() and second.reserves is None, "its loop is asked whether it runs"
    assert case.due(store) == late + RESERVE_WITHIN
    assert not case.scheduler.look(second, late + GONE_AFTER)
    assert second.reserves is store


def test_a_store_is_asked_only_for_a_call_that_nothing_else_holds_up() -> None:
    case, store, row = Case(), Told(kind="store"), Told(ready=105.0)
    waiter = case.join(row, store)
    assert (waiter.reserves, row.waiting, store.waiting) == (None, 1, 0)
    row.slots = 1
    assert not case.scheduler.look(waiter, 105.0)
    assert (waiter.reserves, row.waiting, store.waiting) == (store, 0, 1)
    question = case.scheduler.begin_reservation(waiter, 105.0)
    assert question is not None
    # The row is full again before the store has answered.
    row.slots, row.at = 0, 110.0
    store.slots = 1
    case.scheduler.end_reservation(question, 106.0)
    assert (row.waiting, case.due(row), store.slots) == (1, 110.0, 1)


def test_who_is_to_ask_and_leaves_lets_another_ask() -> None:
    case, store = Case(), Told(kind="store")
    first, second = case.join(store), case.join(store)
    case.scheduler.leave(first, 100.0)
    assert second.reserves is store and case.scheduler.begin_reservation(first, 100.0) is None
    question = case.scheduler.begin_reservation(second, 100.0)
    assert question is not None and question.waiting == 1


@pytest.mark.parametrize("sent", [None, 100.0 + ASK_EVERY + GONE_AFTER - LANDED_WITHIN, 100.0])
def test_a_loop_with_calls_under_way_is_asked_and_given_up(sent: float | None) -> None:
    case, lane = Case(), Told(kind="lane")
    silent = case.grant(lane, loop="silent")
    silent.sent_at = sent
    waiter = case.join(lane, loop="loop")
    case.grant(now=100.0)
    case.scheduler.rearm()
    case.woken()
    asked_at = 100.0 + ASK_EVERY
    case.scheduler.check_others("loop", asked_at - 0.5)
    assert case.woken() == [] and case.scheduler.loops["silent"].silent_since == inf
    case.scheduler.check_others("loop", asked_at)
    assert case.woken() == ["silent"] and case.scheduler.loops["silent"].silent_since == asked_at
    gone = asked_at + GONE_AFTER
    case.scheduler.check_others("loop", gone - 0.25)
    assert not silent.revoked
    case.scheduler.check_others("loop", gone)
    over = sent is None or gone - sent >= LANDED_WITHIN
    assert silent.revoked is over
    if over:
        assert (lane.slots, lane.over) == ((0, 0) if sent is None else (0, 1))
        assert (waiter.event in case.woken()) is (sent is None)


def test_a_loop_that_answers_is_asked_again_later() -> None:
    case = Case()
    case.grant(loop="other")
    case.grant(loop="loop")
    for turn in range(1, 4):
        moment = 100.0 + turn * ASK_EVERY
        case.scheduler.check_others("loop", moment)
        assert case.woken() == ["other"]
        case.scheduler.answered("other", moment)
        assert case.scheduler.loops["other"].silent_since == inf


def test_slots_that_are_not_collected_in_time_go_to_another_loop() -> None:
    case, limit = Case(), Told()
    slow, other = case.join(limit, loop="slow"), case.join(limit, loop="loop")
    limit.slots = 1
    case.scheduler.serve(limit, 100.0)
    assert slow.event in case.woken()
    case.scheduler.check_others("loop", 100.0 + ANSWER_WITHIN - 0.1)
    assert case.woken() == []
    case.scheduler.check_others("loop", 100.0 + ANSWER_WITHIN)
    woken = case.woken()
    assert other.event in woken and "slow" in woken, "one that does run can say so"
    assert not case.scheduler.look(slow, 100.75), "it is back at its turn"
    limit.slots = 1
    case.scheduler.serve(limit, 100.75)
    assert case.scheduler.look(slow, 100.75)


def test_a_closed_loop_is_passed_over_at_once() -> None:
    case, limit = Case(), Told()
    unsent, sent, landed = (case.grant(Told(), loop="closed") for _ in range(3))
    sent.sent_at, landed.sent_at = 99.0, 100.0 - LANDED_WITHIN
    gone = case.join(limit, loop="closed")
    case.scheduler.pass_over("closed", 100.0, closed=True)
    assert (unsent.revoked, sent.revoked, landed.revoked) == (True, False, True)
    assert (case.woken(), limit.waiting) == ([gone.event], 0)
    case.scheduler.pass_over("unknown", 100.0)
    case.join(limit, loop="another")
    assert set(case.scheduler.loops) == {"closed", "another"}
    sent.sent_at = 0.0
    case.scheduler.close(sent, 101.0)
    case.join(limit, loop="third")
    assert set(case.scheduler.loops) == {"another", "third"}, "of the closed one nothing is left"
