"""Walking a collection page by page: which page comes next, and where it ends.

The walk goes by numbers, never by the URLs inside ``Link``: those name a path that does
not exist. The last page is, in this order: ``X-Total-Pages``; ``X-Total-Count`` divided by
``X-Count-Per-Page``, else by the size asked for, else by the length of the first page;
the absence of ``rel="next"`` in ``Link``; one page. A page past the end repeats the last
one, so an answer whose ``X-Current-Page`` is not the page asked for ends the walk.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from math import ceil
from typing import Generic, Self, TypeVar

from aioemnify.types import Page

_logger = logging.getLogger("aioemnify.pagination")

T = TypeVar("T")

ANOTHER_TASK = "this walk is fetching a page already; give each task a list() of its own"


class PageCursor(Generic[T]):
    """The numbers of a walk, judged by what each page says of the whole.

    Args:
        first: the page to begin with.
        size: the page size asked for, ``None`` for the server's own.
        default_size: that size of the server's, where it is documented.
    """

    def __init__(self, first: int, size: int | None, default_size: int | None) -> None:
        self.number: int | None = first
        self.last: int = first
        self._first = first
        self._size = size
        self._default_size = default_size
        self._first_length: int | None = None
        self._before: Sequence[T] = []

    def accept(self, page: Page[T]) -> bool:
        """Say whether ``page`` is the one due, and go on to the next; else the walk is over."""
        number = self.number
        if number is None:
            return False
        self.number = None
        if page.current_page is not None and page.current_page != number:
            if number == self._first and page.items:
                _logger.warning(
                    "page %d was asked for and page %d came; it is not taken for the one that was asked for",
                    number,
                    page.current_page,
                )
            return False
        numbered = page.current_page is not None or page.total_pages is not None
        if number != self._first and not numbered and page.items in ([], self._before):
            # A server that does not number its pages can only show by a page that is empty, or the
            # same again, that it has no further one.
            return False
        self._before = page.items
        if self._first_length is None:
            self._first_length = len(page.items)
        self.last = self._last_page(page, number)
        if number < self.last:
            self.number = number + 1
        return True

    def _last_page(self, page: Page[T], number: int) -> int:
        if page.total_pages is not None:
            return page.total_pages
        size = page.per_page or self._size or self._length()
        if page.total_count is not None and size:
            return ceil(page.total_count / size)
        return number + 1 if page.has_next else number

    def _length(self) -> int:
        # The page a walk starts at may be the short last one; only page 1 tells the length of the others.
        length = self._first_length or 0
        return length if self._first == 1 else max(length, self._default_size or 0)


# Iterators, not generators: a walk that is left early has nothing to close, and trio would warn of
# a generator that nobody closes.


class PageIterator(Generic[T]):
    """The pages of a course, each fetched when it is asked for."""

    def __init__(self, fetch: Callable[[int], Awaitable[Page[T]]], cursor: PageCursor[T]) -> None:
        self._fetch = fetch
        self._cursor = cursor
        self._fetching = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Page[T]:
        number = self._cursor.number
        if number is None:
            raise StopAsyncIteration
        if self._fetching:
            raise RuntimeError(ANOTHER_TASK)
        self._fetching = True
        try:
            # A failure leaves the course as it is: asked again, the walk goes on where it failed.
            page = await self._fetch(number)
        finally:
            self._fetching = False
        if not self._cursor.accept(page):
            raise StopAsyncIteration
        return page


class ItemIterator(Generic[T]):
    """The items of page after page."""

    def __init__(self, pages: AsyncIterator[Page[T]]) -> None:
        self._pages = pages
        self._items: Iterator[T] = iter(())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            self._items = iter((await anext(self._pages)).items)
