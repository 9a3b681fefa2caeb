"""The store in a file: whose it is, what it remembers, and by which time."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest

from aioemnify import FileStore, LimitStore, MemoryStore
from aioemnify._secret import Secret
from aioemnify.clock import Clock
from aioemnify.errors import ArgumentError, ArgumentTypeError, StoreError
from aioemnify.stores.protocols import LimitRequest, StoredToken, TokenStore
from tests.stores.replay import over_bucket, over_window

pytestmark = pytest.mark.anyio

WINDOW = LimitRequest("ip:s:default:w", "window", count=5, seconds=300.0)
ROW = LimitRequest("row:s:1:r", "bucket", rate=10.0, burst=3.0)
TOKEN = StoredToken(Secret("the-canary-token"), 3600.0)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class SetClock(Clock):
    """Two clocks that stand still until they are set."""

    def __init__(self, mono: float = 5000.0, wall: float = 1_790_000_000.0) -> None:
        self.mono, self.walls = mono, wall

    def monotonic(self) -> float:
        return self.mono

    def wall(self) -> float:
        return self.walls


async def test_a_new_process_remembers_the_window(tmp_path: Path) -> None:
    async with FileStore(tmp_path / "store") as first:
        assert len((await first.reserve((WINDOW,), 3, 2.0, "")).waits) == 3
    async with FileStore(tmp_path / "store") as second:
        answer = await second.reserve((WINDOW,), 5, 2.0, "")
    assert len(answer.waits) == 2 and answer.used == (5,)


async def test_the_machine_was_started_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SetClock()
    async with FileStore(tmp_path / "store", clock=clock) as store:
        await store.reserve((WINDOW,), 5, 2.0, "")
    monkeypatch.setattr("aioemnify.stores.file.boot_name", lambda: "another start")
    clock.mono, clock.walls = 7.0, clock.walls + 250.0
    async with FileStore(tmp_path / "store", clock=clock) as store:
        early = await store.reserve((WINDOW,), 1, 2.0, "")
        clock.mono += 48.1
        assert early.waits == () and early.retry_in == pytest.approx(48.0, abs=0.1)
        assert len((await store.reserve((WINDOW,), 1, 2.0, "")).waits) == 1


@pytest.mark.parametrize("jump", [-7200.0, 7200.0, 86400.0 * 400])
async def test_a_jump_of_the_wall_clock_moves_no_window(tmp_path: Path, jump: float) -> None:
    clock = SetClock()
    async with FileStore(tmp_path / "store", clock=clock) as store:
        await store.reserve((WINDOW,), 5, 2.0, "")
        clock.walls += jump
        clock.mono += 100.0
        answer = await store.reserve((WINDOW,), 1, 2.0, "")
        assert answer.waits == () and answer.retry_in == pytest.approx(198.0, abs=0.1)
    async with FileStore(tmp_path / "store", clock=clock) as store:
        assert (await store.reserve((WINDOW,), 1, 2.0, "")).retry_in == pytest.approx(198.0, abs=0.1)


async def test_after_a_restart_with_the_wall_clock_put_back_time_stands_but_never_runs_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock()
    async with FileStore(tmp_path / "store", clock=clock) as store:
        await store.reserve((WINDOW,), 5, 2.0, "")
    monkeypatch.setattr("aioemnify.stores.file.boot_name", lambda: "another start")
    clock.mono, clock.walls = 1.0, clock.walls - 1_000_000.0
    async with FileStore(tmp_path / "store", clock=clock) as store:
        assert (await store.reserve((WINDOW,), 1, 2.0, "")).retry_in == pytest.approx(298.0, abs=0.1)


async def test_tokens_live_as_long_as_they_do(tmp_path: Path) -> None:
    clock = SetClock()
    async with FileStore(tmp_path / "store", clock=clock) as store:
        assert await store.load("k") is None
        await store.save("k", TOKEN)
        clock.mono += 3000.0
        clock.walls += 3000.0
        found = await store.load("k")
        assert found is not None and found.secret == TOKEN.secret
        assert found.remaining == pytest.approx(600.0)
        clock.mono += 601.0
        assert await store.load("k") is None


async def test_one_lease_at_a_time_and_a_dead_holder_blocks_for_its_seconds_only(tmp_path: Path) -> None:
    clock = SetClock()
    async with FileStore(tmp_path / "s", clock=clock) as one, FileStore(tmp_path / "s", clock=clock) as two:
        assert await one.lease("k", "one", 10.0)
        assert not await two.lease("k", "two", 10.0)
        await two.release("k", "two")
        assert not await two.lease("k", "two", 10.0), "only the holder can let go"
        clock.mono += 9.9
        assert await one.lease("k", "one", 10.0), "and prolong it"
        clock.mono += 9.9
        assert not await two.lease("k", "two", 10.0)
        clock.mono += 0.2
        assert await two.lease("k", "two", 10.0)


def modes_within(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


async def test_the_files_are_for_their_owner_only_from_the_start(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        async with FileStore(tmp_path / "store") as store:
            await store.save("k", TOKEN)
            modes = modes_within(tmp_path)
    finally:
        os.umask(old)
    assert modes == {"store": 0o600, "store-wal": 0o600, "store-shm": 0o600}


async def test_a_file_that_others_could_read_is_closed_to_them_and_loses_its_tokens(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "store"
    async with FileStore(path) as store:
        await store.save("k", TOKEN)
        await store.reserve((WINDOW,), 5, 2.0, "")
    path.chmod(0o644)
    with caplog.at_level(logging.WARNING, "aioemnify.store"):
        async with FileStore(path) as store:
            assert await store.load("k") is None
            assert (await store.reserve((WINDOW,), 1, 2.0, "")).waits == ()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [str(path) in record.getMessage() for record in caplog.records] == [True]


async def test_no_token_is_seen_in_text_or_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(b"no database at all, but text" * 1000)
    with caplog.at_level(logging.DEBUG):
        async with FileStore(tmp_path / "store") as store:
            await store.save("k", TOKEN)
            seen = f"{store!r} {await store.load('k')!r} {TOKEN!r}"
        with pytest.raises(StoreError) as caught:
            await FileStore(junk).save("k", TOKEN)
    assert "canary" not in seen + repr(caught.value) + caplog.text
    assert caught.value.__cause__ is None and not caught.value.lost


async def test_a_file_of_somebody_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    path.chmod(0o644)
    with pytest.raises(StoreError, match="left as it is") as caught:
        await FileStore(path).save("k", TOKEN)
    assert not caught.value.lost
    assert (modes_within(tmp_path), contents(path)) == ({"notes.txt": 0o644}, "mine")


def contents(path: Path) -> str:
    return path.read_text()


async def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "store"
    with pytest.raises(StoreError, match="directory that exists") as caught:
        await FileStore(path).reserve((ROW,), 1, 2.0, "")
    assert str(path) in str(caught.value) and not caught.value.lost


async def test_a_file_that_may_not_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("aioemnify.stores._private_file.os.open", refuse)
    with pytest.raises(StoreError, match=r"Permission denied.*may write to") as caught:
        await FileStore(tmp_path / "store").reserve((ROW,), 1, 2.0, "")
    assert str(tmp_path / "store") in str(caught.value) and not caught.value.lost


@pytest.mark.parametrize("target", ["missing", "secrets.txt"])
@pytest.mark.parametrize("name", ["store", "store-wal", "store-shm"])
async def test_a_link_that_somebody_left_there_is_not_followed(
    tmp_path: Path, name: str, target: str
) -> None:
    secrets = tmp_path / "secrets.txt"
    secrets.write_text("another file of the same user")
    secrets.chmod(0o644)
    (tmp_path / name).symlink_to(tmp_path / target)
    with pytest.raises(StoreError, match=f"{name} is a symbolic link") as caught:
        await FileStore(tmp_path / "store").save("k", TOKEN)
    assert not caught.value.lost
    assert secrets.stat().st_mode & 0o777 == 0o644 and not (tmp_path / "missing").exists()


async def test_a_file_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FileStore(tmp_path / "store") as store:
        await store.save("k", TOKEN)
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    with pytest.raises(StoreError, match="belongs to another user"):
        await FileStore(tmp_path / "store").save("k", TOKEN)


async def test_a_log_beside_the_file_that_others_could_read_is_closed_to_them_too(tmp_path: Path) -> None:
    async with FileStore(tmp_path / "store") as store, FileStore(tmp_path / "store") as other:
        await store.save("k", TOKEN)
        (tmp_path / "store-wal").chmod(0o644)
        assert await other.load("k") is None
        assert modes_within(tmp_path)["store-wal"] == 0o600


async def test_a_second_store_of_the_process_takes_no_lock_from_the_first(tmp_path: Path) -> None:
    path = tmp_path / "store"
    async with FileStore(path) as one:
        async with FileStore(path) as two:
            await one.reserve((WINDOW,), 1, 2.0, "")
            await two.reserve((WINDOW,), 1, 2.0, "")
        code = (
            "import asyncio, sys; from aioemnify.stores import LimitRequest, FileStore\n"
            "async def main():\n"
            "    async with FileStore(sys.argv[1]) as store:\n"
            "        window = LimitRequest('ip:s:default:w', 'window', count=5, seconds=300.0)\n"
            "        await store.reserve((window,), 1, 2.0, '')\n"
            "asyncio.run(main())"
        )
        command = [sys.executable, "-c", code, str(path)]
        await anyio.to_thread.run_sync(lambda: subprocess.run(command, check=True))
        # The last to close takes the log away, and that process was not the last.
        assert (tmp_path / "store-wal").exists()
        assert (await one.reserve((WINDOW,), 1, 2.0, "")).used == (4,)
    async with FileStore(path) as three:
        assert (await three.reserve((WINDOW,), 0, 2.0, "")).used == (4,)


@pytest.mark.parametrize("everything", [True, False])
async def test_a_file_that_was_removed_is_made_anew_for_all(tmp_path: Path, everything: bool) -> None:
    path = tmp_path / "store"
    async with FileStore(path) as one, FileStore(path) as two:
        before = await one.reserve((WINDOW,), 2, 2.0, "")
        await two.reserve((WINDOW,), 1, 2.0, "")
        for name in modes_within(tmp_path) if everything else ["store"]:
            (tmp_path / name).unlink()
        after = await two.reserve((WINDOW,), 1, 2.0, "")
        assert after.used == (1,) and after.generation != before.generation
        assert (await one.reserve((WINDOW,), 1, 2.0, "")).used == (2,), "the same file again"
        assert (await two.reserve((WINDOW,), 1, 2.0, "")).used == (3,)
        assert modes_within(tmp_path) == {"store": 0o600, "store-wal": 0o600, "store-shm": 0o600}


async def test_a_disk_that_is_full_is_lost_and_a_broken_file_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "store"
    async with FileStore(path) as store:
        await store.reserve((WINDOW,), 1, 2.0, "")
        assert store._connection is not None
        store._connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(StoreError, match="full") as caught:
            await store.save("k", StoredToken(Secret("t" * 1_000_000), 60.0))
        assert caught.value.lost
        assert (await store.reserve((WINDOW,), 1, 2.0, "")).used == (2,), "opened anew"
    path.write_bytes(b"SQLite format 3\x00" + b"nonsense" * 1000)
    with pytest.raises(StoreError, match="remove it with what lies beside it") as caught:
        await FileStore(path).reserve((WINDOW,), 1, 2.0, "")
    assert not caught.value.lost


async def test_a_relative_path_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with FileStore(":memory:") as store:
        monkeypatch.chdir("/")
        await store.reserve((ROW,), 1, 2.0, "")
        assert (tmp_path / ":memory:").stat().st_size > 0


async def test_threads_of_the_program_are_neither_needed_nor_taken(tmp_path: Path) -> None:
    threads = anyio.to_thread.current_default_thread_limiter()
    async with FileStore(tmp_path / "store") as store:
        for _ in range(int(threads.total_tokens)):
            threads.acquire_on_behalf_of_nowait(object())
        with anyio.fail_after(5):
            async with anyio.create_task_group() as group:
                for _ in range(10):
                    group.start_soon(store.reserve, (WINDOW,), 1, 2.0, "")
            assert (await store.reserve((WINDOW,), 0, 2.0, "")).used == (5,)


async def test_it_is_closed_when_its_user_is_cancelled(tmp_path: Path) -> None:
    with anyio.CancelScope() as scope:
        async with FileStore(tmp_path / "store") as store:
            await store.reserve((WINDOW,), 1, 2.0, "")
            scope.cancel()
            await anyio.sleep(1)
    assert store._connection is None and modes_within(tmp_path) == {"store": 0o600}


def test_what_cannot_be_a_file_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match=r"^path .*is a directory"):
        FileStore(tmp_path)
    with pytest.raises(ArgumentTypeError, match="^path "):
        FileStore(17)  # type: ignore[arg-type]
    for timeout in (0, float("nan"), float("inf")):
        with pytest.raises(ArgumentError, match="^timeout "):
            FileStore(tmp_path / "store", timeout=timeout)
    with pytest.raises(ArgumentTypeError, match="^timeout "):
        FileStore(tmp_path / "store", timeout="5")  # type: ignore[arg-type]


def test_what_is_a_store_and_what_is_not() -> None:
    assert not isinstance(MemoryStore(), (LimitStore, TokenStore)), (
        "it marks who shares, and is asked nothing"
    )
    assert isinstance(FileStore("x"), LimitStore) and isinstance(FileStore("x"), TokenStore)


async def test_a_file_that_others_hold_for_too_long_is_lost_not_broken(tmp_path: Path) -> None:
    path = tmp_path / "store"
    async with FileStore(path, timeout=0.05) as store:
        await store.reserve((ROW,), 1, 2.0, "")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"others have held it") as caught:
            await store.reserve((ROW,), 1, 2.0, "")
        other.close()
        assert caught.value.lost
        assert (await store.reserve((ROW,), 1, 2.0, "")).waits


async def test_whoever_waits_for_a_held_file_can_leave_and_what_one_finds_serves_all(tmp_path: Path) -> None:
    """No bound here is met by a slow machine; without them these waits take 5 s or 12 s."""
    path = tmp_path / "store"
    async with FileStore(path) as patient, FileStore(path, timeout=1.0) as store:
        await store.reserve((ROW,), 1, 2.0, "")
        await patient.reserve((ROW,), 1, 2.0, "")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for wait in (partial(patient.lease, "k", "me", 10.0), partial(patient.save, "k", TOKEN)):
            with anyio.move_on_after(0.2) as scope:
                await wait()
            assert scope.cancelled_caught, "its deadline ended the wait, not the store"
        errors: list[StoreError] = []

        async def reserve() -> None:
            try:
                await store.reserve((ROW,), 1, 2.0, "")
            except StoreError as error:
                errors.append(error)

        began = time.monotonic()
        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(reserve)
        assert len(errors) == 12 and all(error.lost for error in errors)
        assert time.monotonic() - began < 8.0
        other.close()
        assert await patient.lease("k", "somebody else", 10.0), "who left has no lease"
        assert (await store.reserve((ROW,), 1, 2.0, "")).waits


@pytest.mark.parametrize("sharers", [0, -1, 1.5, True, "4"])
def test_a_number_of_sharers_is_a_whole_number(tmp_path: Path, sharers: Any) -> None:
    with pytest.raises(ArgumentError, match="sharers"):
        FileStore(tmp_path / "store", sharers=sharers)


async def test_a_cancelled_booking_leaves_the_file_in_order(tmp_path: Path) -> None:
    async with FileStore(tmp_path / "store") as store:
        for _ in range(5):
            with anyio.move_on_after(0):
                await store.reserve((ROW,), 1, 2.0, "")
        assert (await store.reserve((ROW,), 1, 2.0, "")).waits


HAMMER = """
import asyncio, json, sys
from aioemnify import FileStore
from aioemnify.stores.protocols import LimitRequest

