"""From an answer to a value or an exception: creates, pages, error bodies of every shape, Retry-After."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify import errors
from aioemnify.errors import APIError, DecodeError, QuotaExhaustedError, RateLimitError, ServerError
from aioemnify.operation import Envelope, ErrorCode, Listing, Operation, Result
from aioemnify.pagination import Pages
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.response import Response, ResponseReader
from aioemnify.types import Created, Page
from tests.transport.wire.small_models import CLASSES, Thing

CODES = {
    1400: ErrorCode(1400, "InputValidationFailed", (422,), "Read the list."),
    1402: ErrorCode(1402, "Required", (422,), "Give the member."),
    1601: ErrorCode(1601, "Unavailable", (404,), "Free an address."),
}
GET = Operation("things.get", "GET", "/api/v1/thing/{id}", result=Result("tests:Thing"))
LIST = Operation(
    "things.list", "GET", "/api/v1/thing", result=Result("tests:Thing", many=True), listing=Listing()
)
ENVELOPE = Envelope(items="data", total="total", pages="last", page="number", size="size")
BOXED = [
    Operation("things.list", "GET", "/api/v1/thing", result=Result(model), listing=Listing(envelope=ENVELOPE))
    for model in ("tests:ThingPage", "tests:RenamedPage")
]
DELETE = Operation("things.delete", "DELETE", "/api/v1/thing/{id}")
CREATE = Operation("things.create", "POST", "/api/v1/thing", success=(201,), creates=True)
CREATE_FULL = Operation(
    "things.create", "POST", "/api/v1/thing", result=Result("tests:Thing"), success=(201,), creates=True
)


@pytest.fixture(autouse=True, scope="module")
def far_from_utc() -> Iterator[None]:
    """Run where local time is not UTC, so that mixing them up shows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def reader() -> ResponseReader:
    return ResponseReader(Codec(CLASSES.__getitem__), CODES)


