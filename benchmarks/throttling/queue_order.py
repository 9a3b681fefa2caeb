"""Thousands of calls in one queue, in virtual time: their order, and the CPU time."""

from __future__ import annotations

from statistics import median
from time import process_time

from aioemnify import LoopClock
from benchmarks import virtual_time
from benchmarks.cases import Effort, Report, at_most, exactly
from benchmarks.rate_limits import FAST, SLOW, our_limiter
from benchmarks.throttling.modelled_client import together


def queue_order(report: Report, effort: Effort) -> None:
    """Let thousands of calls wait in one queue."""
    for row, count in effort.pick([(FAST, 10_000), (SLOW, 10_000), (FAST, 100_000)], [(FAST, 300)]):
        rate, burst = row
        found = [_queue(row, count) for _ in range(3 if count <= 10_000 else 1)]
        cpu, last = median(cpu for cpu, _, _ in found), max(last for _, last, _ in found)
        out_of_order = sum(wrong for _, _, wrong in found)
        name = f"{count:,} waiters, row {rate:g}/{burst:g}"
        # This includes the modelled network and the event loop; admission alone takes less.
        share, note = 100.0 * cpu / last, f"{1e6 * cpu / count:.0f} us a waiter, {cpu:.2f} s in all"
        report.add(f"{name}: of a core", share, "%", goal=at_most(2), note=note)
        ratio, note = last * rate / (count - burst), f"{last:,.1f} s of virtual time"
        report.add(f"{name}: time relative to ideal", ratio, goal=at_most(1.1), note=note)
        report.add(f"{name}: out of order", out_of_order, goal=exactly(0))


def _queue(row: tuple[float, float], count: int) -> tuple[float, float, int]:
    """Return CPU seconds, the moment of the last admission, and how many calls were out of order."""
    order: list[int] = []
    moments: list[float] = []

    async def main() -> None:
        clock = LoopClock()
        limiter = our_limiter(*row, clock=clock)
        places = iter(range(count))

        async def call() -> None:
            place = next(places)
            permit = await limiter.admit()
            order.append(place)
            moments.append(clock.monotonic())
            limiter.sent(permit)
            await clock.sleep(0.05)
            limiter.answered(permit)

        await together([call] * count)

    start = process_time()
    virtual_time.run(main)
    spent = process_time() - start
    return spent, max(moments), sum(place != found for place, found in enumerate(order))
