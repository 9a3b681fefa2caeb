"""Walking a fleet over HTTP: each contestant in a process of its own, the server in another."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.util import find_spec
from statistics import median
from typing import Any

from attrs import Factory, frozen

from benchmarks.cases import Effort, Goal, Missing, Report, at_most
from benchmarks.client import environments
from benchmarks.client.turns import in_turn
from benchmarks.lifted import some_token
from benchmarks.walkers.server import ROOT, serving

RAW, RAW2 = "raw httpx + msgspec", "raw httpx2 + msgspec"
OURS = ("aioemnify, items", "aioemnify, pages", "aioemnify, prefetch(4)")
OURS2 = "aioemnify over httpx2, pages"
VENDOR, GENERATED = "emnify-sdk", "openapi-python-client"

OWN = {
    "raw httpx + json": "raw httpx json",
    "raw httpx2 + json": "raw httpx2 json",
    RAW: "raw httpx msgspec",
    RAW2: "raw httpx2 msgspec",
    OURS[0]: "ours items",
    OURS[1]: "ours pages",
    OURS[2]: "ours prefetch",
    OURS2: "ours pages httpx2",
}
"""The contestants that run in the library's environment, as ``benchmarks.walkers.own`` calls them."""

Answer = dict[str, float]


@frozen
class Place:
    """A server, and what opens it: the one of pages made beforehand looks at neither token."""

    url: str
    token: str = Factory(some_token)
    application_token: str = "an application token"


class Walker:
    """A contestant: it walks when it is told to."""

    def __init__(self, process: subprocess.Popen[str], name: str) -> None:
        self._process = process
        self._name = name
        self.hear()

    def walk(self, sims: int, *, keep: bool, q: str = "") -> Answer:
        """Let it walk what a filter finds, and return what that took."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"sims": sims, "keep": int(keep), "q": q}) + "\n")
        self._process.stdin.flush()
        answer = self.hear()
        if answer["count"] != sims or (keep and answer["distinct"] != sims):
            raise RuntimeError(f"{self._name} found {answer['distinct']:,} of {sims:,} SIMs: {answer}")
        return answer

    def hear(self) -> Answer:
        """Return its next answer."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._name} has ended")
        answer: Answer = json.loads(line)
        return answer


@contextmanager
def walker(name: str, place: Place, report: Report) -> Iterator[Walker]:
    """Have a contestant for a while.

    Raises:
        Missing: what it needs is not here.
    """
    if name in OWN:
        if "httpx2" in name and find_spec("httpx2") is None:
            raise Missing("httpx2 is not installed")
        python, given = environments.own_or_this(report), ["own", OWN[name], place.url, place.token]
    elif name == VENDOR:
        python, given = environments.vendor(), ["vendor", place.url, place.application_token]
    else:
        python, given = environments.generated(), ["generated", place.url, place.token]
    command = [str(python), "-m", f"benchmarks.walkers.{given[0]}", *given[1:]]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        try:
            yield Walker(process, name)
        finally:
            process.kill()


@contextmanager
def walkers(names: list[str], place: Place, report: Report) -> Iterator[dict[str, Walker]]:
    """Have all contestants that can be had."""
    with ExitStack() as stack:
        found = {}
        for name in names:
            try:
                found[name] = stack.enter_context(walker(name, place, report))
            except Missing as missing:
                report.leave_out(name, str(missing))
        yield found


def contest(
    contestants: Mapping[str, Walker], sims: int, rounds: int, *, keep: bool
) -> dict[str, list[Answer]]:
    """Let them walk in turns; return what each walk took."""
    answers: dict[str, list[Answer]] = {name: [] for name in contestants}
    runs = {name: partial(one.walk, sims, keep=keep) for name, one in contestants.items()}
    for turn in range(rounds):
        for name, run in in_turn(runs, turn):
            answers[name].append(run())
    return answers


def middle(answers: list[Answer], what: str) -> float:
    """Return the median of one quantity."""
    return median(answer[what] for answer in answers)


