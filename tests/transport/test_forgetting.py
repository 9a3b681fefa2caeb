"""What stays in memory of clients that are gone."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import anyio
import pytest

from aioemnify import ApplicationToken, MemoryStore, StaticToken, UserPassword
from aioemnify.clock import LoopClock
from aioemnify.operation import LimitTable, MonthLimit, RowLimit
from aioemnify.transport.auth.tokens import AuthToken, TokenCell
from aioemnify.transport.shared_state import MOST_CELLS, MOST_EXCHANGES, SharedState, shared_state_of
from aioemnify.transport.throttle.limiter import Limiter
from aioemnify.transport.throttle.registry import MOST_FRESH, LimitRegistry
from aioemnify.transport.throttle.scheduler import LANDED_WITHIN
from tests.scripted_api import EPOCH, ScriptedApi, sim
from tests.transport.auth.test_pauses import token
from tests.transport.throttle.stepped_loops import ClosedLoop, LoopOfThisThread, World
from tests.virtual_time import VirtualLoop, backend

URL = "https://cdn.emnify.example"
ROW = RowLimit(id="row", method="GET", path="/api/v1/sim/{id}", rate=10.0, burst=5.0)
TABLE = LimitTable(rows=(ROW,), windows=(), month=MonthLimit(id="month", count=10**7))
TENANTS = 1000
CODE = (type, ModuleType, FunctionType, BuiltinFunctionType)


def bytes_of(root: object) -> int:
    """Return the size of all that an object refers to, without code."""
    seen: dict[int, object] = {}
    found = [root]
    while found:
        each = found.pop()
        if id(each) not in seen and not isinstance(each, CODE):
            seen[id(each)] = each
            found += gc.get_referents(each)
    return sum(sys.getsizeof(each) for each in seen.values())


def alive(kind: type) -> int:
    gc.collect()
    return sum(type(each) is kind for each in gc.get_objects())


@pytest.fixture
def anyio_backend() -> object:
    return backend("asyncio")


async def call_once(api: ScriptedApi, auth: Any, store: MemoryStore) -> None:
    async with api.client(None, auth=auth, base_url=URL, store=store, limits=TABLE) as emnify:
        await emnify.sims.get(1)
    api.requests.clear()  # they refer to the loop


@pytest.mark.anyio
async def test_closed_tenants_with_ready_tokens_leave_a_number_each() -> None:
    api, store = ScriptedApi([sim()]), MemoryStore()
    state = shared_state_of(URL, TABLE, store=store, clock=api.clock)

    async def tenants(first: int, last: int) -> None:
        for number in range(first, last):
            claims = {"exp": EPOCH + 14400, "esc.org": number, "x": "y" * 200}
            await call_once(api, StaticToken(token(claims)), store)
            await anyio.sleep(0.01)

    await tenants(0, 2 * MOST_FRESH)
    tokens, cells, before = alive(AuthToken), alive(TokenCell), bytes_of(state)
    await tenants(1000, 1000 + TENANTS)
    assert (bytes_of(state) - before) / TENANTS <= 300
    assert alive(AuthToken) <= tokens and alive(TokenCell) <= cells
    assert len(state.registry.all()) <= 2 * MOST_FRESH


@pytest.mark.anyio
async def test_a_ready_token_goes_with_its_last_client() -> None:
    api, store, before = ScriptedApi([sim()]), MemoryStore(), alive(AuthToken)
    first, second = (
        api.client(None, auth=StaticToken("ready"), base_url=URL, store=store, limits=TABLE) for _ in "ab"
    )
    async with first, second:
        await first.sims.get(1)
    api.requests.clear()
    del first
    assert alive(AuthToken) == before + 1
    del second
    assert alive(AuthToken) == before


@pytest.mark.anyio
@pytest.mark.parametrize("auth", [ApplicationToken("t"), UserPassword("me", "pw")])
async def test_a_token_that_cost_an_authentication_waits_for_the_next_client(auth: Any) -> None:
    api, store = ScriptedApi([sim()], lifetime=1000.0), MemoryStore()
    before = alive(AuthToken)
    for _ in range(3):
        await call_once(api, auth, store)
    assert len(api.logins) == 1
    await anyio.sleep(1000.0)
    assert alive(AuthToken) == before + 1
    await call_once(api, StaticToken("another"), store)
    assert alive(AuthToken) == before, "the stale one is gone"


@pytest.mark.anyio
async def test_no_more_than_256_tokens_wait_and_the_one_used_last_stays_longest() -> None:
    api, store, before = ScriptedApi([sim()]), MemoryStore(), alive(AuthToken)
    api.login_delay = 0.0
    limits = LimitTable(rows=(), windows=(), month=MonthLimit(id="month", count=10**7))

    async def call(name: str) -> None:
        async with api.client(name, base_url=URL, store=store, limits=limits) as emnify:
            await emnify.sims.get(1)

    await call("first")
    for number in range(MOST_CELLS + 40):
        await call(f"token {number}")
        if number % 100 == 0:
            await call("first")
    assert alive(AuthToken) - before == MOST_CELLS
    logins = len(api.logins)
    await call("first")
    assert len(api.logins) == logins
    await call("token 1")
    assert len(api.logins) == logins + 1


@pytest.mark.anyio
async def test_a_live_client_keeps_its_token_and_later_leaves_it_to_others() -> None:
    api, store = ScriptedApi([sim()], lifetime=1000.0), MemoryStore()
    async with api.client("mine", base_url=URL, store=store, limits=TABLE) as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(1000.0)
        await call_once(api, ApplicationToken("another"), store)
        await emnify.sims.get(1)
        assert len(api.logins) == 3
    del emnify
    await call_once(api, ApplicationToken("mine"), store)
    assert len(api.logins) == 3


class SetClock(LoopClock):
    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return EPOCH + self.now


class Organisations:
    """The limits of many organisations, and a limiter for them."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.registry = LimitRegistry(TABLE, clock=self.clock)
        self.limiter = Limiter(self.clock)

    def limits(self, organisation: str, lane: str | None = None) -> Any:
        return self.registry.of_call(organisation, "GET", "/api/v1/sim/1", lane)

    async def call(self, organisation: str, lane: str | None = None) -> Any:
        grant = await self.limiter.admit(self.limits(organisation, lane))
        grant.sent()
        grant.headers_received()
        return grant

    def come_and_go(self) -> None:
        """Let so many others come that what is not in use is forgotten."""
        for number in range(4 * MOST_FRESH):
            self.limits(f"other {number}")

    def kept(self, organisation: str) -> list[str]:
        return [limit.kind for limit in self.registry.all() if limit.organisation == organisation]


