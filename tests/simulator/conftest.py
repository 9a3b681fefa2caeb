"""Simulators without a socket, with a clock that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest

from aioemnify.simulator import Clock, Simulator

Session = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Run every test under both event loops."""
    return str(request.param)


@pytest.fixture
def make_sim() -> Callable[..., Simulator]:
    """Return a maker of small simulators with a frozen clock."""

    def make(**options: Any) -> Simulator:
        return Simulator(**({"sims": 50, "seed": 7, "clock": Clock.manual()} | options))

    return make


@pytest.fixture
def sim(make_sim: Callable[..., Simulator]) -> Simulator:
    """Return a simulator without limits."""
    return make_sim(limits=None)


@pytest.fixture
def session() -> Session:
    """Return an opener of logged-in clients; ``token=""`` opens one that is not logged in."""

    @asynccontextmanager
    async def open_session(
        simulator: Simulator, token: str | None = None, **options: Any
    ) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app=simulator.app, **options)
        async with httpx.AsyncClient(transport=transport, base_url=simulator.url) as client:
            if token != "":
                body = {"application_token": token or simulator.application_token}
                answer = await client.post("/api/v1/authenticate", json=body)
                assert answer.status_code == 200, answer.text
                client.headers["Authorization"] = f"Bearer {answer.json()['auth_token']}"
            yield client

    return open_session
