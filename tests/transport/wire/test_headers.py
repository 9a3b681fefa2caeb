"""Headers that occur twice, contradict each other, or are spelled as few spell them."""

from __future__ import annotations

import logging
import time

import pytest

from aioemnify.operation import Listing, Operation, Result
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.response import Response, ResponseReader, without_repeats
from aioemnify.types import Page
from tests.transport.wire.small_models import CLASSES

LIST = Operation(
    "things.list", "GET", "/api/v1/thing", result=Result("tests:Thing", many=True), listing=Listing()
)


def page(reader: ResponseReader | None = None, **headers: str) -> Page[object]:
    reader = reader or ResponseReader(Codec(CLASSES.__getitem__), {})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return reader.page(LIST, Response(200, named, b'[{"id":1}]'))


@pytest.mark.parametrize(
    ("value", "once"),
    [
        ("2, 2", "2"),
        ("2,2", "2"),
        ("2, 2, 2", "2"),
        ("2,2 , 2,  2", "2"),
        ("/api/v1/sim/5, /api/v1/sim/5", "/api/v1/sim/5"),
        ("a, b, a, b", "a, b"),
        ("Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT"),
        *[
            (same, same)
            for same in ("", "2", "2, 3", "a,b", "a, b, a", "Sun, 06 Nov 1994 08:49:37 GMT", ",a")
        ],
    ],
)
def test_equal_repeats_are_one(value: str, once: str) -> None:
    assert without_repeats(value) == once


def test_values_that_differ_are_ignored_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    reader = ResponseReader(Codec(CLASSES.__getitem__), {})
    for second in ("3", "4"):
        found = page(reader, x_total_pages=f"2, {second}", x_total_count="40", x_current_page="1")
        assert (found.total_pages, found.total_count, found.current_page) == (None, 40, 1)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "things.list: the header x-total-pages has several values; it is ignored"
    ]


@pytest.mark.parametrize(
    "link",
    [
        '</x?page=2>; rel="next"',
        "</x?page=2>; rel=next",
        "</x?page=2>;rel=next",
        '</x?page=2>; rel="last next"',
        '</x?page=2>; rel="NEXT\tlast"',
        '</x?page=2>; REL="next"',
        '</x?page=2> ; rel = "next"',
        '</x?a=1,2;3&page=2>; title="a, b; c"; rel=next',
        '<>; rel="prev", </x>;foo;rel=next',
        '</x>; title="say \\"rel=prev\\""; rel="next"',
        "</a>; rel=prev,</b>; rel=last,</c>; rel=next",
        '</a>; rel="prev"; rel="next", </b>; rel="next"; rel="prev"',
        '</x>; bar=1; rel="https://example.com/rels#a next"',
        ',, </x>; rel="next",',
    ],
)
def test_each_form_of_a_link_to_the_next_page(link: str) -> None:
    assert page(link=link).has_next


@pytest.mark.parametrize(
    "link",
    [
        "",
        '</x>; rel="prev"',
        '</x?rel="next">; rel="prev"',
        '</x>; rel="nextpage"',
        '</x>; rel="prev"; rel="next"',
        '</x>; title="</y>; rel=next"; rel=last',
        '</x>; title="rel=next"',
        '</x>; rel="next"; anchor="/other"',
        "</x>; xrel=next",
        "</x>; rel",
        "rel=next",
        "/x; rel=next",
    ],
)
def test_what_looks_like_one_and_is_none(link: str) -> None:
    assert not page(link=link).has_next


@pytest.mark.parametrize(
    "piece", ["<", "<>", "<>;", '<>; a="', '<>; a="\\', ";a", '"', "<>;a=b;", " ", "\\", "<a>;rel "]
)
def test_a_long_link_takes_no_long_time(piece: str) -> None:
    began = time.process_time()
    page(link=piece * (100_000 // len(piece)))
    assert time.process_time() - began < 5
