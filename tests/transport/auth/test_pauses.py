"""Authentications are few, whatever the server says: 100 in five minutes are all that an address has."""

from __future__ import annotations

import base64
import json
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import ApplicationToken, Emnify, MemoryStore, RetryPolicy, UserPassword
from aioemnify.errors import AuthenticationError, DecodeError, EmnifyError, ServerError
from tests.scripted_api import ScriptedApi, sim
from tests.stores.virtual_store import SharedPlace, VirtualStore
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

USER = UserPassword("user@example.com", "hunter2")
ONCE = RetryPolicy(attempts=1)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


def token(claims: dict[str, Any]) -> str:
    """Return a token with any claims; the library for tokens does not write all of these."""

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'HS256'})}.{part(claims)}.c2ln"


class CountingApi(ScriptedApi):
    """Notes when each authentication comes, and answers each of them with ``login``."""

    def __init__(self, *answers: Any, login: Any = None, lifetime: float = 14400.0) -> None:
        super().__init__(answers or [sim()], lifetime=lifetime)
        self.login, self.moments = login, list[float]()

    async def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/authenticate":
            self.moments.append(anyio.current_time())
            if self.login is not None:
                self.login_answers = [self.login]
        return await super().handle(request)


async def keep_calling(emnify: Emnify, seconds: float, errors: list[EmnifyError]) -> None:
    ends = anyio.current_time() + seconds
    while anyio.current_time() < ends:
        try:
            await emnify.sims.get(1)
        except EmnifyError as error:
            errors.append(error)
        await anyio.sleep(2.0)


async def ten_tasks(emnify: Emnify, seconds: float = 300.0) -> list[EmnifyError]:
    errors: list[EmnifyError] = []
    async with anyio.create_task_group() as group:
        for _ in range(10):
            group.start_soon(keep_calling, emnify, seconds, errors)
    return errors


@pytest.mark.parametrize("credential", [ApplicationToken("t"), USER], ids=["application token", "user"])
@pytest.mark.parametrize("status", [401, 403, 422])
async def test_a_refused_credential_is_tried_again_after_6_12_24_seconds(
    credential: Any, status: int
) -> None:
    api = CountingApi(login=httpx.Response(status))
    async with api.client(None, auth=credential) as emnify:
        began = anyio.current_time()
        errors = await ten_tasks(emnify)
    pauses = [after - before for before, after in zip(api.moments, api.moments[1:], strict=False)]
    assert [round(pause / 6) for pause in pauses] == [1, 2, 4, 8, 16]
    assert sum(moment < began + 6 for moment in api.moments) == 1
    assert len(errors) > 1000 and {error.status for error in errors} == {status}  # type: ignore[attr-defined]


async def test_the_longest_pause_is_five_minutes_and_one_success_ends_it() -> None:
    api = CountingApi(login=httpx.Response(401))
    async with api.client() as emnify:
        await keep_calling(emnify, 3600.0, [])
        assert api.moments[-1] - api.moments[-2] == pytest.approx(300, abs=1)
        api.login = None
        await keep_calling(emnify, 301.0, [])
        await emnify.sims.get(1)
        api.login, api.answers = httpx.Response(401), [httpx.Response(401)]
        with pytest.raises(AuthenticationError):
            await emnify.sims.get(1)
        count = len(api.moments)
        await keep_calling(emnify, 6.5, [])
    assert len(api.moments) == count + 1, "the pauses begin again with six seconds"


async def test_the_error_says_until_when_and_why() -> None:
    api = CountingApi(
        login=httpx.Response(401, json={"error_code": 1101, "message": "the account is locked"})
    )
    async with api.client() as emnify:
        with pytest.raises(AuthenticationError):
            await emnify.sims.get(1)
        await anyio.sleep(2.0)
        with pytest.raises(AuthenticationError, match="the account is locked") as caught:
            await emnify.sims.get(1)
    assert "until 2023-11-14 22:13:" in str(caught.value) and "UTC (4 s)" in str(caught.value)
    assert caught.value.error_code == 1101 and len(api.moments) == 1 and api.requests == []


