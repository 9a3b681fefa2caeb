"""What a mirror writes: pages that are compared with what it has, and what is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from attrs import define

from aioemnify import models
from aioemnify._secret import Concealer
from aioemnify.fleet.mirror.database import Database
from aioemnify.fleet.mirror.schema import Collection
from aioemnify.serialization.columns import secret_columns_of
from aioemnify.serialization.rows import to_row
from aioemnify.transport.wire.codec import Codec

_encode = msgspec.json.Encoder()
_AT_ONCE = 1000


@define(kw_only=True)
class Synced:
    """What a ``sync`` found of one collection.

    ``pages`` were read. ``full`` says that the whole list was read, ``first`` that it was read for the
    first time: then nothing is new, since all is. ``items`` is how many objects the mirror has now.
    """

    collection: str
    new: int = 0
    changed: int = 0
    gone: int = 0
    items: int = 0
    pages: int = 0
    full: bool = False
    first: bool = False


class Writing:
    """Writes the objects of one collection in the open transaction of a database.

    Args:
        database: the file.
        collection: what to write.
        report: counts what is found.

    Attributes:
        touched: whether more than the position of the sweep is to be committed.
    """

    def __init__(self, database: Database, collection: Collection, report: Synced) -> None:
        assert not secret_columns_of(collection.model)
        self._database = database
        self._collection = collection
        self._table = f"{collection.table}_json"
        self._codec = Codec(models.resolve)
        self.report = report
        self.touched: bool = False
        self.report.first = database.fact(self._name("synced")) is None
        self._count: int = database.fact(self._name("count")) or 0
        self._absent = database.write("SELECT 1 FROM absent WHERE collection = ?", self._key).fetchone()

    @property
    def _key(self) -> tuple[str]:
        return (self._collection.name,)

    def _name(self, fact: str) -> str:
        return f"{self._collection.name}.{fact}"

    @property
    def count(self) -> int:
        """Return how many objects the mirror has."""
        return self._count

    def page(self, items: Sequence[Any], at: datetime, between: tuple[int, int] | None = None) -> None:
        """Write the objects of a page that are new or have changed.

        Args:
            items: the objects.
            at: the time of their changes.
            between: the page has all objects whose ids are from the first number up to the second, without
                it. Those that the mirror has besides are absent.
        """
        ids = [item.id for item in items]
        texts = dict(zip(ids, self._texts(items), strict=True))
        absent, differ = self._compare(texts, between)
        self._note_absent(absent, ids)
        self.touched = self.touched or bool(absent or texts)
        if not texts:
            return
        known = {number for number, _ in differ}
        if differ or not self.report.first:
            objects = {item.id: item for item in items}
            self._record_changes(differ, objects, at)
            self._record_new([objects[number] for number in texts if number not in known], at)
        self._database.write_many(f"INSERT OR REPLACE INTO {self._table} VALUES (?, ?)", texts.items())
        self._counted(len(texts) - len(known))

    def _compare(
        self, texts: dict[int, str], between: tuple[int, int] | None
    ) -> tuple[list[int], list[tuple[int, str]]]:
        """Compare with what the mirror has, and take out of ``texts`` what is the same.

        Returns:
            The ids that are absent, and the old texts of those that differ.
        """
        if between is not None:
            values: tuple[Any, ...] = between
            condition = "id >= ? AND id < ? ORDER BY id"
        else:
            condition = "id IN (SELECT value FROM json_each(?))"
            values = (_encode.encode([*texts]).decode(),)
        found = self._database.write(f"SELECT id, json FROM {self._table} WHERE {condition}", values)
        absent: list[int] = []
        differ: list[tuple[int, str]] = []
        same: list[int] = []
        for number, old in found:
            new = texts.get(number)
            if new is None:
                absent.append(number)
            elif new == old:
                same.append(number)
            else:
                differ.append((number, old))
        for number in same:
            del texts[number]
        return absent, differ

    def _note_absent(self, absent: list[int], seen: list[int]) -> None:
        if self._absent and seen:  # after all
            rows = [(*self._key, number) for number in seen]
            self._database.write_many("DELETE FROM absent WHERE collection = ? AND id = ?", rows)
        if absent:
            rows = [(*self._key, number) for number in absent]
            self._database.write_many("INSERT OR IGNORE INTO absent VALUES (?, ?)", rows)
            self._absent = True

    def _texts(self, items: Sequence[Any]) -> list[str]:
        text = _encode.encode_lines(items).decode()
        if self._collection.free_text:
            text = Concealer().conceal(text, len(text))
        return text.split("\n")[:-1]

    def _counted(self, more: int) -> None:
        if more:
            self._count += more
            self._database.note(self._name("count"), self._count)

    def _models(self, texts: Iterable[str]) -> list[Any]:
        return decoded(self._codec, self._collection, texts)

    def _record_changes(self, differ: list[tuple[int, str]], objects: dict[int, Any], at: datetime) -> None:
        rows: list[tuple[Any, ...]] = []
        for (number, text), old in zip(differ, self._models(text for _, text in differ), strict=True):
            there = msgspec.json.decode(text).keys()
            before, now = to_row(old), to_row(objects[number])
            fields = [
                field
                for field in now
                # A member that this version of the schema added was not known before.
                if before.get(field) != now[field] and field.partition(".")[0] in there
            ]
            rows += [
                self._row(at, number, "changed", field, before.get(field), now[field]) for field in fields
            ]
            self.report.changed += bool(fields)
        self._record(rows)

    def _record_new(self, items: list[Any], at: datetime) -> None:
        if not self.report.first:
            self.report.new += len(items)
            if self._collection.tracked:
                self._record([self._row(at, item.id, "new", None, None, to_row(item)) for item in items])

    def _row(
        self, at: datetime, number: int, kind: str, field: str | None, old: Any, new: Any
    ) -> tuple[Any, ...]:
        values = [None if value is None else _encode.encode(value).decode() for value in (old, new)]
        return (time_text(at), self._collection.name, number, kind, field, *values)

    def _record(self, rows: list[tuple[Any, ...]]) -> None:
        if rows and self._collection.tracked:
            names = "at, collection, id, kind, field, old, new"
            self._database.write_many(f"INSERT INTO change_json ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def conclude(self, below: int | None, at: datetime) -> None:
        """Write that the sweep is complete: what is absent is gone, and so is what has a lower id.

        Args:
            below: the lowest id that came; ``None`` if no object came.
            at: the time.
        """
        if self._collection.tracked:
            lower = f"SELECT ?, id FROM {self._table}" + ("" if below is None else " WHERE id < ?")
            values = self._key if below is None else (*self._key, below)
            self._database.write(f"INSERT OR IGNORE INTO absent {lower}", values)
            while self._drop_some(at):
                pass
        self.forget_absent()
        self._database.note(self._name("synced"), time_text(at))

    def forget_absent(self) -> None:
        """Forget what did not come so far."""
        self._database.write("DELETE FROM absent WHERE collection = ?", self._key)
        self._absent = None

    def _drop_some(self, at: datetime) -> bool:
        """Remove some absent objects; return whether there were any."""
        query = (
            f"SELECT id, json FROM absent JOIN {self._table} USING (id) WHERE collection = ? LIMIT {_AT_ONCE}"
        )
        gone = self._database.write(query, self._key).fetchall()
        olds = self._models(text for _, text in gone)
        self._record(
            [
                self._row(at, number, "gone", None, to_row(old), None)
                for (number, _), old in zip(gone, olds, strict=True)
            ]
        )
        ids = [(number,) for number, _ in gone]
        self._database.write_many(f"DELETE FROM {self._table} WHERE id = ?", ids)
        self._database.write_many(
            "DELETE FROM absent WHERE collection = ? AND id = ?", [(*self._key, *one) for one in ids]
        )
        self.report.gone += len(gone)
        self._counted(-len(gone))
        return bool(gone)


def decoded(codec: Codec, collection: Collection, texts: Iterable[str]) -> list[Any]:
    """Return the models of JSON that the mirror has."""
    content = f"[{','.join(texts)}]".encode()
    found: list[Any] = codec.decode(collection.operation.result, content, collection.operation.id)
    return found


def time_text(at: datetime) -> str:
    """Write a time in UTC so that texts are in the order of the times."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"
