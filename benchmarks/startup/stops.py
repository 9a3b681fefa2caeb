"""How long the first calls stop the event loop, with ``Emnify.preload`` and without."""

from __future__ import annotations

import subprocess
from statistics import median

from benchmarks import environments
from benchmarks.cases import Effort, Report, at_most
from benchmarks.interleaved import rotated
from benchmarks.simulator_process import SimulatorProcess

GROUPS = ("sims", "endpoints", "events", "users", "tariff_profiles", "data_streams", "euiccs", "lookups")
"""Groups with a list, and the lookups, whose first calls are made one after the other."""

CODE = """
import asyncio, time
from asyncio.events import Handle
from aioemnify import Emnify

steps = []
run = Handle._run

def timed(self):
    wall, cpu = time.perf_counter(), time.thread_time()
    run(self)
    steps.append((time.perf_counter() - wall, time.thread_time() - cpu))

Handle._run = timed

async def main():
    {preload}
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    steps.clear()
    async with Emnify({token!r}, base_url={url!r}, ca_file={ca_file!r}) as emnify:
        for group in {groups!r}:
            if group == "lookups":
                await emnify.lookups.list_countries()
            else:
                await getattr(emnify, group).list()
            await asyncio.sleep(0)
            print(*max(steps))
            steps.clear()

asyncio.run(main())
"""

WITH, WITHOUT = "after preload", "without preload"


def first_calls(report: Report, effort: Effort) -> None:
    """Create a client, log in and call groups for the first time, over TLS; time each step of the loop."""
    rounds, python = effort.pick(11, 1), str(environments.own_or_this(report))
    found: dict[str, list[list[tuple[float, float]]]] = {WITH: [], WITHOUT: []}
    with SimulatorProcess(100, tls=True) as server:
        values = {"url": server.url, "token": server.application_token, "ca_file": server.ca_file}
        preload = f"Emnify.preload(base_url={server.url!r}, ca_file={server.ca_file!r})"
        programs = {
            name: CODE.format(preload=line, groups=GROUPS, **values)
            for name, line in ((WITH, preload), (WITHOUT, "pass"))
        }
        for turn in range(rounds):
            for name, code in rotated(programs, turn):
                done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
                lines = [line.split() for line in done.stdout.splitlines()]
                found[name].append([(float(wall), float(cpu)) for wall, cpu in lines])
    for name, processes in found.items():
        # The figure of a process is its longest step. The median leaves out what disturbed one of them.
        wall = median(max(steps)[0] for steps in processes)
        cpu = median(max(cpu for _, cpu in steps) for steps in processes)
        note = f"median of {rounds} processes, {len(GROUPS)} groups, with log-in; CPU {1e3 * cpu:.1f} ms"
        goal = at_most(15) if name == WITH else None
        report.add(f"{name}: longest stop of the event loop", 1e3 * wall, "ms", goal=goal, note=note)
