"""A real redis-server that keeps what it receives, and a fleet to work on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from aioemnify import Clock
from aioemnify.fleet import RedisJournal
from tests.fleet.fleet_server import FleetServer
from tests.stores.redis_server import RedisServer

_names = count()


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"), extra=("--appendonly", "yes"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server() -> FleetServer:
    server = FleetServer(latency=0.0)
    server.clock = Clock()  # type: ignore[assignment]
    return server


@pytest.fixture
def journal(redis_server: RedisServer) -> Callable[..., RedisJournal]:
    """Return a function that makes journals of one job, as many hosts do."""
    name = f"job-{next(_names)}"

    def make(**options: Any) -> RedisJournal:
        return RedisJournal(redis_server.url, options.pop("name", name), **{"lease": 1.0, **options})

    return make
