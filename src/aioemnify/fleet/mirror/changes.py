"""What has changed in a fleet, as records."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Literal

import msgspec
from attrs import frozen

from aioemnify.fleet.mirror.schema import COLLECTIONS
from aioemnify.serialization.columns import Kind, columns_of


@frozen(kw_only=True)
class Change:
    """One change that a mirror has seen.

    ``kind`` is ``"new"``, ``"changed"`` or ``"gone"``. For a change, ``field`` is the column of
    ``to_row()``, such as ``status`` or ``endpoint.name``, and ``old`` and ``new`` are its values. For a new
    object, ``new`` is its whole row, and for one that is gone, ``old`` is its last one. ``at`` is the time
    at which the mirror saw it, and ``number`` counts the changes.
    """

    number: int
    at: datetime
    collection: Literal["sims", "endpoints"]
    id: int
    kind: Literal["new", "changed", "gone"]
    field: str | None
    old: Any
    new: Any

    def __str__(self) -> str:
        what = f"{self.collection} {self.id}"
        return (
            f"{what} {self.kind}" if self.field is None else f"{what} {self.field}: {self.old} → {self.new}"
        )


QUERY = "SELECT number, at, collection, id, kind, field, old, new FROM change_json"


def change_of(row: tuple[Any, ...]) -> Change:
    """Return a change as a record."""
    number, at, collection, key, kind, field, old, new = row
    kinds = _kinds(collection)
    old, new = (None if one is None else msgspec.json.decode(one) for one in (old, new))
    if field is None:
        old, new = (
            one and {name: _value(kinds.get(name), value) for name, value in one.items()}
            for one in (old, new)
        )
    else:
        old, new = (_value(kinds.get(field), one) for one in (old, new))
    return Change(
        number=number,
        at=datetime.fromisoformat(at),
        collection=collection,
        id=key,
        kind=kind,
        field=field,
        old=old,
        new=new,
    )


@cache
def _kinds(collection: str) -> dict[str, Kind]:
    return {column.name: column.kind for column in columns_of(COLLECTIONS[collection].model)}


def _value(kind: Kind | None, value: Any) -> Any:
    """Return a value of ``to_row()`` from its JSON."""
    if kind == "time" and isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:  # the server sent another text
            return value
    return value
