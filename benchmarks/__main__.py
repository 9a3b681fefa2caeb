"""``python -m benchmarks [SUITE ... [CASE ...]] [--short] [--json FILE | --results]``, and ``... page``."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from time import monotonic
from traceback import print_exc

from rich.console import Console

from benchmarks import RESULTS, table
from benchmarks.cases import Case, Effort, Figure, Missing, Report

SUITES = {
    "client": "benchmarks.client",
    "startup": "benchmarks.startup",
    "limiters": "benchmarks.limiters",
    "throttling": "benchmarks.throttling",
    "simulator": "benchmarks.simulator",
}
"""Each suite is a package with a list ``CASES``."""

PAGE = "page"
"""Not a suite: writes ``docs/performance.md`` and its plots from the results that are kept."""


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line, and tell suites from cases."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="SUITE [CASE]",
        help=f"{', '.join(SUITES)}, or 'all', which is what is run when none is named; cases of one suite, "
        f"to run these alone ('list' names them); or '{PAGE}', to write the page from the results",
    )
    parser.add_argument("--short", action="store_true", help="only see that everything runs")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--json", type=Path, metavar="FILE", help="write one suite's figures to a file too")
    where.add_argument(
        "--results", action="store_true", help=f"keep the figures of each suite in {RESULTS.name}/"
    )
    options = parser.parse_args(given)
    names: list[str] = options.names or ["all"]
    split = next(
        (place for place, name in enumerate(names) if name not in (*SUITES, "all", PAGE)), len(names)
    )
    suites, options.cases = names[:split], names[split:]
    if not suites:
        parser.error(f"no suite {names[0]}; there are {', '.join(SUITES)}, and all")
    if PAGE in suites and len(names) > 1:
        parser.error(f"'{PAGE}' stands alone")
    options.suites = list(SUITES) if "all" in suites else list(dict.fromkeys(suites))
    if options.cases and (options.results or len(options.suites) > 1):
        parser.error("cases can be named of one suite, and what is kept are whole suites")
    if options.results and options.short:
        parser.error("the figures of a short run mean nothing: they are not kept")
    if options.json and len(options.suites) > 1:
        parser.error("one file holds one suite: use --results")
    return options


def run(cases: Sequence[Case], report: Report, effort: Effort, console: Console) -> list[str]:
    """Run cases one after the other; return the names of those that broke."""
    broken = []
    for case in cases:
        report.case = case.name
        console.print(f"[bold]{case.name}[/]: {case.title}")
        began = monotonic()
        try:
            case.run(report, effort)
        except Missing as missing:
            report.leave_out(case.name, str(missing))
        except Exception:
            print_exc()
            broken.append(case.name)
        console.print(f"  [dim]{monotonic() - began:.1f} s[/]")
    return broken


def run_suite(suite: str, names: Sequence[str], file: Path | None, console: Console, *, short: bool) -> int:
    """Run a suite or some of its cases; return the status of the process."""
    cases: list[Case] = import_module(SUITES[suite]).CASES
    known = {case.name: case for case in cases}
    if names == ["list"]:
        for case in cases:
            console.print(f"{case.name:<12} {case.kind:<10} {case.title}")
        return 0
    if unknown := [name for name in names if name not in known]:
        console.print(f"no case {', '.join(unknown)}; there are {', '.join(known)}")
        return 2

    def watch(news: Figure | str) -> None:
        text = news if isinstance(news, str) else f"{news.what}: {table.with_unit(news.value, news.unit)}"
        console.print(f"  {text}", markup=False, soft_wrap=True)

    report = Report(watch)
    began = monotonic()
    chosen = [known[name] for name in names] or cases
    broken = run(chosen, report, Effort(short), console)
    table.render(console, cases, report.figures, judged=not short)
    for line in report.left_out:
        console.print(f"left out: {line}", markup=False)
    if short:
        console.print("A short run: it shows that everything works, and its figures mean nothing.")
    if file is not None:
        data = table.as_data(suite, cases, report, short=short, seconds=monotonic() - began)
        table.save(file, data)
    if broken:
        console.print(f"[red]broke:[/] {', '.join(broken)}")
    return 1 if broken else 0


def run_each(suites: Sequence[str], console: Console, *extra: str) -> int:
    """Run suites, each in a process of its own: none is to find what another has left in memory."""
    broken = []
    for suite in suites:
        console.rule(suite)
        if subprocess.run([sys.executable, "-m", "benchmarks", suite, *extra], check=False).returncode:
            broken.append(suite)
    if broken:
        console.print(f"[red]broke:[/] {', '.join(broken)}")
    return 1 if broken else 0


def main(given: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; a goal that is missed is no error, a case that breaks is."""
    options = arguments(given)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    if options.suites == [PAGE]:
        from benchmarks.page.write import write  # the libraries that draw are for this alone

        for path in write():
            console.print(f"wrote {path}", soft_wrap=True)
        return 0
    if len(options.suites) > 1:
        flags = [flag for flag in ("short", "results") if getattr(options, flag)]
        return run_each(options.suites, console, *(f"--{flag}" for flag in flags))
    (suite,) = options.suites
    file = RESULTS / f"{suite}.json" if options.results else options.json
    return run_suite(suite, options.cases, file, console, short=options.short)


if __name__ == "__main__":
    sys.exit(main())
