"""What the template of the page is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from benchmarks.cases import Figure
from benchmarks.page import plots
from benchmarks.page.numbers import aim, measured, number, verdict
from benchmarks.page.results import Result, Results
from benchmarks.page.tables import Table, parts, tabulate
from benchmarks.walkers import fleet

REFERENCES = ("raw httpx + msgspec", "raw httpx", "msgspec Struct", "import httpx", "httpx", "asyncio")
"""Contestants that others are set beside where they take part, the first of these first."""

HEADLINE = (
    *("client.decode", "client.memory", "client.calls", "client.prefetch", "startup.import"),
    *("limiters.uncontended", "limiters.waiters", "throttling.saturated"),
)
"""The cases whose goals the page shows first."""

TITLES = {
    "client": "The client",
    "startup": "Startup",
    "limiters": "Limiters",
    "throttling": "Throttling",
    "simulator": "The simulator",
}
"""The headings of the suites."""

REASONS: Mapping[str, str] = {
    "startup.first-use": "attrs writes and compiles the methods of each class when the class is created, "
    "0.3 to 0.5 ms each; a SIM with the arguments and results of its calls needs 41 classes",
    "client.calls": "our own work is the same over both HTTP libraries. Over httpx we save as much again by "
    "not using its client class; the client class of httpx2 is thin, so there is little to save",
    "limiters.waiters": "microseconds depend on the machine, whose speed varied by a factor of two within a "
    "day; compare with the other limiters, measured in the same rounds. In the time figure, the tasks start "
    "in one turn of the event loop, which takes a tenth of a second in which only the burst is admitted",
    "simulator.fleet": "milliseconds depend on the machine, whose speed varied by a factor of two in a day",
}
"""Why figures of a case miss their goal; shown only where one does."""

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


def content(results: Results) -> dict[str, Any]:
    """Return the names that the template uses."""
    judged = [(name, one) for name, one in every(results) if one.goal is not None]
    missed = [(name, one) for name, one in judged if not one.met]
    return {
        "runs": list(results.suites.values()),
        "total": sum(result.seconds for result in results.suites.values()),
        "versions": versions(results),
        "left_out": sorted({line for result in results.suites.values() for line in result.left_out}),
        "repeats": f"{fleet.CUSTOMERS} organisations and {len(fleet.CARDS)} sorts of cards share all SIMs",
        "headline": [
            [_title(results, name), one.what, measured(one), aim(one), verdict(one)]
            for headline in HEADLINE
            for name, one in judged
            if name == headline
        ],
        "unmeasured": unmeasured(results),
        "judged": len(judged),
        "missed": [
            [f"{_title(results, name)}: {one.what}", measured(one), aim(one), REASONS.get(name, "unknown")]
            for name, one in missed
        ],
        "suites": {
            TITLES.get(name, name.capitalize()): sections(result, results)
            for name, result in results.suites.items()
        },
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


def every(results: Results) -> list[tuple[str, Figure]]:
    """Return all figures, each with the name of its case such as ``client.decode``."""
    return [
        (f"{suite}.{one.case}", one) for suite, result in results.suites.items() for one in result.figures
    ]


def unmeasured(results: Results) -> list[str]:
    """Return the cases of ``HEADLINE`` for which the results hold no figure with a goal."""
    found = {name for name, one in every(results) if one.goal is not None}
    return [name for name in HEADLINE if name not in found]


def _title(results: Results, name: str) -> str:
    suite, _, case = name.partition(".")
    return results.suites[suite].titles[case]
