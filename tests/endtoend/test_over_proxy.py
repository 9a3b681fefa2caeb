"""The client through the proxy that the environment names: a tunnel for each of its own connections."""

from __future__ import annotations

import gc
import os
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
import trustme
from anyio import to_thread

from aioemnify import Clock, Emnify, RetryPolicy, StaticToken
from aioemnify.errors import ConnectError, OutcomeUnknownError
from tests.endtoend.counting_server import Lines

pytestmark = pytest.mark.anyio

URL = "https://api.example.invalid"
ENDPOINT = {"status": 0, "service_profile": 1, "tariff_profile": 2}


class Proxy(Lines):
    """A proxy that is also the server behind it: it answers CONNECT, then speaks TLS as that server."""

    def __init__(self, authority: trustme.CA, *, tls: bool) -> None:
        super().__init__()
        self.server = self._context(authority, "api.example.invalid")
        self.own = self._context(authority, "127.0.0.1") if tls else None
        self.refusal = b""
        self.connects: list[bytes] = []
        self.url = self.url.replace("http:", "https:" if tls else "http:").replace("//", "//user:p%40ss@")

    @staticmethod
    def _context(authority: trustme.CA, name: str) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(name).configure_cert(context)
        return context

    def _serve(self, line: socket.socket) -> None:
        with line, self._closing(line):
            inner = _Tls(line, self.own) if self.own else line
            head = b""
            while b"\r\n\r\n" not in head and (piece := inner.recv(65536)):
                head += piece
            self.connects.append(head)
            if self.refusal:
                inner.sendall(self.refusal)
            elif head:
                inner.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                super()._serve(_Tls(inner, self.server))  # type: ignore[arg-type]
        with self._changed:
            self._open.discard(line)
            self._changed.notify_all()


class _Tls:
    """TLS over a socket, or over TLS over a socket, which the ssl module cannot wrap itself."""

    def __init__(self, under: Any, context: ssl.SSLContext) -> None:
        self._under = under
        self._read, self._write = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._read, self._write, server_side=True)
        self._until_done(self._tls.do_handshake)

    def _until_done(self, step: Any, *arguments: Any) -> Any:
        while True:
            try:
                done = step(*arguments)
            except ssl.SSLWantReadError:
                self._under.sendall(self._write.read())
                piece = self._under.recv(65536)
                if not piece:
                    return b""
                self._read.write(piece)
            else:
                self._under.sendall(self._write.read())
                return done

    def recv(self, size: int) -> Any:
        return self._until_done(self._tls.read, size)

    def sendall(self, data: bytes) -> None:
        self._until_done(self._tls.write, data)

    def close(self) -> None:
        self._under.close()

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@pytest.fixture(params=["http", "https"])
def proxy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    authority = trustme.CA()
    with Proxy(authority, tls=request.param == "https") as running, authority.cert_pem.tempfile() as ca_file:
        monkeypatch.setenv("HTTPS_PROXY", running.url)
        monkeypatch.setenv("SSL_CERT_FILE", str(Path(ca_file)))
        yield running
    gc.collect()


@pytest.fixture(params=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> Any:
    return request.param


def client(library: Any, **options: Any) -> Emnify:
    given = {"throttling": None, "clock": Clock(), "connections": 3} | options
    return Emnify(auth=StaticToken("t"), base_url=URL, http_library=library, **given)


async def test_calls_go_through_one_tunnel_for_each_connection(proxy: Proxy, library: Any) -> None:
    async with client(library) as emnify:
        for _ in range(3):
            assert (await emnify.sims.get(1)).id == 1
        assert proxy.made == 1
        async with anyio.create_task_group() as group:
            for _ in range(9):
                group.start_soon(emnify.sims.get, 1)
        assert proxy.most <= 3
        assert all(request == b"GET /api/v1/sim/1" for request in proxy.requests)
    assert len(proxy.requests) == 12
    for connect in proxy.connects:
        assert connect.startswith(b"CONNECT api.example.invalid:443 HTTP/1.1\r\n")
        assert b"Basic dXNlcjpwQHNz" in connect and b"Bearer" not in connect  # user:p@ss
    await to_thread.run_sync(proxy.until, lambda: not proxy.open)


async def test_a_proxy_that_refuses_is_named_and_the_call_was_not_sent(proxy: Proxy, library: Any) -> None:
    proxy.refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    async with client(library, retry=RetryPolicy(attempts=1)) as emnify:
        with pytest.raises(ConnectError, match="407 Proxy Authentication Required"):
            await emnify.endpoints.create(ENDPOINT)
    await to_thread.run_sync(proxy.until, lambda: not proxy.open)


async def test_what_a_proxy_says_instead_of_http_is_a_lost_connection(proxy: Proxy, library: Any) -> None:
    proxy.refusal = b"SSH-2.0-OpenSSH_9.6\r\n\r\n"
    async with client(library, retry=RetryPolicy(attempts=1)) as emnify:
        with pytest.raises(ConnectError):
            await emnify.endpoints.create(ENDPOINT)


async def test_what_breaks_behind_the_proxy_is_told_as_without_one(proxy: Proxy, library: Any) -> None:
    async with client(library, retry=RetryPolicy(first_delay=0.001)) as emnify:
        await emnify.sims.get(1)
        proxy.says = ["drop"]
        assert (await emnify.sims.get(1)).id == 1
        proxy.says = ["drop"]
        with pytest.raises(OutcomeUnknownError):
            await emnify.endpoints.create(ENDPOINT)
        await to_thread.run_sync(proxy.hang_up)
        assert (await emnify.sims.get(1)).id == 1
    await to_thread.run_sync(proxy.until, lambda: not proxy.open)


@pytest.mark.parametrize(
    "no_proxy", ["localhost,127.0.0.1,::1,[::1]", "10.0.0.0/8,fd00::/8,fe80::/10", "[::1]:80 example.com:443"]
)
async def test_entries_of_no_proxy_that_name_other_servers_do_no_harm(
    proxy: Proxy, library: Any, monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    """encode/httpx#3221: the library raises InvalidURL for these."""
    monkeypatch.setenv("NO_PROXY", no_proxy)
    async with client(library) as emnify:
        assert (await emnify.sims.get(1)).id == 1
    assert len(proxy.connects) == 1
