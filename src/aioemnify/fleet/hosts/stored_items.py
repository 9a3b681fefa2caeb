"""What a job has in Redis, read: its facts, its parts, and its items with their outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from aioemnify.fleet.hosts.connection import Connection
from aioemnify.fleet.hosts.encoding import (
    CLAIMED,
    DOUBLED,
    STATE,
    TRIED,
    VOID,
    unpack_item,
    unpack_outcome,
)
from aioemnify.fleet.journals.items import SENT, UNKNOWN, WAITING, Part
from aioemnify.fleet.journals.journal_file import JournalError


class StoredItems:
    """A job in Redis, read.

    Args:
        redis: the connection.
    """

    def __init__(self, redis: Connection) -> None:
        self.name: str = redis.name
        self.counts: dict[tuple[int, int], int] = {}
        self.calls: int = 0
        self._redis = redis
        self._id: bytes = b""
        self._free: set[int] = set()
        self._told_calls = 0

    def free_parts(self) -> set[int]:
        """Return the ids of parts with items that nobody has claimed, as last read."""
        return self._free

    def count(self, state: int, part: Part | None = None) -> int:
        """Return how many items have a state, in one part or in all, as last read."""
        if part is not None:
            return self.counts.get((part.id, state), 0)
        return sum(count for (_, one), count in self.counts.items() if one == state)

    def fact(self, name: str) -> Any:
        """Return a fact about the whole job; ``None`` if it is not known."""
        value = self._fact(f"fact:{name}")
        return None if value is None else msgspec.json.decode(value)

    def parts(self) -> list[Part]:
        """Return the parts in the order they were added, and read the counts again."""

        def read(client: Any) -> list[Any]:
            line = client.pipeline(transaction=False)
            for name in ("parts", "marks", "largest", "totals"):
                line.hgetall(self._key(name))
            line.hmget(self._facts, "id", "calls")
            found: list[Any] = line.execute()
            return found

        rows, marks, largest, totals, (id_, calls) = self._redis.do(read)
        if id_ != self._id:
            raise self._gone()
        self._heard(totals, calls)
        parts = []
        for number in sorted(rows, key=int):
            operation, first, packed = msgspec.msgpack.decode(rows[number])
            key, shared = msgspec.json.decode(packed)
            mark = marks.get(number)
            parts.append(
                Part(
                    int(number),
                    operation,
                    int(first),
                    key,
                    shared.encode(),
                    None if mark is None else int(mark),
                    int(largest.get(number, 0)),
                )
            )
        return parts

    def _heard(self, totals: dict[bytes, bytes], calls: bytes | None) -> None:
        counts: dict[tuple[int, int], int] = {}
        free: set[int] = set()
        for field, count in totals.items():
            part, state = (int(one) for one in field.split(b":"))
            if state == WAITING and int(count):
                free.add(part)
            if state != VOID:
                at = (part, WAITING if state == CLAIMED else state)
                counts[at] = counts.get(at, 0) + int(count)
        self.counts, self._free = counts, free
        made = self._calls_since()
        self._told_calls = int(calls or 0)
        self.calls = self._told_calls + made

    def sizes(self, part: Part) -> Iterator[int]:
        """Yield the bytes of each waiting item of a part."""
        for chunk in self._chunks(part):
            _, states, items, _ = self._chunk(chunk)
            for byte, packed in zip(states, items, strict=True):
                if byte & STATE in (WAITING, CLAIMED):
                    yield len(unpack_item(packed)[1])

    def errors(self) -> Iterator[tuple[str, int]]:
        """Yield the kinds of errors of failed and unknown items, and how many items have each."""
        found = self._redis.do(lambda client: client.hgetall(self._key("errors")))
        for kind, count in found.items():
            yield kind.decode(), int(count)

    def doubled(self) -> int:
        """Return how many items the server has applied more than once."""
        return int(self._fact("doubled") or 0)

    def rows(self, states: Sequence[int] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield number, operation, key, state, doubled, tries, error, result, part and content of each item.

        Args:
            states: only items in one of them; none stands for all.
        """
        wanted = set(states)
        operations = {part.id: part.operation for part in self.parts()}
        for chunk in self._chunks():
            first, found, items, outcomes = self._chunk(chunk)
            part = int(chunk.rpartition(":")[2])
            for place, (byte, packed) in enumerate(zip(found, items, strict=True)):
                state = WAITING if byte & STATE == CLAIMED else byte & STATE
                if state == VOID or (wanted and state not in wanted):
                    continue
                number = first + place
                error, result = unpack_outcome(outcomes.get(b"%d" % number))
                tries = int(bool(byte & TRIED) or SENT <= state <= UNKNOWN)
                key, body = unpack_item(packed)
                doubled = bool(byte & DOUBLED)
                yield number, operations[part], key, state, doubled, tries, error, result, part, body

    def _chunks(self, part: Part | None = None) -> list[str]:
        found = self._redis.do(lambda client: client.zrange(self._key("chunks"), 0, -1))
        chunks = [one.decode() for one in found]
        return [one for one in chunks if part is None or int(one.rpartition(":")[2]) == part.id]

    def _chunk(self, chunk: str) -> tuple[int, bytes, list[bytes], dict[bytes, bytes]]:
        first, size, _ = (int(one) for one in chunk.split(":"))

        def read(client: Any) -> list[Any]:
            line = client.pipeline(transaction=False)
            line.getrange(self._key("state"), first - 1, first + size - 2)
            line.lrange(self._key(f"items:{first}"), 0, -1)
            line.hgetall(self._key(f"outcomes:{first}"))
            found: list[Any] = line.execute()
            return found

        states, items, outcomes = self._redis.do(read)
        if not len(states) == len(items) == size:
            raise self._gone()
        return first, states, items, outcomes

    @property
    def _facts(self) -> str:
        return f"{self._redis.base}facts"

    def _fact(self, field: str) -> Any:
        return self._redis.do(lambda client: client.hget(self._facts, field))

    def _key(self, name: str) -> str:
        return f"{self._redis.base}{self._id.decode()}:{name}"

    def _gone(self) -> JournalError:
        return JournalError(
            f"{self.name} is gone: it was removed, or Redis has lost its data; nothing more is sent, "
            "because nobody knows what was. Look at the objects themselves, and use another name"
        )

    def _calls_since(self) -> int:
        made, self._told_calls = self.calls - self._told_calls, self.calls
        return made
