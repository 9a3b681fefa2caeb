"""How a journal writes items and outcomes to Redis."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from aioemnify.fleet.jobs.records import ItemError
from aioemnify.fleet.journals.items import FAILED, UNKNOWN, Finish
from aioemnify.fleet.journals.protocol import Row

STATE, TRIED, DOUBLED = 7, 8, 16
"""Bits of the byte of an item: its state, whether it was sent before, whether it was applied twice."""

CLAIMED, VOID = 6, 7
"""States that only the journal has: a worker has the item and has not sent it; no item is there."""

_encode, _decode = msgspec.msgpack.encode, msgspec.msgpack.decode


def digests(row: Row) -> tuple[bytes, bytes]:
    """Return what tells a key from others, and its content from other content."""
    part, key, body = row
    content = hashlib.blake2b(b"%d:" % part.id + body, digest_size=6)
    return hashlib.blake2b(_encode(key), digest_size=10).digest(), content.digest()


def pack_item(row: Row) -> bytes:
    """Return an item as it is kept."""
    return _encode((row[1], row[2]))


def unpack_item(packed: bytes) -> tuple[int | str, bytes]:
    """Return the key and the content of an item."""
    key, body = _decode(packed)
    return key, body


def pack_outcome(finish: Finish, *, results: bool) -> bytes:
    """Return error, result and kind of error of an outcome; nothing where all of them are empty."""
    result = finish.result if results else None
    if finish.error is None and result is None:
        return b""
    # As text: the decoder of Redis does not know the other type of bytes.
    kind = "" if finish.error is None or finish.state not in (FAILED, UNKNOWN) else _kind(finish.error)
    return _encode((finish.error or "", (result or b"").decode(), kind))


def unpack_outcome(packed: bytes | None) -> tuple[str | None, bytes | None]:
    """Return error and result of an outcome."""
    if packed is None:
        return None, None
    error, result, _ = _decode(packed)
    return error or None, result.encode() or None


def _kind(text: str) -> str:
    """Return what errors of one kind have in common, as the text of an error."""
    error = ItemError.from_json(text)
    numbers: list[Any] = [error.status, error.code, error.token]
    message = "" if any(one is not None for one in numbers) else error.label
    return msgspec.json.encode([*numbers, message]).decode()
