"""Every documented operation, called: the request it makes, and what becomes of the answer.

Arguments, bodies and answers are made from the documentation's data; the requests are those
that respx caught, and results are judged by the comparison that knows no reader.
"""

from __future__ import annotations

import json
import types
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import respx

from aioemnify import CallResponse, Clock, Created, Emnify, Page, StaticToken, errors, models
from aioemnify.errors import ArgumentError
from tests.contract.arguments import arguments_of, stub_of
from tests.contract.both_clients import CLIENTS
from tests.contract.comparison import answer_losses, built, differences
from tests.contract.documented import CALLS, LIMITS, MODELS, Call
from tests.contract.rows import row_of, windows_of
from tests.contract.sampling import Sampler, Spelling, turns_of

pytestmark = pytest.mark.anyio

HOST = "https://cdn.emnify.net"
TOKEN = "an-auth-token"
NEW_ID = 4711

EVERY_CALL = pytest.mark.parametrize("call", CALLS.values(), ids=lambda call: call.id)
PAGED_CALLS = pytest.mark.parametrize(
    "call", [call for call in CALLS.values() if call.paged], ids=lambda call: call.id
)

EXCEPTIONS: dict[int, type[errors.APIError]] = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    405: errors.MethodNotAllowedError,
    409: errors.ConflictError,
    410: errors.GoneError,
    415: errors.UnsupportedMediaTypeError,
    422: errors.ValidationError,
    500: errors.ServerError,
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"  # what differs between the event loops is tested elsewhere


class Still(Clock):
    """Time that stands still, so that nothing a limit counted is forgotten again."""

    def monotonic(self) -> float:
        return 1000.0


@pytest.fixture
def api() -> respx.Router:
    return respx.Router(assert_all_called=True)


@pytest.fixture(params=CLIENTS)
async def emnify(api: respx.Router, request: pytest.FixtureRequest) -> AsyncIterator[Emnify]:
    transport = httpx.MockTransport(api.async_handler)
    kind = CLIENTS[request.param]
    async with kind(auth=StaticToken(TOKEN), base_url=HOST, transport=transport, clock=Still()) as emnify:
        yield emnify


# --- the answers that the documentation promises


def answer(call: Call, body: Any, *, page: int = 1, pages: int = 1) -> httpx.Response:
    """Return a success that carries ``body``, with the headers that its kind of call has."""
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    if call.located:
        headers["Location"] = f"{HOST}{call.path.partition('{')[0].rstrip('/')}/{NEW_ID}"
    if call.paged and call.enveloped:
        assert call.result is not None
        assert call.page_params is not None
        told = {
            call.paged["items_field"]: body,
            call.paged["total_field"]: pages * len(body),
            call.paged["last_page_field"]: pages,
            call.page_params[0]: page,
            call.page_params[1]: len(body),
        }
        assert told.keys() <= MODELS[call.result.model].fields.keys()
        envelope = Sampler().object(call.result.model) | told
        return httpx.Response(call.success, headers=headers, json=envelope)
    if call.paged:
        headers |= {
            "X-Total-Count": str(pages * len(body)),
            "X-Total-Pages": str(pages),
            "X-Current-Page": str(page),
            "X-Count-Per-Page": str(len(body)),
        }
    if body is None:
        return httpx.Response(call.success, headers=headers, content=b"")
    return httpx.Response(call.success, headers=headers, content=json.dumps(body).encode())


def sample(call: Call, spelling: Spelling = "plain", turn: int = 0, place: str = "") -> Any:
    """Return what a success carries; of an envelope, its items."""
    if call.result is None:
        return None
    payload = call.returned if call.paged else call.result
    assert payload is not None
    return Sampler(spelling=spelling, turn=turn).payload(payload, place)


async def carried(emnify: Any, call: Call, body: Any = None) -> Any:
    """Make a call with as little as it takes."""
    arguments = arguments_of(call, with_query=False)
    if call.body and body is None:
        body = Sampler(request=True).payload(call.body)
    given = (*arguments.path, body) if call.body else arguments.path
    return await stub_of(emnify, call)(*given, **arguments.keywords)


# --- what is sent