def response(status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> Response:
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Response(status, dict(headers or {}), content)


# --- successes


@pytest.mark.parametrize("status", [200, 201, 202, 204, 206, 299])
def test_every_2xx_is_a_success(reader: ResponseReader, status: int) -> None:
    assert response(status).ok
    assert reader.value(DELETE, response(status)) is None
    assert reader.value(GET, response(status, {"id": 1})) == Thing(id=1)


@pytest.mark.parametrize("status", [100, 199, 300, 304, 400, 500])
def test_nothing_else_is(status: int) -> None:
    assert not response(status).ok


@pytest.mark.parametrize("status", [202, 204])
def test_a_success_that_announces_no_body_needs_none(reader: ResponseReader, status: int) -> None:
    assert reader.value(GET, response(status)) is None


def test_a_success_without_its_body_is_an_error_not_an_empty_object(reader: ResponseReader) -> None:
    with pytest.raises(DecodeError, match=r"things\.get: .* it is empty"):
        reader.value(GET, response(200))


@pytest.mark.parametrize(
    ("operation", "body", "problem"),
    [
        (GET, b'{"error_code": 1601, "id": 1}', "is not one of this API: it is an error"),
        (GET, b'{"message": "no"}', "is not one of this API: it is an error"),
        (DELETE, b'{"message": "no"}', "is not one of this API: it is an error"),
        (DELETE, b"<html>", "is not one of this API: it should be empty"),
        (DELETE, b'{"id": 1}', "is not one of this API: it should be empty"),
        (
            GET,
            b'<html data="x" "message">',
            "cannot be decoded: JSON is malformed: invalid character (byte 0)",
        ),
    ],
)
def test_a_success_of_somebody_else_is_an_error(
    reader: ResponseReader, operation: Operation, body: bytes, problem: str
) -> None:
    with pytest.raises(DecodeError) as caught:
        reader.value(operation, response(200, body))
    assert str(caught.value) == f"{operation.id}: the response {problem}"
    assert (caught.value.operation, caught.value.excerpt) == (operation.id, body.decode())


def test_a_message_beside_other_members_is_no_error(reader: ResponseReader) -> None:
    assert reader.value(GET, response(200, {"id": 1, "message": "no"})) == Thing(id=1)


# --- creates


@pytest.mark.parametrize(
    ("location", "identity"),
    [
        ("https://cdn.emnify.net/api/v1/thing/11370016", 11370016),
        ("/api/v1/thing/7", 7),
        ("/api/v1/thing/7/", 7),
        ("/api/v1/thing/7?x=8#9", 7),
        ("/api/v1/thing/7/part/8988", 8988),
        ("thing/abc-def", "abc-def"),
        ("/api/v1/thing/" + "9" * 30, "9" * 30),
    ],
)
@pytest.mark.parametrize("operation", [CREATE, CREATE_FULL])
@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("body", [b"", b" ", b"{}", b"null"])
def test_the_id_of_a_create_is_the_last_segment_of_its_location(
    reader: ResponseReader, operation: Operation, location: str, identity: int | str, status: int, body: bytes
) -> None:
    created = reader.value(operation, response(status, body, {"location": location}))
    assert created == Created(identity, location)


def test_a_create_with_a_body_is_that_body(reader: ResponseReader) -> None:
    full = response(201, {"id": 9, "name": "x"}, {"location": "/api/v1/thing/9"})
    assert reader.value(CREATE_FULL, full) == Thing(id=9, name="x")
    assert reader.value(CREATE, full) == Created(9, "/api/v1/thing/9")
    assert reader.value(CREATE, response(201, {"id": 9})) == Created(9, None)


@pytest.mark.parametrize("location", [None, "", "/", "http://[broken"])
def test_a_create_that_does_not_say_its_id_does_not_pass_in_silence(
    reader: ResponseReader, location: str | None
) -> None:
    headers = {} if location is None else {"location": location}
    with pytest.raises(DecodeError, match="created, but the response does not contain its id") as caught:
        reader.value(CREATE, response(201, headers=headers))
    assert caught.value.operation == "things.create"


# --- pages

HEADERS = {
    "x-total-count": "250",
    "x-total-pages": "3",
    "x-current-page": "2",
    "x-count-per-page": "100",
    "x-filter": "status:1",
    "x-sort": "-status",
    "link": '<https://x/endpoints?page=1>; rel="prev", <https://x/endpoints?page=3>; rel="next"',
}


def test_a_page_says_what_its_headers_say(reader: ResponseReader) -> None:
    page = reader.page(LIST, response(200, [{"id": 1}], HEADERS))
    assert page.items == [Thing(id=1)]
    assert (page.total_count, page.total_pages, page.current_page, page.per_page) == (250, 3, 2, 100)
    assert (page.filter, page.sort, page.has_next) == ("status:1", "-status", True)


@pytest.mark.parametrize("rubbish", ["", "many", "-1", "1.5", "²", "9" * 5000, "1_0", "\u0661", "1000000001"])
def test_headers_that_say_nothing_are_none(reader: ResponseReader, rubbish: str) -> None:
    names = ("x-total-count", "x-total-pages", "x-current-page", "x-count-per-page")
    page = reader.page(LIST, response(200, [], dict.fromkeys(names, rubbish) | {"link": "", "x-sort": ""}))
    assert (page.total_count, page.total_pages, page.current_page, page.per_page) == (None,) * 4
    assert (page.filter, page.sort, page.has_next) == (None, None, False)


def test_a_total_that_cannot_be_one_is_ignored_and_said_once(
    reader: ResponseReader, caplog: pytest.LogCaptureFixture
) -> None:
    for pages in ("9" * 18, "8" * 17, "1000000000"):
        page = reader.page(LIST, response(200, [], {"x-total-count": "1", "x-total-pages": pages}))
        assert (page.total_count, page.total_pages) == (1, 10**9 if pages == "1000000000" else None)
    assert [record.message for record in caplog.records] == [
        "things.list: x-total-pages is too large a number; it is ignored"
    ]


def test_the_last_page_has_no_next(reader: ResponseReader) -> None:
    link = '<https://x/endpoints?page=1>; rel="first", <https://x/endpoints?page=2>; rel="last"'
    assert not reader.page(LIST, response(200, [], {"link": link})).has_next


# --- pages in an envelope


def opened(reader: ResponseReader, body: Any, headers: Mapping[str, str] | None = None) -> Page[Any]:
    """Read the same answer fast and, with a member renamed, by name: both have to agree."""
    fast, named = (reader.page(operation, response(200, body, headers)) for operation in BOXED)
    assert fast == named
    return fast


def test_an_envelope_says_what_headers_say_elsewhere(reader: ResponseReader) -> None:
    page = opened(reader, {"data": [{"id": 1}], "total": 250, "last": 3, "number": 2, "size": 100})
    assert page == Page([Thing(id=1)], 250, 3, 2, 100, has_next=True)
    last = opened(reader, {"data": [{"id": 1}], "total": 250, "last": 3, "number": 3, "size": 100, "new": 1})
    assert last == Page([Thing(id=1)], 250, 3, 3, 100, has_next=False)
    assert opened(reader, {"data": [], "total": 0, "last": 0, "number": 1, "size": 100}) == Page(
        [], 0, 0, 1, 100
    )


def test_an_envelope_in_the_spelling_of_another_service(reader: ResponseReader) -> None:
    texts = {"total": "250", "last": "3", "number": "2", "size": "100"}
    assert opened(reader, {"data": [{"id": "1"}]} | texts) == Page(
        [Thing(id=1)], 250, 3, 2, 100, has_next=True
    )


def test_headers_fill_what_the_envelope_leaves_out(reader: ResponseReader) -> None:
    page = opened(reader, {"data": [{"id": 1}]}, HEADERS)
    assert (page.total_count, page.total_pages, page.current_page, page.per_page) == (250, 3, 2, 100)
    assert (page.filter, page.sort, page.has_next) == ("status:1", "-status", True)


@pytest.mark.parametrize("rubbish", ["many", "", None, -1, 1.5, [], {}, True, "9" * 5000, 10**9 + 1, 10**30])
def test_numbers_of_an_envelope_that_say_nothing_are_none(reader: ResponseReader, rubbish: Any) -> None:
    names = ("total", "last", "number", "size")
    page = opened(reader, {"data": [{"id": 1}]} | dict.fromkeys(names, rubbish))
    assert page.items == [Thing(id=1)]
    assert (page.total_count, page.total_pages, page.current_page, page.per_page) in (
        [(None,) * 4, (1,) * 4] if rubbish in (1.5, True) else [(None,) * 4]
    )


def test_a_number_of_an_envelope_that_is_infinite_says_nothing(reader: ResponseReader) -> None:
    body = b'{"data": [{"id": 1}], "total": 1e999, "last": 1e300, "number": -1e999}'
    for operation in BOXED:
        page = reader.page(operation, Response(200, {}, body))
        assert (page.total_count, page.total_pages, page.current_page) == (None,) * 3


def test_totals_of_nothing_beside_items_say_nothing(reader: ResponseReader) -> None:
    page = opened(reader, {"data": [{"id": 1}], "total": 0, "last": 0, "number": 0, "size": 0})
    assert page == Page([Thing(id=1)], has_next=True)


def test_an_envelope_without_its_page_count(reader: ResponseReader) -> None:
    two = [{"id": 1}, {"id": 2}]
    assert opened(reader, {"data": two, "total": 5, "number": 2, "size": 2}).has_next
    assert not opened(reader, {"data": two[:1], "total": 5, "number": 3, "size": 2}).has_next
    # Nothing about the whole: a full page may be followed by another, a short one is the last.
    assert opened(reader, {"data": two, "size": 2}).has_next
    assert opened(reader, {"data": two}).has_next
    assert not opened(reader, {"data": two[:1], "size": 2}).has_next
    assert not opened(reader, {"data": [], "size": 2}).has_next


def test_no_items_said_is_not_items_left_out(reader: ResponseReader) -> None:
    assert opened(reader, {"data": None, "total": 3, "last": 2, "number": 1}) == Page(
        [], 3, 2, 1, has_next=True
    )
    for body in ({}, {"total": 3, "last": 2}, {"items": [{"id": 1}], "total": 1}):
        with pytest.raises(DecodeError, match="things.list: .* its member 'data' is missing") as caught:
            opened(reader, body)
        assert caught.value.operation == "things.list"
    for odd in ({"id": 1}, 5, "x"):
        with pytest.raises(DecodeError, match="things.list: .* its member 'data' is not an array"):
            opened(reader, {"data": odd, "total": 1})


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'[{"id": 1}]', b"<html>", b'"data"', b'{"data": ['])
def test_what_is_no_envelope_is_an_error_not_an_empty_page(reader: ResponseReader, body: bytes) -> None:
    for operation in BOXED:
        with pytest.raises(DecodeError):
            reader.page(operation, response(200, body))


