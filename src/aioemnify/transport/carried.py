"""What a channel carries: a request on its way out, and the answer that comes back for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from types import ModuleType
from typing import Any, cast

from attrs import field, frozen

from aioemnify.transport.attempt import Attempt


@frozen
class Outgoing:
    """One request as it is handed to an HTTP library.

    ``seconds`` are its timeouts by phase; ``attempt`` is told how far it comes.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | None = field(repr=False)
    seconds: Mapping[str, float]
    attempt: Attempt

    def request(self, library: ModuleType) -> Any:
        """Return it as a request of that library."""
        return library.Request(
            self.method,
            self.url,
            headers=self.headers,
            content=self.content,
            extensions={"timeout": self.seconds, "trace": self.attempt.trace},
        )


class Answer:
    """An answer of an HTTP library whose head has come, the body unread."""

    __slots__ = ("_response", "headers", "status_code")

    def __init__(self, response: Any) -> None:
        self._response = response
        self.status_code: int = response.status_code
        self.headers: Any = response.headers

    async def read(self, most: int) -> bytes | None:
        """Return the body, decompressed; ``None`` where it has more bytes than ``most``."""
        pieces: list[bytes] = []
        size = 0
        body = cast("AsyncGenerator[bytes, None]", self._response.aiter_bytes())
        # Closed here and now: an abandoned generator would be finalised by the event loop some time later.
        async with aclosing(body):
            async for piece in body:
                size += len(piece)
                if size > most:
                    return None
                pieces.append(piece)
        return b"".join(pieces)

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._response.aclose()