def bodies(call: Call) -> list[Any]:
    """Return a body for each alternative that the documentation offers, or None without a body."""
    if call.body is None:
        return [None]
    found = [Sampler(request=True, turn=turn).payload(call.body) for turn in range(turns_of(call.body))]
    cleared = Sampler(request=True, spelling="null").payload(call.body)
    return [*found, cleared] if cleared not in found else found


@EVERY_CALL
async def test_what_is_sent(call: Call, api: respx.Router, emnify: Emnify) -> None:
    route = api.route(method=call.method).mock(return_value=answer(call, sample(call)))
    arguments = arguments_of(call)
    for body in bodies(call):
        ways = [body]
        if call.body:
            model = getattr(models, call.body.model)
            whole: Any = types.GenericAlias(list, (model,)) if call.body.many else model
            ways.append(built(whole, body))
        for way in ways:
            given = (*arguments.path, way) if call.body else arguments.path
            await stub_of(emnify, call)(*given, **arguments.keywords)
            check_request(route.calls.last.request, call, arguments.raw_path, arguments.query)
            sent = route.calls.last.request.content
            if call.body:
                assert list(differences(body, json.loads(sent), "body")) == []
            else:
                assert sent == b""
    assert {request.request.method for request in route.calls} == {call.method}


def check_request(request: httpx.Request, call: Call, raw_path: str, query: dict[str, str]) -> None:
    path, _, pairs = request.url.raw_path.decode("ascii").partition("?")
    assert request.method == call.method
    assert f"{request.url.scheme}://{request.url.host}" == HOST
    assert path == raw_path
    assert sorted(parse_qsl(pairs, keep_blank_values=True, strict_parsing=bool(pairs))) == sorted(
        query.items()
    )
    assert "+" not in pairs  # some servers read it as a blank
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Accept"] == "application/json"
    assert request.headers.get("Authorization") == (f"Bearer {TOKEN}" if call.authenticated else None)


@EVERY_CALL
async def test_nothing_is_asked_for_that_was_not_said(call: Call, api: respx.Router, emnify: Emnify) -> None:
    route = api.route(method=call.method).mock(return_value=answer(call, sample(call)))
    await carried(emnify, call)
    arguments = arguments_of(call, with_query=False)
    check_request(route.calls.last.request, call, arguments.raw_path, arguments.query)


@pytest.mark.parametrize(
    "call",
    [call for call in CALLS.values() if any(param["type"] == "integer|string" for param in call.path_params)],
    ids=lambda call: call.id,
)
async def test_an_id_that_may_be_a_name_may_be_a_number(
    call: Call, api: respx.Router, emnify: Emnify
) -> None:
    route = api.route(method=call.method).mock(return_value=answer(call, sample(call)))
    arguments = arguments_of(call, with_query=False)
    numbers = tuple(801 + place for place, _ in enumerate(arguments.path))
    body = (Sampler(request=True).payload(call.body),) if call.body else ()
    await stub_of(emnify, call)(*numbers, *body, **arguments.keywords)
    path = call.path
    for param, number in zip(call.path_params, numbers, strict=True):
        path = path.replace("{" + param["name"] + "}", str(number))
    assert route.calls.last.request.url.raw_path.decode().partition("?")[0] == path


@pytest.mark.parametrize("call", [call for call in CALLS.values() if call.body], ids=lambda call: call.id)
async def test_a_body_that_is_not_as_documented_is_not_sent(
    call: Call, api: respx.Router, emnify: Emnify
) -> None:
    assert call.body is not None
    whole = Sampler(request=True).payload(call.body)
    one = whole[0] if call.body.many else whole
    for name, field in MODELS[call.body.model].fields.items():
        broken = [{"unheard": "of"}] if field.shape.kind not in ("any", "map") else []
        missing = [name for _ in range(field.required_in_request)]
        for wrong in (*({**one, name: value} for value in broken), *({**one, "x": 1} for _ in "1")):
            with pytest.raises(ArgumentError):
                await carried(emnify, call, [wrong] if call.body.many else wrong)
        for gone in missing:
            wrong = {key: value for key, value in one.items() if key != gone}
            with pytest.raises(ArgumentError, match=name):
                await carried(emnify, call, [wrong] if call.body.many else wrong)
    assert not api.calls


