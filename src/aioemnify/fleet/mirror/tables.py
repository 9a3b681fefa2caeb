"""The tables of a mirror as what can be iterated over and exported."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Generic, TypeVar

import anyio.lowlevel
from attrs import astuple

from aioemnify.fleet.mirror.changes import QUERY, Change, change_of
from aioemnify.fleet.mirror.database import Database
from aioemnify.fleet.mirror.schema import CHANGE_COLUMNS, Collection
from aioemnify.fleet.mirror.writing import decoded
from aioemnify.page_iterators import ItemIterator
from aioemnify.serialization.columns import Column, Row
from aioemnify.transport.wire.codec import Codec
from aioemnify.types import Page

T = TypeVar("T")

_AT_ONCE = 1000


class MirrorTable(Generic[T]):
    """A collection of a mirror as models, by id: ``async for`` over all, or ``.pages()``.

    It has what is committed. A ``sync`` meanwhile does no harm: each page is as of the moment it is read.
    """

    def __init__(self, database: Database, collection: Collection, codec: Codec) -> None:
        self._database = database
        self._collection = collection
        self._operation = collection.operation
        self._codec = codec

    def __repr__(self) -> str:
        return f"<{self._collection.name} of {self._database.name}: async for over all of them>"

    def __aiter__(self) -> AsyncIterator[T]:
        return ItemIterator(self.pages())

    async def pages(self) -> AsyncGenerator[Page[T], None]:
        """Iterate over the objects in pages.

        Raises:
            MirrorError: the file is damaged.
        """
        query = (
            f"SELECT id, json FROM {self._collection.table}_json WHERE id > ? ORDER BY id LIMIT {_AT_ONCE}"
        )
        with self._database.faults():
            counted = "SELECT value FROM fact WHERE name = ?"
            _, found = self._database.read(counted, (f"{self._collection.name}.count",))
        total, last = (found[0][0] if found else 0), -1
        while True:
            await anyio.lowlevel.checkpoint()
            with self._database.faults():
                _, rows = self._database.read(query, (last,))
            if not rows:
                return
            last = rows[-1][0]
            yield Page(decoded(self._codec, self._collection, (text for _, text in rows)), total_count=total)


class ChangeTable:
    """The changes of a mirror, from a time and a number on."""

    columns: Sequence[Column] = CHANGE_COLUMNS

    def __init__(self, database: Database, since: str = "", after: int = 0) -> None:
        self._database = database
        self._since = since
        self._after = after

    async def changes(self) -> AsyncGenerator[list[Change], None]:
        """Yield some changes at a time, oldest first.

        Raises:
            MirrorError: the file is damaged.
        """
        query = f"{QUERY} WHERE number > ? AND at >= ? ORDER BY number LIMIT {_AT_ONCE}"
        last = self._after
        while True:
            await anyio.lowlevel.checkpoint()
            with self._database.faults():
                _, rows = self._database.read(query, (last, self._since))
            if not rows:
                return
            last = rows[-1][0]
            yield [change_of(row) for row in rows]

    async def rows(self) -> AsyncGenerator[list[Row], None]:
        """Yield the same as rows."""
        async for some in self.changes():
            yield [astuple(change, recurse=False) for change in some]
