"""What is checked again immediately before the first byte: the event loop may have stood still."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import Emnify, LoopClock, MemoryStore, StaticToken, Throttling
from aioemnify.errors import (
    EmnifyError,
    OutcomeUnknownError,
    ProtocolError,
    StoreError,
    TimeoutError,
)
from aioemnify.operation import LimitTable, MonthLimit, RowLimit
from aioemnify.stores import LimitRequest
from aioemnify.transport.throttle.wait_queue import GONE_AFTER
from tests.scripted_api import ScriptedApi, sim
from tests.stores.replay import over_bucket
from tests.stores.virtual_store import SharedPlace, VirtualStore
from tests.transport.throttle.stepped_loops import (
    LoopOfThisThread,
    SteppedLoop,
    World,
    asyncio_thread,
    trio_thread,
)
from tests.virtual_time import backends

URL = "https://cdn.emnify.example"
ENDPOINT = {"status": 0, "service_profile": 1, "tariff_profile": 2}
Call = Callable[[Emnify, Any], Awaitable[object]]


async def read(emnify: Emnify, options: Any = None) -> object:
    return await emnify.sims.get(1, options=options)


async def create(emnify: Emnify, options: Any = None) -> object:
    return await emnify.endpoints.create(ENDPOINT, options=options)


def table(rate: float, burst: float = 1.0) -> LimitTable:
    row = RowLimit(id="row", method="GET", path="/api/v1/sim/{id}", rate=rate, burst=burst)
    return LimitTable(rows=(row,), windows=(), month=MonthLimit(id="month", count=10**7))


@pytest.fixture(params=backends(), ids=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


class StandingClock(LoopClock):
    """Time that may go on while the event loop stands still: its timers do not see ``missed``."""

    missed = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.missed


class Network:
    """Own connections. ``connecting``: what happens until each is open; ``sent``: when first bytes left."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.connecting: list[Callable[[], Awaitable[None]]] = []
        self.opened = 0
        self.sent: list[float] = []
        self.answer = sim

    async def handle_async_request(self, request: Any) -> Any:
        trace = request.extensions["trace"]
        await trace("connection.connect_tcp.started", {})
        self.opened += 1
        if self.connecting:
            await self.connecting.pop(0)()
        await trace("connection.connect_tcp.complete", {"return_value": None})
        await trace("http11.send_request_headers.started", {"request": SimpleNamespace(extensions={})})
        self.sent.append(self.now())
        return self.answer()

    async def aclose(self) -> None: ...


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    network = Network(lambda: clock.monotonic())
    clock = network.clock = StandingClock()  # type: ignore[attr-defined]
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(import_module("httpx"), "AsyncHTTPTransport", lambda **_: network)
    return network


def client(network: Any, **options: Any) -> Emnify:
    options.setdefault("clock", network.clock)
    return Emnify(auth=StaticToken("ready"), base_url=URL, chance=lambda: 0.0, **options)


def in_flight(emnify: Emnify) -> list[tuple[str, int]]:
    return [(limit.name, limit.in_flight) for limit in emnify.throttle.snapshot().limits if limit.in_flight]


@pytest.mark.anyio
@pytest.mark.parametrize("call", [read, create])
async def test_a_call_whose_deadline_passed_while_it_connected_is_not_sent(network: Any, call: Call) -> None:
    async def stand_still() -> None:
        network.clock.missed += 10.0

    network.connecting = [stand_still]
    async with client(network) as emnify:
        with pytest.raises(TimeoutError, match="was not sent: its deadline passed") as caught:
            await call(emnify, {"deadline": 5.0})
        assert caught.value.phase == "connect" and not isinstance(caught.value, OutcomeUnknownError)
        assert network.opened == 1 and network.sent == []
        assert in_flight(emnify) == [] and emnify.throttle.snapshot().calls == 0


@pytest.mark.anyio
@pytest.mark.parametrize("call", [read, create])
async def test_so_is_one_that_got_its_slots_before_its_loop_stood_still(call: Call) -> None:
    """A user-supplied transport: it does not get the call at all."""
    api = ScriptedApi([sim()])
    api.clock = clock = StandingClock()
    outcomes: list[EmnifyError] = []

    async def second() -> None:
        with pytest.raises(TimeoutError, match="was not sent: its deadline passed") as caught:
            await call(emnify, {"deadline": 5.0})
        outcomes.append(caught.value)

    async with api.client(None, auth=StaticToken("ready"), connections=1) as emnify:
        async with anyio.create_task_group() as group:

            async def first() -> None:
                await read(emnify)
                # The second has its slots by now, and has not run.
                clock.missed += 10.0

            async def slow(_: httpx.Request) -> httpx.Response:
                await anyio.sleep(1.0)
                return sim()

            api.answers = [slow]
            group.start_soon(first)
            await anyio.sleep(0.5)
            group.start_soon(second)
        assert len(api.requests) == 1 and [error.phase for error in outcomes] == ["pool"]  # type: ignore[attr-defined]
        assert in_flight(emnify) == []


