"""One exchange: the request on its way out, how far it has come, and the response that comes back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from attrs import field, frozen

from aioemnify.errors import DecodeError, Phase, TransportError

if TYPE_CHECKING:
    import anyio


HANDSHAKE = frozenset(
    {"connect_tcp.started", "connect_tcp.complete", "start_tls.started", "start_tls.complete"}
)
"""Steps of making a connection, whoever reports them: it itself, or the way to it through a proxy."""


@frozen
class Lost:
    """An attempt that brought no usable answer. ``sent`` says whether the server may have seen it."""

    error: TransportError | DecodeError
    sent: bool


class Attempt:
    """How far one attempt to send a request has come, as the connection tells.

    Connections report each step. A transport that was brought along may not, and then nobody
    can know whether the request left: it is taken as sent, which is never wrong.
    """

    __slots__ = ("_on_headers", "_on_sent", "_traced", "handover", "phase", "sent", "stream")

    def __init__(self, *, traced: bool, on_sent: Callable[[], None], on_headers: Callable[[], None]) -> None:
        self._traced = traced
        self._on_sent = on_sent
        self._on_headers = on_headers
        self.sent: bool = False
        self.handover: anyio.CancelScope | None = None
        self.phase: Phase = "pool" if traced else "response"
        # What a connection made for this attempt goes through, so that it can be closed half made.
        self.stream: Any = None

    @property
    def maybe_sent(self) -> bool:
        """Say whether the server may have seen the request."""
        return self.sent or not self._traced

    async def trace(self, event: str, details: Mapping[str, Any]) -> None:
        """Take note of a step of the connection.

        A connection that has just been made counts as taken until its request begins to leave. A
        call that is cancelled between the two would leave it so for good, with nobody to close
        it: for that moment, which waits for nothing, cancellation is held back.
        """
        stage, _, step = event.partition(".")  # "http11.send_request_headers.started"
        if step == "send_request_headers.started":
            self._hold_cancellation(False)
            # What is sent to a proxy to be let through is not the request itself.
            request = details.get("request")
            if getattr(request, "method", b"") != b"CONNECT":
                self._leave()
                # What follows tells nothing more, and each step of it would be told at a price.
                getattr(request, "extensions", {}).pop("trace", None)
        elif stage == "connection" or step in HANDSHAKE:
            if step == "connect_tcp.complete":
                self.stream = details.get("return_value")
            self._connecting(step)

    def _connecting(self, step: str) -> None:
        if step in ("connect_tcp.complete", "start_tls.complete"):
            self._hold_cancellation(True)
        elif step == "start_tls.started":
            self._hold_cancellation(False)
        if not self.sent:
            self._traced, self.phase = True, "connect"

    def _hold_cancellation(self, held: bool) -> None:
        if self.handover is not None:
            self.handover.shield = held

    def _leave(self) -> None:
        if not self.sent:
            self._traced, self.sent, self.phase = True, True, "response"
            self._on_sent()

    def answer(self) -> None:
        """Take note that response headers have come."""
        self.handover = None
        self._leave()
        self._on_headers()

    def give_up(self) -> None:
        """End the attempt, unless its answer has begun to come."""
        if self.handover is not None:
            self.handover.cancel()


@frozen
class OutgoingRequest:
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


class IncomingResponse:
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
