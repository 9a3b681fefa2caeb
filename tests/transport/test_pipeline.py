"""One call and all that can happen to it: retries, deadlines, limits, and lost answers."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import OPERATIONS, CallOptions, Emnify, RetryPolicy, UserPassword
from aioemnify.errors import (
    ArgumentError,
    ClientStateError,
    ConnectError,
    DecodeError,
    EmnifyError,
    NotFoundError,
    OutcomeUnknownError,
    ProtocolError,
    QuotaExhaustedError,
    RateLimitError,
    ResponseTooLargeError,
    ServerError,
    ThrottleError,
    TimeoutError,
)
from aioemnify.transport.wire.request import Request
from tests.scripted_api import EPOCH, ScriptedApi, sim
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

Call = Callable[[Emnify], Awaitable[Any]]
ENDPOINT = {"status": 0, "service_profile": 1, "tariff_profile": 2}
DONE = httpx.Response(204)
MADE = httpx.Response(201, headers={"Location": "/api/v1/endpoint/9"})


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


def read(emnify: Emnify) -> Awaitable[Any]:
    return emnify.sims.get(1)


def change(emnify: Emnify) -> Awaitable[Any]:
    return emnify.sims.update(1, {"status": 2})


def create(emnify: Emnify) -> Awaitable[Any]:
    return emnify.endpoints.create(ENDPOINT)


UNSENT = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]
SENT = [
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
]


@pytest.mark.parametrize("failure", UNSENT, ids=repr)
@pytest.mark.parametrize(("call", "good"), [(read, sim()), (change, DONE), (create, MADE)])
async def test_what_was_surely_not_sent_is_sent_again(
    call: Call, good: httpx.Response, failure: Exception
) -> None:
    api = ScriptedApi([failure, failure, good])
    async with api.client() as emnify:
        await call(emnify)
    assert len(api.requests) == 3


@pytest.mark.parametrize("failure", SENT, ids=repr)
@pytest.mark.parametrize(("call", "good"), [(read, sim()), (change, DONE)])
async def test_a_lost_answer_to_a_repeatable_call_is_asked_for_again(
    call: Call, good: httpx.Response, failure: Exception
) -> None:
    api = ScriptedApi([failure, good])
    async with api.client() as emnify:
        await call(emnify)
    assert len(api.requests) == 2


async def test_what_was_surely_not_sent_does_not_count() -> None:
    api = ScriptedApi([*UNSENT, sim()])
    async with api.client() as emnify:
        await read(emnify)
        used = {limit.name: limit.used for limit in emnify.throttle.snapshot().limits}
    assert (used["ip_general"], used["GET /api/v1/sim/{id}"]) == (2, 1), "a login and a call"


@pytest.mark.parametrize("failure", SENT, ids=repr)
async def test_a_lost_answer_to_a_create_is_never_a_second_create(failure: Exception) -> None:
    api = ScriptedApi([failure, MADE])
    async with api.client() as emnify:
        with pytest.raises(OutcomeUnknownError, match="may have been applied") as caught:
            await create(emnify)
    assert len(api.requests) == 1
    assert caught.value.operation == "endpoints.create" and caught.value.__cause__ is not None


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize(("call", "good", "sends"), [(read, sim(), 2), (change, DONE, 2), (create, MADE, 1)])
async def test_a_gateways_failure_is_retried_where_that_is_safe(
    call: Call, good: httpx.Response, sends: int, status: int
) -> None:
    api = ScriptedApi([httpx.Response(status, text="<html>Bad gateway</html>"), good])
    async with api.client() as emnify:
        if sends == 1:
            with pytest.raises(ServerError, match="Bad gateway"):
                await call(emnify)
        else:
            await call(emnify)
    assert len(api.requests) == sends


async def test_a_500_is_not_retried() -> None:
    api = ScriptedApi([httpx.Response(500, json={"message": "broken"})])
    async with api.client() as emnify:
        with pytest.raises(ServerError, match="broken"):
            await read(emnify)
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("answer", "error"), [(httpx.ConnectError("refused"), ConnectError), (httpx.Response(503), ServerError)]
)
async def test_backoff_doubles_and_ends_with_the_last_error(answer: Any, error: type[EmnifyError]) -> None:
    api = ScriptedApi([answer])
    async with api.client() as emnify:
        with pytest.raises(error):
            await read(emnify)
    assert len(api.requests) == 4
    # One login of 0.1 s, then 0.5 + 1 + 2 s; chance is 1.0, so each delay is the full one.
    assert api.clock.monotonic() == pytest.approx(3.6, abs=0.01)


@pytest.mark.parametrize(
    ("retry_after", "ended"), [("7", 7.1), ("60", 60.1), ("Tue, 14 Nov 2023 22:13:27 GMT", 7.0)]
)
async def test_retry_after_of_a_gateway_is_seconds_or_a_date(retry_after: str, ended: float) -> None:
    api = ScriptedApi([httpx.Response(503, headers={"Retry-After": retry_after}), sim()])
    async with api.client() as emnify:
        await read(emnify)
    assert api.clock.monotonic() == pytest.approx(ended, abs=0.01)


@pytest.mark.parametrize(("call", "good"), [(read, sim()), (change, DONE), (create, MADE)])
async def test_a_429_waits_its_milliseconds_and_is_sent_again(call: Call, good: httpx.Response) -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "250"}), good])
    async with api.client() as emnify:
        await call(emnify)
        assert emnify.throttle.snapshot().refused == 1
    assert len(api.requests) == 2
    assert api.clock.monotonic() == pytest.approx(0.35, abs=0.01)


async def test_a_429_waits_also_when_rate_limiting_is_off(caplog: pytest.LogCaptureFixture) -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "2000"}), sim()])
    async with api.client(throttling=None) as emnify:
        await read(emnify)
    assert api.clock.monotonic() == pytest.approx(2.1, abs=0.01)
    assert "rate limiting is off" in caplog.text


async def test_429_for_ever_ends_with_the_wait_told() -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "100"}, json={"error_code": 1105})])
    async with api.client() as emnify:
        with pytest.raises(RateLimitError) as caught:
            await read(emnify)
    assert len(api.requests) == RetryPolicy().limit_attempts
    assert caught.value.retry_after == pytest.approx(0.1)
    assert (caught.value.cause, caught.value.error_code, caught.value.error_token) == (
        "row",
        1105,
        "TooManyRequests",
    )


async def test_a_refusal_until_next_month_is_raised_at_once() -> None:
    left = datetime(2023, 12, 1, tzinfo=UTC).timestamp() - EPOCH
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": str(int(left * 1000))})])
    async with api.client() as emnify:
        with pytest.raises(QuotaExhaustedError) as caught:
            await read(emnify)
        assert len(api.requests) == 1
        with pytest.raises(QuotaExhaustedError):
            await read(emnify)
    assert len(api.requests) == 1, "the quota is known to be gone, so nothing more is sent"
    assert caught.value.retry_after == pytest.approx(left)


async def test_a_refusal_longer_than_the_deadline_is_raised_at_once() -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "60000"})])
    async with api.client() as emnify:
        with pytest.raises(RateLimitError):
            await emnify.sims.get(1, options={"deadline": 10.0})  # type: ignore[arg-type]
    assert api.clock.monotonic() < 1.0


async def test_one_deadline_covers_sending_and_says_so() -> None:
    async def never(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(1000)
        return sim()

    api = ScriptedApi([never])
    async with api.client() as emnify:
        with pytest.raises(TimeoutError) as caught:
            await emnify.sims.get(1, options={"deadline": 3.0})  # type: ignore[arg-type]
        assert caught.value.phase == "response"
        with pytest.raises(OutcomeUnknownError):
            await emnify.endpoints.create(ENDPOINT, options={"deadline": 3.0})  # type: ignore[arg-type]
    assert api.clock.monotonic() == pytest.approx(6.0, abs=0.01)


async def test_one_deadline_covers_retries() -> None:
    api = ScriptedApi([httpx.ConnectError("refused")])
    async with api.client() as emnify:
        with pytest.raises(ConnectError):
            await emnify.sims.get(1, options={"deadline": 2.0})  # type: ignore[arg-type]
    assert len(api.requests) == 3 and api.clock.monotonic() < 2.0


async def test_a_retry_that_would_begin_at_the_deadline_is_not_waited_for() -> None:
    api = ScriptedApi([sim(), httpx.ConnectError("refused")])
    async with api.client() as emnify:
        await read(emnify)
        before = api.clock.monotonic()
        with pytest.raises(ConnectError):
            await emnify.sims.get(1, options={"deadline": 0.5})  # type: ignore[arg-type]
    assert len(api.requests) == 2 and api.clock.monotonic() == before


@pytest.mark.parametrize(("milliseconds", "waited"), [(10_000, 10.0), (10_001, 0.0)])
async def test_a_limit_that_ends_at_the_deadline_is_waited_for(milliseconds: int, waited: float) -> None:
    api = ScriptedApi([sim(), httpx.Response(429, headers={"Retry-After": str(milliseconds)})])
    async with api.client() as emnify:
        await read(emnify)
        before = api.clock.monotonic()
        with pytest.raises((RateLimitError, TimeoutError)):
            await emnify.sims.get(1, options={"deadline": 10.0})  # type: ignore[arg-type]
    assert api.clock.monotonic() - before == pytest.approx(waited)


async def test_one_deadline_covers_the_queue() -> None:
    api = ScriptedApi([httpx.Response(200, json=[])])
    async with api.client() as emnify:
        await emnify.sims.list()
        async with anyio.create_task_group() as group:
            for _ in range(50):
                group.start_soon(emnify.request, "GET", "/api/v1/sim")
            await anyio.sleep(0.001)
            with pytest.raises(ThrottleError) as caught:
                await emnify.sims.list(options={"deadline": 1.0})  # type: ignore[arg-type]
            assert caught.value.wait > 4.0 and caught.value.operation == "sims.list"


async def test_no_retry_means_one_send() -> None:
    for answer, kind in [
        (httpx.ConnectError("refused"), ConnectError),
        (httpx.Response(503), ServerError),
        (httpx.Response(429), RateLimitError),
    ]:
        api = ScriptedApi([answer])
        async with api.client() as emnify:
            with pytest.raises(kind):
                await emnify.sims.get(1, options={"retry": False})  # type: ignore[arg-type]
        assert len(api.requests) == 1


async def test_an_outage_is_not_multiplied_by_retries() -> None:
    api = ScriptedApi([httpx.ConnectError("refused")])
    async with api.client() as emnify:
        for _ in range(40):
            with pytest.raises(ConnectError):
                await read(emnify)
    # 40 first sends; of the retries the budget of 20 allowed, and one login's worth of credit.
    assert 60 <= len(api.requests) <= 62


async def test_serial_operations_run_one_at_a_time() -> None:
    inside, most = 0, 0

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await anyio.sleep(0.2)
        inside -= 1
        return MADE if request.method == "POST" else DONE

    api = ScriptedApi([slow])
    async with api.client() as emnify, anyio.create_task_group() as group:
        for number in range(4):
            group.start_soon(emnify.endpoints.create, ENDPOINT)
            group.start_soon(emnify.endpoints.update, number, {"name": "x"})
            group.start_soon(emnify.endpoints.delete, number)
            group.start_soon(emnify.request, "PATCH", "/api/v2/endpoint/multi")
    assert most == 1 and len(api.requests) == 16


async def test_a_call_whose_token_became_stale_in_the_queue_keeps_its_position() -> None:
    order: list[str] = []

    async def slow(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/workspace"):
            api.lifetime = 14400.0
            return httpx.Response(200, json={"auth_token": api.token()})
        order.append(request.url.path.rpartition("/")[2])
        await anyio.sleep(30.0)
        return DONE

    api = ScriptedApi([slow], lifetime=20.0)
    async with api.client(None, auth=UserPassword("me@example.com", "pw")) as emnify:
        there = emnify.workspace(42)  # it has a token of its own and the same queue
        async with anyio.create_task_group() as group:
            for number, one in enumerate([there, emnify, there, there], start=1):
                group.start_soon(one.endpoints.delete, number)
                await anyio.sleep(0.5)
    assert order == ["1", "3", "2", "4"]


async def test_connections_are_bounded() -> None:
    inside, most = 0, 0

    async def slow(_request: httpx.Request) -> httpx.Response:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await anyio.sleep(0.5)
        inside -= 1
        return sim()

    api = ScriptedApi([slow])
    async with api.client(connections=3) as emnify, anyio.create_task_group() as group:
        for _ in range(12):
            group.start_soon(emnify.sims.get, 1)
    assert most == 3


async def test_every_request_carries_the_documented_headers() -> None:
    api = ScriptedApi([DONE])
    async with api.client() as emnify:
        await emnify.sims.delete(5, options={"headers": {"X-Trace": "abc"}})  # type: ignore[arg-type]
    headers = dict(api.requests[0].headers)
    bearer = headers.pop("authorization")
    assert headers.pop("x-request-id") == f"{2**64:x}"
    assert bearer.startswith("Bearer ") and len(bearer) > 50
    assert headers.pop("user-agent").startswith("aioemnify/")
    assert headers == {
        "host": "cdn.emnify.net",
        "content-type": "application/json",
        "accept": "application/json",
        "accept-encoding": "gzip",
        "x-trace": "abc",
    }
    with pytest.raises(ArgumentError, match="authorization"):
        async with api.client() as emnify:
            await emnify.sims.delete(5, options={"headers": {"authorization": "x"}})  # type: ignore[arg-type]


# httpx leaves its own inner generators to the garbage collector when its decoder fails; trio says so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_broken_compression_of_a_success_is_a_decode_error() -> None:
    async def broken(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=_Bytes(b"not gzip"))

    api = ScriptedApi([broken])
    async with api.client() as emnify:
        with pytest.raises(DecodeError) as caught:
            await read(emnify)
    assert str(caught.value).startswith("sims.get: the compression of the response cannot be read: Err")
    assert caught.value.operation == "sims.get" and len(api.requests) == 1


class _Bytes(httpx.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self):  # type: ignore[no-untyped-def]
        yield self._content


async def test_an_answer_beyond_the_bound_is_abandoned() -> None:
    api = ScriptedApi([httpx.Response(200, content=b"[" + b"1," * 5000 + b"1]")])
    async with api.client(max_response_bytes=5000) as emnify:
        with pytest.raises(ResponseTooLargeError) as caught:
            await read(emnify)
    assert str(caught.value) == "sims.get: the response is larger than max_response_bytes=5000"
    assert caught.value.operation == "sims.get"
    assert len(api.requests) == 1


async def test_a_redirect_is_an_error_and_is_not_followed() -> None:
    api = ScriptedApi([httpx.Response(302, headers={"Location": "https://elsewhere.example/"})])
    async with api.client() as emnify:
        with pytest.raises(EmnifyError, match="302"):
            await read(emnify)
    assert len(api.requests) == 1


async def test_a_broken_connection_in_the_body_is_told_as_such() -> None:
    api = ScriptedApi([httpx.ReadError("reset")])
    async with api.client(retry=RetryPolicy(attempts=1)) as emnify:
        with pytest.raises(ProtocolError, match=r"sims\.get"):
            await read(emnify)


async def test_nothing_is_sent_for_what_cannot_work() -> None:
    api = ScriptedApi([sim()])
    async with api.client() as emnify:
        for call, argument in [
            (lambda: emnify.sims.get("../user/1"), "sim_id"),
            (lambda: emnify.sims.get(""), "sim_id"),
            (lambda: emnify.sim_batches.validate("../user/1"), "bic"),
            (lambda: emnify.endpoints.create({"name": 5}), "body"),
            (lambda: emnify.endpoints.create(None), "body"),  # type: ignore[arg-type]
        ]:
            with pytest.raises(ArgumentError, match=f"^{argument}"):
                await call()
        with pytest.raises(ArgumentError, match="colour"):
            emnify.sims.list(filter={"colour": "red"})  # type: ignore[typeddict-unknown-key]
    assert api.requests == [] and api.logins == []


async def test_a_closed_client_sends_nothing() -> None:
    api = ScriptedApi([sim()])
    async with api.client() as emnify:
        await read(emnify)
    with pytest.raises(ClientStateError, match="closed"):
        await read(emnify)
    assert len(api.requests) == 1


async def test_raw_requests_go_the_same_way() -> None:
    api = ScriptedApi([httpx.Response(401), httpx.Response(200, json={"any": ["thing"]})])
    async with api.client() as emnify:
        answer = await emnify.request("get", "/api/v1/sim/5", params={"a b": "c|d", "none": None})
        assert answer == {"any": ["thing"]}
        assert len(api.logins) == 2
        assert str(api.requests[1].url).endswith("/api/v1/sim/5?a%20b=c%7Cd")
        names = [limit.name for limit in emnify.throttle.snapshot().limits]
        assert "GET /api/v1/sim/{id}" in names
        api.answers = [httpx.Response(404, json={"error_code": 1201, "message": "gone"})]
        with pytest.raises(NotFoundError) as caught:
            await emnify.request("GET", "/api/v3/new")
        assert caught.value.operation == "GET /api/v3/new"
        for path in ["https://evil.example/api/v1/sim", "/other", "/api/v1/../sim", "/api/v1/sim?x=1"]:
            with pytest.raises(ArgumentError, match="^path"):
                await emnify.request("GET", path)
        with pytest.raises(ArgumentError, match="^method"):
            await emnify.request("TRACE", "/api/v1/sim")


async def test_no_log_line_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api = ScriptedApi([httpx.Response(401), httpx.Response(503), sim()])
    async with api.client("canary-application-token") as emnify:
        await read(emnify)
        bearer = api.requests[0].headers["authorization"].removeprefix("Bearer ")
        assert len(caplog.records) > 5
        assert "canary" not in caplog.text and bearer not in caplog.text
        assert "canary" not in repr(emnify) + repr(emnify.throttle) + repr(vars(emnify))


async def _create_with(emnify: Emnify, before_send: Callable[[], Awaitable[None]]) -> int:
    request = Request(OPERATIONS["endpoints.create"], "/api/v1/endpoint", content=b"{}")
    return await emnify._pipeline.call(
        request, CallOptions(), lambda _, response: response.status, before_send
    )


async def test_a_step_before_the_first_byte_follows_admission_in_each_attempt() -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "250"}), MADE])
    seen: list[tuple[int, int]] = []

    async def step() -> None:
        lanes = [use for use in emnify.throttle.snapshot().limits if use.kind == "lane"]
        seen.append((lanes[0].in_flight, len(api.requests)))

    async with api.client() as emnify:
        assert await _create_with(emnify, step) == 201
    assert seen == [(1, 0), (1, 1)], "admitted, and nothing of this attempt sent"


async def test_nothing_is_sent_and_the_slot_goes_back_where_that_step_raises() -> None:
    api = ScriptedApi([MADE])

    async def step() -> None:
        raise LookupError("the disk is full")

    async with api.client() as emnify:
        with pytest.raises(LookupError, match="disk"):
            await _create_with(emnify, step)
        assert not api.requests
        assert not any(use.in_flight for use in emnify.throttle.snapshot().limits)
        await create(emnify)


async def test_that_step_can_be_cancelled() -> None:
    api = ScriptedApi([MADE])

    async def step() -> None:
        await anyio.sleep(1000)

    async with api.client() as emnify:
        with anyio.move_on_after(5) as scope:
            await _create_with(emnify, step)
        assert scope.cancelled_caught and not api.requests
        await create(emnify)
    assert len(api.requests) == 1
