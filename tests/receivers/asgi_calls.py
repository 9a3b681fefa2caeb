"""Call an ASGI application as a server does, with a body in chunks, and without a server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import anyio
from attrs import frozen

from tests.receivers.pushed import STREAM


@frozen
class Answer:
    """What an application answered, and how many chunks of the body it read."""

    status: int
    headers: dict[str, str]
    json: Any
    read: int


async def push(
    app: Any,
    content: bytes | Iterable[bytes],
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = STREAM,
    *,
    method: str = "POST",
    sent: Any = None,
) -> Answer:
    """Push a body, and return the answer; ``sent`` is called with each message of the application."""
    chunks = [content] if isinstance(content, bytes) else list(content)
    messages: list[Any] = []
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        if read == len(chunks):
            return {"type": "http.disconnect"}
        read += 1
        return {"type": "http.request", "body": chunks[read - 1], "more_body": read < len(chunks)}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)
        if sent is not None:
            await sent(message)

    given = headers.items() if isinstance(headers, Mapping) else headers
    pairs = [(name.lower().encode(), value.encode()) for name, value in given]
    await app({"type": "http", "method": method, "path": "/", "headers": pairs}, receive, send)
    start, body = messages
    return Answer(
        status=start["status"],
        headers={name.decode(): value.decode() for name, value in start["headers"]},
        json=json.loads(body["body"]),
        read=read,
    )


class Lifespan:
    """The lifespan of an application, as a server keeps it."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.answers: list[str] = []
        self._to_app, self._from_server = anyio.create_memory_object_stream[str](2)

    async def run(self) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": await self._from_server.receive()}

        async def send(message: dict[str, Any]) -> None:
            self.answers.append(message["type"])

        await self.app({"type": "lifespan"}, receive, send)
        self._from_server.close()
        self._to_app.close()

    async def tell(self, message: str) -> None:
        await self._to_app.send(f"lifespan.{message}")
