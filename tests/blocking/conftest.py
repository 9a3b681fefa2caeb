"""A blocking client, and a server that does what a test tells it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from attrs import define, field

from aioemnify import StaticToken
from aioemnify.blocking import Emnify
from aioemnify.simulator import Simulator

SIM = {"id": 1, "iccid": "8988303000000000901", "status": {"id": 1, "description": "Activated"}}


def sims(request: httpx.Request, pages: int = 3, size: int = 2) -> httpx.Response:
    """Answer with a page of the list of SIMs."""
    number = int(request.url.params.get("page", 1))
    items = [SIM | {"id": 10 * number + place} for place in range(size)]
    headers = {"X-Total-Pages": str(pages), "X-Current-Page": str(number), "X-Total-Count": str(pages * size)}
    return httpx.Response(200, headers=headers, json=items)


@define
class Server:
    """Answers every request with what ``answer`` makes of it."""

    answer: Callable[[httpx.Request], Any] = sims
    requests: list[httpx.Request] = field(factory=list)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answer(request)
        response: httpx.Response = await answer if isinstance(answer, Awaitable) else answer
        return response

    def client(self, **options: Any) -> Emnify:
        """Return a client of this server, which the test closes."""
        transport = httpx.MockTransport(self.handle)
        return Emnify(auth=StaticToken("header.claims.signature"), transport=transport, **options)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def emnify(server: Server) -> Iterator[Emnify]:
    with server.client() as emnify:
        yield emnify


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(sims=120, seed=5, tls=False, limits=None) as running:
        yield running


@pytest.fixture
def fleet(simulator: Simulator) -> Iterator[Emnify]:
    """A client of a simulator that has a fleet."""
    simulator.reset()
    with Emnify(simulator.application_token, base_url=simulator.url, throttling=None) as emnify:
        yield emnify
