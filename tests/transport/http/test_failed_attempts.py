"""What the error of an attempt says, and when a call is repeated after it."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import Created, Emnify, StaticToken
from aioemnify.errors import (
    ClientStateError,
    ConnectError,
    OutcomeUnknownError,
    ProtocolError,
    TimeoutError,
    TransportError,
)
from tests.virtual_time import backends

URL = "https://cdn.emnify.example"
ENDPOINT = {"status": 0, "service_profile": 1, "tariff_profile": 2}

pytestmark = pytest.mark.anyio


@pytest.fixture(params=backends(), ids=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


class Transport:
    """Reports how far it comes, and fails there; after ``failures`` it answers."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.failures: list[Exception] = []
        self.timeouts: list[dict[str, float]] = []
        self.closed = 0

    async def handle_async_request(self, request: Any) -> Any:
        self.timeouts.append(request.extensions["timeout"])
        trace = request.extensions["trace"]
        for step in self.steps:
            await trace(step, {"request": SimpleNamespace(method=b"GET", extensions={})})
        if self.failures:
            raise self.failures.pop(0)
        return import_module("httpx").Response(201, headers={"Location": "/api/v1/endpoint/9"})

    async def aclose(self) -> None:
        self.closed += 1


@pytest.fixture(autouse=True)
def transport(monkeypatch: pytest.MonkeyPatch) -> Transport:
    for name in ("HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    one = Transport()
    monkeypatch.setattr(import_module("httpx"), "AsyncHTTPTransport", lambda **_: one)
    return one


def client(**options: Any) -> Emnify:
    return Emnify(auth=StaticToken("t"), base_url=URL, **options)


CONNECTING, SENT = "connection.connect_tcp.started", "http11.send_request_headers.started"
LATE = "sims.get: no response in time"
BROKEN = "sims.get: the connection broke before the response was complete"
NO_WAY = f"sims.get: no connection to {URL}:"
ADVICE = "; to trust another authority, set ca_file= or SSL_CERT_FILE"


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("steps", "failure", "kind", "phase", "text"),
    [
        ([], httpx.ConnectTimeout(""), TimeoutError, "connect", "sims.get: no connection in time"),
        ([], httpx.PoolTimeout(""), TimeoutError, "pool", "sims.get: no free connection in time"),
        ([], httpx.ReadTimeout(""), TimeoutError, "pool", LATE),
        ([CONNECTING], httpx.ReadTimeout(""), TimeoutError, "connect", LATE),
        ([CONNECTING, SENT], httpx.ReadTimeout(""), TimeoutError, "response", LATE),
        ([SENT, CONNECTING], httpx.ReadTimeout(""), TimeoutError, "response", LATE),
        ([SENT], httpx.WriteTimeout(""), TimeoutError, "send", LATE),
        ([], httpx.UnsupportedProtocol("odd"), ProtocolError, None, "sims.get: odd"),
        ([SENT], httpx.LocalProtocolError("odd"), ProtocolError, None, "sims.get: odd"),
        ([], httpx.ConnectError("refused"), ConnectError, None, f"{NO_WAY} refused"),
        ([], httpx.ProxyError("no"), ConnectError, None, f"{NO_WAY} no"),
        ([], OSError("too many files"), ConnectError, None, f"{NO_WAY} too many files"),
        ([CONNECTING], httpx.ReadError("reset"), ConnectError, None, f"{NO_WAY} reset"),
        ([], httpx.ConnectError("bad certificate"), ConnectError, None, f"{NO_WAY} bad certificate{ADVICE}"),
        ([], caused(httpx.ConnectError(""), OSError("why")), ConnectError, None, f"{NO_WAY} why"),
        (
            [],
            caused(httpx.ConnectError(""), caused(OSError(), OSError("at last"))),
            ConnectError,
            None,
            f"{NO_WAY} at last",
        ),
        ([], httpx.ConnectError(""), ConnectError, None, f"{NO_WAY} ConnectError"),
        ([SENT], httpx.ReadError("reset"), ProtocolError, None, f"{BROKEN} (ReadError)"),
        ([SENT], ConnectionResetError(), ProtocolError, None, f"{BROKEN} (ConnectionResetError)"),
        ([SENT], anyio.ClosedResourceError(), ProtocolError, None, f"{BROKEN} (ClosedResourceError)"),
        ([SENT], anyio.BrokenResourceError(), ProtocolError, None, f"{BROKEN} (BrokenResourceError)"),
    ],
)
async def test_an_error_says_what_happened_and_how_far_the_request_came(
    transport: Transport,
    steps: list[str],
    failure: Exception,
    kind: type[TransportError],
    phase: str | None,
    text: str,
) -> None:
    transport.steps, transport.failures = steps, [failure]
    async with client() as emnify:
        with pytest.raises(TransportError) as caught:
            await emnify.sims.get(1, options={"retry": False})  # type: ignore[arg-type]
    assert (type(caught.value), str(caught.value)) == (kind, text)
    assert caught.value.operation == "sims.get"
    assert getattr(caught.value, "phase", None) == phase


