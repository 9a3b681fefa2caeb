"""The store in Redis, against a real server: slots, tokens, errors, and clocks that were set."""

from __future__ import annotations

import asyncio
import logging
import pickle
import re
import subprocess
import sys
import traceback
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
import trio

from aioemnify import LimitStore, RedisStore
from aioemnify._secret import Secret
from aioemnify.errors import ArgumentError, ArgumentTypeError, StoreError
from aioemnify.stores.protocols import LimitRequest, StoredToken, TokenStore, UsageReport
from tests.stores.redis_server import RedisServer, free_port
from tests.stores.replay import over_bucket, over_window

ROW = LimitRequest("row:s:1:r", "bucket", rate=10.0, burst=3.0)
WINDOW = LimitRequest("ip:s:default:w", "window", count=8, seconds=1.0)
MONTH = LimitRequest("quota:s:1:m", "month", count=12)


@pytest.mark.parametrize(
    ("arguments", "options", "named"),
    [
        (("http://host",), {}, "store"),
        (("redis://host:port-of-letters",), {}, "store"),
        (("redis://:the-canary@host/x y?socket_timeout=much",), {}, "store"),
        (("redis://:the-canary@host/0?no_such_option=1",), {}, "store"),
        (("redis://host",), {"timeout": 0}, "timeout"),
        (("redis://host",), {"timeout": float("nan")}, "timeout"),
        (("redis://host",), {"deployment": "a}b"}, "deployment"),
        (("redis://host",), {"address": ""}, "address"),
    ],
)
def test_what_cannot_work_is_refused_at_once_and_named(
    arguments: tuple[str], options: dict[str, Any], named: str
) -> None:
    with pytest.raises(ArgumentError, match=f"^{named} ") as caught:
        RedisStore(*arguments, **options)
    assert "canary" not in str(caught.value)


