"""A fleet as a file. ``python -m benchmarks.client.exports SUFFIX COUNT`` writes one."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import anyio

from aioemnify.fleet import export
from benchmarks import ROOT
from benchmarks.cases import Effort, Report, at_least, at_most
from benchmarks.client.large_list import LargeList, Meter

SIMS = 1_000_000
SPEED, MEMORY = 80_000, {".jsonl": 25, ".csv": 25, ".parquet": 320}


async def _measure(suffix: str, count: int, folder: Path) -> dict[str, float]:
    """Export a sweep in all columns."""
    async with LargeList(count) as emnify:
        await emnify.sims.list(per_page=1)
        meter = Meter(emnify)
        rows = await export(emnify.sims.sweep(), folder / f"sims{suffix}")
        assert rows == count, rows
        size = (folder / f"sims{suffix}").stat().st_size
        return meter.read() | {"size": size / 1e6}


def exports(report: Report, effort: Effort) -> None:
    """Write each format, in a process of its own."""
    count = effort.pick(SIMS, 3000)
    for suffix, most in MEMORY.items():
        command = [sys.executable, "-m", "benchmarks.client.exports", suffix, str(count)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
        costs = json.loads(done.stdout)
        note = f"{count:,} SIMs in all columns, from the bytes of the pages on"
        report.add(
            f"{suffix}: rows per CPU second", count / costs["cpu"], "/s", goal=at_least(SPEED), note=note
        )
        report.add(f"{suffix}: memory above the client", costs["megabytes"], "MB", goal=at_most(most))
        report.add(f"{suffix}: size", costs["size"], "MB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as _folder:
        _costs = anyio.run(_measure, sys.argv[1], int(sys.argv[2]), Path(_folder))
    sys.stdout.write(json.dumps(_costs) + "\n")
