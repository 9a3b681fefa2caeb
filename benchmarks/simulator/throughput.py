"""The requests that the simulator answers a second, with the load generator on the same machine."""

from __future__ import annotations

import asyncio
from statistics import median
from time import perf_counter, process_time

from benchmarks.cases import Effort, Report, at_least
from benchmarks.simulator.connection import Connection, log_in
from benchmarks.simulator_process import SimulatorProcess

SIMS = 1_000_000
CONNECTIONS = 16


def throughput(report: Report, effort: Effort) -> None:
    """Get single SIMs from all over the fleet, each request with a token to check."""
    rounds, count = effort.pick((5, 8_000), (1, 64))
    with SimulatorProcess(SIMS) as server:
        found = asyncio.run(_rounds(server, rounds, count // CONNECTIONS))
    rates = [count / wall for wall, _, _ in found]
    note = f"median of {rounds} rounds of {count:,}; {min(rates):,.0f} to {max(rates):,.0f}"
    report.add("requests a second", median(rates), "/s", goal=at_least(1500), note=note)
    cpu, load = (1e6 * median(one[place] for one in found) / count for place in (1, 2))
    note = f"CPU of the load generator {load:.0f} us"
    report.add("CPU of the simulator for a request", cpu, "us", note=note)


async def _rounds(server: SimulatorProcess, rounds: int, calls: int) -> list[tuple[float, float, float]]:
    """Return wall seconds, and CPU seconds of the simulator and of the load, for each round."""
    token = await log_in(server)
    connections = [await Connection.open(server, token) for _ in range(CONNECTIONS)]

    async def caller(place: int, connection: Connection, calls: int) -> None:
        for turn in range(calls):
            await connection.get(f"/api/v1/sim/{(turn * 7_919 + place * 31_337) % SIMS + 1}")

    async def load(calls: int) -> None:
        await asyncio.gather(*(caller(place, one, calls) for place, one in enumerate(connections)))

    await load(min(50, calls))
    found = []
    for _ in range(rounds):
        wall, cpu, own = perf_counter(), server.cpu(), process_time()
        await load(calls)
        found.append((perf_counter() - wall, server.cpu() - cpu, process_time() - own))
    for connection in connections:
        await connection.close()
    return found