async def test_another_password_is_another_credential() -> None:
    api, store = CountingApi(login=httpx.Response(401)), MemoryStore()
    async with api.client(None, auth=USER, store=store) as emnify:
        with pytest.raises(AuthenticationError):
            await emnify.sims.get(1)
    api.login = None
    async with api.client(None, auth=UserPassword("user@example.com", "hunter3"), store=store) as emnify:
        assert (await emnify.sims.get(1)).id == 1
    assert len(api.moments) == 2


async def test_a_client_for_each_call_shares_the_pause() -> None:
    api, store = CountingApi(login=httpx.Response(401)), MemoryStore()
    for _ in range(20):
        async with api.client(store=store) as emnify:
            with pytest.raises(AuthenticationError):
                await emnify.sims.get(1)
        del emnify
    assert len(api.moments) == 1


@pytest.mark.parametrize(
    ("login", "kind"),
    [
        pytest.param(httpx.Response(500), ServerError, id="500"),
        pytest.param(httpx.Response(200, json={}), DecodeError, id="no token"),
        pytest.param(httpx.RemoteProtocolError("dropped"), EmnifyError, id="dropped"),
    ],
)
async def test_a_server_that_fails_is_asked_again_at_once_and_then_after_pauses(
    login: Any, kind: type[EmnifyError]
) -> None:
    api = CountingApi(login=login)
    async with api.client(retry=ONCE) as emnify:
        errors = await ten_tasks(emnify)
        assert errors and all(isinstance(error, kind) for error in errors)
        assert api.moments[1] - api.moments[0] < 3 and len(api.moments) <= 15
        api.login = None
        await anyio.sleep(30.0)
        assert (await emnify.sims.get(1)).id == 1


async def test_a_server_that_refuses_every_token_is_asked_for_one_in_thirty_seconds() -> None:
    api = CountingApi(httpx.Response(401, json={"message": "the tenant is suspended"}))
    async with api.client() as emnify:
        errors = await ten_tasks(emnify)
    assert len(api.moments) <= 11
    assert all(isinstance(error, AuthenticationError) and "suspended" in str(error) for error in errors)


async def test_one_path_that_is_always_refused_leaves_the_others_their_token() -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401) if request.url.path.endswith("/2") else sim()

    api = CountingApi(answer)
    async with api.client() as emnify:
        for _ in range(100):
            assert (await emnify.sims.get(1)).id == 1
            with pytest.raises(AuthenticationError):
                await emnify.sims.get(2)
            await anyio.sleep(1.0)
    assert len(api.moments) <= 5


async def test_a_call_refused_with_an_older_token_takes_the_newer_one() -> None:
    used: list[str] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        token = request.headers["authorization"]
        used.append(token)
        refused = token == used[0]
        if refused and request.url.path.endswith("/2"):
            await anyio.sleep(5.0)
        return httpx.Response(401) if refused else sim()

    api = CountingApi(answer)
    async with api.client() as emnify, anyio.create_task_group() as group:
        group.start_soon(emnify.sims.get, 2)
        await anyio.sleep(1.0)
        await emnify.sims.get(1)
    assert len(api.moments) == 2
    assert [used.index(token) for token in used] == [0, 0, 2, 2], "each call was refused once and repeated"


async def test_a_token_refused_after_a_failed_early_renewal_is_replaced() -> None:
    """The renewal that failed leaves the same token with other times."""
    fail = iter([httpx.ConnectError("refused")])

    async def answer(request: httpx.Request) -> httpx.Response:
        if len(api.requests) != 2:
            return sim()
        api.login_answers = list(fail)
        await anyio.sleep(10.0)  # meanwhile the other call fails to renew the token
        return httpx.Response(401)

    api = CountingApi(answer, lifetime=1000.0)
    async with api.client(retry=ONCE) as emnify, anyio.create_task_group() as group:
        await emnify.sims.get(1)
        await anyio.sleep(745.0)
        group.start_soon(emnify.sims.get, 1)
        await anyio.sleep(5.1)
        await emnify.sims.get(1)
    bearers = [request.headers["authorization"] for request in api.requests]
    assert bearers[0] == bearers[1] == bearers[2] != bearers[3] and len(api.moments) == 3


