"""One exchange: the request on its way out, how far it has come, and the response that comes back."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import anyio
from attrs import field, frozen

from aioemnify._secret import Secret
from aioemnify.errors import DecodeError, Phase, TransportError
from aioemnify.transport.throttle.grant import Grant

if TYPE_CHECKING:
    from anyio import CancelScope  # anyio loads it on first use

HANDSHAKE = frozenset(
    {"connect_tcp.started", "connect_tcp.complete", "start_tls.started", "start_tls.complete"}
)
"""Steps of opening a connection, reported by the connection itself or by the proxy in front of it."""


MAX_ARRIVED = 20_000
"""Pieces of an abandoned body that may have arrived. A user-supplied transport may have no end of them."""


MANY, SMALL = 10_000, 32
"""A body of more than so many pieces counts as of so many bytes each, for the time that they take."""


STEP = 1 << 20
"""Most bytes that one step makes."""

MAX_MEMBERS = 10_000
"""Members of one body. An empty one takes 20 bytes, but as much time as a page."""


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
        self.scope: CancelScope | None = None
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

    ``seconds`` are its timeouts by phase, ``attempt`` records how far it comes, and ``secrets`` are texts
    that no error may repeat.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | None = field(repr=False)
    seconds: Mapping[str, float]
    attempt: Attempt
    secrets: tuple[Secret, ...] = ()

    def request(self, library: ModuleType) -> Any:
        """Return it as a request of that library."""
        request = library.Request(
            self.method,
            self.url,
            headers=self.headers,
            content=self.content,
            extensions={"timeout": self.seconds, "trace": self.attempt.trace},
        )
        return with_plain_body(request, library)


def with_plain_body(request: Any, library: ModuleType) -> Any:
    """Replace the body of a request of a library, an async generator, by one that can be left.

    A request that is cancelled while it is sent leaves the generator open, and trio warns of it.
    """
    if request.content:
        request.stream = _plain_body(library)(request.content)
    return request


@cache
def _plain_body(library: ModuleType) -> Any:
    class PlainBody(library.AsyncByteStream):  # type: ignore[misc, name-defined]
        def __init__(self, content: bytes) -> None:
            self._content = content

        def __aiter__(self) -> AsyncIterator[bytes]:
            self._pieces = iter((self._content,))
            return self

        async def __anext__(self) -> bytes:
            for piece in self._pieces:
                return piece
            raise StopAsyncIteration

    return PlainBody


class IncomingResponse:
    """A response of an HTTP library: status and headers, and the body still to be read."""

    __slots__ = ("_response", "headers", "status_code")

    def __init__(self, response: Any) -> None:
        self._response = response
        self.status_code: int = response.status_code
        self.headers: Any = response.headers

    async def read(self, most: int) -> bytes | None:
        """Return the body without its compression; ``None`` if it is longer than ``most`` bytes.

        Raises:
            CompressionError: the compression is of another kind than gzip, or broken.
        """
        response = self._response
        gzip = Gzip() if _is_gzip(self.headers.get("content-encoding", "")) else None
        if response.is_stream_consumed:  # by a hook of a user-supplied client, or a transport for tests
            return response.content if len(response.content) <= most else None
        arriving = aiter(response.stream)
        complete = False
        try:
            received = size = arrived = 0
            pieces: list[bytes] = []
            async for data in arriving:
                received += len(data)
                arrived += 1
                if received > most or (arrived > MANY and arrived * SMALL > most):
                    return None
                for piece in (data,) if gzip is None else gzip.inflate(data):
                    size += len(piece)
                    if size > most:
                        return None
                    pieces.append(piece)
            complete = True
        finally:
            if not complete:
                await _abandon(arriving)
        if _has_leftovers(response):
            from socket import SHUT_RDWR  # takes 3 ms with what it imports, and leftovers are rare

            # Whoever is about to use the connection again finds its end, and opens another.
            with suppress(OSError):  # the server was first
                response.extensions["network_stream"].get_extra_info("socket").shutdown(SHUT_RDWR)
        await response.aclose()
        if gzip is not None:
            gzip.end()
        return b"".join(pieces)

    async def aclose(self) -> None:
        """Release the connection."""
        await self._response.aclose()


async def _abandon(arriving: AsyncIterator[bytes]) -> None:
    """End an iteration over a body early.

    The generators of httpcore do not close each other (encode/httpx#3593), and trio warns of each. A
    cancellation ends all of them. What has arrived already comes before it.
    """
    with anyio.CancelScope() as scope:
        scope.cancel()
        for _ in range(MAX_ARRIVED):
            if await anext(arriving, None) is None:
                break


class CompressionError(Exception):
    """The compression is of another kind, or broken."""


class Gzip:
    """A gzip body: members, one after the other (RFC 1952, 2.2), and zeros as padding.

    The libraries inflate each piece that arrives as a whole: 64 KiB become 64 MiB, and 64 GiB if the
    server names gzip twice. They also accept a body that breaks off, and drop all members but the first.
    """

    def __init__(self) -> None:
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._members = 1
        self._begun = False

    def inflate(self, data: bytes) -> Iterator[bytes]:
        """Return what these bytes contain, at most ``STEP`` bytes at a time.

        Raises:
            CompressionError: this is not gzip.
        """
        full = False
        while data or full:
            if self._member.eof and not (data := self._next_member(data)):
                return
            self._begun = True
            try:
                piece = self._member.decompress(data, STEP)
            except zlib.error as error:
                raise CompressionError(str(error)) from None
            # With a full piece, zlib may hold more bytes, even if it has taken all of the input.
            full = len(piece) == STEP
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            yield piece

    def _next_member(self, data: bytes) -> bytes:
        data = data.lstrip(b"\0")
        if data:
            self._members += 1
            if self._members > MAX_MEMBERS:
                raise CompressionError(f"it has more than {MAX_MEMBERS} members")
            self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return data

    def end(self) -> None:
        """Check that the body is complete. No bytes at all are an empty body.

        Raises:
            CompressionError: it breaks off.
        """
        if self._begun and not self._member.eof:
            raise CompressionError("it breaks off")


def _is_gzip(content_encoding: str) -> bool:
    """Return whether a body is gzip, which requests ask for, or as it is.

    Raises:
        CompressionError: another coding, or more than one.
    """
    named = [part.strip().lower() for part in content_encoding.split(",")]
    codings = [one for one in named if one not in ("", "identity")]
    if codings in ([], ["gzip"], ["x-gzip"]):
        return bool(codings)
    raise CompressionError(f"Content-Encoding is gzip or identity, not {content_encoding[:40]!r}")


def _has_leftovers(response: Any) -> bool:
    """Return whether bytes follow a response of httpx or httpx2 that was read to its end.

    A gateway may send two responses, or a body with a 204. h11 keeps such bytes and reads them as the
    response to the next request, and httpcore (1.0.9, httpcore2 2.16.2) does not look for them. It does
    look at the socket before it uses a connection again, but not at the buffers above it: of TLS, and of
    anyio on asyncio.

    No public name leads to these buffers. ``tests/endtoend/test_leftovers.py`` fails if a release of the
    libraries moves one. About a transport that is not theirs, nothing is known.
    """
    stream = response.stream
    # Layers of httpx, if there is a client, and of the connection pool.
    while inner := getattr(stream, "_httpcore_stream", None) or getattr(stream, "_stream", None):
        stream = inner
    connection: Any = getattr(stream, "_connection", None)
    state: Any = getattr(connection, "_h11_state", None)
    if state is None:
        return False
    return state.trailing_data[0] != b"" or _is_buffered(connection._network_stream)


def _is_buffered(stream: Any) -> bool:
    """Return whether a network stream, or one that it is made of, holds received bytes."""
    while stream is not None:
        encrypted = getattr(stream, "_read_bio", None) or getattr(stream, "_incoming", None)  # anyio, trio
        if encrypted is not None and encrypted.pending:
            return True
        if getattr(getattr(stream, "_protocol", None), "read_queue", None):  # anyio on asyncio
            return True
        stream = getattr(stream, "_stream", None) or getattr(stream, "transport_stream", None)
    return False
