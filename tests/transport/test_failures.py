"""What a hostile review found: mishaps on the way that must end in the tree, and once only."""

from __future__ import annotations

import asyncio
import json
import ssl
import traceback
from enum import Enum
from typing import Any

import anyio
import httpx
import pytest
import trio

from aioemnify import CallOptions, Created, Emnify, LoopClock, UserPassword, models
from aioemnify.errors import (
    APIError,
    ArgumentError,
    AuthenticationError,
    ClientStateError,
    DecodeError,
    NotFoundError,
    OutcomeUnknownError,
    ProtocolError,
    ServerError,
    TimeoutError,
    ValidationError,
)
from aioemnify.operation import LimitTable, MonthLimit, RowLimit
from aioemnify.stores.memory import MemoryStore
from aioemnify.transport.auth.authenticator import RENEWAL_PAUSE
from tests.scripted_api import ScriptedApi, sim
from tests.virtual_time import backend

pytestmark = pytest.mark.anyio

ENDPOINT = {"status": 0, "service_profile": 1, "tariff_profile": 2}
CANARY = "canary-application-token"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


# --- answers nobody should have to expect


@pytest.mark.parametrize("status", [404, 422, 500])
@pytest.mark.parametrize(
    ("content", "excerpt", "message"),
    [
        ('{"message":"Straße"}'.encode("latin-1"), "", "Stra\ufffde"),
        (b'{"message":"a\tb \\ud83d"}', "", "a\tb \ufffd"),
        (b"[" * 100_000, "[" * 199 + "…", ""),
    ],
)
async def test_an_error_body_that_is_no_json_is_still_that_status(
    status: int, content: bytes, excerpt: str, message: str
) -> None:
    api = ScriptedApi([httpx.Response(status, content=content)])
    async with api.client() as emnify:
        with pytest.raises(APIError) as caught:
            await emnify.sims.get(1)
    assert caught.value.status == status
    assert (caught.value.excerpt, caught.value.message) == (excerpt, message)


class _Broken(httpx.AsyncByteStream):
    """A body that begins and then breaks off."""

    async def __aiter__(self) -> Any:
        yield b'{"id'
        raise httpx.ReadError("reset")


def _broken(status: int, **headers: str) -> Any:
    async def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=headers, stream=_Broken())

    return answer


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFoundError), (422, ValidationError), (500, ServerError)]
)
async def test_a_status_that_came_counts_even_if_its_body_breaks_off(status: int, kind: type) -> None:
    api = ScriptedApi([_broken(status)])
    async with api.client() as emnify:
        with pytest.raises(kind):
            await emnify.endpoints.create(ENDPOINT)
    assert len(api.requests) == 1


async def test_a_create_that_came_with_its_address_is_known_whatever_its_body() -> None:
    there = {"Location": "/api/v1/endpoint/9"}
    for answer in (_broken(201, **there), httpx.Response(201, headers=there, content=b"{'no': json}")):
        api = ScriptedApi([answer])
        async with api.client() as emnify:
            assert await emnify.endpoints.create(ENDPOINT) == Created(9, "/api/v1/endpoint/9")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, ProtocolError), (299, ProtocolError), (300, APIError), (304, APIError), (500, ServerError)],
)
async def test_only_a_success_needs_its_body(status: int, kind: type[Exception]) -> None:
    api = ScriptedApi([_broken(status)])
    async with api.client() as emnify:
        with pytest.raises(kind) as caught:
            await emnify.sims.get(1, options={"retry": False})  # type: ignore[arg-type]
    assert type(caught.value) is kind


async def test_a_create_whose_body_breaks_off_without_address_is_unknown() -> None:
    api = ScriptedApi([_broken(201)])
    async with api.client() as emnify:
        with pytest.raises(OutcomeUnknownError):
            await emnify.endpoints.create(ENDPOINT)


