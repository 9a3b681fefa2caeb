"""Thousands of tasks that wait for one limiter, and end as soon as they are admitted."""

from __future__ import annotations

import asyncio
import gc
from math import log
from statistics import median
from time import perf_counter, process_time

from attrs import frozen

from benchmarks.cases import Effort, Report, at_most
from benchmarks.interleaved import relative, rotated
from benchmarks.limiters.contestants import OURS, installed
from benchmarks.rate_limits import RateLimiter, our_limiter

BURST = 100.0
RATE = 10_000.0
"""Calls a second, unless a figure says otherwise."""

LONGEST = 12.0
"""A limiter is stopped after this many times the ideal time."""

NO_LIMITER = "tasks that wait for an event"
CAN_100_000 = {OURS, "aiolimiter"}
"""The limiters that admit 100,000 waiters within minutes."""


@frozen
class Run:
    """CPU seconds of a waiter, the time relative to the ideal, and how many were admitted."""

    cpu: float
    wall: float
    admitted: int


async def queue(limiter: RateLimiter, count: int, rate: float) -> Run:
    """Let ``count`` tasks wait at once."""
    admitted = 0

    async def call() -> None:
        nonlocal admitted
        permit = await limiter.admit()
        limiter.sent(permit)
        limiter.answered(permit)
        admitted += 1

    ideal = (count - BURST) / rate
    gc.collect()  # the garbage of the contestant before
    cpu = process_time()
    tasks = [asyncio.ensure_future(call()) for _ in range(count)]
    # The tasks start only now, so until now no limiter could admit any.
    wall = perf_counter()
    _, late = await asyncio.wait(tasks, timeout=LONGEST * ideal)
    cpu, wall = process_time() - cpu, perf_counter() - wall
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return Run(cpu / count, wall / ideal, admitted)


async def _no_limiter(count: int) -> float:
    """Return the CPU seconds of a task that only waits for an event, which no limiter can undercut."""
    events = [asyncio.Event() for _ in range(count)]
    cpu = process_time()
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.sleep(0)
    for event in events:
        event.set()
    await asyncio.gather(*tasks)
    return (process_time() - cpu) / count


def waiters(report: Report, effort: Effort) -> None:
    """Let the same number of tasks wait for each contestant, in turns."""
    contestants = {one.name: one for one in installed(report)}
    steps = [(1_000, RATE, 5), (10_000, RATE, 5), (10_000, 4_000.0, 3), (100_000, RATE, 1)]
    for count, rate, rounds in effort.pick(steps, [(150, 2000.0, 1)]):
        runs: dict[str, list[Run]] = {
            name: [] for name in contestants if count < 100_000 or name in CAN_100_000
        }
        minimal = []
        for turn in range(rounds):
            minimal.append(asyncio.run(_no_limiter(count)))
            for name, found in rotated(runs, turn):
                limiter = contestants[name].create(rate, BURST, 3 if name == OURS else 1)
                try:
                    found.append(asyncio.run(queue(limiter, count, rate)))
                finally:
                    limiter.close()
        label = f"{count:,} waiters" if rate == RATE else f"{count:,} at {rate:,.0f}/s"
        note = f"median of {rounds}; {rate:,.0f}/s, burst {BURST:g}"
        _report(report, runs, label, note, count=count, ideal=(count - BURST) / rate)
        what = f"{NO_LIMITER}: CPU of a waiter, {label}"
        report.add(what, 1e6 * median(minimal), "us", note="no limiter at all")


def _report(
    report: Report, runs: dict[str, list[Run]], label: str, note: str, *, count: int, ideal: float
) -> None:
    cpus = {name: [run.cpu for run in found] for name, found in runs.items()}
    for name, found in runs.items():
        judged, admitted = name == OURS and count == 10_000, min(run.admitted for run in found)
        text = note + ("; three limits" if name == OURS else "")
        text += f"; stopped after {admitted:,}" if admitted < count else ""
        goal = at_most(35) if judged else None
        report.add(f"{name}: CPU of a waiter, {label}", 1e6 * median(cpus[name]), "us", goal=goal, note=text)
        what, wall = f"{name}: time relative to ideal, {label}", median(run.wall for run in found)
        goal = at_most(1.1) if judged else None
        report.add(what, wall, goal=goal, note=f"ideal {ideal:.2f} s")
    others = [name for name in runs if name != OURS]
    if others:
        best = min(others, key=lambda name: median(cpus[name]))
        ratio, spread = relative(cpus[OURS], cpus[best])
        goal = at_most(0.9) if count == 10_000 else None
        what = f"{OURS}: CPU relative to the best other limiter, {label}"
        report.add(what, ratio, "x", goal=goal, note=f"{best}; {spread}")


def scaling(report: Report, effort: Effort) -> None:
    """Compare the cost of a waiter in long and short queues, in turns."""
    counts = effort.pick([1_000, 10_000, 100_000], [120, 150])
    rounds, repeats = effort.pick((3, 10), (1, 1))
    found: dict[int, list[float]] = {count: [] for count in counts}
    for _ in range(rounds):
        for count in counts:
            # Short queues vary more, so there are more of them.
            for _ in range(1 if count == counts[-1] else repeats):
                found[count].append(asyncio.run(queue(our_limiter(RATE, BURST), count, RATE)).cpu)
    cost = {count: median(cpus) for count, cpus in found.items()}
    for count in counts:
        note = f"median of {len(found[count])}"
        report.add(f"CPU of a waiter, {count:,} waiters", 1e6 * cost[count], "us", note=note)
    for count in counts[1:]:
        goal = at_most(round(log(count) / log(counts[0]), 2))
        what = f"cost of a waiter: {count:,} relative to {counts[0]:,}"
        note = "the goal is the ratio of their logarithms"
        report.add(what, cost[count] / cost[counts[0]], goal=goal, note=note)
