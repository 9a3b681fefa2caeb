"""Admissions that find room at once."""

from __future__ import annotations

import asyncio
from statistics import median
from time import perf_counter, process_time

from benchmarks.cases import Effort, Goal, Report, at_most
from benchmarks.client.turns import in_turn
from benchmarks.limiters.contestants import ROOMY, Contestant, Limiter, present

GOALS = {("aioemnify", 3): at_most(3.5)}
"""Microseconds; by contestant and number of limits."""


def uncontended(report: Report, effort: Effort) -> None:
    """Admit one call after the other, over one limit and over three."""
    # Short rounds: with thousands of grants alive it is the memory that would be timed.
    rounds, calls = effort.pick(101, 2), effort.pick(200, 20)
    for limits, words in ((1, "one limit"), (3, "three limits")):
        contestants = {one.name: one for one in present(report)}
        found = asyncio.run(_measure(contestants, limits, rounds, calls))
        for name, taken in found.items():
            goal: Goal | None = GOALS.get((name, limits))
            whole = median(cpu for _, _, cpu in taken)
            note = (
                f"median of {rounds} rounds of {calls:,}; CPU {1e6 * median(cpu for _, cpu, _ in taken):.2f}"
            )
            if name == "aioemnify":
                note += f", sent, answered and over with it {1e6 * whole:.2f}"
            elif limits > 1 and not contestants[name].together:
                note += "; one after the other, not all or none"
            elif limits > 1:
                note += "; rates of one key"
            report.add(
                f"{name}: admission, {words}",
                1e6 * median(wall for wall, _, _ in taken),
                "us",
                goal=goal,
                note=note,
            )


async def _measure(
    contestants: dict[str, Contestant], limits: int, rounds: int, calls: int
) -> dict[str, list[tuple[float, float, float]]]:
    """Return wall and CPU seconds of an admission, and CPU seconds with all that follows it."""
    limiters = {name: one.make(*ROOMY, limits) for name, one in contestants.items()}
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in limiters}
    try:
        for turn in range(rounds + 1):
            for name, limiter in in_turn(limiters, turn):
                taken = await _round(limiter, calls)
                if turn:  # the first is to warm up
                    found[name].append(taken)
    finally:
        for limiter in limiters.values():
            limiter.close()
    return found


async def _round(limiter: Limiter, calls: int) -> tuple[float, float, float]:
    cpu, wall = process_time(), perf_counter()
    places = [await limiter.admit() for _ in range(calls)]
    wall, admitted = perf_counter() - wall, process_time() - cpu
    for place in places:
        limiter.sent(place)
        limiter.answered(place)
    return wall / calls, admitted / calls, (process_time() - cpu) / calls
