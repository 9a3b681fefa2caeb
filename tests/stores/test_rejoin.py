"""What every store does when a client comes back to it: what it forgot, keeps, and takes over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from aioemnify import FileStore, LoopClock, RedisStore
from aioemnify.stores import LimitRequest, LimitStore, UsageReport
from tests.stores.redis_server import RedisServer
from tests.stores.virtual_store import SharedPlace, VirtualStore

pytestmark = pytest.mark.anyio

ROW = LimitRequest("row:s:1:r", "bucket", rate=2.0, burst=5.0)
WINDOW = LimitRequest("ip:s:default:w", "window", count=8, seconds=300.0)
MONTH = LimitRequest("quota:s:1:m", "month", count=40)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["model", "file", pytest.param("redis", marks=pytest.mark.redis)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[LimitStore]:
    if request.param == "model":
        yield VirtualStore(SharedPlace(LoopClock(1.7e9)), "one")
    elif request.param == "file":
        async with FileStore(tmp_path / "store") as file:
            yield file
    else:
        server: RedisServer = request.getfixturevalue("redis_server")
        async with RedisStore(server.url, timeout=5.0) as redis:
            yield redis


async def reserve(store: LimitStore, *limits: LimitRequest, count: int = 0, generation: str = "") -> Any:
    return await store.reserve(limits, count, 2.0, generation)


async def test_nothing_is_reserved_under_another_generation(store: LimitStore) -> None:
    other = await reserve(store, WINDOW, count=3, generation="other")
    assert other.waits == () and other.generation not in ("", "other")
    known = await reserve(store, WINDOW, count=3, generation=other.generation)
    assert len(known.waits) == 3 and known.generation == other.generation


async def test_only_a_reservation_of_the_present_generation_is_cancelled(store: LimitStore) -> None:
    made = await reserve(store, ROW, WINDOW, MONTH, count=2)
    await store.cancel((ROW, WINDOW, MONTH), made.reservation_ids[1:], "other")
    assert (await reserve(store, WINDOW, MONTH)).used == (2, 2)
    await store.cancel((ROW, WINDOW, MONTH), made.reservation_ids[1:], made.generation)
    assert (await reserve(store, WINDOW, MONTH)).used == (1, 1)


async def test_a_store_that_was_lost_takes_over_only_what_it_was_not_told(store: LimitStore) -> None:
    generation = (await reserve(store, WINDOW, MONTH, count=2)).generation
    reports = (
        UsageReport(WINDOW, reported=(1.0, 2.0), unreported=(0.5,)),
        UsageReport(MONTH, known_used=2.0, unreported_calls=1),
    )
    assert await store.rejoin(generation, reports, reset=False) == generation
    assert (await reserve(store, WINDOW, MONTH)).used == (3, 3)


async def test_a_wiped_store_takes_over_everything(store: LimitStore) -> None:
    reports = (
        UsageReport(WINDOW, reported=(1.0, 2.0), unreported=(0.5,)),
        UsageReport(MONTH, known_used=30.0, unreported_calls=1),
    )
    generation = await store.rejoin("what it was before", reports, reset=False)
    assert generation not in ("", "what it was before")
    assert (await reserve(store, WINDOW, MONTH)).used == (3, 31)


async def test_who_rejoins_finds_the_bucket_empty(store: LimitStore) -> None:
    generation = (await reserve(store, ROW)).generation
    await store.rejoin(generation, (UsageReport(ROW),), reset=False)
    assert (await reserve(store, ROW, count=2)).waits == pytest.approx((0.5, 1.0), abs=0.1)


async def test_a_clock_that_jumped_forward_is_reset_by_the_first_who_sees_it(store: LimitStore) -> None:
    generation = (await reserve(store, WINDOW, MONTH, count=3)).generation
    await store.pause(WINDOW.key, 600.0)
    reports = (UsageReport(WINDOW, reported=(1.0, 2.0)), UsageReport(MONTH))
    first = await store.rejoin(generation, reports, reset=True)
    assert first != generation
    second = await store.rejoin(generation, (UsageReport(WINDOW, reported=(3.0,)),), reset=True)
    assert second == first, "the second finds that it has been done"
    after = await reserve(store, WINDOW, MONTH, count=1)
    assert after.waits == (0.0,), "pauses are moments too"
    assert after.used == (4, 4), "the count of a month is not a moment"
    assert after.generation == first


async def test_a_client_that_rejoins_is_a_sharer(store: LimitStore) -> None:
    generation = await store.rejoin("", (), reset=False)
    assert (await reserve(store, WINDOW)).sharers == 1 and generation
