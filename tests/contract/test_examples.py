"""Every published or recorded payload of the API goes through the client and nothing of it is lost."""

from __future__ import annotations

import json
import logging
import types
from typing import Any

import attrs
import jwt
import msgspec
import pytest
from jsonschema import Draft202012Validator

from aioemnify import OPERATIONS, models
from aioemnify._secret import Secret
from aioemnify.errors import STATUS_ERRORS, ErrorDetail
from aioemnify.operation import Operation, Result
from aioemnify.tables.errors import ERROR_CODES
from aioemnify.transport.auth.tokens import read_token
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.request_body import BodyWriter
from aioemnify.transport.wire.response import Response, ResponseReader
from aioemnify.types import Created
from tests.contract.comparison import answer_losses, built, differences
from tests.contract.documented import CALLS, EXAMPLES, GROUPS, Call, id_of
from tests.published_document import published_document


def operation_of(example: dict[str, Any]) -> Operation:
    return OPERATIONS[call_of(example).id]


def call_of(example: dict[str, Any]) -> Call:
    return CALLS[id_of(example["operation"])]


def of_kind(*kinds: str) -> list[str]:
    return [name for name, example in EXAMPLES.items() if kind(example) in kinds]


def kind(example: dict[str, Any]) -> str:
    if example["kind"] != "response":
        return str(example["kind"])
    if example["status"] >= 400:
        return "error"
    return "created" if example["body"] is None else "response"


def content(example: dict[str, Any]) -> bytes:
    return b"" if example["body"] is None else json.dumps(example["body"]).encode()


def response(example: dict[str, Any], body: bytes | None = None) -> Response:
    headers = {name.lower(): value for name, value in example.get("headers", {}).items()}
    return Response(example.get("status", 200), headers, content(example) if body is None else body)


@pytest.fixture
def codec() -> Codec:
    return Codec(models.resolve)


@pytest.fixture
def reader(codec: Codec) -> ResponseReader:
    return ResponseReader(codec, ERROR_CODES)


# --- answers


def test_no_example_is_left_out() -> None:
    assert len(EXAMPLES) == 69
    groups = [
        of_kind(*kinds)
        for kinds in (
            ("response", "event"),
            ("created",),
            ("error",),
            ("request",),
            ("jwt_claims",),
            ("pushed_record",),
        )
    ]
    assert sorted(name for group in groups for name in group) == sorted(EXAMPLES)
    assert all(groups)
    assert all(
        example.keys() <= {"operation", "kind", "status", "headers", "model", "array", "body"}
        for example in EXAMPLES.values()
    )


@pytest.mark.parametrize("name", of_kind("response"))
def test_an_operation_says_what_its_example_says(name: str) -> None:
    result = operation_of(EXAMPLES[name]).result
    assert result is not None
    assert result.model.partition(":")[2] == EXAMPLES[name]["model"]
    assert result.many == EXAMPLES[name]["array"] or result.either


@pytest.mark.parametrize("name", of_kind("response", "event"))
def test_an_answer_loses_nothing(name: str, reader: ResponseReader, caplog: pytest.LogCaptureFixture) -> None:
    example = EXAMPLES[name]
    operation = operation_of(example)
    if example["kind"] == "event":  # one of a list
        (read,) = reader.value(operation, response(example, b"[" + content(example) + b"]"))
    else:
        read = reader.value(operation, response(example))
    assert answer_losses(example["body"], read) == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("name", of_kind("response", "event"))
def test_an_answer_loses_nothing_on_the_lenient_way_either(name: str, reader: ResponseReader) -> None:
    """A page with one broken item is read item by item; the example stands beside it."""
    example = EXAMPLES[name]
    operation = operation_of(example)
    assert operation.result is not None
    items = example["body"] if isinstance(example["body"], list) else [example["body"]]
    many = attrs.evolve(operation, result=attrs.evolve(operation.result, many=True, either=False))
    broken: list[Any] = [*items, "broken"]
    read = reader.value(many, response(example, json.dumps(broken).encode()))
    assert read.pop() == "broken"
    assert answer_losses(items, read) == []


@pytest.mark.parametrize("name", of_kind("response", "event"))
def test_an_answer_written_again_is_the_same_answer(name: str, reader: ResponseReader) -> None:
    example = EXAMPLES[name]
    operation = operation_of(example)
    assert operation.result is not None
    many = attrs.evolve(operation, result=attrs.evolve(operation.result, many=True, either=False))
    items = example["body"] if isinstance(example["body"], list) else [example["body"]]
    first = reader.value(many, response(example, json.dumps(items).encode()))
    written = msgspec.json.encode([on_wire(item) for item in first])
    assert reader.value(many, response(example, written)) == first
    assert answer_losses(json.loads(written), first) == []


