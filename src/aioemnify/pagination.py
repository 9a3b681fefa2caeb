"""Lists that come in pages: await one page, or iterate over everything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from aioemnify._checks import check_whole_number
from aioemnify.errors import ArgumentError, MultipleResultsError, NoResultError
from aioemnify.filters import filter_text, sort_text
from aioemnify.operation import Listing, Operation
from aioemnify.page_iterators import AsyncOnly, ItemIterator, PageCursor, PageIterator
from aioemnify.types import Page, WalkReport

if TYPE_CHECKING:
    from aioemnify.prefetch import PrefetchedPages

T = TypeVar("T")

SHOWN = 10
"""Items that ``one()`` asks for, to show which they are if there are several."""


class Caller(Protocol):
    """What the generated methods call: ``Emnify``, or a stub in tests."""

    async def _call(
        self,
        operation: Operation,
        path_args: Sequence[object] = (),
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        options: object = None,
    ) -> Any:
        """Make one call and return its decoded result: a ``Page`` if the operation is paged."""


class Pages(AsyncOnly, Generic[T]):
    """A lazy list: ``await`` it for one ``Page``, or ``async for`` over all items.

    ``.first()``, ``.one()`` and ``.collect()`` return items. ``.pages()`` iterates over pages,
    ``.prefetch()`` too and fetches them ahead. Nothing is sent before one of these, and each use starts
    from the beginning.

    Pages are numbered by position. If items leave the list while its pages are read, as when each SIM of
    ``filter={"status": ...}`` gets another status, those behind move forward and some are skipped. Collect
    the items before you change them; ``report.moved`` says whether it happened.
    """

    __slots__ = (
        "_caller",
        "_listing",
        "_operation",
        "_options",
        "_page",
        "_path_args",
        "_query",
        "_report",
        "_size",
    )

    def __init__(
        self,
        caller: Caller,
        operation: Operation,
        path_args: Sequence[object] = (),
        *,
        filter: Mapping[str, Any] | None = None,
        q: str | None = None,
        sort: str | Sequence[str] | None = None,
        page: int | None = None,
        size: int | None = None,
        query: Mapping[str, object] | None = None,
        options: object = None,
    ) -> None:
        self._listing = listing = listing_of(operation)
        if filter is not None and q is not None:
            raise ArgumentError("filter", "cannot be combined with q=; pass one of them")
        self._caller = caller
        self._operation = operation
        self._path_args = tuple(path_args)
        # A size above the server's maximum is cut by the server; each page says which one is in force.
        for argument, value in ((listing.page_param, page), (listing.size_param, size)):
            if value is not None:
                check_whole_number(argument, value)
        self._page = page
        self._size = size
        self._options = options
        self._report: WalkReport | None = None
        criteria: dict[str, object] = dict(query or {})
        criteria["q"] = filter_text(listing, filter) if filter is not None else q
        criteria["sort"] = sort_text(listing, sort) if sort is not None else None
        self._query = {name: value for name, value in criteria.items() if value is not None}

    def __repr__(self) -> str:
        return f"<Pages of {self._operation.id}: await for one page, async for over every item>"

    def __await__(self) -> Generator[Any, None, Page[T]]:
        return self._fetch(self._page).__await__()

    def __aiter__(self) -> AsyncIterator[T]:
        return ItemIterator(self.pages())

    async def first(self) -> T | None:
        """Return the first item, or ``None`` if there is none. This is one call."""
        page = await self._fetch(self._page, self._at_most(1))
        return page[0] if page else None

    async def one(self) -> T:
        """Return the only item. This is one call.

        Raises:
            NoResultError: there is none.
            MultipleResultsError: there are several.
        """
        page = await self._fetch(self._page, self._at_most(SHOWN))
        asked = self._query.get("q")
        what = self._operation.id if asked is None else f"{self._operation.id}, {asked!r},"
        if not page:
            raise NoResultError(f"{what} has no item")
        if len(page) > 1 or page.has_next or (page.total_count or 0) > 1:
            total = page.total_count
            number = "several" if total is None else total
            text = f"{what} has {number} items where one is wanted; a narrower filter selects one"
            raise MultipleResultsError(text, results=page[:SHOWN], total=total)
        return page[0]

    async def collect(self, limit: int | None = None) -> list[T]:
        """Return the items of all pages as a list: each page is one call, under the limits of its path.

        Args:
            limit: the most items; no page behind them is fetched. ``None`` is all of them.

        Raises:
            ArgumentError: ``limit`` is not a whole number above 0.
        """
        if limit is not None:
            check_whole_number("limit", limit)
        found: list[T] = []
        async for item in self:
            found.append(item)
            if len(found) == limit:
                break
        return found

    def pages(self) -> AsyncIterator[Page[T]]:
        """Return an iterator over the pages, from ``page=`` (default: 1) to the last one.

        Each page is one call and counts against the limits of its path. After a failure the same
        iterator continues with the page that failed. Another one does with ``list(page=error.page)``.
        """
        return PageIterator(self._fetch, self._cursor())

    def prefetch(self, ahead: int) -> PrefetchedPages[T]:
        """Return the same pages in the same order, with up to ``ahead`` of them fetched in advance.

        Reading a list then takes as long as the rate limits allow, not the sum of the round trips. Each
        page waits for the limits like any call. At most ``ahead`` pages are in flight or kept, besides
        the one in use::

            async with emnify.sims.list(per_page=1000).prefetch(4) as pages:
                async for page in pages: ...

        Args:
            ahead: pages to fetch ahead, 1 or more. Rate x seconds of a round trip is enough: 2 for
                10 calls a second and 200 ms.

        Raises:
            ArgumentError: ``ahead`` is not a whole number above 0.
        """
        from aioemnify.prefetch import PrefetchedPages  # loaded on first use

        return PrefetchedPages(self._fetch, self._cursor(), check_whole_number("ahead", ahead))

    @property
    def report(self) -> WalkReport:
        """Return what the newest iteration has read so far, and whether the list changed meanwhile."""
        return self._report or WalkReport()

    def _cursor(self) -> PageCursor[T]:
        cursor = PageCursor[T](self._operation.id, self._page or 1, self._size, self._listing.default_size)
        self._report = cursor.report
        return cursor

    def _at_most(self, items: int) -> int | None:
        """Return the page size for a few items, unless the caller chose the pages."""
        return items if self._page is None and self._size is None else self._size

    async def _fetch(self, number: int | None, size: int | None = None) -> Page[T]:
        query = dict(self._query)
        if number is not None:
            query[self._listing.page_param] = number
        if size is None:
            size = self._size
        if size is not None:
            query[self._listing.size_param] = size
        page: Page[T] = await self._caller._call(
            self._operation, self._path_args, query=query, options=self._options
        )
        return page


def listing_of(operation: Operation) -> Listing:
    """Return how an operation is paged.

    Raises:
        ArgumentError: it is not paged.
    """
    if operation.listing is None:
        raise ArgumentError("operation", f"{operation.id} is not paged")
    return operation.listing
