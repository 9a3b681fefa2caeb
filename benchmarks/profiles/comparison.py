"""The same work by three contestants that take turns: by hand, by the library of before, and as it is now."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from attrs import frozen
from cattrs import structure

import aioemnify
from benchmarks.cases import Effort, Goal, Report, at_most
from benchmarks.profiles.before import sources
from benchmarks.profiles.shares import GROUPS, Looks
from benchmarks.walkers.fleet import SIZE
from benchmarks.walkers.server import ROOT, serving

SHOWN = 12
RAW, BEFORE, NOW = "raw httpx + msgspec", "before", "now"


@frozen
class Contestant:
    """A worker that has said it is ready."""

    process: subprocess.Popen[str]

    def answer(self) -> str:
        """Return the next line that it says."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a worker ended before its answer")
        return line

    def ask(self, order: str, count: int) -> dict[str, Any]:
        """Have it do something so many times, and return what it found."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{order} {count}\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.answer())
        return found


@contextmanager
def started(who: str, what: str, url: str, library: Path) -> Iterator[Contestant]:
    """Have a worker that imports the library from a folder, ended with the block."""
    command = [sys.executable, "-m", "benchmarks.profiles.worker", who, what, url]
    env = os.environ | {"PYTHONPATH": os.pathsep.join((str(library), str(ROOT)))}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=env, text=True, stdin=pipe, stdout=pipe) as process:
        try:
            contestant = Contestant(process)
            contestant.answer()
            yield contestant
        finally:
            process.kill()


@contextmanager
def contestants(what: str) -> Iterator[dict[str, Contestant]]:
    """Have a server and the three who ask it."""
    now = Path(aioemnify.__file__).parents[1]
    with sources() as before, serving(SIZE) as url, ExitStack() as stack:
        found = {}
        for name, who, path in ((RAW, "raw", now), (BEFORE, "client", before), (NOW, "client", now)):
            found[name] = stack.enter_context(started(who, what, url, path))
        yield found


def call(report: Report, effort: Effort) -> None:
    """Get one SIM over a connection that is open, again and again."""
    _compare(report, effort, "call", rounds=30, count=200)


def page(report: Report, effort: Effort) -> None:
    """Get a page of 1,000 SIMs over a connection that is open, again and again."""
    _compare(report, effort, "page", rounds=30, count=10)


def _compare(report: Report, effort: Effort, what: str, *, rounds: int, count: int) -> None:
    rounds, count = effort.pick(rounds, 1), effort.pick(count, 2)
    with contestants(what) as workers:
        times: dict[str, list[float]] = {name: [] for name in workers}
        for turn in range(rounds):
            for name, worker in list(workers.items())[:: 1 if turn % 2 else -1]:
                times[name].append(worker.ask("time", count)["us"])
        seen = {
            name: structure(worker.ask("profile", effort.pick(100, 1) * count), Looks)
            for name, worker in workers.items()
        }
    _tell_times(report, times, at_most(GOAL[what]), f"median of {rounds} rounds of {count:,}")
    log = []
    for name, looks in seen.items():
        us = median(times[name]) / max(looks.groups.total(), 1)
        note = f"of {looks.groups.total():,} looks"
        for group in GROUPS:
            report.add(f"{name}: {group}", us * looks.groups[group], "us", note=note)
        log.append(f"{name}: the functions on top, us for each {what}")
        log += [f"  {us * count:8.1f}  {function}" for function, count in looks.functions.most_common(SHOWN)]
    report.log(log)


def _tell_times(report: Report, times: dict[str, list[float]], goal: Goal, note: str) -> None:
    for name, found in times.items():
        report.add(f"{name}: CPU", median(found), "us", note=note)
    for name in (BEFORE, NOW):
        above = [mine - by_hand for mine, by_hand in zip(times[name], times[RAW], strict=True)]
        report.add(f"{name}: CPU above raw", median(above), "us", note=note)
        ratios = sorted(mine / by_hand for mine, by_hand in zip(times[name], times[RAW], strict=True))
        quarter = len(ratios) // 4
        spread = f"half of the rounds from {ratios[quarter]:.2f} to {ratios[-1 - quarter]:.2f}"
        aim = goal if name == NOW else None
        report.add(f"{name}: CPU beside raw", median(ratios), "x", goal=aim, note=spread)


GOAL = {"call": 1.05, "page": 1.1}
"""What the library may take beside the same work by hand."""
