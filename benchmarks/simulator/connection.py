"""A minimal client: requests written to a stream by hand, so that the server is what is measured."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Self
from urllib.parse import urlsplit

from benchmarks.simulator_process import SimulatorProcess

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)\r\n")


class Connection:
    """A keep-alive connection that sends a token with every request."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self._reader = reader
        self._writer = writer
        self._head = f"Host: localhost\r\nAuthorization: Bearer {token}\r\n"

    @classmethod
    async def open(cls, server: SimulatorProcess, token: str = "none") -> Self:
        """Connect to the simulator."""
        address = urlsplit(server.url)
        return cls(*await asyncio.open_connection(address.hostname, address.port, limit=2**24), token)

    async def get(self, path: str) -> bytes:
        """Return the body of a response.

        Raises:
            RuntimeError: The status is not 200.
        """
        return await self.exchange(f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode())

    async def exchange(self, request: bytes) -> bytes:
        """Send a complete request, and return the body of its response."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1]) if length else 0)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"{head[:40]!r}: {body[:200]!r}")
        return body

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        await self._writer.wait_closed()


async def log_in(server: SimulatorProcess) -> str:
    """Return an auth token."""
    connection = await Connection.open(server)
    body = json.dumps({"application_token": server.application_token})
    head = "POST /api/v1/authenticate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    response = await connection.exchange(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    await connection.close()
    return str(json.loads(response)["auth_token"])