def on_wire(value: Any) -> Any:
    if attrs.has(type(value)):
        return {
            item.metadata.get("wire", item.name): on_wire(getattr(value, item.name))
            for item in attrs.fields(type(value))
            if getattr(value, item.name) is not None
        }
    if isinstance(value, (list, tuple)):
        return [on_wire(item) for item in value]
    return value


@pytest.mark.parametrize(
    "name",
    [name for name in of_kind("response") if call_of(EXAMPLES[name]).paged and "headers" in EXAMPLES[name]],
)
def test_a_page_says_what_its_headers_say(name: str, reader: ResponseReader) -> None:
    example = EXAMPLES[name]
    page = reader.page(operation_of(example), response(example))
    told = {header.lower(): value for header, value in example["headers"].items()}
    assert page.total_count == int(told["x-total-count"]) == len(page)
    assert page.total_pages == int(told["x-total-pages"])
    assert page.current_page == int(told["x-current-page"])
    assert page.per_page == int(told["x-count-per-page"])
    assert page.sort == told["x-sort"]
    assert (page.filter, page.has_next) == (None, False)


@pytest.mark.parametrize("name", of_kind("created"))
def test_a_create_says_the_new_id(name: str, reader: ResponseReader) -> None:
    location = EXAMPLES[name]["headers"]["Location"]
    created = reader.value(operation_of(EXAMPLES[name]), response(EXAMPLES[name]))
    assert created == Created(int(location.rpartition("/")[2]), location)


# --- errors


@pytest.mark.parametrize("name", of_kind("error"))
def test_an_error_loses_nothing(name: str, reader: ResponseReader) -> None:
    example = EXAMPLES[name]
    body = example["body"] or {}
    error = reader.error("x.y", response(example))
    assert type(error) is STATUS_ERRORS[example["status"]]
    assert body.keys() <= {"error_code", "error_token", "message", "status_code", "errors"}
    assert error.status == body.get("status_code", example["status"])
    assert error.error_code == body.get("error_code")
    assert error.message == body.get("message", "")
    if "error_token" in body:
        assert error.error_token == body["error_token"]
    listed = body.get("errors", [])
    assert all(item.keys() <= {"error_code", "error_token", "message", "sims"} for item in listed)
    assert [attrs.evolve(detail, field=None) for detail in error.errors] == [
        ErrorDetail(
            error_code=item.get("error_code"),
            error_token=item.get("error_token"),
            message=item.get("message", ""),
            refs=tuple(item.get("sims", ())),
        )
        for item in listed
    ]
    for piece in (error.message, *(item["message"] for item in listed)):
        assert piece in str(error)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("endpoint_create_error_out_of_range", ["ip_address"]),
        ("error_422_nested", ["username", "organisation"]),
    ],
)
def test_an_error_names_the_member(name: str, fields: list[str], reader: ResponseReader) -> None:
    assert [detail.field for detail in reader.error("x.y", response(EXAMPLES[name])).errors] == fields


@pytest.mark.parametrize("name", [name for name in of_kind("error") if EXAMPLES[name]["body"]])
def test_an_error_body_fits_its_model_too(name: str, codec: Codec) -> None:
    example = EXAMPLES[name]
    read = msgspec.json.decode(content(example), type=getattr(models, example["model"]), strict=False)
    assert answer_losses(example["body"], read) == []


# --- bodies


@pytest.mark.parametrize("name", of_kind("request"))
def test_a_body_is_sent_as_it_was_said(name: str, codec: Codec) -> None:
    example = EXAMPLES[name]
    body = operation_of(example).body
    assert body is not None
    assert body.model.partition(":")[2] == example["model"]
    assert body.many == example["array"]
    model = models.resolve(body.model)
    writer = BodyWriter()
    as_mapping = writer.write(model, example["body"], many=body.many)
    whole: Any = types.GenericAlias(list, (model,)) if body.many else model
    as_model = writer.write(model, built(whole, example["body"]), many=body.many)
    assert as_mapping == as_model
    sent = json.loads(codec.encode(body, example["body"]))
    assert list(differences(example["body"], sent, "body")) == []


# --- what no operation answers


@pytest.mark.parametrize("name", of_kind("pushed_record"))
def test_a_record_pushed_to_a_webhook_is_read_without_loss(name: str, codec: Codec) -> None:
    """A data stream posts its records to the user's server; no call of the API answers with one."""
    example = EXAMPLES[name]
    assert example["operation"].partition(".")[0] not in GROUPS
    records = codec.decode(Result("pushes:UsageRecord", many=True), content(example), "pushed")
    assert answer_losses(example["body"], records) == []