class SwallowsCancellation:
    """A client of redis.asyncio that returns normally when it is cancelled, as asyncio.wait_for can."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def execute_command(self, *arguments: object) -> None:
        raise NotImplementedError

    async def set(self, *arguments: object, **options: object) -> None:
        self.asked.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


async def swallow_one() -> asyncio.Task[None]:
    client = SwallowsCancellation()
    store = RedisStore(client, timeout=30.0)
    task = asyncio.create_task(store.save("k", StoredToken(Secret("text"), 60.0)))
    await client.asked.wait()
    task.cancel()
    await asyncio.wait([task])
    return task


def test_a_cancellation_that_the_redis_library_swallows_still_ends_the_call() -> None:
    assert asyncio.run(swallow_one()).cancelled()


def test_what_is_no_address_and_no_client_is_a_type_error() -> None:
    import redis

    with pytest.raises(ArgumentTypeError, match="^store "):
        RedisStore(6379)
    with redis.Redis() as blocking, pytest.raises(ArgumentTypeError, match=r"client of redis\.asyncio, not"):
        RedisStore(blocking)


def test_it_is_a_store_of_both_and_shows_no_password() -> None:
    store = RedisStore("redis://user:the-canary@host")
    assert isinstance(store, LimitStore) and isinstance(store, TokenStore)
    assert "canary" not in repr(store) + repr(vars(store))


def test_without_the_package_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ArgumentError, match=r"pip install 'aioemnify\[redis\]'"):
        RedisStore("redis://host")


def test_trio_is_told_what_to_use_instead() -> None:
    async def book() -> None:
        await RedisStore("redis://host").reserve((ROW,), 1, 2.0, "")

    with pytest.raises(StoreError, match="asyncio only; under trio use FileStore"):
        trio.run(book)
    trio.run(RedisStore("redis://host").aclose)


def test_over_tls_the_name_in_the_certificate_is_checked() -> None:
    async def kwargs(url: str) -> dict[str, Any]:
        found: dict[str, Any] = RedisStore(url)._connect().connection_pool.connection_kwargs
        return found

    assert asyncio.run(kwargs("rediss://host"))["ssl_check_hostname"] is True
    assert asyncio.run(kwargs("rediss://host?ssl_check_hostname=no"))["ssl_check_hostname"] is False
    assert "ssl_check_hostname" not in asyncio.run(kwargs("redis://host"))


def test_a_server_that_is_not_there_is_lost_and_its_password_not_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    port = free_port()

    async def book() -> None:
        async with RedisStore(f"redis://me:the-canary@127.0.0.1:{port}/3") as store:
            await store.reserve((ROW,), 1, 2.0, "")

    there = f"127.0.0.1:{port}, database 3"
    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(StoreError, match=f"the store, Redis at {there}, cannot be reached") as caught,
    ):
        asyncio.run(book())
    assert caught.value.lost
    shown = "".join(traceback.format_exception(caught.value))
    assert "canary" not in shown + caplog.text + repr(pickle.loads(pickle.dumps(caught.value)))


def test_a_server_that_says_nothing_is_lost_in_time() -> None:
    async def check() -> None:
        async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
        async with RedisStore(f"redis://127.0.0.1:{silent.sockets[0].getsockname()[1]}") as store:
            with pytest.raises(StoreError, match="did not answer within 1 s: is it up") as caught:
                await store.reserve((ROW,), 1, 2.0, "")
        silent.close()
        await asyncio.sleep(0.05)
        assert caught.value.lost

    asyncio.run(check())


def test_importing_the_library_and_its_stores_loads_no_database() -> None:
    code = (
        "import sys, aioemnify, aioemnify.stores; aioemnify.Emnify, aioemnify.stores.LimitStore\n"
        "print([name for name in ('redis', 'sqlite3', 'httpx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.redis
def test_places_pauses_and_what_is_given_back(redis_server: RedisServer) -> None:
    async def check() -> None:
        async with RedisStore(redis_server.url, timeout=5.0) as store:
            limit_requests = (ROW, WINDOW, MONTH)
            answer = await store.reserve(limit_requests, 5, 2.0, "")
            assert answer.waits == pytest.approx((0, 0, 0, 0.1, 0.2)) and answer.used == (5, 5, 5)
            assert answer.sharers == 1
            await store.cancel(limit_requests, answer.reservation_ids[-2:], answer.generation)
            again = await store.reserve(limit_requests, 2, 2.0, "")
            assert [round(again.now + wait - answer.now, 6) for wait in again.waits] == [0.1, 0.2]
            await store.reserve((ROW,), 1, 2.0, "")
            await store.cancel(limit_requests, again.reservation_ids[-1:], again.generation)
            assert (await store.reserve(limit_requests, 0, 2.0, "")).used[1:] == (4, 4), (
                "all but the bucket, which moved on"
            )
            await store.pause(ROW.key, 1.5)
            await store.pause(ROW.key, 0.1)
            paused = await store.reserve((ROW,), 2, 2.0, "")
            assert 1.3 < paused.waits[0] <= 1.5
            assert paused.waits[1] - paused.waits[0] == pytest.approx(0.1, abs=1e-5)
            over = await store.reserve((MONTH,), 20, 2.0, "")
            assert len(over.waits) == 8
            over = await store.reserve((MONTH,), 1, 2.0, "")
            assert over.exhausted == MONTH.key and 0 < over.retry_in <= 31 * 86400

    asyncio.run(check())


@pytest.mark.redis
def test_every_key_has_the_tag_and_expires(redis_server: RedisServer) -> None:
    import redis

    async def use() -> None:
        async with RedisStore(redis_server.url, deployment="fleet", timeout=5.0) as store:
            await store.reserve((ROW, WINDOW, MONTH), 3, 2.0, "")
            await store.pause(ROW.key, 1.0)
            reports = (UsageReport(WINDOW, unreported=(0.5,)), UsageReport(MONTH, unreported_calls=2))
            await store.rejoin("other", reports, reset=False)
            await store.save("k", StoredToken(Secret("t"), 60.0))
            await store.lease("k", "me", 10.0)
            with redis.Redis.from_url(redis_server.url, decode_responses=True) as client:
                look(client)

    def look(client: Any) -> None:
        keys = client.keys("*")
        assert len(keys) == 8
        assert all(key.startswith("{aioemnify:fleet}:") and client.ttl(key) > 0 for key in keys)
        # Lua prints 14 digits of a number where nobody takes care, and a moment has 16.
        notes = client.hgetall("{aioemnify:fleet}:notes")
        assert {name: len(value) for name, value in notes.items() if name != "uses"} == {
            "generation": 16,
            "seen": 16,
        }
        name = "{{aioemnify:fleet}}:{}@" + notes["generation"]
        assert re.fullmatch(r"\d{16}", client.get(name.format(ROW.key)))
        assert re.fullmatch(r"\d{16}", client.get(name.format("pause:" + ROW.key)))
        for key in ("sharers", WINDOW.key):
            scores = [at for _, at in client.zrange(name.format(key), 0, -1, withscores=True)]
            assert scores and all(at > 1e15 and at == int(at) for at in scores)

    asyncio.run(use())


@pytest.mark.redis
def test_tokens_and_leases(redis_server: RedisServer) -> None:
    async def check() -> None:
        async with (
            RedisStore(redis_server.url, timeout=5.0) as one,
            RedisStore(redis_server.url, timeout=5.0) as two,
            RedisStore(redis_server.url, deployment="other", timeout=5.0) as other,
        ):
            assert await one.load("k") is None
            await one.save("k", StoredToken(Secret("the-canary"), 100.0))
            found = await two.load("k")
            assert found is not None and found.secret.reveal() == "the-canary"
            assert 95 < found.remaining <= 100 and "canary" not in repr(found)
            assert await other.load("k") is None
            assert await one.lease("k", "one", 0.3)
            assert not await two.lease("k", "two", 0.3)
            await two.release("k", "two")
            assert not await two.lease("k", "two", 0.3), "only the holder can let go"
            assert await one.lease("k", "one", 0.3), "and prolong it"
            await asyncio.sleep(0.35)
            assert await two.lease("k", "two", 0.3), "a dead holder blocks for its seconds only"

    asyncio.run(check())


@pytest.mark.redis
def test_a_client_that_was_brought_along_is_used_and_stays_open(redis_server: RedisServer) -> None:
    import redis.asyncio

    async def check() -> None:
        client = redis.asyncio.Redis.from_url(redis_server.url, decode_responses=True)
        async with RedisStore(client, timeout=5.0) as store:
            assert (await store.reserve((ROW,), 2, 2.0, "")).waits
            await store.save("k", StoredToken(Secret("t"), 60.0))
            assert await store.load("k") is not None
        assert await client.ping()
        await client.aclose()

    asyncio.run(check())


def refused(server: RedisServer, *commands: tuple[object, ...]) -> list[StoreError]:
    """Return what booking and saving end with after ``commands``."""
    import redis

    with redis.Redis.from_url(server.url) as client:
        for command in commands:
            client.execute_command(*command)

    async def check() -> list[StoreError]:
        errors = []
        async with RedisStore(server.url, timeout=5.0) as store:
            for call in (
                store.reserve((ROW, WINDOW), 1, 2.0, ""),
                store.save("k", StoredToken(Secret("the-canary"), 9.0)),
            ):
                with pytest.raises(StoreError) as caught:
                    await call
                errors.append(caught.value)
        return errors

    errors = asyncio.run(check())
    assert not any("canary" in "".join(traceback.format_exception(error)) for error in errors)
    return errors


@pytest.mark.redis
@pytest.mark.parametrize(
    ("commands", "text", "lost"),
    [
        ([("CONFIG", "SET", "requirepass", "secret")], "with a name and password that may", False),
        ([("ACL", "SETUSER", "default", "-evalsha", "-eval", "-set")], "name and password that may", False),
        ([("CONFIG", "SET", "maxmemory", "1")], "cannot write now", True),
        (
            [("REPLICAOF", "127.0.0.1", "1"), ("CONFIG", "SET", "replica-serve-stale-data", "yes")],
            "cannot",
            True,
        ),
        ([("CONFIG", "SET", "min-replicas-to-write", "1")], "cannot write now", True),
    ],
)
def test_what_redis_refuses_may_pass_or_has_to_be_put_right(
    redis_server: RedisServer, commands: list[tuple[object, ...]], text: str, lost: bool
) -> None:
    for error in refused(redis_server, *commands):
        assert text in str(error) and error.lost is lost, error


@pytest.mark.redis
def test_keys_of_another_program_are_told_of(redis_server: RedisServer) -> None:
    import redis

    with redis.Redis.from_url(redis_server.url) as client:
        client.lpush("{aioemnify:default}:notes", "not ours")

    async def check() -> None:
        async with RedisStore(redis_server.url, timeout=5.0) as store:
            with pytest.raises(StoreError, match=r"give RedisStore another deployment=.*WRONGTYPE") as caught:
                await store.reserve((ROW,), 1, 2.0, "")
            assert not caught.value.lost

    asyncio.run(check())


@pytest.mark.redis
def test_scripts_that_were_flushed_are_sent_again(redis_server: RedisServer) -> None:
    import redis

    async def check() -> None:
        async with RedisStore(redis_server.url, timeout=5.0) as store:
            await store.reserve((ROW,), 1, 2.0, "")
            with redis.Redis.from_url(redis_server.url) as client:
                client.script_flush()
            assert (await store.reserve((ROW,), 1, 2.0, "")).waits

    asyncio.run(check())


@pytest.mark.redis
@pytest.mark.parametrize("seconds", [30, 3600])
def test_a_clock_that_was_put_back_counts_as_a_wiped_store(redis_server: RedisServer, seconds: int) -> None:
    import redis

    async def check() -> None:
        async with RedisStore(redis_server.url, timeout=5.0) as store:
            before = await store.reserve((ROW, WINDOW), 4, 2.0, "")
            await store.pause(ROW.key, 20.0)
            with redis.Redis.from_url(redis_server.url, decode_responses=True) as client:
                client.hincrby("{aioemnify:default}:notes", "seen", seconds * 1_000_000)
            answer = await store.reserve((ROW, WINDOW), 4, 2.0, before.generation)
            assert answer.waits == () and answer.generation != before.generation
            report = UsageReport(WINDOW, reported=(0.2,) * 4)
            assert await store.rejoin(before.generation, (report,), reset=False) == answer.generation
            after = await store.reserve((ROW, WINDOW), 8, 2.0, answer.generation)
            # What lay ahead of the clock is forgotten, and the uses of the window are counted once.
            assert after.waits[0] == 0.0 and after.used[1] == 4 + len(after.waits)

    asyncio.run(check())


@pytest.mark.redis
def test_an_address_of_several_servers_is_refused(redis_server: RedisServer, tmp_path: Path) -> None:
    """Behind a balancer that sends each call to another Redis, no count can be kept."""
    other = RedisServer(tmp_path)
    other.start()

    async def check() -> None:
        import redis.asyncio

        clients = [redis.asyncio.Redis.from_url(server.url) for server in (redis_server, other)]

        class Balanced:
            def __init__(self) -> None:
                self.turn = 0

            async def execute_command(self, *words: Any) -> Any:
                raise NotImplementedError

            def eval(self, *words: Any) -> Any:
                self.turn += 1
                return clients[self.turn % 2].eval(*words)

            def evalsha(self, digest: str, *words: Any) -> Any:
                from redis.exceptions import NoScriptError

                raise NoScriptError

        with pytest.raises(StoreError, match="several servers") as caught:
            await RedisStore(Balanced(), timeout=5.0).reserve((ROW,), 1, 2.0, "")
        assert not caught.value.lost
        for client in clients:
            await client.aclose()

    try:
        asyncio.run(check())
    finally:
        other.kill()


@pytest.mark.redis
def test_a_task_that_is_cancelled_while_it_asks_ends(redis_server: RedisServer) -> None:
    async def check() -> None:
        async with RedisStore(redis_server.url, timeout=5.0) as store:

            async def ask() -> None:
                while True:
                    await store.reserve((WINDOW,), 0, 2.0, "")

            for turns in range(60):
                running = [asyncio.create_task(ask()) for _ in range(8)]
                for _ in range(turns):
                    await asyncio.sleep(0)
                for task in running:
                    task.cancel()
                _, deaf = await asyncio.wait(running, timeout=10.0)
                assert not deaf

    asyncio.run(check())


@pytest.mark.redis
def test_who_asks_again_stays_a_sharer(redis_server: RedisServer) -> None:
    import redis

    async def check() -> None:
        async with RedisStore(redis_server.url, timeout=5.0) as store:
            generation = (await store.reserve((ROW,), 1, 2.0, "")).generation
            with redis.Redis.from_url(redis_server.url, decode_responses=True) as client:
                key = f"{{aioemnify:default}}:sharers@{generation}"
                ((name, seen),) = client.zrange(key, 0, -1, withscores=True)
                client.zadd(key, {name: seen - 2e6, "gone": seen - 40e6})
                assert (await store.reserve((ROW,), 1, 2.0, generation)).sharers == 1
                assert client.zscore(key, name) > seen

    asyncio.run(check())


@pytest.mark.redis
def test_who_closes_is_no_sharer_any_more(redis_server: RedisServer) -> None:
    async def check() -> None:
        async with RedisStore(redis_server.url, timeout=5.0) as one:
            await one.reserve((ROW,), 1, 2.0, "")
            async with RedisStore(redis_server.url, timeout=5.0) as two:
                assert (await two.reserve((ROW,), 1, 2.0, "")).sharers == 2
            assert (await one.reserve((ROW,), 1, 2.0, "")).sharers == 1

    asyncio.run(check())


@pytest.mark.redis
def test_connections_that_were_cut_have_the_time_to_be_made_again(redis_server: RedisServer) -> None:
    """As over a long way with TLS: to connect takes three times as long as a call may."""
    writers: list[asyncio.StreamWriter] = []

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            await asyncio.sleep(0.06)
            there, back = await asyncio.open_connection("127.0.0.1", redis_server.port)
            with closing(back):
                writers.extend([writer, back])
                await asyncio.gather(pump(reader, back), pump(there, writer))

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
        sink.close()

    async def check() -> None:
        server = await asyncio.start_server(relay, "127.0.0.1", 0)
        async with RedisStore(
            f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}", timeout=0.02
        ) as store:
            for _ in range(3):
                answers = await asyncio.gather(*(store.reserve((WINDOW,), 1, 2.0, "") for _ in range(3)))
                assert all(answer.now for answer in answers)
                for writer in writers:
                    writer.close()
                writers.clear()
                # The first one may find out; from then on there is time.
                with suppress(StoreError):
                    await store.reserve((ROW,), 1, 2.0, "")
        server.close()
        await asyncio.sleep(0.1)

    asyncio.run(check())


@pytest.mark.redis
def test_a_store_serves_one_event_loop_after_the_other(redis_server: RedisServer) -> None:
    store = RedisStore(redis_server.url, timeout=5.0)

    async def book() -> int:
        async with store:
            return len((await store.reserve((ROW,), 1, 2.0, "")).waits)

    assert [asyncio.run(book()) for _ in range(3)] == [1, 1, 1]


@pytest.mark.redis
def test_clients_that_ask_at_the_same_time_never_overbook(redis_server: RedisServer) -> None:
    row = LimitRequest("r", "bucket", rate=200.0, burst=20.0)
    window = LimitRequest("w", "window", count=150, seconds=1.0)
    places: list[float] = []

    async def hammer(turn: int) -> None:
        async with RedisStore(redis_server.url, timeout=5.0) as store:
            for _ in range(40):
                answer = await store.reserve((row, window) if turn % 3 else (window,), 1 + turn % 4, 2.0, "")
                for wait, reservation_id in zip(answer.waits, answer.reservation_ids, strict=True):
                    if turn % 3 == 0 and wait > 0.5:
                        await store.cancel((window,), (reservation_id,), answer.generation)
                    else:
                        places.append(answer.now + wait)
                        rows.extend([answer.now + wait] if turn % 3 else [])
                if not answer.waits:
                    await asyncio.sleep(min(answer.retry_in, 0.05))

    async def together() -> None:
        await asyncio.gather(*(hammer(turn) for turn in range(8)))

    rows: list[float] = []
    asyncio.run(together())
    assert len(places) > 300
    assert over_bucket(rows, 200.0, 20.0) == []
    assert over_window(places, 150, 1.0) == []
