"""The client against the simulator in virtual time: whole fleets, random delays, every limit on.

No socket is involved, so both share the event loop's clock, and five minutes take seconds.
The simulator enforces the limits with code of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import Emnify, LoopClock
from aioemnify.simulator import Simulator
from aioemnify.simulator.platform.clock import Clock
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


def simulator(**settings: Any) -> Simulator:
    return Simulator(clock=Clock(source=anyio.current_time), delay=(0.002, 0.2), **settings)


def client(sim: Simulator) -> Emnify:
    return Emnify(
        sim.application_token,
        base_url=sim.url,
        transport=httpx.ASGITransport(app=sim.app),  # type: ignore[arg-type]
        clock=LoopClock(),
    )


async def test_thirty_thousand_sims_in_three_hundred_pages_and_not_one_refusal() -> None:
    sim = simulator(sims=30_000, seed=7)
    async with client(sim) as emnify:
        pages = [page async for page in emnify.sims.list(per_page=100).pages()]
        refused = emnify.throttle.snapshot().refused
    assert [page.current_page for page in pages] == list(range(1, 301))
    ids = [item.id for page in pages for item in page.items]
    assert len(ids) == 30_000 == len(set(ids))
    assert refused == 0 and sim.refused == {}


async def test_pages_fetched_together_use_the_whole_rate_and_not_one_is_refused() -> None:
    sim = simulator(sims=30_000, seed=8)
    seen: dict[int, set[int]] = {}
    async with client(sim) as emnify:

        async def fetch(number: int) -> None:
            page = await emnify.sims.list(per_page=100, page=number)
            seen[number] = {item.id for item in page.items}

        began = anyio.current_time()
        async with anyio.create_task_group() as group:
            for number in range(1, 301):
                group.start_soon(fetch, number)
        took = anyio.current_time() - began
        snapshot = emnify.throttle.snapshot()
    assert len(set().union(*seen.values())) == 30_000
    assert sim.refused == {} and snapshot.refused == 0
    # 5 at once and then 10 a second is 29.5 s for 300 calls; the delays may cost one percent.
    assert took <= 29.5 * 1.01 + 0.3
    assert snapshot.calls == 301 and snapshot.waits >= 294


async def test_the_address_window_is_kept_to_the_call() -> None:
    sim = simulator(sims=2_500, seed=9)
    answered: list[float] = []
    async with client(sim) as emnify:

        async def sweep(numbers: Iterator[int]) -> None:
            for number in numbers:
                await emnify.sims.get(number)
                answered.append(anyio.current_time())

        first = (await emnify.sims.list(per_page=2_500)).items
        numbers = iter([item.id for item in first])
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(sweep, numbers)
        snapshot = emnify.throttle.snapshot()
    assert len(answered) == 2_500
    assert sim.refused == {} and snapshot.refused == 0
    # 1,998 of the first window beside the login and the list; the rest when it has moved on.
    assert sum(1 for moment in answered if moment < 299.0) == 1_998
    assert 300.0 < max(answered) < 330.0


async def test_a_hundred_first_calls_make_one_authentication() -> None:
    sim = simulator(sims=100, seed=1)
    async with client(sim) as emnify:
        first = (await client(sim).sims.list(per_page=1)).items[0].id
        async with anyio.create_task_group() as group:
            for _ in range(100):
                group.start_soon(emnify.sims.get, first)
    logins = [record for record in sim.requests if record.path == "/api/v1/authenticate"]
    assert len(logins) == 2, "one for the client that looked an id up, one for the hundred calls"
    assert sim.refused == {}
