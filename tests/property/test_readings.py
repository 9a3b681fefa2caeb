"""Each reading of "rate a second, burst so many" keeps what it says, and leaves nothing unused."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aioemnify.clock import LoopClock
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.options import Reading, Throttling
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.registry import LimitRegistry
from tests.property.network import Call, arrivals, make_all, run
from tests.property.server_model import Judge, Log, Verdict, earliest, judge, row
from tests.property.storm import bursts, rates
from tests.property.tally import BACKENDS, examples, tell

READINGS: list[Reading] = ["refill", "ticks"]


def _book(
    clock: LoopClock, settings: Throttling, rate: float, burst: float, window: tuple[int, float]
) -> LimitRegistry:
    """Return the book of a server with one row and one window."""
    rows = (RowLimit("row", "GET", "/api/row", rate, burst),)  # type: ignore[arg-type]
    windows = (WindowLimit("window", "*", "/api/*", *window),)
    table = LimitTable(rows, windows, MonthLimit("month", 10**9))
    return LimitRegistry(table, clock=clock, throttling=settings)


def read(
    name: str,
    ours: Reading | Callable[[float, float], Limit],
    theirs: str,
    seed: int,
    rate: float,
    burst: float,
    phase: float,
) -> tuple[list[Verdict], list[Call]]:
    """Let bursts of calls through by one reading, or by a limit, and have them judged by another."""
    chance, done = Random(seed), []

    async def main() -> None:
        clock = LoopClock()
        if callable(ours):
            limits: tuple[Limit, ...] = (ours(rate, burst),)
        else:
            book = _book(clock, Throttling(reading=ours), rate, burst, (10**6, 1.0))
            limits = book.of_call("7", "GET", "/api/row", None)
        calls = [
            Call(
                limits,
                ("row",),
                starts=chance.choice([0.0, 0.0, chance.uniform(0, 10.0)]),
                there=0.35 * chance.choice([0.0, chance.random()]),
                back=chance.choice([0.0, chance.random()]),
            )
            for _ in range(60)
        ]
        await make_all(calls, Limiter(clock), clock)
        done.extend(calls)

    run(name, main)
    return judge(arrivals(done), {"row": row(theirs, rate, burst, phase)}), done


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize(
    ("reading", "theirs"),
    # The strictest usual reading is safe with a server that allows more.
    [("refill", "refill"), ("refill", "plus-one"), ("refill", "sum"), ("ticks", "ticks")],
)
@examples(60)
@given(seed=st.integers(0, 2**32), rate=rates, burst=bursts, phase=st.floats(0.0, 1.0, exclude_max=True))
def test_each_reading_is_kept(
    name: str, reading: Reading, theirs: str, seed: int, rate: float, burst: float, phase: float
) -> None:
    refused, calls = read(name, reading, theirs, seed, rate, burst, phase)
    tell(f"3 reading {reading}, server {theirs}", name, calls=len(calls), refusals=len(refused))
    assert refused == []
    assert all(call.outcome == "answered" for call in calls)


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("reading", READINGS)
@examples(10)
@given(
    seed=st.integers(0, 2**32),
    rate=rates,
    burst=bursts,
    window=st.sampled_from([(10**6, 1.0), (200, 30.0), (50, 4.0), (2000, 300.0)]),
    share=st.floats(0.0, 1.0),
    calls=st.integers(300, 700),
)
def test_next_to_nothing_is_left_unused(
    name: str,
    reading: Reading,
    seed: int,
    rate: float,
    burst: float,
    window: tuple[int, float],
    share: float,
    calls: int,
) -> None:
    """With always enough callers, the last call arrives within 1.01 times the least time it could take.

    The least time is that of a limiter which knows what the server counts, without any delay.
    Promised where ``burst - 1 >= rate x round trip``: with fewer places the answers set the pace. One
    round trip is lost at the start, and one in each window, where calls age only from their answers:
    here it is at most 0.4 % of both.
    """
    if reading == "ticks":
        # The cautious limiter knows no phase and saves no tokens: what it keeps is so many in any second.
        rate = burst = float(max(1, int(min(rate, burst))))
    judges: list[Judge] = [row(reading, rate, burst) if reading != "ticks" else Log(int(burst), 1.0)]
    least = earliest([*judges, Log(*window)], calls)[-1]
    room = burst - 1
    by_seconds = [window[1] * 0.004] + ([0.004] if reading == "ticks" else [room / rate])
    assume(least > 0)
    round_trip = share * min(*by_seconds, least * 0.004, 0.35)
    chance, done = Random(seed), []

    async def main() -> None:
        clock = LoopClock()
        book = _book(clock, Throttling(reading=reading), rate, burst, window)
        limits = book.of_call("7", "GET", "/api/row", None)
        for _ in range(calls):
            there = round_trip * chance.random()
            done.append(
                Call(limits, ("row", "window"), there=there, back=(round_trip - there) * chance.random())
            )
        await make_all(done, Limiter(clock), clock)

    run(name, main)
    server = {"row": row(reading, rate, burst), "window": Log(*window)}
    refused = judge(arrivals(done), server)
    tell("4 utilisation", name, calls=calls, refusals=len(refused))
    assert refused == []
    moments = sorted(arrival.at for arrival in arrivals(done))
    assert moments[-1] <= 1.01 * least + 0.001
    if window[0] > calls and reading == "refill":
        assert sum(moment <= least for moment in moments) >= 0.99 * calls - 1
