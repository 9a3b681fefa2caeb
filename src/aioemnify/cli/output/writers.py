"""How results are written: tables for people, and lines for programs.

Data goes to stdout, everything else to stderr. Lists are written while they are read.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aioemnify.cli.exit_status import CommandError
from aioemnify.cli.output.cells import cell_text, json_of, row_of
from aioemnify.cli.settings import Settings

if TYPE_CHECKING:
    from aioemnify import Pages

LIMIT = 50
"""Items of a list without ``--limit`` and ``--all``."""

FEW = 7
"""Columns of a table for which no columns are chosen below."""

# The columns that people look at first, by the model of the items.
COLUMNS = {
    "Sim": "id iccid status endpoint.name imsi msisdn",
    "Endpoint": "id name status sim.iccid ip_address imei last_updated",
    "Event": "timestamp event_type event_severity endpoint.name sim.iccid description",
    "DailyUsage": "date data.volume sms.volume",
}


class Writer:
    """Writes items in one form; ``begin`` and ``end`` enclose them.

    Args:
        settings: columns and form.
        write: writes text to stdout.
        single: whether there is one item that is not in a list.
    """

    def __init__(self, settings: Settings, write: Callable[[str], object], single: bool) -> None:
        self.settings = settings
        self.write = write
        self.single = single
        self.columns: Sequence[str] | None = None
        self.count: int = 0

    def item(self, item: Any) -> None:
        """Write one item."""
        if self.columns is None:
            self.columns = self.chosen(item)
            self.begin()
        self.one(item)
        self.count += 1

    def begin(self) -> None:
        """Write what stands before the first item."""

    def one(self, item: Any) -> None:
        """Write an item; the columns are known."""
        raise NotImplementedError

    def end(self) -> None:
        """Write what stands behind the last item."""

    def every(self) -> bool:
        """Return whether all columns are written unless some are named."""
        return True

    def chosen(self, item: Any) -> Sequence[str]:
        """Return the columns, by the first item."""
        row = row_of(item)
        for name in self.settings.columns:
            if name not in row:
                from aioemnify._checks import did_you_mean

                raise CommandError(
                    f"--columns: there is no {name!r}; there are {', '.join(row)}{did_you_mean(name, row)}"
                )
        if self.settings.columns:
            return self.settings.columns
        if self.every():
            return list(row)
        preferred = COLUMNS.get(type(item).__name__, "").split()
        shown = [name for name in preferred if name in row]
        plain = [
            name for name, value in row.items() if "." not in name and not isinstance(value, (list, tuple))
        ]
        return shown or plain[:FEW] or list(row)[:FEW]

    def cells(self, item: Any) -> list[Any]:
        """Return the chosen cells of an item."""
        row = row_of(item)
        return [row.get(name) for name in self.columns or ()]


class JsonWriter(Writer):
    """One JSON value: an object, or an array that is valid also where the list breaks off."""

    def chosen(self, item: Any) -> Sequence[str]:
        """Check the columns if any are named."""
        return super().chosen(item) if self.settings.columns else ()

    def one(self, item: Any) -> None:
        """Write an item."""
        text = self.text(item, indent=2 if self.single and self.settings.on_terminal else None)
        self.write(text + "\n" if self.single else f"{',' if self.count else '['}\n{text}")

    def text(self, item: Any, indent: int | None = None) -> str:
        """Return an item as JSON text."""
        value = dict(zip(self.columns, self.cells(item), strict=True)) if self.columns else json_of(item)
        return json.dumps(value, ensure_ascii=False, default=cell_text, indent=indent)

    def end(self) -> None:
        """Close the array."""
        if not self.single:
            self.write("\n]\n" if self.count else "[]\n")


class JsonLinesWriter(JsonWriter):
    """One JSON value a line."""

    def one(self, item: Any) -> None:
        """Write an item."""
        self.write(self.text(item) + "\n")

    def end(self) -> None:
        """Write nothing."""


class CsvWriter(Writer):
    """CSV with a header, and all columns."""

    def begin(self) -> None:
        """Write the header."""
        self._line(list(self.columns or ()))

    def one(self, item: Any) -> None:
        """Write a row."""
        self._line([cell_text(cell) for cell in self.cells(item)])

    def _line(self, cells: list[str]) -> None:
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(cells)
        self.write(line.getvalue())


_ESCAPES = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r"})


class TsvWriter(Writer):
    """Tab-separated, no header; one object is a line for each of its members."""

    def every(self) -> bool:
        """Return whether it is one object."""
        return self.single

    def one(self, item: Any) -> None:
        """Write a row."""
        cells = [cell_text(cell).translate(_ESCAPES) for cell in self.cells(item)]
        if self.single and len(cells) > 1:
            for name, cell in zip(self.columns or (), cells, strict=True):
                if cell or name in self.settings.columns:
                    self.write(f"{name}\t{cell}\n")
        else:
            self.write("\t".join(cells) + "\n")


class NameWriter(Writer):
    """One identifying value a line, for ``xargs``."""

    def one(self, item: Any) -> None:
        """Write the id, or the first column."""
        row = row_of(item)
        name = (
            self.settings.columns[0]
            if self.settings.columns
            else "id"
            if "id" in row
            else next(iter(row), "")
        )
        self.write(cell_text(row.get(name)).translate(_ESCAPES) + "\n")


class TableWriter(Writer):
    """A table for people."""

    def begin(self) -> None:
        """Start with no rows."""
        self._rows: list[list[Any]] = []

    def every(self) -> bool:
        """Return whether the form is ``wide``, or it is one object."""
        return self.single or self.settings.output == "wide"

    def one(self, item: Any) -> None:
        """Keep a row; a screenful of rows is drawn at once."""
        self._rows.append(self.cells(item))
        if len(self._rows) == 500:
            self._draw()

    def end(self) -> None:
        """Draw what is left."""
        if self.columns is None:
            print("nothing found", file=sys.stderr)
        elif self._rows:
            self._draw()

    def _draw(self) -> None:
        from aioemnify.cli.output.drawing import draw_object, draw_table

        wide = self.settings.output == "wide"
        if self.single:
            draw_object(self.columns or (), self._rows[0])
        else:
            draw_table(self.columns or (), self._rows, cut=self.settings.on_terminal and not wide)
        self._rows = []


_WRITERS: Mapping[str, type[Writer]] = {
    "table": TableWriter,
    "wide": TableWriter,
    "json": JsonWriter,
    "jsonl": JsonLinesWriter,
    "csv": CsvWriter,
    "tsv": TsvWriter,
    "name": NameWriter,
}


def writer_for(settings: Settings, *, single: bool) -> Writer:
    """Return the writer of the chosen form."""
    form = settings.output or ("table" if settings.on_terminal else "tsv")
    return _WRITERS[form](settings, sys.stdout.write, single)


def show(settings: Settings, value: Any) -> None:
    """Write the result of a call: an object, a list, the id of a new object, or nothing."""
    if value is None:
        if settings.on_terminal:
            print("done", file=sys.stderr)
        return
    if type(value).__name__ == "Created":
        value = {"id": value.id, "location": value.location}
        if settings.output is None:
            settings.columns = settings.columns or ("id",)
    many = isinstance(value, Sequence) and not isinstance(value, str)
    writer = writer_for(settings, single=not many)
    try:
        for item in value if many else [value]:
            writer.item(item)
    finally:
        writer.end()


async def show_list(settings: Settings, pages: Pages[Any]) -> None:
    """Write a list while it is read, up to the limit."""
    limit = None if settings.all else settings.limit or LIMIT
    writer = writer_for(settings, single=False)
    try:
        async for item in pages:
            writer.item(item)
            if writer.count == limit:
                break  # another item may be another page, which is a call
    finally:
        writer.end()
    totals = pages.report.totals
    if totals and writer.count == limit and writer.count < totals[1] and settings.limit is None:
        print(f"{writer.count:,} of {totals[1]:,}; --all for the rest", file=sys.stderr)
