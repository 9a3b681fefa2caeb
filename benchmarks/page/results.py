"""The kept results of the suites, read back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks.cases import Figure, Goal


@frozen
class Machine:
    """Where figures were taken."""

    processor: str
    processors: int
    system: str
    python: str
    library: str

    @property
    def kernel(self) -> str:
        """Return the system's name and version, without what its makers add."""
        return " ".join(self.system.split("-")[:2])


@frozen
class Result:
    """What one suite found in one run."""

    suite: str
    taken: str
    seconds: float
    machine: Machine
    titles: Mapping[str, str]
    figures: tuple[Figure, ...]
    logs: Mapping[str, list[str]]
    versions: Mapping[str, Mapping[str, str]]
    left_out: Sequence[str]

    def of_case(self, case: str) -> tuple[Figure, ...]:
        """Return the figures of a case."""
        return tuple(figure for figure in self.figures if figure.case == case)


@frozen
class Results:
    """What all suites found, by their names."""

    suites: Mapping[str, Result]

    def of_case(self, suite: str, case: str) -> tuple[Figure, ...]:
        """Return the figures of a case; none if it or its suite was left out."""
        return self.suites[suite].of_case(case) if suite in self.suites else ()


def load(folder: Path, order: tuple[str, ...] = ()) -> Results:
    """Read the file of each suite: first those in ``order``, then the rest by name."""
    found = {path.stem: path for path in sorted(folder.glob("*.json"))}
    names = [*(name for name in order if name in found), *(name for name in found if name not in order)]
    return Results({name: _result(json.loads(found[name].read_text(encoding="utf-8"))) for name in names})


def _result(data: Mapping[str, Any]) -> Result:
    if data["short"]:
        raise ValueError(f"the results of {data['suite']} are those of a short run, and mean nothing")
    where = data["machine"]
    return Result(
        suite=data["suite"],
        taken=data["taken"],
        seconds=data["seconds"],
        machine=Machine(
            where["model"], where["processors"], where["system"], where["python"], where["aioemnify"]
        ),
        titles=data["cases"],
        figures=tuple(_figure(one) for one in data["figures"]),
        logs=data["logs"],
        versions=data["versions"],
        left_out=data["left_out"],
    )


def _figure(data: Mapping[str, Any]) -> Figure:
    goal = None if data["goal"] is None else Goal(*data["goal"])
    return Figure(
        case=data["case"],
        what=data["what"],
        value=data["value"],
        unit=data["unit"],
        goal=goal,
        note=data["note"],
    )
