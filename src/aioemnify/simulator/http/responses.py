"""Responses: JSON, gzip, and closing the connection on request."""

from __future__ import annotations

import gzip
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from attrs import frozen

from aioemnify.simulator.faults.effects import BODILESS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

ABORT = "aioemnify.abort"
"""Scope extension with which the application can close a connection."""


_READ_AT_MOST = 64 * 1024 * 1024
"""The most bytes read of a body that is too long; many clients read a response only after sending."""


class ConnectionCut(ConnectionAbortedError):
    """Raised by the in-process application, where there is no socket to close."""


@frozen(kw_only=True)
class Response:
    """A response: status, headers and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def read_body(request: Request, most: int) -> bytes | None:
    """Return the body, None if it has more than ``most`` bytes.

    Raises:
        ClientDisconnect: the client disconnected before it sent the whole body.
    """
    with suppress(ValueError):
        if "expect" in request.headers and int(request.headers.get("content-length", "0")) > most:
            return None  # the client waits before it sends
    content, size = bytearray(), 0
    async with aclosing(request.stream()) as pieces:
        async for piece in pieces:
            size += len(piece)
            if size <= most:
                content += piece
            elif size > _READ_AT_MOST:
                break
    return bytes(content) if size <= most else None


def encode(body: Any) -> bytes:
    """Return a body as bytes: text and bytes unchanged, everything else as JSON, None as empty."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    return msgspec.json.encode(body)


_REFUSED = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


def compress(answer: Response, accepted: str, minimum: int) -> Response:
    """Return the response gzipped if the client accepts it and the body is long enough."""
    if "gzip" not in accepted or len(answer.body) < minimum or _REFUSED.search(accepted):
        return answer
    packed = gzip.compress(answer.body, compresslevel=1, mtime=0)
    headers = {**answer.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(status=answer.status, headers=headers, body=packed)


def miscompress(answer: Response, how: Literal["plain", "corrupt", "cut"]) -> Response:
    """Return the response declared as gzip, with a body that is not valid gzip."""
    packed = gzip.compress(answer.body, compresslevel=1, mtime=0)
    if how == "plain":
        packed = answer.body
    elif how == "cut":
        packed = packed[: len(packed) // 2]
    else:  # after the ten bytes of the header, so that the error appears while unpacking
        packed = packed[:10] + bytes(255 - byte for byte in packed[10:])
    return Response(status=answer.status, headers={**answer.headers, "Content-Encoding": "gzip"}, body=packed)


async def send_response(
    send: Send,
    answer: Response,
    *,
    keep: int | None = None,
    pieces: int = 1,
    pause: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Send a response.

    Args:
        send: the ASGI channel.
        answer: the response.
        keep: announce the whole body but send only this many bytes, and do not finish.
        pieces: send the body in this many pieces.
        pause: awaited before each piece.
    """
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    if answer.status not in BODILESS:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = answer.body if keep is None else answer.body[:keep]
    if pause is not None:
        size = max(1, -(-len(body) // pieces))
        while body:
            await pause()
            await send({"type": "http.response.body", "body": body[:size], "more_body": True})
            body = body[size:]
    await send({"type": "http.response.body", "body": body, "more_body": keep is not None})


async def cut(scope: Scope, receive: Receive, *, after_sending: bool = False, reset: bool = False) -> None:
    """Close the client's connection, and return once it is closed.

    Args:
        scope: the request's scope; the server adds the extension that closes the connection.
        receive: the ASGI channel that reports the disconnection.
        after_sending: send buffered data first.
        reset: close it with a TCP reset.

    Raises:
        ConnectionCut: there is no socket, because the application runs in the client's process.
    """
    abort = scope.get("extensions", {}).get(ABORT)
    if abort is None:
        raise ConnectionCut("the simulator dropped this connection on purpose")
    abort(after_sending, reset)
    await receive()
