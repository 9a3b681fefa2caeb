"""Speak ASGI: refuse or accept a request, answer it, and start the handlers."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import partial
from typing import Any, Self, TypeAlias

import anyio.to_thread

from aioemnify.errors import PushError, UnknownRecordError
from aioemnify.receivers.access import Access
from aioemnify.receivers.handling import HandlerQueue
from aioemnify.receivers.records import NAMES, Kind, read_records
from aioemnify.receivers.repeats import RecentRecords
from aioemnify.receivers.request_body import Disconnected, Receive, read_body, too_large

_logger = logging.getLogger("aioemnify.receivers")

Scope: TypeAlias = MutableMapping[str, Any]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

METHODS = ("POST", "PUT", "PATCH")
"""What a data stream can be set to use; an API callback uses POST and PATCH."""

HANDLED_BY: dict[Kind, str] = {
    "event": "on_event or on_events",
    "usage": "on_usage or on_usages",
    "sms": "on_sms",
    "sms_report": "on_sms_report",
    "unknown": "on_unknown",
}
"""The arguments of ``app()`` for each kind."""

_IN_THREAD_BYTES = 64 * 1024
"""A larger body is parsed in a thread, so that the event loop goes on."""

_OTHER_JSON = re.compile(rb"application/[^/]+\+json")
"""A stream can be set to send another type, such as that of CloudEvents."""

_HEADERS = {
    401: (b"www-authenticate", b"Bearer"),
    405: (b"allow", ", ".join(METHODS).encode()),
    413: (b"connection", b"close"),
    415: (b"accept-encoding", b"gzip"),
}


class Receiver:
    """The ASGI application that ``app()`` returns.

    Served alone, it waits for its handlers at the end of the lifespan. An application that it is mounted in
    may pass on no lifespan: enter the receiver there, or call ``aclose()``::

        async with receiver:
            yield
    """

    def __init__(
        self,
        access: Access,
        recent: RecentRecords,
        queue: HandlerQueue,
        *,
        max_body_bytes: int,
        drain_seconds: float,
    ) -> None:
        self._access = access
        self._recent = recent
        self._queue = queue
        self._most = max_body_bytes
        self._drain_seconds = drain_seconds
        self._closed = False

    @property
    def queued(self) -> int:
        """How many records wait for their handlers, with those that are being handled."""
        return self._queue.queued

    async def aclose(self) -> None:
        """Refuse requests with 503 from now on, and wait for the handlers, at most ``drain_seconds``.

        What is not handled by then is cancelled, logged and reported to ``on_error``. Entered or started
        again, the receiver accepts requests again.
        """
        self._closed = True
        await self._queue.drain(self._drain_seconds)

    async def __aenter__(self) -> Self:
        self._closed = False
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of ASGI."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000, "reason": ""})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._closed = False
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            result = await self._accept(scope, receive)
        except PushError as error:
            # Anybody can be refused by 401, 405 and the like; what is refused later waits on the platform.
            level = logging.WARNING if error.status in (400, 413, 422, 503) else logging.INFO
            _logger.log(level, "refused with %d: %s", error.status, error)
            await _respond(send, error.status, {"error": str(error)})
        except Disconnected:
            _logger.info("the client went away before its request was complete")
        else:
            try:
                await _respond(send, 200, result)
            finally:  # it was accepted, even if nobody waits for the answer any more
                self._queue.start()

    async def _accept(self, scope: Scope, receive: Receive) -> dict[str, int]:
        """Queue the records of a request, and return how many came and how many of them came before."""
        self._check_open()
        if scope["method"] not in METHODS:
            raise PushError(f"only {', '.join(METHODS)} are accepted", status=405)
        headers = list(scope["headers"])
        refusals = self._access.refusals(headers)
        gzip = _is_gzip(headers)
        length = _header(headers, b"content-length")
        if length.isdigit() and (len(length) > 18 or int(length) > self._most):
            raise too_large(self._most)
        content = await read_body(receive, self._most, gzip=gzip)
        read = partial(read_records, content, by_patch=scope["method"] == "PATCH")
        by_kind = read() if len(content) < _IN_THREAD_BYTES else await anyio.to_thread.run_sync(read)
        for kind in by_kind:
            if kind in refusals:
                raise refusals[kind]
            if kind not in self._access.handled:
                problem = f"a record is {NAMES[kind]}, and the receiver has no {HANDLED_BY[kind]}"
                raise UnknownRecordError(problem)
        return self._add(by_kind)

    def _add(self, by_kind: Mapping[Kind, list[Any]]) -> dict[str, int]:
        fresh = {kind: self._recent.without_repeats(kind, records) for kind, records in by_kind.items()}
        received, new = (sum(map(len, each.values())) for each in (by_kind, fresh))
        self._check_open()  # it may have been closed while the body came
        if new and not self._queue.has_room(new):
            raise PushError("too many records wait for their handlers; send these again", status=503)
        for kind, records in fresh.items():
            if records:
                self._recent.remember(kind, records)
                self._queue.add(kind, records)
        return {"received": received, "repeated": received - new}

    def _check_open(self) -> None:
        if self._closed:
            raise PushError("the receiver is closed; send this again", status=503)


def _is_gzip(headers: list[tuple[bytes, bytes]]) -> bool:
    """Return whether a body is packed; refuse other encodings, and content that does not claim to be JSON."""
    kind = _header(headers, b"content-type").partition(b";")[0].strip().lower()
    if kind and kind != b"application/json" and not _OTHER_JSON.fullmatch(kind):
        raise PushError("the content type must be application/json", status=415)
    encoding = _header(headers, b"content-encoding").lower()
    if encoding not in (b"", b"identity", b"gzip", b"x-gzip"):
        raise PushError("the content encoding must be gzip or none", status=415)
    return encoding.endswith(b"gzip")


def _header(headers: list[tuple[bytes, bytes]], name: bytes) -> bytes:
    return next((value.strip() for known, value in headers if known.lower() == name), b"")


async def _respond(send: Send, status: int, body: Mapping[str, object]) -> None:
    content = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    if status in _HEADERS:
        headers.append(_HEADERS[status])
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
