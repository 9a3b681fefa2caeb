"""A fleet in a mirror. ``python -m benchmarks.client.mirrors COUNT`` reads it three times."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio

from aioemnify.fleet import Mirror
from benchmarks import ROOT
from benchmarks.cases import Effort, Report, at_least, at_most, exactly
from benchmarks.client.large_list import LargeList, Meter

SIMS = 1_000_000
CHANGED, GONE, NEW = 500, 50, 20


async def _measure(count: int, path: Path) -> dict[str, Any]:
    """Read a fleet, read it again, and read it with some SIMs changed, gone and new."""
    async with LargeList(count) as emnify, Mirror(emnify, path) as mirror:
        await emnify.sims.list(per_page=1)
        meter = Meter(emnify)
        costs: dict[str, Any] = {}
        await mirror.sync("sims")
        costs["first"] = meter.read()
        _empty(path)
        meter, calls = Meter(emnify), emnify.calls
        await mirror.sync("sims")
        costs["again"] = meter.read() | {"calls": emnify.calls - calls, "written": _size_of_log(path)}
        _change(emnify, count)
        last, expected = await _last_number(mirror), _expected(emnify, count)
        meter = Meter(emnify)
        await mirror.sync("sims")
        costs["changed"] = meter.read()
        found = [[one.kind, one.id] async for one in mirror.changes(after=last)]
        costs["exact"] = sorted(found) == sorted(expected)
        costs["found"] = len(found)
    return costs


def _empty(path: Path) -> None:
    """Empty the log of the file, into which SQLite writes first, so that its size shows what is written."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _size_of_log(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


async def _last_number(mirror: Mirror) -> int:
    (row,) = await mirror.sql("SELECT coalesce(max(number), 0) AS n FROM change")
    return int(row["n"])


def _change(emnify: LargeList, count: int) -> None:
    """Change the list: each time other SIMs, spread over all of it."""
    step = count // (CHANGED + GONE)
    some = range(step // 2, count, step)
    gone = set(some[:: CHANGED // GONE + 1][:GONE])
    emnify.changed = set([one for one in some if one not in gone][:CHANGED])
    emnify.numbers = [number for number in range(count + NEW) if number not in gone]
    emnify.gone = gone


def _expected(emnify: LargeList, count: int) -> list[list[Any]]:
    new = [["new", emnify.id_of(number)] for number in range(count, count + NEW)]
    changed = [["changed", emnify.id_of(number)] for number in emnify.changed]
    return [*new, *changed, *(["gone", emnify.id_of(number)] for number in emnify.gone)]


def mirrors(report: Report, effort: Effort) -> None:
    """Read fleets of a million and of half a million SIMs into mirrors."""
    for count in (effort.pick(SIMS // 2, 6000), effort.pick(SIMS, 12_000)):
        command = [sys.executable, "-m", "benchmarks.client.mirrors", str(count)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
        costs = json.loads(done.stdout)
        name = f"{count:,} SIMs"
        largest = count == effort.pick(SIMS, 12_000)
        for what in ("first", "again", "changed"):
            goal = at_least(80_000) if largest else None
            report.add(f"{name}, {what}: rows per CPU second", count / costs[what]["cpu"], "/s", goal=goal)
        most = max(costs[what]["megabytes"] for what in ("first", "again", "changed"))
        report.add(f"{name}: memory above the client", most, "MB", goal=at_most(25) if largest else None)
        note = "how far the sweep is, every 20 pages, and when it ended"
        report.add(f"{name}, again: written", costs["again"]["written"] / 1e6, "MB", note=note)
        report.add(f"{name}, again: calls", costs["again"]["calls"])
        note = f"{CHANGED} changed, {GONE} gone and {NEW} new"
        report.add(f"{name}: exactly the changes found", float(costs["exact"]), goal=exactly(1), note=note)
        report.add(f"{name}: size", costs["size"], "MB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as _folder:
        _path = Path(_folder, "fleet.db")
        _costs = anyio.run(_measure, int(sys.argv[1]), _path)
        _costs["size"] = _path.stat().st_size / 1e6
    sys.stdout.write(json.dumps(_costs) + "\n")
