"""What the failure of an attempt proves about its request."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import anyio
import pytest

from aioemnify import Emnify, RetryPolicy, StaticToken
from aioemnify.errors import ArgumentError, ConnectError, OutcomeUnknownError, ProtocolError
from tests.virtual_time import backends

URL = "https://cdn.emnify.example"
ENDPOINT = {"status": 0, "service_profile": 1, "tariff_profile": 2}

pytestmark = pytest.mark.anyio


@pytest.fixture(params=backends(), ids=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


class Transport:
    """Fails before it begins to connect, and counts how often."""

    asked = 0

    def __init__(self, **_: Any) -> None: ...

    async def handle_async_request(self, request: Any) -> Any:
        Transport.asked += 1
        raise OSError(24, "Too many open files")

    async def aclose(self) -> None: ...


@pytest.fixture(autouse=True)
def transport(monkeypatch: pytest.MonkeyPatch) -> type[Transport]:
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    monkeypatch.delenv("https_proxy", raising=False)
    monkeypatch.setattr(import_module("httpx"), "AsyncHTTPTransport", Transport)
    monkeypatch.setattr(Transport, "asked", 0)
    return Transport


async def test_an_error_before_the_connection_proves_that_nothing_was_sent(
    transport: type[Transport],
) -> None:
    async with Emnify(auth=StaticToken("t"), base_url=URL) as emnify:
        with pytest.raises(ConnectError, match="Too many open files"):
            await emnify.endpoints.create(ENDPOINT)
    assert transport.asked > 1, "so it is sent again, although it creates something"


class Network:
    """Connections to a server that can vanish: those that are open then stay silent, new ones work."""

    def __init__(self, library: str) -> None:
        self.library = import_module(library)
        self.opened = 0
        self.open_since: dict[Connection, float] = {}
        self.gone_at = -1.0
        self.timeouts = 0
        self.breaks: type[Exception] | None = None

    def gone(self) -> None:
        self.gone_at = anyio.current_time()


class Connection:
    """A transport of the HTTP library that holds one connection."""

    network: Network

    def __init__(self, **_: Any) -> None: ...

    async def handle_async_request(self, request: Any) -> Any:
        network = self.network
        trace = request.extensions["trace"]
        if self not in network.open_since:
            await trace("connection.connect_tcp.started", {})
            await anyio.sleep(0.01)
            network.open_since[self] = anyio.current_time()
            network.opened += 1
        await trace("http11.send_request_headers.started", {})
        if network.open_since[self] <= network.gone_at:
            if network.breaks is not None:
                raise network.breaks("broken")
            await anyio.sleep(request.extensions["timeout"]["read"])
            network.timeouts += 1
            raise network.library.ReadTimeout("no answer")
        await anyio.sleep(0.1)
        status = 200 if request.method == "GET" else 201
        return network.library.Response(status, content=b'{"id": 1}')

    async def aclose(self) -> None:
        self.network.open_since.pop(self, None)


@pytest.fixture(params=["httpx", "httpx2"])
def network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Network:
    network = Network(request.param)
    monkeypatch.setattr(network.library, "AsyncHTTPTransport", Connection)
    monkeypatch.setattr(Connection, "network", network, raising=False)
    return network


def client(network: Network, **options: Any) -> Emnify:
    return Emnify(
        auth=StaticToken("t"),
        base_url=URL,
        http_library=network.library.__name__,  # type: ignore[arg-type]
        throttling=None,
        **options,
    )


async def together(emnify: Emnify, calls: int, **options: Any) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(calls):
            group.start_soon(lambda: one(emnify, **options))


async def one(emnify: Emnify, **options: Any) -> None:
    assert (await emnify.sims.get(1, options=options or None)).id == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("breaks", [None, "ReadError", "RemoteProtocolError", "WriteTimeout"])
async def test_a_retry_opens_a_connection_although_dead_ones_are_kept(
    network: Network, breaks: str | None
) -> None:
    """Ten kept connections are dead, and a call is sent four times at most."""
    async with client(network, connections=10) as emnify:
        await together(emnify, 10)
        assert network.opened == len(network.open_since) == 10
        network.gone()
        network.breaks = getattr(network.library, breaks) if breaks else None
        await one(emnify, timeout=0.2)
        assert network.timeouts == (0 if breaks else 1)
        assert network.opened == 11 and len(network.open_since) == 1, "the others are closed"
        await together(emnify, 10, timeout=0.2)
        assert network.timeouts == (0 if breaks else 1)


async def test_one_create_whose_outcome_is_unknown_is_enough(network: Network) -> None:
    async with client(network, connections=10) as emnify:
        await together(emnify, 10)
        network.gone()
        with pytest.raises(OutcomeUnknownError):
            await emnify.endpoints.create(ENDPOINT, options={"timeout": 0.2})
        for _ in range(3):
            assert (await emnify.endpoints.create(ENDPOINT, options={"timeout": 0.2})).id == 1


async def test_each_of_many_calls_over_dead_connections_is_repeated_once(network: Network) -> None:
    once = RetryPolicy(attempts=2)
    async with client(network, connections=10, retry=once) as emnify:
        await together(emnify, 10)
        network.gone()
        await together(emnify, 10, timeout=0.2)
    assert network.timeouts == 10 and network.opened <= 20


async def test_a_call_that_is_cancelled_costs_only_its_own_connection(network: Network) -> None:
    async with client(network, connections=3) as emnify:
        await together(emnify, 3)
        with anyio.move_on_after(0.05):
            await one(emnify)
        assert len(network.open_since) == 2


async def test_a_url_that_no_library_accepts_is_an_error_of_ours(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with client(network) as emnify:
        with pytest.raises(ArgumentError, match=r"URL of sims\.list .* too long"):
            await emnify.sims.list(q="x" * 70_000)
        assert network.opened == 0

        async def look_up(_self: Connection, _request: Any) -> Any:
            "\udc80.example".encode("idna")

        # trio encodes the host name when it connects.
        monkeypatch.setattr(Connection, "handle_async_request", look_up)
        with pytest.raises(ArgumentError, match=r"URL of sims\.get at .* cannot be sent"):
            await emnify.sims.get(1)


async def test_a_header_that_the_library_refuses_is_not_shown(network: Network) -> None:
    async def refuse(_self: Connection, _request: Any) -> Any:
        raise network.library.LocalProtocolError("Illegal header value b'Bearer canary '")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "handle_async_request", refuse)
        async with client(network, retry=RetryPolicy(attempts=1)) as emnify:
            with pytest.raises(ProtocolError, match="Illegal header") as caught:
                await emnify.sims.get(1)
    assert "canary" not in str(caught.value)
