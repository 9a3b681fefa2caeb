"""The queues of waiting calls by themselves: who is first, who is counted, who is owed."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest

from aioemnify.transport.throttle.grant import Admission, Grant
from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.wait_queue import (
    ANSWER_WITHIN,
    GONE_AFTER,
    GONE_ENTRIES,
    LimitQueue,
    LoopTimers,
    Waiter,
    WaitingQueue,
)

HIGH, NORMAL, LOW = 0, 1, 2


class Told(Limit):
    """A limit that has room from a moment on, or needs a store to be asked."""

    def __init__(self, ready: float = 100.0, *, needs: bool = False) -> None:
        super().__init__("told", "row", organisation="")
        self.at, self.needs = ready, needs

    def ready(self, now: float) -> float:
        return self.at

    def needs_reservation(self, now: float) -> bool:
        return self.needs


ADMISSION: Admission = ((), inf, None, "normal", 0, None, None)


def waiter(turn: int, rank: int = NORMAL) -> Waiter:
    return Waiter((), rank, turn, inf, None, None, None, ADMISSION)


def queue_of(*waiters: Waiter) -> WaitingQueue:
    queue = WaitingQueue(())
    for one in waiters:
        queue.join(one)
    return queue


def turns(queue: WaitingQueue) -> list[int]:
    return [one.turn for one in queue]


def test_calls_wait_by_priority_and_then_by_turn() -> None:
    queue = queue_of(waiter(5), waiter(7), waiter(6), waiter(1, LOW), waiter(9, HIGH), waiter(2))
    assert turns(queue) == [9, 2, 5, 6, 7, 1]
    assert (len(queue), queue.waiting) == (6, [1, 4, 1])
    assert [queue.head(rank).turn for rank in (HIGH, NORMAL, LOW)] == [9, 2, 1]


def test_who_leaves_is_counted_no_more_wherever_it_stood() -> None:
    waiters = [waiter(turn) for turn in range(4)]
    queue = queue_of(*waiters)
    for one, left in ((waiters[2], [0, 1, 3]), (waiters[0], [1, 3]), (waiters[1], [3]), (waiters[3], [])):
        queue.leave(one)
        assert (turns(queue), len(queue)) == (left, len(left))
        assert not left or queue.head(NORMAL).turn == left[0]
    queue.join(waiters[1])
    assert turns(queue) == [1]


def test_who_comes_back_stands_at_its_turn_once() -> None:
    waiters = [waiter(turn) for turn in range(4)]
    queue = queue_of(*waiters)
    for which in (1, 3):
        queue.leave(waiters[which])
        queue.join(waiters[which])
        assert (turns(queue), len(queue)) == ([0, 1, 2, 3], 4)


def test_those_who_left_are_forgotten_when_they_are_many() -> None:
    waiters = [waiter(turn) for turn in range(GONE_ENTRIES + 6)]
    queue = queue_of(*waiters)
    for one in waiters[2:-1]:
        queue.leave(one)
    assert sum(map(len, queue._lines)) == GONE_ENTRIES + 6
    queue.leave(waiters[-1])
    assert sum(map(len, queue._lines)) == 2
    assert turns(queue) == [0, 1]


@pytest.mark.parametrize(
    ("waiting", "rank", "floor", "ahead"),
    [
        ((0, 3, 0), NORMAL, 0.1, 3),
        ((2, 3, 4), HIGH, 0.1, 2),
        ((2, 3, 4), NORMAL, 0.1, 5),
        ((2, 3, 4), NORMAL, 0.0, 5),
        ((2, 3, 4), LOW, 0.1, 9),
        # Those of a higher rank leave a lower one a slot in each 1 / floor.
        ((9, 0, 0), NORMAL, 0.25, 0),
        ((9, 0, 0), NORMAL, 0.0, 9),
        ((9, 1, 0), NORMAL, 0.25, 4),
        ((9, 2, 0), NORMAL, 0.25, 8),
        ((9, 3, 0), NORMAL, 0.25, 12),
        ((9, 9, 1), LOW, 0.3, 3),
    ],
)
def test_how_many_are_certain_to_go_before(
    waiting: tuple[int, ...], rank: int, floor: float, ahead: int
) -> None:
    queue = queue_of(*(waiter(turn, other) for other, count in enumerate(waiting) for turn in range(count)))
    assert queue.ahead(waiter(99, rank), floor) == ahead


def test_who_keeps_an_earlier_turn_goes_before_those_behind_it() -> None:
    waiters = [waiter(turn) for turn in (10, 12, 14, 16)]
    queue = queue_of(*waiters, waiter(0, HIGH))
    assert [queue.ahead(waiter(turn), 0.0) for turn in (9, 11, 13, 15, 17)] == [1, 2, 3, 4, 5]
    queue.leave(waiters[1])
    assert [queue.ahead(waiter(turn), 0.0) for turn in (9, 11, 13, 15, 17)] == [1, 2, 2, 3, 4]


@pytest.mark.parametrize(
    ("limits", "worst"),
    [
        ([Told(100.0), Told(99.0)], None),
        ([Told(101.0), Told(100.0)], 0),
        ([Told(101.0), Told(102.0)], 1),
        ([Told(102.0), Told(101.0)], 0),
        ([Told(102.0), Told(102.0)], 0),
        ([Told(inf), Told(102.0)], 0),
        # A store is asked only for a call that nothing else holds up.
        ([Told(inf, needs=True), Told(101.0)], 1),
        ([Told(101.0), Told(inf, needs=True)], 0),
        ([Told(inf, needs=True), Told(100.0)], 0),
        ([Told(100.0, needs=True), Told(100.0)], None),
    ],
)
def test_the_limit_that_holds_a_queue_up(limits: list[Limit], worst: int | None) -> None:
    found = WaitingQueue(tuple(limits)).obstacle(100.0)
    assert found is (None if worst is None else limits[worst])


def limit_queue_of(*queues: WaitingQueue) -> LimitQueue:
    line = LimitQueue(Told())
    for queue in queues:
        line.add(queue)
    return line


def serve(line: LimitQueue, floor: float = 0.25) -> tuple[WaitingQueue, int]:
    queue, rank = line.first()
    line.served(queue, rank, floor)
    return queue, rank


def test_a_limit_counts_the_queues_that_it_holds_up() -> None:
    one, other = queue_of(waiter(1), waiter(2, LOW)), queue_of(waiter(3))
    line = limit_queue_of(one, other)
    assert (line.limit.waiting, len(line), line.due) == (2, 3, inf)
    line.remove(one)
    assert (line.limit.waiting, len(line), line.first()) == (1, 1, (other, NORMAL))


def test_queues_of_equal_rank_take_turns() -> None:
    one, other, high = queue_of(waiter(1), waiter(2)), queue_of(waiter(3)), queue_of(waiter(4, HIGH))
    line = limit_queue_of(one, other)
    assert [serve(line)[0] for _ in range(4)] == [one, other, one, other]
    line.add(high)
    assert serve(line) == (high, HIGH)


def test_a_queue_that_has_calls_of_a_rank_again_goes_behind_the_others() -> None:
    first = waiter(1)
    one, other = queue_of(first), queue_of(waiter(2))
    line = limit_queue_of(one, other)
    line.update(one, NORMAL)
    assert line.first() == (one, NORMAL), "one that has had some keeps its place"
    one.leave(first)
    line.update(one, NORMAL)
    assert line.first() == (other, NORMAL)
    one.join(first)
    line.update(one, NORMAL)
    assert [serve(line)[0] for _ in range(2)] == [other, one]


@pytest.mark.parametrize(
    ("ranks", "floor", "served"),
    [
        ((HIGH, LOW), 0.25, "0000200020002000"),
        ((HIGH, NORMAL, LOW), 0.25, "0000210021002100"),
        ((NORMAL, LOW), 0.1, "1111111111211111"),
        ((HIGH, NORMAL), 0.0, "0000000000000000"),
        ((LOW,), 0.25, "2222222222222222"),
    ],
)
def test_a_lower_rank_gets_its_floor(ranks: tuple[int, ...], floor: float, served: str) -> None:
    line = limit_queue_of(*(queue_of(waiter(turn, rank)) for turn, rank in enumerate(ranks)))
    assert "".join(str(serve(line, floor)[1]) for _ in range(16)) == served


def test_what_a_rank_is_owed_ends_with_its_last_call() -> None:
    low = queue_of(waiter(1, LOW))
    line = limit_queue_of(queue_of(waiter(2, HIGH)), low)
    for _ in range(3):
        serve(line)
    assert line.limit.owed == [0.0, 0.0, 0.75]
    line.remove(low)
    serve(line)
    assert line.limit.owed == [0.0, 0.0, 0.0]


def timers() -> LoopTimers:
    return LoopTimers(new_event=object)  # type: ignore[arg-type]


def test_a_loop_of_which_nothing_is_known_is_idle() -> None:
    assert timers().idle
    for name in ("waiters", "given", "grants"):
        busy = timers()
        getattr(busy, name)[waiter(1)] = None
        assert not busy.idle


def test_until_when_a_loop_has_to_run() -> None:
    loop, one, other = timers(), waiter(1), waiter(2)
    assert (loop.answers_by, loop.gone_at) == (inf, inf)
    loop.silent_since = 100.0
    assert (loop.answers_by, loop.gone_at) == (100.0 + GONE_AFTER, 100.0 + GONE_AFTER)
    loop.give(one, 101.0, slots=True)
    loop.give(other, 99.0, slots=False)
    assert (loop.given, loop.silent_since) == ({one: True, other: False}, 99.0)
    assert loop.answers_by == 99.0 + ANSWER_WITHIN


def test_the_last_that_came_is_chosen_to_own_the_timer() -> None:
    loop, waiters = timers(), [waiter(turn) for turn in range(3)]
    assert loop.elect() is None
    loop.waiters.update(dict.fromkeys(waiters))
    assert loop.elect() is loop.timer_owner is waiters[2]
    loop.until = 105.0
    loop.resign()
    assert (loop.timer_owner, loop.until) == (None, inf)


class Listener:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def note(grant: Grant) -> None:
            self.heard.append(f"{name} {grant.turn}")

        return note


def test_a_grant_tells_each_thing_once_and_in_order() -> None:
    listener = Listener()
    grant = Grant(listener, (), 1, None, inf, None, ADMISSION)
    grant.headers_received()
    grant.sent()
    assert listener.heard == ["note_sent 1"]
    grant.sent_at = 100.0
    grant.sent()
    for _ in range(2):
        grant.headers_received()
    for _ in range(2):
        grant.end()
    grant.headers_received()
    assert listener.heard == ["note_sent 1", "note_headers 1", "note_end 1"]
    assert (grant.answered, grant.over, grant.revoked) == (True, True, False)
    unsent = Grant(listener, (), 2, None, inf, None, ADMISSION)
    unsent.end()
    unsent.sent()
    assert listener.heard[3:] == ["note_end 2"]
    unanswered = Grant(listener, (), 3, None, inf, None, ADMISSION, sent_at=100.0)
    unanswered.end()
    unanswered.headers_received()
    assert listener.heard[4:] == ["note_end 3"] and not unanswered.answered
