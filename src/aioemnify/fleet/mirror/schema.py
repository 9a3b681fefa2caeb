"""The database of a mirror: its tables, and the views that show JSON as columns.

An object is a row with its id and its JSON, in the names of the API. The views ``sim``, ``endpoint`` and
``event`` have the columns of ``to_row()``. So a new member of a model needs no other table, and an object
is written and compared as one text: with a column for each member, writing would take four times as long.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from aioemnify.fleet.exports.sources import item_class
from aioemnify.operation import Operation
from aioemnify.serialization.columns import Column, columns_of
from aioemnify.tables.operations import OPERATIONS

APPLICATION = 0x656D6D72
"""Marks the file as ours."""


@frozen
class Collection:
    """What is mirrored of one list.

    ``tracked`` says that its changes are recorded, ``free_text`` that its objects have members of any shape,
    in which a token could be.
    """

    name: str
    table: str
    operation: Operation
    tracked: bool = True
    free_text: bool = False

    @property
    def model(self) -> type:
        """Return the class of its objects."""
        return item_class(self.operation)


COLLECTIONS = {
    one.name: one
    for one in (
        Collection("sims", "sim", OPERATIONS["sims.list"]),
        Collection("endpoints", "endpoint", OPERATIONS["endpoints.list"]),
        Collection("events", "event", OPERATIONS["events.list"], tracked=False, free_text=True),
    )
}

MIGRATIONS = {
    1: """
CREATE TABLE fact (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE sim_json (id INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE endpoint_json (id INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE event_json (id INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE absent (collection TEXT, id INTEGER, PRIMARY KEY (collection, id)) WITHOUT ROWID;
CREATE TABLE change_json (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, collection TEXT NOT NULL,
    id INTEGER NOT NULL, kind TEXT NOT NULL, field TEXT, old TEXT, new TEXT
);
CREATE INDEX change_at ON change_json (at);
""",
}
"""What makes each format of the one before."""

CHANGE_COLUMNS = [
    Column("number", "integer"),
    Column("at", "time"),
    Column("collection", "text"),
    Column("id", "integer"),
    Column("kind", "text"),
    Column("field", "text"),
    Column("old", "json"),
    Column("new", "json"),
]


def views() -> Iterator[tuple[str, str]]:
    """Yield the name of each view and the statement that creates it."""
    for one in COLLECTIONS.values():
        cells = (f"{_cell(column)} AS {_quoted(column.name)}" for column in columns_of(one.model))
        yield one.table, f"CREATE VIEW {one.table} AS SELECT {', '.join(cells)} FROM {one.table}_json"
    cells = (
        f"json_extract({column.name}, '$') AS {column.name}" if column.kind == "json" else column.name
        for column in CHANGE_COLUMNS
    )
    yield "change", f"CREATE VIEW change AS SELECT {', '.join(cells)} FROM change_json"


def _cell(column: Column) -> str:
    """Return the expression of a column; a lookup has the label that it has in ``to_row()``."""
    if column.path == ("id",):
        return "id"
    if column.lookup is None:
        return _value(column.path)
    label, number = _value((*column.path, column.label or "")), _value((*column.path, "id"))
    known = {
        one.id: getattr(one, column.label or "")
        for one in vars(column.lookup).values()
        if isinstance(one, column.lookup)
    }
    if not known:
        return f"coalesce({label}, CAST({number} AS TEXT))"
    cases = " ".join(f"WHEN {key} THEN '{text}'" for key, text in known.items())
    return f"coalesce({label}, CASE {number} {cases} ELSE CAST({number} AS TEXT) END)"


def _value(path: tuple[str, ...]) -> str:
    return f"json_extract(json, '${''.join(f'.{_quoted(one)}' for one in path)}')"


def _quoted(name: str) -> str:
    return f'"{name}"'
