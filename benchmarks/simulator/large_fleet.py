"""A large fleet in the simulator: memory, pages at any offset, and searches through all of it."""

from __future__ import annotations

import asyncio
from statistics import median
from time import perf_counter

from benchmarks.cases import Effort, Report, at_most
from benchmarks.simulator.connection import Connection, log_in
from benchmarks.simulator_process import SimulatorProcess

SIMS = 1_000_000
ENDPOINTS = 620_000
SIZE = 1_000
SEARCHES = (
    ("SIMs of one status", "/api/v1/sim?q=status:1"),
    ("SIMs by status", "/api/v1/sim?sort=status"),
    ("SIMs by production date", "/api/v1/sim?sort=-production_date"),
    ("SIMs by endpoint", "/api/v1/sim?sort=endpoint"),
    ("endpoints by name", "/api/v1/endpoint?sort=name"),
    ("endpoints by last change", "/api/v1/endpoint?sort=-last_updated"),
    ("endpoints of one name", "/api/v1/endpoint?q=name:pump-5"),
    ("endpoints by the status of their SIM", "/api/v1/endpoint?q=sim_status:1"),
)


def pages(report: Report, effort: Effort) -> None:
    """Get pages at the start, in the middle and at the end; each is timed to the last byte."""
    with SimulatorProcess(effort.pick(SIMS, 5_000)) as server:
        report.add("resident memory after the start", server.resident(), "MB", goal=at_most(150))
        asyncio.run(_pages(report, server, effort))
        report.add("peak memory while serving pages", server.resident(peak=True), "MB")


async def _pages(report: Report, server: SimulatorProcess, effort: Effort) -> None:
    connection = await Connection.open(server, await log_in(server))
    rounds = effort.pick(41, 1)
    for what, path, count in (
        ("SIMs", "/api/v1/sim", effort.pick(SIMS, 5_000)),
        ("endpoints", "/api/v1/endpoint", effort.pick(ENDPOINTS, 3_000)),
    ):
        last = count // SIZE
        for name, page in (("first", 1), ("middle", last // 2), ("last", last)):
            address = f"{path}?per_page={SIZE}&page={page}"
            cpu = server.cpu()
            times = [await _milliseconds(connection, address) for _ in range(rounds)]
            cpu = 1e3 * (server.cpu() - cpu) / rounds
            note = f"median of {rounds}, fastest {min(times):.1f} ms; CPU {cpu:.1f} ms"
            what_page = f"{name} page of {SIZE:,} {what}"
            report.add(what_page, median(times), "ms", goal=at_most(15), note=note)
    await connection.close()


async def _milliseconds(connection: Connection, path: str) -> float:
    start = perf_counter()
    await connection.get(path)
    return 1e3 * (perf_counter() - start)


def searches(report: Report, effort: Effort) -> None:
    """Filter and sort the whole fleet: get the first page, and the one after it."""
    with SimulatorProcess(effort.pick(SIMS, 5_000)) as server:
        asyncio.run(_searches(report, server))
        report.add("peak memory", server.resident(peak=True), "MB", goal=at_most(200))


async def _searches(report: Report, server: SimulatorProcess) -> None:
    connection = await Connection.open(server, await log_in(server))
    for what, path in SEARCHES:
        cpu = server.cpu()
        first, second = [await _milliseconds(connection, f"{path}&per_page={SIZE}&page={n}") for n in (1, 2)]
        note = f"the next page {second:.0f} ms; CPU of both {1e3 * (server.cpu() - cpu):.0f} ms"
        report.add(what, first, "ms", goal=at_most(1000), note=note)
    await connection.close()
