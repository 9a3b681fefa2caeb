"""A server of prepared pages over plain HTTP: it only copies bytes, so the client is what is measured.

``python -m benchmarks.page_server SIMS`` listens on a free port, and writes the port number.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import sample_sims
from benchmarks.json_process import JsonProcess
from benchmarks.unlimited import auth_token

PREPARED = 50
"""Prepared pages; later page numbers repeat them."""


def response(body: bytes, *headers: str) -> bytes:
    """Return a complete HTTP response."""
    head = ["HTTP/1.1 200 OK", "content-type: application/json", f"content-length: {len(body)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


class Responses:
    """All responses of the server."""

    def __init__(self, sims: int) -> None:
        self.sims = sims
        self._pages = [
            gzip.compress(sample_sims.page(number), 1)
            for number in range(1, min(PREPARED, max(1, sims // sample_sims.SIZE)) + 1)
        ]
        self._one = response(sample_sims.SMALL_SIM)
        tokens = {"auth_token": auth_token(), "refresh_token": auth_token()}
        self._tokens = response(json.dumps(tokens).encode())

    def to(self, line: bytes) -> bytes:
        """Return the response to a request line."""
        if line.startswith(b"POST"):
            return self._tokens
        if line.startswith(b"GET /api/v1/sim/"):
            return self._one
        number = int(found.group(1)) if (found := re.search(rb"[?&]page=(\d+)", line)) else 1
        sims = int(found.group(1)) if (found := re.search(rb"fleet(?::|%3A)(\d+)", line)) else self.sims
        return response(
            self._pages[(number - 1) % len(self._pages)],
            "content-encoding: gzip",
            f"x-total-count: {sims}",
            f"x-total-pages: {max(1, sims // sample_sims.SIZE)}",
            f"x-current-page: {number}",
            f"x-count-per-page: {sample_sims.SIZE}",
        )


class Connection(asyncio.Protocol):
    """Answers each request as soon as it is complete."""

    def __init__(self, responses: Responses) -> None:
        self._responses = responses
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer all complete requests."""
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            size = int(length.group(1)) if length else 0
            if len(rest) < size:
                return
            self._buffer = rest[size:]
            self._transport.write(self._responses.to(head.partition(b"\r\n")[0]))


async def main(sims: int) -> None:
    """Serve until the process is ended."""
    responses = Responses(sims)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(responses), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def page_server(sims: int = sample_sims.SIZE) -> Iterator[str]:
    """Run the server in its own process; yields its URL."""
    with JsonProcess([sys.executable, "-m", "benchmarks.page_server", str(sims)]) as process:
        yield f"http://127.0.0.1:{process.first}"


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
