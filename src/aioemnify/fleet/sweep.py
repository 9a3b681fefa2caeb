"""Read a whole list while it changes, and miss nothing that was there all the time.

A plain walk loses items: each deletion moves later items forward, some of them from the next page to one
that was read already. A sweep reads from the end: the newest page first (``sort=-id``), then pages of
``sort=id`` down to the first. New objects get higher ids, so they come behind the walk, and deletions only
move unread items to pages still to come.

That pages fit together is proved, not assumed. Each page reaches some items over the end of the page above
it, because its size is a little smaller than the largest one::

    ids        1 ............ 980 ..... 1000 ........ 2000
    page 2                    [  of 1,000 at this moment ]
    page 1     [ ........................ ]                   reaches over 980: joined
    page 1'    [ ........ 940 ]                               ends below 980: a gap

A page with an id of the page above, or a higher one, holds all between them, whenever the server has seen
the two calls and whatever happened between. So pages can be in flight together. A page that leaves a gap is
read again, in order, from further above. Items that come twice have an id that is not below the lowest
one seen: no memory of what was read is needed.

A second pass reads what was created meanwhile, down to the highest id that the first pass began with.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Any, Generic, TypeVar, cast

import anyio
from attrs import evolve, frozen

from aioemnify._checks import check_bool, check_type, check_whole_number
from aioemnify.errors import ArgumentError
from aioemnify.filters import filter_text
from aioemnify.fleet.checkpoint import (
    Checkpoint,
    CheckpointFile,
    CheckpointStore,
    Position,
    SweepError,
    SweepReport,
)
from aioemnify.fleet.client import OPTIONS, FleetClient
from aioemnify.operation import Operation
from aioemnify.page_iterators import ANOTHER_TASK, AsyncOnly, ItemIterator, note_position
from aioemnify.pagination import Caller, listing_of
from aioemnify.types import Page

T = TypeVar("T")

IN_FLIGHT = 5
"""Pages in flight at once: the burst of the lists' rate limits."""

OVERLAP = 4
"""Items by which a page reaches over the end of the one above it, at least."""

_TRIES = 8
"""Gaps in a row after which the list changes too fast."""

_NOT_NUMBERED = "the list cannot be swept: the response does not number its page and its items"

_CHOICES = 64
_LARGEST_PAGE = 1000


@frozen
class Window:
    """A page by its number and size, and the number of items below it."""

    number: int
    size: int

    @property
    def below(self) -> int:
        """Return how many items come before this page."""
        return (self.number - 1) * self.size