async def test_a_tls_record_that_cannot_be_read_is_a_broken_connection() -> None:
    api = ScriptedApi([ssl.SSLError(1, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC")])
    async with api.client() as emnify:
        with pytest.raises(ProtocolError, match=r"connection broke .*\(SSLError\)$"):
            await emnify.sims.get(1)
        with pytest.raises(OutcomeUnknownError):
            await emnify.endpoints.create(ENDPOINT)


# --- waits without end


@pytest.mark.parametrize("seconds", [61, 86400, 31 * 86400])
async def test_a_gateway_that_says_much_later_is_believed_and_not_waited_for(seconds: int) -> None:
    api = ScriptedApi([httpx.Response(503, headers={"Retry-After": str(seconds)})])
    async with api.client() as emnify:
        with pytest.raises(ServerError):
            await emnify.sims.get(1)
    assert len(api.requests) == 1 and api.clock.monotonic() < 1.0


@pytest.mark.parametrize("status", [429, 503])
async def test_a_wait_that_no_server_can_mean_is_ignored_and_said_once(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    odd = [httpx.Response(status, headers={"Retry-After": value}) for value in ("9" * 18, "8" * 18, "soon")]
    api = ScriptedApi([*odd, sim()])
    async with api.client() as emnify:
        assert (await emnify.sims.get(1)).id == 1
    assert api.clock.monotonic() < 10.0
    assert caplog.text.count("a Retry-After that no server can mean is ignored: '999999999999999999'") == 1
    assert caplog.text.count("is ignored") == 1


async def test_a_refusal_of_days_on_the_authentication_is_probed_after_a_minute() -> None:
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(429, headers={"Retry-After": str(3 * 86_400_000)})]
    async with api.client() as emnify:
        assert (await emnify.sims.get(1)).id == 1
    assert api.clock.monotonic() == pytest.approx(60.0, abs=1.0)


async def test_a_refusal_nobody_can_be_blamed_for_is_waited_out() -> None:
    table = LimitTable(rows=(), windows=(), month=MonthLimit("month", 10))
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "5000"}), sim()])
    async with api.client(limits=table) as emnify:
        await emnify.sims.get(1)
    assert api.clock.monotonic() == pytest.approx(5.1, abs=0.01)


# --- tokens


async def test_staggered_deadlines_do_not_use_up_the_authentications() -> None:
    api = ScriptedApi([sim()])
    api.login_delay = 2.0
    results: list[str] = []

    async def call(emnify: Emnify, deadline: float) -> None:
        try:
            await emnify.sims.get(1, options={"deadline": deadline})  # type: ignore[arg-type]
        except TimeoutError as error:
            results.append(error.phase)

    async with api.client() as emnify:
        async with anyio.create_task_group() as group:
            for number in range(20):
                group.start_soon(call, emnify, 1.0 + number / 10)
        assert set(results) == {"authenticate"}
        assert len(api.logins) <= 3
        assert (await emnify.sims.get(1)).id == 1, "who has time may still try"


async def test_a_wait_that_outlasts_the_token_ends_with_a_fresh_one() -> None:
    async def slow(request: httpx.Request) -> httpx.Response:
        await anyio.sleep(1.0)
        used.append(request.headers["authorization"])
        return httpx.Response(204)

    used: list[str] = []
    api = ScriptedApi([slow], lifetime=20.0)
    async with api.client() as emnify, anyio.create_task_group() as group:
        for number in range(60):
            group.start_soon(emnify.endpoints.delete, number)
    assert len(used) == 60
    assert 3 <= len(set(used)) <= 6


