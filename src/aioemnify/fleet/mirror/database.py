"""The file of a mirror: opened, migrated, and written in one transaction for each consistent step."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aioemnify.errors import EmnifyError
from aioemnify.fleet.local_files import check_place, is_at
from aioemnify.fleet.mirror.schema import APPLICATION, MIGRATIONS, views

FORMAT = max(MIGRATIONS)

_PATIENCE = 0.2
"""Seconds to wait for another process that opens the file."""

_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}


class MirrorError(EmnifyError):
    """A mirror cannot be used: another process writes it, it is damaged, or its disk refuses it.

    What was committed before is still in the file.
    """


class Database:
    """The file of a mirror.

    Args:
        path: the file.

    Raises:
        MirrorError: it is not a mirror, is of a newer version or damaged, or cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.name: str = os.fspath(path)
        self._path = Path(path).absolute()
        check_place(self._path, MirrorError)
        self._writer = self._connect()
        try:
            with self.faults():
                self._prepare()
            self._stat = self._path.stat()
            self._reader = self._connect()
            self._reader.execute("PRAGMA query_only = 1")
            self._reader.set_authorizer(_only_reads)
        except BaseException:
            self._writer.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        # Reads may run in a thread, one at a time.
        with self.faults():
            found = sqlite3.connect(
                self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
            found.execute("PRAGMA cache_size = -1000")
            return found

    def _prepare(self) -> None:
        run = self._writer.execute
        tables = run("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and run("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise MirrorError(f"{self.name} is a database, but not a mirror; use another file")
        # For a new file. Of the usual pages, with three objects each, a quarter would stay empty.
        run("PRAGMA page_size = 8192")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA wal_autocheckpoint = 2000")
        run("PRAGMA synchronous = NORMAL")
        known = dict(run("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall())
        wanted = dict(views())
        if self._version() == FORMAT and known == wanted:
            return
        run("BEGIN IMMEDIATE")
        try:
            self._migrate(known, wanted)
            run("COMMIT")
        except BaseException:
            self.roll_back()
            raise

    def _version(self) -> int:
        version: int = self._writer.execute("PRAGMA user_version").fetchone()[0]
        if version > FORMAT:
            raise MirrorError(
                f"{self.name} was written by a newer aioemnify (format {version}; this one reads {FORMAT}): "
                "update aioemnify to use it"
            )
        return version

    def _migrate(self, known: dict[str, str], wanted: dict[str, str]) -> None:
        run = self._writer.execute
        for version in range(self._version() + 1, FORMAT + 1):
            for statement in filter(str.strip, MIGRATIONS[version].split(";")):
                run(statement)
        run(f"PRAGMA application_id = {APPLICATION}")
        run(f"PRAGMA user_version = {FORMAT}")
        for name in known:
            run(f'DROP VIEW IF EXISTS "{name}"')
        for statement in wanted.values():
            run(statement)

    def close(self) -> None:
        """Close the file; an open transaction is undone."""
        self._reader.close()
        self._writer.close()

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Raise errors of the database as ``MirrorError``."""
        try:
            yield
        except sqlite3.Error as error:
            raise MirrorError(f"{self.name} {_explained(error)}") from error

    def begin(self) -> None:
        """Begin to write. Nobody else writes until the end, also between two commits, but reads.

        Raises:
            MirrorError: another process writes, or the file was deleted.
        """
        with self.faults():
            self._writer.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Commit what was written, and begin again."""
        self._check_file()
        with self.faults():
            self._writer.execute("COMMIT")
            self._writer.execute("BEGIN IMMEDIATE")

    def roll_back(self) -> None:
        """Undo what was not committed, and write no more."""
        if self._writer.in_transaction:
            self._writer.execute("ROLLBACK")

    def _check_file(self) -> None:
        if not is_at(self._path, self._stat):
            raise MirrorError(f"{self.name} was deleted or replaced while it is synchronised")

    def write(self, query: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement of the transaction."""
        return self._writer.execute(query, parameters)

    def write_many(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of some rows."""
        self._writer.executemany(query, rows)

    def fact(self, name: str) -> Any:
        """Return a fact about the mirror, as the transaction has it; ``None`` if it is not known."""
        row = self._writer.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return None if row is None else row[0]

    def note(self, name: str, value: object) -> None:
        """Write a fact; ``None`` removes it."""
        if value is None:
            self._writer.execute("DELETE FROM fact WHERE name = ?", (name,))
        else:
            self._writer.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def read(self, query: str, parameters: Any = ()) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return the columns and the rows of a query, of what is committed."""
        found = self._reader.execute(query, parameters)
        return [one[0] for one in found.description or ()], found.fetchall()


def _only_reads(action: int, first: str | None, second: str | None, *_: object) -> int:
    if action in _READING and second != "load_extension":
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _explained(error: sqlite3.Error) -> str:
    """Say what is wrong with the file, and what to do."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "is in use: another process synchronises this mirror; wait for it, or end it"
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return "cannot be written: give this user write permission for the file and its folder"
    if name == "SQLITE_FULL":
        return "cannot be written: the disk is full. Free some space and call sync() again; nothing is lost"
    if name.startswith("SQLITE_NOTADB"):
        return "is not a mirror; use another file"
    if name.startswith("SQLITE_CORRUPT"):
        return "is damaged: delete it, and sync() makes it again; its changes are lost"
    if name.startswith("SQLITE_IOERR"):
        return (
            f"cannot be read or written: {error}. Look after the disk and call sync() again; nothing is lost"
        )
    return f"cannot be used: {error}"
