"""One process that sends as many calls as it may; started by the tests with its orders as JSON."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import socket
import sys
import time
from typing import Any

from aioemnify.clock import Clock
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.options import Throttling
from aioemnify.stores.file import FileStore
from aioemnify.stores.redis import RedisStore
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.shared.leases import StoreLimitRegistry
from aioemnify.transport.throttle.shared.store_session import StoreSession


def counted(store: Any, calls: dict[str, int]) -> Any:
    """Count the calls that reach a store."""
    for name in ("book", "give_back", "pause", "rejoin"):
        method = getattr(store, name)

        async def wrapped(*args: Any, _method: Any = method, _name: str = name, **options: Any) -> Any:
            calls[_name] = calls.get(_name, 0) + 1
            return await _method(*args, **options)

        setattr(store, name, wrapped)
    return store


async def work(orders: dict[str, Any]) -> None:
    clock = Clock()
    calls: dict[str, int] = {}
    place = orders["store"]
    raw: Any = (
        RedisStore(place, timeout=orders.get("timeout", 0.1))
        if place.startswith("redis:")
        else FileStore(place)
    )
    session = StoreSession(counted(raw, calls), clock)
    rate, burst = orders["row"]
    count, seconds = orders["window"]
    table = LimitTable(
        rows=(RowLimit(id="row", method="GET", path="/x", rate=rate, burst=burst),),
        windows=(WindowLimit(id="window", method="*", path="/*", count=count, seconds=seconds),),
        month=MonthLimit(id="month", count=10**7),
    )
    throttling = Throttling(jitter=orders["jitter"])
    book = StoreLimitRegistry(table, session=session, server="s", clock=clock, throttling=throttling)
    throttle = Limiter(clock)
    limits = book.of_call("1", "GET", "/x", None)
    chance = random.Random(orders["me"])
    low, high = orders["delay"]
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    loop = asyncio.get_running_loop()
    granted: list[float] = []

    def send() -> None:
        sender.sendto(str(orders["me"]).encode(), ("127.0.0.1", orders["judge"]))

    # All of them start together.
    await asyncio.sleep(max(0.0, orders["start"] - time.time()))
    ends = clock.monotonic() + orders["seconds"]

    async def caller() -> None:
        while clock.monotonic() < ends:
            try:
                async with asyncio.timeout(ends - clock.monotonic()):
                    grant = await throttle.admit(limits)
            except TimeoutError:
                return
            granted.append(time.time())
            grant.sent()
            delay = chance.uniform(low, high)
            if delay:
                loop.call_later(delay, send)
                await asyncio.sleep(delay)
            else:
                send()
            grant.end()

    await asyncio.gather(*(caller() for _ in range(orders["callers"])))
    await raw.aclose()
    print(json.dumps({"me": orders["me"], "granted": len(granted), "calls": calls}))


if __name__ == "__main__":
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format=f"%(asctime)s.%(msecs)03d {{{json.loads(sys.argv[1])['me']}}} %(message)s",
        datefmt="%H:%M:%S",
    )
    asyncio.run(work(json.loads(sys.argv[1])))
