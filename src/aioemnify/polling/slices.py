"""Read the events of a slice of time, so that none is missed while others arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from aioemnify.models.events import Event
from aioemnify.operation import Listing, Operation
from aioemnify.pagination import Caller, Pages, listing_of
from aioemnify.types import Page

SECOND = timedelta(seconds=1)

_SIZE = 1000
_FILL = 0.7
"""The part of a page that the next slice should fill."""

_LONGER = 4.0
"""By which the next slice is longer at most."""

_LONGEST = timedelta(days=30)


class SliceReader:
    """Reads slices, and chooses their length: one slice should fit into one page.

    One response cannot miss what moves between two pages. A slice with too many events is made shorter, and
    only one of a second is read page by page. ``width`` is the length of the next slice, ``None`` if all
    fit so far.
    """

    def __init__(self, caller: Caller, operation: Operation, types: Sequence[int], options: object) -> None:
        self.width: timedelta | None = None
        self._caller, self._operation, self._options = caller, operation, options
        self._listing: Listing = listing_of(operation)
        self._size = self._listing.max_size or _SIZE
        # More types than the filter takes are left to the follower.
        self._types = types if 0 < len(types) <= self._listing.multi_value_max else ()

    async def read(self, begin: datetime, end: datetime, span: timedelta) -> list[Event] | None:
        """Return the events from ``begin`` to ``end``, a whole second, and some around them.

        ``None`` says that there are too many: ``width`` is the length to try.

        Args:
            begin: where the slice begins.
            end: where it ends, a whole second.
            span: the part of it that is not in the future.
        """
        page = await self._pages(begin, end)
        if not _is_part(page):
            if self.width is not None:
                fit = _FILL * (page.per_page or self._size) / max(1, len(page))
                self.width = min(self.width * min(_LONGER, fit), _LONGEST)
            return list(page)
        if end - begin <= SECOND:
            return await self._page_by_page(begin, end)
        most = page.total_count or 2 * len(page)
        self.width = max(SECOND, span * (_FILL * len(page) / most))
        return None

    async def newest(self, begin: datetime, end: datetime) -> datetime | None:
        """Return the time of the newest event of a slice, of any type."""
        pages = Pages[Event](
            self._caller,
            self._operation,
            filter={"from": begin, "until": end},
            sort="-timestamp",
            options=self._options,
        )
        event = await pages.first()
        return None if event is None else event.timestamp

    async def _page_by_page(self, begin: datetime, end: datetime) -> list[Event]:
        while True:
            pages = self._pages(begin, end)
            events = await pages.collect()
            before, after = pages.report.totals or (0, 0)
            if after >= before:  # what arrives moves others back, where they come twice
                return events

    def _pages(self, begin: datetime, end: datetime) -> Pages[Event]:
        # The filter takes whole seconds. Whether it includes the first one is not documented.
        wanted: dict[str, object] = {"from": begin - SECOND, "until": end}
        if self._types:
            wanted["type"] = list(self._types)
        return Pages[Event](
            self._caller,
            self._operation,
            filter=wanted,
            sort="id",
            size=self._size,
            options=self._options,
        )


def _is_part(page: Page[Event]) -> bool:
    """Return whether a first page has not all items of the list."""
    if page.total_count is not None:
        return page.total_count > len(page)
    if page.total_pages is not None:
        return page.total_pages > 1
    return page.has_next or len(page) >= (page.per_page or _SIZE)
