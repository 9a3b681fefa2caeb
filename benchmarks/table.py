"""The figures of a run: a table on the terminal, and a file for programs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

import aioemnify
from benchmarks.cases import Case, Figure, Report
from benchmarks.versions import versions

if TYPE_CHECKING:
    from rich.console import Console

VERDICT = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}


def number(value: float) -> str:
    """Return a number with the digits that matter."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    digits = 2 if abs(value) >= 1 else 4
    return f"{value:,.{digits}f}"


def with_unit(value: float, unit: str) -> str:
    """Return a number and what it counts."""
    return f"{number(value)} {unit}".rstrip()


def render(
    console: Console, cases: Iterable[Case], figures: Iterable[Figure], *, judged: bool = True
) -> None:
    """Print each figure beside its goal, and whether it is met if that is to be ``judged``."""
    titles = {case.name: case.title for case in cases}
    table = Table("what", "measured", "goal", "", "note")
    table.columns[1].justify = table.columns[2].justify = "right"
    last = ""
    for figure in figures:
        if figure.case != last:
            last = figure.case
            table.add_section()
            table.add_row(f"[bold]{titles.get(last, last)}[/]")
        aim = figure.goal
        goal = "" if aim is None else f"{aim.relation} {with_unit(aim.value, figure.unit)}"
        verdict = VERDICT[figure.met if judged else None]
        measured = with_unit(figure.value, figure.unit)
        table.add_row(f"  {figure.what}", measured, goal, verdict, figure.note)
    console.print(table)


def as_data(
    suite: str, cases: Iterable[Case], report: Report, *, short: bool, seconds: float
) -> dict[str, Any]:
    """Return a run as plain data: the figures, the logs, and where and when they were taken."""
    found = {figure.case for figure in report.figures}
    return {
        "suite": suite,
        "short": short,
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "machine": {
            "python": platform.python_version(),
            "system": platform.platform(),
            "processors": os.cpu_count(),
            "model": processor(),
            "aioemnify": aioemnify.__version__,
        },
        "versions": versions(),
        "left_out": report.left_out,
        "cases": {case.name: case.title for case in cases if case.name in found},
        "figures": [
            {
                "case": figure.case,
                "what": figure.what,
                "value": figure.value,
                "unit": figure.unit,
                "goal": None if figure.goal is None else [figure.goal.relation, figure.goal.value],
                "met": None if short else figure.met,
                "note": figure.note,
            }
            for figure in report.figures
        ],
        "logs": report.logs,
    }


def processor() -> str:
    """Return the name of this machine's processor, as far as it is known."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def save(path: Path, data: dict[str, Any]) -> None:
    """Write a run to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
