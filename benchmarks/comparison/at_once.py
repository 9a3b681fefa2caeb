"""More calls at once than the API accepts: what each client does about it, and what the server refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aioemnify.simulator import Simulator
from benchmarks import environments
from benchmarks.cases import Effort, Missing, Report, exactly
from benchmarks.json_process import JsonProcess


def at_once(report: Report, effort: Effort) -> None:
    """Start all lists in one moment; the simulator has the documented limits, and counts what it refuses."""
    calls = effort.pick(100, 8)
    contestants: dict[str, Callable[[], Path]] = {
        "aioemnify": lambda: environments.own_or_this(report),
        "emnify-sdk": environments.emnify_sdk,
        "openapi-python-client": environments.generated_client,
        "raw httpx": lambda: environments.own_or_this(report),
    }
    for name, create in contestants.items():
        try:
            python = create()
        except Missing as missing:
            report.leave_out(name, str(missing))
            continue
        with Simulator(sims=50, seed=7, tls=False) as simulator:
            address = [simulator.url, simulator.application_token]
            worker = [str(python), "-m", "benchmarks.list_workers.at_once", name, *address]
            with JsonProcess(worker) as process:
                before = len(simulator.requests)
                found = process.ask(calls)
            statuses = [one.status for one in simulator.requests[before:]]
        refused = statuses.count(429)
        if found["lists"] != statuses.count(200):
            raise RuntimeError(f"{name} has {found['lists']} lists of {statuses.count(200)} responses")
        ours = name == "aioemnify"
        note = f"{found['lists']} of {calls} lists read"
        report.add(f"{name}: refused", refused, goal=exactly(0) if ours else None, note=note)
        report.add(f"{name}: time", found["seconds"], "s", note="until all calls have ended")
