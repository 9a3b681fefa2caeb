"""What stays in a process of tenants that come and go, where a store counts for several processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import anyio
import pytest

from aioemnify import StaticToken
from aioemnify.errors import StoreError
from aioemnify.transport.shared_state import SharedState, shared_state_of
from aioemnify.transport.throttle.registry import MOST_FRESH
from aioemnify.transport.throttle.shared.limit import StoredLimit
from aioemnify.transport.throttle.shared.reserved_slots import ReservedSlots
from tests.scripted_api import EPOCH, ScriptedApi, sim
from tests.stores.virtual_store import SharedPlace, VirtualStore
from tests.transport.auth.test_pauses import token
from tests.transport.test_forgetting import TABLE, TENANTS, URL, alive, bytes_of, call_once
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> object:
    return backend("asyncio")


async def test_closed_tenants_over_a_store_leave_a_number_each() -> None:
    api = ScriptedApi([sim()])
    store: Any = VirtualStore(SharedPlace(api.clock), "this process")
    state = shared_state_of(URL, TABLE, store=store, clock=api.clock)

    def own_bytes() -> int:
        return bytes_of(state) - bytes_of(store)

    async def tenants(first: int, last: int) -> None:
        for number in range(first, last):
            claims = {"exp": EPOCH + 14400, "esc.org": number, "x": "y" * 200}
            await call_once(api, StaticToken(token(claims)), store)
            await anyio.sleep(0.01)

    await tenants(0, 2 * MOST_FRESH)
    before = own_bytes()
    await tenants(1000, 1000 + TENANTS // 4)
    assert (own_bytes() - before) / (TENANTS // 4) <= 300
    assert alive(ReservedSlots) <= 2 * MOST_FRESH and alive(StoredLimit) <= 4 * MOST_FRESH
    assert len(state.registry.all()) <= 2 * MOST_FRESH


class Tenants:
    """A process whose organisations make calls, over a store."""

    def __init__(self) -> None:
        self._others = count()
        self.clock = ScriptedApi().clock
        self.place = SharedPlace(self.clock)
        self.state = SharedState(
            TABLE, self.clock, store=VirtualStore(self.place, "this process"), server=URL
        )

    def limits(self, organisation: str) -> Any:
        return self.state.registry.of_call(organisation, "GET", "/api/v1/sim/1", None)

    async def call(self, organisation: str) -> Any:
        grant = await self.state.throttle.admit(self.limits(organisation))
        grant.sent()
        grant.headers_received()
        return grant

    async def come_and_go(self) -> None:
        """Let so many others come that what is not in use is forgotten."""
        for _ in range(4 * MOST_FRESH):
            (await self.call(f"other {next(self._others)}")).end()
        await anyio.sleep(1.0)

    def kept(self, organisation: str) -> list[str]:
        return [limit.kind for limit in self.state.registry.all() if limit.organisation == organisation]

    def month_of(self, organisation: str) -> int:
        """Return the count of this month in the store."""
        month = datetime.fromtimestamp(self.clock.wall(), UTC).strftime("%Y-%m")
        return self.place.tables.month_used(f"quota:{URL}:{organisation}:month", month)


@pytest.fixture
async def many() -> AsyncIterator[Tenants]:
    tenants = Tenants()
    yield tenants
    await tenants.state.throttle.background.finish()


async def test_a_forgotten_month_is_known_and_told_to_a_store_that_lost_it(many: Tenants) -> None:
    for _ in range(3):
        (await many.call("7")).end()
    await anyio.sleep(1.0)
    await many.come_and_go()
    await many.come_and_go()
    assert many.kept("7") == []
    assert many.limits("7")[1].used(many.clock.monotonic()) == 3
    many.place.empty()
    (await many.call("8")).end()
    assert many.month_of("7") == 3
    (await many.call("7")).end()
    assert many.month_of("7") == 4


async def test_a_month_that_is_over_is_told_to_no_store(many: Tenants) -> None:
    (await many.call("6")).end()
    (await many.call("7")).end()
    await anyio.sleep(40 * 86400.0)
    many.place.empty()
    (await many.call("8")).end()
    assert (many.month_of("6"), many.month_of("7"), many.month_of("8")) == (0, 0, 1)


async def test_what_is_in_use_or_known_here_alone_stays(many: Tenants) -> None:
    grant = await many.call("7")
    await anyio.sleep(1.0)
    slots = many.limits("7")[-1]
    await many.come_and_go()
    assert many.limits("7")[-1] is slots, "a call is under way"
    grant.end()
    del grant, slots
    held = many.limits("8")
    await many.come_and_go()
    assert many.limits("8") == held, "somebody is about to use them"
    paused = many.limits("9")
    paused[0].pause(many.clock.monotonic(), many.clock.monotonic() + 1000.0)
    del paused
    await many.come_and_go()
    assert "row" in many.kept("9") and many.limits("9")[0].paused_until > many.clock.monotonic()


async def test_while_the_store_is_away_nothing_is_forgotten(many: Tenants) -> None:
    (await many.call("7")).end()
    many.place.trouble = StoreError("away", lost=True)
    await anyio.sleep(1.0)
    await many.come_and_go()
    assert many.kept("7") == ["row", "quota"]
    many.place.trouble = None
    await anyio.sleep(10.0)
    await many.come_and_go()
    await many.come_and_go()
    assert many.kept("7") == []
    assert many.month_of("other 0") > 0
