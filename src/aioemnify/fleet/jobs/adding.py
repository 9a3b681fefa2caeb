"""Add the items of a job to its journal: all of them or none, or as they come."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any

import anyio.lowlevel
from attrs import define

from aioemnify.errors import ArgumentError
from aioemnify.fleet.iterables import each_of
from aioemnify.fleet.jobs.routes import ItemReader
from aioemnify.fleet.journals.items import Part
from aioemnify.fleet.journals.protocol import JobJournal

_BATCH = 1000
"""Items that are written to the journal at once."""

_Batch = Sequence[tuple[bytes, int | str, bytes]]


@define(eq=False)
class Adding:
    """Items of one kind that are added.

    Args:
        journal: where they are added.
        reader: reads and checks them.
        wake: called when some are there, for a run that has nothing else to send.
    """

    journal: JobJournal
    reader: ItemReader
    wake: Callable[[], None]

    def check_same_job(self) -> None:
        """Check that items of this kind belong to the journal.

        Once a job has begun, its operations are settled: others are the sign of a wrong file.

        Raises:
            ArgumentError: they do not.
        """
        operation = self.reader.route.operation.id
        parts = self.journal.parts()
        same = [part for part in parts if part.operation == operation]
        if parts and not same and self.journal.calls:
            there = ", ".join(sorted({part.operation for part in parts}))
            raise ArgumentError(
                "operation",
                f"{operation} does not belong to this job ({self.journal.name}), which is one of {there} "
                f"and has begun: use another {'name' if self.journal.shared else 'file'}",
            )
        if same and same[0].key != self.reader.key:
            raise ArgumentError("key", f"is {same[0].key!r} for the items there are, not {self.reader.key!r}")

    async def add(self, items: Iterable[Any] | AsyncIterable[Any]) -> None:
        """Add all items, or none.

        Raises:
            ArgumentError: an item is wrong.
            JournalError: the journal cannot be written.
        """
        async with self.journal.adding():
            await self._add(items, self._keep)

    async def add_as_they_come(self, items: Iterable[Any] | AsyncIterable[Any]) -> None:
        """Add items in batches; those before an error stay.

        Raises:
            ArgumentError: an item is wrong.
            JournalError: the journal cannot be written.
        """
        await self._add(items, lambda batch, first: self.journal.at_once(partial(self._keep, batch, first)))

    async def _add(
        self, items: Iterable[Any] | AsyncIterable[Any], write: Callable[[_Batch, int], None]
    ) -> None:
        batch: list[tuple[bytes, int | str, bytes]] = []
        number = 0
        async with aclosing(each_of(items)) as each:
            async for item in each:
                batch.append(self.reader.read(number, item))
                number += 1
                if len(batch) == _BATCH:
                    await self.journal.run(write, batch, number - len(batch))
                    batch = []
                    self.wake()
                    await anyio.lowlevel.checkpoint()
        await self.journal.run(write, batch, number - len(batch))

    def _keep(self, batch: _Batch, first: int) -> None:
        operation = self.reader.route.operation.id
        parts: dict[bytes, Part] = {}
        rows = []
        for shared, key, body in batch:
            if shared not in parts:
                parts[shared] = self.journal.part(operation, self.reader.key, shared)
            rows.append((parts[shared], key, body))
        differs = self.journal.add(rows)
        if differs is not None:
            raise ArgumentError(
                f"items[{first + differs}]",
                f"has the key {rows[differs][1]!r}, which the job has already with another body; give each "
                "object once, and begin another job to change it again",
            )