async def test_a_third_token_is_sent_even_if_it_became_stale_in_the_queue() -> None:
    async def slow(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(50.0)
        return httpx.Response(204)

    lasting, brief, store = ScriptedApi([slow]), ScriptedApi([slow], lifetime=10.0), MemoryStore()
    others = lasting.client("lasting", store=store)
    emnify = brief.client("brief", store=store, clock=lasting.clock)
    async with others, emnify, anyio.create_task_group() as group:
        group.start_soon(others.endpoints.delete, 1)
        await anyio.sleep(1.0)
        group.start_soon(emnify.endpoints.delete, 2)
        await anyio.sleep(1.0)
        for number in range(3, 9):  # while the call gets a new token, the next one uses its place
            group.start_soon(others.endpoints.delete, number)
    assert len(brief.logins) == 3 and len(brief.requests) == 1


async def test_a_failing_callback_is_asked_once_and_told_as_what_it_is() -> None:
    asked: list[int] = []

    def code() -> str:
        asked.append(1)
        raise EOFError("no terminal")

    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(200, json={"mfa_token": "half-way"}) for _ in range(40)]
    failures: list[ArgumentError] = []
    async with api.client(None, auth=UserPassword("u@example.com", "p", mfa=code)) as emnify:

        async def call() -> None:
            with pytest.raises(ArgumentError, match="^mfa raised EOFError") as caught:
                await emnify.sims.get(1)
            failures.append(caught.value)

        async with anyio.create_task_group() as group:
            for _ in range(30):
                group.start_soon(call)
    assert len(failures) == 30 and len(asked) == 1 and len(api.logins) == 1


async def test_one_clients_own_trouble_is_not_given_to_another() -> None:
    """Two clients share a token; one cannot connect, and the other can."""
    api = ScriptedApi([sim()])

    async def unreachable(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(0.1)
        raise httpx.ConnectError("certificate verify failed")

    store = MemoryStore()
    transport = httpx.MockTransport(unreachable)
    broken = Emnify("shared", transport=transport, clock=api.clock, chance=lambda: 0.0, store=store)
    good = api.client("shared", chance=lambda: 0.0, store=store)
    outcomes: list[str] = []

    async def call(client: Emnify) -> None:
        try:
            await client.sims.get(1)
            outcomes.append("good")
        except Exception as error:
            outcomes.append(type(error).__name__)

    async with broken, good, anyio.create_task_group() as group:
        group.start_soon(call, broken)
        await anyio.sleep(0.01)
        group.start_soon(call, good)
    assert sorted(outcomes) == ["ConnectError", "good"]


async def test_a_deadline_that_passes_while_a_refused_token_is_replaced_says_so() -> None:
    api = ScriptedApi([httpx.Response(401)])
    async with api.client() as emnify:
        with pytest.raises(AuthenticationError):
            await emnify.sims.get(1)
        await anyio.sleep(RENEWAL_PAUSE)
        api.login_delay = 60.0
        with pytest.raises(TimeoutError) as caught:
            await emnify.sims.get(1, options={"deadline": 2.0})  # type: ignore[arg-type]
    assert caught.value.phase == "authenticate"


# --- secrets


@pytest.mark.parametrize("status", [400, 401, 404, 500])
async def test_no_frame_of_a_failed_login_holds_the_token_in_clear(status: int) -> None:
    headers = {"X-Debug": f"got {CANARY}"}
    body = {"message": f"bad {CANARY}", "errors": [{"message": CANARY}]}
    api = ScriptedApi([sim()])
    api.login_answers = [httpx.Response(status, headers=headers, json=body)]
    async with api.client(CANARY) as emnify:
        with pytest.raises(APIError) as caught:
            await emnify.sims.get(1)
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    # The frames of this test and of its fake server know the token; those of the library must not.
    shown = [
        f"{frame.filename}:{frame.lineno} {frame.locals}"
        for frame in frames.stack
        if "aioemnify" in frame.filename
    ]
    assert shown
    assert not [frame for frame in shown if CANARY in frame]
    assert CANARY not in json.dumps([str(caught.value), repr(vars(caught.value))])


# --- what users hand in


class Colour(int, Enum):
    RED = 7


class Word(str, Enum):  # noqa: UP042 - a StrEnum would write itself right
    RED = "red"


async def test_members_of_enums_are_sent_as_their_values() -> None:
    api = ScriptedApi([httpx.Response(200, json=[])])
    async with api.client() as emnify:
        await emnify.sims.list(filter={"status": Colour.RED, "iccid": Word.RED}, page=Colour.RED)
        await emnify.request("GET", "/api/v1/sim", params={"a": Colour.RED, "b": Word.RED})
    assert api.requests[0].url.query == b"q=status:7,iccid:red&page=7"
    assert api.requests[1].url.query == b"a=7&b=red"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"bytes", {1, 2}, object(), "\ud800"])
