"""A call whose earlier attempt may have been carried out never ends with an error that says "not sent"."""

from __future__ import annotations

import httpx
import pytest

from aioemnify import CallOptions
from aioemnify.errors import ConnectError, EmnifyError, ProtocolError, ServerError, ThrottleError
from aioemnify.operation import LimitTable, MonthLimit, RowLimit
from tests.scripted_api import Answer, ScriptedApi
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

REFUSED = httpx.ConnectError("refused")
LOST = httpx.ReadError("reset")
ONE_IN_TEN_SECONDS = LimitTable(
    rows=(RowLimit("sims", "PATCH", "/api/v1/sim/{id}", rate=0.1, burst=1),),
    windows=(),
    month=MonthLimit("month", 1000),
)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


async def update(api: ScriptedApi, **options: object) -> EmnifyError:
    async with api.client(limits=ONE_IN_TEN_SECONDS, **options) as emnify:
        with pytest.raises(EmnifyError) as caught:
            await emnify.sims.update(1, {"status": 1}, options=CallOptions(deadline=5.0))
    return caught.value


@pytest.mark.parametrize(("answer", "kind"), [(LOST, ProtocolError), (httpx.Response(504), ServerError)])
async def test_a_retry_that_a_limit_delays_too_long_raises_what_came_of_the_first_attempt(
    answer: Answer, kind: type[EmnifyError]
) -> None:
    api = ScriptedApi([answer])
    error = await update(api)
    assert type(error) is kind and len(api.requests) == 1
    assert isinstance(error.__cause__, ThrottleError)  # why it was not repeated


@pytest.mark.parametrize(("answers", "kind"), [([LOST, REFUSED], ProtocolError), ([REFUSED], ConnectError)])
async def test_a_refused_connection_proves_something_only_if_nothing_was_sent_before(
    answers: list[Answer], kind: type[EmnifyError]
) -> None:
    assert type(await update(ScriptedApi(answers), throttling=None)) is kind
