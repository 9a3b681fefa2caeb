"""What became of each mutant of a sample, and whether that is good enough."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

SURVIVORS = Path(__file__).with_name("survivors.toml")

KILLED_AT_LEAST = 0.9
"""The share of the mutants that change behaviour which the tests have to notice."""

Status = Literal["killed", "timed out", "survived", "not reached"]

# pytest's exit codes: tests failed, the run was interrupted, an error of pytest itself. A run without
# a mutant passes, so the mutant is to blame for each of them.
KILLED = (1, 2, 3)
# The exit code of our own limit, and the signals of mutmut's limits: SIGXCPU, then SIGKILL.
TIMED_OUT = (36, -24, -9)
SURVIVED = (0,)
# No test was left to run, or none calls the function.
NOT_REACHED = (5, 33)


def status_of(exit_code: int | None) -> Status:
    """Return what an exit code says about a mutant.

    Raises:
        ValueError: it says nothing, because the run itself went wrong.
    """
    if exit_code in KILLED:
        return "killed"
    if exit_code in TIMED_OUT:
        return "timed out"
    if exit_code in SURVIVED:
        return "survived"
    if exit_code in NOT_REACHED:
        return "not reached"
    raise ValueError(f"exit code {exit_code}")


def changed_lines(diff: str) -> str:
    """Return the removed and added lines of a diff, without the lines around them and their indentation."""
    lines = (line for line in diff.splitlines() if line[:1] in ("-", "+") and line[:3] not in ("---", "+++"))
    return "\n".join(f"{line[0]} {line[1:].strip()}" for line in lines)


def is_other_case(diff: str) -> bool:
    """Say whether a mutant only writes a text in capitals or small letters.

    mutmut makes two of these for each text, beside one that adds letters to it. That one tells whether a
    test reads the text; most of the others are SQL and error texts.
    """
    removed, _, added = changed_lines(diff).partition("\n+ ")
    return removed.removeprefix("- ").lower() == added.lower()


@dataclass(frozen=True)
class Mutant:
    """A change to one function. ``function`` is its qualified name inside its module."""

    path: str
    line: int
    function: str
    diff: str
    status: Status

    @property
    def key(self) -> tuple[str, str]:
        """Return what stays the same when the module moves or other lines change."""
        return self.function, changed_lines(self.diff)


@dataclass(frozen=True)
class Explanation:
    """Why a mutant may survive. ``equivalent``: no caller can tell it from the original."""

    reason: str
    equivalent: bool


def explained(text: str) -> dict[tuple[str, str], Explanation]:
    """Read the explanations of survivors.

    Raises:
        ValueError: an entry has no reason.
    """
    found = {}
    for entry in tomllib.loads(text).get("survivor", []):
        reason = entry["reason"].strip()
        if not reason:
            raise ValueError(f"{entry['function']}: the reason is empty")
        found[entry["function"], changed_lines(entry["diff"])] = Explanation(reason, entry["equivalent"])
    return found


@dataclass
class Verdict:
    """The mutants of a sample, by what became of them."""

    killed: list[Mutant] = field(default_factory=list)
    timed_out: list[Mutant] = field(default_factory=list)
    survived: list[tuple[Mutant, Explanation]] = field(default_factory=list)
    unexplained: list[Mutant] = field(default_factory=list)
    outdated: list[Mutant] = field(default_factory=list)
    """Killed, although an explanation says that they survive."""

    @property
    def rate(self) -> float:
        """Return the share of the mutants that change behaviour which were noticed."""
        noticed = len(self.killed) + len(self.timed_out)
        unnoticed = len(self.unexplained) + sum(not why.equivalent for _, why in self.survived)
        return noticed / (noticed + unnoticed) if noticed + unnoticed else 1.0

    @property
    def passed(self) -> bool:
        """Say whether enough were noticed and every survivor has its explanation."""
        return self.rate >= KILLED_AT_LEAST and not self.unexplained and not self.outdated


def judge(mutants: Iterable[Mutant], known: Mapping[tuple[str, str], Explanation]) -> Verdict:
    """Sort the mutants of a sample."""
    verdict = Verdict()
    for mutant in mutants:
        why = known.get(mutant.key)
        if mutant.status in ("survived", "not reached"):
            if why is None:
                verdict.unexplained.append(mutant)
            else:
                verdict.survived.append((mutant, why))
            continue
        (verdict.killed if mutant.status == "killed" else verdict.timed_out).append(mutant)
        if why is not None:
            verdict.outdated.append(mutant)
    return verdict


def report(verdict: Verdict) -> Iterator[str]:
    """Yield the lines that tell about a sample; a survivor without a reason as an entry to fill in."""
    for mutant, why in verdict.survived:
        kind = "equivalent" if why.equivalent else "survived"
        yield f"{mutant.path}:{mutant.line} {mutant.function}: {kind}: {why.reason}"
        yield _indented(changed_lines(mutant.diff))
    for mutant in verdict.outdated:
        yield f"{mutant.path}:{mutant.line} {mutant.function}: killed; take it out of {SURVIVORS.name}"
        yield _indented(changed_lines(mutant.diff))
    for mutant in verdict.unexplained:
        what = "no test calls it" if mutant.status == "not reached" else "survived"
        yield f"{mutant.path}:{mutant.line} {mutant.function}: {what}; write a test, or explain it:"
        yield _indented(mutant.diff)
        yield f'[[survivor]]\nfunction = "{mutant.function}"'
        yield f"diff = '''\n{changed_lines(mutant.diff)}\n'''\nreason = \"\"\nequivalent = false\n"
    survived = len(verdict.survived) + len(verdict.unexplained)
    equivalent = sum(why.equivalent for _, why in verdict.survived)
    yield (
        f"{len(verdict.killed)} killed, {len(verdict.timed_out)} timed out, {survived} survived: "
        f"{equivalent} equivalent, {len(verdict.survived) - equivalent} with another reason, "
        f"{len(verdict.unexplained)} without a reason"
    )
    yield f"noticed of those that change behaviour: {verdict.rate:.1%} (at least {KILLED_AT_LEAST:.0%})"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
