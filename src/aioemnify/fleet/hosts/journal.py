"""``RedisJournal``: the journal of a job that many hosts carry out together.

One string has the states, a byte for each item. Beside it lie the items, in lists of up to 1,000, the
outcomes that have more to say than their state, and an index of the keys. A worker claims items before it
sends them: each claim has a number of its own, its *fence*, and a lease. Whoever finds a lease over gives its
items back, and what the former holder reports later counts only as far as nobody has sent them again.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import chain

from aioemnify._checks import check_number, check_seconds, check_type
from aioemnify.errors import ArgumentError
from aioemnify.fleet.hosts.connection import Connection, RedisAwayError
from aioemnify.fleet.hosts.encoding import STATE, TRIED, digests, pack_item, pack_outcome, unpack_item
from aioemnify.fleet.hosts.stored_job import Claimed, StoredJob
from aioemnify.fleet.journals.items import SENT, TAKEN, WAITING, Finish, Item, Part
from aioemnify.fleet.journals.journal_file import JournalError
from aioemnify.fleet.journals.protocol import Row

CLAIM = 50
"""Items of single calls that a worker claims at once; near the end of the job fewer."""

REQUEST = 4_000_000
"""Bytes of items that one request adds, unless one item has more: Redis does nothing else meanwhile."""


class RedisJournal(StoredJob):
    """The items of one job and their states, in a Redis that many hosts share.

    ``Job(emnify, RedisJournal("redis://host", "suspend-0412"))`` is the same job on every host. Redis must be
    version 6 or later, must not evict (``maxmemory-policy noeviction``), and should write every change to its
    disk (``appendonly yes``): without that, calls that must not be made twice are refused. Only with
    ``appendfsync always`` has it done so before it answers.

    Args:
        url: ``redis://``, ``rediss://`` or ``unix://`` address.
        name: the name of the job.
        lease: seconds after which the items of a worker that is not heard of go to another one, at least 1.
            The first worker settles it for the job.
        keep: seconds for which Redis keeps the job after its last change, at least ``lease``. The first
            worker settles it for the job.
        patience: seconds for which a worker waits for a Redis that does not answer, before its run ends.
        keep_results: whether to keep the responses of single calls, for the report of the whole. Errors and
            ids of created objects are always kept.
        accept_data_loss: make calls that must not be made twice also where Redis may forget that they were.

    Raises:
        ArgumentError: an argument cannot work, or the package ``redis`` is missing.
    """

    def __init__(
        self,
        url: str,
        name: str,
        *,
        lease: float = 10.0,
        keep: float = 30 * 86400.0,
        patience: float = 60.0,
        keep_results: bool = True,
        accept_data_loss: bool = False,
    ) -> None:
        check_type("name", name, str, "text")
        if not name or not name.isprintable() or set(name) & set("{}: "):
            raise ArgumentError("name", f"takes a name without blanks, colons and braces, not {name!r}")
        super().__init__(
            Connection(url, name),
            lease=check_number("lease", lease, least=1.0),
            keep=check_number("keep", keep, least=lease),
            patience=check_seconds("patience", patience),
        )
        self._keep_results = keep_results
        self._accept_data_loss = accept_data_loss
        self._staged: list[list[Row]] = []
        self._staged_keys: dict[bytes, bytes] = {}

    # Adding items.

    @asynccontextmanager
    async def adding(self) -> AsyncIterator[None]:
        """Keep all that the block adds, or nothing: it is written at the end of the block."""
        self._staged, self._staged_keys = [], {}
        try:
            yield
            for rows in self._staged:
                await self.run(self._write, rows)
            await self.run(self._finish_adding)
        finally:
            self._staged, self._staged_keys = [], {}

    def at_once(self, work: Callable[[], None]) -> None:
        """Keep all that ``work`` adds, or nothing."""
        self._staged, self._staged_keys = [], {}
        try:
            work()
            for rows in self._staged:
                self._write(rows)
            self._finish_adding()
        finally:
            self._staged, self._staged_keys = [], {}

    def add(self, rows: Sequence[Row]) -> int | None:
        """Add items inside ``adding``; a key that is there already adds nothing.

        Returns:
            The position in ``rows`` of a key that is there with other content; ``None`` if all is well.
        """
        by_part: dict[int, list[list[tuple[int, Row]]]] = {}
        sizes: dict[int, int] = {}
        for position, row in enumerate(rows):
            key, content = digests(row)
            key = b"%d:" % row[0].first + key
            if self._staged_keys.setdefault(key, content) != content:
                return position
            part, size = row[0].id, len(row[2])
            if part not in sizes or sizes[part] + size > REQUEST:
                by_part.setdefault(part, []).append([])
                sizes[part] = 0
            by_part[part][-1].append((position, row))
            sizes[part] += size
        for several in chain.from_iterable(by_part.values()):
            differs = self._add([row for _, row in several], write=False)
            if differs:
                return several[differs - 1][0]
            self._staged.append([row for _, row in several])
        return None

    def _write(self, rows: list[Row]) -> None:
        if self._add(rows, write=True):
            raise JournalError(
                f"{self.name}: another host has added an item of this list with other content meanwhile; "
                "add the same items on all hosts"
            )

    def _add(self, rows: list[Row], *, write: bool) -> int:
        part = rows[0][0]
        largest = max(len(body) for _, _, body in rows)
        arguments: list[object] = [part.id, part.first, "1" if write else "0", largest]
        for row in rows:
            arguments += [*digests(row), pack_item(row)]
        kind, number = self._ask("add", *arguments)
        if kind == b"differs":
            return int(number)
        if write:
            # With +=, pyright takes it for another attribute.
            self.added: int = self.added + int(number)
        return 0

    def _finish_adding(self) -> None:
        if self._staged:
            self._ask("trim")
            self.parts()

    # Working on items.

    def claim(
        self, part: Part, limit: int, after: int, *, single: bool, once: bool, direct: bool
    ) -> list[Item]:
        """Return items that wait, or that a dead worker has left as sent, for this process alone."""
        arguments = [min(limit, CLAIM) if single else limit, int(direct), int(once), int(single)]
        _, fence, totals, calls, found = self._ask("claim", part.id, *arguments)
        self._heard(dict(zip(totals[::2], totals[1::2], strict=True)), calls)
        items = self._items(fence, found)
        for item in items:
            item.state = SENT if direct else item.state
        return items

    def unsettled(self, part: Part, state: int) -> list[Item]:
        """Return the items whose outcome is unknown, for this process alone."""
        items: list[Item] = []
        for chunk in self._chunks(part):
            _, fence, found = self._ask("change", chunk, state, SENT, "1")
            items += self._items(fence, found)
        return items

    def _items(self, fence: bytes, found: list[bytes]) -> list[Item]:
        items = []
        for number, byte, packed in zip(found[::3], found[1::3], found[2::3], strict=True):
            key, body = unpack_item(packed)
            state = int(byte) & STATE
            items.append(Item(int(number), key, body, state, bool(int(byte) & TRIED), int(fence)))
            self._held.add((int(number), int(fence)))
        return items

    def _taken(self, items: Sequence[Item], lost: list[bytes], state: int) -> None:
        gone = {int(place) for place in lost}
        for place, item in enumerate(items):
            item.state = TAKEN if place in gone else state
            if place in gone:
                self._forget((item.number, item.fence))

    def _forget(self, claimed: Claimed) -> None:
        self._held.discard(claimed)
        self._sent_at.pop(claimed, None)

    def is_current(self, items: Sequence[Item]) -> bool:
        """Return whether their lease cannot have run out since their ``send``."""
        oldest = time.monotonic() - self._lease / 2
        return all(self._sent_at.get((item.number, item.fence), oldest) >= oldest for item in items)

    def send(self, part: Part, items: Sequence[Item], *, sync: bool) -> None:
        """Note that items are about to be sent; those that others have taken over become ``TAKEN``.

        Raises:
            JournalError: Redis cannot be asked, or may forget it; do not send them.
        """
        if sync and not self._durable and not self._accept_data_loss:
            raise JournalError(
                f"{self.name} does not write every change to its disk, so a call of {part.operation}, which "
                "must not be made twice, is not sent: set appendonly yes, or "
                "RedisJournal(accept_data_loss=True)"
            )
        began, made = time.monotonic(), self._calls_since()
        try:
            lost = self._ask("send", part.id, made, *_pairs(items))[1]
        except RedisAwayError:
            self._told_calls -= made
            raise
        self._sent_at.update(((item.number, item.fence), began) for item in items)
        self._taken(items, lost, SENT)

    def put_back(self, part: Part, items: Sequence[Item]) -> None:
        """Note that items wait again, in the hands of this process."""
        self._taken(items, self._ask("put_back", part.id, *_pairs(items))[1], WAITING)

    def release(self, items: Sequence[Item] | None = None) -> None:
        """Let others have items, or all that this process has claimed. If Redis is away, their lease ends."""
        claimed = list(self._held) if items is None else [(item.number, item.fence) for item in items]
        if claimed:
            with suppress(RedisAwayError):
                self._ask("release", *chain.from_iterable(claimed))
        for one in claimed:
            self._forget(one)

    def finish(
        self, part: Part, outcomes: Sequence[Finish], mark: int | None = None, *, once: bool = False
    ) -> list[Finish]:
        """Record outcomes; return those that stand. One that came too late may be ``doubled``."""
        made = self._calls_since()
        arguments: list[object] = [part.id, int(once), made]
        for one in outcomes:
            kept = pack_outcome(one, results=self._keep_results or once)
            arguments += [one.item.number, one.item.fence, one.state, int(one.doubled), kept]
        try:
            letters = self._ask("finish", *arguments)[1].decode()
        except RedisAwayError:
            self._told_calls -= made
            raise
        standing = []
        for one, letter in zip(outcomes, letters, strict=True):
            one.item.state = one.state
            self._forget((one.item.number, one.item.fence))
            one.doubled |= letter == "d"
            if letter != "n":
                standing.append(one)
        return standing

    def change_all(self, old: int, new: int, part: Part | None = None) -> int:
        """Move all items of a state to another, in one part or in all; return how many."""
        changed = sum(len(self._ask("change", chunk, old, new, "0")[2]) for chunk in self._chunks(part))
        self.parts()
        return changed


def _pairs(items: Sequence[Item]) -> list[object]:
    return [one for item in items for one in (item.number, item.fence)]
