"""The store in Redis, detail by detail: what its client is asked, and what becomes of each answer."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

import anyio
import pytest
import redis.asyncio
import trio
from redis import exceptions

from aioemnify import RedisStore
from aioemnify._secret import Secret
from aioemnify.errors import ArgumentError, ArgumentTypeError, StoreError
from aioemnify.stores import LimitRequest, Reservation, StoredToken, UsageReport
from aioemnify.stores._redis_scripts import CANCEL, LEASE, PAUSE, REJOIN, RELEASE, RESERVE
from tests.virtual_time import VirtualLoop

ROW = LimitRequest("row", "bucket", rate=3.0, burst=2.5)
WINDOW = LimitRequest("window", "window", count=8, seconds=0.1 + 0.2)
MONTH = LimitRequest("month", "month", count=12)
SCRIPTS = {
    hashlib.sha1(script.encode()).hexdigest(): script
    for script in (CANCEL, LEASE, PAUSE, REJOIN, RELEASE, RESERVE)
}
NEVER = object()


class Client:
    """A client of redis.asyncio that answers what a test has put down, and notes what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = deque(answers)
        self.asked: list[tuple[Any, ...]] = []
        self.closed = 0
        self.latency = 0.0

    async def execute_command(self, *_: Any) -> Any:
        raise NotImplementedError

    async def _answer(self, *question: Any) -> Any:
        if self.latency:
            await asyncio.sleep(self.latency)
        self.asked.append(question)
        answer = self.answers.popleft()
        if answer is NEVER:
            await asyncio.Event().wait()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def evalsha(self, digest: str, keys: int, *words: Any) -> Any:
        return await self._answer("evalsha", SCRIPTS[digest], list(words[:keys]), list(words[keys:]))

    async def eval(self, script: str, keys: int, *words: Any) -> Any:
        return await self._answer("eval", script, list(words[:keys]), list(words[keys:]))

    async def get(self, key: str) -> Any:
        return await self._answer("get", key)

    async def pttl(self, key: str) -> Any:
        return await self._answer("pttl", key)

    async def set(self, key: str, text: str, *, px: int) -> Any:
        return await self._answer("set", key, text, px)

    async def zrem(self, key: str, name: str) -> Any:
        return await self._answer("zrem", key, name)

    async def aclose(self) -> None:
        self.closed += 1


