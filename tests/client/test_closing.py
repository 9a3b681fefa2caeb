"""Closing a client ends its calls that wait, whatever they wait for, and nobody else's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import anyio.to_thread
import httpx
import pytest

from aioemnify import Emnify, RetryPolicy, StaticToken, UserPassword
from aioemnify.clock import Clock, LoopClock
from aioemnify.errors import ClientStateError
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit
from tests.scripted_api import ScriptedApi, sim
from tests.stores.virtual_store import SharedPlace, VirtualStore
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

LIST = "/api/v1/sim"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


class Crowd:
    """Calls of several clients, how each of them ended, and when the last one was turned away."""

    def __init__(self, group: anyio.abc.TaskGroup) -> None:
        self._group = group
        self.outcomes: dict[str, list[str]] = {}
        self.turned_away_at = 0.0

    async def start(self, name: str, call: Callable[[], Awaitable[object]], times: int = 1) -> None:
        for _ in range(times):
            self._group.start_soon(self._make, name, call)
        await anyio.wait_all_tasks_blocked()

    async def _make(self, name: str, call: Callable[[], Awaitable[object]]) -> None:
        try:
            await call()
            outcome = "answered"
        except ClientStateError as error:
            assert "closed" in str(error)
            outcome = "closed"
            self.turned_away_at = anyio.current_time()
        self.outcomes.setdefault(name, []).append(outcome)


def _user_api() -> ScriptedApi:
    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/authenticate/workspace":
            return httpx.Response(200, json={"auth_token": "of-another-workspace"})
        return httpx.Response(200, json=[])

    return ScriptedApi([answer])


def _read(emnify: Emnify) -> Callable[[], Awaitable[object]]:
    return lambda: emnify.request("GET", LIST)


@pytest.mark.parametrize("closed", ["one workspace", "the client of all"])
async def test_closing_ends_the_calls_of_that_client_and_those_made_from_it(closed: str) -> None:
    api = _user_api()
    async with anyio.create_task_group() as group:
        main = api.client(None, auth=UserPassword("user@example.com", "hunter2"))
        # Two clients of the same workspace wait in the same queue.
        clients = {"main": main, "there": main.workspace(42), "also there": main.workspace(42)}
        crowd = Crowd(group)
        for client in clients.values():
            await _read(client)()
        for name, client in clients.items():
            await crowd.start(name, _read(client), 12)
        gone = ["there"] if closed == "one workspace" else [*clients]
        before = {name: len(crowd.outcomes.get(name, [])) for name in clients}
        began, seen = api.clock.monotonic(), len(api.requests)
        await clients["there" if closed == "one workspace" else "main"].aclose()
        await anyio.sleep(0.5)
        assert crowd.turned_away_at == began, "at once"
        for name in gone:
            assert crowd.outcomes[name][before[name] :] == ["closed"] * (12 - before[name])
        with pytest.raises(ClientStateError, match="closed"):
            await _read(clients["there"])()
        if closed == "one workspace":
            assert clients["also there"].throttle.snapshot().queued > 0
        else:
            assert main.throttle.snapshot().queued == 0
    for name in set(clients) - set(gone):
        assert crowd.outcomes[name] == ["answered"] * 12
    if closed == "the client of all":
        assert len(api.requests) == seen, "nothing was sent any more"
    await main.aclose()


async def test_a_place_given_at_the_moment_of_closing_is_given_back() -> None:
    clock = LoopClock()
    throttle, gate, outcomes = Limiter(clock), ConcurrencyLimit("lane", "lane", size=1), []

    async def call(client: str) -> None:
        try:
            grant = await throttle.admit((gate,), client=client)
        except ClientStateError:
            outcomes.append(f"{client} turned away")
        else:
            outcomes.append(f"{client} let in")
            grant.sent()
            grant.end()

    held = await throttle.admit((gate,))
    held.sent()
    async with anyio.create_task_group() as group:
        for client in ("one", "other"):
            group.start_soon(call, client)
            await anyio.wait_all_tasks_blocked()
        throttle.dismiss(gate, "closed", client="one")
        held.end()  # its place goes to "one", who was dismissed and has not run yet
    assert sorted(outcomes) == ["one turned away", "other let in"]
    assert gate.used(0.0) == 0 and throttle.snapshot([]).calls == 2


@pytest.mark.parametrize("child", [False, True])
async def test_closing_ends_a_wait_for_a_token(child: bool) -> None:
    api = _user_api()
    api.login_delay = 1000.0
    main = api.client(None, auth=UserPassword("user@example.com", "hunter2"))
    client = main.workspace(42) if child else main
    async with anyio.create_task_group() as group:
        crowd = Crowd(group)
        await crowd.start("calls", _read(client), 3)
        await anyio.sleep(1.0)
        began = api.clock.monotonic()
        await client.aclose()
        await anyio.sleep(0.5)
        assert crowd.outcomes == {"calls": ["closed"] * 3}
        assert crowd.turned_away_at == began
    assert api.requests == []
    await main.aclose()


@pytest.mark.parametrize(
    ("answer", "options"),
    [
        (httpx.ConnectError("refused"), {"retry": RetryPolicy(first_delay=100.0, longest_delay=100.0)}),
        (httpx.Response(503, headers={"Retry-After": "50"}), {}),
        # Without limits of its own a client waits a 429 out call by call.
        (httpx.Response(429, headers={"Retry-After": "90000"}), {"throttling": None}),
        (httpx.Response(429, headers={"Retry-After": "90000"}), {}),
    ],
    ids=["a lost connection", "a gateway", "a refusal without pacing", "a refusal"],
)
async def test_closing_ends_a_wait_before_a_repeat(answer: object, options: dict[str, object]) -> None:
    api = ScriptedApi([answer])  # type: ignore[list-item]
    async with anyio.create_task_group() as group:
        emnify = api.client(**options)
        crowd = Crowd(group)
        await crowd.start("call", lambda: emnify.sims.get(1))
        await anyio.sleep(0.2)
        assert len(api.requests) == 1
        began = api.clock.monotonic()
        await emnify.aclose()
        await anyio.sleep(0.5)
        assert crowd.outcomes == {"call": ["closed"]}
        assert crowd.turned_away_at == began
    assert len(api.requests) == 1


async def test_closing_twice_and_closing_an_unused_client_are_harmless() -> None:
    api = ScriptedApi([sim()])
    emnify = api.client()
    await emnify.aclose()
    await emnify.aclose()
    there = api.client(None, auth=UserPassword("user@example.com", "hunter2")).workspace(3)
    await there.aclose()
    await there.aclose()
    assert api.logins == []


def with_store(store: VirtualStore, **options: Any) -> Emnify:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=[]))
    return Emnify(auth=StaticToken("t"), store=store, transport=transport, **options)


async def test_a_store_finishes_what_it_was_asked_before_it_is_closed() -> None:
    done: list[str] = []

    class Store(VirtualStore):
        async def _answer(self) -> None:
            await super()._answer()
            done.append("answered")

        async def aclose(self) -> None:
            done.append("closed")

    clock = LoopClock()
    emnify = with_store(Store(SharedPlace(clock, latency=0.2), "a"), clock=clock)
    async with emnify:
        with anyio.move_on_after(0.1):
            await emnify.sims.list()
    assert done == ["answered", "closed"]


def test_the_last_client_of_an_event_loop_closes_its_store_there() -> None:
    store = VirtualStore(SharedPlace(Clock()), "a")

    async def alone() -> None:
        async with with_store(store), with_store(store):
            pass

    async def beside_another_loop() -> None:
        async with with_store(store):
            await anyio.to_thread.run_sync(anyio.run, alone)
            assert store.closed == 1

    anyio.run(beside_another_loop)
    assert store.closed == 2


async def test_closing_ends_a_call_that_a_user_supplied_transport_has_not_answered() -> None:
    ended: list[str] = []

    async def silent(request: httpx.Request) -> httpx.Response:
        try:
            await anyio.sleep_forever()
        finally:
            ended.append("silent")
        raise AssertionError

    class Transport(httpx.MockTransport):
        async def aclose(self) -> None:
            ended.append("transport")

    emnify = Emnify(auth=StaticToken("t"), transport=Transport(silent), clock=LoopClock())
    async with anyio.create_task_group() as group:
        crowd = Crowd(group)
        await crowd.start("get", lambda: emnify.sims.get(1))
        await emnify.aclose()
    assert crowd.outcomes == {"get": ["closed"]} and sorted(ended) == ["silent", "transport"]
