"""Look at the server for what exists: newest first, because lists can be sorted but not searched by id."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from typing import Any

from aioemnify import models
from aioemnify.fleet.client import OPTIONS, FleetClient
from aioemnify.fleet.items import Part
from aioemnify.fleet.routes import Route
from aioemnify.resources._operations import OPERATIONS

PER_PAGE = 1000


class Looks:
    """Reads lists of the server, newest first."""

    def __init__(self, client: FleetClient) -> None:
        self._client = client

    def can_find(self, route: Route, part: Part) -> bool:
        """Return whether a list shows which items of a part were created."""
        if route.look is None or part.mark is None or part.key is None:
            return False
        result = OPERATIONS[route.look].result
        return result is not None and hasattr(models.resolve(result.model), part.key)

    async def newest(self, route: Route) -> int:
        """Return the highest id of the list; 0 if it is empty."""
        page = await self._page(route, 1, 1)
        return page.items[0].id if page.items else 0

    async def created(self, route: Route, part: Part, keys: Collection[str]) -> dict[str, list[int]]:
        """Return the ids of the objects that were created for these keys since the job began."""
        assert part.key is not None
        assert part.mark is not None
        found: dict[str, list[int]] = {}
        async with aclosing(self._down(route)) as objects:
            async for one in objects:
                if one.id <= part.mark:
                    break
                key = str(getattr(one, part.key, None)).strip()
                if key in keys:
                    found.setdefault(key, []).append(one.id)
        return found

    async def there(self, route: Route, ids: Collection[int]) -> set[int] | None:
        """Return which of these objects exist; ``None`` if that takes more calls than there are objects."""
        lowest, wanted, found, seen = min(ids), set(ids), set[int](), 0
        async with aclosing(self._down(route)) as objects:
            async for one in objects:
                if one.id < lowest:
                    break
                seen += 1
                if seen > PER_PAGE * len(wanted):
                    return None
                if one.id in wanted:
                    found.add(one.id)
        return found

    async def _down(self, route: Route) -> AsyncGenerator[Any, None]:
        """Yield the objects of the list by falling id. One that is created meanwhile may come twice."""
        number, last = 1, None
        while True:
            page = await self._page(route, number, PER_PAGE)
            for one in page.items:
                if last is None or one.id < last:
                    last = one.id
                    yield one
            if not page.has_next:
                return
            number += 1

    async def _page(self, route: Route, number: int, size: int) -> Any:
        look = OPERATIONS[str(route.look)]
        assert look.listing is not None
        query = {"sort": "-id", look.listing.page_param: number, look.listing.size_param: size}
        return await self._client._call(look, (), query=query, options=OPTIONS)
