"""From nothing, or from a client with its modules loaded, to the first SIM: beside the same by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from attrs import frozen

from benchmarks.cases import Effort, Missing, Report
from benchmarks.client import environments
from benchmarks.client.turns import in_turn
from benchmarks.startup.fresh import Program, compare

RAW = "raw httpx + json"
OWN = "aioemnify"


@frozen
class Place:
    """Where the simulator listens, and what opens it."""

    url: str
    token: str
    ca_file: str | None


@contextmanager
def simulator(*options: str) -> Iterator[Place]:
    """Have a simulator in a process of its own, with no limit in force."""
    command = [sys.executable, "-m", "aioemnify.simulator", "--no-limits", "--sims", "100", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise Missing("the simulator does not start; it needs aioemnify[simulator]")
        told = json.loads(line)
        yield Place(told["url"], told["application_token"], told["ca_file"])
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


BY_HAND = """
import asyncio, json, ssl
import httpx
async def first():
    verify = ssl.create_default_context(cafile={ca_file!r}) if {ca_file!r} else True
    async with httpx.AsyncClient(base_url={url!r}, verify=verify) as client:
        answer = await client.post("/api/v1/authenticate", json={{"application_token": {token!r}}})
        answer.raise_for_status()
        header = {{"authorization": "Bearer " + json.loads(answer.content)["auth_token"]}}
        answer = await client.get("/api/v1/sim", headers=header)
        answer.raise_for_status()
        assert json.loads(answer.content)[0]["id"]
"""

BY_US = """
import asyncio
from aioemnify import Emnify
async def first():
    async with Emnify({token!r}, base_url={url!r}, ca_file={ca_file!r}) as emnify:
        async for sim in emnify.sims.list():
            assert sim.id
            break
"""

ONCE = "asyncio.run(first())\n"

SEVERAL = """
import sys, time
async def several():
    await first()
    for _ in range({rounds}):
        wall, cpu = time.perf_counter(), time.process_time()
        await first()
        print(time.perf_counter() - wall, time.process_time() - cpu)
asyncio.run(several())
"""


def _programs(place: Place) -> dict[str, str]:
    given = {"url": place.url, "token": place.token, "ca_file": place.ca_file}
    return {RAW: BY_HAND.format(**given), OWN: BY_US.format(**given)}


def cold(report: Report, effort: Effort) -> None:
    """Start a process, import, make a client, log in, and read the first SIM of a list."""
    rounds, python = effort.pick(15, 1), environments.own_or_this(report)
    for words, options in (("over TLS", ()), ("over plain HTTP", ("--http",))):
        with simulator(*options) as place:
            programs = {name: Program(code + ONCE, python) for name, code in _programs(place).items()}
            costs = compare(programs, rounds)
        for name, cost in costs.items():
            note = (
                f"median of {rounds} processes, one that does nothing taken off; CPU {1e3 * cost.cpu:.0f} ms"
            )
            report.add(f"{name}: time {words}", 1e3 * cost.wall, "ms", note=note)
        report.add(
            f"{OWN}: time by {RAW}, {words}",
            costs[OWN].wall / costs[RAW].wall,
        )
        report.add(f"{OWN}: CPU by {RAW}, {words}", costs[OWN].cpu / costs[RAW].cpu)


def item(report: Report, effort: Effort) -> None:
    """Make a client, log in and read the first SIM of a list, in a process that has done it before."""
    # Logins of one process share a row of burst 5: more of them in a row would measure how they are paced.
    rounds, times = effort.pick(13, 1), effort.pick(4, 1)
    python = str(environments.own_or_this(report))
    found: dict[str, list[tuple[float, float]]] = {RAW: [], OWN: []}
    with simulator("--http") as place:
        programs = _programs(place)
        for turn in range(rounds):
            for name, code in in_turn(programs, turn):
                command = [python, "-c", code + SEVERAL.format(rounds=times)]
                told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                found[name] += [(float(wall), float(cpu)) for wall, cpu in map(str.split, told.splitlines())]
    walls = {name: median(wall for wall, _ in taken) for name, taken in found.items()}
    cpus = {name: median(cpu for _, cpu in taken) for name, taken in found.items()}
    for name, wall in walls.items():
        note = f"median of {rounds * times}; login and a page of 100 SIMs; CPU {1e3 * cpus[name]:.2f} ms"
        report.add(f"{name}: time to the first item", 1e3 * wall, "ms", note=note)
    report.add(f"{OWN}: time by {RAW}", walls[OWN] / walls[RAW], note=f"CPU {cpus[OWN] / cpus[RAW]:.2f}")
