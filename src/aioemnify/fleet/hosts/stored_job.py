"""A job in Redis: how it is opened, asked and removed."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import msgspec
from attrs import evolve, frozen

from aioemnify._version import __version__
from aioemnify.fleet.hosts.connection import TIMEOUT, Connection, RedisAwayError
from aioemnify.fleet.hosts.keys import job_keys
from aioemnify.fleet.hosts.stored_items import StoredItems
from aioemnify.fleet.journals.items import Part
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


@frozen
class _Outage:
    """A time in which Redis does not answer: since when, when that was last seen, and how."""

    began: float
    failed_at: float
    error: RedisAwayError

    def lasts(self) -> float:
        """Return how long it has lasted."""
        return time.monotonic() - self.began


class StoredJob(StoredItems):
    """A job in Redis: opened, asked and removed.

    Args:
        redis: the connection.
        lease: seconds of a claim.
        keep: seconds for which Redis keeps the job.
        patience: seconds for which to wait for a Redis that does not answer.
    """

    def __init__(self, redis: Connection, *, lease: float, keep: float, patience: float) -> None:
        super().__init__(redis)
        self.path: Path | None = None
        self.added: int = 0
        self.shared: bool = True
        self._lease = lease
        self._keep = keep
        self._patience = patience
        self._worker = ""
        self._durable = False
        # What this worker has claimed, and when each was last noted as sent.
        self._held: set[Claimed] = set()
        self._sent_at: dict[Claimed, float] = {}
        self._step = 0
        self._refreshed_at = 0.0
        self._outage: _Outage | None = None
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
                    f"{self.name} was written in format {answer[1].decode()}, and this aioemnify writes "
                    f"{FORMAT}: use the same version on all hosts"
                )
            if answer[0] == b"other":
                raise JournalError(
                    f"{self.name} is worked on by {answer[1].decode()} with the tables {answer[2].decode()}, "
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
        if self.is_open and self._id and self._outage is None:
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
        pause, attempt = 0.05, partial(self._attempt, time.monotonic(), work, arguments)
        while True:
            try:
                return await anyio.to_thread.run_sync(attempt, limiter=self._turns)
            except RedisAwayError:
                left = self._patience - (self._outage.lasts() if self._outage is not None else 0.0)
                if left <= 0:
                    raise
            await anyio.sleep(min(pause, left))
            pause = min(2 * pause, _LARGEST_PAUSE)

    def _attempt(self, asked_at: float, work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        """Do ``work``, and note whether Redis answers: all that is asked waits for the end of one outage."""
        outage, began = self._outage, time.monotonic()
        if outage is not None and outage.lasts() >= self._patience and asked_at < outage.failed_at:
            raise outage.error  # patience is over, and each further attempt may take as long as the last
        try:
            done = work(*arguments)
        except RedisAwayError as error:
            failed_at = time.monotonic()
            if outage is None or began > outage.failed_at + max(self._patience, TIMEOUT):
                outage = _Outage(began, failed_at, error)
                _logger.warning("%s; trying again for up to %g s", error, self._patience)
            self._outage = evolve(outage, failed_at=failed_at, error=error)
            raise
        if outage is not None and self._redis.answered:  # ``release`` ends also where it does not
            self._outage = None
            _logger.warning("%s answers again", self.name)
        return done

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

    # Facts and parts.

    def settle_fact(self, name: str, value: Any) -> Any:
        """Write a fact unless it is known; return the one that stands."""
        answer = self._ask("note", "", f"fact:{name}", msgspec.json.encode(value))
        return msgspec.json.decode(answer[1])

    def settle_mark(self, part: Part, mark: int) -> int:
        """Keep the highest id that existed before the first item of a part was sent; return what stands."""
        return int(self._ask("note", "marks", part.id, mark)[1])

    def part(self, operation: str, key: str | None, shared: bytes) -> Part:
        """Return the part with these shared members; create it if there is none."""
        packed = msgspec.json.encode([key, shared.decode()])
        digest = hashlib.sha256(operation.encode() + b"\0" + shared).hexdigest()
        _, number, first = self._ask("part", digest, operation, packed)
        return Part(int(number), operation, int(first), key, shared)

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
