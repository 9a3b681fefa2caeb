"""Tables as a sheet of Excel, by XlsxWriter, which keeps one row in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from aioemnify.fleet.exports.replacement import ExportError
from aioemnify.fleet.exports.text_files import close, plain
from aioemnify.serialization.columns import Column, Row

MOST_ROWS = 1_048_575
"""Rows that a sheet of Excel holds beside the header."""

MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
_EXACT = 10**15
"""A cell holds 15 digits; a longer number is written as text."""

_FIRST_DAY = date(1900, 1, 1)


class XlsxWriter:
    """Writes one sheet. Text is text, never a formula, a link or a number; times are in UTC."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        from xlsxwriter import Workbook

        self._name = path.name
        self._columns = columns
        if len(columns) > MOST_COLUMNS:
            raise ExportError(
                f"{path.name} cannot hold {len(columns):,} columns: a sheet has {MOST_COLUMNS:,}"
            )
        options = {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "default_date_format": "yyyy-mm-dd hh:mm:ss",
        }
        self._book = Workbook(str(path), options)
        self._book.use_zip64()
        self._sheet: Any = self._book.add_worksheet("Export")
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheet.freeze_panes(1, 0)
        self._rows = 0
        for at, column in enumerate(columns):
            self._sheet.write_string(0, at, column.name)

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows.

        Raises:
            ExportError: a text is longer than a cell.
        """
        check_rows(self._name, self._rows + len(rows))
        for number, row in enumerate(rows, self._rows + 1):
            for at, value in enumerate(row):
                if value is not None and self._write(number, at, value) < 0:
                    raise ExportError(
                        f"{self._name} cannot be written: {self._columns[at].name!r} of row {number:,} is "
                        f"longer than the {LONGEST_TEXT:,} characters of a cell; write .csv or .parquet"
                    )
        self._rows += len(rows)

    def _write(self, row: int, at: int, value: Any) -> int:
        sheet = self._sheet
        result: int
        if isinstance(value, bool):
            result = sheet.write_boolean(row, at, value)
        elif isinstance(value, (int, float)) and abs(value) < _EXACT:
            result = sheet.write_number(row, at, value)
        elif isinstance(value, datetime) and value.date() > _FIRST_DAY:
            result = sheet.write_datetime(row, at, value.astimezone(UTC).replace(tzinfo=None))
        elif isinstance(value, date) and not isinstance(value, datetime) and value > _FIRST_DAY:
            result = sheet.write_datetime(row, at, datetime(value.year, value.month, value.day), self._day)  # noqa: DTZ001
        else:
            made = msgspec.to_builtins(value, enc_hook=plain)
            text = made if isinstance(made, str) else msgspec.json.encode(made).decode()
            result = sheet.write_string(row, at, text)
        return result

    def finish(self) -> None:
        """Complete the file."""
        from xlsxwriter.exceptions import XlsxWriterException

        finish: Callable[[], object] = self._book.close
        try:
            finish()
        except XlsxWriterException as error:
            raise OSError(0, str(error)) from None

    def close(self) -> None:
        """Close the files, complete or not."""
        close(self._sheet.row_data_fh.close)
        self._book.fileclosed = True  # else it is completed when it is collected


def check_rows(name: str, rows: int) -> None:
    """Refuse more rows than a sheet holds.

    Raises:
        ExportError: there are more.
    """
    if rows > MOST_ROWS:
        raise ExportError(
            f"{name} cannot be written: {rows:,} rows are more than the {MOST_ROWS:,} of a sheet; "
            "write .csv, .jsonl or .parquet, or use a filter"
        )