async def main():
    places = []
    async with FileStore(sys.argv[1]) as store:
        row = LimitRequest("r", "bucket", rate=50.0, burst=5.0)
        asks = (row, LimitRequest("w", "window", count=60, seconds=1.5))
        for turn in range(60):
            answer = await store.reserve(asks, 1 + turn % 3, 2.0, "")
            places += [answer.now + wait for wait in answer.waits]
            if not answer.waits:
                await asyncio.sleep(min(answer.retry_in, 0.05))
    print(json.dumps(places))

asyncio.run(main())
"""


@pytest.mark.process
def test_processes_that_hammer_one_file_never_overbook(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HAMMER, str(tmp_path / "store")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    places = [place for process in running for place in json.loads(process.communicate(timeout=60)[0])]
    assert len(places) > 100 and all(process.returncode == 0 for process in running)
    assert over_bucket(places, 50.0, 5.0) == []
    assert over_window(places, 60, 1.5) == []


FORK = """
import asyncio, os, sys, threading
from aioemnify.stores import LimitRequest, FileStore

ASKS = (LimitRequest("w", "window", count=10_000, seconds=300.0),)
store = FileStore(sys.argv[1])

async def book(times):
    for _ in range(times):
        answer = await store.reserve(ASKS, 1, 2.0, "")
    return answer

