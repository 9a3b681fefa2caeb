"""What admission costs the processor."""

from __future__ import annotations

import asyncio
from statistics import median
from time import perf_counter, process_time

from aioemnify.clock import Clock, LoopClock
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import Limit
from benchmarks import virtual_time
from benchmarks.cases import Effort, Report, at_most, exactly
from benchmarks.throttling.rows import FAST, SLOW, Limits
from benchmarks.throttling.traffic import together

ROOMY = Limits(row=(1e9, 1e9), window=(10**9, 300.0))


def uncontended(report: Report, effort: Effort) -> None:
    """Admit calls that find room at once, one after the other: a row, a window and the month's quota."""
    # Short rounds: with thousands of grants alive it is the memory that would be timed.
    rounds, calls = effort.pick(201, 2), effort.pick(200, 100)
    clock = Clock()
    three = ROOMY.of_client(clock)[:3]
    four = ROOMY.of_client(clock)
    yardstick = [asyncio.run(_yardstick(calls)) for _ in range(rounds)]
    admission = asyncio.run(_admissions(three, rounds, calls))
    yardstick += [asyncio.run(_yardstick(calls)) for _ in range(rounds)]
    life, with_cap = (asyncio.run(_lives(limits, rounds, calls)) for limits in (three, four))
    note = f"median of {rounds} rounds of {calls:,}; {{}}"
    for name, found, goal in (
        ("for scale: an async call that reads the clock", yardstick, None),
        ("admission, three limits", admission, 3.5),
        ("its whole life, three limits", life, None),
        ("its whole life, and a connection", with_cap, None),
    ):
        seconds, cpu = median(one for one, _ in found), median(one for _, one in found)
        least = min(one for one, _ in found)
        report.add(
            name,
            1e6 * seconds,
            "us",
            goal=None if goal is None else at_most(goal),
            note=note.format(f"CPU {1e6 * cpu:.2f}, the fastest round {1e6 * least:.2f} us"),
        )


async def _yardstick(calls: int) -> tuple[float, float]:
    """Time the least that any admission could be: machines differ, and so does one from hour to hour."""
    clock = Clock()

    async def least() -> float:
        return clock.monotonic()

    wall, cpu = perf_counter(), process_time()
    moments = [await least() for _ in range(calls)]
    return (perf_counter() - wall) / len(moments), (process_time() - cpu) / len(moments)


async def _admissions(limits: tuple[Limit, ...], rounds: int, calls: int) -> list[tuple[float, float]]:
    found = []
    throttle = Limiter(Clock())
    for _ in range(rounds):
        wall, cpu = perf_counter(), process_time()
        grants = [await throttle.admit(limits) for _ in range(calls)]
        found.append(((perf_counter() - wall) / calls, (process_time() - cpu) / calls))
        for grant in grants:
            grant.sent()
            grant.end()
    return found


async def _lives(limits: tuple[Limit, ...], rounds: int, calls: int) -> list[tuple[float, float]]:
    found = []
    throttle = Limiter(Clock())
    for _ in range(rounds):
        wall, cpu = perf_counter(), process_time()
        for _ in range(calls):
            grant = await throttle.admit(limits)
            grant.sent()
            grant.headers_received()
            grant.end()
        found.append(((perf_counter() - wall) / calls, (process_time() - cpu) / calls))
    return found


def waiters(report: Report, effort: Effort) -> None:
    """Let thousands of calls wait in one queue, and see in which order and at what cost they go."""
    for row, count in effort.pick([(FAST, 10_000), (SLOW, 10_000), (FAST, 100_000)], [(FAST, 300)]):
        rate, burst = row
        found = [_queue(row, count) for _ in range(3 if count <= 10_000 else 1)]
        cpu, last = median(cpu for cpu, _, _ in found), max(last for _, last, _ in found)
        out_of_order = sum(wrong for _, _, wrong in found)
        name = f"{count:,} waiters, row {rate:g}/{burst:g}"
        ideal = (count - burst) / rate
        # The model of the network and the event loop are in it: the admission alone takes less.
        share, note = 100.0 * cpu / last, f"{1e6 * cpu / count:.0f} us each, {cpu:.2f} s in all"
        report.add(f"{name}: of a core", share, "%", goal=at_most(2), note=note)
        note = f"{last:,.1f} s modelled"
        report.add(f"{name}: time beside the ideal", last / ideal, goal=at_most(1.1), note=note)
        report.add(f"{name}: out of order", out_of_order, goal=exactly(0))


def _queue(row: tuple[float, float], count: int) -> tuple[float, float, int]:
    """Return CPU seconds, the moment of the last admission, and how many came out of order."""
    order: list[int] = []
    moments: list[float] = []

    async def main() -> None:
        clock = LoopClock()
        throttle = Limiter(clock)
        limits = Limits(row=row, window=(10**9, 300.0)).of_client(clock)
        places = iter(range(count))

        async def call() -> None:
            place = next(places)
            grant = await throttle.admit(limits)
            order.append(place)
            moments.append(clock.monotonic())
            grant.sent()
            await clock.sleep(0.05)
            grant.headers_received()
            grant.end()

        await together([call] * count)

    began = process_time()
    virtual_time.run(main)
    spent = process_time() - began
    return spent, max(moments), sum(place != found for place, found in enumerate(order))
