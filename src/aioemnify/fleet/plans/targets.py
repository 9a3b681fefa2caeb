"""What the rows of a file say: for each key, the values that an endpoint should have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Literal

import anyio.lowlevel
from attrs import define, frozen

from aioemnify._checks import check_choice, did_you_mean
from aioemnify.fleet.plans.csv_table import CsvTable, refused
from aioemnify.fleet.plans.fields import COLUMNS, OWNED, Value, WrongCell, read_id, rounded
from aioemnify.models import Sim
from aioemnify.serialization.columns import columns_of

KeyName = Literal["id", "iccid", "name"]
Empty = Literal["keep", "clear"]

_KEYS: dict[str, tuple[str, ...]] = {
    "id": ("id",),
    "iccid": ("iccid", "sim.iccid", "iccid_with_luhn", "sim.iccid_with_luhn"),
    "name": ("name",),
}
_GUARD = "sim.id"
"""The column that only says which SIM the other columns are about."""

_AT_ONCE = 200


@frozen
class Row:
    """One row: its line, and for each column that sets something its value, ``None`` to keep what is there.

    ``sim`` is the SIM that the endpoint is said to have.
    """

    line: int
    key: int | str
    values: tuple[Value, ...]
    sim: int | None = None


@define
class Targets:
    """The rows of a file by key.

    Attributes:
        table: the file.
        key: what identifies an endpoint.
        columns: the columns that set something.
        ignored: the columns that set nothing.
        rows: the rows.
    """

    table: CsvTable
    key: KeyName
    key_column: str
    columns: Sequence[str]
    ignored: Sequence[str]
    rows: dict[int | str, Row]

    def key_of(self, endpoint: Any) -> int | str | None:
        """Return the key of an endpoint; ``None`` if it has none."""
        holder, member = (endpoint.sim, "iccid") if self.key == "iccid" else (endpoint, self.key)
        found: int | str | None = getattr(holder, member, None)
        return found if self.key == "id" or found is None else str(found)


async def read_targets(table: CsvTable, key: KeyName | None, empty: Empty) -> Targets:
    """Read a file.

    Args:
        table: the file.
        key: what identifies an endpoint; ``None`` takes the first of id, ICCID and name that it has.
        empty: what an empty cell means.

    Raises:
        PlanError: a column or a cell is wrong; all of them are named.
    """
    name, column = _key_column(table, key)
    _check_columns(table, column)
    columns = [one for one in table.columns if one in OWNED and one != column]
    if not columns:
        raise table.fault(table.head, f"no column sets anything; these do: {', '.join(OWNED)}")
    ignored = [one for one in table.columns if one not in (*columns, column, _GUARD)]
    targets = Targets(table, name, column, columns, ignored, {})
    reader = _RowReader(targets, empty)
    for number, (line, cells) in enumerate(table.rows()):
        if number % _AT_ONCE == 0:
            await anyio.lowlevel.checkpoint()
        reader.add(line, cells)
    if reader.problems:
        raise refused(table.name, reader.problems)
    return targets


def _key_column(table: CsvTable, key: KeyName | None) -> tuple[KeyName, str]:
    if key is not None:
        check_choice("key", key, _KEYS)
    for name in _KEYS if key is None else (key,):
        for column in _KEYS[name]:
            if column in table.columns:
                return name, column  # type: ignore[return-value]
    wanted = " or ".join(_KEYS if key is None else _KEYS[key])
    raise table.fault(table.head, f"no column identifies the endpoints: one is named {wanted}")


def _check_columns(table: CsvTable, key: str) -> None:
    """Refuse names of columns that mean nothing, or not one thing."""
    problems = []
    for column, times in Counter(table.columns).items():
        if times > 1:
            problems.append(f"the column {column!r} comes twice")
        if column not in COLUMNS and column != key:
            shown = f"an unknown column {column!r}{_hint(column)}" if column else "a column without a name"
            problems.append(f"{shown} (columns that set something: {', '.join(OWNED)})")
    if key in ("iccid", "iccid_with_luhn") and "status" in table.columns:
        problems.append(
            "'status' could be that of the SIM or of the endpoint: name it 'sim.status', or name the "
            f"column of the key 'sim.{key}' if you mean the endpoint"
        )
    if problems:
        raise refused(table.name, [table.place(table.head) + one for one in problems])


def _hint(column: str) -> str:
    if f"sim.{column}" in COLUMNS:
        return f"; a column of the SIM is 'sim.{column}'"
    if column in {one.name for one in columns_of(Sim)}:
        return "; it is a column of SIMs, and a plan is about endpoints"
    return did_you_mean(column, COLUMNS)


class _RowReader:
    """Reads rows one by one, and keeps what is wrong."""

    def __init__(self, targets: Targets, empty: Empty) -> None:
        self.problems: list[str] = []
        self._targets = targets
        table = targets.table
        self._key_at = table.columns.index(targets.key_column)
        self._guard_at = table.columns.index(_GUARD) if _GUARD in table.columns else None
        self._cells: list[tuple[str, int, Callable[[str], Value], Value]] = [
            (
                column,
                table.columns.index(column),
                OWNED[column].columns[column],
                "" if empty == "clear" and OWNED[column].clears else None,
            )
            for column in targets.columns
        ]

    def add(self, line: int, cells: list[str]) -> None:
        """Read one row."""
        targets = self._targets
        at = self._key_at
        column = targets.key_column
        try:
            key = _key(targets.key, cells[at])
            values: list[Value] = []
            for column, at, read, nothing in self._cells:  # noqa: B007 - an error names the column
                cell = cells[at]
                values.append(read(cell) if cell and not cell.isspace() else nothing)
            column, sim = _GUARD, None
            if self._guard_at is not None and cells[self._guard_at].strip():
                sim = read_id(cells[self._guard_at])
        except WrongCell as error:
            self.problems.append(targets.table.place(line, column) + str(error))
            return
        known = targets.rows.get(key)
        if known is not None:
            place = targets.table.place(line, targets.key_column)
            self.problems.append(f"{place}{key!r} is in line {known.line} already")
            return
        targets.rows[key] = Row(line, key, tuple(values), sim)


def _key(name: KeyName, cell: str) -> int | str:
    text = cell.strip()
    if not text:
        raise WrongCell("is empty, and nothing says which endpoint the row is about")
    if name == "id":
        return read_id(text)
    if name == "iccid":
        # 20 digits end with the check digit, which the API shows elsewhere.
        if not re.fullmatch(r"[0-9]{19,20}", text):
            raise WrongCell(f"takes an ICCID of 19 or 20 digits, not {text!r}{rounded(text)}")
        return text[:19]
    return cell
