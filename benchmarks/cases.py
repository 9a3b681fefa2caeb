"""The parts of a benchmark: cases that report figures, some of them with a goal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

from attrs import Factory, define, frozen

T = TypeVar("T")

Kind = Literal["virtual", "cpu", "processes"]
"""``virtual``: modelled time, the figures are the same on every machine. ``cpu``: times this process.
``processes``: starts other processes and runs in real time."""


@frozen
class Goal:
    """The value that a figure should have."""

    relation: Literal["<=", ">=", "="]
    value: float

    def met_by(self, value: float) -> bool:
        """Return whether a value meets the goal."""
        if self.relation == "<=":
            return value <= self.value
        return value >= self.value if self.relation == ">=" else value == self.value


def at_most(value: float) -> Goal:
    """Return the goal ``<= value``."""
    return Goal("<=", value)


def at_least(value: float) -> Goal:
    """Return the goal ``>= value``."""
    return Goal(">=", value)


def exactly(value: float) -> Goal:
    """Return the goal ``= value``."""
    return Goal("=", value)


@frozen(kw_only=True)
class Figure:
    """One measured number; ``what`` is "contestant: quantity", and ``note`` says how it was measured."""

    case: str
    what: str
    value: float
    unit: str = ""
    goal: Goal | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Return whether the goal is met; ``None`` without a goal."""
        return None if self.goal is None else self.goal.met_by(self.value)


@define
class Report:
    """The figures of a run, as its cases report them.

    Args:
        show: Called with each figure and message as it arrives.
    """

    show: Callable[[Figure | str], None] = lambda _: None
    figures: list[Figure] = Factory(list)
    left_out: list[str] = Factory(list)
    case: str = ""

    def add(
        self, what: str, value: float, unit: str = "", *, goal: Goal | None = None, note: str = ""
    ) -> None:
        """Add a figure to the running case."""
        figure = Figure(case=self.case, what=what, value=value, unit=unit, goal=goal, note=note)
        self.figures.append(figure)
        self.show(figure)

    def leave_out(self, what: str, why: str) -> None:
        """Record that a contestant or case could not run."""
        line = f"{what}: {why}"
        if line not in self.left_out:
            self.left_out.append(line)
        self.show(f"left out: {line}")


@frozen
class Effort:
    """How much to run: enough for a figure, or just enough to check that everything works."""

    short: bool

    def pick(self, full: T, short: T) -> T:
        """Return the value for this effort."""
        return short if self.short else full


@frozen
class Case:
    """One thing to measure."""

    name: str
    title: str
    kind: Kind
    run: Callable[[Report, Effort], None]


class Missing(Exception):
    """Something that a case needs is not installed on this machine."""
