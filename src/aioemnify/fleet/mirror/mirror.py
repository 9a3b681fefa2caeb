"""``Mirror``: a fleet in a SQLite database, and what changed in it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, cast, overload

import anyio
import anyio.to_thread

from aioemnify import models
from aioemnify._checks import check_bool, check_choice, check_type
from aioemnify.errors import ArgumentError, ClientStateError
from aioemnify.fleet.client import FleetClient
from aioemnify.fleet.exports.export import export
from aioemnify.fleet.mirror.changes import Change
from aioemnify.fleet.mirror.database import Database, MirrorError
from aioemnify.fleet.mirror.schema import COLLECTIONS
from aioemnify.fleet.mirror.syncing import Syncing
from aioemnify.fleet.mirror.tables import ChangeTable, MirrorTable
from aioemnify.fleet.mirror.writing import Synced, time_text
from aioemnify.pagination import Caller
from aioemnify.transport.wire.codec import Codec

if TYPE_CHECKING:
    from aioemnify.models import Endpoint, Event, Sim

CollectionName: TypeAlias = Literal["sims", "endpoints", "events"]


class Mirror:
    """Keep a fleet in a SQLite database, and record what changes.

    Use it as ``async with Mirror(emnify, "fleet.db") as mirror``. One process synchronises at a time;
    others may read the file meanwhile, by SQLite or another ``Mirror``. The file has no secrets, and only
    its owner can read it.

    Args:
        emnify: makes the calls; ``None`` to read a file only.
        path: the file, on a local disk. It is created if it does not exist.
    """

    def __init__(self, emnify: Caller | None, path: str | os.PathLike[str]) -> None:
        self._client = cast("FleetClient | None", emnify)
        check_type("path", path, (str, os.PathLike), "a path")
        self._path = path
        self._file: Database | None = None
        self._syncing = False
        self._reads: anyio.CapacityLimiter | None = None
        self._codec = Codec(models.resolve)

    def __repr__(self) -> str:
        return f"<Mirror {os.fspath(self._path)}>"

    async def __aenter__(self) -> Self:
        """Open the file.

        Raises:
            MirrorError: it is not a mirror, is of a newer version or damaged, or cannot be written.
        """
        if self._file is not None:
            raise ClientStateError("the mirror is open already")
        self._file = Database(self._path)
        self._reads = anyio.CapacityLimiter(1)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def _database(self) -> Database:
        if self._file is None:
            raise ClientStateError("the mirror is not open: use it as async with Mirror(...) as mirror")
        return self._file

    async def sync(self, *collections: CollectionName, full: bool = False) -> dict[str, Synced]:
        """Bring collections up to date, and return what was found.

        SIMs are swept, and so is any collection the first time. Later, endpoints are read from the newest
        change on, and events from the newest one on. Only a complete sweep finds what is gone; endpoints are
        swept if fewer are left than the mirror has. The first time nothing is new, since all is. What was
        read stays after a failure, a cancellation or a kill, and the next ``sync`` continues there within an
        hour. Calls have the priority bulk and wait for the limits of their lists, 10 calls a second.

        Args:
            collections: ``"sims"``, ``"endpoints"``, ``"events"``; all three by default.
            full: sweep endpoints and events too. This finds changes that do not count as an update of the
                endpoint, such as those of its SIM.

        Raises:
            ArgumentError: there is no such collection.
            MirrorError: another process synchronises the file, it is that of another workspace or damaged,
                or the disk is full.
            SweepError: a list changes faster than it can be read.
            EmnifyError: a call failed.
        """
        for name in collections:
            check_choice("collections", name, COLLECTIONS)
        check_bool("full", full)
        database, client = self._database, self._client
        if client is None:
            raise ClientStateError("a mirror without a client cannot synchronise: use Mirror(emnify, path)")
        if self._syncing:
            raise ClientStateError("the mirror is synchronised by another task: wait for it")
        self._syncing = True
        found: dict[str, Synced] = {}
        try:
            database.begin()
            with database.faults():
                self._check("server", client._base_url)
                for one in dict.fromkeys(collections or COLLECTIONS):
                    syncing = Syncing(client, database, COLLECTIONS[one], self._check_organisation)
                    found[one] = await syncing.run(full=full)
        finally:
            self._syncing = False
            database.roll_back()
        return found

    def _check_organisation(self) -> None:
        assert self._client is not None
        self._check("organisation", self._client._pipeline.organisation)

    def _check(self, name: str, here: str | None) -> None:
        """Check that the file is that of this server and workspace; the first response makes it so."""
        there = self._database.fact(name)
        if there is None and here is not None:
            self._database.note(name, here)
        elif there is not None and here is not None and there != here:
            raise MirrorError(
                f"{self._database.name} is the mirror of another {name}, {there}, not of {here}: "
                "use another file"
            )

    async def changes(self, since: datetime | None = None, *, after: int = 0) -> AsyncGenerator[Change, None]:
        """Iterate over the changes that were seen, oldest first.

        Args:
            since: the time from which on they were seen, with its zone; all by default.
            after: the ``number`` of a change: only later ones come.

        Raises:
            ArgumentError: ``since`` is not a time with a zone.
            MirrorError: the file is damaged.
        """
        first = ""
        if since is not None:
            check_type("since", since, datetime, "a time, or None")
            if since.tzinfo is None:
                raise ArgumentError("since", "takes a time with a zone, such as datetime.now(UTC)")
            first = time_text(since.astimezone(UTC))
        async with aclosing(ChangeTable(self._database, first, after).changes()) as some:
            async for changes in some:
                for change in changes:
                    yield change

    async def sql(
        self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[dict[str, Any]]:
        """Return the rows of a query over ``sim``, ``endpoint``, ``event`` and ``change``.

        It can read only. It runs in a thread: a look at each of a million SIMs takes some seconds.

        Args:
            query: one ``SELECT``. Columns with a dot are quoted: ``SELECT "endpoint.name" FROM sim``.
            parameters: the values for ``?`` or ``:name`` in the query.

        Raises:
            ArgumentError: the query is wrong, or would write.
            MirrorError: the file is damaged.
        """
        check_type("query", query, str, "text")
        database = self._database
        run = partial(database.read, query, parameters)
        try:
            with database.faults():
                names, rows = await anyio.to_thread.run_sync(run, limiter=self._reads)
        except MirrorError as error:
            cause = error.__cause__
            if isinstance(cause, sqlite3.ProgrammingError) or (
                getattr(cause, "sqlite_errorname", "") in ("SQLITE_ERROR", "SQLITE_AUTH", "SQLITE_READONLY")
            ):
                denied = getattr(cause, "sqlite_errorname", "") == "SQLITE_AUTH"
                text = "can only read: use SELECT" if denied else f"cannot be run: {cause}"
                raise ArgumentError("query", text) from None
            raise
        return [dict(zip(names, row, strict=True)) for row in rows]

    @overload
    def table(self, name: Literal["sims"]) -> MirrorTable[Sim]: ...
    @overload
    def table(self, name: Literal["endpoints"]) -> MirrorTable[Endpoint]: ...
    @overload
    def table(self, name: Literal["events"]) -> MirrorTable[Event]: ...
    def table(self, name: CollectionName) -> MirrorTable[Any]:
        """Return a collection as models: ``async for sim in mirror.table("sims")``.

        Args:
            name: ``"sims"``, ``"endpoints"`` or ``"events"``.

        Raises:
            ArgumentError: there is no such collection.
        """
        check_choice("name", name, COLLECTIONS)
        return MirrorTable(self._database, COLLECTIONS[name], self._codec)

    async def export(
        self,
        table: CollectionName | Literal["changes"],
        path: str | os.PathLike[str],
        *,
        columns: Sequence[str] | None = None,
        progress: Callable[[int, int | None], object] | None = None,
    ) -> int:
        """Write a collection, or the changes, as a file, and return the number of rows; see ``export``.

        Args:
            table: ``"sims"``, ``"endpoints"``, ``"events"`` or ``"changes"``.
            path: the file; its suffix is the format.
            columns: the names of the columns; ``None`` is all of them.
            progress: called with the rows so far, and their total.

        Raises:
            ArgumentError: there is no such table, format or column, or the extra is missing.
            ExportError: the file cannot be written.
        """
        check_choice("table", table, (*COLLECTIONS, "changes"))
        source: Any = ChangeTable(self._database) if table == "changes" else self.table(table)
        return await export(source, path, columns=columns, progress=progress)