async def test_a_server_that_hands_out_one_token_for_ever_is_not_asked_by_each_call() -> None:
    api = CountingApi(httpx.Response(401))
    always = token({"iat": 1_700_000_000, "exp": 1_700_014_400})
    api.login = httpx.Response(200, json={"auth_token": always})
    async with api.client() as emnify:
        await ten_tasks(emnify)
    assert len(api.moments) <= 11


ABSURD: list[dict[str, Any]] = [
    {"exp": 1_000_000_000},
    {"exp": 1_700_000_001},
    {"exp": -5},
    {"exp": 5_000_000_000},
    {"exp": 10**400},
    {"iat": 1_700_000_000, "exp": 1_700_000_000.05},
    {"iat": 1_700_000_000, "exp": 1_700_000_009},
    {"iat": 1_700_014_400, "exp": 1_700_000_000},
    {"iat": "now", "exp": "tomorrow"},
]


@pytest.mark.parametrize("claims", ABSURD, ids=lambda claims: json.dumps(claims)[:40])
async def test_a_token_with_an_absurd_lifetime_is_used_and_not_asked_for_again(claims: Any) -> None:
    api = CountingApi(login=httpx.Response(200, json={"auth_token": token(claims)}))
    async with api.client() as emnify:
        assert await ten_tasks(emnify, 60.0) == []
        await anyio.sleep(3600.0)
        await emnify.sims.get(1)
    assert len(api.moments) == 1


async def test_processes_that_share_a_store_replace_a_refused_token_once() -> None:
    api = CountingApi(httpx.Response(401))
    place = SharedPlace(api.clock)
    async with anyio.create_task_group() as group:
        for number in range(8):

            async def process(number: int = number) -> None:
                async with api.client(store=VirtualStore(place, f"process {number}")) as emnify:
                    await keep_calling(emnify, 60.0, [])

            group.start_soon(process)
    assert len(api.moments) <= 2 + 8 * 2, "one at first, and at most one in 30 s by each process"
    assert sum(moment < api.moments[0] + 25 for moment in api.moments) == 2


async def test_a_refused_early_renewal_waits_for_the_pause() -> None:
    api = CountingApi(lifetime=4000.0)
    async with api.client() as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(3100.0)
        api.login = httpx.Response(401)
        errors: list[EmnifyError] = []
        await keep_calling(emnify, 800.0, errors)
    assert errors == [], "the old token is good still"
    assert len(api.moments) <= 1 + 8


async def test_the_newest_refresh_token_is_used() -> None:
    api = CountingApi(lifetime=1000.0)
    api.login_answers = [
        httpx.Response(200, json={"auth_token": "opaque1", "refresh_token": "r1"}),
        httpx.Response(200, json={"auth_token": "opaque2", "refresh_token": "r2"}),
        httpx.Response(200, json={"refresh_token": "r3"}),
        httpx.Response(200, json={"auth_token": "opaque3"}),
        httpx.Response(400, json={"error": "invalid_grant"}),
        httpx.Response(200, json={"auth_token": "opaque4", "refresh_token": "r4"}),
    ]
    async with api.client(None, auth=USER) as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(240 * 60)
        await emnify.sims.get(1)
        await anyio.sleep(240 * 60)
        with pytest.raises(DecodeError):
            await emnify.sims.get(1)
        await emnify.sims.get(1)
        await anyio.sleep(240 * 60)
        await emnify.sims.get(1)
    assert [login.get("refresh_token", "password") for login in api.logins] == [
        "password",
        "r1",
        "r2",
        "r3",
        "r3",
        "password",
    ]
