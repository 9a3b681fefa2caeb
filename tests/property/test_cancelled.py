"""A call that gives up while it waits costs nobody anything."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.clock import LoopClock
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import SlidingWindow
from tests.property.network import Call, OrderedLimiter, make_all, run
from tests.property.storm import PRIORITIES
from tests.property.tally import BACKENDS, examples, tell

SAME = 1e-4
"""Seconds: each place comes a microsecond after the very edge."""


@dataclass(frozen=True)
class Queue:
    """What is drawn for one case."""

    seed: int
    rate: float
    burst: float
    window: tuple[int, float] | None
    connections: int
    calls: int
    span: float
    mixed: bool


queues = st.builds(
    Queue,
    seed=st.integers(0, 2**32),
    rate=st.sampled_from([1.0, 7.0, 50.0]),
    burst=st.sampled_from([1.0, 5.0, 20.0]),
    window=st.none() | st.tuples(st.integers(1, 20), st.sampled_from([1.0, 6.0])),
    connections=st.sampled_from([1, 4, 100]),
    calls=st.integers(2, 70),
    span=st.sampled_from([0.0, 0.5, 4.0]),
    mixed=st.booleans(),
)


def _calls(drawn: Queue) -> list[Call]:
    chance = Random(drawn.seed)
    limits: list[Limit] = [TokenBucket("row", rate=drawn.rate, burst=drawn.burst, transit=0.35)]
    if drawn.window is not None:
        count, seconds = drawn.window
        limits.append(SlidingWindow("window", count=count, seconds=seconds, transit=0.35))
    limits.append(ConcurrencyLimit("client", "connections", size=drawn.connections))
    # No delays where the order may change: then places come at the same moments, whoever goes first.
    return [
        Call(
            tuple(limits),
            # No two at the very same moment: then the event loop would choose who asks first.
            starts=chance.uniform(0.0, drawn.span) + place * 1e-7,
            priority=chance.choice(PRIORITIES) if drawn.mixed else "normal",
            there=0.0 if drawn.mixed else 0.3 * chance.random(),
            back=0.0 if drawn.mixed else 0.9 * chance.random(),
            cancelled=chance.choice([0.0, chance.random(), 4 * chance.random()])
            if chance.random() < 0.4
            else None,
        )
        for place in range(drawn.calls)
    ]


def schedule(name: str, drawn: Queue, throttle: type, without: frozenset[int] = frozenset()) -> list[Call]:
    """Carry the calls but those left out; each does what it does whoever else is there."""
    calls = _calls(drawn)

    async def main() -> None:
        clock = LoopClock()
        await make_all([call for n, call in enumerate(calls) if n not in without], throttle(clock), clock)

    run(name, main)
    return calls


def costs(name: str, drawn: Queue, throttle: type = OrderedLimiter) -> tuple[int, float]:
    """Return how many gave up while they waited, and by how many seconds that made others later."""
    present = schedule(name, drawn, throttle)
    gone = frozenset(n for n, call in enumerate(present) if call.outcome == "cancelled while it waited")
    absent = schedule(name, drawn, throttle, gone)
    moments = [
        [
            never if call.granted_at is None else call.granted_at
            for n, call in enumerate(side)
            if n not in gone
        ]
        for side, never in ((present, inf), (absent, 1e9))
    ]
    if drawn.mixed:
        # They may count as somebody's equal and so change whose turn it is, but not how many have theirs.
        moments = [sorted(side) for side in moments]
    return len(gone), max((a - b for a, b in zip(*moments, strict=True)), default=0.0)


@pytest.mark.parametrize("name", BACKENDS)
@examples(80)
@given(drawn=queues)
def test_a_waiter_that_gives_up_makes_nobody_later(name: str, drawn: Queue) -> None:
    gone, later = costs(name, drawn)
    tell("6 a cancelled waiter is free", name, calls=gone, refusals=0)
    assert later <= SAME
