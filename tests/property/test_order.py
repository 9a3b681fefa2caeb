"""Who goes first: equals in order, lower priorities with their floor, and nobody behind a stranger."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.clock import LoopClock
from aioemnify.options import Priority
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import SlidingWindow
from tests.property.network import Call, OrderedLimiter, make_all, run
from tests.property.storm import PRIORITIES
from tests.property.tally import BACKENDS, examples, tell


def granted(name: str, calls: list[Call], floor: float, throttle: type = OrderedLimiter) -> list[Call]:
    """Carry calls, and return them in the order in which they got their places."""
    orders: list[list[tuple[float, int]]] = []

    async def main() -> None:
        clock = LoopClock()
        watched = throttle(clock, floor=floor)
        await make_all(calls, watched, clock)
        orders.append(watched.order)

    run(name, main)
    of_turn = {call.turn: call for call in calls}
    return [of_turn[turn] for _, turn in orders[0] if turn in of_turn]


def backlog(seed: int, queues: int, shares: list[int]) -> list[Call]:
    """Return calls that all ask at once, in several queues behind one window."""
    chance = Random(seed)
    window = SlidingWindow("window", count=chance.randint(1, 5), seconds=1.0, transit=0.35)
    rows = [TokenBucket(f"row {n}", rate=1000.0, burst=500.0, transit=0.35) for n in range(queues)]
    priorities = [p for p, share in zip(PRIORITIES, shares, strict=True) for _ in range(share)]
    calls = [Call((chance.choice(rows), window), priority=priority) for priority in priorities]
    chance.shuffle(calls)
    # One call before them, so that all the others find the window used up.
    first = [Call((rows[0], window)) for _ in range(window.count)]
    for call in calls:
        call.starts = 0.001
    return [*first, *calls]


@pytest.mark.parametrize("name", BACKENDS)
@examples(40)
@given(
    seed=st.integers(0, 2**32),
    queues=st.integers(1, 4),
    floor=st.sampled_from([0.0, 0.05, 0.1, 0.25, 1 / 3]),
    shares=st.lists(st.integers(0, 70), min_size=3, max_size=3),
)
def test_lower_priorities_get_their_floor_and_the_highest_the_rest(
    name: str, seed: int, queues: int, floor: float, shares: list[int]
) -> None:
    calls = backlog(seed, queues, shares)
    order = [call for call in granted(name, calls, floor) if call.starts]
    tell("5 floor of each priority", name, calls=len(order), refusals=0)
    check_floor(order, floor)


def check_floor(order: list[Call], floor: float) -> None:
    """Whatever stretch one looks at: who waits gets its floor, the highest that waits all the rest."""
    left: Counter[Priority] = Counter(call.priority for call in order)
    lag: Counter[Priority] = Counter()
    for call in order:
        waiting = [priority for priority in PRIORITIES if left[priority]]
        for place, priority in enumerate(waiting):
            due = floor if place else 1 - floor * (len(waiting) - 1)
            # How far behind its due it has ever fallen: what it was ahead before does not count.
            lag[priority] = max(0.0, lag[priority] + due - (priority == call.priority))
            assert lag[priority] <= 2 + 1e-6, f"{priority} fell behind"
        left[call.priority] -= 1
        for priority in PRIORITIES:
            if not left[priority]:
                lag[priority] = 0.0


@pytest.mark.parametrize("name", BACKENDS)
@examples(40)
@given(seed=st.integers(0, 2**32), queues=st.integers(2, 4), shares=st.integers(5, 60))
def test_queues_that_share_a_limit_take_turns(name: str, seed: int, queues: int, shares: int) -> None:
    calls = backlog(seed, queues, [0, shares, 0])
    order = [call for call in granted(name, calls, 0.1) if call.starts]
    tell("5 equals take turns", name, calls=len(order), refusals=0)
    left = Counter(call.limits for call in order)
    since: Counter[tuple[Limit, ...]] = Counter()
    for call in order:
        for queue in left:
            since[queue] = 0 if queue == call.limits else since[queue] + 1
            assert not left[queue] or since[queue] <= queues, "a queue was passed over"
        left[call.limits] -= 1


@pytest.mark.parametrize("name", BACKENDS)
@examples(40)
@given(
    seed=st.integers(0, 2**32),
    rate=st.sampled_from([1.0, 10.0, 60.0]),
    burst=st.sampled_from([1.0, 5.0]),
    floor=st.sampled_from([0.0, 0.1, 0.3]),
)
def test_an_interactive_call_overtakes_all_that_waits(
    name: str, seed: int, rate: float, burst: float, floor: float
) -> None:
    chance, row = Random(seed), TokenBucket("row", rate=rate, burst=burst, transit=0.35)
    calls = [Call((row,), priority=chance.choice(PRIORITIES[1:])) for _ in range(100)]
    calls += [
        Call((row,), priority="interactive", starts=chance.uniform(0.01, 100 / rate)) for _ in range(12)
    ]
    order = granted(name, calls, floor)
    tell("5 interactive overtakes", name, calls=len(order), refusals=0)
    for place, call in enumerate(order):
        if call.priority != "interactive":
            continue
        others = [other for other in order[:place] if (other.granted_at or 0.0) > (call.asked_at or 0.0)]
        lower = sum(other.priority != "interactive" for other in others)
        # Two lower priorities with a floor each, and what was owed to them before it came.
        most = (2 * floor * (len(others) - lower + 1) + 2) / (1 - 2 * floor)
        assert lower <= (most if floor else 0), "it waited behind lower ones"


@pytest.mark.parametrize("name", BACKENDS)
@examples(40)
@given(
    seed=st.integers(0, 2**32),
    busy=st.integers(1, 3),
    shared=st.booleans(),
    waiting=st.integers(1, 80),
    burst=st.integers(2, 20),
)
def test_no_call_of_an_idle_row_waits_behind_a_busy_one(
    name: str, seed: int, busy: int, shared: bool, waiting: int, burst: int
) -> None:
    chance = Random(seed)
    rest: tuple[Limit, ...] = ()
    if shared:  # with room for all of them
        rest = (
            SlidingWindow("window", count=1000, seconds=300.0, transit=0.35),
            ConcurrencyLimit("client", "connections", size=300),
        )
    rows = [
        TokenBucket(f"busy {n}", rate=chance.choice([0.2, 1.0, 9.0]), burst=1.0, transit=0.35)
        for n in range(busy)
    ]
    idle = TokenBucket("idle", rate=5.0, burst=float(burst), transit=0.35)
    calls = [
        Call((chance.choice(rows), *rest), starts=chance.choice([0.0, chance.uniform(0.0, 5.0)]))
        for _ in range(waiting)
    ]
    ours = [
        Call(
            (idle, *rest),
            starts=chance.uniform(0.0, 20.0),
            priority=chance.choice(PRIORITIES),
            there=0.2,
            back=0.5,
        )
        for _ in range(burst)
    ]
    order = granted(name, [*calls, *ours], 0.1)
    tell("5 no head-of-line blocking", name, calls=len(order), refusals=0)
    assert all(call.granted_at == call.asked_at for call in ours)
    assert all(call.outcome == "answered" for call in calls)
