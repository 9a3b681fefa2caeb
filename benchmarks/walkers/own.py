"""This library, or the bare parts of it, walk the fleet: ``python -m benchmarks.walkers.own WHO URL TOKEN``.

The environment holds this library and what it needs, so nothing else of the project may be imported here
but what needs no more than that.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from importlib import import_module
from typing import Any

import msgspec

from aioemnify import Emnify, StaticToken
from aioemnify.models import Sim
from benchmarks.lifted import lifted
from benchmarks.walkers.rounds import Growth, distinct, orders, tell, timed

SIZE = 1000

Batches = Callable[[int, str], Any]
"""Walks so many SIMs that a filter finds, page by page or, for want of pages, in batches."""


def raw(library: Any, url: str, token: str, decode: Callable[[bytes], Any]) -> tuple[Any, Batches]:
    """Return a bare client of an HTTP library, and its walk by page number."""
    client = library.AsyncClient(headers={"Authorization": f"Bearer {token}"})

    async def batches(sims: int, _: str) -> AsyncIterator[Sequence[Any]]:
        for number in range(1, sims // SIZE + 1):
            whole = f"{url}/api/v1/sim?page={number}&per_page={SIZE}"
            answer = await client.send(client.build_request("GET", whole))
            answer.raise_for_status()
            yield decode(answer.content)

    return client, batches


def ours(url: str, token: str, how: str, **options: Any) -> tuple[Any, Batches]:
    """Return our client, and one of its ways to walk."""
    client = Emnify(auth=StaticToken(token), base_url=url, limits=lifted(), **options)

    def sims(q: str) -> Any:
        return client.sims.list(per_page=SIZE, q=q or None)

    async def by_item(_: int, q: str) -> AsyncIterator[Sequence[Any]]:
        batch = []
        async for sim in sims(q):
            batch.append(sim)
            if len(batch) == SIZE:
                yield batch
                batch = []

    async def by_page(_: int, q: str) -> AsyncIterator[Sequence[Any]]:
        async for page in sims(q).pages():
            yield page.items

    async def ahead(_: int, q: str) -> AsyncIterator[Sequence[Any]]:
        async with sims(q).prefetch(4) as pages:
            async for page in pages:
                yield page.items

    return client, {"items": by_item, "pages": by_page, "prefetch": ahead}[how]


def contestant(who: str, url: str, token: str) -> tuple[Any, Batches]:
    """Return the client of that name, and its walk."""
    kind, _, rest = who.partition(" ")
    if kind == "raw":
        library, _, parser = rest.partition(" ")
        typed = msgspec.json.Decoder(list[Sim], strict=False).decode
        return raw(import_module(library), url, token, json.loads if parser == "json" else typed)
    how, _, library = rest.partition(" ")
    options = {"http_library": library} if library else {}
    return ours(url, token, how, **options)


async def main(who: str, url: str, token: str) -> None:
    """Walk as often as asked, after a first page that opens the connection."""
    client, batches = contestant(who, url, token)
    async with client:
        async with aclosing(batches(SIZE, "")) as first:
            await anext(first)
        for order in orders():
            tell(await _walk(batches, order))


async def _walk(batches: Batches, order: dict[str, Any]) -> dict[str, float]:
    answer: dict[str, float] = {}
    kept: list[Any] = []
    growth, count = Growth(), 0
    with timed(answer):
        async for batch in batches(order["sims"], order["q"]):
            count += len(batch)
            if order["keep"]:
                kept.extend(batch)
            else:
                growth.look(len(batch))
        # Freed while the clock runs: a walk of one page would get it for nothing.
        batch = ()
    return answer | {"count": count, "growth": growth.most, "distinct": distinct(kept)}


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
