"""One exchange: the request on its way out, how far it has come, and the response that comes back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from attrs import field, frozen

from aioemnify.errors import DecodeError, Phase, TransportError
from aioemnify.transport.throttle.grant import Grant

if TYPE_CHECKING:
    import anyio


HANDSHAKE = frozenset(
    {"connect_tcp.started", "connect_tcp.complete", "start_tls.started", "start_tls.complete"}
)
"""Steps of opening a connection, reported by the connection itself or by the proxy in front of it."""


@frozen
class Lost:
    """An attempt without a usable response. ``sent`` says whether the server may have the request."""

    error: TransportError | DecodeError
    sent: bool


class Attempt:
    """How far one attempt to send a request has come.

    The library's own connections report each step. A user-supplied transport may not. Then nobody knows
    whether the request that it was given was sent: it is assumed sent, which is the safe side.

    ``grant`` is checked immediately before the first byte, or before a transport gets the request that may
    not report that byte. It may be replaced by another one then.
    """

    __slots__ = ("_given_away", "_traced", "grant", "phase", "scope", "sent", "stream")

    def __init__(self, grant: Grant, *, traced: bool) -> None:
        self.grant: Grant = grant
        self._traced = traced
        self._given_away = False
        self.sent: bool = False
        # Around the attempt until its response headers are received.
        self.scope: anyio.CancelScope | None = None
        self.phase: Phase = "pool"
        # The TCP stream of a connection that was opened for this attempt.
        self.stream: Any = None

    @property
    def maybe_sent(self) -> bool:
        """Return whether the server may have received the request."""
        return self.sent or (self._given_away and not self._traced)

    async def give_away(self) -> None:
        """Let a transport have the request, which may not report when it sends it.

        Raises:
            EmnifyError: it must not be sent any more.
        """
        self.grant = await self.grant.before_sending(self.phase)
        self._given_away, self.phase = True, "response"

    async def trace(self, event: str, details: Mapping[str, Any]) -> None:
        """Record one step of the connection.

        Cancellation is held back between the moment a connection is open and the moment the request
        begins to leave. httpcore takes a lock there, and a call that is cancelled while it does leaves an
        open connection that counts as in use and that nobody closes: encode/httpcore#1093, second case in
        encode/httpcore#1099. The lock is free, so holding back takes no time.
        """
        stage, _, step = event.partition(".")  # "http11.send_request_headers.started"
        if step == "send_request_headers.started":
            self._hold_cancellation(False)
            request = details.get("request")
            # CONNECT only asks a proxy for a tunnel; the request itself comes later.
            if getattr(request, "method", b"") != b"CONNECT":
                self.grant = await self.grant.before_sending(self.phase)
                self._mark_sent()
                # The further steps say nothing new, and reporting each of them costs time.
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
        if self.scope is not None:
            self.scope.shield = held

    def _mark_sent(self) -> None:
        if not self.sent:
            self._traced, self.sent, self.phase = True, True, "response"
            self.grant.sent()

    def headers_received(self) -> None:
        """Record that the response headers have come. From now on the attempt cannot be cancelled."""
        self.scope = None
        self._mark_sent()
        self.grant.headers_received()

    def cancel(self) -> None:
        """End the attempt, unless its response headers have come."""
        if self.scope is not None:
            self.scope.cancel()


@frozen
class OutgoingRequest:
    """One request for an HTTP library.

    ``seconds`` are its timeouts by phase; ``attempt`` records how far it comes.
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
    """A response of an HTTP library: status and headers, and the body still to be read."""

    __slots__ = ("_response", "headers", "status_code")

    def __init__(self, response: Any) -> None:
        self._response = response
        self.status_code: int = response.status_code
        self.headers: Any = response.headers

    async def read(self, most: int) -> bytes | None:
        """Return the decompressed body; ``None`` if it is longer than ``most`` bytes."""
        pieces: list[bytes] = []
        size = 0
        body = cast("AsyncGenerator[bytes, None]", self._response.aiter_bytes())
        # httpx does not close a generator that is not read to its end (encode/httpx#3593): the event loop
        # would finalise it some time later.
        async with aclosing(body):
            async for piece in body:
                size += len(piece)
                if size > most:
                    return None
                pieces.append(piece)
        return b"".join(pieces)

    async def aclose(self) -> None:
        """Release the connection."""
        await self._response.aclose()