# --- what comes back


def losses(call: Call, body: Any, read: Any) -> list[str]:
    """Name everything that differs between an answer and what the call returned."""
    assert call.returned is not None
    if call.returned.model.startswith("map"):
        return [] if body == read else [f"{body!r} became {read!r}"]
    return answer_losses(body, read)


@EVERY_CALL
async def test_a_response_holds_what_comes_back(call: Call, api: respx.Router, emnify: Emnify) -> None:
    given = answer(call, sample(call))
    api.route(method=call.method).mock(return_value=given)
    response = await carried(emnify.with_response, call)
    assert isinstance(response, CallResponse)
    assert response.value == await carried(emnify, call)
    assert (response.status, response.attempts) == (given.status_code, 1)
    assert dict(response.headers) == dict(given.headers)


@pytest.mark.parametrize("spelling", ["plain", "wire", "null"])
@EVERY_CALL
async def test_what_comes_back(
    call: Call, spelling: Spelling, api: respx.Router, emnify: Emnify, caplog: pytest.LogCaptureFixture
) -> None:
    route = api.route(method=call.method)
    several = False
    for turn in range(2):
        said = sample(call, spelling, turn)
        route.mock(return_value=answer(call, said))
        read = await carried(emnify, call)
        if call.returned is None:
            assert read == (Created(NEW_ID, answer(call, None).headers["Location"]) if call.located else None)
            continue
        if call.paged:
            assert isinstance(read, Page)
            read = list(read.items)
        if call.either:
            assert isinstance(read, list) is call.returned.many
            said = said if isinstance(said, list) else [said]
            read = read if isinstance(read, list) else [read]
            several = several or (len(said) > 1 and not call.returned.many)
            said = said if call.returned.many else said[:1]
        assert losses(call, said, read) == []
    warned = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert ["objects instead of one" in text for text in warned] == [True] * several


@pytest.mark.parametrize("call", [call for call in CALLS.values() if call.either], ids=lambda call: call.id)
@pytest.mark.parametrize("shape", ["one object", "an array", "an empty array"])
async def test_one_or_many_is_what_the_method_says(
    call: Call, shape: str, api: respx.Router, emnify: Emnify
) -> None:
    assert call.result is not None
    assert call.returned is not None
    one = Sampler().object(call.result.model)
    said = {"one object": one, "an array": [one, one], "an empty array": []}[shape]
    api.route(method=call.method).mock(return_value=answer(call, said))
    read = await carried(emnify, call)
    listed = said if isinstance(said, list) else [said]
    if call.returned.many:
        assert losses(call, listed, read) == []
    elif listed:
        assert losses(call, listed[0], read) == []
    else:
        assert read is None


@pytest.mark.parametrize("call", [call for call in CALLS.values() if call.located], ids=lambda call: call.id)
async def test_a_create_is_known_by_its_address_too(call: Call, api: respx.Router, emnify: Emnify) -> None:
    """Servers leave the body out, whatever is documented; a bulk call alone has no one address."""
    response = answer(call, None)
    api.route(method=call.method).mock(return_value=response)
    if call.returned and call.returned.many:
        with pytest.raises(errors.OutcomeUnknownError):
            await carried(emnify, call)
    else:
        assert await carried(emnify, call) == Created(NEW_ID, response.headers["Location"])


@EVERY_CALL
async def test_a_documented_failure_raises_its_exception(
    call: Call, api: respx.Router, emnify: Emnify
) -> None:
    route = api.route(method=call.method)
    for status in call.failures:
        model = call.responses[status].get("body") or "ApiError"
        for said in (Sampler().object(model), Sampler(spelling="wire").object(model)):
            before = len(route.calls)
            route.mock(return_value=httpx.Response(status, json=said))
            with pytest.raises(errors.APIError) as caught:
                await carried(emnify, call)
            error = caught.value
            assert type(error) is EXCEPTIONS[status]
            assert (error.status, error.operation) == (status, call.id)
            assert (error.message, error.error_code) == (said["message"], said.get("error_code"))
            assert [item.message for item in error.errors] == [item["message"] for item in said["errors"]]
            assert len(route.calls) == before + 1


