"""The client's own connections: one transport of the HTTP library for each.

A connection pool of httpx scans all its connections whenever one is taken or returned, and polls the
sockets of those that are idle (encode/httpcore#924, encode/httpcore#928, pydantic/httpx2#1169). With 20
calls in flight this took twice the time of the connections themselves, with 100 ten times (httpcore
1.0.9). A pool of one connection has nothing to scan.

A pool also loses connections for good when a call is cancelled at the wrong moment
(encode/httpcore#658, encode/httpcore#830, encode/httpcore#1093). Here, whatever ends an exchange before
its response is read to the end, the connection is closed together with its pool. Only a connection whose
response was read to the end is used again.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any, Protocol

import anyio
from attrs import define, field

from aioemnify._cancellation import run_shielded
from aioemnify.clock import monotonic
from aioemnify.transport.http.exchange import Attempt, IncomingResponse, OutgoingRequest, with_plain_body

_logger = logging.getLogger("aioemnify.connections")

KEEPALIVE = 5.0
"""Seconds an idle connection is kept. This is the default of httpx."""


class Transport(Protocol):
    """What both libraries call ``AsyncHTTPTransport``, as far as it is used here."""

    async def handle_async_request(self, request: Any) -> Any:
        """Send a request and return the response, the body unread."""

    async def aclose(self) -> None:
        """Close its connection."""


@define(eq=False)
class OwnConnections:
    """An ``HttpAdapter`` over as many connections as there are calls in flight.

    It sets no bound: the throttle admits at most ``connections`` calls. The transport reconnects if the
    server has closed an idle connection: it looks at the socket before it sends.

    Args:
        library: the HTTP library.
        make: returns a transport of that library that holds one connection.
        now: the monotonic clock.
    """

    library: ModuleType
    _make: Callable[[], Transport]
    _now: Callable[[], float] = monotonic
    cancellable: bool = field(default=True, init=False)
    is_closed: bool = field(default=False, init=False)
    # The last one used is taken first, so that those not needed grow old at the other end.
    _idle: deque[tuple[float, Transport]] = field(factory=deque, init=False)
    _busy: dict[Transport, Attempt] = field(factory=dict, init=False)

    def load(self) -> None:
        """Let the library build what it builds for its first transport and its first request."""
        self._make()
        with_plain_body(self.library.Request("POST", "http://localhost", content=b"{}"), self.library)

    async def send(self, outgoing: OutgoingRequest) -> IncomingResponse:
        """Send a request and return the response, the body unread."""
        request = outgoing.request(self.library)
        transport = self._idle.pop()[1] if self._idle else self._make()
        self._busy[transport] = outgoing.attempt
        try:
            if self._idle and self._idle[0][0] < self._now() - KEEPALIVE:
                await self._close_old()
            response = await transport.handle_async_request(request)
        except BaseException:
            await self.discard(transport)
            raise
        response.request = request
        return _OwnResponse(response, transport, self)

    async def take_back(self, transport: Transport) -> None:
        """Keep a connection whose response has been read to the end."""
        if self.is_closed:
            await self.discard(transport)
        else:
            del self._busy[transport]
            self._idle.append((self._now(), transport))

    async def discard(self, transport: Transport) -> None:
        """Close a connection in an unknown state, even one that is still being opened.

        httpcore closes the TCP stream when a TLS handshake fails (encode/httpcore#443), but not when it is
        cancelled (seen with httpcore 1.0.9: ``except Exception``). So the stream is closed here too.
        """
        attempt = self._busy.pop(transport, None)
        stream = attempt.stream if attempt is not None else None
        await close_each([transport] if stream is None else [transport, stream])

    async def _close_old(self) -> None:
        oldest = self._now() - KEEPALIVE
        old = []
        while self._idle and self._idle[0][0] < oldest:
            old.append(self._idle.popleft()[1])
        await close_each(old)

    async def drop_idle(self) -> None:
        """Close idle connections: one failed, and what broke it may have broken all of them.

        A network or a server that is gone may leave all of them open and silent. A retry over each of them
        would wait for a timeout each time; without them it opens a new one.
        """
        idle = [transport for _, transport in self._idle]
        self._idle.clear()
        if idle:
            await close_each(idle)

    async def aclose(self) -> None:
        """Close all connections, also those in use: their calls end."""
        self.is_closed = True
        for attempt in self._busy.values():
            attempt.cancel()
        every = [*self._busy, *(transport for _, transport in self._idle)]
        self._idle.clear()
        await close_each(every)


class _OwnResponse(IncomingResponse):
    """A response over one of the client's own connections."""

    __slots__ = ("_connections", "_read_to_end", "_transport")

    def __init__(self, response: Any, transport: Transport, connections: OwnConnections) -> None:
        super().__init__(response)
        self._transport = transport
        self._connections = connections
        self._read_to_end = False

    async def read(self, most: int) -> bytes | None:
        content = await super().read(most)
        self._read_to_end = content is not None
        return content

    async def aclose(self) -> None:
        if self._read_to_end:
            await self._connections.take_back(self._transport)
        else:
            await self._connections.discard(self._transport)


async def close_each(every: list[Any]) -> None:
    """Close transports and streams, each of them, even if another fails or the caller is cancelled."""
    await run_shielded(partial(_close, every))


async def _close(every: list[Any]) -> None:
    with anyio.CancelScope(shield=True):
        for one in every:
            try:
                await one.aclose()
            except Exception:
                # The call that gives the connection up already has an error or a result of its own.
                _logger.debug("a connection could not be closed cleanly", exc_info=True)
