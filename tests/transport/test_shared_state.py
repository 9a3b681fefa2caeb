"""What clients of one process share, and how long."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import LIMITS, OPERATIONS, CallOptions, Emnify, Throttling
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.stores.memory import MemoryStore
from aioemnify.transport.shared_state import SharedState, shared_state_of
from tests.scripted_api import ScriptedApi
from tests.stores.virtual_store import SharedPlace, VirtualStore
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

EMPTY = httpx.Response(200, json=[])
URL = "https://sharing-clients.emnify.example"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


@pytest.mark.parametrize(("floor", "bulk_before"), [(0.0, 30), (0.1, 14), (0.25, 8)])
async def test_the_floor_of_the_lower_priorities_is_a_setting(floor: float, bulk_before: int) -> None:
    order: list[str] = []

    async def call(emnify: Emnify, priority: Any) -> None:
        await emnify.sims.list(options=CallOptions(priority=priority))
        order.append(priority)

    api = ScriptedApi([EMPTY])
    async with api.client(throttling=Throttling(floor=floor)) as emnify:
        await emnify.sims.list()
        async with anyio.create_task_group() as group:
            for _ in range(30):
                group.start_soon(call, emnify, "normal")
            await anyio.sleep(0.001)
            group.start_soon(call, emnify, "bulk")
    assert order.index("bulk") == bulk_before


@pytest.mark.parametrize("literal_ids", [True, False])
async def test_a_store_keeps_the_limits_by_the_same_settings(literal_ids: bool) -> None:
    api = ScriptedApi([EMPTY])
    store = VirtualStore(SharedPlace(api.clock), "one")
    settings = Throttling(literal_ids=literal_ids, overrides={7: {"get_sim": (2.0, 3.0)}}, jitter=0.0)
    async with api.client(store=store, throttling=settings) as emnify:
        await emnify.request("GET", "/api/v1/sim/status")
        await emnify.sims.list()
        rows = {use.name: use.allowed for use in emnify.throttle.snapshot().limits if use.kind == "row"}
    assert rows["GET /api/v1/sim"] == 3.0
    assert ("GET /api/v1/sim/{id}" in rows) is literal_ids


async def test_the_last_client_closes_the_store_and_again_when_it_is_closed_again() -> None:
    api = ScriptedApi([EMPTY])
    store = VirtualStore(SharedPlace(api.clock), "one")
    first, second = api.client(store=store), api.client(store=store)
    await first.sims.list()
    await first.aclose()
    await first.aclose()
    assert store.closed == 0
    await second.aclose()
    assert store.closed == 1
    await second.aclose()
    assert store.closed == 2, "calls that ended in between may have opened it again"


def test_a_mean_follows_the_latest_exchanges_slowly() -> None:
    state = SharedState(LIMITS, ScriptedApi().clock)
    assert state.exchange_time("sims.list") is None
    for seconds, mean in [(1.0, 1.0), (2.0, 1.1), (2.0, 1.19), (0.0, 1.071)]:
        state.note_exchange("sims.list", seconds)
        assert state.exchange_time("sims.list") == pytest.approx(mean)
    assert state.exchange_time("sims.get") is None


@pytest.mark.parametrize(
    ("operation", "organisation", "named", "owners"),
    [
        ("sims.list", "7", "GET /api/v1/sim", {"", "7"}),
        ("sims.list", None, "GET /api/v1/sim", {"", "-"}),
        ("sims.get", "7", "GET /api/v1/sim/{id}", {"", "7"}),
        ("endpoints.delete", "7", "lane endpoint", {"", "7"}),
        ("auth.authenticate", "7", "ip_authenticate", {""}),
    ],
)
async def test_a_preview_names_the_limits_of_a_call_and_keeps_none(
    operation: str, organisation: str | None, named: str, owners: set[str]
) -> None:
    state = SharedState(LIMITS, ScriptedApi().clock, paths=[one.path for one in OPERATIONS.values()])
    before = state.snapshot()
    limits = state.preview(OPERATIONS[operation], organisation)
    assert named in {limit.name for limit in limits}
    assert {limit.organisation for limit in limits} == owners
    assert state.snapshot() == before


def test_clients_whose_settings_differ_are_refused() -> None:
    shared_state_of(URL, LIMITS, Throttling(floor=0.2))
    with pytest.raises(ArgumentError) as caught:
        shared_state_of(URL, LIMITS, Throttling(floor=0.3))
    assert str(caught.value) == (
        "throttling differs from what another client of this process was given, and both spend the same "
        "limits: give all of them the same settings, or this one a store of its own"
    )


@pytest.mark.parametrize("store", [{}, 5, "redis"], ids=["not hashable", "no weak reference", "text"])
def test_a_store_that_cannot_be_remembered_is_refused(store: Any) -> None:
    with pytest.raises(ArgumentTypeError) as caught:
        shared_state_of(URL, LIMITS, store=store)
    assert str(caught.value) == (
        f"store has to be hashable and open to weak references, which {type(store).__name__} is not"
    )


def test_a_memory_store_keeps_its_state_and_another_store_is_free_to_go() -> None:
    memory, clock = MemoryStore(), ScriptedApi().clock
    kept = weakref.ref(shared_state_of(URL, LIMITS, store=memory, clock=clock))
    store: Any = VirtualStore(SharedPlace(clock), "one")
    gone, let_go = weakref.ref(shared_state_of(URL, LIMITS, store=store, clock=clock)), weakref.ref(store)
    del store
    gc.collect()
    assert gone() is None and let_go() is None
    assert kept() is shared_state_of(URL, LIMITS, store=memory)
