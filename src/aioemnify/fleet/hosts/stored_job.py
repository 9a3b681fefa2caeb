"""A job as it lies in Redis: what all that read it and work on it have in common."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import msgspec

from aioemnify._version import __version__
from aioemnify.fleet.hosts.connection import Connection, RedisAwayError
from aioemnify.fleet.hosts.encoding import (
    CLAIMED,
    DOUBLED,
    STATE,
    TRIED,
    VOID,
    text_of,
    unpack_item,
    unpack_outcome,
)
from aioemnify.fleet.hosts.keys import job_keys
from aioemnify.fleet.journals.items import SENT, UNKNOWN, WAITING, Part
from aioemnify.fleet.journals.journal_file import JournalError
from aioemnify.tables.bulk import BULK
from aioemnify.tables.operations import OPERATIONS

T = TypeVar("T")

_logger = logging.getLogger("aioemnify.fleet")

Claimed = tuple[int, int]
"""An item and its claim: number and fence."""

FORMAT = 1
_MANY = 1000
_LARGEST_PAUSE = 1.0


class StoredJob:
    """A job in Redis: opened, asked, counted, read and removed.

    Args:
        redis: the connection.
        lease: seconds of a claim.
        keep: seconds for which Redis keeps the job.
        patience: seconds for which to wait for a Redis that does not answer.
    """

    def __init__(self, redis: Connection, *, lease: float, keep: float, patience: float) -> None:
        self.path: Path | None = None
        self.counts: dict[tuple[int, int], int] = {}
        self.calls: int = 0
        self._free: set[int] = set()
        self.added: int = 0
        self.shared: bool = True
        self.name: str = redis.name
        self._redis = redis
        self._lease = lease
        self._keep = keep
        self._patience = patience
        self._worker = ""
        self._id: bytes = b""
        self._durable = False
        # What this worker has claimed, and when each was last noted as sent.
        self._held: set[Claimed] = set()
        self._sent_at: dict[Claimed, float] = {}
        self._told_calls = 0
        self._step = 0
        self._refreshed_at = 0.0
        self._away_since: float | None = None
        self._turns: anyio.CapacityLimiter | None = None

    def __repr__(self) -> str:
        return f"<journal {self.name}>"

    @property
    def is_open(self) -> bool:
        """Return whether it is open."""
        return self._redis.is_open

    @property
    def claim_again(self) -> float:
        """Return the seconds after which to claim again where others have all that is left."""
        return min(self._lease / 10, _LARGEST_PAUSE)

    @property
    def redis_calls(self) -> int:
        """Return how often this object has asked Redis."""
        return self._redis.calls

    def open(self, limits: str = "") -> None:
        """Open the job, or create it.

        Args:
            limits: names the limits that this worker keeps; empty where it only reads.

        Raises:
            JournalError: Redis cannot be used, or workers of another version have the job.
        """
        if self.is_open:
            return
        self._worker = f"{secrets.token_hex(6)}-{os.getpid()}"
        self._redis.open()
        self._away_since = None
        try:
            self._durable = self._redis.check_keeps()
            code, tables = f"aioemnify {__version__}", f"{tables_digest()}, limits {limits}" if limits else ""
            lease, keep = int(self._lease * 1e6), int(self._keep * 1e3)
            answer = self._redis.run(
                "open", secrets.token_hex(8), self._worker, code, tables, FORMAT, lease, keep
            )
            if answer[0] == b"format" and answer[1] is None:
                raise self._redis.not_a_job()
            if answer[0] == b"format":
                raise JournalError(
                    f"{self.name} was written in format {text_of(answer[1])}, and this aioemnify writes "
                    f"{FORMAT}: use the same version on all hosts"
                )
            if answer[0] == b"other":
                raise JournalError(
                    f"{self.name} is worked on by {text_of(answer[1])} with the tables {text_of(answer[2])}, "
                    f"and this is {code} with {tables}: stop those workers, or use the same version here"
                )
            self._id, self._lease, self._keep = answer[1], int(answer[2]) / 1e6, int(answer[3]) / 1e3
            self._refresh_keys()
            self.parts()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connections; the job stays in Redis."""
        self._held.clear()
        self._sent_at.clear()
        self._step = 0
        if self.is_open and self._id and self._away_since is None:
            with suppress(JournalError):  # or else it counts as there for a lease
                self._redis.do(lambda client: client.zrem(self._key("workers"), self._worker))
        self._id = b""
        self._redis.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Keep it open for the time of the block, also where it is closed; the counts are read again."""
        was_open = self.is_open
        if was_open:
            self.parts()
        self.open()
        try:
            yield
        finally:
            if not was_open:
                self.close()

    async def remove(self) -> None:
        """Remove the job from Redis, with all its items.

        Raises:
            JournalError: Redis cannot be reached, or workers have the job.
        """
        await anyio.to_thread.run_sync(self._remove)

    def _remove(self) -> None:
        was_open = self.is_open
        if not was_open:
            self._redis.open()
        try:
            if not was_open:
                facts = self._redis.do(lambda client: client.hgetall(self._facts))
                if not facts:
                    return
                if b"id" not in facts:
                    raise self._redis.not_a_job()
                self._id, self._lease = facts[b"id"], int(facts[b"lease"]) / 1e6
            keys = job_keys(self._redis, self._key(""))
            what, others = self._ask("remove")
            if what == b"workers":
                raise JournalError(
                    f"{self.name} has other workers ({int(others)}): stop them first; one that was killed "
                    f"counts for up to {self._lease:g} s"
                )
            for begin in range(0, len(keys), _MANY):
                self._redis.do(partial(_unlink, keys[begin : begin + _MANY]))
        finally:
            self.close()

    # How it is asked.

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do ``work`` on the journal in a thread, again while Redis does not answer.

        Raises:
            JournalError: Redis has not answered for ``patience`` seconds, or refuses.
        """
        if self._turns is None:
            self._turns = anyio.CapacityLimiter(1)
        pause = 0.05
        while True:
            began = time.monotonic()
            try:
                done = await anyio.to_thread.run_sync(partial(work, *arguments), limiter=self._turns)
            except RedisAwayError as error:
                # All that is asked meanwhile waits for the end of the same outage.
                if self._away_since is None:
                    self._away_since = began
                    _logger.warning("%s; trying again for up to %g s", error, self._patience)
                if time.monotonic() + pause > self._away_since + self._patience:
                    raise
            else:
                if self._away_since is not None:
                    self._away_since = None
                    _logger.warning("%s answers again", self.name)
                return done
            await anyio.sleep(pause)
            pause = min(2 * pause, _LARGEST_PAUSE)

    async def keep_claims(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Renew the leases until cancelled, and now and then the time for which Redis keeps the job."""
        while True:
            await sleep(min(self._lease, self._keep) / 4)
            await self.run(self._ask, "renew")
            if time.monotonic() - self._refreshed_at >= self._keep / 4:
                await self.run(self._refresh_keys)

    def _ask(self, name: str, *arguments: object) -> list[Any]:
        fences = " ".join(map(str, {fence for _, fence in self._held}))
        answer = self._redis.run(name, self._id, self._worker, f"{self._step} {fences}", *arguments)
        if answer[0] == b"gone":
            raise self._gone()
        if answer[0] == b"back":
            raise JournalError(
                f"{self.name} has gone back: Redis has lost changes that it had answered, and some calls "
                "would be made twice. Look at the objects, set appendfsync always, and start workers again"
            )
        self._step = max(self._step, int(answer.pop()))
        return answer

    def _gone(self) -> JournalError:
        return JournalError(
            f"{self.name} is gone: it was removed, or Redis has lost its data; nothing more is sent, "
            "because nobody knows what was. Look at the objects themselves, and use another name"
        )

    @property
    def _facts(self) -> str:
        return f"{self._redis.base}facts"

    def _key(self, name: str) -> str:
        return f"{self._redis.base}{text_of(self._id)}:{name}"

    def _fact(self, field: str) -> Any:
        return self._redis.do(lambda client: client.hget(self._facts, field))

    def _calls_since(self) -> int:
        made, self._told_calls = self.calls - self._told_calls, self.calls
        return made

    # Facts and parts.

    def fact(self, name: str) -> Any:
        """Return a fact about the whole job; ``None`` if it is not known."""
        value = self._fact(f"fact:{name}")
        return None if value is None else msgspec.json.decode(value)

    def settle_fact(self, name: str, value: Any) -> Any:
        """Write a fact unless it is known; return the one that stands."""
        answer = self._ask("note", "", f"fact:{name}", msgspec.json.encode(value))
        return msgspec.json.decode(answer[1])

    def settle_mark(self, part: Part, mark: int) -> int:
        """Keep the highest id that existed before the first item of a part was sent; return what stands."""
        return int(self._ask("note", "marks", part.id, mark)[1])

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

    def part(self, operation: str, key: str | None, shared: bytes) -> Part:
        """Return the part with these shared members; create it if there is none."""
        packed = msgspec.json.encode([key, shared.decode()])
        digest = hashlib.sha256(operation.encode() + b"\0" + shared).hexdigest()
        _, number, first = self._ask("part", digest, operation, packed)
        return Part(int(number), operation, int(first), key, shared)

    def free_parts(self) -> set[int]:
        """Return the ids of parts with items that nobody has claimed, as last read."""
        return self._free

    def count(self, state: int, part: Part | None = None) -> int:
        """Return how many items have a state, in one part or in all, as last read."""
        if part is not None:
            return self.counts.get((part.id, state), 0)
        return sum(count for (_, one), count in self.counts.items() if one == state)

    # Reading the whole.

    def _chunks(self, part: Part | None = None) -> list[str]:
        found = self._redis.do(lambda client: client.zrange(self._key("chunks"), 0, -1))
        chunks = [text_of(one) for one in found]
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
            yield text_of(kind), int(count)

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

    def _refresh_keys(self) -> None:
        """Let Redis keep everything for as long again; the scripts do so for what they change.

        What expires first is the hash of facts, and with it the whole job.
        """

        def refresh(client: Any) -> None:
            line = client.pipeline(transaction=False)
            for key in job_keys(self._redis, self._key("")):
                line.pexpire(key, int(2 * self._keep * 1e3))
            line.pexpire(self._facts, int(self._keep * 1e3))
            line.execute()

        self._redis.do(refresh)
        self._refreshed_at = time.monotonic()


def _unlink(keys: list[str], client: Any) -> None:
    client.unlink(*keys)


def tables_digest() -> str:
    """Return what tells the tables of operations of this version from those of another."""
    text = repr((sorted(OPERATIONS.items()), sorted(BULK.items())))
    return hashlib.sha256(text.encode()).hexdigest()[:8]
