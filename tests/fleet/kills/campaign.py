"""A campaign: one run after another, each with a seed of its own, and a line for each that is not good."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from attrs import define, field

from tests.fleet.kills.workers import Workers


class Judged(Protocol):
    """What became of one run."""

    @property
    def good(self) -> bool:
        """Return whether it kept every promise."""


R = TypeVar("R", bound=Judged)


@define
class Campaign(ABC, Generic[R]):
    """Runs with processes that are killed, whose files are in one folder."""

    folder: Path
    seed: int
    runs: list[R] = field(factory=list, kw_only=True)
    show: Callable[[str], object] = field(default=print, kw_only=True)
    _workers: Workers = field(factory=Workers, init=False)

    def run(self, count: int) -> None:
        """Carry out so many runs."""
        for number in range(count):
            self.runs.append(self._one(self.seed * 100_000 + number))
            if not self.runs[-1].good:
                self.show(f"BAD: {self.runs[-1]}")

    @abstractmethod
    def _one(self, seed: int) -> R:
        """Carry out one run, and judge it."""

    @abstractmethod
    def summary(self) -> str:
        """Return a line about all runs."""
