"""The file of a journal: its tables, its lock, its transactions, and what its errors mean.

In WAL mode a commit survives the end of the process at once, and a power failure after the next sync; for
calls that must not be sent twice, every ``sent`` is synced.
"""

from __future__ import annotations

import os
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.to_thread

from aioemnify.errors import EmnifyError
from aioemnify.fleet.journals.items import SENT, WAITING
from aioemnify.fleet.local_files import check_place, is_at

T = TypeVar("T")

SLOW_COMMIT = 0.001
"""Seconds; where a synced commit takes longer, commits run in a thread and the event loop goes on."""

FORMAT = 1
APPLICATION = 0x656D6A6F  # marks the file as ours

TABLES = f"""
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {FORMAT};
CREATE TABLE fact (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE part (
    id INTEGER PRIMARY KEY, operation TEXT NOT NULL, first INTEGER NOT NULL, key TEXT, shared BLOB NOT NULL,
    mark INTEGER, largest INTEGER NOT NULL DEFAULT 0, UNIQUE (operation, shared)
);
CREATE TABLE total (
    part INTEGER, state INTEGER, count INTEGER NOT NULL, PRIMARY KEY (part, state)
) WITHOUT ROWID;
CREATE TABLE item (
    number INTEGER PRIMARY KEY, first INTEGER NOT NULL, part INTEGER NOT NULL, key NOT NULL,
    body BLOB NOT NULL,
    state INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, doubled INTEGER NOT NULL DEFAULT 0,
    error TEXT, result BLOB
);
CREATE UNIQUE INDEX item_key ON item (first, key);
CREATE INDEX item_waiting ON item (part, number) WHERE state = {WAITING};
CREATE INDEX item_sent ON item (part, number) WHERE state = {SENT};
"""


class JournalError(EmnifyError):
    """The journal of a job cannot be used: another process has it, it is not one, or its disk refuses it.

    Everything committed so far is still in the file.
    """


def explained(error: sqlite3.Error) -> str:
    """Say what is wrong with the file, and what to do."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return "is in use: another process or another Job runs this job; wait for it, or end it"
    if "readonly" in text or "read-only" in text:
        return "cannot be written: give this user write permission for the file and its folder"
    if "full" in text:
        return "cannot be written: the disk is full. Free some space and run the job again; nothing is lost"
    if "not a database" in text:
        return "is not the journal of a job; use another file"
    return f"cannot be used: {text}"


class JournalFile:
    """The open file, for one process alone, and the facts about the whole job.

    Args:
        path: the file; ``None`` keeps the journal in memory.
        threaded: whether commits run in a thread; ``None`` measures one.
    """

    def __init__(self, path: str | os.PathLike[str] | None, *, threaded: bool | None = None) -> None:
        # Absolute: SQLite reads texts such as ":memory:" in its own way, and the folder may change.
        self.path: Path | None = None if path is None else Path(path).absolute()
        self.name: str = "in memory" if path is None else os.fspath(path)
        self._wanted_thread = threaded
        self._threaded = False
        self._synced = False
        self._database: sqlite3.Connection | None = None
        self._stat: os.stat_result | None = None
        self._turns: anyio.CapacityLimiter | None = None

    def __repr__(self) -> str:
        return f"<journal {self.name}>"

    @property
    def is_open(self) -> bool:
        """Return whether it is open."""
        return self._database is not None

    def open(self, limits: str = "") -> None:
        """Open the file for this process alone, or create it.

        Raises:
            JournalError: it is not a journal, is of a newer version, is in use, or cannot be written.
        """
        if self._database is not None:
            return
        if self.path is not None:
            check_place(self.path, JournalError)
        with self._errors():
            self._database = sqlite3.connect(
                ":memory:" if self.path is None else self.path,
                timeout=0,
                isolation_level=None,
                check_same_thread=False,
            )
        if self.path is None:
            # It stays for its report. From Python 3.13 on, one that nobody closes is a ResourceWarning.
            weakref.finalize(self, self._database.close)
        try:
            with self._errors():
                self._prepare()
            self._stat = None if self.path is None else self.path.stat()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        run = self._db.execute
        # The lock of this mode ends with the process, whatever ends it.
        run("PRAGMA locking_mode = EXCLUSIVE")
        tables = run("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and run("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise JournalError(f"{self.name} is a database, but not the journal of a job; use another file")
        version = run("PRAGMA user_version").fetchone()[0]
        if version > FORMAT:
            raise JournalError(
                f"{self.name} was written by a newer aioemnify (format {version}; this one reads {FORMAT}): "
                "update aioemnify to continue the job"
            )
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        if not tables:
            self._db.executescript(f"BEGIN IMMEDIATE; {TABLES} COMMIT;")
        self.note("opened", time.time())
        self._read_totals()

    def _read_totals(self) -> None:
        """Read what the file keeps in sums, when it is opened and after a transaction that failed."""

    def close(self) -> None:
        """Close the file; a journal in memory stays, for its report."""
        if self._database is not None and self.path is not None:
            self._database.close()
            self._database = None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Keep it open for the time of the block, also where it is closed.

        Raises:
            JournalError: the file does not exist any more, or cannot be read.
        """
        was_open = self.is_open
        if not was_open and self.path is not None and not self.path.exists():
            raise JournalError(f"{self.name} does not exist any more, and with it the items")
        self.open()
        try:
            yield
        finally:
            if not was_open:
                self.close()

    @property
    def _db(self) -> sqlite3.Connection:
        if self._database is None:
            raise JournalError(f"{self.name} is closed; use the job inside its async with block")
        return self._database

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise JournalError(f"{self.name} {explained(error)}") from error

    def _execute(self, query: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        with self._errors():
            return self._db.execute(query, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all that the block writes, or none of it.

        Raises:
            JournalError: the file cannot be written.
        """
        with self._errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                # A full disk has ended the transaction already.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                self._read_totals()
                raise

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do ``work`` on the journal: in a thread where commits are slow, one after the other."""
        if not self._threaded:
            return work(*arguments)
        if self._turns is None:
            self._turns = anyio.CapacityLimiter(1)
        return await anyio.to_thread.run_sync(partial(work, *arguments), limiter=self._turns)

    def sync_sent(self) -> None:
        """Sync every ``sent`` from now on, for calls that must not be sent twice."""
        if self._synced:
            return
        began = time.perf_counter()
        self._sync("FULL", partial(self.note, "synced", 1))
        slow = time.perf_counter() - began > SLOW_COMMIT
        self._threaded = slow if self._wanted_thread is None else self._wanted_thread
        self._synced = True

    def _sync(self, mode: str, work: Callable[[], object]) -> None:
        self._execute(f"PRAGMA synchronous = {mode}")
        try:
            work()
        finally:
            self._execute("PRAGMA synchronous = NORMAL")

    def check_file(self) -> None:
        """Check that the path still leads to the open file: what is written elsewhere is lost at the end."""
        if self.path is None or self._stat is None:
            return
        if not is_at(self.path, self._stat):
            raise JournalError(
                f"{self.name} was deleted or replaced while the job runs, so nothing more is sent; "
                "job.report().to_jsonl() can still save what is done"
            )

    def fact(self, name: str) -> Any:
        """Return a fact about the whole job; ``None`` if it is not known."""
        row = self._execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return None if row is None else row[0]

    def note(self, name: str, value: object) -> None:
        """Write a fact about the whole job."""
        self._execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def settle_fact(self, name: str, value: object) -> Any:
        """Write a fact unless it is known; return the one that stands."""
        known = self.fact(name)
        if known is None:
            self.note(name, value)
        return value if known is None else known