def run(main: Callable[[], Awaitable[Any]]) -> Any:
    """Run in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())  # type: ignore[arg-type]


def key(name: str) -> str:
    return f"{{aioemnify:fleet}}:{name}"


def store_of(client: Client, **options: Any) -> RedisStore:
    return RedisStore(client, **{"deployment": "fleet", **options})


def slots(generation: Any = b"g", **other: Any) -> list[Any]:
    """Return what the script answers: texts as Redis sends them."""
    shown = {"waits": [b"0", b"250000"], "ids": [b"a/b 1", b"c/d 2"], "retry": b"0", "exhausted": b"0"}
    shown |= {"used": [b"1500", b"2000"], "sharers": b"3"}
    return [generation, b"5000250000", *{**shown, **other}.values()]


def test_slots_are_asked_for_under_the_generation_of_the_store() -> None:
    client = Client(slots(), slots())
    store = store_of(client)

    async def check() -> None:
        assert await store.reserve((ROW, WINDOW), 2, 1.5, "") == Reservation(
            waits=(0.0, 0.25),
            reservation_ids=("a/b 1", "c/d 2"),
            used=(1.5, 2.0),
            sharers=3,
            now=5000.25,
            generation="g",
        )

    run(check)
    (first, second) = client.asked
    assert first[:2] == ("evalsha", RESERVE)
    # It was not known to the process, so the same is asked again under the right one.
    assert first[2] == [
        key(name) for name in ("notes", "sharers@", "row@", "pause:row@", "window@", "pause:window@")
    ]
    assert second[2] == [
        key(name) for name in ("notes", "sharers@g", "row@g", "pause:row@g", "window@g", "pause:window@g")
    ]
    assert (first[3][0], second[3][0]) == ("", "g")
    client_id, *arguments = second[3][1:]
    assert re.fullmatch(f"[0-9a-f]{{16}}-{os.getpid()}", client_id) and first[3][1] == client_id
    # Rounded to the safe side: three a second are 333,334 us apart, and 1.5 more at once are 500,000 us.
    assert arguments == [2, "1500000", "bucket", "333334", "500000", "window", "8", "300001"]


def test_round_numbers_stay_what_they_are() -> None:
    client = Client(slots())
    row = LimitRequest("row", "bucket", rate=1.0, burst=3.0)
    window = LimitRequest("window", "window", count=8, seconds=10.0)
    run(lambda: store_of(client).reserve((row, window), 1, 2.0, "g"))
    assert client.asked[0][3][4:] == ["bucket", "1000000", "2000000", "window", "8", "10000000"]


def test_what_another_generation_answers_is_not_used() -> None:
    client = Client([b"second", b"7000000"])

    async def check() -> None:
        answer = await store_of(client).reserve((MONTH,), 2, 2.0, "first")
        assert answer == Reservation(now=7.0, generation="second")

    run(check)
    ((_, _, keys, arguments),) = client.asked
    # The count of a month outlives generations.
    assert keys == [key(name) for name in ("notes", "sharers@first", "month", "pause:month@first")]
    assert arguments[0] == "first" and arguments[4:] == ["month", "12", "0"]


@pytest.mark.parametrize(
    ("answered", "shown"),
    [
        ({"waits": [], "ids": [], "retry": b"1500000"}, {"retry_in": 1.5}),
        (
            {"waits": [], "ids": [], "retry": b"9000000", "exhausted": b"2"},
            {"retry_in": 9.0, "exhausted": "month"},
        ),
        ({"waits": [b"0"], "ids": ["x"], "exhausted": b"2"}, {"waits": (0.0,), "reservation_ids": ("x",)}),
        ({"waits": [], "ids": [], "sharers": b"0"}, {"sharers": 1}),
    ],
)
def test_what_the_script_answers(answered: dict[str, Any], shown: dict[str, Any]) -> None:
    client = Client(slots("g", **answered))
    answer = run(lambda: store_of(client).reserve((ROW, MONTH), 1, 2.0, "g"))
    known = {"used": (1.5, 2.0), "sharers": 3, "now": 5000.25, "generation": "g"}
    assert answer == Reservation(**{**known, **shown})


def test_what_is_cancelled_is_told_from_the_last_to_the_first() -> None:
    client = Client([b"g"])
    run(lambda: store_of(client).cancel((ROW, WINDOW), ("a/b 1", "c/d 2"), "g"))
    assert client.asked == [
        (
            "evalsha",
            CANCEL,
            [key(name) for name in ("notes", "sharers@g", "row@g", "window@g")],
            ["g", "bucket", "c/d", "window", "2", "bucket", "a/b", "window", "1"],
        )
    ]
    with pytest.raises(ValueError, match="shorter"):
        run(lambda: store_of(client).cancel((ROW, WINDOW), ("a/b",), "g"))


def test_a_pause_is_for_the_present_generation() -> None:
    client = Client([b"g"], [b"g"])
    run(lambda: store_of(client).pause("row", 1.25))
    assert client.asked[1] == (
        "evalsha",
        PAUSE,
        [key(name) for name in ("notes", "sharers@g", "pause:row@g")],
        ["g", "1250000"],
    )


def test_a_report_is_sent_in_microseconds() -> None:
    client = Client([b"second"], [b"second"])
    reports = (
        UsageReport(WINDOW, reported=(1.0, 2.0), unreported=(0.5,)),
        UsageReport(MONTH, known_used=9.7, unreported_calls=4),
    )

    async def check() -> None:
        store = store_of(client)
        assert await store.rejoin("first", reports, reset=True) == "second"
        client.answers.append([b"second"])
        assert await store.rejoin("first", (), reset=False) == "second"

    run(check)
    _, script, keys, arguments = client.asked[1]
    assert script == REJOIN
    assert keys == [key(name) for name in ("notes", "sharers@second", "window@second", "month")]
    assert arguments[0] == "second" and arguments[2:4] == ["first", "1"]
    assert arguments[4:] == [
        "window", "8", "300001", 0, 0, 2, 1, "1000000", "2000000", "500000",
        "month", "12", "0", 9, 4, 0, 0,
    ]  # fmt: skip
    assert client.asked[2][3][2:] == ["first", "0"]


def test_who_gets_another_generation_each_time_talks_to_several_servers() -> None:
    client = Client(*([f"g{turn}".encode()] for turn in range(5)))
    with pytest.raises(StoreError) as caught:
        run(lambda: store_of(client).pause("row", 1.0))
    assert len(client.asked) == 5 and caught.value.lost is False
    assert str(caught.value) == (
        "the store, Redis, answers like several servers that share nothing: give the address of one"
    )
    settled = Client(*([f"g{min(turn, 3)}".encode()] for turn in range(5)))
    run(lambda: store_of(settled).pause("row", 1.0))
    assert len(settled.asked) == 5


def test_a_script_that_redis_does_not_know_is_sent() -> None:
    client = Client(exceptions.NoScriptError("NOSCRIPT"), 1, 0, None)

    async def check() -> None:
        store = store_of(client)
        assert await store.lease("k", "me", 1.5) is True
        assert await store.lease("k", "me", 0.0001) is False
        await store.release("k", "me")

    run(check)
    assert client.asked == [
        ("evalsha", LEASE, [key("lease:k")], ["me", 1500]),
        ("eval", LEASE, [key("lease:k")], ["me", 1500]),
        ("evalsha", LEASE, [key("lease:k")], ["me", 1]),
        ("evalsha", RELEASE, [key("lease:k")], ["me"]),
    ]


@pytest.mark.parametrize(
    ("text", "left", "found"),
    [
        (b"secret", 1500, StoredToken(Secret("secret"), 1.5)),
        ("secret", 1, StoredToken(Secret("secret"), 0.001)),
        (b"secret", 0, None),
        (b"secret", -2, None),
        (None, 1500, None),
    ],
)
def test_a_token_is_loaded_with_the_time_that_it_has(text: Any, left: int, found: StoredToken | None) -> None:
    client = Client(text, left)
    assert run(lambda: store_of(client).load("k")) == found
    assert client.asked == [("get", key("token:k")), ("pttl", key("token:k"))]


@pytest.mark.parametrize(("left", "milliseconds"), [(1.5, [1500]), (0.001, [1]), (0.0009, []), (-5.0, [])])
def test_a_token_is_saved_for_the_time_that_it_has(left: float, milliseconds: list[int]) -> None:
    client = Client(None)
    run(lambda: store_of(client).save("k", StoredToken(Secret("secret"), left)))
    assert client.asked == [("set", key("token:k"), "secret", px) for px in milliseconds]


def test_connections_are_closed_when_all_that_was_asked_has_its_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed_after: list[int] = []

    class Watched(Client):
        async def aclose(self) -> None:
            closed_after.append(len(self.asked))

    client = Watched(None, -2)
    client.latency = 0.05
    monkeypatch.setattr(RedisStore, "_connect", lambda _: client)
    store = RedisStore("redis://host", deployment="fleet", timeout=1.0)

    async def check() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(store.load("k"))
            await asyncio.sleep(0.01)
            await store.aclose()

    run(check)
    assert closed_after == [2]


def test_who_closes_leaves_and_closes_only_what_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    given, own = (
        Client([b"g"], [b"g"], 1),
        Client([b"g"], [b"g"], 1, [b"g"], exceptions.ConnectionError("gone")),
    )

    async def check(store: RedisStore) -> None:
        async with store as entered:
            assert entered is store
            await store.pause("row", 1.0)
        await store.aclose()

    run(lambda: check(store_of(given)))
    monkeypatch.setattr(RedisStore, "_connect", lambda _: own)
    store = RedisStore("redis://host", deployment="fleet")
    run(lambda: check(store))
    assert (given.closed, own.closed) == (0, 1)
    for client in (given, own):
        _, name, who = client.asked[-1]
        assert client.asked[-1][0] == "zrem" and name == key("sharers@g")
        assert who.endswith(f"-{os.getpid()}")
    # That it cannot tell does not keep it from closing.
    run(lambda: check(store))
    assert own.closed == 2 and not own.answers


def test_who_is_cancelled_leaves_and_closes_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Client([b"g"], [b"g"], 1)
    monkeypatch.setattr(RedisStore, "_connect", lambda _: own)

    async def check() -> None:
        with anyio.CancelScope() as scope:
            async with RedisStore("redis://host") as store:
                await store.pause("row", 1.0)
                own.latency = 0.01
                scope.cancel()

    run(check)
    assert own.asked[-1][0] == "zrem" and own.closed == 1


def test_a_task_that_was_cancelled_and_goes_on_may_ask() -> None:
    client = Client(1)

    async def check() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(1)
        assert task.cancelling() == 1
        assert await store_of(client).lease("k", "me", 1.0)

    run(check)


def test_what_it_needs_is_told() -> None:
    with pytest.raises(StoreError) as caught:
        trio.run(RedisStore("redis://host").load, "k")
    assert str(caught.value) == "the store, a RedisStore, works under asyncio only; under trio use FileStore"
    assert caught.value.lost is False


def test_without_the_package_the_error_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ArgumentError) as caught:
        RedisStore("redis://host")
    assert str(caught.value) == "store RedisStore needs the package redis: pip install 'aioemnify[redis]'"


def test_who_never_reached_the_server_has_nothing_to_leave() -> None:
    client = Client(exceptions.ConnectionError("gone"))

    async def check() -> None:
        async with store_of(client) as store:
            with pytest.raises(StoreError):
                await store.load("k")

    run(check)
    assert [question[0] for question in client.asked] == ["get"]


RIGHTS = "refuses this user: give RedisStore an address with a name and password that may"
PASSES = "cannot write now"
FOREIGN = "refuses: if another program uses these keys, give RedisStore another deployment="
UNREACHABLE = "cannot be reached: is it up, and the address right?"
LATE = "did not answer within 1 s: is it up, and the address right?"


@pytest.mark.parametrize(
    ("error", "text", "lost", "reason"),
    [
        (exceptions.AuthenticationError("who"), RIGHTS, False, "AuthenticationError: who"),
        (exceptions.AuthorizationError("who"), RIGHTS, False, "AuthorizationError: who"),
        (exceptions.NoPermissionError("who"), RIGHTS, False, "NoPermissionError: who"),
        (exceptions.ConnectionError("gone"), UNREACHABLE, True, "ConnectionError: gone"),
        (exceptions.ConnectionError(), UNREACHABLE, True, "ConnectionError"),
        (ConnectionRefusedError("gone"), UNREACHABLE, True, "ConnectionRefusedError: gone"),
        (exceptions.TimeoutError("late"), LATE, True, "TimeoutError: late"),
        (TimeoutError(), LATE, True, "TimeoutError"),
        (exceptions.ReadOnlyError("replica"), PASSES, True, "ReadOnlyError: replica"),
        (exceptions.OutOfMemoryError("full"), PASSES, True, "OutOfMemoryError: full"),
        (exceptions.ResponseError("MISCONF disk"), PASSES, True, "ResponseError: MISCONF disk"),
        (exceptions.ResponseError("script: OOM"), PASSES, True, "ResponseError: script: OOM"),
        (exceptions.ResponseError("WRONGTYPE"), FOREIGN, False, "ResponseError: WRONGTYPE"),
    ],
)
def test_every_error_of_redis_says_what_to_do(
    error: Exception, text: str, lost: bool, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(error, error, error)
    monkeypatch.setattr(RedisStore, "_connect", lambda _: client)
    address = "redis://me:the-canary@host:7000/3"
    with pytest.raises(StoreError) as caught:
        run(lambda: RedisStore(address).release("k", "me"))
    assert str(caught.value) == f"the store, Redis at host:7000, database 3, {text} ({reason})"
    assert caught.value.lost is lost and caught.value.__cause__ is None
    # With a token in the command its text may be in the error.
    for call in (
        lambda: store_of(client).load("k"),
        lambda: store_of(client).save("k", StoredToken(Secret("t"), 9.0)),
    ):
        with pytest.raises(StoreError) as caught:
            run(call)
        assert str(caught.value) == f"the store, Redis, {text} ({reason.partition(':')[0]})"


async def seconds_until_lost(store: RedisStore) -> float:
    began = asyncio.get_running_loop().time()
    with pytest.raises(StoreError, match="did not answer within"):
        await store.release("k", "me")
    return asyncio.get_running_loop().time() - began


def test_a_request_that_has_to_connect_has_more_time() -> None:
    client = Client(NEVER, 1, NEVER, NEVER, exceptions.ResponseError("WRONGTYPE"), NEVER)

    async def check() -> None:
        store = store_of(client)
        assert await seconds_until_lost(store) == pytest.approx(1.0), "the first of all"
        await store.release("k", "me")
        assert await seconds_until_lost(store) == pytest.approx(0.1), "over a connection that is open"
        assert await seconds_until_lost(store) == pytest.approx(0.5), "it has to connect again"
        client.answers[0] = exceptions.ResponseError("WRONGTYPE")
        with pytest.raises(StoreError):
            await store.release("k", "me")
        assert await seconds_until_lost(store) == pytest.approx(0.5)

    run(check)


def test_an_error_of_the_server_is_an_answer_too() -> None:
    client = Client(exceptions.ResponseError("WRONGTYPE"), NEVER)

    async def check() -> None:
        store = store_of(client)
        with pytest.raises(StoreError):
            await store.release("k", "me")
        assert await seconds_until_lost(store) == pytest.approx(0.5)

    run(check)


def test_more_requests_at_once_than_connections_have_more_time() -> None:
    client = Client(1, NEVER, NEVER, NEVER)

    async def check() -> None:
        store = store_of(client)
        await store.release("k", "me")
        lost = await asyncio.gather(*(seconds_until_lost(store) for _ in range(3)))
        assert lost == pytest.approx([0.1, 0.5, 0.5])

    run(check)


@pytest.mark.parametrize(("timeout", "seconds"), [(0.7, [1.0, 0.7]), (3.0, [3.0, 3.0])])
def test_the_time_that_a_server_is_given(timeout: float, seconds: list[float]) -> None:
    client = Client(NEVER, 1, NEVER)

    async def check() -> None:
        store = store_of(client, timeout=timeout)
        first = await seconds_until_lost(store)
        await store.release("k", "me")
        assert [first, await seconds_until_lost(store)] == pytest.approx(seconds)

    run(check)


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("redis://host", "host:6379"),
        ("rediss://me:secret@host:7000/3", "host:7000, database 3"),
        ("redis://", "localhost:6379"),
        ("unix:///run/redis.sock?db=1", "/run/redis.sock, database 1"),
    ],
)
def test_errors_name_the_server(address: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RedisStore, "_connect", lambda _: Client(exceptions.ConnectionError()))
    with pytest.raises(StoreError, match=f"^the store, Redis at {where}, cannot be reached"):
        run(lambda: RedisStore(address).load("k"))


def test_how_a_store_connects() -> None:
    async def check() -> None:
        client = RedisStore("rediss://me:secret@host:7000/3")._connect()
        pool, options = client.connection_pool, client.connection_pool.connection_kwargs
        assert isinstance(pool, redis.asyncio.BlockingConnectionPool)
        assert (pool.max_connections, pool.timeout) == (8, None)
        assert options["socket_timeout"] is None and options["ssl_check_hostname"] is True
        assert (options["host"], options["port"], options["db"]) == ("host", 7000, 3)
        tries = 0

        async def fail() -> None:
            nonlocal tries
            tries += 1
            raise exceptions.ConnectionError

        async def note(_: Exception) -> None:
            pass

        with pytest.raises(exceptions.ConnectionError):
            await options["retry"].call_with_retry(fail, note)
        assert tries == 2, "once more, at once"
        assert asyncio.get_running_loop().time() == 0.0

    run(check)


@pytest.mark.parametrize("name", ["", "a:b", "a b", "{a", "a}", "a\n"])
@pytest.mark.parametrize("argument", ["deployment", "address"])
def test_a_name_that_cannot_be_part_of_a_key_is_refused(argument: str, name: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        RedisStore("redis://host", **{argument: name})
    assert str(caught.value) == f"{argument} takes a name without blanks, colons and braces, not {name!r}"


def test_other_arguments_that_cannot_work_are_refused() -> None:
    with pytest.raises(ArgumentTypeError, match="^deployment takes text, not int$"):
        RedisStore("redis://host", deployment=1)  # type: ignore[arg-type]
    with pytest.raises(ArgumentTypeError, match="^address takes text, not int$"):
        RedisStore("redis://host", address=1)  # type: ignore[arg-type]
    with pytest.raises(ArgumentTypeError) as wrong:
        RedisStore(6379)
    assert str(wrong.value) == "store takes an address or a client of redis.asyncio, not builtins.int"
    with pytest.raises(ArgumentError) as caught:
        RedisStore("http://host")
    assert str(caught.value) == (
        "store takes an address such as redis://host:6379/0, rediss://host or unix:///path/to/socket"
    )
    with pytest.raises(ArgumentError, match="^timeout "):
        RedisStore("redis://host", timeout=-1.0)


def test_a_client_that_blocks_is_refused_by_its_name() -> None:
    with redis.Redis() as blocking, pytest.raises(ArgumentTypeError, match=r"not redis\.client\.Redis$"):
        RedisStore(blocking)


def test_it_shows_its_names() -> None:
    store = RedisStore("redis://host")
    assert repr(store) == "RedisStore(deployment='default', address='default')"
    named = RedisStore("redis://host", deployment="X-fleet", address="office")
    assert (repr(named), named.address) == ("RedisStore(deployment='X-fleet', address='office')", "office")
    client = Client([b"g"])
    run(lambda: RedisStore(client).release("k", "me"))
    assert client.asked[0][2] == ["{aioemnify:default}:lease:k"]


def test_two_stores_of_a_process_are_two_sharers() -> None:
    clients = [Client([b"g", b"0"]), Client([b"g", b"0"])]
    for client in clients:
        run(partial(store_of(client).reserve, (), 0, 2.0, "other"))
    one, two = (client.asked[0][3][1] for client in clients)
    assert one != two
