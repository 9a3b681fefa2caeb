"""A call that ends before its bytes do leaves nothing behind that trio has to warn of."""

from __future__ import annotations

import gc
import socket
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib import import_module
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from anyio import to_thread

from aioemnify import Clock, Emnify, StaticToken
from aioemnify.errors import ResponseTooLargeError
from tests.endtoend.counting_server import PATIENCE, whole

pytestmark = pytest.mark.anyio

KINDS = ["httpx", "httpx2", "httpx pooled", "httpx2 pooled"]


@pytest.fixture(params=["trio", "asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def warned() -> Iterator[list[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        texts: list[str] = []
        yield texts
        gc.collect()
        texts += [str(one.message) for one in caught]
        assert texts == []


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        yield server


@asynccontextmanager
async def client(kind: str, server: socket.socket) -> AsyncIterator[Emnify]:
    name, _, pooled = kind.partition(" ")
    given: dict[str, Any] = {"http_client": import_module(name).AsyncClient()} if pooled else {}
    async with Emnify(
        auth=StaticToken("t"),
        base_url=f"http://127.0.0.1:{server.getsockname()[1]}",
        throttling=None,
        clock=Clock(),
        max_response_bytes=1000,
        **(given or {"http_library": name}),
    ) as emnify:
        yield emnify
    for pool in given.values():
        await pool.aclose()
    gc.collect()
    await anyio.lowlevel.checkpoint()  # trio warns in the next step of its loop


@pytest.mark.parametrize("kind", KINDS)
async def test_cancelled_while_it_is_sent(kind: str, listening: socket.socket, warned: list[str]) -> None:
    begun, over = threading.Event(), threading.Event()

    def serve() -> None:
        with listening.accept()[0] as line:
            line.recv(1000)  # and no more
            begun.set()
            over.wait(PATIENCE)

    server = threading.Thread(target=serve)
    server.start()
    async with client(kind, listening) as emnify, anyio.create_task_group() as group:
        group.start_soon(partial(emnify.request, "POST", "/api/v1/tag", json="x" * 20_000_000))
        assert await to_thread.run_sync(begun.wait, PATIENCE)
        group.cancel_scope.cancel()
    over.set()
    await to_thread.run_sync(server.join, PATIENCE)


@pytest.mark.parametrize("kind", KINDS)
async def test_given_up_because_the_answer_is_too_long(
    kind: str, listening: socket.socket, warned: list[str]
) -> None:
    def serve() -> None:
        with listening.accept()[0] as line, suppress(ConnectionError):
            line.recv(65536)
            line.sendall(whole(bytes(3_000_000))[:100_000])
            line.settimeout(PATIENCE)
            line.recv(65536)  # until the client closes it

    server = threading.Thread(target=serve)
    server.start()
    async with client(kind, listening) as emnify:
        with pytest.raises(ResponseTooLargeError):
            await emnify.sims.get(1)
    await to_thread.run_sync(server.join, PATIENCE)
