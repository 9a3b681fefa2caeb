"""One of several processes that share a budget: sends as many calls as it may, over a modelled network.

Usage: ``python -m benchmarks.throttling.worker ORDERS``, as JSON. Prints, as JSON, when each call was let
through and when it arrived, what the store was asked, what it all cost, and by how much sleeps took
too long. The client's log goes to the error output. Moments are those of the machine's monotonic clock,
which all its processes share.
"""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from aioemnify import FileStore, RedisStore
from aioemnify.clock import Clock
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.transport.shared_state import SharedState
from aioemnify.transport.throttle.limits import Limit


def counted(store: Any, asked: Counter[str]) -> Any:
    """Count what a store is asked."""

    def wrap(name: str, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(method)
        async def call(*args: Any, **options: Any) -> Any:
            asked[name] += 1
            return await method(*args, **options)

        return call

    for name in ("book", "give_back", "pause", "rejoin"):
        setattr(store, name, wrap(name, getattr(store, name)))
    return store


def table(rows: list[list[float]], window: list[float] | None) -> LimitTable:
    """Return the limits of the paths ``/0``, ``/1`` and so on."""
    windows = [] if window is None else [window]
    return LimitTable(
        rows=tuple(
            RowLimit(id=f"row{place}", method="GET", path=f"/{place}", rate=rate, burst=int(burst))
            for place, (rate, burst) in enumerate(rows)
        ),
        windows=tuple(
            WindowLimit(id="window", method="*", path="/*", count=int(count), seconds=seconds)
            for count, seconds in windows
        ),
        month=MonthLimit(id="month", count=10**9),
    )


async def work(orders: dict[str, Any]) -> dict[str, Any]:
    """Send until the time is over."""
    asked: Counter[str] = Counter()
    place = orders["store"]
    made = RedisStore(place) if "://" in place else FileStore(place)
    store = counted(made, asked)
    pacing = SharedState(table(orders["rows"], orders["window"]), Clock(), store=store, server="s")
    chance = random.Random(orders["me"])
    granted: list[float] = []
    overslept: list[float] = []
    arrivals: list[list[float]] = [[] for _ in orders["rows"]]
    await asyncio.sleep(max(0.0, orders["start"] - time.monotonic()))
    ends = orders["start"] + orders["seconds"]
    cpu = time.process_time()

    async def caller(path: int, limits: tuple[Limit, ...]) -> None:
        while (left := ends - time.monotonic()) > 0:
            try:
                async with asyncio.timeout(left):
                    grant = await pacing.throttle.admit(limits)
            except TimeoutError:
                return
            grant.sent()
            now, delay = time.monotonic(), chance.uniform(*orders["delay"])
            granted.append(now)
            arrivals[path].append(now + delay * chance.random())
            await asyncio.sleep(delay)
            overslept.append(time.monotonic() - now - delay)
            grant.end()

    async with asyncio.TaskGroup() as group:
        for path in range(len(arrivals)):
            limits = pacing.registry.of_call("1", "GET", f"/{path}", None)
            for _ in range(orders["callers"]):
                group.create_task(caller(path, limits))
    cpu = time.process_time() - cpu
    await store.aclose()
    return {"granted": granted, "arrivals": arrivals, "asked": asked, "cpu": cpu, "overslept": overslept}


class Formatter(logging.Formatter):
    """Stamps each line with the monotonic clock, to be set beside the calls."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the moment and the line."""
        return f"{time.monotonic():.6f} {record.getMessage()}"


if __name__ == "__main__":
    handler = logging.StreamHandler()
    handler.setFormatter(Formatter())
    logging.getLogger("aioemnify.store").addHandler(handler)
    print(json.dumps(asyncio.run(work(json.loads(sys.argv[1])))))
