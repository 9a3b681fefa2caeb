"""Storms of calls: random limits, random delays, random misfortunes, and what must be true after them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

import anyio
from hypothesis import strategies as st

from aioemnify.clock import LoopClock
from aioemnify.options import Priority
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow
from tests.property.network import Call, OrderedLimiter, arrivals, make_all, out_of_order, run
from tests.property.server_model import Bucket, Judge, Log, Month, Verdict, judge

NEW_MONTH = datetime(2026, 12, 1, tzinfo=UTC).timestamp()
PRIORITIES: list[Priority] = ["interactive", "normal", "bulk"]

rates = st.one_of(st.sampled_from([0.5, 1.0, 3.0, 10.0, 100.0]), st.floats(0.3, 120.0))
bursts = st.one_of(st.sampled_from([1.0, 2.0, 5.0, 50.0]), st.floats(1.0, 60.0))


@dataclass(frozen=True)
class Storm:
    """What is drawn for one case. The single calls come from ``seed``."""

    seed: int
    rows: list[tuple[float, float]]
    windows: list[tuple[int, float]]
    month: tuple[int, float] | None
    calls: int
    span: float
    waves: int
    connections: int
    lane: bool
    transit: float
    connects: float
    back: float
    misfortune: float
    closes: bool
    jitter: float | None = None


storms = st.builds(
    Storm,
    seed=st.integers(0, 2**32),
    rows=st.lists(st.tuples(rates, bursts), min_size=1, max_size=3),
    windows=st.lists(st.tuples(st.integers(1, 60), st.sampled_from([0.5, 2.0, 9.7, 30.0])), max_size=2),
    month=st.none() | st.tuples(st.integers(3, 90), st.floats(0.5, 20.0)),
    calls=st.integers(1, 110),
    span=st.sampled_from([0.0, 1.0, 5.0, 20.0]),
    waves=st.integers(1, 30),
    connections=st.sampled_from([1, 3, 20, 200]),
    lane=st.booleans(),
    transit=st.sampled_from([0.05, 0.35, 1.5]),
    connects=st.sampled_from([0.0, 0.01, 0.4, 3.0]),
    back=st.sampled_from([0.0, 0.1, 1.0, 6.0]),
    misfortune=st.sampled_from([0.0, 0.0, 0.2, 0.7]),
    closes=st.booleans(),
)

Makers = dict[str, Callable[..., Any]]
"""Other books than the real ones, to see that the checker finds them out."""


class Weather:
    """The limits of a storm on both sides, and the calls that go through them."""

    def __init__(self, storm: Storm, clock: LoopClock, makers: Makers) -> None:
        bucket, window = makers.get("bucket", TokenBucket), makers.get("window", SlidingWindow)
        rest = {"transit": storm.transit, "jitter": storm.jitter}
        self.judges: dict[str, Judge] = {}
        self.rows: list[tuple[str, Limit]] = []
        self.shared: list[tuple[str, Limit]] = []
        for place, (rate, burst) in enumerate(storm.rows):
            name = f"row {place}"
            self.rows.append((name, bucket(name, rate=rate, burst=burst, **rest)))
            self.judges[name] = Bucket(rate, burst)
        for place, (count, seconds) in enumerate(storm.windows):
            name = f"window {place}"
            self.shared.append((name, window(name, count=count, seconds=seconds, **rest)))
            self.judges[name] = Log(count, seconds)
        if storm.month is not None:
            quota = makers.get("month", MonthlyQuota)
            offset = clock.wall() - clock.monotonic()
            late, count = max(storm.transit, storm.jitter or 0.0), storm.month[0]
            month = quota("month", count=count, wall_offset=lambda: offset, transit=late)
            self.shared.append(("month", month))
            self.judges["month"] = Month(storm.month[0], clock.wall() - clock.monotonic())
        self.doors = [
            ConcurrencyLimit(f"client {n}", "connections", size=storm.connections) for n in range(2)
        ]
        self.lane = ConcurrencyLimit("lane", "lane", size=1)
        self.limits = [*(limit for _, limit in (*self.rows, *self.shared)), *self.doors, self.lane]

    def calls(self, storm: Storm) -> list[Call]:
        chance = Random(storm.seed)
        waves = [chance.uniform(0.0, storm.span) for _ in range(storm.waves)]
        return [self._call(storm, chance, chance.choice(waves)) for _ in range(storm.calls)]

    def _call(self, storm: Storm, chance: Random, starts: float) -> Call:
        met = [*([chance.choice(self.rows)] if chance.random() < 0.9 else []), *self.shared]
        lane = [self.lane] if storm.lane and chance.random() < 0.3 else []
        there = storm.transit * chance.choice([0.0, chance.random(), 1.0])
        connects = storm.connects * chance.random()
        if storm.jitter is not None:
            # What a fixed margin is for: all that may pass between admission and arrival.
            connects = chance.choice([0.0, storm.jitter * chance.random()])
            there = (storm.jitter - connects) * chance.choice([0.0, chance.random(), 1.0])
        unlucky = chance.random() < storm.misfortune
        return Call(
            limits=(*lane, *(limit for _, limit in met), chance.choice(self.doors)),
            meets=tuple(name for name, _ in met),
            starts=starts,
            priority=chance.choice(PRIORITIES),
            connects=connects,
            connected=not unlucky or chance.random() < 0.8,
            there=there,
            back=storm.back * chance.random(),
            reads=chance.choice([0.0, storm.back * chance.random()]),
            cancelled=chance.choice([0.0, 0.01, 0.2, 1.0, 5.0]) * chance.random() if unlucky else None,
            deadline=chance.choice([None, 0.0, 3.0 * chance.random()]) if unlucky else None,
        )


def ride_out(storm: Storm, name: str, makers: Makers | None = None) -> tuple[list[Verdict], list[Call]]:
    """Run a storm; return the server's refusals and the calls. Nothing may be stuck or left over."""
    done: list[tuple[Weather, list[Call]]] = []

    async def main() -> None:
        before = storm.month[1] if storm.month is not None else 0.0
        clock = LoopClock(NEW_MONTH - before)
        throttle, weather = OrderedLimiter(clock), Weather(storm, clock, makers or {})
        calls = weather.calls(storm)
        async with anyio.create_task_group() as group:
            group.start_soon(make_all, calls, throttle, clock)
            if storm.closes:
                await clock.sleep(storm.span / 2)
                throttle.dismiss(weather.doors[0], "closed")
        # Every level has run dry, every window has moved on.
        await clock.sleep(200.0 + 60.0 + storm.transit)
        shown = throttle.snapshot(weather.limits)
        scheduler = throttle.scheduler
        assert shown.queued == 0 and not scheduler.queues, "somebody waits still"
        assert not scheduler.limit_queues and all(loop.idle for loop in scheduler.loops.values())
        for use in shown.limits:
            assert use.in_flight == 0, f"{use.name} holds places of calls that are over"
            assert use.used == 0 or use.kind == "quota", f"{use.name} has not drained"
        assert out_of_order(throttle, calls) == [], "somebody was overtaken by an equal"
        done.append((weather, calls))

    run(name, main)
    ((weather, calls),) = done
    assert all(call.outcome for call in calls), "a call has no end"
    return judge(arrivals(calls), weather.judges), calls
