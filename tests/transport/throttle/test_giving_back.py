"""Slots come back exactly once, whatever ends a call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import anyio
import httpx
import pytest

from aioemnify.clock import LoopClock
from aioemnify.errors import RateLimitError
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow
from tests.scripted_api import ScriptedApi
from tests.virtual_time import VirtualLoop, backend

pytestmark = pytest.mark.anyio

LIMITS: dict[str, Callable[[], Limit]] = {
    "bucket": lambda: TokenBucket("row", rate=1.0, burst=1.0, transit=0.35),
    "window": lambda: SlidingWindow("window", count=1, seconds=1.0, transit=0.35),
    "month": lambda: MonthlyQuota("month", count=9, wall_offset=lambda: 0.0),
    "lane": lambda: ConcurrencyLimit("lane", "lane", size=1),
}


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


@pytest.mark.parametrize("kind", LIMITS)
async def test_slots_of_a_call_cancelled_just_when_it_was_given_them_come_back(kind: str) -> None:
    clock, limit, gate = LoopClock(), LIMITS[kind](), ConcurrencyLimit("gate", "lane", size=1)
    limiter = Limiter(clock)
    held = await limiter.admit((gate,))
    held.sent()
    scope = anyio.CancelScope()

    async def call() -> None:
        with scope:
            grant = await limiter.admit((limit, gate))
            try:
                await anyio.sleep(1.0)
            finally:
                grant.end()

    async with anyio.create_task_group() as group:
        group.start_soon(call)
        await anyio.wait_all_tasks_blocked()
        held.end()
        assert gate.used(0.0) == 1 and limit.used(clock.monotonic()) == 1, "they are the waiting call's"
        scope.cancel()
    now = clock.monotonic()
    assert now < 1.0, "it did not go on"
    assert (gate.used(now), limit.used(now), limit.in_flight(now)) == (0, 0, 0)
    assert limiter.snapshot([]).calls == 1
    await limiter.admit((limit, gate))


@pytest.mark.parametrize("kind", LIMITS)
@pytest.mark.parametrize("how", ["cancelled", "thrown away"])
def test_slots_of_a_task_that_never_collects_them_come_back(kind: str, how: str) -> None:
    """Cancelled by asyncio itself, or closed by the interpreter, just after it was given them."""

    async def main() -> None:
        clock, limit, gate = LoopClock(), LIMITS[kind](), ConcurrencyLimit("gate", "lane", size=1)
        limiter = Limiter(clock)
        held = await limiter.admit((gate,))
        held.sent()
        call = limiter.admit((limit, gate))
        if how == "cancelled":
            task = asyncio.get_running_loop().create_task(call)
            await asyncio.sleep(0)
            held.end()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            call.send(None)
            held.end()
            assert gate.used(0.0) == 1
            call.close()
        now = clock.monotonic()
        assert (gate.used(now), limit.used(now), limit.in_flight(now)) == (0, 0, 0)
        assert limiter.snapshot([]).calls == 1 and limiter.snapshot([]).queued == 0
        await limiter.admit((limit, gate))

    anyio.run(main, backend_options={"loop_factory": VirtualLoop})


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("kind", LIMITS)
async def test_a_grant_ended_twice_gives_back_once(kind: str, sent: bool) -> None:
    clock, limit = LoopClock(), LIMITS[kind]()
    limiter, lane = Limiter(clock), ConcurrencyLimit("lane", "lane", size=2)
    other = await limiter.admit((lane,))
    grant = await limiter.admit((limit, lane))
    if sent:
        grant.sent()
        grant.headers_received()
    for _ in range(3):
        grant.end()
    now = clock.monotonic()
    assert lane.used(now) == 1
    assert limit.used(now) == (1 if sent and kind != "lane" else 0) and limit.in_flight(now) == 0
    assert limiter.snapshot([]).calls == (2 if sent else 1)
    other.end()
    assert lane.used(now) == 0


async def test_a_grant_that_is_over_counts_nothing_any_more() -> None:
    bucket, clock = TokenBucket("row", rate=1.0, burst=5.0, transit=0.35), LoopClock()
    grant = await Limiter(clock).admit((bucket,))
    grant.end()
    grant.sent()
    grant.headers_received()
    for _ in range(2):
        assert bucket.used(clock.monotonic()) == 0 and bucket.in_flight(clock.monotonic()) == 0
        await clock.sleep(1.0)


async def test_no_calls_take_no_time_though_a_limit_is_paused() -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "30000"})])
    async with api.client() as emnify:
        with pytest.raises(RateLimitError):
            await emnify.sims.list(options={"retry": False})
        assert emnify.throttle.estimate("sims.list", 1).seconds == pytest.approx(30.0, abs=0.1)
        estimate = emnify.throttle.estimate("sims.list", 0)
        assert (estimate.seconds, estimate.limit, estimate.share_of_month) == (0.0, None, 0.0)
        assert estimate.finishes_at is not None
        assert estimate.finishes_at.timestamp() == pytest.approx(api.clock.wall())