def test_one_broken_item_of_an_envelope_loses_nothing(reader: ResponseReader) -> None:
    page = opened(reader, {"data": [{"id": 1}, {"id": 2, "count": "many"}, None], "total": 3, "last": 1})
    assert [item and item.id for item in page] == [1, 2, None]
    assert (page.total_count, page.total_pages) == (3, 1)


class BoxedServer:
    """A collection that comes in envelopes; ``told`` names what they say beside the items."""

    def __init__(self, reader: ResponseReader, told: tuple[str, ...], *, repeats: bool = True) -> None:
        self.reader, self.told, self.repeats = reader, told, repeats
        self.asked: list[int] = []

    async def _call(self, operation: Operation, path_args: Any, *, query: Any, options: Any) -> Page[Any]:
        number = query.get("page", 1)
        self.asked.append(number)
        shown = min(number, 3) if self.repeats else number
        items = [{"id": n} for n in range(1, 6)][(shown - 1) * 2 : shown * 2]
        said = {"total": 5, "last": "3", "number": shown, "size": 2}
        return self.reader.page(
            operation, response(200, {"data": items} | {name: said[name] for name in self.told})
        )


@pytest.mark.asyncio
@pytest.mark.parametrize("repeats", [True, False])
@pytest.mark.parametrize("operation", BOXED)
@pytest.mark.parametrize(
    "told",
    [
        ("total", "last", "number", "size"),
        ("last",),
        ("total", "size"),
        ("total",),
        ("number", "size"),
        ("size",),
        ("number",),
        (),
    ],
)
async def test_a_walk_over_envelopes_meets_every_item_once(
    reader: ResponseReader, operation: Operation, told: tuple[str, ...], repeats: bool
) -> None:
    server = BoxedServer(reader, told, repeats=repeats)
    assert [item.id async for item in Pages[Any](server, operation)] == [1, 2, 3, 4, 5]
    assert server.asked[:3] == [1, 2, 3]
    assert len(server.asked) <= 4
    page = await Pages[Any](server, operation, page=3)
    assert [item.id for item in page] == [5]


