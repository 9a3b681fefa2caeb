"""The least a client can be: requests written to a stream by hand, so that the server is what is measured."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Self

from benchmarks.simulator.served import Served

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)\r\n")


class Connection:
    """One connection that is kept, with a token that goes along with every request."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str = "") -> None:
        self._reader = reader
        self._writer = writer
        self._head = "Host: localhost\r\n"
        if token:
            self._head += f"Authorization: Bearer {token}\r\n"

    @classmethod
    async def to(cls, served: Served, token: str = "") -> Self:
        """Connect."""
        return cls(*await asyncio.open_connection(*served.place, limit=2**24), token)

    async def get(self, path: str) -> bytes:
        """Read one address.

        Raises:
            RuntimeError: the answer is no 200.
        """
        return await self._exchange(f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode())

    async def log_in(self, application_token: str) -> str:
        """Return a token."""
        body = json.dumps({"application_token": application_token})
        head = f"POST /api/v1/authenticate HTTP/1.1\r\n{self._head}Content-Type: application/json\r\n"
        answer = await self._exchange(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        return str(json.loads(answer)["auth_token"])

    async def _exchange(self, request: bytes) -> bytes:
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1]) if length else 0)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"{head[:40]!r}: {body[:200]!r}")
        return body

    async def close(self) -> None:
        """End it."""
        self._writer.close()
        await self._writer.wait_closed()


async def token_of(served: Served) -> str:
    """Log in and return the token."""
    connection = await Connection.to(served)
    token = await connection.log_in(served.application_token)
    await connection.close()
    return token
