"""The table that a user gives: CSV as programs and spreadsheets write it."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from aioemnify.errors import EmnifyError
from aioemnify.fleet.exports.text_files import is_formula

_SEPARATORS = ",;\t"
_BOM = "\ufeff"
_OTHER_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_MOST_SHOWN = 10

SAVE_AS = "save it as 'CSV UTF-8'"


class PlanError(EmnifyError):
    """A plan cannot be made, read or applied. The fleet is as it was.

    ``problems`` has each of them, such as ``fleet.csv, line 7, column sim.status: ...``.
    """

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems: tuple[str, ...] = tuple(problems) or (message,)


def refused(name: str, problems: Sequence[str]) -> PlanError:
    """Return the error for a file with these problems."""
    shown = [f"  {one}" for one in problems[:_MOST_SHOWN]]
    if len(problems) > _MOST_SHOWN:
        shown.append(f"  and {len(problems) - _MOST_SHOWN:,} more")
    if len(problems) == 1:
        return PlanError(problems[0], problems)
    return PlanError("\n".join([f"{name} has {len(problems):,} problems:", *shown]), problems)


class CsvTable:
    """A CSV file: the names of its columns, and its rows with their lines.

    UTF-8, with or without a byte order mark; cells are separated by commas, semicolons or tabs, as the line
    of names has them. Lines without any content are left out.

    Args:
        path: the file.

    Raises:
        PlanError: it cannot be read, is in another encoding, or has no names.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.name: str = os.fspath(path)
        self._path = Path(path)
        self._line = 0
        self._separator = ","
        self._rows = self._read()
        names = next(self._rows, None)
        if names is None:
            raise self.fault(1, "the file is empty; its first line names the columns")
        self.columns: list[str] = [cell.strip() for cell in names[1]]
        self.head: int = names[0]

    def fault(self, line: int, problem: str, column: str | None = None) -> PlanError:
        """Return the error for one place of the file."""
        return PlanError(self.place(line, column) + problem)

    def place(self, line: int, column: str | None = None) -> str:
        """Return how an error begins."""
        return f"{self.name}, line {line}{'' if column is None else f', column {column}'}: "

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the line and the cells of each row, which can be read once.

        Raises:
            PlanError: a line is not CSV, or has another number of cells than the line of names.
        """
        for line, cells in self._rows:
            if len(cells) != len(self.columns):
                problem = f"it has {len(cells)} cells, and the line of names has {len(self.columns)}"
                if len(cells) > len(self.columns):
                    problem += f"; a cell with {self._separator!r} in it needs double quotes"
                raise self.fault(line, problem)
            yield line, [_without_mark(cell) for cell in cells]

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        texts = self._texts()
        try:
            head = next(texts, "")
            if head.lower().startswith("sep="):  # names the separator, for spreadsheets
                separator, head = head[4:5], next(texts, "")
                skipped = 1
            else:
                separator, skipped = max(_SEPARATORS, key=head.count), 0
            if not separator.strip("\r\n") and separator != "\t":
                raise self.fault(1, "sep= names no separator")
            self._separator = separator
            reader = csv.reader(_chained(head, texts), delimiter=separator, strict=True)
            begin = skipped + 1
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield begin, cells
                begin = skipped + reader.line_num + 1
        except csv.Error as error:
            raise self.fault(self._line, f"it is not CSV: {error}") from None
        except OSError as error:
            raise PlanError(f"{self.name} cannot be read: {error.strerror}") from None

    def _texts(self) -> Iterator[str]:
        with self._path.open("rb") as file:
            for self._line, raw in enumerate(file, start=1):
                kind = _OTHER_ENCODINGS.get(raw[:2]) if self._line == 1 else None
                if kind is not None:
                    raise self.fault(1, f"the file is {kind} text, not UTF-8: {SAVE_AS}")
                try:
                    text = raw.decode()
                except UnicodeDecodeError:
                    raise self.fault(self._line, f"it is not UTF-8 text: {SAVE_AS}") from None
                if "\0" in text:
                    raise self.fault(self._line, "it has a NUL character, so the file is not CSV")
                yield text.removeprefix(_BOM) if self._line == 1 else text


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _without_mark(cell: str) -> str:
    """Take away the apostrophe that ``export`` puts before what a spreadsheet would run as a formula."""
    return cell[1:] if cell[:1] == "'" and is_formula(cell) else cell