@pytest.mark.asyncio
async def test_a_walk_that_starts_past_the_end_of_envelopes_ends(reader: ResponseReader) -> None:
    for repeats in (True, False):
        server = BoxedServer(reader, ("total", "last", "number", "size"), repeats=repeats)
        assert [item async for item in Pages[Any](server, BOXED[0], page=9)] == []
        assert server.asked == [9]


# --- strict


def test_a_strict_reader_takes_no_address_for_an_unreadable_create() -> None:
    strict = ResponseReader(Codec(CLASSES.__getitem__, strict=True), CODES)
    odd = response(201, {"id": 9, "count": "many"}, {"location": "/api/v1/thing/9"})
    with pytest.raises(
        DecodeError, match="things.create: the response does not match its schema: Thing.count is str"
    ):
        strict.value(CREATE_FULL, odd)
    assert strict.value(CREATE_FULL, response(201, {"id": 9, "new": 1})) == Thing(id=9)
    for operation in BOXED:
        with pytest.raises(DecodeError, match="does not match its schema: .*last is str"):
            strict.page(operation, response(200, {"data": [], "last": "many"}))


# --- errors


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequestError),
        (401, errors.AuthenticationError),
        (403, errors.PermissionDeniedError),
        (404, errors.NotFoundError),
        (405, errors.MethodNotAllowedError),
        (409, errors.ConflictError),
        (410, errors.GoneError),
        (415, errors.UnsupportedMediaTypeError),
        (422, errors.ValidationError),
        (429, RateLimitError),
        (500, ServerError),
        (503, ServerError),
        (599, ServerError),
        (418, APIError),
        (302, APIError),
        (304, APIError),
    ],
)
def test_the_status_makes_the_class(reader: ResponseReader, status: int, kind: type[APIError]) -> None:
    for body in (None, {"message": "x"}, b"<html>", [1], {"error_code": 1400}):
        error = reader.error("things.get", response(status, body))
        assert type(error) is kind
        assert (error.status, error.operation) == (status, "things.get")


def test_shape_1_code_token_message(reader: ResponseReader) -> None:
    body = {"error_code": 1601, "error_token": "Unavailable", "message": "no IP address"}
    error = reader.error("things.create", response(404, body))
    assert (error.error_code, error.error_token, error.message) == (1601, "Unavailable", "no IP address")
    assert (error.errors, error.excerpt, error.advice) == ((), "", "Free an address.")
    assert str(error) == ("things.create answered 404: 1601 Unavailable: no IP address\n  Free an address.")


