"""Connections of our own over transports that do as they are told."""

from __future__ import annotations

import asyncio
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from aioemnify.errors import ArgumentError
from aioemnify.transport.http import adapters as adapter
from aioemnify.transport.http.connections import KEEPALIVE, OwnConnections
from aioemnify.transport.http.exchange import Attempt, IncomingResponse, OutgoingRequest
from tests.transport.http.granted import granted
from tests.virtual_time import backends

URL = "https://cdn.emnify.example"


@pytest.fixture(params=backends(), ids=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


class Stream:
    """A connection that is being made."""

    closed = False

    async def aclose(self) -> None:
        self.closed = True


class Transport:
    """Answers after a second, unless it is to fail."""

    def __init__(self, *, sending: Exception | None = None, closing: Exception | None = None) -> None:
        self.sending = sending
        self.closing = closing
        self.stream = Stream()
        self.closed = 0
        self.used = 0

    async def handle_async_request(self, request: Any) -> Any:
        self.used += 1
        await request.extensions["trace"]("connection.connect_tcp.complete", {"return_value": self.stream})
        await anyio.sleep(1)
        if self.sending:
            raise self.sending
        return import_module("httpx").Response(200, content=b"{}")

    async def aclose(self) -> None:
        await anyio.sleep(1)
        self.closed += 1
        if self.closing:
            raise self.closing


class Own:
    """Connections over such transports, and the time they go by."""

    def __init__(self, *transports: Transport) -> None:
        self.made = 0
        self.now = 0.0
        self.connections = OwnConnections(import_module("httpx"), self._next, lambda: self.now)
        self._transports = transports

    def _next(self) -> Transport:
        self.made += 1
        return self._transports[self.made - 1]

    async def send(self) -> IncomingResponse:
        return await self.connections.send(
            OutgoingRequest("GET", URL, {}, None, {}, Attempt(granted(), traced=True))
        )

    async def exchange(self) -> bytes | None:
        answer = await self.send()
        try:
            return await answer.read(100)
        finally:
            await answer.aclose()

    async def at_once(self, calls: int) -> None:
        async with anyio.create_task_group() as group:
            for _ in range(calls):
                group.start_soon(self.exchange)


@pytest.mark.anyio
async def test_the_one_used_last_is_taken_first_and_those_that_age_are_closed() -> None:
    transports = [Transport(closing=OSError("already gone")) for _ in range(3)]
    own = Own(*transports)
    await own.at_once(3)
    own.now = KEEPALIVE
    await own.exchange()
    assert [one.closed for one in transports] == [0, 0, 0]
    own.now += 0.1
    await own.exchange()  # whether the others close as they should is not its concern
    assert sorted((one.used, one.closed) for one in transports) == [(1, 1), (1, 1), (3, 0)]


@pytest.mark.anyio
async def test_what_ends_a_call_is_said_and_not_how_its_connection_closed() -> None:
    failing = Transport(sending=ConnectionResetError("reset"), closing=RuntimeError("no more"))
    own = Own(failing, Transport())
    with pytest.raises(ConnectionResetError):
        await own.exchange()
    assert failing.closed == 1 and failing.stream.closed
    assert await own.exchange() == b"{}" and own.made == 2


@pytest.mark.anyio
@pytest.mark.parametrize("closing", [None, OSError("already gone")])
@pytest.mark.parametrize("connected", [True, False])
async def test_only_a_connection_that_does_not_close_cleanly_is_logged(
    closing: Exception | None, connected: bool, caplog: pytest.LogCaptureFixture
) -> None:
    class Refused(Transport):
        async def handle_async_request(self, request: Any) -> Any:
            if connected:
                return await super().handle_async_request(request)
            raise self.sending or AssertionError

    caplog.set_level("DEBUG", "aioemnify")
    failing = Refused(sending=ConnectionResetError("reset"), closing=closing)
    with pytest.raises(ConnectionResetError):
        await Own(failing).send()
    assert failing.closed == 1 and failing.stream.closed is connected
    logged = [(record.levelname, record.getMessage(), bool(record.exc_info)) for record in caplog.records]
    assert logged == [("DEBUG", "a connection could not be closed cleanly", True)] * (closing is not None)


@pytest.mark.anyio
async def test_closing_closes_every_one_whatever_becomes_of_the_others() -> None:
    transports = [Transport(closing=OSError("gone")), Transport(), Transport()]
    own = Own(*transports)
    await own.at_once(3)
    with anyio.move_on_after(0.5) as scope:
        await own.connections.aclose()
    assert [one.closed for one in transports] == [1, 1, 1] and scope.cancel_called
    assert own.connections.is_closed


@pytest.mark.anyio
async def test_a_connection_whose_answer_outlives_its_client_is_closed_with_the_answer() -> None:
    own = Own(transport := Transport())
    answer = await own.send()
    assert await answer.read(100) == b"{}"
    await own.connections.aclose()
    assert transport.closed == 1
    await answer.aclose()
    assert transport.closed == 2


@pytest.mark.anyio
@pytest.mark.parametrize("most", [100, 1])
async def test_a_connection_is_kept_only_when_all_of_the_answer_was_read(most: int) -> None:
    own = Own(transport := Transport(), Transport())
    answer = await own.send()
    assert await answer.read(most) == (b"{}" if most == 100 else None)
    await answer.aclose()
    await own.exchange()
    assert transport.closed == (0 if most == 100 else 1)
    assert own.made == (1 if most == 100 else 2)


@pytest.mark.anyio
async def test_a_scope_that_ends_waits_until_the_connection_is_closed() -> None:
    own = Own(transport := Transport())
    with anyio.move_on_after(0.5):
        await own.exchange()
    assert transport.closed == 1 and transport.stream.closed


@pytest.mark.parametrize("times", [1, 2, 3])
def test_so_does_the_cancellation_of_asyncio_however_often(times: int) -> None:
    async def main() -> None:
        own = Own(transport := Transport())
        task = asyncio.create_task(own.exchange())
        await asyncio.sleep(0.5)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0.25)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert transport.closed == 1 and transport.stream.closed

    name, options = backends()[0]
    anyio.run(main, backend=name, backend_options=options)


@pytest.mark.parametrize("name", ["requests", "", None, 2])
def test_a_library_nobody_knows_is_refused_and_the_known_are_named(name: Any) -> None:
    with pytest.raises(ArgumentError, match="http_library is one of httpx, httpx2, not"):
        adapter.check_library(name)


def test_a_library_that_is_not_installed_is_named_with_the_way_to_have_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(adapter, "find_spec", SimpleNamespace(httpx=1).__dict__.get)
    adapter.check_library("httpx")
    with pytest.raises(ArgumentError, match=r"pip install 'aioemnify\[httpx2\]'"):
        adapter.check_library("httpx2")
