"""The last yard to the client: JSON, gzip, and cutting the connection on purpose."""

from __future__ import annotations

import gzip
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from attrs import frozen

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

ABORT = "aioemnify.abort"
"""Scope extension by which the server lets the application cut a connection."""


_READ_AT_MOST = 64 * 1024 * 1024
"""Of a body that is refused for its size, so much is read and dropped: clients listen when they have sent."""


class ConnectionCut(ConnectionAbortedError):
    """Raised out of the application where no socket exists that could be cut."""


@frozen(kw_only=True)
class Response:
    """A finished answer: status, headers by their written name, and the bytes of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def read_body(request: Request, most: int) -> bytes | None:
    """Return the body, None when it has more than ``most`` bytes.

    Raises:
        ClientDisconnect: the client went away before it had sent everything.
    """
    with suppress(ValueError):
        if "expect" in request.headers and int(request.headers.get("content-length", "0")) > most:
            return None  # the client asks before it sends
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
    """Return a body as bytes: text and bytes as they are, everything else as JSON, None as nothing."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    return msgspec.json.encode(body)


_REFUSED = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


def compress(answer: Response, accepted: str, minimum: int) -> Response:
    """Return the answer gzipped when the client takes that and the body is worth it."""
    if "gzip" not in accepted or len(answer.body) < minimum or _REFUSED.search(accepted):
        return answer
    packed = gzip.compress(answer.body, compresslevel=1, mtime=0)
    headers = {**answer.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(status=answer.status, headers=headers, body=packed)


def miscompress(answer: Response, how: Literal["plain", "corrupt", "cut"]) -> Response:
    """Return the answer under a promise of gzip that its body does not keep."""
    packed = gzip.compress(answer.body, compresslevel=1, mtime=0)
    if how == "plain":
        packed = answer.body
    elif how == "cut":
        packed = packed[: len(packed) // 2]
    else:  # behind the ten bytes of the header, so that it is found while unpacking
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
    """Send an answer.

    Args:
        send: the ASGI channel.
        answer: what to send.
        keep: announce the whole body but send only so many bytes of it, and do not finish.
        pieces: send the body in so many pieces.
        pause: waits before each piece.
    """
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    if answer.status not in (204, 304):
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
    """Cut the client's connection, and return when it is gone.

    Args:
        scope: the request's scope; a real server puts the means into its extensions.
        receive: the ASGI channel that tells of the disconnection.
        after_sending: let what was sent arrive first.
        reset: cut it with a TCP reset instead of an orderly end.

    Raises:
        ConnectionCut: there is no socket to cut, the application runs in the client's process.
    """
    abort = scope.get("extensions", {}).get(ABORT)
    if abort is None:
        raise ConnectionCut("the simulator dropped this connection on purpose")
    abort(after_sending, reset)
    await receive()
