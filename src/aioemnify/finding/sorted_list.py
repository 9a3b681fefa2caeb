"""Find an IMEI of 15 digits in the list of endpoints, which has IMEISVs of 16.

The two have 14 digits in common, and no filter takes those alone. So the list is sorted by IMEI, and each
page that is read halves the part that is left: 8 calls for 100,000 endpoints in pages of 1,000.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

from aioemnify.finding.identifiers import IMEI_BODY, Identifier
from aioemnify.finding.whole_list import matching
from aioemnify.operation import Operation
from aioemnify.pagination import Caller, Pages, listing_of
from aioemnify.types import Page

_logger = logging.getLogger("aioemnify.finding")

_SIZE = 1000
_TRIES = 3
"""Searches of a list that changes meanwhile, before all of it is read."""


async def with_imei(caller: Caller, listing: Operation, wanted: Identifier, options: object) -> list[Any]:
    """Return the items of a list with an IMEI, reading as few pages as a search needs.

    If the list changes again and again, or its order is not that of the digits, all of it is read.
    """
    size = listing_of(listing).max_size or listing_of(listing).default_size or _SIZE

    async def read(number: int) -> Page[Any]:
        page: Page[Any] = await Pages[Any](
            caller, listing, sort="imei", page=number, size=size, options=options
        )
        return page

    for _ in range(_TRIES):
        found = await _Bisection(read, wanted).search()
        if found is not None:
            return found
    _logger.warning("%s cannot be searched by IMEI while it changes: all of it is read", listing.id)
    found, _ = await matching(caller, listing, wanted, options, sort="id")
    return found


class _Unsteady(Exception):
    """The list changed between two pages, or is not in the order of the digits."""


class _Bisection:
    """One search for an IMEI in a list sorted by it; objects without one come first or last."""

    def __init__(self, read: Callable[[int], Awaitable[Page[Any]]], wanted: Identifier) -> None:
        self._read = read
        self._wanted = wanted
        self._total: int | None = None
        self._nulls_first = False
        # The nearest digits known before and behind the part that is left, if there are any.
        self._below: list[str] = []
        self._above: list[str] = []

    async def search(self) -> list[Any] | None:
        """Return the items with the IMEI, ``None`` if the list changed meanwhile."""
        try:
            return await self._search()
        except _Unsteady:
            return None

    async def _search(self) -> list[Any]:
        first = await self._read(1)
        last, self._total = first.total_pages, first.total_count
        if last is None or self._total is None or (first.sort or "").lstrip("+") != "imei":
            raise _Unsteady
        self._nulls_first = bool(first) and not first[0].imei
        low, high, number, page = 1, last, 1, first
        while True:
            side = self._side(page)
            if side == 0:
                return await self._around(number, page, last)
            if side > 0:
                low, self._below = number + 1, [*_bodies(page)[-1:], *self._below][0:1]
            else:
                high, self._above = number - 1, [*_bodies(page)[:1], *self._above][0:1]
            if low > high:
                return []
            number = (low + high) // 2
            page = await self._page(number)

    def _side(self, page: Page[Any]) -> int:
        """Return 0 if the IMEI belongs into a page, -1 if before it, 1 if behind it."""
        bodies = _bodies(page)
        if any(former > later for former, later in pairwise([*self._below, *bodies, *self._above])):
            raise _Unsteady
        if not bodies:
            return 1 if self._nulls_first else -1
        wanted = self._wanted.body
        return (wanted > bodies[-1]) - (wanted < bodies[0])

    async def _around(self, number: int, page: Page[Any], last: int) -> list[Any]:
        """Return the items of a page with the IMEI, and of those beside it if they may have it too."""
        items = list(page)
        for step, end in ((-1, 0), (1, -1)):
            beside, bodies = number + step, _bodies(page)
            while bodies and bodies[end] == self._wanted.body and 1 <= beside <= last:
                more = await self._page(beside)
                items += more
                beside, bodies = beside + step, _bodies(more)
        return [item for item in items if self._wanted.fits(item)]

    async def _page(self, number: int) -> Page[Any]:
        page = await self._read(number)
        if page.total_count != self._total or page.current_page not in (None, number):
            raise _Unsteady
        return page


def _bodies(page: Page[Any]) -> list[str]:
    return [item.imei[:IMEI_BODY] for item in page if item.imei]
