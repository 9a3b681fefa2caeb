"""Bytes to models: pages with broken items, unreadable bodies, and what is said in the log."""

from __future__ import annotations

import json
import logging
from typing import Any

import attrs
import pytest

from aioemnify.errors import ArgumentError, ArgumentTypeError, DecodeError
from aioemnify.operation import Body, Result
from aioemnify.transport.wire.codec import EXCERPT, MOST_WARNINGS, Codec, excerpt_of
from tests.transport.wire.small_models import CLASSES, Lookup, Renamed, Thing

ONE = Result("tests:Thing")
MANY = Result("tests:Thing", many=True)


@pytest.fixture
def codec() -> Codec:
    return Codec(CLASSES.__getitem__)


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "aioemnify.codec"]


def test_a_clean_page_is_read_fast_and_in_silence(
    codec: Codec, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aioemnify.transport.wire.lenient.LenientReader.read", None)
    content = b'[{"id": 1, "status": {"id": 1}}, {"id": "2", "new": 1}]'
    assert codec.decode(MANY, content, "things.list") == [Thing(id=1, status=Lookup(id=1)), Thing(id=2)]
    assert logged(caplog) == []


def test_a_broken_item_costs_no_digit_of_a_decimal(codec: Codec) -> None:
    content = b'{"id": 1, "status": "odd", "money": 12345678901234567.123450}'
    thing = codec.decode(ONE, content, "things.get")
    assert str(thing.money) == "12345678901234567.123450"


def test_several_objects_where_one_was_asked_for(codec: Codec, caplog: pytest.LogCaptureFixture) -> None:
    either = Result("tests:Thing", either=True)
    assert codec.decode(either, b'[{"id": 1}, {"id": 2}]', "things.get") == Thing(id=1)
    assert logged(caplog) == ["things.get: 2 objects instead of one; the first is used"]
    with pytest.raises(DecodeError, match="2 objects instead of one"):
        Codec(CLASSES.__getitem__, strict=True).decode(either, b'[{"id": 1}, {"id": 2}]', "things.get")


def test_one_broken_item_loses_nothing_of_the_others(codec: Codec, caplog: pytest.LogCaptureFixture) -> None:
    items: list[dict[str, Any]] = [
        {"id": n, "name": f"thing {n}", "created": "2026-01-01T00:00:00Z", "money": "0.1000000000"}
        for n in range(50)
    ]
    clean = codec.decode(MANY, json.dumps(items).encode(), "things.list")
    items[20] = {"name": "no id", "status": 5, "count": "many"}
    read = codec.decode(MANY, json.dumps(items).encode(), "things.list")
    assert len(read) == 50
    assert [thing for n, thing in enumerate(read) if n != 20] == [t for n, t in enumerate(clean) if n != 20]
    assert str(read[19].money) == "0.1000000000"
    assert (read[20].id, read[20].name, read[20].status, read[20].count) == (None, "no id", 5, "many")
    assert logged(caplog)


def test_an_item_that_is_no_object_is_kept(codec: Codec) -> None:
    assert codec.decode(MANY, b'[{"id": 1}, null, 7, {"id": 2}]', "things.list") == [
        Thing(id=1),
        None,
        7,
        Thing(id=2),
    ]


def test_the_same_quirk_is_logged_once(codec: Codec, caplog: pytest.LogCaptureFixture) -> None:
    page = b'[{"id": 1, "count": "many"}, {"id": 2, "count": "more"}]'
    for _ in range(3):
        codec.decode(MANY, page, "things.list")
    assert logged(caplog) == ["things.list: Thing.count is str; kept as it is"]
    codec.decode(MANY, b'[{"id": 1, "count": "many", "active": "perhaps"}]', "things.list")
    assert logged(caplog)[1:] == ["things.list: Thing.active is str; kept as it is"]
    codec.decode(MANY, page, "others.list")
    assert logged(caplog)[2:] == ["others.list: Thing.count is str; kept as it is"]


def test_raw_calls_of_any_path_do_not_warn_for_ever(codec: Codec, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(MOST_WARNINGS + 100):
        codec.decode_json(b'"\xff"', f"GET /api/v1/unknown/{number}")
    assert len(caplog.records) == MOST_WARNINGS


def test_a_known_spelling_is_no_reason_for_a_line_in_the_log(
    codec: Codec, caplog: pytest.LogCaptureFixture
) -> None:
    codec.decode(ONE, b'{"id": 1, "created": "2021-10-27", "name": 5, "count": ""}', "things.get")
    assert logged(caplog) == []


def test_why_a_page_is_read_slowly_is_logged(codec: Codec, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    codec.decode(ONE, b'{"id": 1, "count": "many"}', "things.get")
    why, kept = logged(caplog)
    assert why.startswith("things.get: decoded by the lenient reader: Expected `int | null`, got `str`")
    assert kept == "things.get: Thing.count is str; kept as it is"


def test_the_log_holds_no_value(codec: Codec, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    codec.decode(ONE, b'{"id": "CANARY", "name": {"a": "CANARY"}, "created": "CANARY"}', "things.get")
    assert logged(caplog)
    assert "CANARY" not in caplog.text


def test_a_renamed_member_does_not_get_lost(codec: Codec, caplog: pytest.LogCaptureFixture) -> None:
    result = Result("tests:Renamed", many=True)
    assert codec.decode(result, b'[{"id": "1", "class": "A"}]', "things.list") == [Renamed(id=1, class_="A")]
    assert logged(caplog) == []


@attrs.frozen
class Nested:
    """A response whose renamed member is in a member of its own."""

    things: list[Renamed]


def test_a_renamed_member_of_a_member_does_not_get_lost() -> None:
    codec = Codec({"tests:Nested": Nested}.__getitem__)
    content = b'{"things": [{"id": 1, "class": "A"}]}'
    assert codec.decode(Result("tests:Nested"), content, "x.get") == Nested([Renamed(id=1, class_="A")])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"<html>Bad gateway</html>", ""),
        (b'{"id": 1', ""),
        (b"\xff\xfe", ""),
        (b'"text"', "expected a JSON dict"),
        (b"null", "expected a JSON dict"),
        (b"[]", "expected a JSON dict"),
        (b'{"id": 1} trailing', ""),
        (b'{"id": 1, "name": "Stra\xdfe"', "it is not UTF-8"),
        (b"Stra\xdfe", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_what_cannot_be_read_is_one_error_with_an_excerpt(codec: Codec, content: bytes, problem: str) -> None:
    with pytest.raises(DecodeError) as caught:
        codec.decode(ONE, content, "things.get")
    assert caught.value.operation == "things.get"
    assert str(caught.value).startswith("things.get: the response cannot be decoded: " + problem)
    # JSON that breaks off may hold a token, so it is not shown.
    assert caught.value.excerpt == ("" if content[:1] in (b"{", b"[", b'"') else excerpt_of(content))


@pytest.mark.parametrize("content", [b"{}", b"5", b'{"id": 1}', b"null"])
def test_a_page_that_is_no_array_is_an_error(codec: Codec, content: bytes) -> None:
    with pytest.raises(DecodeError, match="expected a JSON list"):
        codec.decode(MANY, content, "things.list")


def test_an_empty_array_is_an_empty_page_and_an_empty_body_is_not(codec: Codec) -> None:
    assert codec.decode(MANY, b"[]", "things.list") == []
    with pytest.raises(DecodeError):
        codec.decode(MANY, b"", "things.list")


@pytest.mark.parametrize(
    ("many", "content", "value"),
    [
        (False, b'{"id": 1}', Thing(id=1)),
        (False, b' [{"id": 1}]', Thing(id=1)),
        (False, b"[]", None),
        (True, b'{"id": 1}', [Thing(id=1)]),
        (True, b'\n[{"id": 1}, {"id": 2}]', [Thing(id=1), Thing(id=2)]),
        (True, b"[]", []),
        (True, b'[{"id": 1, "name": 5}]', [Thing(id=1, name="5")]),
        (True, b'{"id": 1, "name": 5}', [Thing(id=1, name="5")]),
    ],
)
def test_an_answer_that_may_be_one_or_many(codec: Codec, many: bool, content: bytes, value: Any) -> None:
    assert codec.decode(Result("tests:Thing", many=many, either=True), content, "things.get") == value


def test_an_operation_without_result_has_none(codec: Codec) -> None:
    assert codec.decode(None, b'{"id": 1}', "things.delete") is None


def test_an_answer_without_a_published_shape_stays_json(codec: Codec) -> None:
    assert codec.decode(Result("dict"), b'{"a": {"b": [1, "2", null]}}', "x") == {"a": {"b": [1, "2", None]}}
    assert codec.decode_json(b"", "x") is None
    with pytest.raises(DecodeError):
        codec.decode_json(b"<html>", "x")


def test_answers_are_frozen(codec: Codec) -> None:
    thing = codec.decode(ONE, b'{"id": 1, "name": 5}', "things.get")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        thing.name = "x"


# --- bodies


def test_a_body_is_written_as_json(codec: Codec) -> None:
    content = codec.encode(Body("tests:Draft"), {"name": "ä", "status": 1})
    assert content == '{"name":"ä","status":{"id":1}}'.encode()
    assert codec.encode_json({"a": "ä", "b": [1, None]}, "json") == '{"a":"ä","b":[1,null]}'.encode()
    assert json.loads(codec.encode(Body("tests:Ref", many=True), [1])) == [{"id": 1}]


def test_what_json_cannot_say_is_refused_without_showing_it(codec: Codec) -> None:
    with pytest.raises(ArgumentTypeError) as caught:
        codec.encode_json({"a": object()}, "json")
    assert str(caught.value) == (
        "json contains a value that JSON does not have: Object of type object is not JSON serializable"
    )
    surrogate = "contains half a surrogate pair, which is not valid Unicode"
    with pytest.raises(ArgumentError) as refused:
        codec.encode(Body("tests:Draft"), {"name": "CANARY\ud800", "status": 1})
    assert str(refused.value) == f"body {surrogate}"
    with pytest.raises(ArgumentError) as refused:
        codec.encode_json("CANARY\ud800", "json")
    assert str(refused.value) == f"json {surrogate}"


# --- excerpts


def test_an_excerpt_is_short_and_printable() -> None:
    assert excerpt_of(b"<html>\n\t<b>no\x00</b>\xff") == "<html>  <b>no </b>�"
    assert excerpt_of(b"") == ""
    long = excerpt_of("ä".encode() * 10_000)
    assert len(long) == EXCERPT
    assert long.endswith("…")
    assert excerpt_of(b"x" * EXCERPT) == "x" * EXCERPT


# --- strict


def test_a_strict_codec_names_every_mismatch(caplog: pytest.LogCaptureFixture) -> None:
    strict = Codec(CLASSES.__getitem__, strict=True)
    items = [
        {"id": 1, "count": "many"},
        {"name": ["x"], "status": {"description": "on"}, "brand_new": 1},
        {"id": 3, "created": "soon"},
    ]
    with pytest.raises(DecodeError) as caught:
        strict.decode(MANY, json.dumps(items).encode(), "things.list")
    assert str(caught.value) == (
        "things.list: the response does not match its schema: Thing.count is str; Thing.created is str; "
        "Thing.id is missing; Thing.name is list; Thing.status.id is missing"
    )
    assert (caught.value.operation, caught.value.excerpt) == ("things.list", "")
    assert logged(caplog) == []


def test_a_strict_codec_reads_what_the_schema_allows() -> None:
    strict = Codec(CLASSES.__getitem__, strict=True)
    lenient = Codec(CLASSES.__getitem__)
    content = json.dumps(
        [
            {"id": "1", "created": "2026-03-31 10:00:00", "count": "", "brand_new": {"x": 1}},
            {"id": 2, "active": "1", "money": "0.10", "name": None, "detail": {"x": 1}, "anything": [1]},
        ]
    ).encode()
    assert strict.decode(MANY, content, "things.list") == lenient.decode(MANY, content, "things.list")
    renamed = Result("tests:Renamed")
    assert strict.decode(renamed, b'{"id": 1, "class": "A", "new": 1}', "x") == Renamed(id=1, class_="A")
    with pytest.raises(DecodeError, match="x: the response does not match its schema: Renamed.class is list"):
        strict.decode(renamed, b'{"id": 1, "class": ["A"]}', "x")


def test_a_strict_codec_shows_no_value() -> None:
    strict = Codec(CLASSES.__getitem__, strict=True)
    with pytest.raises(DecodeError) as caught:
        strict.decode(ONE, b'{"id": "CANARY", "name": {"a": "CANARY"}}', "things.get")
    assert "CANARY" not in f"{caught.value!s} {caught.value.__dict__}"
