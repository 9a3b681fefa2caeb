"""What a benchmark is made of: cases that report figures, each with the goal it is held against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

from attrs import Factory, define, frozen

T = TypeVar("T")

Kind = Literal["virtual", "cpu", "processes"]
"""``virtual``: time is modelled, the figures are the same on every machine. ``cpu``: this process is timed.
``processes``: other processes are started, and it all happens in real time."""


@frozen
class Goal:
    """What a figure should be."""

    relation: Literal["<=", ">=", "="]
    value: float

    def met_by(self, value: float) -> bool:
        """Say whether a figure reaches the goal."""
        if self.relation == "<=":
            return value <= self.value
        return value >= self.value if self.relation == ">=" else value == self.value


def at_most(value: float) -> Goal:
    """Return the goal of that much at the most."""
    return Goal("<=", value)


def at_least(value: float) -> Goal:
    """Return the goal of that much at the least."""
    return Goal(">=", value)


def exactly(value: float) -> Goal:
    """Return the goal of just that."""
    return Goal("=", value)


@frozen(kw_only=True)
class Figure:
    """One measured number. ``note`` tells how it came about, in a few words."""

    case: str
    what: str
    value: float
    unit: str = ""
    goal: Goal | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Say whether the goal is reached; ``None`` where there is none."""
        return None if self.goal is None else self.goal.met_by(self.value)


@define
class Report:
    """What the cases of a run have found so far.

    Args:
        watch: is told each figure and each log as it comes.
    """

    watch: Callable[[Figure | str], None] = lambda _: None
    figures: list[Figure] = Factory(list)
    left_out: list[str] = Factory(list)
    logs: dict[str, list[str]] = Factory(dict)
    case: str = ""

    def add(
        self, what: str, value: float, unit: str = "", *, goal: Goal | None = None, note: str = ""
    ) -> None:
        """Add a figure of the case that runs."""
        figure = Figure(case=self.case, what=what, value=value, unit=unit, goal=goal, note=note)
        self.figures.append(figure)
        self.watch(figure)

    def leave_out(self, what: str, why: str) -> None:
        """Tell that somebody or something could not take part: never in silence."""
        line = f"{what}: {why}"
        if line not in self.left_out:
            self.left_out.append(line)
        self.watch(f"left out: {line}")

    def log(self, lines: list[str]) -> None:
        """Add the log of the case that runs."""
        self.logs[self.case] = lines
        self.watch("\n".join(lines))


@frozen
class Effort:
    """How much is run: all that a figure needs, or just enough to see that everything works."""

    short: bool

    def pick(self, full: T, short: T) -> T:
        """Return what fits the effort."""
        return short if self.short else full


@frozen
class Case:
    """One thing to measure."""

    name: str
    title: str
    kind: Kind
    run: Callable[[Report, Effort], None]


class Missing(Exception):
    """What a case needs is not on this machine: it is left out."""
