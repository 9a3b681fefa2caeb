"""``Emnify(deadline=)``: the deadline of every call that says nothing itself."""

from __future__ import annotations

from typing import Any

import anyio
import httpx
import pytest

from aioemnify import CallOptions, Emnify, StaticToken, UserPassword
from aioemnify.errors import ArgumentError, ArgumentTypeError, ThrottleError, TimeoutError
from tests.scripted_api import ScriptedApi, sim
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


async def in_a_minute(_: httpx.Request) -> httpx.Response:
    await anyio.sleep(60.0)
    return sim()


async def how_long(call: Any) -> float:
    """Return the seconds until a call ends because its deadline has passed."""
    began = anyio.current_time()
    with pytest.raises(TimeoutError):
        await call
    return round(anyio.current_time() - began, 3)


async def test_it_bounds_every_kind_of_call() -> None:
    api = ScriptedApi([in_a_minute])
    async with api.client(None, auth=UserPassword("me", "pw"), deadline=3.0) as emnify:
        calls: list[Any] = [
            emnify.sims.get(1),
            emnify.sims.get(1, options=CallOptions(retry=False)),
            emnify.sims.get(1, options={"priority": "bulk"}),
            emnify.request("GET", "/api/v1/sim/1"),
            first(emnify),
            emnify.workspace(42).sims.get(1),
        ]
        assert [await how_long(call) for call in calls] == [3.0] * len(calls)


async def first(emnify: Emnify) -> None:
    async for _ in emnify.sims.list():
        break


async def test_the_options_of_a_call_come_first_none_included() -> None:
    api = ScriptedApi([in_a_minute])
    async with api.client(None, auth=StaticToken("ready"), deadline=3.0) as emnify:
        assert await how_long(emnify.sims.get(1, options=CallOptions(deadline=5.0))) == 5.0
        assert (await emnify.sims.get(1, options=CallOptions(deadline=None))).id == 1
        assert (await emnify.sims.get(1, options={"deadline": None})).id == 1  # type: ignore[arg-type]


async def test_without_it_a_call_takes_the_time_that_it_needs() -> None:
    api = ScriptedApi([in_a_minute])
    async with api.client() as emnify:
        assert (await emnify.sims.get(1)).id == 1


async def test_it_covers_the_authentication_and_does_not_end_it_for_others() -> None:
    api = ScriptedApi([sim()])
    api.login_delay = 10.0
    patient = CallOptions(deadline=None)
    async with api.client(deadline=3.0) as emnify, anyio.create_task_group() as group:
        group.start_soon(lambda: emnify.sims.get(1, options=patient))
        await anyio.sleep(1.0)
        assert await how_long(emnify.sims.get(1)) == 3.0
    assert len(api.logins) == 1 and len(api.requests) == 1


async def test_it_covers_the_wait_for_a_limit() -> None:
    api = ScriptedApi([sim()])
    async with api.client(None, auth=StaticToken("ready"), deadline=0.5) as emnify:
        refused = 0
        async with anyio.create_task_group() as group:

            async def call() -> None:
                nonlocal refused
                try:
                    await emnify.request("GET", "/api/v1/endpoint")
                except ThrottleError as error:
                    assert error.retry_after == error.wait
                    refused += 1

            for _ in range(100):
                group.start_soon(call)
    assert refused > 50 and len(api.requests) + refused == 100


@pytest.mark.parametrize(
    ("value", "error"),
    [(0, ArgumentError), (-1.0, ArgumentError), (float("nan"), ArgumentError), (float("inf"), ArgumentError)]
    + [(value, ArgumentTypeError) for value in ("3", True, [3])],
)
def test_what_is_not_a_positive_number_of_seconds_is_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="^deadline takes a number of seconds above 0"):
        Emnify("token", deadline=value)
