"""Look at the server for what exists. Lists can be sorted by id, but not searched for ids.

Pages are read from the last one to the first, sorted by id: new objects come behind what is read, and a
deletion moves unread objects to pages that are read later. So no object is missed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from aioemnify import models
from aioemnify.errors import NotFoundError, PermissionDeniedError
from aioemnify.fleet.client import OPTIONS, FleetClient
from aioemnify.fleet.jobs.routes import Route
from aioemnify.fleet.journals.items import Part
from aioemnify.tables.operations import OPERATIONS
from aioemnify.types import Page

PER_PAGE = 1000

_LAST = 10**6
"""A page past the end, for which the API sends the last one."""

_MOST_PAGES = 20
"""Pages that a look for deleted objects reads at most; beyond it, they are tried one by one."""


class Looks:
    """Reads lists of the server."""

    def __init__(self, client: FleetClient) -> None:
        self._client = client

    def can_find(self, route: Route, part: Part) -> bool:
        """Return whether the server shows which items of a part it has applied."""
        if route.shown_by is not None:
            return True
        if route.look is None or part.mark is None or part.key is None:
            return False
        result = OPERATIONS[route.look].result
        return result is not None and hasattr(models.resolve(result.model), part.key)

    async def newest(self, route: Route) -> int:
        """Return the highest id of the list; 0 if it is empty."""
        page = await self._page(route, _LAST, 1)
        return int(page.items[-1].id) if page.items else 0

    async def created(self, route: Route, part: Part, keys: Collection[str]) -> dict[str, list[int]]:
        """Return the ids of the objects that were created for these keys since the job began."""
        assert part.key is not None
        assert part.mark is not None
        found: dict[str, list[int]] = {}
        page = await self._page(route, _LAST)
        while True:
            for one in page.items:
                key = str(getattr(one, part.key, None))
                if one.id > part.mark and key in keys and one.id not in found.get(key, ()):
                    found.setdefault(key, []).append(one.id)
            number = _number(page)
            if number == 1 or not page.items or page.items[0].id <= part.mark:
                return found
            page = await self._page(route, number - 1)

    async def holds(self, route: Route, key: int | str) -> bool:
        """Return whether an object is as an item asks: it has what is added, or lacks what is removed."""
        *path, value = route.values(key)
        try:
            found = await self._client._call(OPERATIONS[str(route.shown_by)], path, options=OPTIONS)
        except (NotFoundError, PermissionDeniedError):
            return False
        return any(one.id == value for one in found) is (route.operation.method != "DELETE")

    async def there(self, route: Route, ids: Collection[int]) -> set[int] | None:
        """Return which of these objects exist; ``None`` if that takes too many pages."""
        wanted, lowest, highest = set(ids), min(ids), max(ids)
        page = await self._page(route, _LAST)
        in_order = _can_sort(route)
        low, high = 1 if in_order else _number(page), _number(page)
        while low < high:  # the first page that begins behind the highest id, or the last one
            middle = (low + high) // 2
            begin = await self._page(route, middle)
            if begin.items and begin.items[0].id <= highest:
                low = middle + 1
            else:
                high = middle
        found: set[int] = set()
        for number in range(low, max(0, low - _MOST_PAGES), -1):
            page = await self._page(route, number)
            found.update(one.id for one in page.items if one.id in wanted)
            if number == 1 or (in_order and page.items and page.items[0].id <= lowest):
                return found
        return None

    async def _page(self, route: Route, number: int, size: int = PER_PAGE) -> Page[Any]:
        look = OPERATIONS[str(route.look)]
        assert look.listing is not None
        query: dict[str, str | int] = {"sort": "id"} if _can_sort(route) else {}
        query |= {look.listing.page_param: number, look.listing.size_param: size}
        page: Page[Any] = await self._client._call(look, (), query=query, options=OPTIONS)
        return page


def _can_sort(route: Route) -> bool:
    look = OPERATIONS[str(route.look)]
    return look.listing is not None and "id" in look.listing.sort_fields


def _number(page: Page[Any]) -> int:
    """Return the number of a page as the server counts; 1 if it does not say so."""
    return page.current_page or 1