PUSHED = {
    "usage": (
        "pushes:UsageRecord",
        {
            "id": 9_000_000_001,
            "start_timestamp": "2026-11-02 09:14:00",
            "end_timestamp": "2026-11-02T09:14:45.120Z",
            "volume": {"rx": 0.104200, "tx": 0.051100, "total": 0.155300},
            "cost": 0.0031060000,
            "endpoint": {"id": 5, "name": "pump-5", "tags": None, "imei": None, "balance": None},
            "sim": None,
            "operator": {"id": 1, "mnc": "01", "country": {"id": 74, "name": "Germany", "mcc": "262"}},
            "tariff": {"id": 400, "name": "Demo", "ratezone": {"id": 1, "name": "Zone 1"}},
        },
    ),
    "message": (
        "pushes:CallbackSms",
        {
            "id": 71,
            "endpoint": {"id": 5, "name": "pump-5"},
            "organisation": {"id": 1001, "name": "Demo"},
            "source_address": "999000000000005",
            "dest_address": "1234",
            "payload": "level=3",
            "dcs": 0,
            "pid": 0,
            "submit_date": "2026-11-02 09:15:04",
        },
    ),
    "event of an older format": (
        "events:Event",
        {
            "id": 351_001_000_000_022,
            "timestamp": "2021-10-06 10:42:58",
            "event_type": {"id": 11, "description": "Endpoint blocked"},
            "event_source": {"id": 1, "name": "Policy Control"},
            "event_severity": {"id": 1, "description": "WARN"},
            "alert": 1,
            "endpoint": {"id": 5, "imei": 3554631177373905},
            "sim": {"id": 5, "iccid": 8900101007000000005},
        },
    ),
}


@pytest.mark.parametrize("kind", PUSHED)
def test_either_format_of_a_pushed_object_is_read_without_loss(kind: str, codec: Codec) -> None:
    model, body = PUSHED[kind]
    read = codec.decode(Result(model), json.dumps(body).encode(), "pushed")
    assert answer_losses(body, read) == []


# --- tokens


@pytest.mark.parametrize("name", of_kind("jwt_claims"))
@pytest.mark.parametrize("algorithm", ["HS256", "HS384"])
def test_a_token_with_those_claims_is_understood(name: str, algorithm: str) -> None:
    claims = EXAMPLES[name]["body"]
    text = jwt.encode(claims, "k" * 48, algorithm=algorithm)
    token = read_token(
        Secret(text), monotonic=1000.0, wall=claims["iat"] + 1, organisation="other", jitter=1.0
    )
    assert token.organisation == str(claims["esc.org"])
    lifetime = claims["exp"] - claims["iat"]
    assert 1000 < token.renew_at < token.stale_at < 1000 + lifetime
    assert token.stale_at > 1000 + lifetime * 0.9


# --- the comparison itself


@pytest.mark.parametrize(
    ("change", "loss"),
    [
        ({"brand_new": 1}, "[0].brand_new: Sim has no such member"),
        ({"id": 8}, "[0].id: 8 became 7"),
        ({"iccid": "1"}, "[0].iccid: '1' became '8988'"),
        ({"status": {"id": 1, "hue": "red"}}, "[0].status.hue: SimStatus has no such member"),
        ({"status": None}, "[0].status: None became a SimStatus"),
        ({"activation_date": "2026-01-01"}, "[0].activation_date: '2026-01-01' became nothing"),
    ],
)
def test_the_comparison_finds_a_loss(change: dict[str, Any], loss: str) -> None:
    said = {"id": "7", "iccid": 8988, "status": {"id": 1}}
    sim = models.Sim(id=7, iccid="8988", status=models.SimStatus(id=1))
    assert answer_losses(said, sim) == []
    assert answer_losses(said | change, sim) == [loss]
    del said["iccid"]
    assert answer_losses(said, sim) == ["[0].iccid: came from nowhere"]
    raw = models.Sim(id="7", iccid="8988", status=models.SimStatus(id=1))  # type: ignore[arg-type]
    assert "kept as str" in answer_losses({"id": "7", "iccid": 8988, "status": {"id": 1}}, raw)[0]


# --- the OpenAPI document


@pytest.mark.parametrize("name", [*of_kind("response"), *of_kind("request")])
def test_the_openapi_document_describes_what_was_recorded(name: str) -> None:
    """A strict client of another language reads every recorded response."""
    example, document = EXAMPLES[name], published_document()
    operation = operation_of(example)
    described = document["paths"][operation.path][operation.method.lower()]
    if kind(example) == "request":
        described = described["requestBody"]
    else:
        described = described["responses"][str(example["status"])]
    if "content" in described:
        schema = described["content"]["application/json"]["schema"]
        check = Draft202012Validator({"components": document["components"], **schema})
        assert [fault.message for fault in check.iter_errors(example["body"])] == []
    else:
        assert operation.creates