def kept(report: Report, effort: Effort) -> None:
    """Walk 50,000 SIMs and keep them all."""
    sims, rounds = effort.pick(50_000, 2000), effort.pick(5, 1)
    names = [*OWN, VENDOR, GENERATED]
    with serving(sims) as url, walkers(names, Place(url), report) as contestants:
        answers = contest(contestants, sims, rounds, keep=True)
    note = f"median of {rounds}; gzip pages of 1,000; plain HTTP"
    for name, found in answers.items():
        cpu, wall = middle(found, "cpu"), middle(found, "wall")
        report.add(f"{name}: CPU of a walk", cpu, "s", note=f"{1e6 * cpu / sims:.1f} us a SIM; {note}")
        report.add(f"{name}: time of a walk", wall, "s")
        # Later walks add the holes that the first one left to their peak.
        report.add(f"{name}: peak memory", found[0]["peak"], "MB", note="of the whole process, first walk")
    for ours in (*OURS, OURS2):
        raw = RAW2 if ours == OURS2 else RAW
        compare(report, answers, ours, raw, "cpu", "CPU", at_most(1.1))
        compare(report, answers, ours, VENDOR, "cpu", "CPU", at_most(0.22))
        compare(report, answers, ours, VENDOR, "wall", "time", at_most(0.22))
        compare(report, answers, ours, GENERATED, "cpu", "CPU", None)
        _weigh(report, answers, ours, at_most(1 / 3))
    # What is done by hand tells what no client over the same parts can do better.
    compare(report, answers, RAW, VENDOR, "cpu", "CPU", None)
    compare(report, answers, RAW, VENDOR, "wall", "time", None)
    _weigh(report, answers, RAW, None)


def _weigh(report: Report, answers: Mapping[str, list[Answer]], one: str, goal: Goal | None) -> None:
    """Add the peak of one's memory by that of the vendor's SDK."""
    if one in answers and VENDOR in answers:
        share = answers[one][0]["peak"] / answers[VENDOR][0]["peak"]
        report.add(f"{one}: peak memory by {VENDOR}", share, "x", goal=goal)


def compare(
    report: Report,
    answers: Mapping[str, list[Answer]],
    ours: str,
    other: str,
    quantity: str,
    named: str,
    goal: Goal | None,
) -> None:
    """Add what one takes by what another takes: the median over the rounds, each a pair of neighbours."""
    if ours not in answers or other not in answers:
        return
    pairs = zip(answers[ours], answers[other], strict=True)
    ratios = sorted(one[quantity] / two[quantity] for one, two in pairs)
    note = f"{ratios[0]:.3f} to {ratios[-1]:.3f}"
    report.add(f"{ours}: {named} by {other}", median(ratios), "x", goal=goal, note=note)


def passing(report: Report, effort: Effort) -> None:
    """Walk 50,000 SIMs and keep none: the memory must not grow."""
    sims, rounds = effort.pick(50_000, 2000), effort.pick(3, 1)
    names = [RAW, RAW2, *OURS, OURS2, VENDOR, GENERATED]
    with serving(sims) as url, walkers(names, Place(url), report) as contestants:
        answers = contest(contestants, sims, rounds, keep=False)
    for name, found in answers.items():
        report.add(f"{name}: CPU of a walk", middle(found, "cpu"), "s", note=f"median of {rounds}")
        grown = max(answer["growth"] for answer in found)
        goal = at_most(5.0) if name.startswith("aioemnify") else None
        report.add(f"{name}: growth of memory", grown, "MB", goal=goal, note="after the first 10 pages")
        report.add(f"{name}: peak memory", found[0]["peak"], "MB")
    for ours in (*OURS, OURS2):
        compare(report, answers, ours, RAW2 if ours == OURS2 else RAW, "cpu", "CPU", at_most(1.1))


def million(report: Report, effort: Effort) -> None:
    """Walk fleets of 1,000 to 1,000,000 SIMs and keep none: time is linear, memory flat."""
    sizes = effort.pick([1000, 10_000, 100_000, 1_000_000], [1000, 2000])
    for name in (OURS[0], OURS[1]):
        with serving(max(sizes)) as url, walker(name, Place(url), report) as contestant:
            per_item: dict[int, list[float]] = {size: [] for size in sizes}
            grown: dict[int, float] = {}
            for _ in range(effort.pick(3, 1)):
                for size in sizes:
                    # Short walks are repeated: a single one is over before the clock is sure of it.
                    times = max(1, min(30, sizes[-1] // size))
                    for _ in range(times):
                        answer = contestant.walk(size, keep=False, q=f"fleet:{size}")
                        per_item[size].append(answer["cpu"] / size)
                        grown[size] = max(grown.get(size, 0.0), answer["growth"])
        cost: dict[int, Any] = {size: 1e6 * median(found) for size, found in per_item.items()}
        for size in sizes:
            report.add(f"{name}: CPU of a SIM of {size:,}", cost[size], "us")
        ratio = cost[sizes[-1]] / cost[sizes[0]]
        report.add(f"{name}: cost of one, largest fleet by smallest", ratio, "x", goal=at_most(1.15))
        report.add(f"{name}: growth of memory", grown[sizes[-1]], "MB", goal=at_most(5.0))
