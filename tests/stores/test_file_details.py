"""The store in a file, detail by detail: its settings, threads, transactions, and every way to fail."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from aioemnify import FileStore
from aioemnify._secret import Secret
from aioemnify.clock import Clock
from aioemnify.errors import ArgumentError, ArgumentTypeError, StoreError
from aioemnify.stores import LimitRequest, StoredToken
from aioemnify.stores._private_file import make_private

pytestmark = pytest.mark.anyio

ROW = LimitRequest("row", "bucket", rate=4.0, burst=3.0)
WINDOW = LimitRequest("window", "window", count=5, seconds=300.0)
TOKEN = StoredToken(Secret("the-canary-token"), 3600.0)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store"


class StillClock(Clock):
    def __init__(self) -> None:
        self.threads: set[int] = set()

    def monotonic(self) -> float:
        return 5000.0

    def wall(self) -> float:
        """Return the time of every transaction."""
        self.threads.add(threading.get_ident())
        return 1_790_000_000.0


async def used(store: FileStore) -> float:
    return (await store.reserve((WINDOW,), 0, 2.0, "")).used[0]


@pytest.mark.parametrize("given", ["", "."])
def test_a_path_without_a_file_is_refused(given: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        FileStore(given)
    assert str(caught.value) == f"path takes a file, and {given!r} is a directory"


def test_what_is_not_a_path_is_refused_and_a_path_is_shown() -> None:
    with pytest.raises(ArgumentTypeError, match="^path takes the path of a file, not int$"):
        FileStore(17)  # type: ignore[arg-type]
    assert repr(FileStore("/somewhere/store")) == "FileStore('/somewhere/store')"
    assert FileStore("x").address == "default"


async def test_every_store_is_a_sharer_of_its_own_until_it_closes(path: Path) -> None:
    async with FileStore(path) as one:
        assert (await one.reserve((), 0, 2.0, "")).sharers == 1
        async with FileStore(path) as two:
            assert (await two.reserve((), 0, 2.0, "")).sharers == 2
            with closing(sqlite3.connect(path)) as connection:
                names = [name for (name,) in connection.execute("SELECT name FROM sharer")]
            assert all(re.fullmatch(f"[0-9a-f]{{16}}-{os.getpid()}", name) for name in names)
        assert (await one.reserve((), 0, 2.0, "")).sharers == 1
        # Who rejoins shares too.
        await two.rejoin("", (), reset=False)
        assert (await one.reserve((), 0, 2.0, "")).sharers == 2
        two.close()
        two.close()
        assert (await one.reserve((), 0, 2.0, "")).sharers == 1


async def test_a_pause_lasts_its_seconds_by_the_files_own_time(path: Path) -> None:
    async with FileStore(path, clock=StillClock()) as store:
        await store.pause("row", 1.5)
        paused = await store.reserve((ROW,), 2, 2.0, "")
        assert paused.waits == pytest.approx((1.5, 1.75))
        assert paused.now == 1_790_000_000.0
        await store.pause("row", 60.0)
        assert (await store.reserve((ROW,), 1, 2.0, "")).retry_in == pytest.approx(58.0)


async def test_an_event_loop_keeps_one_thread_of_the_program_busy_at_a_time(path: Path) -> None:
    clock = StillClock()
    async with FileStore(path, clock=clock) as store:
        clock.threads.clear()
        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(store.reserve, (WINDOW,), 1, 2.0, "")
        assert len(clock.threads) == 1 and threading.get_ident() not in clock.threads


async def test_what_fails_half_way_leaves_nothing_behind(path: Path) -> None:
    async with FileStore(path) as store:
        made = await store.reserve((WINDOW,), 1, 2.0, "")
        with pytest.raises(ValueError, match="shorter"):
            await store.cancel((WINDOW, ROW), made.reservation_ids, made.generation)
        assert await used(store) == 1, "the use that was dropped first is back"
        await store.cancel((WINDOW,), made.reservation_ids, made.generation)
        assert await used(store) == 0


async def test_a_lease_that_its_holder_ends_is_free(path: Path) -> None:
    async with FileStore(path, clock=StillClock()) as store:
        assert await store.lease("k", "one", 60.0) and await store.lease("other", "one", 60.0)
        await store.release("k", "two")
        assert not await store.lease("k", "two", 60.0)
        await store.release("k", "one")
        assert await store.lease("k", "two", 60.0) and not await store.lease("other", "two", 60.0)


async def test_a_token_is_read_while_others_write(path: Path) -> None:
    async with FileStore(path, timeout=0.05) as store:
        await store.save("k", TOKEN)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            found = await store.load("k")
            with pytest.raises(StoreError) as caught:
                await store.release("k", "me")
    assert found is not None and found.secret == TOKEN.secret
    assert caught.value.lost
    assert str(caught.value) == (
        f"the store, file {str(path)!r}, cannot be used (database is locked): others have held it for 0.05 s"
    )


class SleepingClock(Clock):
    """Time passes while somebody sleeps, and otherwise by hand."""

    def __init__(self) -> None:
        self.now = 5000.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return 1_790_000_000.0 + self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_a_file_that_others_hold_is_given_up_after_five_seconds(path: Path) -> None:
    clock = SleepingClock()
    async with FileStore(path, clock=clock) as store:
        await store.save("k", TOKEN)
        began = clock.now
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="others have held it for 5 s") as caught:
                await store.pause("row", 1.0)
    assert caught.value.lost and 5.0 <= clock.now - began <= 5.2


async def test_the_file_forgets_tenants_that_are_gone_but_not_their_months(path: Path) -> None:
    clock, month = SleepingClock(), LimitRequest("month", "month", count=100)
    async with FileStore(path, clock=clock) as store:
        for tenant in range(20):
            row = LimitRequest(f"row {tenant}", "bucket", rate=4.0, burst=3.0)
            await store.reserve((row, month), 1, 2.0, "")
            await store.pause(row.key, 1.0)
            await store.lease(f"token {tenant}", "somebody", 10.0)
        await store.save("first", TOKEN)

        def rows() -> list[int]:
            with closing(sqlite3.connect(path)) as file:
                tables = ("bucket", "pause", "lease", "month")
                return [file.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]

        assert rows() == [20, 20, 20, 1]
        clock.now += 60.0
        await store.save("second", TOKEN)
        assert rows() == [0, 20, 0, 1], "a pause takes the burst of its bucket for a while"
        clock.now += 3600.0
        await store.save("third", TOKEN)
        assert rows() == [0, 0, 0, 1]
        assert (await store.reserve((month,), 0, 2.0, "")).used == (20,)


async def test_a_file_that_others_hold_is_closed_all_the_same(path: Path) -> None:
    async with FileStore(path, timeout=0.05) as store:
        await store.save("k", TOKEN)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await store.aclose()
    assert store._connection is None


async def test_it_is_safe_and_fast_as_a_file_in_wal_mode_can_be(path: Path) -> None:
    async with FileStore(path) as store:
        await store.save("k", TOKEN)
        assert store._connection is not None
        pragmas = [
            store._connection.execute(f"PRAGMA {name}").fetchone() for name in ("journal_mode", "synchronous")
        ]
        assert pragmas == [("wal",), (1,)]


HELD = (True, "others have held it for 0.05 s")
DISK = (True, "the disk is full, or failing")
BROKEN = (False, "remove it with what lies beside it (-wal, -shm); it is recreated")
RIGHTS = (False, "it has to be a store's, and writable with its directory, on a local disk")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("SQLITE_BUSY", HELD),
        ("SQLITE_BUSY_SNAPSHOT", HELD),
        ("SQLITE_LOCKED", HELD),
        ("SQLITE_FULL", DISK),
        ("SQLITE_IOERR_READ", DISK),
        ("SQLITE_NOMEM", DISK),
        ("SQLITE_CORRUPT", BROKEN),
        ("SQLITE_NOTADB", BROKEN),
        ("SQLITE_READONLY", RIGHTS),
        ("", RIGHTS),
        (None, RIGHTS),
    ],
)
async def test_every_error_of_the_file_says_what_to_do(
    path: Path, name: str | None, told: tuple[bool, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        error = sqlite3.OperationalError("what SQLite says")
        if name is not None:
            error.sqlite_errorname = name
        raise error

    async with FileStore(path, timeout=0.05) as store:
        await store.save("k", TOKEN)
        connection = store._connection
        with monkeypatch.context() as patch:
            patch.setattr("aioemnify.stores.file.SqliteTables.token", fail)
            with pytest.raises(StoreError) as caught:
                await store.load("k")
        lost, advice = told
        assert caught.value.lost is lost and caught.value.__cause__ is None
        assert str(caught.value) == (
            f"the store, file {str(path)!r}, cannot be used (what SQLite says): {advice}"
        )
        assert (store._connection is connection) is (told == HELD)
        assert await store.load("k") is not None, "the next call opens it again"


async def test_a_file_system_without_shared_memory_is_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []
    connection = SimpleNamespace(
        execute=lambda _: SimpleNamespace(fetchone=lambda: ("delete",)), close=lambda: closed.append(True)
    )
    monkeypatch.setattr("aioemnify.stores.file.sqlite3.connect", lambda *_, **__: connection)
    with pytest.raises(StoreError) as caught:
        await FileStore(path).load("k")
    assert str(caught.value) == (
        f"the store, file {str(path)!r}, cannot be used (its file system has no shared memory): {RIGHTS[1]}"
    )
    assert not caught.value.lost and closed == [True]


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_link(path: Path) -> None:
    path.symlink_to("elsewhere")


@pytest.mark.parametrize(
    ("make", "what"), [(a_pipe, "store is not a regular file"), (a_link, "store is a symbolic link")]
)
async def test_what_is_not_a_file_is_refused(path: Path, make: Callable[[Path], None], what: str) -> None:
    make(path)
    with pytest.raises(StoreError) as caught:
        await FileStore(path).load("k")
    assert str(caught.value) == (
        f"the store, file {str(path)!r}, cannot be opened ({what}): give a path in a directory that exists "
        "and that this user may write to, and a file of this user"
    )
    assert not caught.value.lost and str(caught.value.__cause__) == f"[Errno 0] {what}"


async def test_what_is_another_users_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    with pytest.raises(StoreError) as caught:
        await FileStore(path).load("k")
    assert str(caught.value.__cause__) == "[Errno 0] store belongs to another user"


@pytest.mark.parametrize("content", [b"SQLite format 3", b"SQLite format 3 more", b"x"])
def test_what_does_not_begin_like_a_database_is_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        anyio.run(FileStore(path).load, "k")
    assert str(caught.value) == (
        f"the store, file {str(path)!r}, is not a store but something else, and was left as it is: give "
        "another path"
    )
    assert not caught.value.lost and path.read_bytes() == content


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    with closing(FileStore(path)) as store:
        assert anyio.run(used, store) == 0


@pytest.mark.parametrize(
    ("mode", "open_to_others"),
    [
        (0o600, False),
        (0o400, False),
        (0o700, False),
        (0o601, True),
        (0o602, True),
        (0o604, True),
        (0o610, True),
        (0o620, True),
        (0o640, True),
    ],
)
@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
def test_a_file_is_closed_to_others(path: Path, end: str, mode: int, open_to_others: bool) -> None:
    make_private(path)
    file = Path(f"{path}{end}")
    file.touch()
    file.chmod(mode)
    assert make_private(path) is open_to_others
    assert file.stat().st_mode & 0o777 == (0o600 if open_to_others else mode)
    assert not make_private(path)


def test_a_new_file_is_its_owners_from_the_start(path: Path) -> None:
    old = os.umask(0)
    try:
        assert make_private(path) is False
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_file_that_others_could_read_is_told_of_and_loses_its_tokens(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with FileStore(path) as store:
        await store.save("k", TOKEN)
        await store.reserve((WINDOW,), 2, 2.0, "")
    await anyio.Path(path).chmod(0o644)
    async with FileStore(path) as store:
        assert await store.load("k") is None and await used(store) == 2
    assert [record.getMessage() for record in caplog.records] == [
        f"store: {path} could be read by others: it is closed to them now, and its tokens are deleted"
    ]


def test_where_files_have_no_modes_none_is_changed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.touch()
    path.chmod(0o644)
    windows = {name: getattr(os, name) for name in ("open", "close", "O_RDWR", "O_CREAT", "O_EXCL")}
    monkeypatch.setattr("aioemnify.stores._private_file.os", SimpleNamespace(name="nt", **windows))
    assert make_private(path) is False
    assert path.stat().st_mode & 0o777 == 0o644
