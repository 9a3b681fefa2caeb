"""A limit of 10 calls a second, burst 5, saturated by 50 tasks: in real time, all contestants at once."""

from __future__ import annotations

import asyncio
from random import Random
from time import monotonic

from benchmarks.cases import Effort, Report, at_least, at_most, exactly
from benchmarks.limiters.contestants import OURS, installed
from benchmarks.rate_limits import DELAY, SLOW, Limits, RateLimiter
from benchmarks.server_model import Server, TokenBucket
from benchmarks.throttling.saturation import saturate

TASKS = 50
RATE, BURST = SLOW


async def saturate_limiter(limiter: RateLimiter, seconds: float, delay: tuple[float, float]) -> list[float]:
    """Send as many calls as the limiter admits; return when each arrived."""
    arrivals: list[float] = []
    start, rng = monotonic(), Random(1)

    async def worker() -> None:
        while True:
            permit = await limiter.admit()
            limiter.sent(permit)
            round_trip, part = rng.uniform(*delay), rng.random()
            arrivals.append(monotonic() - start + round_trip * part)
            if round_trip:
                await asyncio.sleep(round_trip)
            limiter.answered(permit)

    tasks = [asyncio.ensure_future(worker()) for _ in range(TASKS)]
    await asyncio.wait(tasks, timeout=seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return sorted(moment for moment in arrivals if moment <= seconds)


async def _saturate_all(report: Report, seconds: float, delay: tuple[float, float]) -> dict[str, list[float]]:
    limiters = {one.name: one.create(RATE, BURST, 3 if one.name == OURS else 1) for one in installed(report)}
    try:
        runs = [saturate_limiter(limiter, seconds, delay) for limiter in limiters.values()]
        return dict(zip(limiters, await asyncio.gather(*runs), strict=True))
    finally:
        for limiter in limiters.values():
            limiter.close()


def worst_excess(moments: list[float]) -> float:
    """Return by how many calls any interval exceeds burst + rate x its seconds, at most."""
    worst, least = float("-inf"), float("inf")
    for place, moment in enumerate(moments):
        # One pass is enough: the interval from the i-th to the j-th call holds j - i + 1 calls.
        slack = place - RATE * moment
        least = min(least, slack)
        worst = max(worst, slack - least + 1 - BURST)
    return worst


def without_delay(report: Report, effort: Effort) -> None:
    """Measure how much of the limit is used without any delay, and whether it is ever exceeded."""
    seconds = effort.pick(20.0, 1.0)
    bound = BURST + RATE * seconds
    for name, moments in asyncio.run(_saturate_all(report, seconds, (0.0, 0.0))).items():
        note = f"{len(moments)} of {bound:g} in {seconds:g} s"
        report.add(f"{name}: used", 100.0 * len(moments) / bound, "%", note=note)
        goal = at_most(0) if name == OURS else None
        report.add(f"{name}: worst excess over 5 + 10 t", round(worst_excess(moments), 6), "calls", goal=goal)


def with_delay(report: Report, effort: Effort) -> None:
    """Let calls arrive 2-200 ms after admission, at a server that counts them itself."""
    seconds, virtual = effort.pick((20.0, 600.0), (1.0, 10.0))
    for name, arrivals in asyncio.run(_saturate_all(report, seconds, DELAY)).items():
        server = Server(TokenBucket(RATE, BURST))
        server.replay(arrivals)
        used = 100.0 * len(server.accepted) / (BURST + RATE * seconds)
        report.add(f"{name}: used", used, "%", note=f"accepted in {seconds:g} s, with the start")
        note = f"{len(server.refused)} of {len(arrivals)} calls"
        goal = exactly(0) if name == OURS else None
        report.add(f"{name}: refused", server.refused_share, "%", goal=goal, note=note)
    # 20 s are too short for tenths of a per cent, so these are measured in virtual time.
    row = Limits(row=SLOW)
    server = saturate(row, row.of_server(), virtual, 1, callers=TASKS)
    used = 100.0 * server.accepted_by(virtual) / row.bound(virtual)
    report.add(f"used in {virtual:g} s of virtual time", used, "%", goal=at_least(99.9))
    note = f"of {len(server.accepted):,} calls"
    report.add("refused in virtual time", len(server.refused), goal=exactly(0), note=note)
