"""A success is an answer of this API, and nothing that a gateway, a portal or half a connection says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aioemnify import OPERATIONS, models
from aioemnify.errors import DecodeError, EmnifyError, OutcomeUnknownError
from aioemnify.operation import Operation
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.response import Response, ResponseReader
from aioemnify.types import Created

HTML = b"<html><title>Blocked</title>Your request was blocked. Reference 18.4</html>"
ERRORS: list[dict[str, Any]] = [
    {"error_code": 1001, "error_token": "Unauthorized", "message": "no"},
    {"error_code": 1001, "trace": "abc"},
    {"message": "token contains an invalid number of segments"},
    {"status_code": 404, "message": "no such thing"},
    {"errors": [{"error_code": 1400}]},
]
EMPTY = [b"", b" \r\n", b"null", b"{}", b"{}\n"]

WITHOUT_RESULT = [one for one in OPERATIONS.values() if one.result is None]
OBJECTS = [one for one in OPERATIONS.values() if one.result and not one.result.many and not one.listing]
ALL = list(OPERATIONS.values())


def ids(operation: Operation) -> str:
    return operation.id


@pytest.fixture(scope="module")
def reader() -> ResponseReader:
    return ResponseReader(Codec(models.resolve), {})


def refused(reader: ResponseReader, operation: Operation, content: bytes, status: int) -> EmnifyError:
    read = reader.value if operation.listing is None else reader.page
    with pytest.raises((DecodeError, OutcomeUnknownError)) as caught:
        read(operation, Response(status, {}, content))
    error = caught.value
    # A call that must not be repeated may have been applied.
    assert isinstance(error, OutcomeUnknownError) == (operation.retry == "once")
    return error


@pytest.mark.parametrize("operation", ALL, ids=ids)
@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_page_for_people_is_no_success_of_any_call(
    reader: ResponseReader, operation: Operation, status: int
) -> None:
    error = refused(reader, operation, HTML, status)
    cause = error.__cause__ or error
    assert isinstance(cause, DecodeError) and cause.excerpt.startswith("<html><title>Blocked")
    assert error.args[0].startswith(f"{operation.id}: ")


@pytest.mark.parametrize("operation", ALL, ids=ids)
@pytest.mark.parametrize("content", [b'{"id": 1', b'[{"id": 1}', b'"', b"[[[", b"7", b'"text"', b"true"])
def test_nor_is_half_an_answer_or_a_bare_value(
    reader: ResponseReader, operation: Operation, content: bytes
) -> None:
    if operation.result is None or operation.result.model != "dict":
        refused(reader, operation, content, operation.success[0])


@pytest.mark.parametrize("operation", [*WITHOUT_RESULT, *OBJECTS], ids=ids)
@pytest.mark.parametrize("body", ERRORS, ids=lambda body: "+".join(body))
def test_nor_is_an_error_with_a_status_of_success(
    reader: ResponseReader, operation: Operation, body: dict[str, Any]
) -> None:
    error = refused(reader, operation, json.dumps(body).encode(), operation.success[0])
    assert "it is an error" in str(error)


@pytest.mark.parametrize("operation", [one for one in WITHOUT_RESULT if not one.creates], ids=ids)
@pytest.mark.parametrize("content", EMPTY)
def test_nothing_is_said_by_nothing_null_or_an_empty_object(
    reader: ResponseReader, operation: Operation, content: bytes
) -> None:
    for status in (200, 201, 202, 204):
        assert reader.value(operation, Response(status, {}, content)) is None


@pytest.mark.parametrize("operation", [one for one in WITHOUT_RESULT if not one.creates], ids=ids)
@pytest.mark.parametrize("content", [b'{"id": 1}', b"[]", b'{"status": "ok"}'])
def test_what_was_not_asked_for_is_said(reader: ResponseReader, operation: Operation, content: bytes) -> None:
    assert "it should be empty" in str(refused(reader, operation, content, 200))


@pytest.mark.parametrize("content", [*EMPTY, HTML, b'{"id": 9}'])
def test_a_create_that_says_where_is_a_create(reader: ResponseReader, content: bytes) -> None:
    location = "https://cdn.emnify.net/api/v1/endpoint/9"
    for operation in (one for one in ALL if one.creates and not (one.result and one.result.many)):
        if not content.startswith(b'{"id"'):
            made = reader.value(operation, Response(201, {"location": location}, content))
            assert made == Created(9, location), operation.id
        elif operation.result is None:
            assert reader.value(operation, Response(201, {}, content)) == Created(9, None)


@pytest.mark.parametrize("content", EMPTY)
def test_a_create_that_does_not_say_what_it_made_is_unknown(reader: ResponseReader, content: bytes) -> None:
    for operation in (one for one in ALL if one.creates and not (one.result and one.result.many)):
        error = refused(reader, operation, content, 201)
        assert "does not contain its id; the call may have been applied: look for" in str(error)


def test_two_addresses_are_none(reader: ResponseReader) -> None:
    operation = OPERATIONS["endpoints.send_sms"]
    for location, found in {"/sms/5, /sms/5": None, "/sms/5, /sms/6": None, "/sms/5": 5}.items():
        if found is None:
            with pytest.raises(OutcomeUnknownError):
                reader.value(operation, Response(201, {"location": location}, b""))
        else:
            assert reader.value(operation, Response(201, {"location": location}, b"")).id == found


@pytest.mark.parametrize("body", [{"name": "x"}, {"id": None, "name": "x"}])
def test_an_object_without_its_id_is_none(reader: ResponseReader, body: dict[str, Any]) -> None:
    content = json.dumps(body).encode()
    for name in ("sims.get", "endpoints.get", "users.get", "endpoints.create", "tags.create"):
        assert ".id is missing" in str(refused(reader, OPERATIONS[name], content, 200))


def test_an_object_without_an_id_needs_what_it_is_made_of(reader: ResponseReader) -> None:
    operation = OPERATIONS["application_tokens.create"]
    error = refused(reader, operation, b'{"id": 1}', 200)
    assert "ApplicationTokenCreated.application_token is missing" in str(error)
    stats = reader.value(OPERATIONS["sims.get_stats"], Response(200, {}, b"{}"))
    assert type(stats).__name__ == "SimStats", "an object without required members may be empty"


def test_one_item_without_its_id_does_not_cost_the_page(reader: ResponseReader) -> None:
    content = b'[{"id":1,"iccid":"1","status":{"id":1}},{"iccid":"2","status":{"id":1}}]'
    page = reader.page(OPERATIONS["sims.list"], Response(200, {}, content))
    assert [sim.id for sim in page.items] == [1, None]


def test_a_message_among_other_members_is_a_result(reader: ResponseReader) -> None:
    content = b'{"id":1,"iccid":"1","status":{"id":1},"message":"hello"}'
    assert reader.value(OPERATIONS["sims.get"], Response(200, {}, content)).id == 1


def test_a_raw_call_reads_any_json_and_nothing_else(reader: ResponseReader) -> None:
    post = Operation("POST /api/v1/x", "POST", "/api/v1/x", retry="once")
    assert reader.any_json(post, Response(200, {}, b'{"message": "fine"}')) == {"message": "fine"}
    assert reader.any_json(post, Response(204, {}, b" ")) is None
    with pytest.raises(OutcomeUnknownError):
        reader.any_json(post, Response(200, {}, HTML))
