"""Thousands of tasks that wait for one limiter and end as soon as they are let through."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from math import log
from statistics import median
from time import perf_counter, process_time

from attrs import frozen

from benchmarks.cases import Effort, Report, at_most
from benchmarks.client.turns import in_turn
from benchmarks.limiters.contestants import Limiter, Ours, present

BURST = 100.0
LONGEST = 12.0
"""Ideal times after which a limiter is given up."""

SCALE = "tasks that wait for nothing but to be woken"
OWN = "aioemnify"

FAST = 10_000.0
"""Calls a second at which the figures of other crowds are taken."""

MANY = {OWN, "aiolimiter"}
"""Those that 100,000 waiters do not keep busy for minutes."""


@frozen
class Run:
    """What a queue took: CPU seconds of each waiter, the time beside the ideal, and how many got through."""

    cpu: float
    wall: float
    through: int


async def queue(limiter: Limiter, count: int, rate: float) -> Run:
    """Let ``count`` tasks wait at once."""
    through = 0

    async def call() -> None:
        nonlocal through
        place = await limiter.admit()
        limiter.sent(place)
        limiter.answered(place)
        through += 1

    ideal = (count - BURST) / rate
    cpu, wall = await _timed(call, count, LONGEST * ideal)
    return Run(cpu / count, wall / ideal, through)


async def _timed(call: Callable[[], Awaitable[None]], count: int, longest: float) -> tuple[float, float]:
    gc.collect()  # what the one before has left is not this one's to clear away
    cpu = process_time()
    tasks = [asyncio.ensure_future(call()) for _ in range(count)]
    # Only now can the first of them ask: until then no limiter has anything to let through.
    wall = perf_counter()
    _, late = await asyncio.wait(tasks, timeout=longest)
    cpu, wall = process_time() - cpu, perf_counter() - wall
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return cpu, wall


async def _bare(count: int) -> float:
    """Return the CPU seconds of a task that waits for an event of its own and is woken: the floor of all."""
    events = [asyncio.Event() for _ in range(count)]
    cpu = process_time()
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.sleep(0)
    for event in events:
        event.set()
    await asyncio.gather(*tasks)
    return (process_time() - cpu) / count


def waiters(report: Report, effort: Effort) -> None:
    """Have all contestants keep the same crowd waiting, by turns."""
    contestants = {one.name: one for one in present(report)}
    steps = [(1_000, FAST, 5), (10_000, FAST, 5), (10_000, 4_000.0, 3), (100_000, FAST, 1)]
    for count, rate, rounds in effort.pick(steps, [(150, 2000.0, 1)]):
        found: dict[str, list[Run]] = {name: [] for name in contestants if count <= 10_000 or name in MANY}
        bare = []
        for turn in range(rounds):
            bare.append(asyncio.run(_bare(count)))
            for name, _ in in_turn(found, turn):
                limiter = contestants[name].make(rate, BURST, 3 if name == OWN else 1)
                try:
                    found[name].append(asyncio.run(queue(limiter, count, rate)))
                finally:
                    limiter.close()
        crowd = f"{count:,} waiters" if rate == FAST else f"{count:,} at {rate:,.0f}/s"
        for name, runs in found.items():
            through = min(run.through for run in runs)
            note = f"median of {rounds}; {rate:,.0f}/s, burst {BURST:g}" + (
                "; three limits" if name == OWN else ""
            )
            if through < count:
                note += f"; given up with {through:,} through"
            judged = name == OWN and count == 10_000
            report.add(
                f"{name}: CPU of each, {crowd}",
                1e6 * median(run.cpu for run in runs),
                "us",
                goal=at_most(35) if judged else None,
                note=note,
            )
            report.add(
                f"{name}: time beside the ideal, {crowd}",
                median(run.wall for run in runs),
                goal=at_most(1.1) if judged else None,
                note=f"ideal {(count - BURST) / rate:.2f} s",
            )
        report.add(f"{SCALE}: CPU of each, {crowd}", 1e6 * median(bare), "us", note="no limiter at all")


def growth(report: Report, effort: Effort) -> None:
    """Set the cost of a waiter in a long queue beside that in a short one, by turns."""
    counts = effort.pick([1_000, 10_000, 100_000], [120, 150])
    rounds, rate = effort.pick(3, 1), FAST
    found: dict[int, list[float]] = {count: [] for count in counts}
    for _ in range(rounds):
        for count in counts:
            # A short queue is more of a matter of luck: there are more of them.
            times = 1 if count >= counts[-1] else effort.pick(min(10, counts[-1] // count), 1)
            for _ in range(times):
                run = asyncio.run(queue(Ours(rate, BURST, 3), count, rate))
                found[count].append(run.cpu)
    least = median(found[counts[0]])
    for count in counts:
        cost = median(found[count])
        report.add(f"CPU of each, {count:,} waiters", 1e6 * cost, "us", note=f"median of {len(found[count])}")
    for count in counts[1:]:
        # As fast as the logarithm, and no faster.
        bound = log(count) / log(counts[0])
        report.add(
            f"cost of a waiter: {count:,} beside {counts[0]:,}",
            median(found[count]) / least,
            goal=at_most(round(bound, 2)),
            note="the goal is the ratio of their logarithms",
        )
