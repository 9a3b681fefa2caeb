"""A row of 10 a second, burst 5, kept full by 50 tasks, in real time and all contestants at once."""

from __future__ import annotations

import asyncio
from random import Random
from time import monotonic

from benchmarks.cases import Effort, Report, at_least, at_most, exactly
from benchmarks.limiters.contestants import Limiter, present
from benchmarks.server_model import Refill, Server
from benchmarks.throttling.rows import DELAY, SLOW, Limits
from benchmarks.throttling.saturation import saturate

TASKS = 50
OWN = "aioemnify"
RATE, BURST = SLOW
MODELLED = 600.0


async def keep_full(
    limiter: Limiter, seconds: float, delay: tuple[float, float], chance: Random
) -> list[float]:
    """Send as much as the limiter lets through; return when each call arrived."""
    arrivals: list[float] = []
    began = monotonic()

    async def worker() -> None:
        while True:
            place = await limiter.admit()
            limiter.sent(place)
            both_ways, part = chance.uniform(*delay), chance.random()
            arrivals.append(monotonic() - began + both_ways * part)
            if both_ways:
                await asyncio.sleep(both_ways)
            limiter.answered(place)

    tasks = [asyncio.ensure_future(worker()) for _ in range(TASKS)]
    await asyncio.wait(tasks, timeout=seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return sorted(moment for moment in arrivals if moment <= seconds)


async def _all(report: Report, seconds: float, delay: tuple[float, float]) -> dict[str, list[float]]:
    limiters = {one.name: one.make(RATE, BURST, 3 if one.name == OWN else 1) for one in present(report)}
    try:
        runs = [keep_full(limiter, seconds, delay, Random(1)) for limiter in limiters.values()]
        return dict(zip(limiters, await asyncio.gather(*runs), strict=True))
    finally:
        for limiter in limiters.values():
            limiter.close()


def worst_excess(moments: list[float]) -> float:
    """Return by how much any stretch of time holds more than burst + rate x seconds."""
    worst, least = float("-inf"), float("inf")
    for place, moment in enumerate(moments):
        # Written so that one pass does: the stretch from the i-th to the j-th call holds j - i + 1.
        slack = place - RATE * moment
        least = min(least, slack)
        worst = max(worst, slack - least + 1 - BURST)
    return worst


def full(report: Report, effort: Effort) -> None:
    """Measure what gets through without any delay, and whether it is ever too much."""
    seconds = effort.pick(20.0, 1.0)
    bound = BURST + RATE * seconds
    for name, moments in asyncio.run(_all(report, seconds, (0.0, 0.0))).items():
        note = f"{len(moments)} of {bound:g} in {seconds:g} s"
        report.add(f"{name}: used", 100.0 * len(moments) / bound, "%", note=note)
        goal = at_most(0) if name == OWN else None
        report.add(f"{name}: worst excess over 5 + 10 t", round(worst_excess(moments), 6), "calls", goal=goal)


def delayed(report: Report, effort: Effort) -> None:
    """Let calls arrive 2-200 ms after they were let through, at a server that keeps its own count."""
    seconds = effort.pick(20.0, 1.0)
    for name, arrivals in asyncio.run(_all(report, seconds, DELAY)).items():
        server = Server(Refill(RATE, BURST))
        server.replay(arrivals)
        share = 100.0 * len(server.accepted) / (BURST + RATE * seconds)
        report.add(f"{name}: used", share, "%", note=f"accepted in {seconds:g} s, the start-up in it")
        note = f"{len(server.refused)} of {len(arrivals)} calls"
        goal = exactly(0) if name == OWN else None
        report.add(f"{name}: refused", server.refused_share, "%", goal=goal, note=note)
    # So short a time says nothing of the tenths of a per cent: those are modelled.
    seconds = effort.pick(MODELLED, 10.0)
    row = Limits(row=SLOW)
    server = saturate(row, row.of_server(), seconds, 1, callers=TASKS)
    used = 100.0 * server.accepted_by(seconds) / row.bound(seconds)
    report.add(f"used in {seconds:g} s of modelled time", used, "%", goal=at_least(99.9))
    report.add(
        "refused in it", len(server.refused), goal=exactly(0), note=f"of {len(server.accepted):,} calls"
    )
