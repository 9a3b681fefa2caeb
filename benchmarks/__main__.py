"""``python -m benchmarks [NAME ...] [--short] [--json FILE | --results]``."""

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

from benchmarks import HEADLINE, RESULTS, SUITES, result_files, terminal
from benchmarks.cases import Case, Effort, Figure, Missing, Report
from benchmarks.number_format import amount

SHORTCUTS = {"all": SUITES, "headline": HEADLINE}


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Parse the command line; ``selected`` maps each suite to its chosen cases, ``[]`` for all."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"a suite ({', '.join(SUITES)}), a case such as client.calls, 'headline' for the most important "
        "cases, or 'all' (the default). Alone: 'list' names the cases, 'page' writes docs/performance.md "
        "and the comparison of README.md from the results",
    )
    parser.add_argument("--short", action="store_true", help="only check that everything runs")
    output = parser.add_mutually_exclusive_group()
    output.add_argument(
        "--json", type=Path, metavar="FILE", help="also write the figures of one suite to FILE"
    )
    output.add_argument("--results", action="store_true", help="also write each suite to benchmarks/results/")
    options = parser.parse_args(given)
    names: list[str] = options.names or ["all"]
    options.command = names[0] if names in (["list"], ["page"]) else None
    options.selected = {}
    if options.command:
        return options
    for name in (one for given_name in names for one in SHORTCUTS.get(given_name, (given_name,))):
        suite, _, case = name.partition(".")
        if suite not in SUITES:
            alone = "; 'list' and 'page' must be the only name" if suite in ("list", "page") else ""
            parser.error(f"unknown suite {suite!r}; expected {', '.join(SUITES)}, headline or all{alone}")
        cases = options.selected.setdefault(suite, [] if not case else [case])
        if not case:
            cases.clear()  # the whole suite
        elif cases and case not in cases:
            cases.append(case)
    if options.results and any(options.selected.values()):
        parser.error("--results needs whole suites, not single cases")
    if options.results and options.short:
        parser.error("--results cannot be used with --short, whose figures are meaningless")
    if options.json and len(options.selected) > 1:
        parser.error("--json takes one suite; for several use --results")
    return options


def cases_of(suite: str) -> list[Case]:
    """Return all cases of a suite."""
    cases: list[Case] = import_module(f"benchmarks.{suite}").CASES
    return cases


def run(cases: Sequence[Case], report: Report, effort: Effort, console: Console) -> list[str]:
    """Run cases one after the other; return the names of those that failed."""
    failed = []
    for case in cases:
        report.case = case.name
        console.print(f"[bold]{case.name}[/]: {case.title}")
        start = monotonic()
        try:
            case.run(report, effort)
        except Missing as missing:
            report.leave_out(case.name, str(missing))
        except Exception:
            print_exc()
            failed.append(case.name)
        console.print(f"  [dim]{monotonic() - start:.1f} s[/]")
    return failed


def run_suite(suite: str, names: Sequence[str], file: Path | None, console: Console, *, short: bool) -> int:
    """Run a suite, or only the named cases of it; return the exit status."""
    cases = cases_of(suite)
    known = {case.name: case for case in cases}
    if unknown := [name for name in names if name not in known]:
        console.print(f"unknown case {', '.join(unknown)} of {suite}; expected {', '.join(known)}")
        return 2

    def show(news: Figure | str) -> None:
        text = news if isinstance(news, str) else f"{news.what}: {amount(news.value, news.unit)}"
        console.print(f"  {text}", markup=False, soft_wrap=True)

    report = Report(show)
    start = monotonic()
    failed = run([known[name] for name in names] or cases, report, Effort(short), console)
    terminal.print_table(console, cases, report.figures, judged=not short)
    for line in report.left_out:
        console.print(f"left out: {line}", markup=False)
    if short:
        console.print("This was a short run: everything works, but the figures are meaningless.")
    if file is not None:
        data = result_files.as_data(suite, cases, report, short=short, seconds=monotonic() - start)
        result_files.save(file, data)
    if failed:
        console.print(f"[red]failed:[/] {', '.join(failed)}")
    return 1 if failed else 0


def run_each(selected: dict[str, list[str]], console: Console, *flags: str) -> int:
    """Run each suite in its own process, so that none is affected by the memory use of another."""
    failed = []
    for suite, cases in selected.items():
        console.rule(suite)
        names = [f"{suite}.{case}" for case in cases] or [suite]
        if subprocess.run([sys.executable, "-m", "benchmarks", *names, *flags], check=False).returncode:
            failed.append(suite)
    if failed:
        console.print(f"[red]failed:[/] {', '.join(failed)}")
    return 1 if failed else 0


def main(given: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 unless a case fails. A missed goal is not a failure."""
    options = arguments(given)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    if options.command == "page":
        from benchmarks.page.readme import write_table
        from benchmarks.page.write import stored, write  # only this needs the drawing libraries

        for path in (*write(), write_table(stored())):
            console.print(f"wrote {path}", soft_wrap=True)
        return 0
    if options.command == "list":
        for suite in SUITES:
            for case in cases_of(suite):
                console.print(f"{f'{suite}.{case.name}':<28} {case.kind:<10} {case.title}")
        return 0
    if len(options.selected) > 1:
        flags = [f"--{flag}" for flag in ("short", "results") if getattr(options, flag)]
        return run_each(options.selected, console, *flags)
    ((suite, names),) = options.selected.items()
    file = RESULTS / f"{suite}.json" if options.results else options.json
    return run_suite(suite, names, file, console, short=options.short)


if __name__ == "__main__":
    sys.exit(main())
