# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
from collections.abc import Iterator
from typing import Generic

from aioemnify.blocking._stubs.prefetch import PrefetchedPages
from aioemnify.pagination import T
from aioemnify.types import Page, WalkReport

class Pages(Generic[T]):
    """A lazy list: call ``.page()`` for one ``Page``, or ``for`` over all items.

    ``.first()``, ``.one()`` and ``.collect()`` return items. ``.pages()`` iterates over pages,
    ``.prefetch()`` too and fetches them ahead. Nothing is sent before one of these, and each use starts
    from the beginning.

    Pages are numbered by position. If items leave the list while its pages are read, as when each SIM of
    ``filter={"status": ...}`` gets another status, those behind move forward and some are skipped. Collect
    the items before you change them; ``report.moved`` says whether it happened.
    """

    def __repr__(self) -> str: ...
    def page(self) -> Page[T]:
        """Fetch one page: that of ``page=``, or the first."""

    def __iter__(self) -> Iterator[T]: ...
    def first(self) -> T | None:
        """Return the first item, or ``None`` if there is none. This is one call."""

    def one(self) -> T:
        """Return the only item. This is one call.

        Raises:
            NoResultError: there is none.
            MultipleResultsError: there are several."""

    def collect(self, limit: int | None = None) -> list[T]:
        """Return the items of all pages as a list: each page is one call, under the limits of its path.

        Args:
            limit: the most items; no page behind them is fetched. ``None`` is all of them.

        Raises:
            ArgumentError: ``limit`` is not a whole number above 0."""

    def pages(self) -> Iterator[Page[T]]:
        """Return an iterator over the pages, from ``page=`` (default: 1) to the last one.

        Each page is one call and counts against the limits of its path. After a failure the same
        iterator continues with the page that failed. Another one does with ``list(page=error.page)``."""

    def prefetch(self, ahead: int) -> PrefetchedPages[T]:
        """Return the same pages in the same order, with up to ``ahead`` of them fetched in advance.

        Reading a list then takes as long as the rate limits allow, not the sum of the round trips. Each
        page waits for the limits like any call. At most ``ahead`` pages are in flight or kept, besides
        the one in use::

            with emnify.sims.list(per_page=1000).prefetch(4) as pages:
                for page in pages: ...

        Args:
            ahead: pages to fetch ahead, 1 or more. Rate x seconds of a round trip is enough: 2 for
                10 calls a second and 200 ms.

        Raises:
            ArgumentError: ``ahead`` is not a whole number above 0."""

    @property
    def report(self) -> WalkReport:
        """Return what the newest iteration has read so far, and whether the list changed meanwhile."""
