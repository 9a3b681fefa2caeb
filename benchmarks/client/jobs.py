"""What a job costs beside its calls. ``python -m benchmarks.client.jobs OPERATION COUNT`` runs one."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import anyio
import httpx

from aioemnify import Emnify, StaticToken
from aioemnify.fleet import Job
from aioemnify.fleet.journals.journal import Journal
from benchmarks import ROOT
from benchmarks.cases import Effort, Report, at_least, at_most
from benchmarks.list_workers.protocol import resident
from benchmarks.unlimited import auth_token, unlimited

UPDATES = "endpoints.update"
COUNTS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
COMPARED = 100_000  # items of the job that is compared with the calls made by hand
BULK_SECONDS = 1.0  # that a server takes for 2,000 changes


async def _measure(operation: str, count: int, path: Path) -> dict[str, float]:
    """Run a job against an instant server, and for updates also the calls that it takes, made by hand."""
    table, auth, samples = unlimited(), StaticToken(auth_token()), dict[str, list[float]]()

    def timed(name: str) -> Any:
        def run(*arguments: Any, **options: Any) -> None:
            start = perf_counter()
            getattr(Journal, name)(*arguments, **options)
            samples.setdefault(name, []).append(perf_counter() - start)

        return run

    def rows(first: int, last: int) -> Any:
        return ({"id": number, "name": f"pump-{number}"} for number in range(first, last))

    sim = {"id": 1, "iccid": "8988303000000000001", "status": {"id": 1}}
    transport = httpx.MockTransport(
        lambda asked: httpx.Response(200, json=sim) if asked.method == "GET" else httpx.Response(204)
    )
    async with Emnify(auth=auth, base_url="http://localhost", transport=transport, limits=table) as emnify:
        await emnify.endpoints.update(1, {"name": "x"})
        memory, start = resident("VmHWM"), process_time()
        watched = type("Watched", (Journal,), {name: timed(name) for name in ("send", "finish")})
        async with Job(emnify, watched(path)) as job:
            bodies = ((row.pop("id"), row) for row in rows(0, count))
            await job.add(operation, bodies if operation == UPDATES else range(count))
            async for outcome in job.run():
                assert outcome.state == "ok", outcome
        cpu, memory = process_time() - start, resident("VmHWM") - memory
        costs = {"cpu": cpu, "megabytes": memory}
        start = perf_counter()
        async with Job(emnify, path):
            costs["reopened"] = perf_counter() - start
        start = process_time()
        for first in range(0, count if operation == UPDATES else 0, 2000):
            await emnify.endpoints.update_bulk(list(rows(first, min(first + 2000, count))))
        costs["by_hand"] = process_time() - start
    return costs | {name: median(each) for name, each in samples.items()}


def _run(operation: str, count: int) -> dict[str, float]:
    """Run a job in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.client.jobs", operation, str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def jobs(report: Report, effort: Effort) -> None:
    """Run jobs of updates, of more and more items, and one of single reads."""
    counts = [effort.pick(count, count // 100) for count in COUNTS]
    costs = {count: _run(UPDATES, count) for count in counts}
    for count, cost in costs.items():
        name, largest = f"{count:,} items", count == counts[-1]
        report.add(
            f"{name}: memory above the client", cost["megabytes"], "MB", goal=at_most(25) if largest else None
        )
        report.add(
            f"{name}: per CPU second", count / cost["cpu"], "/s", goal=at_least(20_000) if largest else None
        )
        report.add(f"{name}: reopened", 1e3 * cost["reopened"], "ms", goal=at_most(100) if largest else None)
    single = _run("sims.get", effort.pick(3000, 30))
    spent = 100 * (single["send"] + single["finish"])
    report.add("journal at 100 calls/s", 100 * spent, "%", goal=at_most(3), note="both commits of a call")
    compared = effort.pick(COMPARED, COMPARED // 100)
    ours, theirs = (BULK_SECONDS * compared / 2000 + costs[compared][name] for name in ("cpu", "by_hand"))
    note = f"{compared:,} updates; the server takes {BULK_SECONDS:g} s for 2,000, the rest is CPU time"
    report.add("relative to update_bulk by hand", ours / theirs, "x", goal=at_most(1.02), note=note)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as _folder:
        _costs = anyio.run(_measure, sys.argv[1], int(sys.argv[2]), Path(_folder, "bench.job"))
    sys.stdout.write(json.dumps(_costs) + "\n")
