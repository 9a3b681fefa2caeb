"""One token for many processes: who authenticates, when, and what of a token that is no good."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import ApplicationToken, LoopClock, Throttling, UserPassword
from aioemnify._secret import Secret
from aioemnify.errors import AuthenticationError, StoreError
from aioemnify.stores import StoredToken
from aioemnify.transport.auth.shared_cache import SharedTokenCache
from tests.scripted_api import ScriptedApi, sim
from tests.stores.virtual_store import SharedPlace, VirtualStore
from tests.virtual_time import VirtualLoop, backend

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


class Fleet:
    """Processes with one credential and one place to share."""

    def __init__(self, api: ScriptedApi) -> None:
        self.api = api
        self.place = SharedPlace(api.clock)
        self.stores: list[VirtualStore] = []

    def process(self, token: str | None = "an-application-token", **options: Any) -> Any:
        store = VirtualStore(self.place, f"process {len(self.stores)}")
        self.stores.append(store)
        return self.api.client(token, store=store, **options)


async def call_once(client: Any) -> None:
    async with client as emnify:
        assert (await emnify.sims.get(1)).id == 1


async def test_two_hundred_that_start_at_once_authenticate_once() -> None:
    api = ScriptedApi([sim()])
    fleet = Fleet(api)
    async with anyio.create_task_group() as group:
        for _ in range(200):
            group.start_soon(call_once, fleet.process(throttling=None))
    assert len(api.logins) == 1 and len(api.requests) == 200
    assert len({request.headers["authorization"] for request in api.requests}) == 1
    assert all(store.closed == 1 for store in fleet.stores)


async def test_other_credentials_servers_and_workspaces_share_no_token() -> None:
    api = ScriptedApi([sim()])
    fleet = Fleet(api)
    user = UserPassword("user@example.com", "hunter2")
    for options in (
        {"token": "an-application-token"},
        {"token": "another-token"},
        {"token": "an-application-token", "base_url": "https://other.emnify.example"},
        {"token": None, "auth": user},
        {"token": None, "auth": UserPassword("user@example.com", "hunter3")},
        {"token": None, "auth": ApplicationToken("an-application-token")},
    ):
        await call_once(fleet.process(**options))
    assert len(api.logins) == 5 and len(fleet.place.tokens) == 5
    known = "".join(fleet.place.tokens)
    assert "token" not in known and "user" not in known and "hunter" not in known


async def test_a_code_that_takes_its_time_is_asked_for_once() -> None:
    prompts: list[float] = []

    async def code() -> str:
        prompts.append(anyio.current_time())
        await anyio.sleep(95)
        return "123456"

    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(200, json={"mfa_token": "half-way"})]
    fleet = Fleet(api)
    async with anyio.create_task_group() as group:
        for _ in range(20):
            user = UserPassword("user@example.com", "hunter2", mfa=code)
            group.start_soon(call_once, fleet.process(None, auth=user))
    assert len(prompts) == 1 and len(api.logins) == 2
    assert fleet.place.leases == {}


async def test_one_that_dies_while_it_authenticates_blocks_the_others_for_seconds_only() -> None:
    api = ScriptedApi([sim()])
    fleet = Fleet(api)
    await fleet.process().aclose()
    dead = fleet.stores[0]
    await call_once(fleet.process())
    (key,) = fleet.place.tokens
    fleet.place.tokens.clear()
    assert await dead.lease(key, "dead", 10.0)
    before = anyio.current_time()
    await call_once(fleet.process())
    assert 10.0 <= anyio.current_time() - before < 12.0
    assert len(api.logins) == 2


async def test_a_revoked_token_is_replaced_once_for_all() -> None:
    api = ScriptedApi([sim()])
    fleet = Fleet(api)
    clients = [fleet.process(throttling=None) for _ in range(30)]
    for emnify in clients:
        await emnify.sims.get(1)
    revoked = api.requests[0].headers["authorization"]

    async def answer(request: httpx.Request) -> httpx.Response:
        await anyio.sleep(0.05)
        return httpx.Response(401) if request.headers["authorization"] == revoked else sim()

    api.answers = [answer]
    async with anyio.create_task_group() as group:
        for emnify in clients:
            group.start_soon(call_once, emnify)
    assert len(api.logins) == 2


async def test_a_token_that_is_almost_over_is_left_alone() -> None:
    api = ScriptedApi([sim()], lifetime=1000.0)
    fleet = Fleet(api)
    await call_once(fleet.process())
    await anyio.sleep(960.0)
    late = fleet.process()
    async with late as emnify:
        await emnify.sims.get(1)
        assert emnify.throttle.snapshot().calls == 2, "an authentication and a call, nothing for nothing"
    assert len(api.logins) == 2


@pytest.mark.parametrize(("age", "logins"), [(930.0, 1), (950.0, 2)])
async def test_a_new_process_uses_the_others_token_until_it_is_stale(age: float, logins: int) -> None:
    api = ScriptedApi([sim()], lifetime=1000.0)
    fleet = Fleet(api)
    await call_once(fleet.process())
    await anyio.sleep(age)
    await call_once(fleet.process())
    assert len(api.logins) == logins


@pytest.mark.parametrize(("age", "logins"), [(5.0, 2), (700.0, 2), (800.0, 3)])
async def test_a_process_renews_by_the_others_token_unless_that_has_to_be_renewed_too(
    age: float, logins: int
) -> None:
    api = ScriptedApi([sim()], lifetime=4000.0)
    fleet = Fleet(api)
    async with fleet.process() as one, fleet.process() as other:
        await one.sims.get(1)
        await other.sims.get(1)
        await anyio.sleep(3101.0)
        api.lifetime = 1000.0  # it has to be renewed in its last quarter
        await one.sims.get(1)
        await anyio.sleep(age)
        await other.sims.get(1)
        assert len(api.logins) == logins
        used = [request.headers["authorization"] for request in api.requests]
    assert used[0] == used[1] != used[2]
    assert (used[2] == used[3]) is (logins == 2)


@pytest.mark.parametrize("lost", [True, False])
async def test_without_a_store_each_authenticates_for_itself_and_asks_it_once(
    lost: bool, caplog: pytest.LogCaptureFixture
) -> None:
    api = ScriptedApi([sim()])
    fleet = Fleet(api)
    await call_once(fleet.process())
    async with fleet.process() as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(4 * 3600)
        fleet.place.lose(lost=lost)
        with caplog.at_level(logging.WARNING, "aioemnify.store"):
            await emnify.sims.get(1)
    of_tokens = [text for text in fleet.stores[1].asked[-20:] if text in ("load", "lease", "save", "release")]
    assert len(api.logins) == 2 and of_tokens.count("lease") + of_tokens.count("save") <= 1
    assert [record.message for record in caplog.records if "tokens" in record.message] == [
        "store: tokens are not shared while it is lost: the store, of this test, is away"
    ]


async def test_a_store_that_never_worked_and_cannot_by_itself_is_told_of_at_once() -> None:
    api = ScriptedApi([sim()])
    fleet = Fleet(api)
    fleet.place.lose(lost=False)
    for options in ({}, {"throttling": None}):
        with pytest.raises(StoreError, match="of this test"):
            await call_once(fleet.process(**options))
    fleet.place.lose()
    with pytest.raises(StoreError, match="of this test"):
        await call_once(fleet.process(throttling=Throttling(on_store_error="raise")))
    assert api.logins == []


async def test_a_store_that_is_lost_again_is_asked_again_and_logged_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    api = ScriptedApi([sim()], lifetime=1000.0)
    fleet = Fleet(api)
    async with fleet.process(throttling=None) as emnify:
        for times in (1, 2):
            await emnify.sims.get(1)
            await anyio.sleep(940.0)  # the token is stale
            fleet.place.lose()
            await emnify.sims.get(1)
            await anyio.sleep(940.0)
            await emnify.sims.get(1)
            assert [record.message for record in caplog.records if record.name == "aioemnify.store"] == [
                "store: tokens are not shared while it is lost: the store, of this test, is away"
            ] * times
            await anyio.sleep(940.0)
            fleet.place.trouble = None
            await emnify.sims.get(1)
            await anyio.sleep(940.0)
    assert fleet.stores[0].asked.count("save") == 4


async def test_one_renews_the_token_of_all_early_and_the_others_use_the_old_one() -> None:
    api = ScriptedApi([sim()], lifetime=1000.0)
    fleet = Fleet(api)
    async with fleet.process() as one, fleet.process() as other:
        await one.sims.get(1)
        await other.sims.get(1)
        await anyio.sleep(800.0)
        api.login_delay = 3.0
        async with anyio.create_task_group() as group:
            group.start_soon(one.sims.get, 1)
            await anyio.sleep(1.0)
            before = anyio.current_time()
            await other.sims.get(1)
            assert anyio.current_time() == before
    assert len(api.logins) == 2


async def test_those_that_wait_for_a_token_ask_less_and_less_often() -> None:
    api = ScriptedApi([sim()])
    api.login_delay = 3.0
    fleet = Fleet(api)
    async with anyio.create_task_group() as group:
        group.start_soon(call_once, fleet.process(throttling=None))
        await anyio.sleep(0.01)
        await call_once(fleet.process(throttling=None))
        # The chance is 1.0, so each pause is half as long again: 0.075, 0.1125 ... 0.75, 0.75.
        assert anyio.current_time() == pytest.approx(0.01 + 3.0586, abs=1e-3)
    assert fleet.stores[1].asked.count("load") == 9 and fleet.stores[1].asked.count("lease") == 8


class OneAnswerAfterTheOther:
    """A store that has what it is told, one after the other."""

    def __init__(self, *tokens: StoredToken | None) -> None:
        self.tokens = list(tokens)
        self.asked: list[str] = []

    async def load(self, key: str) -> StoredToken | None:
        self.asked.append("load")
        return self.tokens.pop(0)

    async def lease(self, key: str, holder: str, seconds: float) -> bool:
        self.asked.append("lease")
        return True

    async def release(self, key: str, holder: str) -> None:
        self.asked.append("release")

    async def save(self, key: str, token: StoredToken) -> None:
        self.asked.append("save")

    async def aclose(self) -> None: ...


GOOD, BAD = StoredToken(Secret("good"), 100.0), StoredToken(Secret("bad"), 100.0)


@pytest.mark.parametrize(
    ("tokens", "found", "asked"),
    [
        ([GOOD], GOOD, ["load"]),
        ([None, GOOD], GOOD, ["load", "lease", "load", "release"]),
        ([BAD, GOOD], GOOD, ["load", "lease", "load", "release"]),
        ([None, None], None, ["load", "lease", "load"]),
        ([None, BAD], None, ["load", "lease", "load"]),
        ([BAD, BAD], None, ["load", "lease", "load"]),
    ],
)
async def test_a_token_saved_just_before_the_lease_is_found(
    tokens: list[StoredToken | None], found: StoredToken | None, asked: list[str]
) -> None:
    store = OneAnswerAfterTheOther(*tokens)
    cache = SharedTokenCache(
        store, identity="me", server="here", on_error="raise", clock=LoopClock(), chance=lambda: 1.0
    )
    assert await cache.load_or_lease(lambda token: token is GOOD) is found
    assert store.asked == asked


async def test_without_its_store_a_process_raises_or_authenticates_by_itself() -> None:
    place = SharedPlace(LoopClock())
    place.lose()

    def cache(on_error: Any) -> SharedTokenCache:
        return SharedTokenCache(
            VirtualStore(place, "one"),
            identity="me",
            server="here",
            on_error=on_error,
            clock=place.clock,
            chance=lambda: 1.0,
        )

    with pytest.raises(StoreError):
        await cache("raise").load()
    alone = cache("degrade")
    assert await alone.load() is None and await alone.lease() is True


async def test_a_failure_of_the_authentication_comes_as_it_is_and_ends_the_turn() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(401, json={"message": "no"})]
    fleet = Fleet(api)
    with pytest.raises(AuthenticationError):
        await call_once(fleet.process())
    assert fleet.place.leases == {} and fleet.place.tokens == {}


def test_asyncio_s_own_timeout_ends_a_turn_and_comes_as_it_is() -> None:
    async def check() -> None:
        api = ScriptedApi([sim()])
        api.login_delay = 60.0
        fleet = Fleet(api)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0):
                await call_once(fleet.process())
        assert fleet.place.leases == {}

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(check())


@pytest.mark.parametrize("latency", [0.0, 0.1])
async def test_one_that_is_cancelled_while_it_authenticates_ends_its_turn(latency: float) -> None:
    api = ScriptedApi([sim()])
    api.login_delay = 60.0
    fleet = Fleet(api)
    fleet.place.latency = latency
    with anyio.move_on_after(1.0):
        await call_once(fleet.process())
    assert fleet.place.leases == {}
