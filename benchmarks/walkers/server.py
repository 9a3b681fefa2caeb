"""A server of pages made beforehand: what it takes is a few bytes copied, so that the client is measured.

``python -m benchmarks.walkers.server SIMS`` listens on a free port of this machine, over plain HTTP.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.lifted import some_token
from benchmarks.walkers import fleet

DISTINCT = 50
"""Pages that are made; a longer walk meets them again."""

ROOT = Path(__file__).resolve().parents[2]


def answer(body: bytes, *headers: str) -> bytes:
    """Return a whole answer."""
    head = ["HTTP/1.1 200 OK", "content-type: application/json", f"content-length: {len(body)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


class Answers:
    """All that the server can say."""

    def __init__(self, sims: int) -> None:
        self.sims = sims
        self._pages = [
            gzip.compress(fleet.page(number), 1)
            for number in range(1, min(DISTINCT, max(1, sims // fleet.SIZE)) + 1)
        ]
        self._one = answer(fleet.ONE)
        tokens = {"auth_token": some_token(), "refresh_token": some_token()}
        self._tokens = answer(json.dumps(tokens).encode())

    def to(self, line: bytes) -> bytes:
        """Answer a request line."""
        if line.startswith(b"POST"):
            return self._tokens
        if line.startswith(b"GET /api/v1/sim/"):
            return self._one
        number = int(found.group(1)) if (found := re.search(rb"[?&]page=(\d+)", line)) else 1
        sims = int(found.group(1)) if (found := re.search(rb"fleet(?::|%3A)(\d+)", line)) else self.sims
        return answer(
            self._pages[(number - 1) % len(self._pages)],
            "content-encoding: gzip",
            f"x-total-count: {sims}",
            f"x-total-pages: {max(1, sims // fleet.SIZE)}",
            f"x-current-page: {number}",
            f"x-count-per-page: {fleet.SIZE}",
        )


class Connection(asyncio.Protocol):
    """Answers each request as soon as all of it has come."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        self._unread += data
        while b"\r\n\r\n" in self._unread:
            head, _, rest = self._unread.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            size = int(length.group(1)) if length else 0
            if len(rest) < size:
                return
            self._unread = rest[size:]
            self._transport.write(self._answers.to(head.partition(b"\r\n")[0]))


async def main(sims: int) -> None:
    """Listen until killed."""
    answers = Answers(sims)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(answers), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def serving(sims: int = fleet.SIZE) -> Iterator[str]:
    """Have a server in a process of its own for a while; yields its URL."""
    command = [sys.executable, "-m", "benchmarks.walkers.server", str(sims)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
