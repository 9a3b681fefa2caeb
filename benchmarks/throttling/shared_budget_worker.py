"""One of several processes that share a budget: sends as many calls as it may, over a modelled network.

Usage: ``python -m benchmarks.throttling.shared_budget_worker REQUEST``, as JSON. Writes a line when it is
ready, reads when to start, and writes as JSON what it measured. Times are those of the machine's monotonic
clock, which all processes share.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from aioemnify import Emnify, FileStore, RedisStore, StaticToken
from benchmarks.rate_limits import limit_table
from benchmarks.unlimited import auth_token

PATHS = ("/api/v1/sim", "/api/v1/endpoint")


def count_requests(store: Any, requests: Counter[str]) -> Any:
    """Count the calls of all async methods of a store."""

    def wrap(name: str, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(method)
        async def call(*args: Any, **options: Any) -> Any:
            requests[name] += 1
            return await method(*args, **options)

        return call

    for name, method in inspect.getmembers(store, inspect.iscoroutinefunction):
        if not name.startswith("_") and name != "aclose":
            setattr(store, name, wrap(name, method))
    return store


class LogTimes(logging.Handler):
    """Records when the client logged a line."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Record the time."""
        self.times.append(time.monotonic())


class ModelledNetwork(httpx.AsyncBaseTransport):
    """Answers each request after a random delay, and records when it was sent and when it arrived."""

    def __init__(self, rng: random.Random, delay: tuple[float, float]) -> None:
        self._rng = rng
        self._delay = delay
        self.sent: list[float] = []
        self.arrivals: dict[str, list[float]] = {path: [] for path in PATHS}
        self.overslept: list[float] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer with an empty list."""
        now, delay = time.monotonic(), self._rng.uniform(*self._delay)
        self.sent.append(now)
        self.arrivals[request.url.path].append(now + delay * self._rng.random())
        await asyncio.sleep(delay)
        self.overslept.append(time.monotonic() - now - delay)
        return httpx.Response(200, json=[])


async def work(request: dict[str, Any]) -> dict[str, Any]:
    """Send calls until the time is over; return what was measured."""
    requests: Counter[str] = Counter()
    log = LogTimes()
    logging.getLogger("aioemnify.store").addHandler(log)
    address, window = request["store"], request["window"]
    store = count_requests(RedisStore(address) if "://" in address else FileStore(address), requests)
    network = ModelledNetwork(random.Random(request["seed"]), request["delay"])
    paths = PATHS[: len(request["rows"])]
    limits = limit_table(list(zip(paths, request["rows"], strict=True)), window and tuple(window))
    options: dict[str, Any] = {"auth": StaticToken(auth_token()), "base_url": "http://127.0.0.1"}
    async with Emnify(
        **options, transport=ModelledNetwork(random.Random(), (0.0, 0.0)), limits=limits
    ) as first:
        await first.request("GET", PATHS[0])  # imports all modules, without using the budget
    async with store, Emnify(**options, transport=network, limits=limits, store=store) as emnify:

        async def caller(path: str) -> None:
            while time.monotonic() < ends:
                await emnify.request("GET", path)

        print(json.dumps("ready"), flush=True)
        start = json.loads(sys.stdin.readline())["start"]
        ends = start + request["seconds"]
        await asyncio.sleep(max(0.0, start - time.monotonic()))
        cpu = time.process_time()
        callers = [asyncio.ensure_future(caller(path)) for path in paths for _ in range(request["callers"])]
        _, late = await asyncio.wait(callers, timeout=ends - time.monotonic())
        for one in late:
            one.cancel()
        for found in await asyncio.gather(*callers, return_exceptions=True):
            if isinstance(found, Exception):
                raise found
        cpu = time.process_time() - cpu
    return {
        "sent": network.sent,
        "arrivals": [network.arrivals[path] for path in paths],
        "requests": requests,
        "cpu": cpu,
        "overslept": network.overslept,
        "logged": log.times,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(work(json.loads(sys.argv[1])))))
