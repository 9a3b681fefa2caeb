"""Connections of our own, each in a transport that holds no other.

A pool of the libraries walks through all its connections whenever one is taken or given back,
and asks the system about those that are idle: 20 in flight cost twice what a connection costs,
and 100 ten times. A transport that holds one has nothing to walk through.

It also makes a connection easy to be rid of. Whatever ends an exchange before all of its answer
has come, be it asyncio's own cancellation in the middle of the library's bookkeeping, its connection
is closed together with the transport that kept the books. Only where an answer was read to its end
is the connection used again.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from time import monotonic
from types import ModuleType
from typing import Any, Protocol

import anyio

from aioemnify.transport.http.cancellation import run_shielded
from aioemnify.transport.http.exchange import Attempt, IncomingResponse, OutgoingRequest

_logger = logging.getLogger("aioemnify.connections")

KEPT = 5.0
"""Seconds a connection is kept while it has nothing to do; the libraries' own default."""


class Transport(Protocol):
    """What both libraries call ``AsyncHTTPTransport``, as far as it is used here."""

    async def handle_async_request(self, request: Any) -> Any:
        """Send a request and return the response, the body unread."""
        ...

    async def aclose(self) -> None:
        """Close its connection."""
        ...


class OwnConnections:
    """A channel over as many connections as there are calls at once.

    How many that may be is not its business: the throttle admits no more than ``connections``.
    A connection that the server has closed while it was idle is made anew by its transport, which
    looks at it before it sends.

    Args:
        library: the HTTP library.
        make: returns a transport of it that holds one connection.
        now: where the time comes from.
    """

    cancellable: bool = True

    def __init__(
        self,
        library: ModuleType,
        make: Callable[[], Transport],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self.library: ModuleType = library
        self.is_closed: bool = False
        self._make = make
        self._now = now
        # The one used last is taken first, so that those which are not needed age at the other end.
        self._idle: deque[tuple[float, Transport]] = deque()
        self._busy: dict[Transport, Attempt] = {}

    async def send(self, outgoing: OutgoingRequest) -> IncomingResponse:
        """Send a request and return its answer, the body unread."""
        request = outgoing.request(self.library)
        transport = self._idle.pop()[1] if self._idle else self._make()
        self._busy[transport] = outgoing.attempt
        try:
            if self._idle and self._idle[0][0] < self._now() - KEPT:
                await self._close_old()
            response = await transport.handle_async_request(request)
        except BaseException:
            await self.discard(transport)
            raise
        response.request = request
        return _OwnResponse(response, transport, self)

    async def take_back(self, transport: Transport) -> None:
        """Keep a connection whose answer has been read to the end."""
        if self.is_closed:
            await self.discard(transport)
        else:
            del self._busy[transport]
            self._idle.append((self._now(), transport))

    async def discard(self, transport: Transport) -> None:
        """Close a connection of which nobody knows how far it came, even one that was still being made."""
        attempt = self._busy.pop(transport, None)
        stream = attempt.stream if attempt is not None else None
        await run_shielded(partial(_close, [transport] if stream is None else [transport, stream]))

    async def _close_old(self) -> None:
        oldest = self._now() - KEPT
        old = []
        while self._idle and self._idle[0][0] < oldest:
            old.append(self._idle.popleft()[1])
        await run_shielded(partial(_close, old))

    async def aclose(self) -> None:
        """Close all of them, also under the calls that use them."""
        self.is_closed = True
        for attempt in self._busy.values():
            attempt.give_up()
        every = [*self._busy, *(transport for _, transport in self._idle)]
        self._idle.clear()
        await run_shielded(partial(_close, every))


class _OwnResponse(IncomingResponse):
    """An answer over a connection of our own."""

    __slots__ = ("_connections", "_transport", "_whole")

    def __init__(self, response: Any, transport: Transport, connections: OwnConnections) -> None:
        super().__init__(response)
        self._transport = transport
        self._connections = connections
        self._whole = False

    async def read(self, most: int) -> bytes | None:
        """Return the body; once all of it has come, its library has let go of the connection."""
        content = await super().read(most)
        self._whole = content is not None
        return content

    async def aclose(self) -> None:
        """Let go of the connection, for the next call if nothing is left on it."""
        if self._whole:
            await self._connections.take_back(self._transport)
        else:
            await self._connections.discard(self._transport)


async def _close(every: list[Any]) -> None:
    """Close transports and streams, each of them, whatever becomes of the others."""
    with anyio.CancelScope(shield=True):
        for one in every:
            try:
                await one.aclose()
            except Exception:
                # Nothing more is asked of it, and the call that gives it up has its own story to tell.
                _logger.debug("a connection did not close as it should", exc_info=True)
