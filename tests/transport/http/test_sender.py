"""What the failure of an attempt proves about its request."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from aioemnify import Emnify, StaticToken
from aioemnify.errors import ConnectError
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
