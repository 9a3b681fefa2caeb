"""A list that changes while it is read, and what each way to read it misses.

``python -m tests.fleet.sweeps`` prints the table.
"""

from __future__ import annotations

import random
import sys
from bisect import bisect_left, insort
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import anyio
from attrs import frozen

from aioemnify.errors import ServerError
from aioemnify.fleet import Sweep
from aioemnify.operation import Listing, Operation
from aioemnify.pagination import Pages
from aioemnify.types import Page

LIST = Operation(
    "things.list",
    "GET",
    "/api/v1/thing",
    listing=Listing(max_size=100, sort_fields=("id",), filter_fields=("colour",)),
)


@frozen
class Thing:
    """One item of the list."""

    id: int


class Fleet:
    """A list that changes before each page that it reads, and a client of it.

    Args:
        size: items at the beginning.
        seed: of all that is random.
        deleted: items that are deleted at random before each page.
        created: items that are created with new ids before each page.
        entered: items that come with ids between the others, as SIMs of another workspace do.
        shuffled: whether the server reads pages that are in flight together in any order.
        seconds: how long a call takes.
    """

    def __init__(
        self,
        size: int,
        *,
        seed: int,
        deleted: int = 0,
        created: int = 0,
        entered: int = 0,
        shuffled: bool = False,
        seconds: float = 0.0,
    ) -> None:
        self.there = [number * 1000 for number in range(1, size + 1)]
        self.stayed = set(self.there)
        self.chance = random.Random(seed)
        self.changes = (deleted, created, entered)
        self.shuffled = shuffled
        self.seconds = seconds
        self.fails = 0.0
        self.told = True
        self.sorts = True
        self.asked: list[int] = []
        self.under_way = 0
        self.most = 0
        self._last = size * 1000
        self._base_url = "https://things.example"
        self._pipeline = SimpleNamespace(organisation="7")

    def create(self) -> int:
        """Create an item with a new id."""
        self._last += 1000
        self.there.append(self._last)
        return self._last

    def change(self) -> None:
        """Change the list as it does between two pages."""
        deleted, created, entered = self.changes
        for _ in range(min(deleted, len(self.there))):
            self.stayed.discard(self.there.pop(self.chance.randrange(len(self.there))))
        for _ in range(created):
            self.create()
        for _ in range(entered):
            fresh = self.chance.randrange(1, self._last)
            if self.there[bisect_left(self.there, fresh) % len(self.there)] != fresh:
                insort(self.there, fresh)

    async def _call(
        self,
        _operation: Operation,
        _path: Sequence[object] = (),
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        options: object = None,
    ) -> Page[Thing]:
        assert query is not None
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await anyio.sleep(self.seconds + (self.chance.random() if self.shuffled else 0.0))
            if self.chance.random() < self.fails:
                raise ServerError(503)
            return self._page(query["page"], query["per_page"], query.get("sort", "id"))
        finally:
            self.under_way -= 1

    def _page(self, number: int, size: int, sort: str) -> Page[Thing]:
        if self.asked:
            self.change()
        self.asked.append(number)
        ids = self.there[::-1] if sort == "-id" and self.sorts else self.there
        pages = max(1, -(-len(ids) // size))
        number = min(number, pages)
        items = [Thing(one) for one in ids[(number - 1) * size : number * size]]
        if not self.told:
            return Page(items)
        return Page(
            items,
            total_count=len(ids),
            total_pages=pages,
            current_page=number,
            per_page=size,
            has_next=number < pages,
        )


async def walked(fleet: Fleet) -> list[int]:
    """Walk page by page from the first."""
    return [thing.id async for thing in Pages[Thing](fleet, LIST, size=100)]


async def fetched_ahead(fleet: Fleet) -> list[int]:
    """Walk with pages fetched ahead."""
    async with Pages[Thing](fleet, LIST, size=100).prefetch(4) as pages:
        return [thing.id async for thing in pages.items()]


async def swept(fleet: Fleet) -> list[int]:
    """Sweep with pages in flight."""
    return [thing.id async for thing in Sweep[Thing](fleet, LIST)]


async def swept_in_order(fleet: Fleet) -> list[int]:
    """Sweep one page at a time."""
    return [thing.id async for thing in Sweep[Thing](fleet, LIST, strict=True)]


WAYS: dict[str, Callable[[Fleet], Awaitable[list[int]]]] = {
    "plain walk": walked,
    "prefetch(4)": fetched_ahead,
    "sweep": swept,
    "strict sweep": swept_in_order,
}


async def table(seeds: int, size: int = 3500) -> list[str]:
    """Return the lines of a Markdown table: what each way misses."""
    lines = [f"| changes between two pages | {' | '.join(WAYS)} |", f"|---|{'--:|' * len(WAYS)}"]
    for deleted, created in ((0, 0), (1, 0), (5, 5), (20, 20)):
        cells = []
        for way in WAYS.values():
            missed = stayed = repeated = calls = 0
            for seed in range(seeds):
                fleet = Fleet(size, seed=seed, deleted=deleted, created=created, shuffled=True)
                found = await way(fleet)
                missed += len(fleet.stayed - set(found))
                stayed += len(fleet.stayed)
                repeated += len(found) - len(set(found))
                calls += len(fleet.asked)
            cells.append(f"{missed:,} of {stayed:,} missed, {repeated:,} twice, {calls / seeds:.1f} calls")
        lines.append(f"| {deleted} deleted, {created} created | {' | '.join(cells)} |")
    return lines


def main(seeds: int) -> None:
    """Print the table, in virtual time."""
    from tests.virtual_time import VirtualLoop

    print(f"A list of 3,500 items in pages of 100, {seeds} seeds; pages in flight are read in any order.\n")
    print("\n".join(anyio.run(table, seeds, backend_options={"loop_factory": VirtualLoop})))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
