"""Calls where the clock, set by a test or by mistake, shows a date that is far off."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from aioemnify import Clock, Emnify, FileStore
from aioemnify.errors import AuthenticationError, RateLimitError

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class SetClock(Clock):
    def __init__(self, date: datetime) -> None:
        self._wall = date.timestamp()

    def wall(self) -> float:
        return self._wall


DATES = [
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(9999, 12, 1, tzinfo=UTC),
    datetime(9999, 11, 30, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(100, 1, 1, tzinfo=UTC),
]


@pytest.fixture(params=DATES, ids=str)
def clock(request: pytest.FixtureRequest) -> SetClock:
    return SetClock(request.param)


def client(clock: Clock, *answers: httpx.Response, **more: Any) -> Emnify:
    coming = iter(answers)
    return Emnify("token", transport=httpx.MockTransport(lambda _: next(coming)), clock=clock, **more)


def login() -> httpx.Response:
    return httpx.Response(200, json={"auth_token": "token"})


@pytest.mark.parametrize("shared", [False, True])
async def test_a_call_is_made_and_its_limits_are_shown(clock: SetClock, shared: bool, tmp_path: Path) -> None:
    more = {"store": FileStore(tmp_path / "store", clock=clock)} if shared else {}
    async with client(clock, login(), httpx.Response(200, json={"id": 1}), **more) as emnify:
        assert (await emnify.sims.get(1)).id == 1
        assert emnify.throttle.snapshot().limits
        assert emnify.throttle.estimate("sims.get", 1000).seconds > 0


async def test_a_refusal_until_far_off_is_that_refusal(clock: SetClock) -> None:
    refused = httpx.Response(429, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"})
    async with client(clock, login(), *[refused] * 20) as emnify:
        with pytest.raises(RateLimitError):
            await emnify.sims.get(1, options={"retry": False})


async def test_a_pause_after_a_refused_credential_is_told(clock: SetClock) -> None:
    async with client(clock, httpx.Response(401)) as emnify:
        for _ in range(2):
            with pytest.raises(AuthenticationError):
                await emnify.sims.get(1)
