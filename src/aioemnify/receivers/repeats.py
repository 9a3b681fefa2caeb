"""Remember which records came, to leave out those that come again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import Factory, define

from aioemnify.receivers.records import Kind

_LONGEST = 100
"""Characters of an id that is remembered."""


class RecentRecords:
    """The ids of the newest records of each kind, in bounded memory.

    At least the newest ``most`` ids of a kind are known, and at most twice as many: they are kept in two
    sets, and when the newer one is full, it replaces the older one. An id takes about 100 bytes.

    Args:
        most: how many ids of a kind are remembered at least; 0 remembers none.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._ids: dict[Kind, _Generations] = {}

    def without_repeats(self, kind: Kind, records: Iterable[Any]) -> list[Any]:
        """Return the records whose ids are not remembered, each id once."""
        if not self._most:
            return list(records)
        known, fresh, new = self._of(kind), [], set()
        for record in records:
            identity = _identity(kind, record)
            if identity is None:
                fresh.append(record)  # without an id nothing says that it came before
            elif not (identity in new or identity in known.newer or identity in known.older):
                new.add(identity)
                fresh.append(record)
        return fresh

    def remember(self, kind: Kind, records: Sequence[Any]) -> None:
        """Remember the ids of records."""
        if not self._most:
            return
        known = self._of(kind)
        for record in records:
            identity = _identity(kind, record)
            if identity is not None:
                if len(known.newer) >= self._most:
                    known.older, known.newer = known.newer, set()
                known.newer.add(identity)

    def _of(self, kind: Kind) -> _Generations:
        return self._ids.setdefault(kind, _Generations())


@define
class _Generations:
    newer: set[Any] = Factory(set)
    older: set[Any] = Factory(set)


def _identity(kind: Kind, record: Any) -> Any:
    """Return what a repeat has in common with a record, or ``None`` if that cannot be known."""
    found = [record.get("id") if kind == "unknown" else record.id]
    if kind == "sms_report":  # one SMS has several reports
        found += [getattr(record.status, "id", None), record.retry_count]
    # A value that does not fit the schema is kept as it came, so it may be a list, or text of any length.
    if found[0] is None or not all(map(_is_identity, found)):
        return None
    return tuple(found) if len(found) > 1 else found[0]


def _is_identity(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**64)