async def test_raw_json_says_only_what_json_can_say(value: object) -> None:
    api = ScriptedApi([httpx.Response(204)])
    async with api.client() as emnify:
        with pytest.raises(ArgumentError, match="^json"):
            await emnify.request("PATCH", "/api/v1/endpoint/1", json={"a": value})
    assert api.requests == []


async def test_other_odd_arguments_are_refused_before_sending() -> None:
    api = ScriptedApi([httpx.Response(204)])
    async with api.client() as emnify:
        for call in (
            lambda: emnify.sims.get(10**5000),
            lambda: emnify.request("GET", "/api/v1/sim", params=[("a", "b")]),  # type: ignore[arg-type]
            lambda: emnify.request("GET", "/api/v1/sim", params={"a": "\ud800"}),
        ):
            with pytest.raises(ArgumentError):
                await call()
    assert api.requests == []


@pytest.mark.parametrize(
    "given",
    [
        {"http_client": httpx.Client()},
        {"http_client": httpx.MockTransport(lambda _: httpx.Response(200))},
        {"transport": httpx.AsyncClient()},
        {"transport": httpx.HTTPTransport()},
    ],
    ids=["sync client", "transport as client", "client as transport", "sync transport"],
)
async def test_what_is_brought_along_must_be_of_the_right_kind(given: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match=f"^{next(iter(given))} takes an Async"):
        Emnify("token", **given)


async def test_a_client_brought_along_that_is_closed_is_told_so() -> None:
    mine = httpx.AsyncClient()
    await mine.aclose()
    async with Emnify("token", http_client=mine) as emnify:
        with pytest.raises(ClientStateError):
            await emnify.sims.get(1)


def test_a_client_belongs_to_one_event_loop_and_says_so() -> None:
    api = ScriptedApi([sim()])
    emnify = Emnify("token", transport=httpx.MockTransport(api.handle), clock=LoopClock(0))

    async def call() -> int:
        return (await emnify.sims.get(1)).id

    assert asyncio.run(call()) == 1
    with pytest.raises(ClientStateError, match="another event loop"):
        asyncio.run(call())
    asyncio.run(emnify.aclose())


async def test_a_walk_is_not_shared_between_tasks() -> None:
    async def slow(request: httpx.Request) -> httpx.Response:
        await anyio.sleep(1.0)
        return httpx.Response(
            200,
            json=[{"id": 1}],
            headers={"X-Total-Pages": "3", "X-Current-Page": request.url.params.get("page", "1")},
        )

    api = ScriptedApi([slow])
    async with api.client() as emnify:
        walk = aiter(emnify.sims.list().pages())
        async with anyio.create_task_group() as group:
            group.start_soon(anext, walk)
            await anyio.sleep(0.5)
            with pytest.raises(RuntimeError, match="each task"):
                await anext(walk)
        assert len((await anext(walk)).items) == 1


async def test_cookies_of_a_gateway_are_not_kept() -> None:
    api = ScriptedApi([httpx.Response(204, headers={"Set-Cookie": "AWSALB=x; Path=/"})])
    async with api.client() as emnify:
        await emnify.sims.delete(1)
        await emnify.sims.delete(1)
    assert "cookie" not in api.requests[1].headers


async def test_a_decode_error_does_not_show_a_token_that_broke_off() -> None:
    api = ScriptedApi([httpx.Response(200, content=b'{"application_token": "' + CANARY.encode())])
    async with api.client() as emnify:
        with pytest.raises(OutcomeUnknownError) as caught:
            await emnify.application_tokens.create({"description": "x"})
    cause = caught.value.__cause__
    assert isinstance(cause, DecodeError)
    assert CANARY not in f"{caught.value} {vars(caught.value)} {cause} {vars(cause)}"


