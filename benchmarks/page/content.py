"""What the template of the page is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from benchmarks.cases import Figure
from benchmarks.page import goals, plots
from benchmarks.page.numbers import amount, measured, number
from benchmarks.page.results import Result, Results
from benchmarks.page.tables import Table, parts, tabulate
from benchmarks.walkers import fleet

REFERENCES = ("raw httpx + msgspec", "raw httpx", "msgspec Struct", "import httpx", "httpx", "asyncio")
"""Contestants that others are set beside where they take part, the first of these first."""

FLOORS: Mapping[tuple[str, str, str], str] = {
    ("startup", "import", "aioemnify: CPU"): (
        "no class can be had for less than msgspec, attrs, anyio and asyncio, whose row is below; "
        "the rest is the library's own modules, a good quarter of that the making of classes by attrs"
    ),
    ("startup", "first-use", "aioemnify, "): (
        "attrs writes and compiles the methods of each class when it is made, 0.3 to 0.5 ms for one, and "
        "a SIM and what its calls take and give are 41 classes"
    ),
    ("client", "calls", "aioemnify over httpx2"): (
        "the library's own work is the same as over httpx, where as much is saved by going past httpx's "
        "client; that of httpx2 is thin, so little is saved there, and of its cheaper call the same work is "
        "a larger part"
    ),
    ("client", "calls", "aioemnify over"): (
        "beyond the HTTP library a call is admitted to its limits, given a token, and watched over "
        "for its time; the profile below shows each part"
    ),
    ("limiters", "waiters", "aioemnify: CPU"): (
        "microseconds are this machine's, whose pace varied by a factor of two within a day: the other "
        "limiters and bare tasks, which wait for nothing, are below, in turns with it. Nearly a third is "
        "the event loop's own, and a tenth the garbage collector's"
    ),
    ("limiters", "waiters", "aioemnify: time"): (
        "10,000 tasks line up in one turn of the event loop, a tenth of a second in which only the burst "
        "gets through, for the first in line run when that turn ends; who lets newcomers overtake those "
        "who wait loses nothing there. From then on no place is lost"
    ),
    ("simulator", "fleet", "a page of 1,000"): (
        "milliseconds are this machine's, whose pace varied by a factor of two within a day"
    ),
    ("profiles", "call", "now: CPU beside raw"): (
        "the row of aioemnify in the profile is all of the library's own; the rest is its HTTP "
        "library, whose calls are the same"
    ),
}
"""Why a figure misses its goal: by suite, case, and the beginning of its name. Told only where one does."""

ENVIRONMENTS = {
    "benchmarks": "that of the benchmarks: `client` but for the walks, `limiters`, `throttling`, `simulator`",
    "own": "of aioemnify and of what is done by hand: walks and `startup`",
    "vendor": "of the vendor's SDK",
    "generated": "of openapi-python-client",
}


@frozen
class Section:
    """A case on the page."""

    table: Table
    plots: Sequence[plots.Plot]


@frozen
class Profile:
    """Where the time of something goes: a row for each library, a column for each contestant."""

    title: str
    contestants: Sequence[str]
    rows: Sequence[Sequence[str]]
    log: str


def content(results: Results) -> dict[str, Any]:
    """Return the names that the template uses."""
    missed = goals.missed(results)
    return {
        "runs": list(results.suites.values()),
        "total": sum(result.seconds for result in results.suites.values()),
        "versions": versions(results),
        "left_out": sorted({line for result in results.suites.values() for line in result.left_out}),
        "repeats": f"{fleet.CUSTOMERS} organisations and {len(fleet.CARDS)} sorts of cards share all SIMs",
        "goals": goals.rows(results),
        "unmeasured": goals.unmeasured(results),
        "held": goals.held(results),
        "missed": [[*_where(results, one), _floor(results, one)] for one in missed],
        "suites": {
            goals.SUITES.get(name, name.capitalize()): sections(result, results)
            for name, result in results.suites.items()
            if name != "profiles"
        },
        "profiles": profiles(results),
        "row": row,
        "rule": rule,
        "day": lambda moment: moment[:10],
        "minutes": lambda seconds: number(round(seconds / 60, 1)),
    }


def versions(results: Results) -> list[list[str]]:
    """Return a row for each environment, with the versions of what is in it; suites may differ."""
    found: dict[str, dict[str, list[str]]] = {}
    for result in results.suites.values():
        for environment, packages in result.versions.items():
            for package, version in packages.items():
                told = found.setdefault(environment, {}).setdefault(package, [])
                if version not in told:
                    told.append(version)
    return [
        [
            ENVIRONMENTS.get(name, name),
            ", ".join(f"{one} {' and '.join(told)}" for one, told in packages.items()),
        ]
        for name, packages in found.items()
    ]


def row(cells: Sequence[str]) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def rule(count: int) -> str:
    """Return the line below a head: the first column to the left, the others to the right."""
    return "|---|" + "---:|" * (count - 1)


def sections(result: Result, results: Results) -> list[Section]:
    """Return the cases of a suite that found something."""
    shown = plots.drawn(results)
    found = []
    for case, title in result.titles.items():
        figures = result.of_case(case)
        names = {parts(one)[0] for one in figures}
        reference = next((name for name in REFERENCES if name in names), "")
        mine = [plot for plot in shown if (plot.suite, plot.case) == (result.suite, case)]
        found.append(Section(tabulate(title, figures, reference), mine))
    return found


def profiles(results: Results) -> list[Profile]:
    """Return the profiles of before and now."""
    result = results.suites.get("profiles")
    if result is None:
        return []
    found = []
    for case, title in result.titles.items():
        figures = {parts(one): one for one in result.of_case(case)}
        contestants = list(dict.fromkeys(who for who, _ in figures))
        quantities = list(dict.fromkeys(what for _, what in figures))
        rows = []
        for what in quantities:
            those = [figures.get((who, what)) for who in contestants]
            if any(one is not None and one.value for one in those):
                rows.append([what, *("" if one is None else measured(one) for one in those)])
        found.append(Profile(title, contestants, rows, "\n".join(result.logs.get(case, ()))))
    return found


def _suite(results: Results, figure: Figure) -> str:
    return next(name for name, result in results.suites.items() if figure in result.figures)


def _where(results: Results, figure: Figure) -> list[str]:
    suite = _suite(results, figure)
    title = results.suites[suite].titles[figure.case]
    goal = "" if figure.goal is None else f"{figure.goal.relation} {amount(figure.goal.value, figure.unit)}"
    return [f"{title}: {figure.what}", measured(figure), goal.replace("<=", "≤").replace(">=", "≥")]


def _floor(results: Results, figure: Figure) -> str:
    suite = _suite(results, figure)
    told = (
        text
        for (of_suite, case, begins), text in FLOORS.items()
        if (of_suite, case) == (suite, figure.case) and figure.what.startswith(begins)
    )
    return next(told, "nothing is known to stand in the way")
