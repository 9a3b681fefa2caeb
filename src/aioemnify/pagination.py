"""Lists that come in pages: await one page, or iterate over everything.

The walk goes by numbers, never by the URLs inside ``Link``: those name a path that does
not exist. The last page is, in this order: ``X-Total-Pages``; ``X-Total-Count`` divided by
``X-Count-Per-Page``, else by the size asked for, else by the length of the first page;
the absence of ``rel="next"`` in ``Link``; one page. A page past the end repeats the last
one, so an answer whose ``X-Current-Page`` is not the page asked for ends the walk.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator, Mapping, Sequence
from math import ceil
from typing import Any, Generic, TypeVar

from attrs import frozen

from aioemnify.criteria import filter_text, page_number, page_size, sort_text
from aioemnify.errors import ArgumentError
from aioemnify.operation import Caller, Listing, Operation

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

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Yield page after page, from the page asked for to the last one.

        Each page is one call and counts against the limits of its path. A failure ends the
        iteration with its error; ``list(page=n)`` resumes at page ``n``.
        """
        number = self._page or 1
        first_length: int | None = None
        while True:
            page = await self._fetch(number)
            if page.current_page is not None and page.current_page != number:
                return
            if first_length is None:
                first_length = len(page.items)
            yield page
            if number >= self._last_page(page, number, first_length):
                return
            number += 1

    def _last_page(self, page: Page[T], number: int, first_length: int) -> int:
        if page.total_pages is not None:
            return page.total_pages
        size = page.per_page or self._size or first_length
        if page.total_count is not None and size:
            return ceil(page.total_count / size)
        return number + 1 if page.has_next else number

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


def listing_of(operation: Operation) -> Listing:
    """Return how an operation is paged; only paged operations may be asked for pages."""
    if operation.listing is None:
        raise ArgumentError("operation", f"{operation.id} is not paged")
    return operation.listing
