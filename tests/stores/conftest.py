"""A redis-server for the tests that want one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stores.redis_server import RedisServer


@pytest.fixture
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()
