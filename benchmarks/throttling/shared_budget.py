"""Processes that share one budget through a store, in real time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks import ROOT
from benchmarks.cases import Effort, Report, at_least, at_most, exactly
from benchmarks.json_process import JsonProcess
from benchmarks.rate_limits import FAST, SLOW
from benchmarks.server_model import Rule, Server, SlidingWindow, TokenBucket
from benchmarks.throttling import redis_server

PROCESSES = 4
LOGIN_PROGRAM = ROOT / "tests" / "stores" / "many_processes.py"

DELAY = (0.002, 0.15)
"""Seconds of a round trip; the margin of 0.2 s of shared budgets must cover it, and a busy machine."""

STALL = 0.05
"""Seconds for which a reserved place can be used; on a busy machine a process may miss it."""

SMALL_WINDOW = (400, 10.0)
"""A window that is used up during the benchmark."""


@frozen
class Outcome:
    """The reports of all processes."""

    start: float
    seconds: float
    reports: list[dict[str, Any]]

    @property
    def sent(self) -> list[float]:
        """Return when calls were sent, by all processes."""
        return sorted(moment for report in self.reports for moment in report["sent"])

    def arrivals(self, path: int) -> list[float]:
        """Return when the calls of a path arrived, from all processes."""
        return sorted(moment for report in self.reports for moment in report["arrivals"][path])


class WorkerProcesses:
    """Running workers; all start to send at ``start``."""

    def __init__(self, processes: list[JsonProcess], seconds: float) -> None:
        self._processes = processes
        self._seconds = seconds
        self.start: float = time.monotonic() + 0.2
        for process in processes:
            process.send({"start": self.start})

    def outcome(self) -> Outcome:
        """Wait for all of them."""
        return Outcome(self.start, self._seconds, [process.read() for process in self._processes])


@contextmanager
def worker_processes(
    store: str,
    seconds: float,
    rows: list[tuple[float, float]],
    window: tuple[int, float] | None = None,
) -> Iterator[WorkerProcesses]:
    """Run processes that share a budget, and send as many calls as they may."""
    request = {"store": store, "seconds": seconds, "callers": 10}
    request |= {"rows": rows, "window": window, "delay": DELAY}
    command = [sys.executable, "-m", "benchmarks.throttling.shared_budget_worker"]
    with ExitStack() as stack:
        processes = [
            stack.enter_context(JsonProcess([*command, json.dumps({**request, "seed": seed})]))
            for seed in range(PROCESSES)
        ]
        yield WorkerProcesses(processes, seconds)


def redis(report: Report, effort: Effort) -> None:
    """Share a 10/5 row, and then two rows and a window, through our own redis-server."""
    with redis_server.running() as server:
        _one_row(report, effort, server.url)
        _rows_and_window(report, effort, server.url)


def file(report: Report, effort: Effort) -> None:
    """Share the same limits through a file."""
    with tempfile.TemporaryDirectory() as directory:
        _one_row(report, effort, str(Path(directory, "one")))
        _rows_and_window(report, effort, str(Path(directory, "two")))


def _one_row(report: Report, effort: Effort, store: str) -> None:
    seconds = effort.pick(60.0, 2.0)
    with worker_processes(store, seconds, [SLOW]) as processes:
        outcome = processes.outcome()
    server, (rate, burst) = Server(TokenBucket(*SLOW)), SLOW
    server.replay(outcome.arrivals(0))
    used = 100.0 * server.accepted_by(outcome.start + seconds) / (burst + rate * seconds)
    calls = ", ".join(str(len(one["sent"])) for one in outcome.reports)
    note = f"{seconds:g} s; calls of each process: {calls}"
    _report(report, f"{PROCESSES} processes, row 10/5", outcome, len(server.refused), used, note)


def _rows_and_window(report: Report, effort: Effort, store: str) -> None:
    seconds, (count, length) = effort.pick(29.0, 2.0), SMALL_WINDOW
    with worker_processes(store, seconds, [SLOW, FAST], SMALL_WINDOW) as processes:
        outcome = processes.outcome()
    slow, fast = outcome.arrivals(0), outcome.arrivals(1)
    both = slow + fast
    rules: list[tuple[Rule, list[float]]] = [
        (TokenBucket(*SLOW), slow),
        (TokenBucket(*FAST), fast),
        (SlidingWindow(*SMALL_WINDOW), both),
    ]
    refused = 0
    for rule, arrivals in rules:
        server = Server(rule)
        server.replay(arrivals)
        refused += len(server.refused)
    used = 100.0 * sum(at <= outcome.start + seconds for at in both) / (-(-seconds // length) * count)
    name = f"{PROCESSES} processes, rows 10/5 and 100/50, window {count} in {length:g} s"
    _report(report, name, outcome, refused, used, f"of the window, {seconds:g} s")


def _report(report: Report, name: str, outcome: Outcome, refused: int, used: float, note: str) -> None:
    sent = len(outcome.sent)
    report.add(f"{name}: refused", refused, goal=exactly(0), note=f"of {sent:,} calls")
    late = sum(seconds > STALL for one in outcome.reports for seconds in one["overslept"])
    note += f"; {late} sleeps took {STALL:g} s too long" if late else ""
    report.add(f"{name}: used", used, "%", goal=at_least(99), note=note)
    requests: Counter[str] = Counter()
    for one in outcome.reports:
        requests.update(one["requests"])
    note = ", ".join(f"{what} {times}" for what, times in sorted(requests.items()))
    what = f"{name}: requests to the store for a call"
    report.add(what, requests.total() / sent, goal=at_most(1.1), note=note)
    cpu = 1e6 * sum(one["cpu"] for one in outcome.reports) / sent
    report.add(f"{name}: CPU of a call", cpu, "us", note="of the whole client, over a modelled network")


def shared_login(report: Report, effort: Effort) -> None:
    """Start processes at once that all need the same token."""
    processes = effort.pick(200, 10)
    with tempfile.TemporaryDirectory() as directory:
        _shared_login(report, "file", str(Path(directory, "store")), processes)
    with redis_server.running() as server:
        _shared_login(report, "Redis", server.url, processes)


def _shared_login(report: Report, name: str, store: str, processes: int) -> None:
    command = [sys.executable, str(LOGIN_PROGRAM), store, str(processes)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    counts = json.loads(done.stdout.splitlines()[-1])
    if counts["failed"]:
        raise RuntimeError(done.stderr)
    note = f"{processes} processes, {counts['calls']} calls; a login takes 0.3 s"
    report.add(f"{name}: logins", counts["logins"], goal=exactly(1), note=note)
    report.add(f"{name}: until all have finished", counts["seconds"], "s")