NESTED = {
    "error_code": 1400,
    "error_token": "InputValidationFailed",
    "message": "Input validation failed",
    "errors": [
        {
            "error_code": 1403,
            "error_token": "InvalidFormat",
            "message": "User - Username has invalid format: expecting String.",
        },
        {"error_code": 1402, "error_token": "Required", "message": "User - organisation is required."},
    ],
}


@pytest.mark.parametrize("body", [NESTED, NESTED | {"status_code": 422}])
def test_shapes_2_and_3_with_a_list_of_errors(reader: ResponseReader, body: dict[str, Any]) -> None:
    error = reader.error("users.create", response(422, body))
    assert (error.error_code, error.error_token) == (1400, "InputValidationFailed")
    assert [(d.error_code, d.error_token, d.field) for d in error.errors] == [
        (1403, "InvalidFormat", "username"),
        (1402, "Required", "organisation"),
    ]
    assert error.errors[1].message == "User - organisation is required."
    assert error.advice == "Give the member."  # the first detail somebody knows something about
    assert "  - 1402 Required: User - organisation is required." in str(error).splitlines()


def test_shape_4_status_code_and_message(reader: ResponseReader) -> None:
    error = reader.error("euiccs.get", response(404, {"status_code": 404, "message": "no such eUICC"}))
    assert (error.error_code, error.error_token, error.message) == (None, None, "no such eUICC")


def test_shape_5_a_migration_with_sims(reader: ResponseReader) -> None:
    sims = [{"id": 250, "iccid": "8988303000000000901"}, {"id": 251}]
    body = {
        "status_code": 409,
        "message": "SIM migration failed",
        "errors": [{"error_code": 1502, "message": "SIM(s) attached to devices", "sims": sims}],
    }
    (detail,) = reader.error("sims.migrate_workspace", response(409, body)).errors
    assert (detail.error_code, detail.error_token, detail.message) == (
        1502,
        None,
        "SIM(s) attached to devices",
    )
    assert list(detail.refs) == sims
    assert str(detail) == "1502: SIM(s) attached to devices"


def test_shape_6_a_gateways_message(reader: ResponseReader) -> None:
    error = reader.error(
        "sims.get", response(401, {"message": "token contains an invalid number of segments"})
    )
    assert (error.error_code, error.message) == (None, "token contains an invalid number of segments")
    assert "token is valid" in error.advice


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "Check that the token is valid, not revoked, and belongs to this server."),
        (403, "The credentials lack the permission; ask an administrator of the workspace."),
        (404, "The id is unknown in this workspace; objects of other workspaces look the same."),
        (501, "The server does not support this call; the simulator does not model all calls yet."),
        *[(gone, "A gateway responded instead of the API; try again later.") for gone in (502, 503, 504)],
        (405, ""),
        (500, ""),
    ],
)
def test_a_status_has_its_advice(reader: ResponseReader, status: int, advice: str) -> None:
    assert reader.error("sims.get", response(status, b"")).advice == advice


def test_shape_7_nothing(reader: ResponseReader) -> None:
    error = reader.error("sim_batches.register", response(422, None, {"content-type": "text/html"}))
    assert (error.error_code, error.error_token, error.message, error.errors, error.excerpt) == (
        None,
        None,
        "",
        (),
        "",
    )
    assert str(error) == "sim_batches.register answered 422 with no explanation"


def test_html_and_other_json_show_their_beginning(reader: ResponseReader) -> None:
    html = b"<html>\r\n<h1>502 Bad Gateway</h1>" + b"x" * 10_000
    error = reader.error("sims.get", response(502, html))
    assert error.excerpt.startswith("<html>  <h1>502 Bad Gateway</h1>")
    assert len(str(error)) < 400
    assert reader.error("sims.get", response(400, ["a", 1])).excerpt == '["a", 1]'
    assert reader.error("sims.get", response(400, {"fault": "x"})).excerpt == '{"fault": "x"}'
    assert reader.error("sims.get", response(400, {"message": "x", "fault": 1})).excerpt == ""


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1400, 1400),
        (1400.0, 1400),
        ("1400", 1400),
        (None, None),
        (True, None),
        ("x", None),
        ([], None),
        ("²", None),
    ],
)
def test_the_code_may_be_a_number_a_float_or_text(
    reader: ResponseReader, value: Any, code: int | None
) -> None:
    error = reader.error("x.y", response(422, {"error_code": value, "errors": [{"error_code": value}]}))
    assert error.error_code == code
    assert error.errors[0].error_code == code


