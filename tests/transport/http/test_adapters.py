"""Which HTTP library sends a request, and what its client may add to it."""

from __future__ import annotations

import ssl
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import anyio
import httpx
import pytest

from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.transport.http import tls
from aioemnify.transport.http.adapters import ClientAdapter, HttpLibrary, TransportAdapter, make_adapter
from aioemnify.transport.http.connections import KEEPALIVE, OwnConnections
from aioemnify.transport.http.exchange import Attempt, OutgoingRequest
from tests.transport.http.granted import granted
from tests.virtual_time import backends

URL = "https://cdn.emnify.example"
SECONDS = {"connect": 1.0, "read": 2.0, "write": 3.0, "pool": 4.0}
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(params=backends(), ids=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> ModuleType:
    return import_module(request.param)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def outgoing(**headers: str) -> OutgoingRequest:
    attempt = Attempt(granted(), traced=False)
    return OutgoingRequest("POST", f"{URL}/api/v1/sim", headers, b"{}", SECONDS, attempt)


@pytest.fixture(autouse=True)
def no_context_is_built_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "CONTEXTS", {})


def adapter(library: ModuleType, base_url: str = URL, ca_file: Path | None = None) -> OwnConnections:
    return make_adapter(base_url, name=cast("HttpLibrary", library.__name__), ca_file=ca_file)


class Asked:
    """Answers each request with a cookie and a redirect, and keeps it."""

    def __init__(self, library: ModuleType) -> None:
        self.requests: list[Any] = []
        self.transport: Any = library.MockTransport(self._answer)
        self._library = library

    async def _answer(self, request: Any) -> Any:
        self.requests.append(request)
        return self._library.Response(302, headers={"Set-Cookie": "a=b", "Location": "/elsewhere"})


@pytest.mark.anyio
async def test_a_request_may_be_sent_once_a_transport_has_it_that_does_not_report_it() -> None:
    for traced in (False, True):
        attempt = Attempt(granted(), traced=traced)
        assert not attempt.maybe_sent
        await attempt.give_away()
        assert attempt.maybe_sent is not traced


@pytest.mark.anyio
async def test_a_request_goes_through_each_adapter_as_it_is(library: ModuleType) -> None:
    for make in (
        lambda transport: TransportAdapter(transport),
        lambda transport: ClientAdapter(library.AsyncClient(transport=transport)),
    ):
        asked = Asked(library)
        sending = make(asked.transport)
        assert sending.library is library and not sending.is_closed
        given = outgoing(Authorization="Bearer token", **{"X-Trace": "abc"})
        response = await sending.send(given)
        assert response.status_code == 302 and response.headers["set-cookie"] == "a=b"
        assert await response.read(100) == b""
        (request,) = asked.requests
        assert (request.method, str(request.url), request.content) == ("POST", f"{URL}/api/v1/sim", b"{}")
        assert (request.headers["authorization"], request.headers["x-trace"]) == ("Bearer token", "abc")
        assert request.extensions["timeout"] == SECONDS
        assert request.extensions["trace"] == given.attempt.trace
        await sending.aclose()
        assert sending.is_closed


@pytest.mark.anyio
async def test_a_client_adds_no_token_of_its_own(library: ModuleType) -> None:
    asked = Asked(library)
    mine = library.AsyncClient(transport=asked.transport, auth=("me", "pw"), headers={"Authorization": "x"})
    await ClientAdapter(mine).send(outgoing())
    assert "authorization" not in asked.requests[0].headers


@pytest.mark.parametrize(
    ("adapter_of", "argument", "kind"),
    [(TransportAdapter, "transport", "AsyncBaseTransport"), (ClientAdapter, "http_client", "AsyncClient")],
)
@pytest.mark.parametrize("given", [httpx.Client(), object(), anyio.Event])
def test_what_is_of_no_known_library_is_refused(
    adapter_of: Any, argument: str, kind: str, given: Any
) -> None:
    with pytest.raises(ArgumentTypeError) as caught:
        adapter_of(given)
    name = type(given).__name__
    assert str(caught.value) == f"{argument} takes an {kind} of httpx or httpx2, not {name}"


@pytest.mark.anyio
@pytest.mark.parametrize("base_url", [URL, "https://localhost:9443"])
@pytest.mark.parametrize("proxy", [None, "http://proxy.example:3128"])
async def test_own_connections_share_one_context_and_hold_one_connection_each(
    library: ModuleType, base_url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, contexts, made = Asked(library), [], []

    def context(**options: Any) -> object:
        contexts.append(options)
        return "the context"

    def transport(**options: Any) -> Any:
        made.append(options)
        return asked.transport

    monkeypatch.setattr(library, "create_ssl_context", context)
    monkeypatch.setattr(library, "AsyncHTTPTransport", transport)
    if proxy is not None:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
    sending = adapter(library, base_url)
    made.clear()
    async with anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(sending.send, outgoing())
    one = library.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE)
    here = base_url != URL
    used = [options.pop("proxy").url for options in made] if proxy is not None and not here else []
    assert set(used) == ({proxy} if proxy is not None and not here else set())
    assert made and all(options == {"verify": "the context", "limits": one} for options in made)
    assert [options["trust_env"] for options in contexts] == [not here]
    assert isinstance(contexts[0]["verify"], ssl.SSLContext) if here else contexts[0]["verify"] is True


@pytest.mark.parametrize("base_url", [URL, "https://localhost:9443"])
def test_certificates_that_cannot_be_used_are_named(
    library: ModuleType, base_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "ca.pem"
    for content, problem in ((None, "No such file"), ("no certificate", "")):
        if content is not None:
            broken.write_text(content)
        with pytest.raises(ArgumentError, match=f"^ca_file cannot be used: .*ca.pem': .*{problem}"):
            adapter(library, base_url, broken)

    def refused(**_: Any) -> None:
        raise OSError("odd")

    monkeypatch.setattr(library, "create_ssl_context", refused)
    with pytest.raises(ArgumentError) as caught:
        adapter(library, base_url)
    assert str(caught.value) == (
        "the environment (SSL_CERT_FILE, SSL_CERT_DIR or SSLKEYLOGFILE) cannot be used: odd"
    )
