"""What a call says of itself: the whole text of its errors, and its lines in the log."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import Emnify, UserPassword
from aioemnify.errors import (
    ClientStateError,
    ConnectError,
    DecodeError,
    EmnifyError,
    OutcomeUnknownError,
    ServerError,
    TimeoutError,
)
from tests.scripted_api import Answer, ScriptedApi, sim
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

HURRIED: Any = {"deadline": 3.0}


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


async def never(_request: httpx.Request) -> httpx.Response:
    await anyio.sleep(1000.0)
    raise AssertionError


def read(emnify: Emnify) -> Awaitable[Any]:
    return emnify.sims.get(1, options=HURRIED)


def create(emnify: Emnify) -> Awaitable[Any]:
    return emnify.endpoints.create({"status": 0, "service_profile": 1, "tariff_profile": 2}, options=HURRIED)


@pytest.mark.parametrize(
    ("call", "answers", "logins", "kind", "operation", "text"),
    [
        pytest.param(
            read, [never], [], TimeoutError, "sims.get",
            "sims.get: the deadline passed before the response came",
            id="no response in time",
        ),
        pytest.param(
            read, [], [never], TimeoutError, "sims.get",
            "sims.get: the deadline passed during the authentication",
            id="no token in time",
        ),
        pytest.param(
            read, [httpx.Response(401)], [httpx.Response(200, json={"auth_token": "opaque"}), never],
            TimeoutError, "sims.get",
            "sims.get: the deadline passed during the authentication",
            id="no other token in time",
        ),
        pytest.param(
            create, [never], [], OutcomeUnknownError, "endpoints.create",
            "endpoints.create was sent, and its response was lost "
            "(endpoints.create: the deadline passed before the response came); "
            "it may have been applied: look for the object before you repeat the call",
            id="nobody knows",
        ),
        pytest.param(
            read, [], [httpx.Response(200, text="<html>")], DecodeError, "auth.authenticate",
            "auth.authenticate: the response cannot be decoded: "
            "JSON is malformed: invalid character (byte 0)",
            id="a token that is not JSON",
        ),
        pytest.param(
            read, [], [httpx.Response(200, json=["x"])], DecodeError, "auth.authenticate",
            "auth.authenticate: the response is not a JSON object",
            id="a token in a list",
        ),
        pytest.param(
            read, [], [httpx.Response(200, json={})], DecodeError, None,
            "the response to the authentication has no valid auth_token",
            id="no token",
        ),
    ],
)  # fmt: skip
async def test_an_error_says_what_happened_and_in_which_operation(
    call: Callable[[Emnify], Awaitable[Any]],
    answers: list[Answer],
    logins: list[Answer],
    kind: type[EmnifyError],
    operation: str | None,
    text: str,
) -> None:
    api = ScriptedApi(answers)
    api.login_answers = [*logins]
    async with api.client() as emnify:
        with pytest.raises(kind) as caught:
            await call(emnify)
    assert str(caught.value) == text
    assert getattr(caught.value, "operation", None) == operation


async def test_a_token_that_cannot_be_read_is_not_shown() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(200, text="auth_token=canary")]
    async with api.client() as emnify:
        with pytest.raises(DecodeError) as caught:
            await emnify.sims.get(1)
    assert caught.value.excerpt == "" and caught.value.__context__ is None


async def test_a_wait_that_closing_ends_says_so() -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "60000"})])
    texts: list[str] = []

    async def call(emnify: Emnify) -> None:
        with pytest.raises(ClientStateError) as caught:
            await emnify.sims.get(1)
        texts.append(str(caught.value))

    async with anyio.create_task_group() as group:
        emnify = api.client()
        group.start_soon(call, emnify)
        await anyio.sleep(1.0)
        group.start_soon(call, emnify)
        await anyio.sleep(1.0)
        await emnify.aclose()
    assert texts == ["the client was closed while the call waited"] * 2


# --- the log


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [
        (record.levelname, record.getMessage().replace(f", request {2**64:x})", ")"))
        for record in caplog.records
        if record.name == "aioemnify.pipeline"
    ]


async def test_each_attempt_is_logged_with_its_end_and_its_time(caplog: pytest.LogCaptureFixture) -> None:
    async def slow(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(0.25)
        return sim()

    caplog.set_level(logging.DEBUG)
    api = ScriptedApi([httpx.ConnectError("refused"), httpx.Response(401), slow])
    async with api.client() as emnify:
        await emnify.sims.get(1)
    assert lines(caplog) == [
        ("DEBUG", "auth.authenticate: 200 in 0.100 s (attempt 1, waited 0.000 s)"),
        ("DEBUG", "sims.get: ConnectError in 0.000 s (attempt 1, waited 0.000 s)"),
        ("INFO", "sims.get: ConnectError; sent again in 0.500 s (attempt 1, waited 0.000 s)"),
        ("DEBUG", "sims.get: 401 in 0.000 s (attempt 2, waited 0.500 s)"),
        ("INFO", "sims.get: the token was refused; authenticating again (attempt 2, waited 0.500 s)"),
        ("DEBUG", "auth.authenticate: 200 in 0.100 s (attempt 1, waited 0.000 s)"),
        ("DEBUG", "sims.get: 200 in 0.250 s (attempt 3, waited 0.500 s)"),
    ]
    last = caplog.records[-1]
    facts = ("operation", "template", "attempt", "waited", "request_id")
    assert [getattr(last, name) for name in facts] == [
        "sims.get", "/api/v1/sim/{sim_id}", 3, pytest.approx(0.5), f"{2**64:x}",
    ]  # fmt: skip


async def test_a_limit_that_refuses_is_logged_with_its_kind_and_its_wait(
    caplog: pytest.LogCaptureFixture,
) -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "100"}), sim()])
    async with api.client() as emnify:
        await emnify.sims.get(1)
    assert lines(caplog) == [
        (
            "WARNING",
            "sims.get: refused by a limit (row), which allows calls again in 0.100 s "
            "(attempt 1, waited 0.000 s)",
        )
    ]


# --- authentication calls


async def test_a_code_is_sent_once_and_the_rest_of_a_login_again() -> None:
    failures: list[Answer] = [httpx.ConnectError("refused"), httpx.Response(503)]
    half_way = httpx.Response(200, json={"mfa_token": "half-way"})
    for failure in failures:
        api = ScriptedApi([sim()])
        api.login_answers = [failure, half_way, failure]
        user = UserPassword("user@example.com", "hunter2", mfa=lambda: "123456")
        async with api.client(None, auth=user) as emnify:
            with pytest.raises((ConnectError, ServerError)):
                await emnify.sims.get(1)
        assert ["code" in login for login in api.logins] == [False, False, True]


async def test_a_login_goes_ahead_of_calls_that_wait() -> None:
    async def log_in(_request: httpx.Request) -> httpx.Response:
        before.append(len(api.requests))
        return httpx.Response(200, json={"auth_token": "opaque"})

    async def slow(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(1.0)
        return sim()

    before: list[int] = []
    api = ScriptedApi([sim(), httpx.Response(401), slow])
    async with api.client(connections=1) as emnify:
        await emnify.sims.get(1)
        api.login_answers = [log_in]
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(emnify.sims.get, 1)
    assert before == [3], "the next call had the connection already, and no other went before the login"


async def test_errors_of_a_refused_login_hide_what_was_sent() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(400, json={"message": "no user canary-1, digest f3bbbd66"})]
    async with api.client("canary-1") as emnify:
        with pytest.raises(EmnifyError, match=r"no user \(hidden\)"):
            await emnify.sims.get(1)


async def test_an_error_of_the_server_hides_the_token_that_it_repeats() -> None:
    api = ScriptedApi([httpx.Response(400, json={"message": "unknown: canary-token"})])
    api.login_answers = [httpx.Response(200, json={"auth_token": "canary-token"})]
    async with api.client() as emnify:
        with pytest.raises(EmnifyError, match=r"unknown: \(hidden\)"):
            await emnify.sims.get(1)
