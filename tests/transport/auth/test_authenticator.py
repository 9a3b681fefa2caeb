"""Tokens: how many authentications there are, when, and who shares what."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import anyio
import httpx
import jwt
import pytest

from aioemnify import ApplicationToken, Emnify, RetryPolicy, StaticToken, UserPassword
from aioemnify.errors import (
    ArgumentError,
    AuthenticationError,
    BadRequestError,
    ConnectError,
    DecodeError,
    TimeoutError,
)
from aioemnify.stores.memory import MemoryStore
from aioemnify.transport.auth.authenticator import FIRST_PAUSE
from tests.scripted_api import EPOCH, KEY, ScriptedApi, sim
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


async def test_a_hundred_first_calls_make_one_authentication() -> None:
    api = ScriptedApi([sim()])
    async with api.client() as emnify, anyio.create_task_group() as group:
        for _ in range(100):
            group.start_soon(emnify.sims.get, 1)
    assert len(api.logins) == 1
    assert len(api.requests) == 100
    assert {request.headers["authorization"] for request in api.requests} == {
        api.requests[0].headers["authorization"]
    }
    assert api.logins == [{"application_token": "an-application-token"}]


async def test_a_cancelled_leader_takes_nobody_with_it() -> None:
    api, results = ScriptedApi([sim()]), []
    async with api.client() as emnify, anyio.create_task_group() as group:

        async def leader() -> None:
            with anyio.move_on_after(0.05):
                await emnify.sims.get(1)

        async def follower() -> None:
            results.append((await emnify.sims.get(1)).id)

        group.start_soon(leader)
        await anyio.sleep(0.01)
        for _ in range(5):
            group.start_soon(follower)
    assert results == [1] * 5
    assert len(api.logins) == 2


async def test_callers_who_wait_share_one_failure() -> None:
    api, failures = ScriptedApi([sim()]), []
    api.login_answers = [httpx.Response(401) for _ in range(10)]
    async with api.client() as emnify, anyio.create_task_group() as group:

        async def call() -> None:
            try:
                await emnify.sims.get(1)
            except AuthenticationError as error:
                failures.append(error)

        for _ in range(10):
            group.start_soon(call)
    assert len(failures) == 10 and len(api.logins) == 1
    assert len({id(error) for error in failures}) == 10, "each caller has an exception of its own"


async def test_the_page_of_a_list_stays_with_the_caller_who_read_the_list() -> None:
    api, pages = ScriptedApi([sim()]), []
    api.login_answers = [httpx.Response(401)]
    async with api.client() as emnify, anyio.create_task_group() as group:

        async def fail(call: Any) -> None:
            with pytest.raises(AuthenticationError) as caught:
                await call
            pages.append((caught.value.page, str(caught.value)[:7]))

        group.start_soon(fail, anext(emnify.sims.list(page=3).pages()))
        await anyio.sleep(0.01)
        group.start_soon(fail, emnify.sims.get(1))
    assert pages == [(3, "page 3,"), (None, "auth.au")]


async def test_a_refusal_of_the_server_concerns_all_clients_of_a_credential() -> None:
    api, refused, store = ScriptedApi([sim()]), [], MemoryStore()
    api.login_answers = [httpx.Response(400)] * 3

    async def call(emnify: Emnify) -> None:
        with pytest.raises(BadRequestError):
            await emnify.sims.get(1)
        refused.append(1)

    async with api.client(store=store) as one, api.client(store=store) as other:
        for times in (1, 2, 3):
            async with anyio.create_task_group() as group:
                for emnify in (one, other, one, other):
                    group.start_soon(call, emnify)
            assert (len(refused), len(api.logins)) == (4 * times, times)
            await anyio.sleep(FIRST_PAUSE * 2 ** (times - 1))


async def test_after_a_lost_connection_the_next_call_tries_again() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.ConnectError("refused")]
    async with api.client(retry=RetryPolicy(attempts=1)) as emnify:
        with pytest.raises(ConnectError):
            await emnify.sims.get(1)
        assert (await emnify.sims.get(1)).id == 1
    assert len(api.logins) == 2


async def test_the_token_is_renewed_ahead_of_its_expiry_by_one_caller() -> None:
    api = ScriptedApi([sim()], lifetime=1000.0)
    async with api.client() as emnify:
        await emnify.sims.get(1)
        # chance is 1.0, so renewal starts a quarter of the lifetime ahead of expiry.
        await anyio.sleep(700)
        await emnify.sims.get(1)
        assert len(api.logins) == 1
        await anyio.sleep(60)
        moments: list[float] = []
        before = anyio.current_time()

        async def call() -> None:
            await emnify.sims.get(1)
            moments.append(anyio.current_time() - before)

        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(call)
    assert len(api.logins) == 2
    assert sorted(round(moment, 3) for moment in moments) == [0.0] * 9 + [0.1], "nine go on with the old one"


async def test_an_early_renewal_that_fails_keeps_the_old_token(caplog: pytest.LogCaptureFixture) -> None:
    api = ScriptedApi([sim()], lifetime=1000.0)
    async with api.client() as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(760)
        api.login_answers = [httpx.Response(401)]
        assert (await emnify.sims.get(1)).id == 1
        assert len(api.logins) == 2
        assert (await emnify.sims.get(1)).id == 1
        assert len(api.logins) == 2, "a pause comes before the next attempt"
        await anyio.sleep(29.8)
        await emnify.sims.get(1)
        assert len(api.logins) == 2
        await anyio.sleep(0.2)
        await emnify.sims.get(1)
    assert len(api.logins) == 3
    assert [record.getMessage() for record in caplog.records if record.name == "aioemnify.auth"] == [
        "the token could not be renewed, so it is still used: AuthenticationError"
    ]


async def test_a_stale_token_is_not_used_in_the_pause_after_an_early_renewal_that_failed() -> None:
    api = ScriptedApi([sim()], lifetime=100.0)
    async with api.client() as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(80)
        api.login_answers = [httpx.Response(400)]
        await emnify.sims.get(1)
        assert len(api.logins) == 2
        await anyio.sleep(15)  # less than the pause
        await emnify.sims.get(1)
    assert len(api.logins) == 3
    used = [request.headers["authorization"] for request in api.requests]
    assert used[0] == used[1] != used[2]


async def test_an_early_renewal_that_takes_long_is_given_up_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    api = ScriptedApi([sim()], lifetime=1000.0)
    async with api.client() as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(760)
        api.login_delay = 60.0
        began = anyio.current_time()
        assert (await emnify.sims.get(1)).id == 1
        assert anyio.current_time() - began == pytest.approx(5.0)
    assert [record.getMessage() for record in caplog.records if record.name == "aioemnify.auth"] == [
        "the token could not be renewed in 5.0 s, so it is still used"
    ]


async def test_an_expired_token_is_never_sent() -> None:
    api = ScriptedApi([sim()], lifetime=100.0)
    async with api.client() as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(99)
        await emnify.sims.get(1)
    first, second = (request.headers["authorization"] for request in api.requests)
    assert first != second


async def test_a_token_that_does_not_say_lives_240_minutes() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(200, json={"auth_token": "opaque"})]
    async with api.client() as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(240 * 60 - 15 * 60 - 1)
        await emnify.sims.get(1)
        assert len(api.logins) == 1
        await anyio.sleep(2)
        await emnify.sims.get(1)
    assert len(api.logins) == 2


async def test_a_token_that_says_only_when_it_expires_is_renewed_by_the_wall_clock() -> None:
    api = ScriptedApi([sim()])
    ends = jwt.encode({"exp": EPOCH + 1000.1}, KEY)
    api.login_answers = [httpx.Response(200, json={"auth_token": ends})]
    async with api.client() as emnify:
        for seconds, logins in [(0.0, 1), (749.0, 1), (2.0, 2)]:
            await anyio.sleep(seconds)
            await emnify.sims.get(1)
            assert len(api.logins) == logins


async def test_a_401_makes_one_fresh_authentication_and_one_repeat(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "aioemnify")
    api = ScriptedApi([httpx.Response(401), sim()])
    async with api.client() as emnify:
        assert (await emnify.sims.get(1)).id == 1
    assert len(api.logins) == 2 and len(api.requests) == 2
    assert any(
        text.startswith("sims.get: the token was refused; authenticating again") for text in caplog.messages
    )


async def test_a_second_401_is_an_authentication_error() -> None:
    api = ScriptedApi([httpx.Response(401, json={"message": "token contains an invalid number of segments"})])
    async with api.client() as emnify:
        with pytest.raises(AuthenticationError, match="invalid number of segments"):
            await emnify.sims.get(1)
    assert len(api.logins) == 2 and len(api.requests) == 2


async def test_a_burst_of_401_makes_one_fresh_authentication() -> None:
    fresh: set[str] = set()

    async def until_renewed(request: httpx.Request) -> httpx.Response:
        await anyio.sleep(0.05)
        fresh.add(request.headers["authorization"])
        return sim() if len(api.logins) > 1 else httpx.Response(401)

    api = ScriptedApi([until_renewed])
    async with api.client() as emnify, anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(emnify.sims.get, 1)
    assert len(api.logins) == 2 and len(fresh) == 2


async def test_a_ready_token_is_used_as_it_is_and_not_renewed() -> None:
    api = ScriptedApi([sim(), httpx.Response(401)])
    async with api.client(None, auth=StaticToken("ready")) as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(10 * 14400)
        with pytest.raises(AuthenticationError):
            await emnify.sims.get(1)
    assert api.logins == []
    assert [request.headers["authorization"] for request in api.requests] == ["Bearer ready"] * 2


async def test_a_user_logs_in_with_a_digest_and_refreshes_with_the_refresh_token() -> None:
    api = ScriptedApi([sim()], lifetime=1000.0)
    api.login_answers = [
        httpx.Response(200, json={"auth_token": "first", "refresh_token": "the-refresh-token"})
    ]
    async with api.client(None, auth=UserPassword("user@example.com", "hunter2")) as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(240 * 60)
        await emnify.sims.get(1)
        api.login_answers = [httpx.Response(401), httpx.Response(200, json={"auth_token": "third"})]
        await anyio.sleep(240 * 60)
        await emnify.sims.get(1)
    digest = "f3bbbd66a63d4bf1747940578ec3d0103530e21d"
    login = {"username": "user@example.com", "password": digest}
    refresh = {"refresh_token": "the-refresh-token"}
    assert api.logins == [login, refresh, refresh, login]
    assert api.requests[0].headers["authorization"] == "Bearer first"


async def test_a_refresh_token_that_was_refused_is_never_sent_again() -> None:
    api = ScriptedApi([sim()])
    login_answer = httpx.Response(200, json={"auth_token": "opaque", "refresh_token": "the-refresh-token"})
    api.login_answers = [login_answer, httpx.Response(401), httpx.Response(400)]
    async with api.client(None, auth=UserPassword("user@example.com", "hunter2")) as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(240 * 60)
        with pytest.raises(BadRequestError):
            await emnify.sims.get(1)
        await anyio.sleep(FIRST_PAUSE)
        await emnify.sims.get(1)
    assert ["username" in login for login in api.logins] == [True, False, True, True]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({}, id="empty"),
        pytest.param({"auth_token": None}, id="null"),
        pytest.param({"auth_token": ""}, id="no text"),
        pytest.param({"auth_token": 17}, id="a number"),
        pytest.param({"auth_token": "two\nlines"}, id="two lines"),
        pytest.param({"auth_token": "\u20ac"}, id="not ASCII"),
        pytest.param({"refresh_token": "the-refresh-token"}, id="another token"),
    ],
)
@pytest.mark.parametrize(
    "credential",
    [ApplicationToken("an-application-token"), UserPassword("user@example.com", "hunter2")],
    ids=["application token", "user"],
)
async def test_an_answer_without_a_usable_token_is_an_error_and_the_next_call_logs_in(
    credential: Any, answer: dict[str, object]
) -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(200, json=answer)]
    async with api.client(None, auth=credential) as emnify:
        with pytest.raises(DecodeError, match=r"auth_token$"):
            await emnify.sims.get(1)
        assert api.requests == [], "nothing was sent with it"
        assert (await emnify.sims.get(1)).id == 1
    assert len(api.logins) == 2 and api.logins[0] == api.logins[1]


async def test_a_workspace_that_gets_no_usable_token_is_an_error() -> None:
    api = ScriptedApi([httpx.Response(200, json={"auth_token": "\n"})])
    async with api.client(None, auth=UserPassword("user@example.com", "hunter2")) as emnify:
        with pytest.raises(DecodeError, match=r"auth_token$"):
            await emnify.workspace(42).sims.get(1)
    assert [request.url.path for request in api.requests] == ["/api/v1/authenticate/workspace"]


async def test_a_second_factor_that_brings_no_usable_token_is_an_error() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(200, json={"mfa_token": "half-way"})] * 2
    user = UserPassword("user@example.com", "hunter2", mfa=lambda: "123456")
    async with api.client(None, auth=user) as emnify:
        with pytest.raises(DecodeError, match=r"auth_token$"):
            await emnify.sims.get(1)
    assert len(api.logins) == 2 and api.requests == []


@pytest.mark.parametrize("fingerprint", [None, "laptop"])
async def test_the_second_factor_is_asked_for(fingerprint: str | None) -> None:
    async def code() -> str:
        return "123456"

    api = ScriptedApi([sim()])
    api.login_answers = [
        httpx.Response(200, json={"mfa_token": "half-way"}),
        httpx.Response(200, json={"auth_token": "opaque", "refresh_token": "the-refresh-token"}),
    ]
    user = UserPassword("user@example.com", "hunter2", mfa=code, fingerprint=fingerprint)
    async with api.client(None, auth=user) as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(240 * 60)
        await emnify.sims.get(1)
    digest = "f3bbbd66a63d4bf1747940578ec3d0103530e21d"
    of_device = {} if fingerprint is None else {"fingerprint": fingerprint}
    trusted = {} if fingerprint is None else {"trusted_device": {"fingerprint": fingerprint}}
    assert api.logins == [
        {"username": "user@example.com", "password": digest, **of_device},
        {"mfa_token": "half-way", "code": "123456", **trusted},
        {"refresh_token": "the-refresh-token"},
    ]


def _broken() -> str:
    raise EOFError("no terminal")


@pytest.mark.parametrize(
    ("mfa", "problem"),
    [
        (None, "is required: this account needs a code; pass UserPassword(..., mfa=callback)"),
        (_broken, "raised EOFError instead of returning a code"),
        (lambda: "12345", "did not return a code of six digits"),
        (lambda: "1234567", "did not return a code of six digits"),
        (lambda: "12345a", "did not return a code of six digits"),
        (lambda: "١٢٣٤٥٦", "did not return a code of six digits"),
        (lambda: 123456, "did not return a code of six digits"),
        (lambda: None, "did not return a code of six digits"),
    ],
)
async def test_a_second_factor_that_cannot_work_is_told_as_what_it_is(mfa: Any, problem: str) -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(200, json={"mfa_token": "half-way"})]
    user = UserPassword("user@example.com", "hunter2", mfa=mfa)
    async with api.client(None, auth=user) as emnify:
        with pytest.raises(ArgumentError) as caught:
            await emnify.sims.get(1)
    assert str(caught.value) == f"mfa {problem}"
    assert len(api.logins) == 1


async def test_an_error_of_ours_that_a_callback_raises_comes_as_it_is() -> None:
    async def asks_another_client() -> str:
        raise ConnectError("no way to the other one")

    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(200, json={"mfa_token": "half-way"})]
    user = UserPassword("user@example.com", "hunter2", mfa=asks_another_client)
    async with api.client(None, auth=user) as emnify:
        with pytest.raises(ConnectError, match="^no way to the other one$"):
            await emnify.sims.get(1)


async def test_an_account_whose_answer_has_a_token_needs_no_code() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(200, json={"auth_token": "opaque", "mfa_token": "half-way"})]
    async with api.client(None, auth=UserPassword("user@example.com", "hunter2")) as emnify:
        assert (await emnify.sims.get(1)).id == 1
    assert len(api.logins) == 1


async def test_a_deadline_bounds_the_authentication_too() -> None:
    api = ScriptedApi([sim()])
    api.login_delay = 60.0
    async with api.client() as emnify:
        with pytest.raises(TimeoutError) as caught:
            await emnify.sims.get(1, options={"deadline": 5.0})  # type: ignore[arg-type]
    assert caught.value.phase == "authenticate"
    assert api.clock.wall() == pytest.approx(EPOCH + 5.0)


async def give_up_on_the_login(api: ScriptedApi, emnify: Emnify) -> None:
    """Let a call wait five seconds for its authentication, and no longer."""
    api.login_delay = 60.0
    with pytest.raises(TimeoutError, match="deadline"):
        await emnify.sims.get(1, options={"deadline": 5.0})  # type: ignore[arg-type]
    api.login_delay = 0.1


async def test_a_login_that_was_given_up_keeps_hurried_calls_from_another() -> None:
    api = ScriptedApi([sim()])
    async with api.client() as emnify:
        await give_up_on_the_login(api, emnify)
        with pytest.raises(TimeoutError, match="less time than the last attempt needed"):
            await emnify.sims.get(1, options={"deadline": 4.0})  # type: ignore[arg-type]
    assert len(api.logins) == 1


async def test_a_login_that_was_given_up_is_forgotten_after_one_that_succeeds() -> None:
    api = ScriptedApi([sim(), httpx.Response(401), sim()])
    async with api.client() as emnify:
        await give_up_on_the_login(api, emnify)
        await emnify.sims.get(1)
        # The server refuses the token, and there is time enough for another.
        assert (await emnify.sims.get(1, options={"deadline": 0.5})).id == 1  # type: ignore[arg-type]
    assert len(api.logins) == 3


async def test_a_login_that_was_given_up_is_forgotten_after_one_that_is_refused() -> None:
    api = ScriptedApi([sim()])
    async with api.client() as emnify:
        await give_up_on_the_login(api, emnify)
        api.login_answers = [httpx.Response(401)]
        with pytest.raises(AuthenticationError):
            await emnify.sims.get(1)
        await anyio.sleep(FIRST_PAUSE)
        assert (await emnify.sims.get(1, options={"deadline": 0.5})).id == 1  # type: ignore[arg-type]
    assert len(api.logins) == 3


@pytest.mark.parametrize(("given_up_after", "doubted_for"), [(0.3, 1.0), (5.0, 5.0), (40.0, 10.0)])
async def test_a_login_that_was_given_up_is_doubted_for_as_long_as_it_took_but_ten_seconds_at_most(
    given_up_after: float, doubted_for: float
) -> None:
    api = ScriptedApi([sim()])
    patient: Any = {"deadline": given_up_after}
    hurried: Any = {"deadline": given_up_after * 0.9}
    async with api.client() as emnify:
        api.login_delay = 60.0
        with pytest.raises(TimeoutError, match="passed during the authentication"):
            await emnify.sims.get(1, options=patient)
        api.login_delay = 0.1
        await anyio.sleep(doubted_for - 0.01)
        with pytest.raises(TimeoutError) as caught:
            await emnify.sims.get(1, options=hurried)
        assert str(caught.value) == (
            "not authenticated: the deadline leaves less time than the last attempt needed"
        )
        assert caught.value.phase == "authenticate" and len(api.logins) == 1
        await anyio.sleep(0.02)
        assert (await emnify.sims.get(1, options=hurried)).id == 1


async def test_the_longest_of_several_logins_that_were_given_up_counts() -> None:
    api = ScriptedApi([sim()])
    async with api.client() as emnify:
        await give_up_on_the_login(api, emnify)
        await anyio.sleep(5.0)
        api.login_delay = 60.0
        for deadline, logins in [(2.0, 2), (4.0, 2), (6.0, 3)]:
            with pytest.raises(TimeoutError):
                await emnify.sims.get(1, options={"deadline": deadline})  # type: ignore[arg-type]
            assert len(api.logins) == logins


async def test_a_successful_login_forgets_the_failure_before_it() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(401)]
    async with api.client() as emnify:
        with pytest.raises(AuthenticationError) as caught:
            await emnify.sims.get(1)
        failure = weakref.ref(caught.value)
        del caught
        await anyio.sleep(FIRST_PAUSE)
        await emnify.sims.get(1)
        gc.collect()
        assert failure() is None, "an error keeps the frames and locals of its call"


async def test_an_authentication_without_connection_is_tried_again() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.ConnectError("refused"), httpx.Response(503)]
    async with api.client() as emnify:
        assert (await emnify.sims.get(1)).id == 1
    assert len(api.logins) == 3


async def test_when_no_authentication_gets_through_the_connection_error_is_told() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.ConnectError("refused")] * 4
    async with api.client() as emnify:
        with pytest.raises(ConnectError, match=r"auth\.authenticate"):
            await emnify.sims.get(1)


async def test_no_error_of_the_authentication_shows_a_secret() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(400, json={"message": "no such token: canary-token-123"})]
    async with api.client(None, auth=ApplicationToken("canary-token-123")) as emnify:
        with pytest.raises(Exception, match="hidden") as caught:
            await emnify.sims.get(1)
    assert "canary" not in f"{caught.value!r} {caught.value} {caught.value.__dict__}"


async def test_a_workspace_has_its_own_token_and_shares_the_rest() -> None:
    switched: list[str] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/authenticate/workspace":
            switched.append(request.headers["authorization"])
            assert request.content == b'{"target_organisation":{"id":42}}'
            return httpx.Response(200, json={"auth_token": "of-the-other-workspace"})
        return sim()

    api = ScriptedApi([answer])
    async with api.client(None, auth=UserPassword("user@example.com", "hunter2")) as emnify:
        there = emnify.workspace(42)
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(there.sims.get, 1)
        await there.aclose()
        await emnify.sims.get(1)
        used = {limit.name: limit.used for limit in emnify.throttle.snapshot().limits if limit.kind == "ip"}
    assert len(api.logins) == 1 and len(switched) == 1
    bearers = [request.headers["authorization"] for request in api.requests[1:]]
    assert bearers == ["Bearer of-the-other-workspace"] * 5 + switched
    assert used["ip_general"] == 8
    with pytest.raises(ArgumentError, match="organisation_id"):
        emnify.workspace("42")  # type: ignore[arg-type]
