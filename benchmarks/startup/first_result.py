"""The time to the first SIM of a list, compared with a hand-written program over httpx."""

from __future__ import annotations

import subprocess
from statistics import median

from benchmarks import environments
from benchmarks.cases import Effort, Report
from benchmarks.interleaved import rotated
from benchmarks.simulator_process import SimulatorProcess
from benchmarks.startup.fresh_process import Program, compare

RAW = "raw httpx + json"
OURS = "aioemnify"
SIMS = 100

RAW_CODE = """
import asyncio, json, ssl
import httpx
async def first():
    verify = ssl.create_default_context(cafile={ca_file!r}) if {ca_file!r} else True
    async with httpx.AsyncClient(base_url={url!r}, verify=verify) as client:
        response = await client.post("/api/v1/authenticate", json={{"application_token": {token!r}}})
        response.raise_for_status()
        header = {{"authorization": "Bearer " + json.loads(response.content)["auth_token"]}}
        response = await client.get("/api/v1/sim", headers=header)
        response.raise_for_status()
        assert json.loads(response.content)[0]["id"]
"""

OUR_CODE = """
import asyncio
from aioemnify import Emnify
async def first():
    async with Emnify({token!r}, base_url={url!r}, ca_file={ca_file!r}) as emnify:
        async for sim in emnify.sims.list():
            assert sim.id
            break
"""

RUN_ONCE = "asyncio.run(first())\n"

RUN_AND_TIME = """
import sys, time
async def repeat():
    await first()
    for _ in range({times}):
        wall, cpu = time.perf_counter(), time.process_time()
        await first()
        print(time.perf_counter() - wall, time.process_time() - cpu)
asyncio.run(repeat())
"""


def _programs(server: SimulatorProcess) -> dict[str, str]:
    values = {"url": server.url, "token": server.application_token, "ca_file": server.ca_file}
    return {RAW: RAW_CODE.format(**values), OURS: OUR_CODE.format(**values)}


def cold(report: Report, effort: Effort) -> None:
    """Start a process, import, create a client, log in, and read the first SIM of a list."""
    rounds, python = effort.pick(15, 1), environments.own_or_this(report)
    for protocol, tls in (("TLS", True), ("plain HTTP", False)):
        with SimulatorProcess(SIMS, tls=tls) as server:
            programs = {name: Program(code + RUN_ONCE, python) for name, code in _programs(server).items()}
            costs = compare(programs, rounds)
        for name, cost in costs.items():
            note = f"median of {rounds} processes, less an empty process; CPU {1e3 * cost.cpu:.0f} ms"
            report.add(f"{name}: time over {protocol}", 1e3 * cost.wall, "ms", note=note)
        report.add(f"{OURS}: time relative to {RAW}, {protocol}", costs[OURS].wall / costs[RAW].wall)
        report.add(f"{OURS}: CPU relative to {RAW}, {protocol}", costs[OURS].cpu / costs[RAW].cpu)


def warm(report: Report, effort: Effort) -> None:
    """Create a client, log in and read the first SIM of a list, in a process that has done so before."""
    # All logins of a process share a limit with burst 5; more of them would wait for it.
    rounds, times = effort.pick(13, 1), effort.pick(4, 1)
    python = str(environments.own_or_this(report))
    found: dict[str, list[list[float]]] = {RAW: [], OURS: []}
    with SimulatorProcess(SIMS) as server:
        programs = _programs(server)
        for turn in range(rounds):
            for name, code in rotated(programs, turn):
                command = [python, "-c", code + RUN_AND_TIME.format(times=times)]
                output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                found[name] += [[float(one) for one in line.split()] for line in output.splitlines()]
    wall, cpu = ({name: median(one[n] for one in taken) for name, taken in found.items()} for n in (0, 1))
    for name in found:
        note = f"median of {rounds * times}; login and a page of {SIMS} SIMs; CPU {1e3 * cpu[name]:.2f} ms"
        report.add(f"{name}: time to the first item", 1e3 * wall[name], "ms", note=note)
    note = f"CPU {cpu[OURS] / cpu[RAW]:.2f}"
    report.add(f"{OURS}: time relative to {RAW}", wall[OURS] / wall[RAW], note=note)
