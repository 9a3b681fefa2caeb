"""How many requests the simulator answers, with the load beside it on the same machine."""

from __future__ import annotations

import asyncio
from statistics import median
from time import perf_counter, process_time

from benchmarks.cases import Effort, Report, at_least
from benchmarks.simulator.served import Served
from benchmarks.simulator.streams import Connection, token_of

_SIMS = 1_000_000
_CONNECTIONS = 16


def requests(report: Report, effort: Effort) -> None:
    """Read single SIMs all over the fleet through kept connections, each with a token to be checked."""
    rounds, count = effort.pick((5, 8_000), (1, 64))
    with Served(_SIMS) as served:
        found = asyncio.run(_rounds(served, rounds, count))
    each = count // _CONNECTIONS * _CONNECTIONS
    rates = [each / wall for wall, _, _ in found]
    report.add(
        "answered a second",
        median(rates),
        "/s",
        goal=at_least(1500),
        note=f"median of {rounds} rounds of {each:,}; {min(rates):,.0f} to {max(rates):,.0f}",
    )
    report.add(
        "CPU of the simulator for each",
        1e6 * median(cpu for _, cpu, _ in found) / each,
        "us",
        note=f"CPU of the load beside it: {1e6 * median(load for _, _, load in found) / each:.0f} us",
    )


async def _rounds(served: Served, rounds: int, count: int) -> list[tuple[float, float, float]]:
    """Return wall seconds, and processor seconds here and there, of each round."""
    token = await token_of(served)
    connections = [await Connection.to(served, token) for _ in range(_CONNECTIONS)]

    async def caller(me: int, connection: Connection, calls: int) -> None:
        for turn in range(calls):
            await connection.get(f"/api/v1/sim/{(turn * 7_919 + me * 31_337) % _SIMS + 1}")

    async def together(calls: int) -> None:
        async with asyncio.TaskGroup() as group:
            for me, connection in enumerate(connections):
                group.create_task(caller(me, connection, calls))

    await together(min(50, count // _CONNECTIONS))
    found = []
    for _ in range(rounds):
        wall, cpu, load = perf_counter(), served.cpu(), process_time()
        await together(count // _CONNECTIONS)
        found.append((perf_counter() - wall, served.cpu() - cpu, process_time() - load))
    for connection in connections:
        await connection.close()
    return found