asyncio.run(book(10))
# Another thread is in the middle of it all the time.
busy = threading.Thread(target=lambda: asyncio.run(book(400)))
busy.start()
children = []
for _ in range(5):
    child = os.fork()
    if not child:
        asyncio.run(book(50))
        asyncio.run(store.aclose())
        os._exit(0)
    children.append(child)
assert [os.waitpid(child, 0)[1] for child in children] == [0] * 5
busy.join()
answer = asyncio.run(book(1))
assert answer.used == (661,), answer.used
assert answer.sharers == 1, answer.sharers  # the children have left
asyncio.run(store.aclose())
"""


@pytest.mark.process
def test_a_fork_in_mid_run_leaves_parent_and_children_in_order(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FORK, str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert modes_within(tmp_path) == {"store": 0o600}


@pytest.mark.process
def test_processes_that_make_the_file_together_all_get_in(tmp_path: Path) -> None:
    code = (
        "import asyncio, os, sys; from aioemnify.stores import LimitRequest, FileStore\n"
        "async def main():\n"
        "    async with FileStore(sys.argv[1]) as store:\n"
        "        await store.reserve((LimitRequest('w', 'window', count=50, seconds=300.0),), 1, 2.0, '')\n"
        "children = []\n"
        "gate_out, gate_in = os.pipe()\n"
        "for _ in range(30):\n"
        "    child = os.fork()\n"
        "    if not child:\n"
        "        os.close(gate_in); os.read(gate_out, 1)\n"
        "        asyncio.run(main()); os._exit(0)\n"
        "    children.append(child)\n"
        "os.close(gate_in)\n"
        "sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "store")], timeout=100, check=False)
    assert done.returncode == 0
