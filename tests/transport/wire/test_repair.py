"""One odd name costs neither its page nor a digit of the others."""

from __future__ import annotations

import contextlib
import json
import logging
import time
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify import models
from aioemnify.errors import DecodeError
from aioemnify.operation import Result
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.repair import MAX_BYTES, MAX_ODD, repaired
from tests.transport.wire.small_models import CLASSES

MANY = Result("tests:Thing", many=True)

ODD = [
    (rb"Pumpe \ud83d", "Pumpe �"),
    (rb"\ude00 Pumpe", "� Pumpe"),
    (rb"\ud83d\ud83d\ude00\ude00", "�\U0001f600�"),
    (rb"\\ud83d \ud83d", "\\ud83d �"),
    (b"Pumpe\t1", "Pumpe\t1"),
    (b"two\r\nlines\x00", "two\r\nlines\x00"),
    (b"K\xfcche", "K�che"),
    (b"cut in a letter \xc3", "cut in a letter �"),
    (rb"C:\Pumpe \u12", "C:\\Pumpe \\u12"),
    (b'said \\"\\\\ \x01', 'said "\\ \x01'),
]


def page(name: bytes) -> bytes:
    return b'[{"id":1,"name":"' + name + b'"},\n\t{"id":2,"name":"K\xc3\xbcche \\ud83d\\ude00"}]'


@pytest.mark.parametrize(("name", "read"), ODD)
def test_the_name_is_read_and_so_is_all_the_rest(
    name: bytes, read: str, caplog: pytest.LogCaptureFixture
) -> None:
    codec = Codec(CLASSES.__getitem__)
    for _ in range(2):
        things = codec.decode(MANY, page(name), "things.list")
        assert [(thing.id, thing.name) for thing in things] == [(1, read), (2, "Küche \U0001f600")]
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "things.list: the texts are not valid JSON; what cannot be read is replaced"
    ]


def test_each_operation_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    codec = Codec(CLASSES.__getitem__)
    for operation in ("things.list", "things.find", "things.list"):
        codec.decode(MANY, page(b"\t"), operation)
    assert len(caplog.records) == 2


@pytest.mark.parametrize(
    "content", ['[{"id":1,"name":"ü"}]'.encode(code) for code in ("utf-8-sig", "utf-16")]
)
def test_a_byte_order_mark_is_skipped(content: bytes) -> None:
    (thing,) = Codec(CLASSES.__getitem__).decode(MANY, content, "things.list")
    assert (thing.id, thing.name) == (1, "ü")


def test_an_odd_name_and_a_broken_item_cost_no_digit_together() -> None:
    content = b'[{"id":"x","money":0.12345678901234567890123},{"id":2,"name":"\t"}]'
    first, second = Codec(CLASSES.__getitem__).decode(MANY, content, "things.list")
    assert first.money == Decimal("0.12345678901234567890123") and second.name == "\t"


def test_a_page_of_sims_with_shared_parts_is_read_too() -> None:
    content = (
        b'[{"id":1,"iccid":"1","status":{"id":1,"description":"Ac\xfctive"}},'
        b'{"id":2,"iccid":"2","status":{"id":1}}]'
    )
    sims = Codec(models.resolve).decode(Result("sims:Sim", many=True), content, "sims.list")
    assert [sim.id for sim in sims] == [1, 2] and sims[0].status.description == "Ac�tive"


def test_json_without_a_shape_is_read_too() -> None:
    assert Codec(CLASSES.__getitem__).decode_json(b'{"a":"\t"}', "x.y") == {"a": "\t"}


def test_a_strict_codec_says_what_it_had_to_replace() -> None:
    with pytest.raises(DecodeError, match="the texts are not valid JSON"):
        Codec(CLASSES.__getitem__, strict=True).decode(MANY, page(b"\t"), "things.list")


@pytest.mark.parametrize(
    "content",
    [page(b"\t")[:-1], page(b"\t").replace(b",", b""), b"\t<html>\xff", b"\xff\xfe\x00", b'"\t', b""],
)
def test_what_is_not_json_stays_an_error_that_keeps_nothing(content: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        Codec(CLASSES.__getitem__).decode(MANY, content, "things.list")
    assert caught.value.__context__ is None and caught.value.__cause__ is None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_valid_json_stays_as_it_is(value: Any) -> None:
    for content in (json.dumps(value, ensure_ascii=True).encode(), msgspec.json.encode(value)):
        assert repaired(content) == content


@given(st.text(st.characters(), max_size=20).map(lambda text: text.encode("utf-16", "surrogatepass")))
def test_what_json_modules_take_is_taken(cut: bytes) -> None:
    # Half pairs, as Python's json writes them.
    text = cut.decode("utf-16", "surrogatepass")[:-1]
    whole = text.encode("utf-16", "surrogatepass")
    for broken in (whole[:-2], whole[:2] + whole[4:]):
        half = broken.decode("utf-16", "surrogatepass")
        read = msgspec.json.decode(repaired(json.dumps([half]).encode()))
        assert read == ["".join("�" if "\ud800" <= char <= "\udfff" else char for char in half)]


@given(st.binary(max_size=60) | st.text('"\\ud83d\t{}[]:,a1', max_size=60).map(str.encode))
def test_any_bytes_are_a_value_or_an_error(content: bytes) -> None:
    with contextlib.suppress(DecodeError):
        Codec(CLASSES.__getitem__).decode_json(content, "x.y")


@pytest.mark.parametrize(
    "content",
    [
        b'"' * 1_000_001,
        b'["\\' * 300_000,
        b'"\x01",' * 300_000,
        b'["' + b"\x01" * 1_000_000 + b'"]',
        b'"' + b"\\ud83d" * 200_000 + b'"',
        b" " * 500_000 + b'"' + b"a" * 500_000,
        b"\xff" * 1_000_000,
    ],
)
def test_the_time_grows_with_the_length_only(content: bytes) -> None:
    began = time.process_time()
    repaired(content)
    assert time.process_time() - began < 5, "a search that starts again at each byte takes hours"


def test_what_is_broken_everywhere_is_left_alone() -> None:
    assert repaired(b'["\t"]' * (MAX_ODD + 1)).endswith(b'["\t"]')
    assert repaired(b'["\t"]'.ljust(MAX_BYTES)).startswith(b'["\\u0009"]')
    assert repaired(b'["\t"]'.ljust(MAX_BYTES + 1)).startswith(b'["\t"]')
