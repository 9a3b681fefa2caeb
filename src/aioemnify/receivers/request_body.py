"""Read the body of a request, within a bound."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from aioemnify.errors import PushDecodeError, PushError

Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]

_GZIP = 16 + zlib.MAX_WBITS
_TOO_LARGE = 413
_PART = 1 << 16
"""Bytes that are unpacked at once: after each member of a gzip file the rest is copied."""
_MOST_MEMBERS = 1000


class Disconnected(Exception):
    """The client went away before its request was complete."""


def too_large(most: int) -> PushError:
    """Return the error of a body above the bound."""
    text = f"the body is larger than {most:,} bytes; lower the size of the stream's batches"
    return PushError(text, status=_TOO_LARGE)


async def read_body(receive: Receive, most: int, *, gzip: bool) -> bytes:
    """Return the body of a request, unpacked.

    Args:
        receive: the application's ``receive``.
        most: bytes that it may have, packed and unpacked.
        gzip: whether it is packed.

    Raises:
        PushError: it is too large; read no further.
        PushDecodeError: it is not gzip.
        Disconnected: the client went away.
    """
    unpack = _Unpacker(most) if gzip else None
    body, received = bytearray(), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunk: bytes = message.get("body", b"")
        received += len(chunk)
        if received > most:
            raise too_large(most)
        body += chunk if unpack is None else unpack.feed(chunk, len(body))
        if not message.get("more_body", False):
            break
    if unpack is not None:
        unpack.check_complete()
    return bytes(body)


class _Unpacker:
    """Unpacks gzip, and makes no more of it than is allowed: a small body may unpack to a very large one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._member = zlib.decompressobj(_GZIP)
        self._members = 1

    def feed(self, chunk: bytes, so_far: int) -> bytes:
        """Return what a chunk unpacks to; ``so_far`` bytes came before."""
        made = bytearray()
        try:
            for start in range(0, len(chunk), _PART):
                self._unpack(chunk[start : start + _PART], made, self._most - so_far)
        except zlib.error:
            raise PushDecodeError("the body is not gzip, as its Content-Encoding says") from None
        return bytes(made)

    def _unpack(self, part: bytes, made: bytearray, most: int) -> None:
        while part:
            if self._member.eof:  # a file of gzip may have several members
                self._member = zlib.decompressobj(_GZIP)
                self._members += 1
                if self._members > _MOST_MEMBERS:
                    raise PushDecodeError(f"the gzip body has more than {_MOST_MEMBERS:,} members")
            made += self._member.decompress(part, most - len(made) + 1)
            if len(made) > most:
                raise too_large(self._most)
            part = self._member.unconsumed_tail or self._member.unused_data

    def check_complete(self) -> None:
        """Raise if the end is missing."""
        if not self._member.eof:
            raise PushDecodeError("the end of the gzip body is missing")
