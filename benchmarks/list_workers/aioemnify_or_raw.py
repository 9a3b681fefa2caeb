"""List the fleet with aioemnify, or with an HTTP library and a JSON decoder alone.

``python -m benchmarks.list_workers.aioemnify_or_raw CONTESTANT URL TOKEN``, where CONTESTANT is
``raw LIBRARY PARSER`` or ``aioemnify METHOD [LIBRARY]``. The environment only has aioemnify's dependencies.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from importlib import import_module
from typing import Any

import msgspec

from aioemnify import Emnify, StaticToken
from aioemnify.models import Sim
from benchmarks.list_workers.protocol import SIZE, serve
from benchmarks.unlimited import unlimited

Pages = Callable[[dict[str, Any]], Any]
"""Yields the pages of a request."""


def raw(url: str, token: str, library: str, parser: str) -> tuple[Any, Pages]:
    """Return a client of an HTTP library, and how to list with it."""
    client = import_module(library).AsyncClient(headers={"Authorization": f"Bearer {token}"})
    decode = json.loads if parser == "json" else msgspec.json.Decoder(list[Sim], strict=False).decode

    async def pages(request: dict[str, Any]) -> AsyncIterator[Any]:
        for number in range(1, request["sims"] // SIZE + 1):
            address = f"{url}/api/v1/sim?page={number}&per_page={SIZE}"
            response = await client.send(client.build_request("GET", address))
            response.raise_for_status()
            yield decode(response.content)

    return client, pages


def aioemnify(url: str, token: str, method: str, *library: Any) -> tuple[Any, Pages]:
    """Return our client, and one of its ways to list."""
    options = {"http_library": library[0]} if library else {}
    client = Emnify(auth=StaticToken(token), base_url=url, limits=unlimited(), **options)

    def sims(request: dict[str, Any]) -> Any:
        return client.sims.list(per_page=SIZE, q=request["q"] or None)

    async def items(request: dict[str, Any]) -> AsyncIterator[Any]:
        batch = []
        async for sim in sims(request):
            batch.append(sim)
            if len(batch) == SIZE:
                yield batch
                batch = []

    async def pages(request: dict[str, Any]) -> AsyncIterator[Any]:
        async for page in sims(request).pages():
            yield page.items

    async def prefetch(request: dict[str, Any]) -> AsyncIterator[Any]:
        async with sims(request).prefetch(4) as fetched:
            async for page in fetched:
                yield page.items

    return client, {"items": items, "pages": pages, "prefetch": prefetch}[method]


async def main(contestant: str, url: str, token: str) -> None:
    """Serve requests, after a first page that opens the connection."""
    kind, *options = contestant.split()
    client, pages = (raw if kind == "raw" else aioemnify)(url, token, *options)
    async with client:
        async with aclosing(pages({"sims": SIZE, "q": ""})) as first:
            await anext(first)
        await serve(pages)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
