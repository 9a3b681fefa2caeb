"""Records as JSON lines, sent in parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import TypeVar

import anyio.lowlevel
import msgspec

from aioemnify.simulator.recording.delivery_record import DeliveryRecord, delivery_line

_PART = 200
_T = TypeVar("_T")


def last_of(records: Sequence[_T], last: int | None) -> Sequence[_T]:
    """Return the last records; all of them if ``last`` is None."""
    return records if last is None else records[-last:] if last else []


async def in_parts(records: Sequence[_T], encode: Callable[[Sequence[_T]], bytes]) -> AsyncIterator[bytes]:
    """Yield JSON lines in parts, so that a long journal is never in memory as a whole."""
    for start in range(0, len(records), _PART):
        yield encode(records[start : start + _PART])
        await anyio.lowlevel.checkpoint()


def delivery_lines(records: Sequence[DeliveryRecord]) -> bytes:
    """Return deliveries as JSON lines."""
    return b"".join(msgspec.json.encode(delivery_line(record)) + b"\n" for record in records)
