"""How a collection is brought up to date: a whole sweep, or only what is newer where the API can say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec

from aioemnify.clock import date_of
from aioemnify.fleet.client import OPTIONS, FleetClient
from aioemnify.fleet.mirror.database import Database
from aioemnify.fleet.mirror.schema import Collection
from aioemnify.fleet.mirror.writing import Synced, Writing
from aioemnify.fleet.sweep import Sweep
from aioemnify.pagination import Pages
from aioemnify.types import Page

_ALL = 2**63 - 1
"""Above all ids."""

_LATE = timedelta(hours=1)
"""How much later than others an event may be listed."""

_HISTORY = timedelta(days=29)
"""After which all events are read; their history covers 30 days."""

_TRIES = 3

_AT_ONCE = 500
"""Objects that are compared at a time: their JSON takes more memory than they do."""

_TOO_OLD = timedelta(hours=1)
"""After which a sweep begins again: what it had read would be out of date."""

_OF_A_SWEEP = ("begun", "position", "reached", "next_mark", "filter")
"""Facts that last as long as a sweep."""

_MOST_HELD = 20
"""Unchanged pages after which the position is committed."""


class Syncing:
    """Brings one collection up to date, while the database is open for writing.

    Args:
        client: makes the calls.
        database: the file.
        collection: what to read.
        check: called after each response, before something of it is written.
    """

    def __init__(
        self, client: FleetClient, database: Database, collection: Collection, check: Callable[[], None]
    ) -> None:
        self._client = client
        self._database = database
        self._collection = collection
        self._check = check
        self._report = Synced(collection=collection.name)
        self._writing = Writing(database, collection, self._report)

    async def run(self, *, full: bool) -> Synced:
        """Read and write; return what was found.

        Raises:
            MirrorError: the file cannot be written, or is that of another workspace.
            SweepError: the list cannot be read safely.
            EmnifyError: a call failed.
        """
        with self._database.faults():
            interrupted = self._is_interrupted()
        if full or interrupted or self._collection.name != "endpoints" or not await self._newest_changes():
            await self._sweep(whole=full)
        self._report.items = self._writing.count
        return self._report

    def _is_interrupted(self) -> bool:
        """Return whether a sweep is to be continued. One that is too old is forgotten."""
        begun = _time(self._fact("begun"))
        if begun is None or self._fact("position") is None or abs(self._now() - begun) > _TOO_OLD:
            self._writing.forget_absent()
            for name in _OF_A_SWEEP:
                self._note(name, None)
            self._note("begun", _text(self._now()))
            return False
        return True

    def _now(self) -> datetime:
        return date_of(self._client._clock.wall())

    def _fact(self, name: str) -> Any:
        return self._database.fact(f"{self._collection.name}.{name}")

    def _note(self, name: str, value: object) -> None:
        self._database.note(f"{self._collection.name}.{name}", value)

    async def _sweep(self, *, whole: bool) -> None:
        """Read the whole list, or what is left of it after an interruption."""
        filter: dict[str, Any] | None = None
        if self._collection.name == "events":
            filter = self._event_filter(whole=whole)
        elif self._collection.name == "endpoints" and self._fact("position") is None:
            # What changes from now on has a later time, by the clock of the server.
            newest = await self._by_change(1).first()
            self._check()
            self._report.pages += 1
            self._note("next_mark", None if newest is None else _text(newest.last_updated))
        self._report.full = filter is None
        store = _PositionStore(self._database, self._collection, self._writing, self._write, self._conclude)
        sweep = Sweep[Any](self._client, self._collection.operation, filter=filter, checkpoint=store)
        try:
            async for page in sweep.pages():
                self._report.pages += 1
                store.page = page  # written together with the position of the sweep
        finally:
            store.commit()

    def _write(self, page: Page[Any]) -> None:
        """Write a page of a sweep. It has all ids from its lowest one up to the lowest one before."""
        self._check()
        reached = self._fact("reached")
        above = _ALL if reached is None else reached
        # Events are never gone; the second pass reads only what was created meanwhile.
        whole = self._collection.tracked and page[-1].id < above
        for at in range((len(page) - 1) // _AT_ONCE * _AT_ONCE, -1, -_AT_ONCE):
            some = page[at : at + _AT_ONCE]
            self._writing.page(some, self._now(), (some[0].id, above) if whole else None)
            above = some[0].id
        if whole:
            self._note("reached", above)
        if self._collection.name == "events":
            times = [_time(self._fact("next_mark")), *(event.timestamp for event in page)]
            self._note(
                "next_mark", _text(max((one for one in times if isinstance(one, datetime)), default=None))
            )

    def _conclude(self) -> None:
        self._check()
        self._writing.conclude(self._fact("reached"), self._now())
        self._note("mark", self._fact("next_mark") or self._fact("mark"))
        for name in _OF_A_SWEEP:
            self._note(name, None)

    def _event_filter(self, *, whole: bool) -> dict[str, Any] | None:
        """Return the times between which there may be new events; ``None`` for all."""
        if self._fact("position") is None:
            mark, now, kept = _time(self._fact("mark")), self._now(), None
            if mark is not None and not whole and now - mark < _HISTORY:
                times = {"from": mark - _LATE, "until": now + timedelta(days=1)}
                kept = msgspec.json.encode({name: f"{one:%Y-%m-%dT%H:%M:%SZ}" for name, one in times.items()})
            self._note("filter", kept)
        kept = self._fact("filter")
        found: dict[str, Any] | None = None if kept is None else msgspec.json.decode(kept)
        return found

    def _by_change(self, size: int | None = None) -> Pages[Any]:
        return Pages(
            self._client, self._collection.operation, sort="-last_updated", size=size, options=OPTIONS
        )

    async def _newest_changes(self) -> bool:
        """Read what has changed since the last time, newest first.

        Returns:
            Whether that is all. It is not if the list has fewer objects than the mirror then has: some are
            gone. Whether any were deleted while several pages were read, the first one shows, read again.
        """
        mark = _time(self._fact("mark"))
        if mark is None:
            return False
        for _ in range(_TRIES):
            first, several = await self._changes_since(mark)
            if first is None:
                return False
            if several:
                self._report.pages += 1
                if _state(await self._by_change()) != _state(first):
                    continue
            if not first or first.total_count != self._writing.count:
                return False
            with self._database.faults():
                self._note("mark", _text(first[0].last_updated))
            self._database.commit()
            return True
        return False

    async def _changes_since(self, mark: datetime) -> tuple[Page[Any] | None, bool]:
        """Write what has changed since a time.

        Returns:
            The first page, and whether more were read; ``None`` if the list does not come sorted.
        """
        first: Page[Any] | None = None
        async for page in self._by_change().pages():
            self._check()
            self._report.pages += 1
            several, first = first is not None, page if first is None else first
            if not _is_sorted(page):
                return None, several
            with self._database.faults():
                self._writing.page(page, self._now())
            self._database.commit()
            if not page or page[-1].last_updated < mark:
                break
        return first, several


class _PositionStore:
    """Keeps the position of a sweep in the database, in one transaction with the page before it."""

    def __init__(
        self,
        database: Database,
        collection: Collection,
        writing: Writing,
        write: Callable[[Page[Any]], None],
        conclude: Callable[[], None],
    ) -> None:
        self.name: str = f"of {collection.name} in {database.name}"
        self.page: Page[Any] | None = None
        self._database = database
        self._fact = f"{collection.name}.position"
        self._writing = writing
        self._held = 0
        self._write = write
        self._conclude = conclude

    def read(self) -> bytes | None:
        """Return the position."""
        with self._database.faults():
            found: bytes | None = self._database.fact(self._fact)
        return found

    def write(self, content: bytes) -> None:
        """Write the page before, and the position behind it.

        They are committed at once, unless the page was as the mirror has it already.
        """
        held, self._held = self._held, -1  # until all is written, nothing can be committed
        with self._database.faults():
            self._write_page()
            self._database.note(self._fact, content)
        self._held = held + 1
        if self._writing.touched or self._held >= _MOST_HELD:
            self.commit()

    def commit(self) -> None:
        """Commit what is complete."""
        if self._held > 0:
            self._held = -1
            self._database.commit()
            self._held = 0
            self._writing.touched = False

    def remove(self) -> None:
        """Commit the last page, and what follows from a complete sweep."""
        self._held = -1
        with self._database.faults():
            self._write_page()
            self._conclude()
        self._database.commit()

    def _write_page(self) -> None:
        if self.page is not None:
            self._write(self.page)
            self.page = None


def _state(page: Page[Any]) -> tuple[int | None, list[tuple[int, Any]]]:
    return page.total_count, [(item.id, item.last_updated) for item in page]


def _is_sorted(page: Page[Any]) -> bool:
    times = [item.last_updated for item in page]
    return all(isinstance(one, datetime) for one in times) and all(a >= b for a, b in pairwise(times))


def _text(time: Any) -> str | None:
    return time.isoformat() if isinstance(time, datetime) else None


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