@pytest.mark.parametrize("call", [CALLS["sims.list"], CALLS["sims.update"]], ids=lambda call: call.id)
async def test_a_refusal_is_read_as_documented(call: Call, api: respx.Router, emnify: Emnify) -> None:
    told = LIMITS["on_exceed"]
    assert told["header_unit"] == "milliseconds"
    body = {name: told[name] for name in ("error_code", "error_token")}
    refusal = httpx.Response(told["status"], headers={told["header"]: "2500"}, json=body)
    api.route(method=call.method).mock(return_value=refusal)
    arguments = arguments_of(call, with_query=False)
    given = (*arguments.path, {}) if call.body else arguments.path
    with pytest.raises(errors.RateLimitError) as caught:
        await stub_of(emnify, call)(*given, options={"retry": False})
    assert caught.value.retry_after == 2.5
    assert (caught.value.error_code, caught.value.error_token) == (told["error_code"], told["error_token"])


def test_every_documented_failure_has_an_exception() -> None:
    assert {status for call in CALLS.values() for status in call.failures} <= EXCEPTIONS.keys()


# --- lists in pages


@PAGED_CALLS
async def test_a_list_is_awaited_for_a_page_and_walked_for_all(
    call: Call, api: respx.Router, emnify: Emnify
) -> None:
    assert call.page_params is not None
    name, size = call.page_params
    pages = [sample(call, place=f"#{number}") for number in (1, 2)]

    def served(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get(name, 1))
        return answer(call, pages[number - 1], page=number, pages=2)

    route = api.route(method="GET").mock(side_effect=served)
    path = arguments_of(call).path
    page = await stub_of(emnify, call)(*path, **{name: 2, size: 2})
    assert (page.current_page, page.total_pages, page.total_count, page.per_page) == (2, 2, 4, 2)
    assert losses(call, pages[1], list(page.items)) == []
    assert dict(route.calls.last.request.url.params) == {name: "2", size: "2"}
    walked = [item async for item in stub_of(emnify, call)(*path, **{size: 2})]
    assert losses(call, pages[0] + pages[1], walked) == []
    assert [dict(made.request.url.params) for made in list(route.calls)[1:]] == [
        {name: "1", size: "2"},
        {name: "2", size: "2"},
    ]
    rest = [len(part.items) async for part in stub_of(emnify, call)(*path, **{name: 2}).pages()]
    assert rest == [2]


@PAGED_CALLS
async def test_what_a_list_cannot_be_asked_for_is_refused_unsent(
    call: Call, api: respx.Router, emnify: Emnify
) -> None:
    path = arguments_of(call).path
    wrong: list[dict[str, Any]] = [{"unheard_of": 1}, {(call.page_params or ("page",))[0]: 0}]
    wrong += [{"filter": {"unheard_of": 1}}] if call.has_filter else [{"filter": {}}]
    wrong += [{"sort": "unheard_of"}] if call.has_sort else [{"sort": "id"}]
    wrong += [{"filter": {name: 1}} for name in call.data.get("paired_fields", ())]
    most = call.data.get("multi_value_max", 1)
    wrong += [{"filter": {name: ["x"] * (most + 1)}} for name in call.data.get("filter_fields", ())]
    for keywords in wrong:
        with pytest.raises((ArgumentError, TypeError)):
            await stub_of(emnify, call)(*path, **keywords)
    assert not api.calls


# --- the limits that a call is counted in


@EVERY_CALL
async def test_a_call_is_counted_where_the_documentation_counts_it(
    call: Call, api: respx.Router, emnify: Emnify
) -> None:
    api.route(method=call.method).mock(return_value=answer(call, sample(call)))
    await carried(emnify, call)
    path = arguments_of(call, with_query=False).raw_path
    row = row_of(call.method, path)
    used = {limit.name for limit in emnify.throttle.snapshot().limits if limit.used or limit.kind == "lane"}
    assert used == {
        *([f"{row['method']} {row['path']}"] if row else ()),
        *(window["id"] for window in windows_of(call.method, path)),
        *(quota["id"] for quota in LIMITS["quotas"] if call.authenticated),
        *([f"lane {call.lane}"] if call.lane else ()),
    }