def window_over(left: int, overlap: int, most: int) -> Window:
    """Return the page that reaches furthest down and still ``overlap`` items over the lowest ``left`` ones.

    Raises:
        SweepError: pages of ``most`` items are too small for that.
    """
    top = left + overlap
    first = -(-top // most)
    choices = (Window(number, -(-top // number)) for number in range(first, first + _CHOICES))
    best = min(choices, key=lambda window: window.below)
    if best.below >= left:
        raise SweepError(
            f"pages of {most:,} items are too small for a list of {left:,}: pass a larger per_page"
        )
    return best


class Sweep(AsyncOnly, Generic[T]):
    """A whole list, read backward so that nothing is missed while it changes.

    ``async for sim in sweep`` reads the items, ``.pages()`` page by page, in no particular order, each
    item once. An iteration begins at the checkpoint if there is one, else at the end of the list. It needs
    no block: between two pages nothing is in flight.
    """

    def __init__(
        self,
        caller: Caller,
        operation: Operation,
        path_args: Sequence[object] = (),
        *,
        filter: Mapping[str, Any] | None = None,
        per_page: int | None = None,
        checkpoint: str | os.PathLike[str] | CheckpointStore | None = None,
        strict: bool = False,
        options: object = None,
    ) -> None:
        listing = listing_of(operation)
        if "id" not in listing.sort_fields:
            raise ArgumentError("operation", f"{operation.id} cannot be sorted by id")
        if checkpoint is not None and not isinstance(checkpoint, CheckpointStore):
            check_type("checkpoint", checkpoint, (str, os.PathLike), "a path, or None")
            checkpoint = CheckpointFile(checkpoint)
        known = listing.max_size or max(listing.default_size or 0, _LARGEST_PAGE)
        self.size: int = known if per_page is None else check_whole_number(listing.size_param, per_page, 2)
        self._in_flight = 1 if check_bool("strict", strict) else IN_FLIGHT
        self._operation = operation
        self._caller = cast("FleetClient", caller)
        self._checkpoint: CheckpointStore | None = checkpoint
        self._newest: _SweepPages[T] | None = None
        criteria = {} if filter is None else {"q": filter_text(listing, filter)}
        self._about = {
            "list": operation.id,
            "path": [str(value) for value in path_args],
            "filter": criteria.get("q"),
        }

        async def call(window: Window, sort: str) -> Page[T]:
            query = {listing.page_param: window.number, listing.size_param: window.size, "sort": sort}
            page: Page[T] = await self._caller._call(
                operation, path_args, query=criteria | query, options=options or OPTIONS
            )
            return page

        self._call = call

    def __repr__(self) -> str:
        return f"<Sweep of {self._about['list']}: async for over every item>"

    def __aiter__(self) -> AsyncIterator[T]:
        return ItemIterator(self.pages())

    def pages(self) -> AsyncIterator[Page[T]]:
        """Return an iterator over the pages, without the items that came before.

        A page counts as done when the next one is asked for: then the checkpoint is written. After a
        failure the same iterator continues where it was.

        Raises:
            SweepError: the checkpoint belongs to another list, filter, organisation, server or version, or
                cannot be used; or the list changes faster than its pages can be read.
            EmnifyError: a call failed.
        """
        checkpoint = None
        if self._checkpoint is not None:
            checkpoint = Checkpoint(self._checkpoint, self._about | {"server": self._caller._base_url})
        self._newest = _SweepPages(
            self._call, self._caller, Window(1, self.size), self._in_flight, checkpoint
        )
        return self._newest

    @property
    def report(self) -> SweepReport:
        """Return what the newest iteration has read so far."""
        return self._newest.report if self._newest is not None else SweepReport()


class _SweepPages(AsyncOnly, AsyncIterator[Page[T]]):
    """Iterate over the pages of a sweep."""

    def __init__(
        self,
        call: Callable[[Window, str], Awaitable[Page[T]]],
        client: FleetClient,
        first: Window,
        in_flight: int,
        checkpoint: Checkpoint | None,
    ) -> None:
        self._call = call
        self._client = client
        self.report = SweepReport()
        self._first = first
        self._most_at_once = in_flight
        self._at_once = in_flight
        self._checkpoint = checkpoint
        self._position = Position()
        self._ready: deque[Page[T]] = deque()
        self._gaps = 0
        self._begun = False
        self._resumed = False
        self._unsaved = False
        self._reading = False

    async def __anext__(self) -> Page[T]:
        if self._reading:
            raise RuntimeError(ANOTHER_TASK)
        self._reading = True
        try:
            self._begin()
            self._save()
            while not self.report.complete:
                if not self._ready:
                    self._ready.extend(await self._read())
                page = self._accept(self._ready.popleft())
                if page is not None:
                    return page
        finally:
            self._reading = False
        if self._checkpoint is not None:
            self._checkpoint.remove()
        raise StopAsyncIteration

    def _begin(self) -> None:
        if self._begun:
            return
        kept = self._checkpoint.load() if self._checkpoint is not None else None
        if kept is not None:
            self._position, self.report = kept
            self._resumed = True
        self._begun = True

    def _save(self) -> None:
        if self._checkpoint is not None and self._unsaved and not self.report.complete:
            self._checkpoint.save(self._position, self.report, self._client._pipeline.organisation)
        self._unsaved = False

    async def _read(self) -> list[Page[T]]:
        """Read the next pages, those before the first failure; raise it if it comes first."""
        position = self._position
        first = position.lowest is None
        windows = [self._first] if first else self._windows()
        found: list[Any] = [None] * len(windows)

        async def read(at: int) -> None:
            try:
                found[at] = await self._call(windows[at], "-id" if first else "id")
            except Exception as error:
                found[at] = error

        async with anyio.create_task_group() as group:
            for at in range(len(windows)):
                group.start_soon(read, at)
        if isinstance(found[0], Exception):
            note_position(found[0], windows[0].number, self.report.items)
            raise found[0]
        if self._resumed and self._checkpoint is not None:
            self._checkpoint.check_organisation(self._client._pipeline.organisation)
            self._resumed = False
        return list(takewhile(lambda one: isinstance(one, Page), found))

    def _windows(self) -> list[Window]:
        """Return the pages to read now: after a gap only one, then one more each time."""
        left = self._position.left
        windows: list[Window] = []
        while left > 0 and len(windows) < self._at_once:
            windows.append(window_over(left, OVERLAP, self._position.size))
            left = windows[-1].below
        self._at_once = min(self._at_once + 1, self._most_at_once)
        return windows

    def _accept(self, page: Page[T]) -> Page[T] | None:
        """Return the new items of a page, ``None`` if there are none, and move on."""
        position, report = self._position, self.report
        total = self._count(page)
        if position.lowest is None:
            joined = self._newest_page(page, total)
        elif (found := self._page_below(page, total, position.lowest)) is not None:
            joined = found
        else:
            return None
        items, ids, left, lowest = joined
        fresh = items[bisect_right(ids, position.floor) : bisect_left(ids, lowest)]
        report.repeats += len(ids) - len(fresh)
        position.lowest, position.left = min(lowest, ids[0] if ids else lowest), left
        if left <= 0 or position.lowest <= position.floor:
            self._end_pass(total)
        self._unsaved = True
        if not fresh:
            return None
        self._gaps = 0
        report.pages += 1
        report.items += len(fresh)
        return evolve(page, items=fresh)

    def _count(self, page: Page[T]) -> int:
        """Return the number of items of the list, and report it."""
        total = page.total_count
        if total is None or (total and not page.items):
            raise SweepError(_NOT_NUMBERED)
        if self.report.total_at_start is None:
            self.report.total_at_start = total
        self.report.total_at_end = total
        return total

    def _newest_page(self, page: Page[T], total: int) -> tuple[Sequence[T], list[int], int, int]:
        """Return the items of the first page of a pass, their ids, how many are below, and a higher id."""
        _, size = _place(page)
        items = page.items[::-1]
        ids = _ids(items)
        self._position.size = size
        if self._position.newest is None:
            self._position.newest = ids[-1] if ids else 0
        return items, ids, total - len(ids), ids[-1] + 1 if ids else 0

    def _page_below(
        self, page: Page[T], total: int, lowest: int
    ) -> tuple[Sequence[T], list[int], int, int] | None:
        """Return the same of a further page; ``None`` if items may lie between it and the page above."""
        number, size = _place(page)
        ids = _ids(page.items)
        is_last = number * size >= total
        if not is_last and not (ids and ids[-1] >= lowest):
            self._note_gap(number * size)
            return None
        return page.items, ids, (number - 1) * size, lowest

    def _note_gap(self, reached: int) -> None:
        """Read again from further above, and each time further; ``reached`` items are unread at least."""
        self.report.reread += 1 + len(self._ready)
        self._ready.clear()
        self._position.left = reached + self._position.size // 2 * 2**self._gaps
        self._gaps += 1
        self._at_once = 1
        if self._gaps > _TRIES:
            raise SweepError("the list changes faster than its pages can be read: try again later")

    def _end_pass(self, total: int) -> None:
        position, report = self._position, self.report
        self._ready.clear()
        # One page that held all of the list was true at one moment.
        if position.floor >= 0 or (report.pages == 0 and total <= position.size):
            report.complete = True
        else:
            self._position = Position(floor=position.newest or 0)


def _place(page: Page[Any]) -> tuple[int, int]:
    """Return the number of a page and its size, as the server counts."""
    if page.current_page is None or not page.per_page:
        raise SweepError(_NOT_NUMBERED)
    return page.current_page, page.per_page


def _ids(items: Sequence[Any]) -> list[int]:
    """Return the ids of a page.

    Raises:
        SweepError: they do not grow.
    """
    ids = [item.id for item in items]
    if any(before >= after for before, after in pairwise(ids)):
        raise SweepError("the list cannot be swept: the server does not sort it by id")
    return ids
