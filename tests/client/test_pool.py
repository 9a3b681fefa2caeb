"""``EmnifyPool``: when clients open and close, what tenants share and what they do not."""

from __future__ import annotations

import inspect
import traceback
from typing import Any
from uuid import UUID

import anyio
import httpx
import jwt
import pytest

from aioemnify import Emnify, EmnifyPool, LimitTable, StaticToken, UserPassword
from aioemnify.clock import SimulatedClock
from aioemnify.errors import (
    ArgumentError,
    ArgumentTypeError,
    AuthenticationError,
    ClientStateError,
    UnknownTenantError,
)
from aioemnify.operation import MonthLimit, RowLimit, WindowLimit
from aioemnify.pool import ClientOptions
from aioemnify.simulator import Clock as SimulatorClock
from aioemnify.simulator import Simulator
from aioemnify.transport.http.adapters import in_process
from tests.scripted_api import KEY, SIM, ScriptedApi
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


class Api(ScriptedApi):
    """Each application token is of an organisation of its own: ``token-7`` of organisation 7."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str] = set()
        self.seconds = 0.1
        self.under_way = self.most = 0

    def pool(self, tokens: Any, **options: Any) -> EmnifyPool[Any]:
        given = {"clock": self.clock, "chance": lambda: 1.0, "transport": httpx.MockTransport(self.handle)}
        return EmnifyPool(tokens, **given | options)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/authenticate":
            body = httpx.Response(200, content=request.content).json()
            self.logins.append(body)
            given = body["application_token"]
            if given in self.refused:
                return httpx.Response(401, json={"error_code": 401, "message": "no"})
            now = int(self.clock.wall())
            whose = int(given.rpartition("-")[2])
            claims = {"iat": now, "exp": now + 14400, "esc.org": whose, "jti": str(len(self.logins))}
            return httpx.Response(200, json={"auth_token": jwt.encode(claims, KEY)})
        self.requests.append(request)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await anyio.sleep(self.seconds)
        finally:
            self.under_way -= 1
        return httpx.Response(200, json=SIM)

    @property
    def organisations(self) -> list[int]:
        """Return whose calls have come."""
        tokens = [request.headers["Authorization"].removeprefix("Bearer ") for request in self.requests]
        unverified = {"verify_signature": False}  # nor that it has not expired: time is virtual
        return [jwt.decode(token, options=unverified)["esc.org"] for token in tokens]


@pytest.fixture
async def api() -> Api:
    return Api()


TOKENS = {"acme": "token-1", "globex": "token-2", "initech": "token-3"}


async def test_each_tenant_calls_with_its_own_token(api: Api) -> None:
    async with api.pool(TOKENS) as pool:
        for tenant in ("acme", "globex", "acme"):
            async with pool.client(tenant) as emnify:
                await emnify.sims.get(1)
    assert api.organisations == [1, 2, 1]
    assert [login["application_token"] for login in api.logins] == ["token-1", "token-2"]


async def test_blocks_of_a_tenant_get_one_client(api: Api) -> None:
    async with (
        api.pool(TOKENS) as pool,
        pool.client("acme") as one,
        pool.client("acme") as two,
        pool.client("globex") as other,
    ):
        assert one is two and one is not other


# --- tokens


async def test_a_function_is_asked_when_a_client_opens(api: Api) -> None:
    asked: list[UUID] = []

    def token_of(tenant: UUID) -> str:
        asked.append(tenant)
        return "token-5"

    tenant = UUID(int=5)
    async with api.pool(token_of) as pool:
        for _ in range(2):
            async with pool.client(tenant) as emnify:
                await emnify.sims.get(1)
    assert asked == [tenant] and api.organisations == [5, 5]


async def test_a_coroutine_is_asked_once_at_a_time_for_each_tenant(api: Api) -> None:
    under_way: list[str] = []
    asked: list[str] = []

    async def token_of(tenant: str) -> str:
        assert tenant not in under_way
        under_way.append(tenant)
        asked.append(tenant)
        await anyio.sleep(1)
        under_way.remove(tenant)
        return TOKENS[tenant]

    async with api.pool(token_of) as pool:

        async def use(tenant: str) -> None:
            async with pool.client(tenant) as emnify:
                await emnify.sims.get(1)

        async with anyio.create_task_group() as group:
            for tenant in [*TOKENS] * 5:
                group.start_soon(use, tenant)
    assert sorted(asked) == sorted(TOKENS)
    assert anyio.current_time() < 2, "tenants do not wait for each other"


async def test_an_error_of_the_function_is_raised_and_not_kept(api: Api) -> None:
    async def token_of(tenant: str) -> str:
        failures.append(tenant)
        if len(failures) < 3:
            raise ConnectionError("the database is away")
        return TOKENS[tenant]

    failures: list[str] = []
    async with api.pool(token_of) as pool:
        for _ in range(2):
            with pytest.raises(ConnectionError, match="^the database is away$"):
                async with pool.client("acme"):
                    pytest.fail("there is no client")
        async with pool.client("acme") as emnify:
            await emnify.sims.get(1)


async def test_the_next_one_asks_if_the_first_is_cancelled(api: Api) -> None:
    asked = 0

    async def token_of(tenant: str) -> str:
        nonlocal asked
        asked += 1
        await anyio.sleep(10 if asked == 1 else 1)
        return TOKENS[tenant]

    async with api.pool(token_of) as pool:

        async def first() -> None:
            with anyio.move_on_after(2):
                async with pool.client("acme"):
                    pytest.fail("there is no client yet")

        async with anyio.create_task_group() as group:
            group.start_soon(first)
            await anyio.sleep(1)
            async with pool.client("acme") as emnify:
                await emnify.sims.get(1)
    assert asked == 2
    assert not pool._opening and not pool._questions


async def test_any_credential_is_taken(api: Api) -> None:
    token = jwt.encode({"esc.org": 9}, KEY)
    async with api.pool({"acme": StaticToken(token)}) as pool, pool.client("acme") as emnify:
        await emnify.sims.get(1)
    assert api.organisations == [9] and not api.logins


@pytest.mark.parametrize("lookup", [TOKENS, TOKENS.get], ids=["mapping", "function"])
async def test_an_unknown_tenant_is_an_error_of_its_own(api: Api, lookup: Any) -> None:
    async with api.pool(lookup) as pool:
        for _ in range(2):
            with pytest.raises(UnknownTenantError) as caught:
                async with pool.client("acne"):
                    pytest.fail("there is no client")
        assert not pool._open and not pool._opening
    closest = "; did you mean 'acme'?" if lookup is TOKENS else ""
    assert str(caught.value) == "tenant 'acne' has no token" + closest


async def test_a_long_or_strange_name_of_a_tenant_is_only_cut(api: Api) -> None:
    async with api.pool({**TOKENS, 7: "token-7"}) as pool:
        for tenant in ("a" * 10_000, 8, ("acme",)):
            with pytest.raises(UnknownTenantError) as caught:
                async with pool.client(tenant):
                    pytest.fail("there is no client")
            assert len(str(caught.value)) < 200


@pytest.mark.parametrize("token", ["", "  ", "two\nlines", 7, b"token", object()])
async def test_what_is_no_token_is_refused_without_showing_it(api: Api, token: Any) -> None:
    async with api.pool({"acme": token}) as pool:
        with pytest.raises(ArgumentError) as caught:
            async with pool.client("acme"):
                pytest.fail("there is no client")
    assert "two" not in str(caught.value) and repr(token) not in str(caught.value)


# --- opening, closing, forgetting


async def test_an_idle_client_is_closed_after_max_idle(api: Api) -> None:
    async with api.pool(TOKENS, max_idle=60) as pool:
        async with pool.client("acme") as left:
            await left.sims.get(1)
        await anyio.sleep(59)
        assert set(pool.snapshots()) == {"acme"}
        async with pool.client("acme") as again:
            assert again is left
        await anyio.sleep(59)
        assert set(pool.snapshots()) == {"acme"}
        await anyio.sleep(2)
        assert pool.snapshots() == {}
        with pytest.raises(ClientStateError):
            await left.sims.get(1)
        async with pool.client("acme") as other:
            assert other is not left
            await other.sims.get(1)
    assert len(api.logins) == 1, "the auth token outlives the client"


async def test_a_client_in_use_is_never_closed(api: Api) -> None:
    async with api.pool(TOKENS, max_idle=60, max_clients=1) as pool, pool.client("acme") as emnify:
        await anyio.sleep(3600)
        async with pool.client("globex") as other:
            await other.sims.get(1)
        await emnify.sims.get(1)
        assert set(pool.snapshots()) == {"acme"}
    assert api.organisations == [2, 1]


async def test_the_clients_idle_for_the_longest_make_room(api: Api) -> None:
    async with api.pool(TOKENS, max_clients=2) as pool:
        for tenant in ("acme", "globex", "acme", "initech"):
            async with pool.client(tenant):
                await anyio.sleep(1)
        assert set(pool.snapshots()) == {"acme", "initech"}


async def test_forgetting_asks_for_the_token_again_and_disturbs_nobody(api: Api) -> None:
    tokens = dict(TOKENS)
    async with api.pool(tokens) as pool:
        async with pool.client("acme") as old:
            tokens["acme"] = "token-11"
            pool.forget("acme")
            async with pool.client("acme") as new:
                assert new is not old
                await new.sims.get(1)
            await old.sims.get(1)
        with pytest.raises(ClientStateError):
            await old.sims.get(1)
        del tokens["acme"]
        pool.forget("acme")
        pool.forget("nobody")
        with pytest.raises(UnknownTenantError):
            async with pool.client("acme"):
                pytest.fail("there is no client")
    assert api.organisations == [11, 1]


async def test_a_token_that_is_forgotten_while_it_is_fetched_is_fetched_again(api: Api) -> None:
    tokens = {"acme": "token-1"}

    async def token_of(tenant: str) -> str:
        found = tokens[tenant]
        await anyio.sleep(1)
        return found

    async with api.pool(token_of) as pool, anyio.create_task_group() as group:

        async def use() -> None:
            async with pool.client("acme") as emnify:
                await emnify.sims.get(1)

        group.start_soon(use)
        await anyio.sleep(0.5)
        tokens["acme"] = "token-2"
        pool.forget("acme")
    assert api.organisations == [2]


async def test_a_refused_token_is_asked_for_again(api: Api) -> None:
    tokens = {"acme": "token-1"}
    api.refused = {"token-1"}
    async with api.pool(tokens) as pool:
        with pytest.raises(AuthenticationError):
            async with pool.client("acme") as emnify:
                await emnify.sims.get(1)
        tokens["acme"] = "token-2"
        async with pool.client("acme") as emnify:
            await emnify.sims.get(1)
    assert api.organisations == [2]


async def test_a_refused_token_is_asked_for_again_after_a_group_of_tasks(api: Api) -> None:
    tokens = {"acme": "token-1"}
    api.refused = {"token-1"}
    async with api.pool(tokens) as pool:
        with pytest.raises(ExceptionGroup):
            async with pool.client("acme") as emnify, anyio.create_task_group() as group:
                group.start_soon(emnify.sims.get, 1)
        tokens["acme"] = "token-2"
        async with pool.client("acme") as emnify:
            await emnify.sims.get(1)
    assert api.organisations == [2]


async def test_a_client_that_a_block_has_closed_is_replaced(api: Api) -> None:
    async with api.pool(TOKENS) as pool:
        async with pool.client("acme") as emnify, emnify:
            await emnify.sims.get(1)
        async with pool.client("acme") as emnify:
            await emnify.sims.get(1)
        async with pool.client("globex") as emnify:
            await emnify.sims.get(1)
    assert api.organisations == [1, 1, 2]


async def test_closing_the_pool_ends_everything(api: Api) -> None:
    api.seconds = 100
    ended: list[str] = []

    async def token_of(tenant: str) -> str:
        if tenant == "initech":
            await anyio.sleep_forever()
        return TOKENS[tenant]

    async with anyio.create_task_group() as group:
        pool = api.pool(token_of, max_connections=1)

        async def use(tenant: str) -> None:
            with pytest.raises(ClientStateError):
                async with pool.client(tenant) as emnify:
                    await emnify.sims.get(1)
            ended.append(tenant)

        for tenant in TOKENS:  # one is sent, one waits for the connection, one for its token
            group.start_soon(use, tenant)
        await anyio.sleep(10)
        assert not ended and api.most == 1
        await pool.aclose()
        await anyio.sleep(1)
        assert sorted(ended) == sorted(TOKENS)
        await pool.aclose()
        with pytest.raises(ClientStateError, match="the pool is closed"):
            async with pool.client("acme"):
                pytest.fail("there is no client")
        with pytest.raises(ClientStateError, match="the pool is closed"):
            await pool.__aenter__()
    assert not pool._open and not pool._idle and not pool._opening and not pool._questions


async def test_closing_the_pool_ends_all_who_wait_for_one_token(api: Api) -> None:
    asked: list[str] = []
    ended: list[str] = []

    async def token_of(tenant: str) -> str:
        asked.append(tenant)
        await anyio.sleep_forever()
        raise AssertionError

    pool = api.pool(token_of)

    async def use() -> None:
        with pytest.raises(ClientStateError):
            async with pool.client("acme"):
                pytest.fail("there is no client")
        ended.append("acme")

    with anyio.fail_after(10):
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(use)
            await anyio.sleep(1)
            await pool.aclose()
    assert (len(ended), len(asked)) == (3, 1)


async def test_a_cancelled_block_leaves_its_client_usable(api: Api) -> None:
    api.seconds = 5
    async with api.pool(TOKENS, connections=1) as pool:
        for _ in range(3):
            with anyio.move_on_after(1):
                async with pool.client("acme") as emnify:
                    await emnify.sims.get(1)
        async with pool.client("acme") as emnify:
            await emnify.sims.get(1)
            assert pool.snapshots()["acme"].queued == 0
        assert len(pool._idle) == 1


# --- what is shared


def table(count: int) -> LimitTable:
    """Return limits with a small window of the address and a slow row of each organisation."""
    row = RowLimit(id="get_sim", method="GET", path="/api/v1/sim/{id}", rate=1.0, burst=1)
    window = WindowLimit(id="ip_general", method="*", path="/api/*", count=count, seconds=300.0)
    return LimitTable((row,), (window,), MonthLimit(id="month", count=10**6))


async def use_all(pool: EmnifyPool[Any], tenants: Any, calls: int = 1) -> None:
    async def use(tenant: Any) -> None:
        async with pool.client(tenant) as emnify:
            for _ in range(calls):
                await emnify.sims.get(1)

    async with anyio.create_task_group() as group:
        for tenant in tenants:
            group.start_soon(use, tenant)


async def test_tenants_share_the_window_of_the_address_and_not_their_rows(api: Api) -> None:
    began = anyio.current_time()
    async with api.pool(TOKENS, limits=table(10_000)) as pool:
        await use_all(pool, TOKENS, calls=4)
        assert anyio.current_time() - began < 6, "each has a row of its own"
    api.requests.clear()
    # Authentications count too: 3 and then 3 calls.
    async with api.pool(TOKENS, limits=table(6)) as pool:
        began = anyio.current_time()
        await use_all(pool, TOKENS)
        assert anyio.current_time() - began < 5
        async with pool.client("acme") as emnify:
            await emnify.sims.get(1)
        assert anyio.current_time() - began > 290


async def test_the_connections_of_a_tenant_and_of_all_are_bounded(api: Api) -> None:
    async def most(count: int, tenants: list[str], **options: Any) -> int:
        api.most = 0
        async with api.pool(TOKENS, throttling=None, **options) as pool:
            await use_all(pool, tenants * count)
        return api.most

    assert await most(10, ["acme"], connections=2) == 2
    assert await most(10, [*TOKENS], connections=2) == 6
    assert await most(10, [*TOKENS], connections=2, max_connections=5) == 5


async def test_a_snapshot_shows_a_tenant_nothing_of_the_others(api: Api) -> None:
    async with api.pool(TOKENS, limits=table(10_000)) as pool:
        await use_all(pool, ["acme", "globex"], calls=2)
        await use_all(pool, ["acme"], calls=2)
        seen = pool.snapshots()
        async with pool.client("acme") as emnify:
            assert emnify.throttle.snapshot() == seen["acme"]
            assert emnify.throttle.estimate("sims.get", 10).seconds > 8
    assert set(seen) == {"acme", "globex"}
    # Each has authenticated with one more call.
    assert [seen[name].calls for name in ("acme", "globex")] == [5, 3]
    assert [seen[name].waits for name in ("acme", "globex")] == [3, 1]
    assert seen["acme"].waited_seconds > 2 > seen["globex"].waited_seconds > 0
    for name, organisation in (("acme", "1"), ("globex", "2")):
        assert {use.organisation for use in seen[name].limits} == {"", organisation}
        assert {use.kind for use in seen[name].limits} == {"row", "ip", "quota", "connections"}
    (window,) = {use.used for one in seen.values() for use in one.limits if use.kind == "ip"}
    assert window == 8


async def test_a_thousand_tenants(api: Api) -> None:
    tokens = {number: f"token-{number}" for number in range(1, 1001)}
    api.seconds = 0.01
    async with api.pool(tokens, max_clients=400, max_idle=10**6) as pool:
        await use_all(pool, tokens)
        assert sorted(api.organisations) == sorted(tokens)
        # 100 authentications of an address in 300 s: it takes nine windows more.
        assert 2700 < anyio.current_time() < 2750
        assert len(api.logins) == 1000 and len(pool.snapshots()) == 400
        await use_all(pool, pool.snapshots())
        assert len(api.logins) == 1000


async def test_many_organisations_of_the_simulator() -> None:
    simulator = Simulator(sims=3, clock=SimulatorClock.manual())
    tokens = {"first": simulator.application_token}
    tokens |= {f"tenant-{sims}": simulator.add_organisation(f"of {sims}", sims=sims) for sims in range(1, 40)}
    found: dict[str, list[int]] = {}
    async with EmnifyPool(
        tokens,
        base_url=simulator.url,
        transport=in_process(simulator.app),
        clock=SimulatedClock(simulator.clock),
    ) as pool:

        async def look(tenant: str) -> None:
            async with pool.client(tenant) as emnify:
                found[tenant] = [sim.id async for sim in emnify.sims.list(per_page=10)]

        async with anyio.create_task_group() as group:
            for tenant in tokens:
                group.start_soon(look, tenant)
        assert {shown.refused for shown in pool.snapshots().values()} == {0}
    assert {tenant: len(ids) for tenant, ids in found.items()} == {
        "first": 3,
        **{f"tenant-{sims}": sims for sims in range(1, 40)},
    }
    every = [one for ids in found.values() for one in ids]
    assert len(set(every)) == len(every)


async def test_a_tenant_may_switch_to_other_workspaces() -> None:
    simulator = Simulator(sims=3, second_sims=2, clock=SimulatorClock.manual())
    user = UserPassword(simulator.username, simulator.password)
    async with (
        EmnifyPool(
            {"acme": user},
            base_url=simulator.url,
            transport=in_process(simulator.app),
            clock=SimulatedClock(simulator.clock),
        ) as pool,
        pool.client("acme") as emnify,
    ):
        there = emnify.workspace(simulator.second_organisation_id)
        assert [len(await one.sims.list()) for one in (emnify, there, emnify)] == [3, 2, 3]
    with pytest.raises(ClientStateError):
        await there.sims.list()


# --- arguments and secrets


@pytest.mark.parametrize(
    ("tokens", "options", "text"),
    [
        ("token-1", {}, "tokens takes a mapping of tenants to application tokens, or a function"),
        (None, {}, "not NoneType"),
        ({}, {"max_idle": 0}, "max_idle takes a number of seconds above 0"),
        ({}, {"max_clients": 0}, "max_clients is at least 1"),
        ({}, {"max_connections": 0}, "max_connections is at least 1"),
        ({}, {"connections": 0}, "connections is at least 1"),
        ({}, {"base_url": "ftp://host"}, "base_url takes https"),
        ({}, {"throttling": 3}, "throttling takes"),
    ],
)
async def test_an_argument_that_cannot_work_is_refused_at_once(tokens: Any, options: Any, text: str) -> None:
    with pytest.raises(ArgumentError, match=text):
        EmnifyPool(tokens, **options)


async def test_no_repr_and_no_error_shows_a_token(api: Api) -> None:
    tokens = {"acme": "token-canary-1"}
    api.refused = {"token-canary-1"}
    pool = api.pool(tokens)
    async with pool.client("acme") as emnify:
        shown = [repr(pool), repr(emnify), repr(pool.snapshots())]
    with pytest.raises(AuthenticationError) as caught:
        async with pool.client("acme") as emnify:
            await emnify.sims.get(1)
    shown += traceback.format_exception(caught.value)
    assert repr(pool) == "<EmnifyPool of https://cdn.emnify.net: 0 clients>"
    assert not [text for text in shown if "canary" in text]
    await pool.aclose()
    with pytest.raises(ArgumentTypeError) as wrong:
        EmnifyPool("token-canary-1")  # type: ignore[arg-type]
    assert "canary" not in str(wrong.value)


def test_the_options_are_those_of_the_client() -> None:
    own = set(inspect.signature(EmnifyPool).parameters)
    wanted = set(inspect.signature(Emnify).parameters) - {"application_token", "auth"}
    assert wanted - own == set(ClientOptions.__annotations__)
