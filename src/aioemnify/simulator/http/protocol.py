"""HTTP/1.1 on one connection: refuse invalid requests, and close connections on request."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import h11
import msgspec
from uvicorn.protocols.http.h11_impl import H11Protocol

from aioemnify.simulator.http.responses import ABORT
from aioemnify.simulator.http.write_buffer import WriteBuffer
from aioemnify.simulator.platform.errors import Problem

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

REQUEST_SECONDS = 30.0
"""Real seconds in which a request must arrive, counted from its first byte."""
HEAD_BYTES = 16 * 1024
"""The most bytes of request line and headers, plus at most one piece."""
_PIECE_BYTES = 4 * 1024


_AUTHORITY = re.compile(rb"(?i)https?://([^/]+)")


def _use_origin_form(scope: Scope) -> None:
    """Turn the target ``http://host/path`` into path and ``Host``, which it overrides (RFC 9112, 3.2.2)."""
    if found := _AUTHORITY.match(scope["raw_path"]):
        scope["raw_path"] = scope["raw_path"][found.end() :] or b"/"
        scope["path"] = unquote(scope["raw_path"].decode("ascii"))
        others = [(name, value) for name, value in scope["headers"] if name != b"host"]
        scope["headers"] = [(b"host", found[1]), *others]


class Protocol(H11Protocol):
    """One connection.

    It responds to bytes that are not HTTP with 400, to headers that are too long with 431, and to a request
    that does not arrive in time with 408. Then it closes the connection.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._overdue: asyncio.TimerHandle | None = None
        inner: Any = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[ABORT] = self._cut
            _use_origin_form(scope)
            try:
                await inner(scope, receive, send)
            except asyncio.CancelledError:  # the server stops
                self.cycle.disconnected = True
                self.transport.abort()

        self.app = app

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timeout of the first request."""
        super().connection_made(WriteBuffer(transport, self.loop))
        self._await_rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the timeout."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass data on in pieces, so that the parser limits the headers however they arrive."""
        for start in range(0, len(data), _PIECE_BYTES):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + _PIECE_BYTES])
        if self._has_begun():
            self._await_rest()
        else:
            self._stop_waiting()

    def send_400_response(self, msg: str) -> None:
        """Send the error response for the parser's exception."""
        if getattr(sys.exception(), "error_status_hint", 400) == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            self._refuse(431, f"The headers have more than {HEAD_BYTES} bytes")
        else:
            self._refuse(400, "This is not an HTTP/1.1 request")

    def _refuse(self, status: int, message: str) -> None:
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = msgspec.json.encode(Problem(status, 1000, message).body())
            headers = [
                ("Content-Type", "application/json; charset=UTF-8"),
                ("Content-Length", str(len(body))),
                ("Connection", "close"),
            ]
            head = h11.Response(status_code=status, headers=headers, reason=HTTPStatus(status).phrase)
            for event in (head, h11.Data(body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        if self.cycle is not None:
            # Wake a handler that still waits for the body; it must not respond.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()

    def _await_rest(self) -> None:
        if self._overdue is None:
            self._overdue = self.loop.call_later(REQUEST_SECONDS, self._give_up)

    def _give_up(self) -> None:
        if self._has_begun():
            self._refuse(408, "The request did not arrive in time")
        else:
            self.transport.close()

    def _has_begun(self) -> bool:
        """Return whether a request has arrived in part."""
        their = self.conn.their_state
        return their is h11.SEND_BODY or (their is h11.IDLE and bool(self.conn.trailing_data[0]))

    def _stop_waiting(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None

    def _cut(self, after_sending: bool, reset: bool) -> None:
        if reset and not self.transport.is_closing():
            # Closing a socket with a linger time of 0 sends a reset.
            connection = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            # TLS would first wait for the client's close; the data has been sent by now.
            after_sending = after_sending and self.transport.get_extra_info("sslcontext") is None
        if after_sending:
            self.transport.close()
        else:
            self.transport.abort()
