"""The results of a suite as a JSON file: written after a run, and read to make the page."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

import aioemnify
from benchmarks.cases import Case, Figure, Goal, Report
from benchmarks.environments import versions


@frozen
class Result:
    """What one run of a suite measured."""

    suite: str
    taken: str
    seconds: float
    machine: Mapping[str, Any]
    titles: Mapping[str, str]
    figures: tuple[Figure, ...]
    versions: Mapping[str, Mapping[str, str]]
    left_out: Sequence[str]

    def of_case(self, case: str) -> tuple[Figure, ...]:
        """Return the figures of a case."""
        return tuple(figure for figure in self.figures if figure.case == case)


@frozen
class Results:
    """The results of all suites, by name."""

    suites: Mapping[str, Result]

    def of_case(self, suite: str, case: str) -> tuple[Figure, ...]:
        """Return the figures of a case; none if it was left out."""
        return self.suites[suite].of_case(case) if suite in self.suites else ()


def as_data(
    suite: str, cases: Iterable[Case], report: Report, *, short: bool, seconds: float
) -> dict[str, Any]:
    """Return a run as JSON-ready data, with the date, the machine and all versions."""
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
        "figures": [_figure_data(figure, short=short) for figure in report.figures],
    }


def _figure_data(figure: Figure, *, short: bool) -> dict[str, Any]:
    goal = None if figure.goal is None else [figure.goal.relation, figure.goal.value]
    return {**asdict(figure, recurse=False), "goal": goal, "met": None if short else figure.met}


def processor() -> str:
    """Return the name of this machine's processor."""
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


def load(folder: Path, order: tuple[str, ...] = ()) -> Results:
    """Read the file of each suite: first the suites in ``order``, then the others by name.

    Raises:
        ValueError: A file holds the figures of a short run.
    """
    found = {path.stem: path for path in sorted(folder.glob("*.json"))}
    names = [*(name for name in order if name in found), *(name for name in found if name not in order)]
    return Results({name: _result(json.loads(found[name].read_text(encoding="utf-8"))) for name in names})


def _result(data: dict[str, Any]) -> Result:
    if data.pop("short"):
        raise ValueError(f"the figures of {data['suite']} are meaningless: they come from a short run")
    figures = tuple(_figure(one) for one in data.pop("figures"))
    return Result(titles=data.pop("cases"), figures=figures, **data)


def _figure(data: dict[str, Any]) -> Figure:
    del data["met"]
    return Figure(**{**data, "goal": None if data["goal"] is None else Goal(*data["goal"])})
