"""Every published or recorded payload of the API goes through the client and nothing of it is lost.

The comparison knows nothing of the readers it tests: it walks file and model side by side,
by the model's own types. A member of the file that the model lacks, a value that was kept
raw, and a value that came from nowhere are failures. Different are allowed only spellings
of the same: a date as its instant, "12" and 12, "1" and True, and null, "" or absence.
"""

from __future__ import annotations

import json
import logging
import types
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import jwt
import msgspec
import pytest

from aioemnify import OPERATIONS, models
from aioemnify.created import Created
from aioemnify.errors import STATUS_ERRORS, ErrorDetail
from aioemnify.operation import Operation
from aioemnify.resources._errors import ERROR_CODES
from aioemnify.transport.bodies import BodyWriter
from aioemnify.transport.codec import Codec
from aioemnify.transport.response import Response, ResponseReader
from aioemnify.transport.secret import Secret
from aioemnify.transport.tokens import read_token
from aioemnify.unset import UNSET, UnsetType

FILES = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted(Path(__file__).parent.glob("examples/*.json"))
}


def operation_of(example: dict[str, Any]) -> Operation:
    group, _, method = example["operation"].partition(".")
    plural = {"auth": "auth", "sim_batch": "sim_batches"}.get(group, f"{group}s")
    return OPERATIONS[f"{plural}.{method}"]


def of_kind(*kinds: str) -> list[str]:
    return [name for name, example in FILES.items() if kind(example) in kinds]


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


# --- the comparison


def options_of(annotation: Any) -> list[Any]:
    """Return the types a member may hold, without annotations, None and UNSET."""
    union = typing.get_origin(annotation) in (typing.Union, types.UnionType)
    found = typing.get_args(annotation) if union else (annotation,)
    plain = [
        typing.get_args(item)[0] if typing.get_origin(item) is typing.Annotated else item for item in found
    ]
    return [item for item in plain if item not in (types.NoneType, UnsetType)]


def instant(text: str) -> datetime:
    for form in ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"):
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 (the form has %z)
        except ValueError:
            continue
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise AssertionError(f"{text!r} is no known spelling of a date")


def same(said: Any, read: Any) -> bool:
    """Say whether a value of the file and what became of it mean the same."""
    if isinstance(read, bool):
        return said in ((True, 1, "1", "true") if read else (False, 0, "0", "false"))
    if isinstance(read, datetime):
        return read.utcoffset() is not None and instant(said) == read
    if isinstance(read, Decimal):
        return str(said) == str(read) if isinstance(said, str) else Decimal(str(said)) == read
    if isinstance(read, (int, float)):
        return not isinstance(said, bool) and type(read)(said) == read
    if isinstance(read, str):
        return str(said) == read and not isinstance(said, bool)
    return False


def losses(said: Any, read: Any, annotation: Any, place: str) -> Iterator[str]:
    """Name everything that differs between the file and the model."""
    options = options_of(annotation)
    if Any in options or any(item is dict or typing.get_origin(item) is dict for item in options):
        if said != read:
            yield f"{place}: {said!r} became {read!r}"
        return
    if read is None or read is UNSET:
        if said not in (None, ""):
            yield f"{place}: {said!r} became nothing"
        return
    if attrs.has(type(read)):
        if type(read) not in options or not isinstance(said, dict):
            yield f"{place}: {said!r} became a {type(read).__name__}"
            return
        yield from object_losses(said, read, place)
        return
    if isinstance(read, (list, tuple)):
        if not isinstance(said, list) or len(said) != len(read):
            yield f"{place}: {said!r} became {len(read)} items"
            return
        (shape,) = [item for item in options if typing.get_origin(item) in (list, tuple)]
        inner = typing.get_args(shape)
        wanted = inner if isinstance(read, tuple) else inner * len(read)
        for index, (one, other) in enumerate(zip(said, read, strict=True)):
            yield from losses(one, other, wanted[index], f"{place}[{index}]")
        return
    if type(read) not in options:
        yield f"{place}: {said!r} was kept as {type(read).__name__}, not as any of {options}"
    elif not same(said, read):
        yield f"{place}: {said!r} became {read!r}"


def object_losses(said: dict[str, Any], read: Any, place: str) -> Iterator[str]:
    attrs.resolve_types(type(read))
    known = {item.metadata.get("wire", item.name): item for item in attrs.fields(type(read))}
    for name, value in said.items():
        if name not in known:
            yield f"{place}.{name}: {type(read).__name__} has no such member"
        else:
            yield from losses(value, getattr(read, known[name].name), known[name].type, f"{place}.{name}")
    for name in known.keys() - said.keys():
        if getattr(read, known[name].name) not in (None, UNSET):
            yield f"{place}.{name}: came from nowhere"


def all_losses(example: dict[str, Any], read: Any) -> list[str]:
    body = example["body"]
    if not isinstance(body, list):
        body, read = [body], [read]
    assert isinstance(read, list)
    assert len(read) == len(body)
    return [
        loss
        for index, (said, item) in enumerate(zip(body, read, strict=True))
        for loss in object_losses(said, item, f"[{index}]")
    ]


# --- answers


def test_no_example_is_left_out() -> None:
    assert len(FILES) == 59
    groups = [
        of_kind(*kinds)
        for kinds in (("response", "event"), ("created",), ("error",), ("request",), ("jwt_claims",))
    ]
    assert sorted(name for group in groups for name in group) == sorted(FILES)
    assert all(groups)
    assert all(
        example.keys() <= {"operation", "kind", "status", "headers", "model", "array", "body"}
        for example in FILES.values()
    )


