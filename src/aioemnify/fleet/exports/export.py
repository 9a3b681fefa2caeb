"""``export``: a fleet as a file."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Callable, Iterable, Sequence
from contextlib import aclosing
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import anyio.lowlevel
import anyio.to_thread

from aioemnify._checks import check_choice, check_type
from aioemnify.errors import ArgumentError
from aioemnify.fleet.exports.parquet import ParquetWriter
from aioemnify.fleet.exports.replacement import Replacement
from aioemnify.fleet.exports.sources import PagedSource, Table
from aioemnify.fleet.exports.text_files import CsvWriter, JsonLinesWriter, TableWriter
from aioemnify.fleet.exports.xlsx import XlsxWriter, check_rows

T = TypeVar("T")

_FORMATS: dict[str, type[TableWriter]] = {
    ".csv": CsvWriter,
    ".jsonl": JsonLinesWriter,
    ".parquet": ParquetWriter,
    ".xlsx": XlsxWriter,
}
_LIBRARIES: dict[type[TableWriter], str] = {ParquetWriter: "duckdb", XlsxWriter: "xlsxwriter"}


async def export(
    source: PagedSource | AsyncIterable[Any] | Iterable[Any],
    path: str | os.PathLike[str],
    *,
    columns: Sequence[str] | None = None,
    progress: Callable[[int, int | None], object] | None = None,
) -> int:
    """Write a list as a table, and return the number of its rows.

    The columns are those of ``to_row()``, such as ``status`` and ``endpoint.name``. Secrets are left out.
    The file is replaced in one step, when all is written: after an error the old one is still there. A list
    that others change meanwhile loses items; a sweep does not, so export ``emnify.sims.sweep()``. Pages wait
    for the limits of their list.

    Args:
        source: a list or a sweep, an iterator of its pages, a table of a mirror, or models or mappings from
            any iterable.
        path: the file; its suffix is the format. ``.csv`` and ``.jsonl`` need nothing more, ``.parquet``
            and ``.xlsx`` the extra ``export``. A sheet of ``.xlsx`` holds 1,048,575 rows.
        columns: the names of the columns, in order; ``None`` is all of them.
        progress: called every 500 rows at most, with the rows so far and their total if the server told it.

    Raises:
        ArgumentError: no such format or column, or the extra is missing. Nothing was read, where the
            columns are known before: for an iterable of items they are known with the first.
        ExportError: the file cannot be written, or the format cannot hold the table.
        EmnifyError: a page could not be read.
    """
    target = _checked_path(path)
    kind = _FORMATS[target.suffix.lower()]
    table = Table(source, columns, CsvWriter.join if kind is CsvWriter else tuple)
    replacement = Replacement(target)
    writer: TableWriter | None = None
    count = 0
    try:
        async with aclosing(table.batches()) as batches:
            async for rows, total in batches:
                if kind is XlsxWriter:
                    check_rows(target.name, max(total or 0, count + len(rows)))
                with replacement.faults():
                    writer = writer or kind(replacement.file, table.columns)
                    await _run(kind is XlsxWriter, writer.write, rows)
                count += len(rows)
                if progress is not None:
                    progress(count, total)
        with replacement.faults():
            writer = writer or kind(replacement.file, table.columns)
            await _run(kind in _LIBRARIES, writer.finish)
            replacement.commit()
    finally:
        if writer is not None:
            writer.close()
        replacement.discard()
    return count


async def _run(slow: bool, work: Callable[..., T], *arguments: Any) -> T:
    """Do what takes long in a thread, so that the event loop goes on."""
    if slow:
        return await anyio.to_thread.run_sync(partial(work, *arguments))
    await anyio.lowlevel.checkpoint()
    return work(*arguments)


def _checked_path(path: Any) -> Path:
    check_type("path", path, (str, os.PathLike), "a path")
    target = Path(path).absolute()
    suffix = target.suffix.lower()
    if not suffix:
        raise ArgumentError(
            "path", f"{os.fspath(path)!r} needs a suffix for the format: {', '.join(_FORMATS)}"
        )
    check_choice("path", suffix, _FORMATS)
    library = _LIBRARIES.get(_FORMATS[suffix])
    if library is not None and find_spec(library) is None:
        raise ArgumentError(
            "path", f"ends with {suffix}, for which {library} is needed: pip install 'aioemnify[export]'"
        )
    return target