@pytest.mark.parametrize(
    ("steps", "failure", "repeated"),
    [
        ([], OSError(24, "Too many open files"), True),
        ([], httpx.ConnectError("refused"), True),
        ([], httpx.ConnectTimeout("slow"), True),
        ([], httpx.PoolTimeout("full"), True),
        ([], httpx.ProxyError("no"), True),
        ([], httpx.UnsupportedProtocol("odd"), True),
        ([], httpx.LocalProtocolError("odd"), True),
        ([CONNECTING], httpx.ReadError("reset"), True),
        ([SENT], httpx.ReadError("reset"), False),
        ([SENT], httpx.LocalProtocolError("odd"), False),
        ([SENT], httpx.PoolTimeout("full"), False),
        ([SENT], OSError("reset"), False),
    ],
)
async def test_a_create_is_repeated_if_it_certainly_was_not_sent(
    transport: Transport, steps: list[str], failure: Exception, repeated: bool
) -> None:
    transport.steps, transport.failures = steps, [failure]
    async with client(chance=lambda: 0.0) as emnify:
        if repeated:
            assert await emnify.endpoints.create(ENDPOINT) == Created(9, "/api/v1/endpoint/9")
        else:
            with pytest.raises(OutcomeUnknownError):
                await emnify.endpoints.create(ENDPOINT)
    assert len(transport.timeouts) == 1 + repeated


async def test_each_phase_has_its_timeout(transport: Transport) -> None:
    async with client() as emnify:
        await emnify.endpoints.create(ENDPOINT)
        for options in ({"timeout": 1.5}, {"timeout": 2.5, "deadline": 60.0}):
            await emnify.endpoints.create(ENDPOINT, options=options)  # type: ignore[arg-type]
    assert transport.timeouts == [
        {"connect": 10.0, "read": 30.0, "write": 30.0, "pool": 30.0},
        dict.fromkeys(("connect", "read", "write", "pool"), 1.5),
        dict.fromkeys(("connect", "read", "write", "pool"), 2.5),
    ]


async def test_a_runtime_error_of_a_transport_that_is_open_comes_as_it_is(transport: Transport) -> None:
    async with client() as emnify:
        transport.failures = [RuntimeError("a defect")]
        with pytest.raises(RuntimeError, match="^a defect$"):
            await emnify.endpoints.create(ENDPOINT)


async def test_a_runtime_error_of_a_client_that_was_closed_says_so() -> None:
    mine: httpx.AsyncClient

    async def close(_request: httpx.Request) -> httpx.Response:
        await mine.aclose()
        raise RuntimeError("closed")

    mine = httpx.AsyncClient(transport=httpx.MockTransport(close))
    async with client(http_client=mine) as emnify:
        with pytest.raises(ClientStateError, match="^the client was closed during the call$"):
            await emnify.endpoints.create(ENDPOINT)
