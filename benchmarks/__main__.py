"""``python -m benchmarks SUITE [CASE ...] [--short] [--json FILE]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from time import monotonic
from traceback import print_exc

from rich.console import Console

from benchmarks import table
from benchmarks.cases import Case, Effort, Figure, Missing, Report

SUITES = {"simulator": "benchmarks.simulator", "throttling": "benchmarks.throttling"}
"""Each suite is a package with a list ``CASES``."""


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("suite", choices=sorted(SUITES))
    parser.add_argument("cases", nargs="*", metavar="CASE", help="run these alone; 'list' names them")
    parser.add_argument("--short", action="store_true", help="only see that everything runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file too")
    return parser.parse_args(given)


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
            console.print(f"  left out: {missing}")
        except Exception:
            print_exc()
            broken.append(case.name)
        console.print(f"  [dim]{monotonic() - began:.1f} s[/]")
    return broken


def main(given: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; a goal that is missed is no error, a case that breaks is."""
    options = arguments(given)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    cases: list[Case] = import_module(SUITES[options.suite]).CASES
    known = {case.name: case for case in cases}
    if options.cases == ["list"]:
        for case in cases:
            console.print(f"{case.name:<12} {case.kind:<10} {case.title}")
        return 0
    if unknown := [name for name in options.cases if name not in known]:
        console.print(f"no case {', '.join(unknown)}; there are {', '.join(known)}")
        return 2

    def watch(news: Figure | str) -> None:
        text = news if isinstance(news, str) else f"{news.what}: {table.with_unit(news.value, news.unit)}"
        console.print(f"  {text}", markup=False, soft_wrap=True)

    report = Report(watch)
    began = monotonic()
    chosen = [known[name] for name in options.cases] or cases
    broken = run(chosen, report, Effort(options.short), console)
    table.render(console, cases, report.figures, judged=not options.short)
    if options.short:
        console.print("A short run: it shows that everything works, and its figures mean nothing.")
    if options.json is not None:
        data = table.as_data(options.suite, report, short=options.short, seconds=monotonic() - began)
        table.save(options.json, data)
    if broken:
        console.print(f"[red]broke:[/] {', '.join(broken)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
