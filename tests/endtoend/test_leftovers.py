"""Bytes that follow an answer on its connection are never taken for the next answer.

These tests also fail if a release of httpx, httpcore, h11, anyio or trio moves a buffer that the client looks
into, see ``_has_leftovers``.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
import trustme
from anyio import to_thread

from aioemnify import Clock, Emnify, StaticToken
from aioemnify.models import Sim
from tests.endtoend.counting_server import PATIENCE, ThreadServer, whole

pytestmark = pytest.mark.anyio

STRANGER = whole(b'{"id":666,"iccid":"6","status":{"id":6}}')
Says = Callable[[bytes], list[bytes]]


def one(number: bytes, size: int = 0) -> bytes:
    """Return the answer about one SIM, ``size`` bytes long with its headers."""
    body = b'{"id":%s,"iccid":"1","status":{"id":1}}' % number
    answer = whole(body.ljust(size - 100))
    answer = whole(body.ljust(size - 100 + size - len(answer))) if size else whole(body)
    assert size in (0, len(answer))
    return answer


SAYS: dict[str, Says] = {
    "a second answer": lambda number: [one(number) + STRANGER],
    "a second answer in a record of its own": lambda number: [one(number), STRANGER],
    "the beginning of a second answer": lambda number: [one(number), STRANGER[:9]],
    "an answer as long as one read, and a second": lambda number: [one(number, 65536) + STRANGER],
    "an answer as long as two reads, and a second": lambda number: [one(number, 131072) + STRANGER],
    "an answer in chunks, and a second": lambda number: [
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n26\r\n"
        + one(number).partition(b"\r\n\r\n")[2]
        + b"\r\n0\r\n\r\n"
        + STRANGER
    ],
}


class Talkative(ThreadServer):
    """Answers its first request with ``says``, and all others as one would expect.

    What ``says`` returns is sent at once; over TLS each piece is a record.
    """

    def __init__(self, says: Says, authority: trustme.CA | None = None) -> None:
        super().__init__()
        self._says = says
        self._heard = 0
        self._context: ssl.SSLContext | None = None
        if authority is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert("127.0.0.1").configure_cert(self._context)
        self.url = self.url.replace("http:", "http:" if authority is None else "https:")

    def _serve(self, line: socket.socket) -> None:
        arriving, leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        secured = self._context.wrap_bio(arriving, leaving, server_side=True) if self._context else None

        def send(pieces: list[bytes]) -> None:
            if secured is not None:
                for piece in pieces:
                    secured.write(piece)
                pieces = [leaving.read()]
            line.sendall(b"".join(pieces))

        def receive() -> bytes:
            if secured is None:
                return line.recv(65536)
            while True:
                try:
                    return secured.read(65536)
                except ssl.SSLWantReadError:
                    if pending := leaving.read():  # the handshake
                        line.sendall(pending)
                    if not (data := line.recv(65536)):
                        return b""
                    arriving.write(data)

        with line:
            try:
                while head := receive():
                    found = re.match(rb"\w+ \S*/(\d+) ", head)
                    self._heard += 1
                    assert found is not None
                    send(self._says(found[1]) if self._heard == 1 else [one(found[1])])
            except OSError:
                pass


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA) -> Iterator[str]:
    with authority.cert_pem.tempfile() as path:
        yield path


@pytest.fixture(params=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> Any:
    return request.param


async def asked(emnify: Emnify) -> list[Any]:
    return [(await emnify.sims.get(number)).id for number in (1, 2, 3)]


@pytest.mark.parametrize("says", SAYS.values(), ids=SAYS.keys())
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
async def test_what_follows_an_answer_is_nobodys_answer(
    says: Says, tls: bool, library: Any, authority: trustme.CA, ca_file: str
) -> None:
    with Talkative(says, authority if tls else None) as server:
        async with Emnify(
            auth=StaticToken("t"),
            base_url=server.url,
            http_library=library,
            ca_file=ca_file if tls else None,
            throttling=None,
            clock=Clock(),
        ) as emnify:
            assert await asked(emnify) == [1, 2, 3]
    assert server.made == 2, "the connection is closed, and the next one is kept"


@pytest.mark.parametrize("says", SAYS.values(), ids=SAYS.keys())
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
async def test_nor_does_a_client_of_the_library_use_it(
    says: Says, tls: bool, library: Any, authority: trustme.CA, ca_file: str
) -> None:
    context = ssl.create_default_context(cafile=ca_file)
    with Talkative(says, authority if tls else None) as server:
        async with import_module(library).AsyncClient(verify=context) as pooled:
            emnify = Emnify(
                auth=StaticToken("t"), base_url=server.url, http_client=pooled, throttling=None, clock=Clock()
            )
            assert await asked(emnify) == [1, 2, 3]
    assert server.made == 2


@pytest.fixture
async def emnify_and_server(library: Any) -> AsyncIterator[tuple[Emnify, Talkative]]:
    def says(number: bytes) -> list[bytes]:
        return [b"HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n{}"]

    with Talkative(says) as server:
        async with Emnify(
            auth=StaticToken("t"), base_url=server.url, http_library=library, throttling=None, clock=Clock()
        ) as emnify:
            yield emnify, server


async def test_a_body_that_a_204_has_not_is_left_over(emnify_and_server: tuple[Emnify, Talkative]) -> None:
    emnify, server = emnify_and_server
    await emnify.sims.delete(1)
    assert await asked(emnify) == [1, 2, 3] and server.made == 2


async def test_what_arrives_while_a_connection_is_idle_closes_it(library: Any) -> None:
    late = threading.Event()
    sent = threading.Event()

    class Late(Talkative):
        def _serve(self, line: socket.socket) -> None:
            if self.made == 1:
                threading.Thread(target=self._send_late, args=(line.dup(),), daemon=True).start()
            super()._serve(line)

        def _send_late(self, line: socket.socket) -> None:
            with line:
                late.wait(PATIENCE)
                line.sendall(STRANGER)
                sent.set()

    with Late(lambda number: [one(number)]) as server:
        async with Emnify(
            auth=StaticToken("t"), base_url=server.url, http_library=library, throttling=None, clock=Clock()
        ) as emnify:
            first: Sim = await emnify.sims.get(1)
            late.set()
            assert await to_thread.run_sync(sent.wait, PATIENCE)
            assert [first.id, *await asked(emnify)] == [1, 1, 2, 3]
    assert server.made == 2