def test_a_known_code_lends_its_token_and_an_unknown_code_is_normal(reader: ResponseReader) -> None:
    known = reader.error("x.y", response(404, {"error_code": 1601}))
    assert (known.error_token, known.message, known.errors) == ("Unavailable", "", ())
    strange = reader.error("x.y", response(404, {"error_code": 9999, "error_token": "New"}))
    assert (strange.error_code, strange.error_token) == (9999, "New")


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("Endpoint - status is required", "status"),
        ("Endpoint - service_profile is required.", "service_profile"),
        ("User - Username has invalid format: Expecting String", "username"),
        ("Endpoint - IP Address out of range.", "ip_address"),
        ("Endpoint - tags[0].name has invalid format: Expecting String", "tags[0].name"),
        ("Endpoint with Id '7' not found.", None),
        ("Search criteria x is invalid", None),
        ("InputValidationFailed", None),
        ("", None),
    ],
)
def test_the_field_a_message_speaks_of(reader: ResponseReader, message: str, field: str | None) -> None:
    (detail,) = reader.error("x.y", response(422, {"errors": [{"message": message}]})).errors
    assert detail.field == field


def test_details_of_no_known_shape_are_kept_as_text(reader: ResponseReader) -> None:
    body = {
        "message": {"deep": 1},
        "errors": ["plain", 5, None, {"message": 7, "sims": 5}, {"sims": [1, {"id": 2}]}],
    }
    error = reader.error("x.y", response(422, body))
    assert error.message == "{'deep': 1}"
    assert [detail.message for detail in error.errors] == ["plain", "5", "None", "7", ""]
    assert error.errors[4].refs == ({"id": 2},)


def test_an_error_keeps_eight_levels_of_its_body(reader: ResponseReader) -> None:
    kept = {"1": {"2": {"3": {"4": 5}}}}, {"1": [[["x"]]]}
    cut = {"1": {"2": {"3": {"4": {"5": 6}}}}}, {"1": [[[["x"]]]]}
    error = reader.error("x.y", response(409, {"errors": [{"sims": [*kept, *cut]}]}))
    ends = {"1": {"2": {"3": {"4": "…"}}}}, {"1": [[["…"]]]}
    assert error.errors[0].refs == (*kept, *ends)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
BODIES = (
    st.binary()
    | JSON.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(
        st.sampled_from(["error_code", "error_token", "message", "status_code", "errors", "sims"]),
        JSON
        | st.lists(st.dictionaries(st.sampled_from(["error_code", "error_token", "message", "sims"]), JSON)),
    ).map(lambda value: json.dumps(value).encode())
)


@given(st.integers(300, 599), BODIES)
def test_no_body_whatever_it_is_hides_the_error(status: int, content: bytes) -> None:
    error = ResponseReader(Codec(CLASSES.__getitem__), CODES).error("x.y", Response(status, {}, content))
    assert isinstance(error, APIError)
    assert error.status == status
    assert f"x.y answered {status}" in str(error)


def test_headers_are_kept_except_those_that_carry_secrets(reader: ResponseReader) -> None:
    headers = {
        "x-request-id": "abc",
        "retry-after": "50",
        "set-cookie": "CANARY",
        "authorization": "CANARY",
        "www-authenticate": "CANARY",
        "proxy-authenticate": "CANARY",
    }
    error = reader.error("x.y", response(429, None, headers), retry_after=0.05)
    assert error.headers == {"x-request-id": "abc", "retry-after": "50"}
    assert "CANARY" not in repr(vars(error))


def test_a_429_says_which_limit_and_how_long(reader: ResponseReader) -> None:
    limited = reader.error("x.y", response(429, None), cause="ip", retry_after=1.25)
    assert type(limited) is RateLimitError
    assert (limited.cause, limited.retry_after) == ("ip", 1.25)
    assert "1.250 s" in str(limited)
    april = datetime(2026, 4, 1, tzinfo=UTC)
    month = reader.error("x.y", response(429, None), cause="quota", retry_after=9.0, resets_at=april)
    assert type(month) is QuotaExhaustedError
    assert month.cause == "quota" and month.resets_at == april
    assert "2026-04-01 at 00:00 UTC" in str(month)


def test_reading_answers_is_silent(reader: ResponseReader, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    reader.value(GET, response(200, {"id": 1}))
    reader.error("x.y", response(500, b"<html>"))
    assert caplog.records == []
