"""Processes that share one budget, in real time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks.cases import Effort, Report, at_least, at_most, exactly
from benchmarks.server_model import Log, Refill, Rule, Server
from benchmarks.throttling import redis_server
from benchmarks.throttling.rows import FAST, SLOW

PROCESSES = 4
ROOT = Path(__file__).parents[2]
CROWD = ROOT / "tests" / "stores" / "crowd.py"

DELAY = (0.002, 0.15)
"""Seconds there and back; the margin of 0.2 s that sharers keep has to cover it, and a busy machine."""

STALL = 0.05
"""Seconds for which a place that was booked can be used; a busy machine may let a process miss it."""

FULL_WINDOW = (400, 10.0)
"""A window that is used up while the benchmark runs."""


@frozen
class Outcome:
    """What the processes told when they were done."""

    start: float
    seconds: float
    reports: list[dict[str, Any]]
    logs: list[list[tuple[float, str]]]

    @property
    def granted(self) -> int:
        """Return how many calls were let through."""
        return sum(len(report["granted"]) for report in self.reports)

    def arrivals(self, path: int) -> list[float]:
        """Return when the calls of a path arrived."""
        return sorted(moment for report in self.reports for moment in report["arrivals"][path])


class Fleet:
    """Processes that all start at one moment and send as many calls as they may."""

    def __init__(
        self,
        store: str,
        seconds: float,
        rows: list[tuple[float, float]],
        window: tuple[int, float] | None = None,
        *,
        lead: float = 3.0,
    ) -> None:
        # They have to be loaded by then, four at a time on few cores.
        self.start: float = time.monotonic() + lead
        self._seconds = seconds
        orders = {
            "store": store,
            "start": self.start,
            "seconds": seconds,
            "rows": rows,
            "window": window,
            "delay": DELAY,
            "callers": 10,
        }
        self._running = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.throttling.worker", json.dumps({**orders, "me": me})],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for me in range(PROCESSES)
        ]

    def outcome(self) -> Outcome:
        """Wait for all of them."""
        reports, logs = [], []
        for process in self._running:
            output, errors = process.communicate(timeout=self._seconds + 60)
            if process.returncode:
                raise RuntimeError(f"a process failed:\n{errors}")
            reports.append(json.loads(output))
            lines = [line.split(" ", 1) for line in errors.splitlines()]
            logs.append([(float(moment), text) for moment, text in lines])
        return Outcome(self.start, self._seconds, reports, logs)


def redis(report: Report, effort: Effort) -> None:
    """Share a 10/5 row, and two rows and a window at once, over a redis-server of our own."""
    with redis_server.running() as server:
        _one_row(report, effort, server.url)
        _all_at_once(report, effort, server.url)


def file(report: Report, effort: Effort) -> None:
    """The same over a file."""
    with tempfile.TemporaryDirectory() as directory:
        _one_row(report, effort, str(Path(directory, "one")))
        _all_at_once(report, effort, str(Path(directory, "two")))


def _one_row(report: Report, effort: Effort, store: str) -> None:
    seconds = effort.pick(60.0, 2.0)
    outcome = Fleet(store, seconds, [SLOW], lead=effort.pick(3.0, 1.5)).outcome()
    server, (rate, burst) = Server(Refill(*SLOW)), SLOW
    server.replay(outcome.arrivals(0))
    name = f"{PROCESSES} processes, row 10/5"
    shares = [len(one["granted"]) for one in outcome.reports]
    report.add(f"{name}: refused", len(server.refused), goal=exactly(0), note=f"of {outcome.granted:,} calls")
    used = 100.0 * server.accepted_by(outcome.start + seconds) / (burst + rate * seconds)
    note = f"{seconds:g} s; calls of each: {', '.join(map(str, shares))}{_stalls(outcome)}"
    report.add(f"{name}: used", used, "%", goal=at_least(99), note=note)
    _costs(report, name, outcome)


def _all_at_once(report: Report, effort: Effort, store: str) -> None:
    seconds = effort.pick(29.0, 2.0)
    outcome = Fleet(store, seconds, [SLOW, FAST], FULL_WINDOW, lead=effort.pick(3.0, 1.5)).outcome()
    name = f"{PROCESSES} processes, rows 10/5 and 100/50, window {FULL_WINDOW[0]} in {FULL_WINDOW[1]:g} s"
    refused = 0
    rules: list[tuple[Rule, list[float]]] = [
        (Refill(*SLOW), outcome.arrivals(0)),
        (Refill(*FAST), outcome.arrivals(1)),
        (Log(*FULL_WINDOW), [*outcome.arrivals(0), *outcome.arrivals(1)]),
    ]
    for rule, arrivals in rules:
        server = Server(rule)
        server.replay(arrivals)
        refused += len(server.refused)
    report.add(f"{name}: refused", refused, goal=exactly(0), note=f"of {outcome.granted:,} calls")
    count, length = FULL_WINDOW
    arrived = sum(at <= outcome.start + seconds for at in rules[2][1])
    used = 100.0 * arrived / (-(-seconds // length) * count)
    report.add(
        f"{name}: used", used, "%", goal=at_least(99), note=f"of the window, {seconds:g} s{_stalls(outcome)}"
    )
    _costs(report, name, outcome)


def _stalls(outcome: Outcome) -> str:
    """Return how often the machine let a process wait for so long that it missed a place it had."""
    late = sum(seconds > STALL for one in outcome.reports for seconds in one["overslept"])
    return f"; of its sleeps {late} took {STALL:g} s too long" if late else ""


def _costs(report: Report, name: str, outcome: Outcome) -> None:
    asked: dict[str, int] = {}
    for one in outcome.reports:
        for what, times in one["asked"].items():
            asked[what] = asked.get(what, 0) + times
    calls = sum(asked.values()) / outcome.granted
    note = ", ".join(f"{what} {times}" for what, times in sorted(asked.items()))
    report.add(f"{name}: calls of the store for each grant", calls, goal=at_most(1.1), note=note)
    cpu = 1e6 * sum(one["cpu"] for one in outcome.reports) / outcome.granted
    report.add(f"{name}: CPU for each grant", cpu, "us", note="the modelled network included")


def crowd(report: Report, effort: Effort) -> None:
    """Start processes at once that all need the same token."""
    processes = effort.pick(200, 10)
    with tempfile.TemporaryDirectory() as directory:
        _crowd(report, "file", str(Path(directory, "store")), processes)
    with redis_server.running() as server:
        _crowd(report, "Redis", server.url, processes)


def _crowd(report: Report, name: str, store: str, processes: int) -> None:
    done = subprocess.run(
        [sys.executable, str(CROWD), store, str(processes)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    counts = json.loads(done.stdout.splitlines()[-1])
    if counts["failed"]:
        raise RuntimeError(done.stderr)
    note = f"{processes} processes, {counts['calls']} calls, an authentication takes 0.3 s"
    report.add(f"{name}: authentications", counts["logins"], goal=exactly(1), note=note)
    report.add(f"{name}: until all are done", counts["seconds"], "s")
