"""The journal of a job: a SQLite file with a row for each item.

Opened again, it is the job as far as it had come. What must be known after a crash is committed before
it matters: an item is *sent* before the first byte of its request leaves.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from aioemnify.fleet.journals.items import FAILED, SENT, SKIPPED, UNKNOWN, WAITING, Finish, Item, Part
from aioemnify.fleet.journals.journal_file import JournalFile
from aioemnify.fleet.journals.one_process import OneProcess
from aioemnify.fleet.journals.protocol import JobJournal


class Journal(JournalFile, OneProcess):
    """The items of one job and their states.

    Args:
        path: the file; ``None`` keeps the journal in memory.
        threaded: whether commits run in a thread; ``None`` measures one.
    """

    def __init__(self, path: str | os.PathLike[str] | None, *, threaded: bool | None = None) -> None:
        super().__init__(path, threaded=threaded)
        self.counts: dict[tuple[int, int], int] = {}
        self.calls: int = 0
        self.added: int = 0

    def _prepare(self) -> None:
        super()._prepare()
        self.calls = self.fact("calls") or 0

    def _read_totals(self) -> None:
        # The file keeps the counts, so opening it takes no time.
        rows = self._execute("SELECT part, state, count FROM total")
        self.counts = {(part, state): count for part, state, count in rows}

    @classmethod
    def copy_of(cls, journal: JobJournal) -> Journal:
        """Return a copy in memory, for another server: it has the parts and items, and no facts."""
        made = cls(None)
        made.name = f"{journal.name} (copy)"
        made.open()
        with made.transaction():
            made._db.executemany(
                "INSERT INTO part (id, operation, first, key, shared, mark, largest)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(p.id, p.operation, p.first, p.key, p.shared, p.mark, p.largest) for p in journal.parts()],
            )
            made._db.executemany(
                "INSERT INTO item (number, key, state, doubled, tries, error, result, part, body, first)"
                " SELECT ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, first FROM part WHERE id = ?9",
                journal.rows(),
            )
            made._execute("INSERT INTO total SELECT part, state, count(*) FROM item GROUP BY part, state")
        made._read_totals()
        return made

    @asynccontextmanager
    async def adding(self) -> AsyncIterator[None]:
        """Keep all that the block adds, or nothing."""
        with self.transaction():
            yield

    def at_once(self, work: Callable[[], None]) -> None:
        """Keep all that ``work`` adds, or nothing."""
        with self.transaction():
            work()

    def parts(self) -> list[Part]:
        """Return the parts in the order they were added."""
        rows = self._execute("SELECT id, operation, first, key, shared, mark, largest FROM part ORDER BY id")
        return [Part(*row) for row in rows]

    def part(self, operation: str, key: str | None, shared: bytes) -> Part:
        """Return the part with these shared members; create it if there is none."""
        found = [one for one in self.parts() if one.operation == operation]
        same = next((one for one in found if one.shared == shared), None)
        if same is not None:
            return same
        number = self._execute("SELECT coalesce(max(id), 0) + 1 FROM part").fetchone()[0]
        made = Part(number, operation, found[0].first if found else number, key, shared)
        row = (made.id, operation, made.first, key, shared)
        self._execute("INSERT INTO part (id, operation, first, key, shared) VALUES (?, ?, ?, ?, ?)", row)
        return made

    def settle_mark(self, part: Part, mark: int) -> int:
        """Keep the highest id that existed before the first item of a part was sent; return it."""
        self._execute("UPDATE part SET mark = ? WHERE id = ?", (mark, part.id))
        return mark

    def add(self, rows: Sequence[tuple[Part, int | str, bytes]]) -> int | None:
        """Add items inside ``adding``; a key that is there already adds nothing.

        Returns:
            The position in ``rows`` of a key that is there with other content; ``None`` if all is well.
        """
        before = self._execute("SELECT coalesce(max(number), 0) FROM item").fetchone()[0]
        changes = self._db.total_changes
        self._db.executemany(
            "INSERT INTO item (first, part, key, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(part.first, part.id, key, body) for part, key, body in rows],
        )
        added = self._db.total_changes - changes
        new = Counter(part.id for part, _, _ in rows)
        largest: dict[int, int] = {}
        for part, _, body in rows:
            if len(body) > largest.get(part.id, 0):
                largest[part.id] = len(body)
        query = "UPDATE part SET largest = max(largest, ?) WHERE id = ?"
        self._db.executemany(query, [(size, part_id) for part_id, size in largest.items()])
        if added < len(rows):
            query = "SELECT part, body, number FROM item WHERE first = ? AND key = ?"
            for position, (part, key, body) in enumerate(rows):
                found = self._execute(query, (part.first, key)).fetchone()
                if found[:2] != (part.id, body):
                    return position
            new = Counter(
                dict(
                    self._execute("SELECT part, count(*) FROM item WHERE number > ? GROUP BY part", (before,))
                )
            )
        for part_id, count in new.items():
            self._shift(part_id, None, WAITING, count)
        self.added += added
        return None

    def count(self, state: int, part: Part | None = None) -> int:
        """Return how many items have a state, in one part or in all."""
        if part is not None:
            return self.counts.get((part.id, state), 0)
        return sum(count for (_, one), count in self.counts.items() if one == state)

    def free_parts(self) -> set[int]:
        """Return the ids of parts with items that wait."""
        return {part for (part, state), count in self.counts.items() if state == WAITING and count}

    def sizes(self, part: Part) -> Iterator[int]:
        """Yield the bytes of each waiting item of a part."""
        query = f"SELECT length(body) FROM item WHERE part = ? AND state = {WAITING} ORDER BY number"
        for row in self._execute(query, (part.id,)):
            yield row[0]

    def items(self, part: Part, state: int, after: int = 0, limit: int = -1) -> list[Item]:
        """Return items of a part with a state, by number; indexes have those that wait or are sent."""
        rows = self._execute(
            "SELECT number, key, body, state, tries FROM item"
            f" WHERE part = ? AND state = {state} AND number > ? ORDER BY number LIMIT ?",
            (part.id, after, limit),
        )
        return [Item(number, key, body, state, tries > 0) for number, key, body, state, tries in rows]

    def claim(
        self, part: Part, limit: int, after: int, *, single: bool, once: bool, direct: bool
    ) -> list[Item]:
        """Return items that wait, by number."""
        return self.items(part, WAITING, after, limit)

    def unsettled(self, part: Part, state: int) -> list[Item]:
        """Return the items that were sent, or whose outcome is unknown."""
        return self.items(part, state)

    def send(self, part: Part, items: Sequence[Item], *, sync: bool) -> None:
        """Commit that items are about to be sent.

        Raises:
            JournalError: the file cannot be written; do not send them.
        """
        self.check_file()
        work = partial(self._send, part, items)
        if sync:
            self.sync_sent()
            self._sync("FULL", work)
        else:
            work()

    def _send(self, part: Part, items: Sequence[Item]) -> None:
        with self.transaction():
            self._update(f"state = {SENT}, tries = tries + 1", (), items)
            self._move(part, items, SENT)
            self._execute("INSERT OR REPLACE INTO fact VALUES ('calls', ?)", (self.calls,))
        _set_state(items, SENT)

    def put_back(self, part: Part, items: Sequence[Item]) -> None:
        """Commit that items wait again."""
        with self.transaction():
            self._update(f"state = {WAITING}", (), items)
            self._move(part, items, WAITING)
        _set_state(items, WAITING)

    def finish(
        self, part: Part, outcomes: Sequence[Finish], mark: int | None = None, *, once: bool = False
    ) -> list[Finish]:
        """Commit outcomes, and with them a higher mark; return them."""
        same: dict[tuple[Any, ...], list[Item]] = {}
        for one in outcomes:
            same.setdefault((one.state, one.error, one.result, one.doubled), []).append(one.item)
        with self.transaction():
            for values, items in same.items():
                self._update("state = ?, error = ?, result = ?, doubled = ?", values, items)
                self._move(part, items, values[0])
            if mark is not None:
                self._execute("UPDATE part SET mark = max(mark, ?) WHERE id = ?", (mark, part.id))
        for values, items in same.items():
            _set_state(items, values[0])
        return list(outcomes)

    def _update(self, change: str, values: tuple[Any, ...], items: Sequence[Item]) -> None:
        """Change items alike; those with consecutive numbers in one statement, which is faster."""
        numbers = sorted(item.number for item in items)  # a bisection mixes their order
        if numbers[-1] - numbers[0] + 1 == len(numbers):
            query = f"UPDATE item SET {change} WHERE number BETWEEN ? AND ?"
            self._execute(query, (*values, numbers[0], numbers[-1]))
        else:
            query = f"UPDATE item SET {change} WHERE number = ?"
            self._db.executemany(query, [(*values, number) for number in numbers])

    def _move(self, part: Part, items: Sequence[Item], state: int) -> None:
        for old, count in Counter(item.state for item in items).items():
            self._shift(part.id, old, state, count)

    def _shift(self, part: int, old: int | None, new: int, count: int) -> None:
        """Count items that change their state, or are new."""
        for state, change in ((old, -count), (new, count)):
            if state is not None:
                self.counts[part, state] = self.counts.get((part, state), 0) + change
                self._execute(
                    "INSERT INTO total VALUES (?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET count = count + excluded.count",
                    (part, state, change),
                )

    def change_all(self, old: int, new: int, part: Part | None = None) -> int:
        """Move all items of a state to another, in one part or in all; return how many."""
        changed = 0
        # A failed item was certainly not applied: its tries are over, and the next one is the first.
        again = ", tries = 0" if old == FAILED else ""
        with self.transaction():
            for one in self.parts() if part is None else [part]:
                query = f"UPDATE item SET state = ?, error = NULL{again} WHERE part = ? AND state = {old}"
                count = self._execute(query, (new, one.id)).rowcount
                if count:
                    self._shift(one.id, old, new, count)
                changed += count
        return changed

    def errors(self) -> Iterator[tuple[str, int]]:
        """Yield the errors of items that failed, are unknown or were refused, and how many have each."""
        yield from self._execute(
            f"SELECT error, count(*) FROM item WHERE state IN ({FAILED}, {UNKNOWN}, {SKIPPED})"
            " AND error IS NOT NULL GROUP BY error"
        )

    def doubled(self) -> int:
        """Return how many items the server has applied more than once."""
        return int(self._execute("SELECT count(*) FROM item WHERE doubled").fetchone()[0])

    def rows(self, states: Sequence[int] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield number, operation, key, state, doubled, tries, error, result, part and content of each item.

        Args:
            states: only items in one of them; none stands for all.
        """
        only = f"WHERE state IN ({', '.join('?' * len(states))})" if states else ""
        found = self._execute(
            "SELECT number, operation, item.key, state, doubled, tries, error, result, part, body"
            f" FROM item JOIN part ON part.id = item.part {only} ORDER BY number",
            states,
        )
        while rows := found.fetchmany(1000):
            yield from rows


def _set_state(items: Sequence[Item], state: int) -> None:
    for item in items:
        item.state = state
