"""One contestant in a process of its own: ``python -m benchmarks.profiles.worker WHO WHAT URL``.

``WHO`` is ``client`` or ``raw``, ``WHAT`` is ``call`` or ``page``. Which version of the library the process
imports is decided by whoever starts it. It reads ``time COUNT`` and ``profile COUNT`` from its input and
answers each with a line of JSON. Only what the versions have in common is used here.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import msgspec
from attrs import asdict

from aioemnify import Emnify, StaticToken
from aioemnify.models import Sim
from benchmarks.lifted import lifted, some_token
from benchmarks.profiles.shares import Looks, looking

Call = Callable[[], Awaitable[object]]
PAGE = "/api/v1/sim?page=1&per_page=1000"


async def raw(what: str, url: str, stack: AsyncExitStack) -> Call:
    """Return the same work done by hand: the HTTP library, and msgspec into the same classes."""
    client = await stack.enter_async_context(
        httpx.AsyncClient(headers={"authorization": f"Bearer {some_token()}"})
    )
    whole = url + (PAGE if what == "page" else "/api/v1/sim/1")
    decoder = msgspec.json.Decoder(list[Sim] if what == "page" else Sim, strict=False)

    def decode(content: bytes) -> object:
        return decoder.decode(content)

    async def call() -> object:
        response = await client.send(client.build_request("GET", whole))
        response.raise_for_status()
        return decode(response.content)

    return call


async def client(what: str, url: str, stack: AsyncExitStack) -> Call:
    """Return the work done by the library, its limits so high that none is ever reached."""
    emnify = await stack.enter_async_context(
        Emnify(auth=StaticToken(some_token()), base_url=url, limits=lifted())
    )

    async def page() -> object:
        return await emnify.sims.list(per_page=1000, page=1)

    async def call() -> object:
        return await emnify.sims.get(1)

    return page if what == "page" else call


async def timed(call: Call, count: int) -> dict[str, float]:
    """Return the microseconds of the processor that one takes."""
    gc.collect()
    began = time.process_time()
    for _ in range(count):
        await call()
    return {"us": 1e6 * (time.process_time() - began) / count}


async def profiled(call: Call, count: int) -> dict[str, object]:
    """Return how often whom was seen at work while so many were done."""
    gc.collect()
    with looking() as seen:
        for _ in range(count):
            await call()
    return asdict(Looks.of(seen))


async def main(who: str, what: str, url: str) -> None:
    """Do as told until the input ends."""
    async with AsyncExitStack() as stack:
        call = await (raw if who == "raw" else client)(what, url, stack)
        await timed(call, 10)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for line in sys.stdin:
            order, count = line.split()
            found = await (profiled if order == "profile" else timed)(call, int(count))
            sys.stdout.write(json.dumps(found) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
