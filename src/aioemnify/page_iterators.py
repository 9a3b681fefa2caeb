"""Iterate over the pages of a list: which page comes next, and which is the last.

Pages are asked for by number, never by the URLs inside ``Link``: those name a path that does not
exist. The number of the last page comes from the first of these that is there: ``X-Total-Pages``;
``X-Total-Count`` divided by ``X-Count-Per-Page``, else by the requested size, else by the length of
the first page; no ``rel="next"`` in ``Link``; else there is one page. The server answers a page past
the end with the last one, so a response whose ``X-Current-Page`` is another number ends the iteration.

The API numbers pages by position. An item that leaves the list moves all later ones forward, and one of
them from the next page to one that was read already. The total that comes with each page shows it.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from aioemnify.errors import EmnifyError
from aioemnify.types import Page, WalkReport

_logger = logging.getLogger("aioemnify.pagination")

T = TypeVar("T")

ANOTHER_TASK = "another task is fetching a page from this iterator; call list() in each task"


class PageCursor(Generic[T]):
    """Which page is next, from what each page says about the whole list.

    ``number`` is the next page, ``None`` after the end; ``last`` is the last page as far as known;
    ``report`` is what was read.

    Args:
        operation: the id of the operation, for the log.
        first: the number of the first page.
        size: the requested page size, ``None`` for the server's default.
        default_size: the server's default, if it is documented.
    """

    def __init__(self, operation: str, first: int, size: int | None, default_size: int | None) -> None:
        self.number: int | None = first
        self.last: int = first
        self.report: WalkReport = WalkReport()
        self._operation = operation
        self._first = first
        self._size = size
        self._default_size = default_size
        self._first_length: int | None = None
        self._before: Sequence[T] = []

    def accept(self, page: Page[T]) -> bool:
        """Return whether ``page`` is the expected one, and advance; otherwise the iteration is over."""
        number = self.number
        if number is None:
            return False
        self.number = None
        self._compare_totals(page, number)
        if page.current_page is not None and page.current_page != number:
            if number != self._first:
                self._note_move(f"there is no page {number} any more")
            elif page.items:
                _logger.warning(
                    "page %d was requested and page %d came, which is not used",
                    number,
                    page.current_page,
                )
            return False
        numbered = page.current_page is not None or page.total_pages is not None
        if number != self._first and not numbered and page.items in ([], self._before):
            # A server that does not number its pages shows the end only by an empty page, or by the
            # same page again.
            return False
        self._before = page.items
        self.report.pages += 1
        self.report.items += len(page.items)
        if self._first_length is None:
            self._first_length = len(page.items)
        self.last = self._last_page(page, number)
        if number < self.last:
            self.number = number + 1
        return True

    def _compare_totals(self, page: Page[T], number: int) -> None:
        total, report = page.total_count, self.report
        if total is None:
            return
        if report.totals is not None and report.totals[1] != total:
            self._note_move(f"page {number} counts {total} items, the page before {report.totals[1]}")
        report.totals = (report.totals[0] if report.totals else total, total)

    def _note_move(self, sign: str) -> None:
        if not self.report.moved:
            self.report.moved = True
            _logger.warning(
                "%s changed while its pages were read: %s. Items may be skipped or come twice.",
                self._operation,
                sign,
            )

    def _last_page(self, page: Page[T], number: int) -> int:
        if page.total_pages is not None:
            return page.total_pages
        size = page.per_page or self._size or self._length()
        if page.total_count is not None and size:
            return ceil(page.total_count / size)
        return number + 1 if page.has_next else number

    def _length(self) -> int:
        # Another first page may be the short last one; only page 1 shows the length of the others.
        length = self._first_length or 0
        return length if self._first == 1 else max(length, self._default_size or 0)


def note_position(error: Exception, page: int, items: int) -> None:
    """Note in an error which page was being fetched, and how many items had been read before."""
    if isinstance(error, EmnifyError):
        error.page, error.items_read = page, items
    else:  # such as one that a hook of the user raised
        error.add_note(f"raised while page {page} was being fetched, after {items:,} items")


class AsyncOnly:
    """Says what to write, in place of Python's own error, where items are read without ``async for``."""

    __slots__ = ()

    # Not for type checkers: they find the mistakes themselves.
    if not TYPE_CHECKING:

        def __getitem__(self, place: Any) -> NoReturn:
            # ``for`` and ``list()`` begin with this, and the class is still not an ``Iterable``.
            raise TypeError(f"{self!r} is read with 'async for item in ...', not with 'for', list() or [...]")

        def __await__(self) -> NoReturn:
            raise TypeError(f"{self!r} is read with 'async for item in ...', not with 'await'")


# Iterators, not generators: leaving a loop early leaves nothing to close, and trio warns about
# generators that nobody closes.


class PageIterator(AsyncOnly, AsyncIterator[Page[T]]):
    """Iterate over pages, each fetched when it is needed."""

    def __init__(self, fetch: Callable[[int], Awaitable[Page[T]]], cursor: PageCursor[T]) -> None:
        self._fetch = fetch
        self._cursor = cursor
        self._fetching = False

    async def __anext__(self) -> Page[T]:
        number = self._cursor.number
        if number is None:
            raise StopAsyncIteration
        if self._fetching:
            raise RuntimeError(ANOTHER_TASK)
        self._fetching = True
        try:
            # A failure leaves the cursor as it is: the next call fetches the page that failed.
            page = await self._fetch(number)
        except Exception as error:
            note_position(error, number, self._cursor.report.items)
            raise
        finally:
            self._fetching = False
        if not self._cursor.accept(page):
            raise StopAsyncIteration
        return page


class ItemIterator(AsyncOnly, AsyncIterator[T]):
    """Iterate over the items of all pages."""

    def __init__(self, pages: AsyncIterator[Page[T]]) -> None:
        self.pages: AsyncIterator[Page[T]] = pages
        self._items: Iterator[T] = iter(())

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            self._items = iter((await anext(self.pages)).items)
