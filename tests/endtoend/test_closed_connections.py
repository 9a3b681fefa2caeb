"""However a call ends over connections of the user's pool, none of them stays open when all is closed.

Each test gives up its calls at every step of the event loop in turn: while they connect, shake hands, send
and receive. The server tells which connections are open still; Python frees nothing meanwhile.
"""

from __future__ import annotations

import asyncio
import gc
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import Any

import anyio
import pytest
import trustme
from anyio.abc import ByteStream
from anyio.lowlevel import checkpoint
from anyio.streams.tls import TLSStream

from aioemnify import Emnify, StaticToken
from aioemnify.errors import ClientStateError, EmnifyError
from tests.endtoend.counting_server import PATIENCE

BODY = b'{"id":5,"iccid":"8988303000000000005","status":{"id":1}}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
CALLS = 3
STEPS = 25
"""Steps within which all calls are answered, more or less."""


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> Any:
    return import_module(request.param)


@pytest.fixture(params=["transport", "http_client"])
def argument(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(autouse=True)
def _nothing_is_freed() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()
    gc.collect()


class Contexts:
    """The TLS of a server and of a client that trusts it."""

    def __init__(self) -> None:
        authority = trustme.CA()
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self.server)
        self.client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        authority.configure_trust(self.client)


@pytest.fixture(scope="module")
def contexts() -> Contexts:
    return Contexts()


class OpenConnections:
    """Answers every request, and knows which connections are open."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._open: set[ByteStream] = set()
        self.closed = anyio.Event()

    async def serve(self, stream: ByteStream) -> None:
        self._open.add(stream)
        try:
            with suppress(anyio.EndOfStream, anyio.BrokenResourceError, ssl.SSLError):
                tls = await TLSStream.wrap(
                    stream, server_side=True, ssl_context=self._context, standard_compatible=False
                )
                while await tls.receive():
                    await tls.send(ANSWER)
        finally:
            self._open.discard(stream)
            self.closed.set()
            with anyio.CancelScope(shield=True):
                await stream.aclose()

    async def all_closed(self) -> bool:
        """Return whether all connections are closed, within a time that is never reached otherwise."""
        with anyio.move_on_after(PATIENCE):
            while self._open:
                self.closed = anyio.Event()
                await self.closed.wait()
        return not self._open


@asynccontextmanager
async def serving(contexts: Contexts) -> AsyncIterator[tuple[OpenConnections, str]]:
    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        server = OpenConnections(contexts.server)
        async with anyio.create_task_group() as group:
            group.start_soon(listener.serve, server.serve)
            port = listener.extra(anyio.abc.SocketAttribute.local_port)
            yield server, f"https://127.0.0.1:{port}"
            group.cancel_scope.cancel()


def given(argument: str, library: Any, contexts: Contexts) -> Any:
    if argument == "transport":
        return library.AsyncHTTPTransport(verify=contexts.client, trust_env=False)
    return library.AsyncClient(verify=contexts.client, trust_env=False)


def client(url: str, **more: Any) -> Emnify:
    return Emnify(auth=StaticToken("t"), base_url=url, throttling=None, **more)


async def some_steps(steps: int) -> None:
    for _ in range(steps):
        await checkpoint()


@pytest.mark.anyio
async def test_a_call_that_is_cancelled_at_any_step_leaves_no_connection_open(
    library: Any, argument: str, contexts: Contexts
) -> None:
    for steps in range(STEPS):
        async with serving(contexts) as (server, url):
            pool = given(argument, library, contexts)
            async with pool, client(url, **{argument: pool}) as emnify, anyio.create_task_group() as group:
                for _ in range(CALLS):
                    group.start_soon(emnify.sims.get, 5)
                await some_steps(steps)
                group.cancel_scope.cancel()
            assert await server.all_closed(), f"cancelled after {steps} steps"


@pytest.mark.anyio
async def test_a_client_that_is_closed_at_any_step_of_a_call_leaves_no_connection_open(
    library: Any, contexts: Contexts
) -> None:
    async def call(emnify: Emnify) -> None:
        with suppress(ClientStateError, EmnifyError):
            await emnify.sims.get(5)

    for steps in range(STEPS):
        async with serving(contexts) as (server, url):
            emnify = client(url, transport=given("transport", library, contexts))
            async with anyio.create_task_group() as group:
                for _ in range(CALLS):
                    group.start_soon(call, emnify)
                await some_steps(steps)
                await emnify.aclose()
            assert await server.all_closed(), f"closed after {steps} steps"


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.anyio
async def test_closing_a_client_that_asyncio_cancels_closes_every_connection(
    library: Any, contexts: Contexts
) -> None:
    for steps in range(1, 4):
        async with serving(contexts) as (server, url):
            emnify = client(url, transport=given("transport", library, contexts))
            await asyncio.gather(*(emnify.sims.get(5) for _ in range(CALLS)))
            closing = asyncio.create_task(emnify.aclose())
            await some_steps(steps)
            closing.cancel()
            await asyncio.wait([closing])
            assert await server.all_closed(), f"cancelled after {steps} steps"
