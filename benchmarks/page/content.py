"""The values that the template of the page uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

from benchmarks import HEADLINE, sample_sims
from benchmarks.number_format import goal, measured, number, verdict
from benchmarks.page import plots
from benchmarks.page.tables import Table, split, tabulate
from benchmarks.result_files import Result, Results

REFERENCES = ("raw httpx + msgspec", "raw httpx", "msgspec Struct", "import httpx", "httpx", "asyncio")
"""The contestants that others are compared with; the first that takes part in a case is used."""

TITLES = {
    "client": "The client",
    "startup": "Startup",
    "comparison": "Other clients",
    "limiters": "Limiters",
    "throttling": "Throttling",
    "simulator": "The simulator",
}
"""The headings of the suites."""

HTTPX2 = (
    "our own work is the same over both HTTP libraries. Over httpx we save as much again by not using its "
    "client class; the client class of httpx2 is thin, so there is little to save"
)
SLOW_MACHINE = "depend on the machine, whose speed varied by a factor of two in a day"

REASONS: Mapping[str, str] = {
    "client.calls": HTTPX2,
    "client.concurrent-calls": HTTPX2,
    "client.hooks": f"microseconds {SLOW_MACHINE}",
    "startup.import": "the classes of options, limits and operations are made by attrs, which writes and "
    "compiles their methods at the import",
    "startup.command-line": f"milliseconds {SLOW_MACHINE}; a large part is the import of httpx, which loads "
    "click, rich and trio where it finds them",
    "startup.first-use": "attrs writes and compiles the methods of each class when the class is created, "
    "0.3 to 0.5 ms each; a SIM with the arguments and results of its calls needs 41 classes",
    "limiters.waiters": f"microseconds {SLOW_MACHINE}; compare with the other limiters, measured in the same "
    "rounds. Ours counts three limits and theirs one; pyrate-limiter, which needs less CPU time, takes "
    "several times the ideal time. In the time figure, the tasks start in one turn of the event loop, which "
    "takes a tenth of a second in which only the burst is admitted",
    "simulator.pages": f"milliseconds {SLOW_MACHINE}",
}
"""Why figures of a case miss their goal; shown only where one does."""

ENVIRONMENTS = {
    "benchmarks": "the benchmarks: `client` except for lists, `limiters`, `throttling`, `simulator`",
    "own": "aioemnify and the raw HTTP libraries: lists, `comparison` and `startup`",
    "vendor": "emnify-sdk",
    "generated": "openapi-python-client",
}


@frozen
class Section:
    """A case on the page."""

    table: Table
    plots: Sequence[plots.Plot]


def content(results: Results) -> dict[str, Any]:
    """Return the names that the template uses."""
    runs = list(results.suites.values())
    judged = [(f"{run.suite}.{one.case}", one) for run in runs for one in run.figures if one.goal is not None]
    missed = [(name, one) for name, one in judged if not one.met]
    return {
        "runs": [run_row(run) for run in runs],
        "minutes": round(sum(run.seconds for run in runs) / 60),
        "versions": versions(runs),
        "left_out": sorted({line for run in runs for line in run.left_out}),
        "repeats": f"{sample_sims.CUSTOMERS} organisations and {len(sample_sims.CARDS)} kinds of cards",
        "headline": [
            [title(results, name), one.what, measured(one), goal(one), verdict(one)]
            for headline in HEADLINE
            for name, one in judged
            if name == headline
        ],
        "unmeasured": unmeasured(results),
        "judged": len(judged),
        "missed": [[title(results, name), one.what, measured(one), goal(one)] for name, one in missed],
        "reasons": [
            f"{title(results, name)}: {REASONS.get(name, 'not yet known')}"
            for name in dict.fromkeys(name for name, _ in missed)
        ],
        "suites": {TITLES.get(run.suite, run.suite.capitalize()): sections(run, results) for run in runs},
        "row": row,
        "rule": rule,
    }


def unmeasured(results: Results) -> list[str]:
    """Return the cases of ``HEADLINE`` without a figure that has a goal."""
    names = ((name, *name.split(".")) for name in HEADLINE)
    return [name for name, suite, case in names if not any(one.goal for one in results.of_case(suite, case))]


def title(results: Results, name: str) -> str:
    """Return the title of a case such as ``client.decode``."""
    suite, _, case = name.partition(".")
    return results.suites[suite].titles[case]


def run_row(run: Result) -> list[str]:
    """Return the row of a run in the table of runs."""
    machine, minutes = run.machine, number(round(run.seconds / 60, 1))
    system = " ".join(machine["system"].split("-")[:2])
    place = f"{machine['processors']} × {machine['model']}, {system}"
    return [run.suite, run.taken[:10], minutes, place, machine["python"], machine["aioemnify"]]


def versions(runs: Iterable[Result]) -> list[list[str]]:
    """Return a row for each environment with its package versions; those of the suites may differ."""
    found: dict[str, dict[str, list[str]]] = {}
    for run in runs:
        for environment, packages in run.versions.items():
            for package, version in packages.items():
                known = found.setdefault(environment, {}).setdefault(package, [])
                if version not in known:
                    known.append(version)
    return [
        [
            ENVIRONMENTS.get(name, name),
            ", ".join(f"{one} {' and '.join(known)}" for one, known in packages.items()),
        ]
        for name, packages in found.items()
    ]


def row(cells: Sequence[str]) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def rule(count: int) -> str:
    """Return the line below the head of a table: the first column to the left, the others to the right."""
    return "|---|" + "---:|" * (count - 1)


def sections(run: Result, results: Results) -> list[Section]:
    """Return the cases of a suite that have figures."""
    found = []
    for case, heading in run.titles.items():
        figures = run.of_case(case)
        names = {split(one)[0] for one in figures}
        reference = next((name for name in REFERENCES if name in names), "")
        shown = [plot for plot in plots.drawable(results) if (plot.suite, plot.cases[0]) == (run.suite, case)]
        found.append(Section(tabulate(heading, figures, reference), shown))
    return found
