"""A budget and tokens shared by the processes of one machine, in one SQLite file."""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from math import inf
from os.path import samestat
from pathlib import Path
from stat import S_ISREG
from typing import Self, TypeVar
from weakref import WeakKeyDictionary, WeakSet

import anyio.to_thread

import aioemnify.stores._reservations as reservations
from aioemnify._checks import check_seconds, check_type, check_whole_number
from aioemnify._event_loop import running_loop
from aioemnify.clock import Clock
from aioemnify.errors import ArgumentError, StoreError
from aioemnify.stores._private_file import make_private
from aioemnify.stores._sqlite import TABLES, SqliteTables, boot_name
from aioemnify.stores.protocols import LimitRequest, Reservation, StoredToken, UsageReport

_logger = logging.getLogger("aioemnify.store")

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.001, 0.1
"""Seconds between attempts to use a file that others hold; each is twice as long as the one before."""

SQLITE_WAITS = 1.0
"""Seconds that SQLite itself waits, where a file is new, and where a store says that it shares no more."""


class _HeldByOthers(Exception):
    """Others use the file, but not for too long yet."""


# Held while a file is made or opened, so that no descriptor of it is closed beside a connection.
_opening = threading.Lock()


class FileStore:
    """One file in which the processes of a machine keep their common budget and tokens.

    The file is an SQLite database in WAL mode, with two more files beside it. It holds live tokens in
    plain text, and only its owner can read it, from the moment it exists. If others could read it, it is
    closed to them and its tokens are deleted. A symbolic link or another user's file is refused. The file
    must lie on a local disk, since the locks of network file systems are not reliable, and in a
    directory that nobody else may write to.

    Its time does not follow the wall clock: it advances with the machine's monotonic clock, and across a
    restart of the machine by what the wall clock says has passed, never backwards.

    It serves any number of event loops and threads. It opens on its first use and closes with ``aclose``
    or ``close``; used again, it opens again. A file that was removed is recreated.

    Args:
        path: the file. It is created if it does not exist; its directory is not.
        timeout: seconds to wait while other processes use the file.
        sharers: how many processes are assumed to share it, while none is known yet: one that starts while
            the file cannot be used takes that part of each limit.
        clock: where the time comes from; for tests.

    Raises:
        ArgumentError: an argument that cannot work, named.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        timeout: float = 5.0,
        sharers: int = 4,
        clock: Clock | None = None,
    ) -> None:
        check_type("path", path, (str, os.PathLike), "the path of a file")
        # A program may change its directory, and ":memory:" means no file to SQLite.
        self._path = Path(path).absolute()
        if self._path.is_dir():
            raise ArgumentError("path", f"takes a file, and {str(path)!r} is a directory")
        self._timeout = check_seconds("timeout", timeout)
        self.sharers: int = check_whole_number("sharers", sharers)
        self._clock = clock or Clock()
        self._lock = threading.Lock()
        # When it was last found that the file cannot be used, and why.
        self._found_at = -inf
        self._found: StoreError | None = None
        # One thread of each event loop at a time: more would only wait for each other, in threads that
        # belong to the program.
        self._limiters: WeakKeyDictionary[object, anyio.CapacityLimiter] = WeakKeyDictionary()
        self._connection: sqlite3.Connection | None = None
        # The file that is open, and what still has to be executed in it.
        self._file: os.stat_result | None = None
        self._to_prepare: list[str] = []
        # When opening it last went on: others may hold it for as long again.
        self._advanced_at = -inf
        self._id = secrets.token_hex(8)
        _stores.add(self)

    def __repr__(self) -> str:
        return f"FileStore({str(self._path)!r})"

    @property
    def address(self) -> str:
        return "default"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *rest: object) -> None:
        await self.aclose()

    async def reserve(
        self, limit_requests: tuple[LimitRequest, ...], count: int, horizon: float, generation: str
    ) -> Reservation:
        return await self._do(
            lambda tables: reservations.reserve(
                tables,
                limit_requests,
                count,
                horizon,
                generation,
                client=self._client_id(),
                now=tables.now(),
                wall=self._clock.wall(),
            )
        )

    async def cancel(
        self, limit_requests: tuple[LimitRequest, ...], reservation_ids: tuple[str, ...], generation: str
    ) -> None:
        await self._do(
            lambda tables: reservations.cancel(tables, limit_requests, reservation_ids, generation)
        )

    async def pause(self, key: str, seconds: float) -> None:
        await self._do(lambda tables: reservations.pause(tables, key, tables.now() + seconds))

    async def rejoin(self, generation: str, reports: tuple[UsageReport, ...], *, reset: bool) -> str:
        return await self._do(
            lambda tables: reservations.rejoin(
                tables,
                generation,
                reports,
                reset=reset,
                client=self._client_id(),
                now=tables.now(),
                wall=self._clock.wall(),
            )
        )

    async def load(self, key: str) -> StoredToken | None:
        return await self._do(lambda tables: tables.token(key), "BEGIN")

    async def save(self, key: str, token: StoredToken) -> None:
        await self._do(lambda tables: tables.set_token(key, token))

    async def lease(self, key: str, holder: str, seconds: float) -> bool:
        return await self._do(lambda tables: tables.lease(key, holder, seconds))

    async def release(self, key: str, holder: str) -> None:
        await self._do(lambda tables: tables.release(key, holder))

    async def aclose(self) -> None:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self.close, limiter=self._limiter())

    def close(self) -> None:
        """Close the file without an event loop."""
        with self._lock:
            if self._connection is not None:
                with suppress(sqlite3.Error):
                    self._connection.execute(f"PRAGMA busy_timeout = {SQLITE_WAITS * 1000:.0f}")
                    SqliteTables(self._connection, self._clock).leave(self._client_id())
            self._close_connection()

    async def _do(self, action: Callable[[SqliteTables], T], begin: str = "BEGIN IMMEDIATE") -> T:
        asked, limiter, pause = self._clock.monotonic(), self._limiter(), FIRST_PAUSE
        while True:
            with suppress(_HeldByOthers):
                return await anyio.to_thread.run_sync(self._transact, action, begin, asked, limiter=limiter)
            # Waited for here and not by SQLite: a caller can be cancelled meanwhile, and nothing is lost.
            await self._clock.sleep(pause)
            pause = min(LONGEST_PAUSE, 2 * pause)

    def _limiter(self) -> anyio.CapacityLimiter:
        return self._limiters.setdefault(running_loop(), anyio.CapacityLimiter(1))

    def _client_id(self) -> str:
        """Return what tells this process and store from other sharers, also after a fork."""
        return f"{self._id}-{os.getpid()}"

    def _transact(self, action: Callable[[SqliteTables], T], begin: str, asked: float) -> T:
        with self._lock:
            if self._found is not None and asked < self._found_at:
                raise copy(self._found)  # what one finds serves all who stand in line
            try:
                # The connection commits, or rolls back if anything is raised.
                with self._opened() as connection:
                    connection.execute(begin)
                    return action(SqliteTables(connection, self._clock))
            except sqlite3.Error as error:
                # SQLite's text does not hold the statement's values, a token perhaps; its frames do.
                raise self._trouble(error, asked) from None

    def _trouble(self, error: sqlite3.Error, asked: float) -> Exception:
        kind = getattr(error, "sqlite_errorname", "").split("_")[1:2]
        if kind in (["BUSY"], ["LOCKED"]):
            if self._clock.monotonic() < max(asked, self._advanced_at) + self._timeout:
                return _HeldByOthers()
            lost, advice = True, f"others have held it for {self._timeout:g} s"
        else:
            # The next call opens the file again.
            self._close_connection()
            if kind in (["FULL"], ["IOERR"], ["NOMEM"]):
                lost, advice = True, "the disk is full, or failing"
            elif kind in (["CORRUPT"], ["NOTADB"]):
                lost, advice = False, "remove it with what lies beside it (-wal, -shm); it is recreated"
            else:
                lost = False
                advice = "it has to be a store's, and writable with its directory, on a local disk"
        text = f"the store, file {str(self._path)!r}, cannot be used ({error}): {advice}"
        self._found_at, self._found = self._clock.monotonic(), StoreError(text, lost=lost)
        return self._found

    def _opened(self) -> sqlite3.Connection:
        if self._connection is not None and self._file is not None:
            with suppress(OSError):
                if samestat(self._path.stat(), self._file):
                    return self._prepared(self._connection)
            # It was removed or replaced: go where those are who open it now.
            self._close_connection()
        with _opening:
            return self._prepared(self._open())

    def _open(self) -> sqlite3.Connection:
        self._check_kind()
        try:
            was_open_to_others = make_private(self._path)
            found = self._path.stat()
        except OSError as error:
            raise StoreError(
                f"the store, file {str(self._path)!r}, cannot be opened ({error.strerror}): give a path in a "
                f"directory that exists and that this user may write to, and a file of this user",
                lost=False,
            ) from error
        if was_open_to_others:
            _logger.warning(
                "store: %s could be read by others: it is closed to them now, and its tokens are deleted",
                self._path,
            )
        self._connection = sqlite3.connect(
            self._path, timeout=SQLITE_WAITS, isolation_level=None, check_same_thread=False
        )
        self._file, self._to_prepare, self._advanced_at = found, [*TABLES], -inf
        if was_open_to_others:
            self._to_prepare.append("DELETE FROM token")
        return self._connection

    def _prepared(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """Create the tables, unless that was done. If others hold the file now, the next attempt goes on."""
        if self._to_prepare:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            if mode != "wal":
                raise sqlite3.NotSupportedError("its file system has no shared memory")
            # While many make one file, each of them waits with a lock; who gave it up would wait for ever.
            connection.execute("PRAGMA busy_timeout = 0")
            if self._advanced_at == -inf:
                self._advanced_at = self._clock.monotonic()
            connection.execute("PRAGMA synchronous = NORMAL")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                for statement in self._to_prepare:
                    connection.execute(statement)
                SqliteTables(connection, self._clock).begin(boot_name())
            self._to_prepare, self._advanced_at = [], self._clock.monotonic()
        return connection

    def _check_kind(self) -> None:
        """Refuse somebody's file that is not a database, before anything of it is changed."""
        try:
            found = self._path.lstat()
        except OSError:
            return
        # To close a file that another store of this process has open would end that one's locks.
        known = any(store._file is not None and samestat(store._file, found) for store in _stores)
        if known or not S_ISREG(found.st_mode) or found.st_size == 0:
            return
        with suppress(OSError), self._path.open("rb") as file:
            if file.read(len(_SQLITE)) != _SQLITE:
                raise StoreError(
                    f"the store, file {str(self._path)!r}, is not a store but something else, and was left "
                    "as it is: give another path",
                    lost=False,
                )

    def _close_connection(self) -> None:
        connection, self._connection, self._file = self._connection, None, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


_SQLITE = b"SQLite format 3\0"

_stores: WeakSet[FileStore] = WeakSet()
_forking: list[FileStore] = []


def _before_fork() -> None:
    """Close all files: SQLite's locks do not survive a fork, and a child would not know that."""
    _forking.extend(_stores)
    for store in _forking:
        store._lock.acquire()
        store._close_connection()
    _opening.acquire()


def _after_fork() -> None:
    _opening.release()
    while _forking:
        _forking.pop()._lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)
