"""Where a follower of events is, as text that a program can store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from attrs import frozen

from aioemnify.errors import ArgumentError


@frozen
class Position:
    """What has come: all events before ``watermark``, and those with the ids of ``seen``.

    ``types`` are the ids of the event types that are followed, none for all.
    """

    watermark: datetime
    seen: Sequence[int]
    types: Sequence[int]

    def __str__(self) -> str:
        content = {"watermark": self.watermark.isoformat(), "seen": self.seen, "types": self.types}
        return json.dumps(content, separators=(",", ":"))


def read_position(text: str) -> Position:
    """Read the text of a position.

    Raises:
        ArgumentError: it is not one.
    """
    try:
        content = json.loads(text)
        watermark = datetime.fromisoformat(content["watermark"]).astimezone(UTC)
        seen, types = ([_whole(one) for one in content[name]] for name in ("seen", "types"))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise ArgumentError("since", "takes a position of follow() or a time with a zone") from None
    return Position(watermark, seen, types)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value
