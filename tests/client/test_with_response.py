"""The response of a call: its result, status, headers, and what it took."""

from __future__ import annotations

import copy
import pickle

import anyio
import attrs
import httpx
import pytest

from aioemnify import CallResponse, Page, UserPassword
from aioemnify.errors import ArgumentError, DecodeError, NotFoundError
from aioemnify.models import Sim
from tests.scripted_api import SIM, ScriptedApi, sim
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


async def test_a_response_has_the_result_the_status_and_the_headers() -> None:
    given = {"X-Request-Id": "abc", "Set-Cookie": "session=1", "WWW-Authenticate": "Bearer"}
    api = ScriptedApi([httpx.Response(203, json=SIM, headers=given)])
    async with api.client() as emnify:
        response = await emnify.with_response.sims.get(1)
        assert response.value == await emnify.sims.get(1)
    assert isinstance(response, CallResponse)
    assert isinstance(response.value, Sim)
    assert response.status == 203
    assert response.headers["x-request-id"] == response.headers["X-REQUEST-ID"] == "abc"
    assert "X-Request-ID" in response.headers
    assert response.headers.get("no-such-header") is None
    assert not {"set-cookie", "www-authenticate"} & set(response.headers)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        response.status = 200  # type: ignore[misc]
    assert "session" not in repr(response)


async def test_no_header_repeats_the_token_of_the_call() -> None:
    api = ScriptedApi()

    async def echo(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=SIM, headers={"X-Echo": request.headers["Authorization"]})

    api.answers = [echo]
    async with api.client() as emnify:
        response = await emnify.with_response.sims.get(1)
    assert response.headers["x-echo"].startswith("Bearer ")
    assert api.requests[0].headers["Authorization"].removeprefix("Bearer ") not in response.headers["x-echo"]


async def test_attempts_and_seconds_are_counted() -> None:
    async def slow(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(0.5)
        return sim()

    api = ScriptedApi([httpx.Response(503), httpx.Response(429, headers={"Retry-After": "7"}), slow])
    async with api.client() as emnify:
        began = anyio.current_time()
        first = await emnify.with_response.sims.get(1)
        took = anyio.current_time() - began
        second = await emnify.with_response.sims.get(1)
    assert first.attempts == 3
    # The authentication takes 0.1 s, the last attempt 0.5 s; between them are a back-off and 7 ms of the 429.
    assert first.elapsed == pytest.approx(took)
    assert first.waited == pytest.approx(took - 0.6)
    assert first.waited == pytest.approx(0.507, abs=0.001)
    assert (second.attempts, second.waited) == (1, 0.0)
    assert second.elapsed == pytest.approx(0.5)


async def test_the_wait_for_a_limit_is_counted() -> None:
    api = ScriptedApi([sim()])
    async with api.client(connections=1) as emnify:
        await emnify.sims.get(1)

        async def slow(_request: httpx.Request) -> httpx.Response:
            await anyio.sleep(2)
            return sim()

        api.answers = [slow]
        found: list[CallResponse[Sim]] = []

        async def get() -> None:
            found.append(await emnify.with_response.sims.get(1))

        async with anyio.create_task_group() as group:
            group.start_soon(get)
            group.start_soon(get)
    assert sorted(round(one.waited, 6) for one in found) == [0.0, 2.0]
    assert sorted(round(one.elapsed, 6) for one in found) == [2.0, 4.0]


async def test_a_second_token_is_a_second_attempt() -> None:
    api = ScriptedApi([httpx.Response(401), sim()])
    async with api.client() as emnify:
        response = await emnify.with_response.sims.get(1)
    assert (response.attempts, len(api.logins)) == (2, 2)
    assert response.waited == pytest.approx(0.0)
    assert response.elapsed == pytest.approx(0.2)


async def test_a_list_gives_one_page() -> None:
    api = ScriptedApi([httpx.Response(200, json=[SIM], headers={"X-Total-Count": "9"})])
    async with api.client() as emnify:
        response = await emnify.with_response.sims.list(per_page=1, filter={"status": 1})
    assert isinstance(response.value, Page)
    assert (response.value.total_count, response.value[0].id) == (9, 1)
    assert response.headers["X-Total-Count"] == "9"
    assert len(api.requests) == 1


async def test_a_call_without_a_result_has_none() -> None:
    api = ScriptedApi([httpx.Response(204)])
    async with api.client() as emnify:
        response = await emnify.with_response.sims.update(1, {"status": 2})
    assert (response.value, response.status) == (None, 204)


async def test_any_path_and_another_workspace() -> None:
    api = ScriptedApi()

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/authenticate/workspace"):
            return httpx.Response(200, json={"auth_token": api.token()})
        return sim()

    api.answers = [answer]
    async with api.client(None, auth=UserPassword("me@example.com", "password")) as emnify:
        response = await emnify.with_response.request("GET", "/api/v1/anything", params={"x": 1})
        assert (response.value, response.status, response.attempts) == (SIM, 200, 1)
        there = await emnify.workspace(9).with_response.request("GET", "/api/v1/anything")
        assert there.value == SIM
        found = await emnify.workspace(9).with_response.sims.get(1)
        assert (found.value.id, found.status, len(api.requests)) == (1, 200, 4)


async def test_errors_are_those_of_the_plain_call() -> None:
    api = ScriptedApi([httpx.Response(404), httpx.Response(200, text="<html>"), sim()])
    async with api.client() as emnify:
        with pytest.raises(NotFoundError):
            await emnify.with_response.sims.get(1)
        with pytest.raises(DecodeError):
            await emnify.with_response.sims.get(1)
        with pytest.raises(ArgumentError, match="sim_id"):
            await emnify.with_response.sims.get("")
        assert (await emnify.with_response.sims.get(1)).attempts == 1


async def test_names_that_are_not_there_say_what_is() -> None:
    async with ScriptedApi([sim()]).client() as emnify:
        calls = emnify.with_response
        with pytest.raises(AttributeError, match="no group 'sim'; did you mean 'sims'"):
            calls.sim  # type: ignore[attr-defined]  # noqa: B018
        with pytest.raises(AttributeError, match="no 'gett'; did you mean 'get'"):
            calls.sims.gett  # type: ignore[attr-defined]  # noqa: B018
        with pytest.raises(AttributeError, match=r"sims\.sweep is not one call"):
            calls.sims.sweep  # type: ignore[attr-defined]  # noqa: B018
        assert "sims" in dir(calls)
        assert "get" in dir(calls.sims)
        assert "sweep" not in dir(calls.sims)
        assert calls.sims.get.__doc__ == emnify.sims.get.__doc__
        assert copy.copy(calls.sims) == calls.sims


async def test_a_response_is_pickled_with_its_headers() -> None:
    api = ScriptedApi([httpx.Response(200, json=SIM, headers={"X-A": "b"})])
    async with api.client() as emnify:
        response = await emnify.with_response.sims.get(1)
    assert pickle.loads(pickle.dumps(response)) == response


async def test_calls_at_the_same_time_have_their_own_responses() -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.path.rpartition("/")[2])
        await anyio.sleep(1 / number)
        return httpx.Response(200, json=SIM | {"id": number}, headers={"X-Number": str(number)})

    api = ScriptedApi([answer])
    async with api.client() as emnify:
        calls = emnify.with_response.sims

        async def get(number: int) -> None:
            response = await calls.get(number)
            assert response.value.id == number
            assert response.headers["X-Number"] == str(number)

        async with anyio.create_task_group() as group:
            for number in range(1, 11):
                group.start_soon(get, number)
