"""The figures of a run as a table on the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.table import Table

from benchmarks.cases import Case, Figure
from benchmarks.number_format import goal, measured

if TYPE_CHECKING:
    from rich.console import Console

VERDICT = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}


def print_table(
    console: Console, cases: Iterable[Case], figures: Iterable[Figure], *, judged: bool = True
) -> None:
    """Print each figure with its goal, and with ``judged`` whether it meets it."""
    titles = {case.name: case.title for case in cases}
    table = Table("figure", "measured", "goal", "", "note")
    table.columns[1].justify = table.columns[2].justify = "right"
    last = ""
    for figure in figures:
        if figure.case != last:
            last = figure.case
            table.add_section()
            table.add_row(f"[bold]{titles.get(last, last)}[/]")
        verdict = VERDICT[figure.met if judged else None]
        table.add_row(f"  {figure.what}", measured(figure), goal(figure), verdict, figure.note)
    console.print(table)