async def test_tokens_that_live_shorter_than_the_queue_are_not_asked_for_without_end() -> None:
    async def slow(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep(5.0)
        return httpx.Response(204)

    api = ScriptedApi([slow], lifetime=1.0)
    async with api.client() as emnify, anyio.create_task_group() as group:
        for number in range(5):
            group.start_soon(emnify.endpoints.delete, number)
    assert len(api.requests) == 5
    assert len(api.logins) <= 15


# --- what the second review found


async def test_one_slow_authentication_does_not_lock_hurried_callers_out() -> None:
    api = ScriptedApi([sim()])
    api.login_delay = 60.0
    hurried: Any = {"deadline": 5.0}
    async with api.client() as emnify:
        for _ in range(2):
            with pytest.raises(TimeoutError):
                await emnify.sims.get(1, options=hurried)
        assert len(api.logins) == 1, "the second had no more time than the first, and did not try"
        api.login_delay = 0.1
        await anyio.sleep(11)
        assert (await emnify.sims.get(1, options=hurried)).id == 1
    assert len(api.logins) == 2


async def test_a_good_token_is_used_while_its_early_renewal_stalls() -> None:
    api = ScriptedApi([sim()], lifetime=1000.0)
    async with api.client() as emnify:
        await emnify.sims.get(1)
        await anyio.sleep(760)
        api.login_delay = 600.0
        hurried: Any = {"deadline": 2.0}
        with pytest.raises(TimeoutError):
            await emnify.sims.get(1, options=hurried)  # the one that renews
        for _ in range(5):
            assert (await emnify.sims.get(1, options=hurried)).id == 1
        await anyio.sleep(31)
        before = anyio.current_time()
        assert (await emnify.sims.get(1)).id == 1
        assert anyio.current_time() - before == pytest.approx(5.0), "a renewal holds nobody up for longer"
    assert len(api.logins) == 3


async def test_a_protocol_error_after_the_request_left_is_no_proof_that_it_did_not() -> None:
    async def breaks(request: httpx.Request) -> httpx.Response:
        await request.extensions["trace"]("http2.send_request_headers.started", {})
        raise httpx.LocalProtocolError("the peer sent nonsense")

    api = ScriptedApi([breaks])
    async with api.client() as emnify:
        with pytest.raises(OutcomeUnknownError):
            await emnify.endpoints.create(ENDPOINT)
    assert len(api.requests) == 1


async def test_what_is_said_to_a_proxy_is_not_the_request() -> None:
    async def refuses(request: httpx.Request) -> httpx.Response:
        trace = request.extensions["trace"]
        await trace("connection.connect_tcp.started", {})
        connect = type("Connect", (), {"method": b"CONNECT"})()
        await trace("http11.send_request_headers.started", {"request": connect})
        raise httpx.ReadError("the proxy hung up")

    api = ScriptedApi([refuses, httpx.Response(201, headers={"Location": "/api/v1/endpoint/9"})])
    async with api.client() as emnify:
        assert (await emnify.endpoints.create(ENDPOINT)).id == 9
    assert len(api.requests) == 2


def test_a_transport_that_gives_up_by_cancelling_itself_is_a_broken_connection() -> None:
    async def gives_up(_request: httpx.Request) -> httpx.Response:
        raise asyncio.CancelledError

    async def main() -> None:
        api = ScriptedApi([gives_up, sim(), gives_up])
        async with api.client() as emnify:
            assert (await emnify.sims.get(1)).id == 1
            with pytest.raises(ProtocolError) as caught:
                await emnify.sims.get(1, options={"retry": False})  # type: ignore[arg-type]
            assert str(caught.value) == "sims.get: the transport cancelled the exchange"
            assert caught.value.operation == "sims.get"
            with pytest.raises(OutcomeUnknownError):
                await emnify.endpoints.create(ENDPOINT)

    asyncio.run(main())


@pytest.mark.parametrize("content", ["<html>debug: Bearer {}</html>", "<html>{}</html>"])
async def test_a_success_that_is_no_json_does_not_show_the_token_it_echoes(content: str) -> None:
    async def echo(request: httpx.Request) -> httpx.Response:
        token = request.headers["authorization"].removeprefix("Bearer ")
        return httpx.Response(200, text=content.replace("{}", token))

    api = ScriptedApi([echo])
    async with api.client() as emnify:
        with pytest.raises(DecodeError) as caught:
            await emnify.sims.get(1)
    bearer = api.requests[0].headers["authorization"].removeprefix("Bearer ")
    assert bearer not in f"{caught.value} {vars(caught.value)}" and "(hidden)" in caught.value.excerpt


async def test_a_secret_escaped_as_json_is_found_all_the_same() -> None:
    odd = 'canary/with"marks'
    api = ScriptedApi([sim()])
    content = json.dumps({"message": f"bad {odd}", "errors": [{"message": odd}]}).replace("/", "\\/")
    api.login_answers = [httpx.Response(401, content=content)]
    async with api.client(odd) as emnify:
        with pytest.raises(AuthenticationError) as caught:
            await emnify.sims.get(1)
    assert odd not in f"{caught.value} {vars(caught.value)}" and "(hidden)" in caught.value.message


async def test_a_closed_client_takes_nobodys_place() -> None:
    mine = httpx.AsyncClient()
    await mine.aclose()
    async with Emnify("token", http_client=mine) as emnify:
        with pytest.raises(ClientStateError):
            await emnify.sims.get(1)
        assert emnify.throttle.snapshot().calls == 0


async def test_a_retry_after_of_nothing_is_no_invitation_to_hammer() -> None:
    api = ScriptedApi([httpx.Response(429, headers={"Retry-After": "0"}), sim()])
    async with api.client() as emnify:
        await emnify.sims.get(1)
    assert api.clock.monotonic() == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("rate", [0.0, -1.0])
async def test_a_table_that_lets_nothing_through_is_refused(rate: float) -> None:
    table = LimitTable(
        rows=(RowLimit("r", "GET", "/api/v1/sim", rate, 5),), windows=(), month=MonthLimit("m", 1)
    )
    with pytest.raises(ArgumentError, match="^limits row r"):
        Emnify("token", limits=table)


@pytest.mark.parametrize("seconds", [10**400, float("inf"), float("nan"), -1, 0])
async def test_a_deadline_is_a_sensible_number_of_seconds(seconds: float) -> None:
    with pytest.raises(ArgumentError, match="deadline"):
        CallOptions(deadline=seconds)


async def test_a_filter_takes_the_lookup_of_its_field_only() -> None:
    api = ScriptedApi([httpx.Response(200, json=[])])
    async with api.client() as emnify:
        await emnify.sims.list(filter={"status": models.SimStatus.ISSUED})
        with pytest.raises(ArgumentError, match="takes SimStatus or its id, not EndpointStatus"):
            emnify.sims.list(filter={"status": models.EndpointStatus.ENABLED})  # type: ignore[typeddict-item]
    assert api.requests[0].url.query == b"q=status:0"


def test_ctrl_c_is_ctrl_c_on_trio_too() -> None:
    async def interrupted(_request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    async def main() -> None:
        api = ScriptedApi([interrupted])
        async with api.client() as emnify:
            await emnify.sims.get(1)

    with pytest.raises(KeyboardInterrupt):
        trio.run(main)


@pytest.mark.parametrize("location", ["https://[broken", "/"])
async def test_an_address_nobody_can_read_does_not_hide_the_id_in_the_body(location: str) -> None:
    api = ScriptedApi([httpx.Response(201, headers={"Location": location}, json={"id": 77})])
    async with api.client() as emnify:
        assert (await emnify.endpoints.send_sms(1, {"payload": "hello"})).id == 77
