"""What real connections do to calls that are given up: the pool, and what is known of the outcome."""

from __future__ import annotations

import asyncio
import gc
import random
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from aioemnify import Clock, Emnify, StaticToken
from aioemnify.errors import ConnectError, TimeoutError
from aioemnify.simulator import Simulator

ENDPOINT = {"status": 0, "service_profile": 1, "tariff_profile": 2}


@pytest.fixture(params=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(sims=20, seed=3, limits=None) as running:
        yield running
    gc.collect()


def test_cancellation_by_asyncio_itself_leaves_every_connection_usable(sim: Simulator, library: Any) -> None:
    """``task.cancel()`` and ``asyncio.timeout`` reach into the pool, where scopes of anyio do not."""
    chance = random.Random(11)

    async def main() -> None:
        async with Emnify(
            sim.application_token,
            base_url=sim.url,
            ca_file=sim.ca_file,
            http_library=library,
            throttling=None,
            connections=3,
        ) as emnify:
            first = (await emnify.sims.list(per_page=1)).items[0].id
            for _ in range(60):
                calls = [asyncio.create_task(emnify.sims.get(first)) for _ in range(4)]
                for _ in range(chance.randrange(40)):
                    await asyncio.sleep(0)
                for call in calls:
                    call.cancel()
                await asyncio.gather(*calls, return_exceptions=True)
            async with asyncio.timeout(30):
                found = await asyncio.gather(*(emnify.sims.get(first) for _ in range(6)))
            assert [one.id for one in found] == [first] * 6
            used = {limit.kind: limit.used for limit in emnify.throttle.snapshot().limits}
            assert emnify.throttle.snapshot().queued == 0 and used.get("lane", 0) == 0

    asyncio.run(main())


@pytest.fixture
def silent() -> Iterator[str]:
    """Accept connections, as a listening socket does, and never say a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
    gc.collect()


@pytest.mark.anyio
async def test_a_create_that_never_left_this_machine_is_no_unknown_outcome(silent: str, library: Any) -> None:
    async with Emnify(auth=StaticToken("t"), base_url=silent, http_library=library, clock=Clock()) as emnify:
        briefly: Any = {"deadline": 0.05}
        for call in (emnify.sims.get(1, options=briefly), emnify.endpoints.create(ENDPOINT, options=briefly)):
            with pytest.raises(TimeoutError) as caught:
                await call
            assert caught.value.phase == "connect"
        snapshot = emnify.throttle.snapshot()
    assert snapshot.calls == 0, "what was not sent is not counted"


@pytest.mark.anyio
async def test_a_port_nobody_listens_on_is_a_connect_error(library: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"https://127.0.0.1:{taken.getsockname()[1]}"
    async with Emnify(auth=StaticToken("t"), base_url=url, http_library=library, clock=Clock()) as emnify:
        with pytest.raises(ConnectError):
            await emnify.endpoints.create(ENDPOINT, options={"retry": False})  # type: ignore[arg-type]
        assert emnify.throttle.snapshot().calls == 0
