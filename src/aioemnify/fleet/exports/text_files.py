"""Tables as CSV and as JSON lines. Both are written row by row, and need nothing but this package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from types import NoneType
from typing import Any, Protocol

import msgspec

from aioemnify.serialization.columns import Column, Row

_FORMULA = frozenset("=+-@\t\r")
"""Characters that make a spreadsheet read the text of a CSV file as a formula, if they come first."""

_RISKY = _FORMULA | {"'"}
QUOTE = '"'


class TableWriter(Protocol):
    """Writes a table to a new file."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        """Begin the file."""

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows."""

    def finish(self) -> None:
        """Complete the file."""

    def close(self) -> None:
        """Close the file, complete or not."""


def plain(value: Any) -> Any:
    """Return what is not a value of JSON as text."""
    return str(value)


class Joined(str):
    """Several cells of a CSV file, as they are written."""

    __slots__ = ()


class CsvWriter:
    """Writes CSV as in RFC 4180: UTF-8, a header, and as few quotes as possible.

    A text that a spreadsheet would read as a formula gets an apostrophe in front, as one gets it that has
    such an apostrophe already: so ``removeprefix("'")`` of a text that begins so gives the text back.

    It works by columns: most need no quotes, and those are found without a look at each cell. ``csv.writer``
    takes three times as long.
    """

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        if columns:
            self._file.write(self.join(tuple(column.name for column in columns))[0] + _END)

    @staticmethod
    def join(row: Row) -> tuple[Joined]:
        """Write cells as one."""
        return (Joined(",".join(map(_cell, row))),)

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows."""
        columns = [_column(cells) for cells in zip(*rows, strict=True)]
        self._file.write(_END.join(map(",".join, zip(*columns, strict=True))))
        self._file.write(_END)

    def finish(self) -> None:
        """Complete the file."""
        self._file.close()

    def close(self) -> None:
        """Close the file."""
        close(self._file.close)


_END = "\r\n"
_SPECIAL = frozenset(',"\r\n')
_first = itemgetter(slice(0, 1))


def _column(cells: Sequence[Any]) -> Sequence[str]:
    """Return the cells of a column as they are written."""
    kinds = set(map(type, cells))
    if kinds == {Joined}:
        return cells
    if kinds == {NoneType}:
        return [""] * len(cells)
    if kinds <= {str, NoneType}:
        return _texts(_filled(cells, kinds))
    if kinds == {int}:
        return list(map(str, cells))
    if kinds <= {datetime, NoneType}:
        return _filled(msgspec.to_builtins(cells), kinds)
    return list(map(_cell, cells))


def _filled(cells: Sequence[Any], kinds: set[type]) -> Sequence[str]:
    """Return texts: an empty one for ``None``, of which there are some only if its type is in ``kinds``."""
    return ["" if cell is None else cell for cell in cells] if NoneType in kinds else cells


def _texts(texts: Sequence[str]) -> Sequence[str]:
    together = "".join(texts)
    if any(one in together for one in _SPECIAL) or not _RISKY.isdisjoint(map(_first, texts)):
        return list(map(_cell, texts))
    return texts


def _cell(value: Any) -> str:
    """Return one cell as it is written."""
    if value is None:
        return ""
    made = msgspec.to_builtins(value, enc_hook=plain)
    text = made if isinstance(made, str) else msgspec.json.encode(made).decode()
    if isinstance(made, str) and is_formula(text):
        text = f"'{text}"
    return f'"{text.replace(QUOTE, QUOTE * 2)}"' if _SPECIAL.intersection(text) else text


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would run a text, once the apostrophes in front are away."""
    return text.lstrip("'")[:1] in _FORMULA


class JsonLinesWriter:
    """Writes a JSON object a line, with all columns, ``null`` where there is no value.

    Args:
        path: the file.
        columns: the members of each object.
        nulls: whether to write members that are null.
    """

    def __init__(self, path: Path, columns: Sequence[Column], *, nulls: bool = True) -> None:
        self._file = path.open("wb")
        self._encode = msgspec.json.Encoder(enc_hook=plain).encode_lines
        fields = [f"c{at}" for at in range(len(columns))]
        # A class for the row: msgspec writes its members twice as fast as those of a dict.
        self._row = msgspec.defstruct(
            "Row",
            [(name, Any, None) for name in fields],
            rename=dict(zip(fields, [column.name for column in columns], strict=True)),
            omit_defaults=not nulls,
            gc=False,
        )

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows."""
        make = self._row
        self._file.write(self._encode([make(*row) for row in rows]))

    def finish(self) -> None:
        """Complete the file."""
        self._file.close()

    def close(self) -> None:
        """Close the file."""
        close(self._file.close)


def close(what: Callable[[], object]) -> None:
    """Close a file that is not wanted: what its disk refuses then does not matter."""
    with suppress(OSError):
        what()