@pytest.mark.anyio
async def test_a_bucket_goes_when_it_is_full_again_and_the_month_keeps_its_count() -> None:
    many = Organisations()
    for _ in range(3):
        (await many.call("7")).end()
    many.come_and_go()
    assert many.kept("7") == ["row"], "its level is above 0"
    many.clock.now += 1.0
    many.come_and_go()
    assert many.kept("7") == []
    assert many.limits("7")[-1].used(many.clock.now) == 3
    many.come_and_go()
    many.clock.now += 60 * 86400.0
    assert many.limits("7")[-1].used(many.clock.now) == 0, "another month"


@pytest.mark.anyio
async def test_what_is_in_use_stays() -> None:
    many = Organisations()
    grant = await many.call("7", "lane")
    many.clock.now += 1.0
    many.come_and_go()
    assert many.kept("7") == ["row", "quota", "lane"], "a call is under way"
    grant.end()
    del grant
    held = many.limits("8")
    many.come_and_go()
    assert many.kept("7") == [] and many.limits("8") == held, "somebody is about to use them"
    row, quota = many.limits("9")
    row.lower(many.clock.now)
    quota.pause(many.clock.now, many.clock.now + 60.0)
    del row, quota
    many.come_and_go()
    assert many.kept("9") == ["row", "quota"], "a 429 is remembered"
    many.clock.now += 120.0
    many.come_and_go()
    assert many.kept("9") == []


@pytest.mark.anyio
async def test_a_call_that_waits_for_another_limit_keeps_all_of_its_own() -> None:
    api = ScriptedApi([sim()])
    state = SharedState(TABLE, api.clock)
    lane = state.registry.of_call("7", "POST", "/api/v1/x", "lane")
    inside = await state.throttle.admit(lane)
    async with anyio.create_task_group() as group:
        limits = state.registry.of_call("7", "GET", "/api/v1/sim/1", "lane")
        bucket = weakref.ref(limits[1])
        group.start_soon(state.throttle.admit, limits)
        del limits
        await anyio.sleep(1.0)
        for number in range(4 * MOST_FRESH):
            state.registry.of_call(f"other {number}", "GET", "/api/v1/sim/1", None)
        assert state.registry.of_call("7", "GET", "/api/v1/sim/1", None)[0] is bucket()
        inside.end()


def test_the_duration_of_calls_is_known_for_so_many_operations() -> None:
    state = SharedState(None, LoopClock())
    for number in range(MOST_EXCHANGES + 10):
        state.note_exchange(f"GET /api/v1/unknown/{number}", 1.0)
    state.note_exchange("GET /api/v1/unknown/0", 2.0)
    assert state.exchange_time(f"GET /api/v1/unknown/{MOST_EXCHANGES}") is None
    assert state.exchange_time("GET /api/v1/unknown/0") == pytest.approx(1.1)


def test_a_closed_loop_with_calls_under_way_is_forgotten_when_the_next_one_comes() -> None:
    gone, other = ClosedLoop(), LoopOfThisThread()
    world = World(gone, other)
    limiter = Limiter(world.clock)

    async def call() -> None:
        (await limiter.admit(())).sent()

    gone.start(call)
    world.run()
    gone.stop()
    world.clock.now += LANDED_WITHIN
    other.start(call)
    world.run()
    loop = weakref.ref(gone.loop)
    gone.tasks.clear()
    del world, gone
    gc.collect()
    assert loop() is None
    other.close()


def test_a_client_in_each_of_many_loops_leaves_nothing() -> None:
    """As a script that calls ``asyncio.run`` again and again, and never waits for a limit."""
    api, store, loops = ScriptedApi([sim()]), MemoryStore(), []

    async def main() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        task = asyncio.ensure_future(call_once(api, StaticToken("ready"), store))
        await asyncio.sleep(0)
        await task

    for _ in range(5):
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(main())
    gc.collect()
    assert sum(loop() is not None for loop in loops) <= 1