@pytest.mark.anyio
async def test_a_late_slot_of_a_store_is_given_back_and_another_one_is_used(network: Any) -> None:
    place = SharedPlace(network.clock)
    stores = [VirtualStore(place, name) for name in "ab"]
    network.connecting = [lambda seconds=seconds: anyio.sleep(seconds) for seconds in (0.5, 0.5, 0.15, 0.7)]

    async def keep_reading(emnify: Emnify) -> None:
        for _ in range(10):
            await read(emnify)

    clients = [client(network, store=store, limits=table(10.0, 3.0)) for store in stores]
    async with clients[0], clients[1], anyio.create_task_group() as group:
        for emnify in clients:
            group.start_soon(keep_reading, emnify)
    assert len(network.sent) == 20
    assert over_bucket(network.sent, 10.0, 3.0) == []
    assert network.opened == 20, "the connections stay open meanwhile"
    assert "cancel" in stores[0].asked + stores[1].asked


@pytest.mark.anyio
async def test_no_connection_is_kept_open_for_long_until_there_is_a_new_slot(network: Any) -> None:
    class Store(VirtualStore):
        async def reserve(self, limit_requests: tuple[LimitRequest, ...], *rest: Any) -> Any:
            self.row = limit_requests[0].key
            return await super().reserve(limit_requests, *rest)

    store = Store(SharedPlace(network.clock), "a")

    async def slow() -> None:
        await anyio.sleep(0.5)
        await store.pause(store.row, 60.0)

    network.connecting = [slow]
    async with client(network, store=store, limits=table(10.0)) as emnify:
        began = network.now()
        await read(emnify)
        assert network.opened == 2 and network.sent == [pytest.approx(began + 60.5, abs=0.1)]
        network.connecting = [slow]
        with pytest.raises(TimeoutError, match="was not sent: its slots went to others") as caught:
            await read(emnify, {"retry": False})
    assert caught.value.phase == "queue"


@pytest.mark.anyio
async def test_an_earlier_attempt_that_was_sent_is_not_hidden(network: Any) -> None:
    """Its second attempt finds its slot too old, and a store that has no other one."""
    store = VirtualStore(SharedPlace(network.clock), "a")

    async def soon() -> None: ...

    async def slow() -> None:
        await anyio.sleep(0.5)
        store.place.lose()

    def drop() -> Any:
        raise httpx.RemoteProtocolError("dropped")

    network.connecting, network.answer = [soon, slow], drop
    raising = Throttling(on_store_error="raise")
    async with client(network, store=store, limits=table(10.0), throttling=raising) as emnify:
        with pytest.raises(ProtocolError, match="broke before the response was complete") as caught:
            await read(emnify)
    assert len(network.sent) == 1 and isinstance(caught.value.__cause__, StoreError)


RUNNING = [asyncio_thread, trio_thread]


@pytest.mark.parametrize("stops", [LoopOfThisThread, *RUNNING])
@pytest.mark.parametrize("runs", RUNNING)
def test_a_call_whose_slots_went_to_others_while_its_loop_stood_still_takes_new_ones(
    network: Any, stops: Callable[[], SteppedLoop], runs: Callable[[], SteppedLoop]
) -> None:
    stopped, running = stops(), runs()
    world = World(stopped, running)
    network.clock = world.clock
    network.now = world.clock.monotonic
    store, gates, done = MemoryStore(), [], []

    async def connect() -> None:
        gates.append(anyio.Event())
        await gates[0].wait()

    async def call(name: str) -> None:
        async with client(network, store=store, limits=table(0.5)) as emnify:
            await read(emnify)
            done.append((name, world.clock.now))

    try:
        network.connecting = [connect]
        stopped.start(call, "connecting")
        world.run()
        stopped.stop()
        running.start(call, "waits")
        world.run(GONE_AFTER + 0.1)
        assert [name for name, _ in done] == ["waits"]
        stopped.resume()

        async def open_gate() -> None:
            gates[0].set()

        stopped.start(open_gate)
        world.run(5.0)
        assert [name for name, _ in done] == ["waits", "connecting"]
        assert network.opened == 2, "its connection stayed open"
        assert network.sent[1] - network.sent[0] >= 2.0, "one call in two seconds"
    finally:
        world.close()
