"""The last yard to the client: JSON, gzip, and cutting the connection on purpose."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from attrs import frozen

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

ABORT = "aioemnify.abort"
"""Scope extension by which the server lets the application cut a connection."""


class ConnectionCut(ConnectionAbortedError):
    """Raised out of the application where no socket exists that could be cut."""


@frozen(kw_only=True)
class Answered:
    """A finished answer: status, headers by their written name, and the bytes of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def encode(body: Any) -> bytes:
    """Return a body as bytes: text and bytes as they are, everything else as JSON, None as nothing."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    return msgspec.json.encode(body)


def compress(answer: Answered, accepted: str, minimum: int) -> Answered:
    """Return the answer gzipped when the client takes that and the body is worth it."""
    if "gzip" not in accepted or len(answer.body) < minimum:
        return answer
    packed = gzip.compress(answer.body, compresslevel=1, mtime=0)
    headers = {**answer.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Answered(status=answer.status, headers=headers, body=packed)


async def send_answer(send: Send, answer: Answered, *, keep: int | None = None) -> None:
    """Send an answer.

    Args:
        send: the ASGI channel.
        answer: what to send.
        keep: announce the whole body but send only so many bytes of it, and do not finish.
    """
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    if answer.status != 204:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = answer.body if keep is None else answer.body[:keep]
    await send({"type": "http.response.body", "body": body, "more_body": keep is not None})


async def cut(scope: Scope, receive: Receive, *, after_sending: bool = False) -> None:
    """Cut the client's connection, and return when it is gone.

    Args:
        scope: the request's scope; a real server puts the means into its extensions.
        receive: the ASGI channel that tells of the disconnection.
        after_sending: let what was sent arrive first.

    Raises:
        ConnectionCut: there is no socket to cut, the application runs in the client's process.
    """
    abort = scope.get("extensions", {}).get(ABORT)
    if abort is None:
        raise ConnectionCut("the simulator dropped this connection on purpose")
    abort(after_sending)
    await receive()
