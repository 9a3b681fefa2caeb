"""What a large fleet costs the simulator: memory, pages anywhere in it, and searches through all of it."""

from __future__ import annotations

import asyncio
from statistics import median
from time import perf_counter

from benchmarks.cases import Effort, Report, at_most
from benchmarks.simulator.served import Served
from benchmarks.simulator.streams import Connection, token_of

_SIMS = 1_000_000
_ENDPOINTS = 620_000
_PAGE = 1_000
_SEARCHES = (
    ("SIMs of one status", "/api/v1/sim?q=status:1"),
    ("SIMs by status", "/api/v1/sim?sort=status"),
    ("SIMs by production date", "/api/v1/sim?sort=-production_date"),
    ("SIMs by endpoint", "/api/v1/sim?sort=endpoint"),
    ("endpoints by name", "/api/v1/endpoint?sort=name"),
    ("endpoints by last change", "/api/v1/endpoint?sort=-last_updated"),
    ("endpoints of one name", "/api/v1/endpoint?q=name:pump-5"),
    ("endpoints by the status of their SIM", "/api/v1/endpoint?q=sim_status:1"),
)


def fleet(report: Report, effort: Effort) -> None:
    """Read pages at the beginning, in the middle and at the end, and look at the memory.

    A page is timed from the request to the last byte of the answer.
    """
    with Served(effort.pick(_SIMS, 5_000)) as served:
        report.add("resident once it serves", served.resident(), "MB", goal=at_most(150))
        asyncio.run(_pages(report, served, effort))
        report.add("the most it held while it served pages", served.resident(most=True), "MB")


async def _pages(report: Report, served: Served, effort: Effort) -> None:
    connection = await Connection.to(served, await token_of(served))
    rounds = effort.pick(41, 1)
    for what, path, count in (
        ("SIMs", "/api/v1/sim", effort.pick(_SIMS, 5_000)),
        ("endpoints", "/api/v1/endpoint", effort.pick(_ENDPOINTS, 3_000)),
    ):
        pages = count // _PAGE
        for name, page in (("first", 1), ("middle", pages // 2), ("last", pages)):
            cpu = served.cpu()
            times = [
                await _seconds(connection, f"{path}?per_page={_PAGE}&page={page}") for _ in range(rounds)
            ]
            cpu = 1e3 * (served.cpu() - cpu) / rounds
            report.add(
                f"a page of {_PAGE:,} {what}, the {name}",
                1e3 * median(times),
                "ms",
                goal=at_most(15),
                note=f"median of {rounds}, the fastest {1e3 * min(times):.1f} ms; CPU {cpu:.1f} ms",
            )
    await connection.close()


async def _seconds(connection: Connection, path: str) -> float:
    began = perf_counter()
    await connection.get(path)
    return perf_counter() - began


def searches(report: Report, effort: Effort) -> None:
    """Filter and sort all of it: the first page that is asked for, and the one after it."""
    with Served(effort.pick(_SIMS, 5_000)) as served:
        asyncio.run(_searches(report, served))
        report.add("the most it held", served.resident(most=True), "MB", goal=at_most(200))


async def _searches(report: Report, served: Served) -> None:
    connection = await Connection.to(served, await token_of(served))
    for what, path in _SEARCHES:
        cpu = served.cpu()
        first, second = [
            await _seconds(connection, f"{path}&per_page={_PAGE}&page={page}") for page in (1, 2)
        ]
        note = f"the next page {1e3 * second:.0f} ms; CPU of both {1e3 * (served.cpu() - cpu):.0f} ms"
        report.add(what, 1e3 * first, "ms", goal=at_most(1000), note=note)
    await connection.close()