@pytest.mark.parametrize("name", of_kind("response"))
def test_an_operation_says_what_its_example_says(name: str) -> None:
    result = operation_of(FILES[name]).result
    assert result is not None
    assert result.model.partition(":")[2] == FILES[name]["model"]
    assert result.many == FILES[name]["array"] or result.either


@pytest.mark.parametrize("name", of_kind("response", "event"))
def test_an_answer_loses_nothing(name: str, reader: ResponseReader, caplog: pytest.LogCaptureFixture) -> None:
    example = FILES[name]
    operation = operation_of(example)
    if example["kind"] == "event":  # one of a list
        (read,) = reader.value(operation, response(example, b"[" + content(example) + b"]"))
    else:
        read = reader.value(operation, response(example))
    assert all_losses(example, read) == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("name", of_kind("response", "event"))
def test_an_answer_loses_nothing_on_the_lenient_way_either(name: str, reader: ResponseReader) -> None:
    """A page with one broken item is read item by item; the example stands beside it."""
    example = FILES[name]
    operation = operation_of(example)
    assert operation.result is not None
    items = example["body"] if isinstance(example["body"], list) else [example["body"]]
    many = attrs.evolve(operation, result=attrs.evolve(operation.result, many=True, either=False))
    broken: list[Any] = [*items, "broken"]
    read = reader.value(many, response(example, json.dumps(broken).encode()))
    assert read.pop() == "broken"
    assert all_losses({"body": items}, read) == []


@pytest.mark.parametrize("name", of_kind("response", "event"))
def test_an_answer_written_again_is_the_same_answer(name: str, reader: ResponseReader) -> None:
    example = FILES[name]
    operation = operation_of(example)
    assert operation.result is not None
    many = attrs.evolve(operation, result=attrs.evolve(operation.result, many=True, either=False))
    items = example["body"] if isinstance(example["body"], list) else [example["body"]]
    first = reader.value(many, response(example, json.dumps(items).encode()))
    written = msgspec.json.encode([on_wire(item) for item in first])
    assert reader.value(many, response(example, written)) == first
    assert all_losses({"body": json.loads(written)}, first) == []


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
    "name", [name for name in of_kind("response") if operation_of(FILES[name]).listing is not None]
)
def test_a_page_says_what_its_headers_say(name: str, reader: ResponseReader) -> None:
    example = FILES[name]
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
    location = FILES[name]["headers"]["Location"]
    created = reader.value(operation_of(FILES[name]), response(FILES[name]))
    assert created == Created(int(location.rpartition("/")[2]), location)


# --- errors


@pytest.mark.parametrize("name", of_kind("error"))
def test_an_error_loses_nothing(name: str, reader: ResponseReader) -> None:
    example = FILES[name]
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
    assert [detail.field for detail in reader.error("x.y", response(FILES[name])).errors] == fields


@pytest.mark.parametrize("name", [name for name in of_kind("error") if FILES[name]["body"]])
def test_an_error_body_fits_its_model_too(name: str, codec: Codec) -> None:
    example = FILES[name]
    read = msgspec.json.decode(content(example), type=getattr(models, example["model"]), strict=False)
    assert all_losses(example, read) == []


# --- bodies


def built(model: Any, raw: Any) -> Any:
    """Make the model that a user would write for a body."""
    options = options_of(model)
    if isinstance(raw, dict):
        (kind_,) = [item for item in options if attrs.has(item)]
        attrs.resolve_types(kind_)
        known = {item.metadata.get("wire", item.name): item for item in attrs.fields(kind_)}
        return kind_(**{known[name].name: built(known[name].type, value) for name, value in raw.items()})
    if isinstance(raw, list):
        (inner,) = [typing.get_args(item)[0] for item in options if typing.get_origin(item) is list]
        return [built(inner, value) for value in raw]
    return instant(raw) if datetime in options and isinstance(raw, str) else raw


@pytest.mark.parametrize("name", of_kind("request"))
def test_a_body_is_sent_as_it_was_said(name: str, codec: Codec) -> None:
    example = FILES[name]
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


def differences(said: Any, sent: Any, place: str) -> Iterator[str]:
    if isinstance(said, dict) and isinstance(sent, dict) and said.keys() == sent.keys():
        for name in said:
            yield from differences(said[name], sent[name], f"{place}.{name}")
    elif isinstance(said, list) and isinstance(sent, list) and len(said) == len(sent):
        for index, pair in enumerate(zip(said, sent, strict=True)):
            yield from differences(*pair, f"{place}[{index}]")
    elif isinstance(said, str) and isinstance(sent, str) and said != sent:
        if sent[:1].isdigit() and sent.endswith("Z") and instant(said) == instant(sent):
            return
        yield f"{place}: {said!r} was sent as {sent!r}"
    elif type(said) is not type(sent) or said != sent:
        yield f"{place}: {said!r} was sent as {sent!r}"


# --- tokens


@pytest.mark.parametrize("name", of_kind("jwt_claims"))
@pytest.mark.parametrize("algorithm", ["HS256", "HS384"])
def test_a_token_with_those_claims_is_understood(name: str, algorithm: str) -> None:
    claims = FILES[name]["body"]
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
    assert all_losses({"body": said}, sim) == []
    assert all_losses({"body": said | change}, sim) == [loss]
    del said["iccid"]
    assert all_losses({"body": said}, sim) == ["[0].iccid: came from nowhere"]
    raw = models.Sim(id="7", iccid="8988", status=models.SimStatus(id=1))  # type: ignore[arg-type]
    assert "kept as str" in all_losses({"body": {"id": "7", "iccid": 8988, "status": {"id": 1}}}, raw)[0]
