"""Lists that come in pages: await one page, or iterate over everything.

The walk goes by numbers, never by the URLs inside ``Link``: those name a path that does
not exist. The last page is, in this order: ``X-Total-Pages``; ``X-Total-Count`` divided by
``X-Count-Per-Page``, else by the size asked for, else by the length of the first page;
the absence of ``rel="next"`` in ``Link``; one page. A page past the end repeats the last
one, so an answer whose ``X-Current-Page`` is not the page asked for ends the walk.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from math import ceil
from typing import Any, Generic, Protocol, Self, TypeVar

from attrs import frozen

from aioemnify.criteria import filter_text, page_number, page_size, sort_text
from aioemnify.errors import ArgumentError
from aioemnify.operation import Listing, Operation

_logger = logging.getLogger("aioemnify.pagination")

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@frozen
class Page(Generic[T_co]):
    """One page of a collection, and what the server said about the whole.

    ``total_count`` and ``total_pages`` are ``None`` where the server did not send them.
    ``filter`` and ``sort`` are the criteria in force, as the server echoes them.
    """

    items: Sequence[T_co]
    total_count: int | None = None
    total_pages: int | None = None
    current_page: int | None = None
    per_page: int | None = None
    filter: str | None = None
    sort: str | None = None
    has_next: bool = False

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        # A page is an answer, even an empty one; ``if page:`` must not mean "has items".
        return True


class Caller(Protocol):
    """What a generated stub needs: something that carries an operation to the server and back."""

    async def call(
        self,
        operation: Operation,
        path_args: Sequence[object] = (),
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        options: object = None,
    ) -> Any:
        """Carry one operation and return its decoded result."""
        ...

    async def fetch_page(
        self,
        operation: Operation,
        path_args: Sequence[object],
        *,
        query: Mapping[str, object],
        options: object = None,
    ) -> Page[Any]:
        """Carry one paged operation and return that page."""
        ...


class Pages(Generic[T]):
    """A collection that has not been asked for yet.

    ``await`` it for one ``Page``; ``async for`` over it for every item from that page on;
    ``.pages()`` for page by page. Nothing is sent before that, and each use starts anew.
    """

    __slots__ = ("_caller", "_operation", "_options", "_page", "_path_args", "_query", "_size")

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
        listing = listing_of(operation)
        if filter is not None and q is not None:
            raise ArgumentError("filter", "and q= say the same thing; give one of them")
        self._caller = caller
        self._operation = operation
        self._path_args = tuple(path_args)
        self._page = page_number(listing.page_param, page)
        self._size = page_size(listing, size)
        self._options = options
        criteria: dict[str, object] = dict(query or {})
        criteria["q"] = filter_text(listing, filter) if filter is not None else q
        criteria["sort"] = sort_text(listing, sort)
        self._query = {name: value for name, value in criteria.items() if value is not None}

    def __repr__(self) -> str:
        return f"<Pages of {self._operation.id}: await for one page, async for over every item>"

    def __await__(self) -> Generator[Any, None, Page[T]]:
        return self._fetch(self._page).__await__()

    def __aiter__(self) -> AsyncIterator[T]:
        return _Items(self.pages())

    def pages(self) -> AsyncIterator[Page[T]]:
        """Return an iterator over page after page, from the page asked for to the last one.

        Each page is one call and counts against the limits of its path. A failure is raised
        where it happens and loses nothing: asked for the next page again, the same iterator
        goes on with the page that failed, and ``list(page=n)`` starts at page ``n``.
        """
        listing = listing_of(self._operation)
        return _Walk(self._fetch, self._page or 1, self._size, listing.default_size)

    async def _fetch(self, number: int | None) -> Page[T]:
        listing = listing_of(self._operation)
        query = dict(self._query)
        if number is not None:
            query[listing.page_param] = number
        if self._size is not None:
            query[listing.size_param] = self._size
        return await self._caller.fetch_page(
            self._operation, self._path_args, query=query, options=self._options
        )


# Iterators, not generators: a walk that is left early has nothing to close, and trio would warn of
# a generator that nobody closes.


class _Walk(Generic[T]):
    """The pages from one on, each fetched when it is asked for."""

    def __init__(
        self,
        fetch: Callable[[int], Awaitable[Page[T]]],
        first: int,
        size: int | None,
        default_size: int | None,
    ) -> None:
        self._fetch = fetch
        self._first = first
        self._size = size
        self._default_size = default_size
        self._first_length: int | None = None
        self._number: int | None = first
        self._before: Sequence[T] = []
        self._fetching = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Page[T]:
        number = self._number
        if number is None:
            raise StopAsyncIteration
        if self._fetching:
            raise RuntimeError("this walk is fetching a page already; give each task a list() of its own")
        self._fetching = True
        try:
            return await self._turn(number)
        finally:
            self._fetching = False

    async def _turn(self, number: int) -> Page[T]:
        # A failure leaves the number as it is: asked again, the walk goes on where it failed.
        page = await self._fetch(number)
        self._number = None
        if page.current_page is not None and page.current_page != number:
            if number == self._first and page.items:
                _logger.warning(
                    "page %d was asked for and page %d came; it is not taken for the one that was asked for",
                    number,
                    page.current_page,
                )
            raise StopAsyncIteration
        numbered = page.current_page is not None or page.total_pages is not None
        if number != self._first and not numbered and page.items in ([], self._before):
            # A server that does not number its pages can only show by a page that is empty, or the
            # same again, that it has no further one.
            raise StopAsyncIteration
        self._before = page.items
        if self._first_length is None:
            self._first_length = len(page.items)
        if number < self._last_page(page, number):
            self._number = number + 1
        return page

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


class _Items(Generic[T]):
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


def listing_of(operation: Operation) -> Listing:
    """Return how an operation is paged; only paged operations may be asked for pages."""
    if operation.listing is None:
        raise ArgumentError("operation", f"{operation.id} is not paged")
    return operation.listing
