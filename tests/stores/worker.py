"""One process with a client that sends as many calls as it may; its orders come as JSON.

The network is replaced by datagrams to ``arrivals.Judge``, everything else is the client as it is, so
a refused call is repeated the way users see it. Prints what came of it as JSON.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sys
import time
from collections import Counter
from inspect import iscoroutinefunction
from typing import Any

import httpx
import jwt

from aioemnify import Emnify, FileStore, RedisStore, StaticToken
from aioemnify.errors import RateLimitError
from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.stores import LimitStore

STALL = 0.05
"""Seconds by which a busy machine may be late; more takes up the margin that the clients keep."""

SIM = {"id": 1, "iccid": "8988303000000000901", "status": {"id": 1, "description": "Activated"}}


class Datagrams(httpx.AsyncBaseTransport, asyncio.DatagramProtocol):
    """Sends a datagram for each request, some time later, and answers as the judge does."""

    def __init__(self, me: int, delay: tuple[float, float]) -> None:
        self.socket: Any = None
        self._me, self._delay = me, delay
        self._chance = random.Random(me)
        self._waiting: dict[int, asyncio.Future[float]] = {}
        self._calls = 0
        self.stalls = 0

    def connection_made(self, transport: Any) -> None:
        self.socket = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        call, wait = json.loads(data)
        if (waiting := self._waiting.pop(call, None)) is not None and not waiting.done():
            waiting.set_result(wait)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        late_at = asyncio.get_running_loop().time() + self._delay[1] + STALL
        await asyncio.sleep(self._chance.uniform(*self._delay))
        self.stalls += asyncio.get_running_loop().time() > late_at
        self._calls += 1
        call, answer = self._calls, asyncio.get_running_loop().create_future()
        self._waiting[call] = answer
        self.socket.sendto(json.dumps([self._me, call]).encode())
        wait = await answer
        if wait > 0:
            return httpx.Response(429, headers={"retry-after": str(int(wait * 1000) + 1)}, json={})
        return httpx.Response(200, json=SIM)


def counted(store: Any, asked: Counter[str]) -> Any:
    """Count what the store is asked for."""
    for name, method in list(vars(LimitStore).items()):
        if iscoroutinefunction(method) and name != "aclose":

            async def wrapped(*args: Any, _name: str = name, **options: Any) -> Any:
                asked[_name] += 1
                return await getattr(type(store), _name)(store, *args, **options)

            setattr(store, name, wrapped)
    return store


async def work(orders: dict[str, Any]) -> None:
    rate, burst = orders["row"]
    count, seconds = orders["window"]
    table = LimitTable(
        rows=(RowLimit(id="row", method="GET", path="/api/v1/sim/{id}", rate=rate, burst=burst),),
        windows=(WindowLimit(id="window", method="*", path="/*", count=count, seconds=seconds),),
        month=MonthLimit(id="month", count=10**7),
    )
    claims = {"exp": int(time.time()) + 3600, "esc.org": 7}
    token = StaticToken(jwt.encode(claims, "a-key-that-is-long-enough-for-hs256"))
    place = orders["store"]
    asked: Counter[str] = Counter()
    store = counted(RedisStore(place) if place.startswith("redis:") else FileStore(place), asked)
    transport = Datagrams(orders["me"], orders["delay"])
    await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: transport, remote_addr=("127.0.0.1", orders["judge"])
    )
    outcomes: Counter[str] = Counter()
    errors: set[str] = set()

    async def caller(emnify: Emnify) -> None:
        while True:
            try:
                await emnify.sims.get(1)
            except RateLimitError:
                outcomes["given up"] += 1
            except Exception as error:
                outcomes["failed"] += 1
                errors.add(f"{type(error).__name__}: {error}")
                await asyncio.sleep(0.1)
            else:
                outcomes["done"] += 1

    async with Emnify(auth=token, store=store, transport=transport, limits=table) as emnify:
        print("ready", flush=True)
        # All of them start together.
        await asyncio.sleep(max(0.0, orders["start"] - time.time()))
        running = [asyncio.create_task(caller(emnify)) for _ in range(orders["callers"])]
        await asyncio.sleep(max(0.0, orders["start"] + orders["seconds"] - time.time()))
        left = set(running)
        while left:
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=2.0)
            # A call that goes on after its task was cancelled.
            outcomes["deaf"] += len(left)
    print(
        json.dumps(
            {
                "me": orders["me"],
                **outcomes,
                "asked": asked,
                "stalls": transport.stalls,
                "errors": sorted(errors),
            }
        )
    )


if __name__ == "__main__":
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format=f"%(asctime)s.%(msecs)03d {{{json.loads(sys.argv[1])['me']}}} %(message)s",
        datefmt="%H:%M:%S",
    )
    asyncio.run(work(json.loads(sys.argv[1])))
