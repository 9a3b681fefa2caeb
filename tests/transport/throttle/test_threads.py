"""Clients in several threads and event loops keep one budget, as an independent server finds."""

from __future__ import annotations

import threading
from functools import partial
from itertools import pairwise
from random import Random

import anyio
import httpx
import pytest

from aioemnify import Emnify, LoopClock, MemoryStore
from tests.scripted_api import EPOCH, ScriptedApi
from tests.server_oracle import BucketOracle, WindowOracle
from tests.shared_time import run_in_threads

PATHS = {"/api/v1/sim": (10.0, 5.0), "/api/v1/endpoint/7": (100.0, 50.0)}


class Server:
    """Judges each call once, at the moment of its arrival, whichever thread it comes from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._logins = ScriptedApi()
        self._logins.clock = LoopClock(EPOCH)
        self.rows = {path: BucketOracle(rate, burst) for path, (rate, burst) in PATHS.items()}
        self.window = WindowOracle(2000, 300.0)
        self.logins = 0

    def transport(self, chance: Random) -> httpx.MockTransport:
        async def handle(request: httpx.Request) -> httpx.Response:
            await anyio.sleep(chance.uniform(0.001, 0.1))
            path = request.url.path
            with self._lock:
                accepted = self.window.arrive(anyio.current_time())
                if path in self.rows:
                    accepted = self.rows[path].arrive(anyio.current_time()) and accepted
                else:
                    self.logins += 1
            await anyio.sleep(chance.uniform(0.001, 0.1))
            if path not in self.rows:
                return httpx.Response(200, json={"auth_token": self._logins.token()})
            return httpx.Response(200 if accepted else 429, json=[])

        return httpx.MockTransport(handle)


@pytest.mark.parametrize("seed", range(3))
def test_clients_in_two_threads_spend_one_budget(seed: int) -> None:
    server, store, each = Server(), MemoryStore(), {"/api/v1/sim": 60, "/api/v1/endpoint/7": 300}
    ended: list[float] = []

    async def fleet(number: int) -> None:
        chance = Random(10 * seed + number)
        async with (
            Emnify(
                "same",
                store=store,
                clock=LoopClock(EPOCH),
                transport=server.transport(chance),
                connections=100,
            ) as emnify,
            anyio.create_task_group() as group,
        ):
            for path, calls in each.items():
                for _ in range(calls):
                    group.start_soon(emnify.request, "GET", path)
        ended.append(anyio.current_time())

    run_in_threads(partial(fleet, 0), partial(fleet, 1))
    assert server.window.refused == []
    for path, row in server.rows.items():
        assert row.refused == []
        assert len(row.accepted) == 2 * each[path]
    # 120 calls of the slow row: 5 at once and 10 a second take 11.5 s, wherever they come from.
    assert max(ended) == pytest.approx(11.5, abs=0.5)
    assert 1 <= server.logins <= 2, "one authentication for each event loop at the most"


def test_a_place_freed_in_one_thread_wakes_a_waiter_in_the_other() -> None:
    server, store, order = Server(), MemoryStore(), []

    async def calls(number: int, client: dict[str, object]) -> None:
        async with Emnify("same", store=store, clock=LoopClock(EPOCH), **client) as emnify:  # type: ignore[arg-type]
            for _ in range(20):
                # The API wants these one at a time in the whole organisation.
                await emnify.endpoints.delete(7)
                order.append(number)

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"auth_token": server._logins.token()})
        inside.append(request)
        assert len(inside) == 1
        await anyio.sleep(0.25)
        inside.pop()
        return httpx.Response(204)

    inside: list[httpx.Request] = []
    run_in_threads(*(partial(calls, n, {"transport": httpx.MockTransport(answer)}) for n in range(2)))
    assert sorted(order) == [0] * 20 + [1] * 20
    turns = sum(one != other for one, other in pairwise(order))
    assert turns >= 30, "the threads take turns"
