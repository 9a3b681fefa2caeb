"""Admit calls that need not wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from statistics import median
from time import monotonic, perf_counter, process_time

from benchmarks.cases import Effort, Report, at_most
from benchmarks.interleaved import rotated
from benchmarks.limiters.contestants import OURS, installed
from benchmarks.rate_limits import RateLimiter

ROOMY = 1e9
"""A rate and burst with room for every call."""

MINIMAL = "an async function that reads the clock"


class Minimal(RateLimiter):
    """The minimal cost of any limiter, to compare machines."""

    def admit(self) -> Awaitable[float]:
        """Return the time."""
        return self._now()

    async def _now(self) -> float:
        return monotonic()


def uncontended(report: Report, effort: Effort) -> None:
    """Admit one call after the other, over one limit and over three."""
    # Short rounds: thousands of live grants would measure the memory instead.
    rounds, calls = effort.pick(101, 2), effort.pick(200, 20)
    contestants = {one.name: one for one in installed(report)}
    for limits, words in ((1, "one limit"), (3, "three limits")):
        limiters = {name: one.create(ROOMY, ROOMY, limits) for name, one in contestants.items()}
        found = asyncio.run(_measure({**limiters, MINIMAL: Minimal()}, rounds, calls))
        for name, taken in found.items():
            wall, cpu, complete = (1e6 * median(one[place] for one in taken) for place in range(3))
            note = f"median of {rounds} rounds of {calls:,}; CPU {cpu:.2f}"
            if name == OURS:
                note += f", of a complete call {complete:.2f}"
            elif limits > 1 and name in contestants:
                note += contestants[name].several
            goal = at_most(3.5) if name == OURS and limits == 3 else None
            report.add(f"{name}: admission, {words}", wall, "us", goal=goal, note=note)


Times = tuple[float, float, float]
"""Wall and CPU seconds of an admission, and CPU seconds with the sending and the answer."""


async def _measure(limiters: dict[str, RateLimiter], rounds: int, calls: int) -> dict[str, list[Times]]:
    found: dict[str, list[Times]] = {name: [] for name in limiters}
    try:
        for turn in range(rounds + 1):
            for name, limiter in rotated(limiters, turn):
                taken = await _round(limiter, calls)
                if turn:  # the first round is to warm up
                    found[name].append(taken)
    finally:
        for limiter in limiters.values():
            limiter.close()
    return found


async def _round(limiter: RateLimiter, calls: int) -> Times:
    cpu, wall = process_time(), perf_counter()
    permits = [await limiter.admit() for _ in range(calls)]
    wall, admitted = perf_counter() - wall, process_time() - cpu
    for permit in permits:
        limiter.sent(permit)
        limiter.answered(permit)
    return wall / calls, admitted / calls, (process_time() - cpu) / calls
