"""Tables for people, drawn by rich: relative times, colours, and cut to the width of the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from aioemnify.cli.exit_status import printable
from aioemnify.cli.output.cells import cell_text

STYLES = {
    "activated": "green", "enabled": "green", "online": "green", "running": "green", "delivered": "green",
    "suspended": "yellow", "disabled": "yellow", "paused": "yellow", "warn": "yellow", "pending": "yellow",
    "deleted": "red", "error": "red", "critical": "red", "failed": "red",
}  # fmt: skip

SHORTEST = 6
"""Characters that a column of text keeps in a narrow terminal."""

GAP = 2
"""Spaces between columns."""

_UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


def relative(moment: datetime, now: datetime) -> str:
    """Return a time as people say it, such as ``3 min ago``; a date beyond 30 days."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (now - moment).total_seconds()
    if abs(seconds) >= 30 * 86400:
        return f"{moment:%Y-%m-%d}"
    if abs(seconds) < 1:
        return "now"
    size, unit = next(one for one in _UNITS if abs(seconds) >= one[0])
    amount = f"{abs(seconds) // size:.0f} {unit}"
    return f"{amount} ago" if seconds > 0 else f"in {amount}"


def console(*, wide: bool = False) -> Console:
    """Return the console of stdout; ``wide`` cuts nothing."""
    width = 10_000 if wide else None
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False, width=width)


def cell(value: Any, now: datetime) -> Text:
    """Return a cell with its colour; control characters of the server's text are replaced."""
    if isinstance(value, datetime):
        return Text(relative(value, now))
    text = printable(cell_text(value)).replace("\n", " ")
    return Text(text, style=STYLES.get(text.lower(), ""))


def widths_of(natural: Sequence[int], fixed: Sequence[bool], available: int) -> list[int]:
    """Return the widths of columns that fit: the widest are cut first, and the last ones left out.

    Args:
        natural: the widths that they need.
        fixed: which of them cannot be cut, as numbers.
        available: the width of the terminal.
    """
    widths = list(natural)
    while widths and sum(widths) + GAP * (len(widths) - 1) > available:
        cut = [place for place, width in enumerate(widths) if width > SHORTEST and not fixed[place]]
        if cut:
            widths[max(cut, key=widths.__getitem__)] -= 1
        elif len(widths) > 1:
            widths.pop()
            widths = list(natural[: len(widths)])
        else:
            break
    return widths


def draw_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, cut: bool) -> None:
    """Draw rows below their titles; numbers stand on the right."""
    now = datetime.now(UTC)
    screen = console(wide=not cut)
    cells = [[cell(value, now) for value in row] for row in rows]
    numeric = [
        all(isinstance(row[place], int | float | None) for row in rows) for place in range(len(columns))
    ]
    natural = [max(len(title), *(len(row[place]) for row in cells)) for place, title in enumerate(columns)]
    widths = widths_of(natural, numeric, screen.width)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, GAP, 0, 0))
    for title, width, number in zip(columns, widths, numeric, strict=False):
        justify: Any = "right" if number else "left"
        table.add_column(title, justify=justify, no_wrap=True, overflow="ellipsis", width=width)
    for row in cells:
        table.add_row(*row[: len(widths)])
    screen.print(table)


def draw_object(columns: Sequence[str], values: Sequence[Any]) -> None:
    """Draw the members of one object, without those that have no value."""
    now = datetime.now(UTC)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in zip(columns, values, strict=True):
        if value is not None:
            table.add_row(name, cell(value, now))
    console().print(table)
