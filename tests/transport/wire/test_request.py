"""Path, query and raw path: what goes on the wire, and what is refused before."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.operation import Listing, Operation, Param
from aioemnify.transport.wire.request import Request, build_path, build_query, check_raw_path, encode_query

BY_NAME = Operation("things.get", "GET", "/api/v1/thing/{name}/part", (Param("name", "string"),))
BY_ID = Operation("sims.get", "GET", "/api/v1/sim/{sim_id}", (Param("sim_id", "integer"),))
TWO = Operation(
    "parts.get",
    "GET",
    "/api/v1/thing/{thing_id}/part/{part}",
    (Param("thing_id", "integer"), Param("part", "string", choices=("front", "back"))),
)
SEARCH = Operation(
    "things.list",
    "GET",
    "/api/v1/thing",
    query=(
        Param("deep", "boolean"),
        Param("depth", "integer"),
        Param("since", "date"),
        Param("kind", "string", choices=("a", "b")),
        Param("state", "integer", choices=("1", "2")),
        Param("word", "string"),
    ),
    listing=Listing(page_param="page", size_param="page_size", sort_fields=("id",)),
)


@given(st.text())
def test_any_text_is_exactly_one_segment_or_refused(text: str) -> None:
    try:
        path = build_path(BY_NAME, [text])
    except ArgumentError as error:
        assert error.argument == "name"
        return
    segments = path.split("/")
    assert len(segments) == 6
    assert segments[:4] == ["", "api", "v1", "thing"]
    assert segments[5] == "part"
    assert unquote(segments[4]) == text
    assert re.fullmatch(r"[A-Za-z0-9\-._~%]+", segments[4])
    assert segments[4] not in {".", ".."}


@given(st.text(alphabet="abz09-_~ %?#&+=;:@!$'()*,äß漢{}", min_size=1).filter(str.strip))
def test_harmless_text_is_never_refused(text: str) -> None:
    assert unquote(build_path(BY_NAME, [text]).split("/")[4]) == text


HOSTILE = [
    "../user/1",
    "",
    ".",
    "..",
    " ",
    "\t",
    "a/b",
    "a\\b",
    "a\nb",
    "\0",
    "\u2028",
    True,
    False,
    1.5,
    None,
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(("operation", "name"), [(BY_NAME, "name"), (BY_ID, "sim_id")])
def test_a_value_that_names_no_object_is_refused_with_the_parameters_name(
    operation: Operation, name: str, value: object
) -> None:
    with pytest.raises(ArgumentError) as caught:
        build_path(operation, [value])
    assert caught.value.argument == name
    assert name in str(caught.value)
    assert isinstance(caught.value, ArgumentTypeError) == (not isinstance(value, str))


@pytest.mark.parametrize("value", ["%2e%2e", "%2F", "%2e%2e%2fuser"])
def test_text_that_looks_escaped_is_escaped_again(value: str) -> None:
    assert build_path(BY_NAME, [value]).split("/")[4] == value.replace("%", "%25")


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        (42, "42"),
        ("42", "42"),
        (0, "0"),
        ("007", "007"),
        (-1, "-1"),
        ("-7", "-7"),
        (2**63 - 1, f"{2**63 - 1}"),
    ],
)
def test_ids_are_taken_as_numbers_and_as_digits(value: object, segment: str) -> None:
    assert build_path(BY_ID, [value]) == f"/api/v1/sim/{segment}"


@pytest.mark.parametrize(
    "value", ["42 ", " 42", "4_2", "+42", "0x2a", "4.0", "-", "7-", "४२", "42\n", b"42", [42]]
)
def test_ids_are_nothing_else(value: object) -> None:
    with pytest.raises(ArgumentError, match="sim_id"):
        build_path(BY_ID, [value])


def test_a_numeric_name_may_be_given_as_a_number() -> None:
    assert build_path(BY_NAME, [8988303000000000901]) == "/api/v1/thing/8988303000000000901/part"


def test_a_whole_number_can_be_one_of_a_few() -> None:
    class State(enum.IntEnum):
        ON = 2

    assert build_query(SEARCH, {"state": 1}) == "state=1"
    assert build_query(SEARCH, {"state": State.ON}) == "state=2"
    with pytest.raises(ArgumentError, match="state is one of 1, 2, not 3"):
        build_query(SEARCH, {"state": 3})
    with pytest.raises(ArgumentTypeError, match="state takes a whole number, not '1'"):
        build_query(SEARCH, {"state": "1"})


def test_parameters_go_to_their_places_and_choices_are_kept() -> None:
    assert build_path(TWO, [3, "back"]) == "/api/v1/thing/3/part/back"
    with pytest.raises(ArgumentError, match="part is one of front, back"):
        build_path(TWO, [3, "side"])


@pytest.mark.parametrize("arguments", [(), (1,), (1, "back", 2)])
def test_the_number_of_path_values_is_checked(arguments: tuple[object, ...]) -> None:
    with pytest.raises(ArgumentError) as caught:
        build_path(TWO, arguments)
    assert str(caught.value) == f"path of parts.get takes thing_id, part; {len(arguments)} values were given"


def test_a_value_cannot_fill_another_place() -> None:
    swapped = Operation(
        "x.y", "GET", "/api/v1/{first}/{second}", (Param("first", "string"), Param("second", "string"))
    )
    assert build_path(swapped, ["{second}", "b"]) == "/api/v1/%7Bsecond%7D/b"


# --- query


@pytest.mark.parametrize(
    ("word", "encoded"),
    [
        ("a|b", "a%7Cb"),
        ("a+b", "a%2Bb"),
        ("a b", "a%20b"),
        ("müll", "m%C3%BCll"),
        ("a&b=c#d", "a%26b%3Dc%23d"),
        ("50%", "50%25"),
        ("status:1,id:2", "status:1,id:2"),
        ("", ""),
    ],
)
def test_query_text_is_encoded(word: str, encoded: str) -> None:
    assert build_query(SEARCH, {"word": word}) == f"word={encoded}"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_query_text_comes_out_again(word: str) -> None:
    query = encode_query([("q", word), ("page", "1")])
    assert parse_qsl(query, keep_blank_values=True, strict_parsing=True) == [("q", word), ("page", "1")]
    assert query.isascii()
    assert not set(query) & set(' +|#"<>\\')


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("deep", True, "true"),
        ("deep", False, "false"),
        ("depth", 0, "0"),
        ("since", date(2026, 3, 31), "2026-03-31"),
        ("since", "2026-03-31", "2026-03-31"),
        ("since", datetime(2026, 3, 31, 1, tzinfo=timezone(timedelta(hours=2))), "2026-03-30T23:00:00Z"),
        ("kind", "a", "a"),
        ("page", 3, "3"),
        ("page_size", 100, "100"),
        ("q", "status:1", "status:1"),
        ("sort", "-id", "-id"),
    ],
)
def test_query_values_by_kind(name: str, value: object, text: str) -> None:
    assert build_query(SEARCH, {name: value}) == f"{name}={text}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("deep", 1),
        ("deep", "true"),
        ("depth", True),
        ("depth", "3"),
        ("depth", 1.0),
        ("since", 20260331),
        ("word", 5),
        ("word", b"x"),
        ("q", ["status:1"]),
        ("page", "1"),
    ],
)
def test_a_query_value_of_another_type_is_refused(name: str, value: object) -> None:
    with pytest.raises(ArgumentTypeError) as caught:
        build_query(SEARCH, {name: value})
    assert caught.value.argument == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("since", "yesterday"),
        ("since", ""),
        ("since", "2026-02-30"),
        ("since", datetime(2026, 3, 31)),  # noqa: DTZ001
        ("kind", "c"),
        ("colour", "red"),
        ("per_page", 5),
    ],
)
def test_a_query_value_that_says_nothing_is_refused(name: str, value: object) -> None:
    with pytest.raises(ArgumentError) as caught:
        build_query(SEARCH, {name: value})
    assert caught.value.argument == name


def test_none_is_left_out_also_for_a_name_nobody_knows() -> None:
    assert build_query(SEARCH, {"deep": None, "word": "x", "colour": None}) == "word=x"
    assert build_query(BY_ID, {}) == ""


def test_the_target_joins_path_and_query() -> None:
    assert Request(BY_ID, "/api/v1/sim/1").target == "/api/v1/sim/1"
    assert Request(BY_ID, "/api/v1/sim/1", "a=b").target == "/api/v1/sim/1?a=b"


# --- raw paths


@pytest.mark.parametrize(
    "path", ["/api/v1/sim", "/api/v2/endpoint/1/x", "/api/v1/a%20b", "/api/v1/a:b@c;d=e"]
)
def test_raw_paths_are_taken_as_they_stand(path: str) -> None:
    assert check_raw_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "api/v1/sim",
        "/v1/sim",
        "/api",
        "/api/",
        "//api/v1",
        "https://evil.example/api/v1/sim",
        "/api/v1/sim/",
        "/api/v1//sim",
        "/api/v1/../v2",
        "/api/v1/./sim",
        "/api/v1/%2e%2e/sim",
        "/api/v1/%2E/sim",
        "/api/v1/sim?x=1",
        "/api/v1/sim#x",
        "/api/v1/a b",
        "/api/v1/a\\b",
        "/api/v1/a\nb",
        "/api/v1/ä",
        "/api/v1/%zz",
        "/api/v1/50%",
        '/api/v1/"x"',
        "/api/v1/<x>",
        "/api/v1/{sim_id}",
        "/api/v1/a|b",
    ],
)
def test_raw_paths_that_would_be_rewritten_are_refused(path: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        check_raw_path(path)
    assert caught.value.argument == "path"


ALL_PARAMETERS = "deep, depth, since, kind, state, word, page, page_size, q, sort"


@pytest.mark.parametrize(
    ("refused", "problem"),
    [
        (lambda: build_path(SEARCH, ["a"]), "path of things.list takes none; 1 values were given"),
        (lambda: build_path(BY_NAME, [1.5]), "name takes text, not 1.5"),
        (lambda: build_path(BY_NAME, [" "]), "name is empty; it names the object the call is about"),
        (lambda: build_path(BY_NAME, ["a/b"]), "name names one object and cannot be 'a/b'"),
        (lambda: build_path(BY_ID, [""]), "sim_id is empty; it names the object the call is about"),
        (lambda: build_path(BY_ID, ["4.0"]), "sim_id takes an id, not '4.0'"),
        (lambda: build_path(BY_ID, [2**63]), "sim_id takes a whole number below 2**63"),
        (lambda: build_query(BY_ID, {"a": 1}), "a is not a query parameter of sims.get; it has none"),
        (
            lambda: build_query(SEARCH, {"wrod": 1}),
            f"wrod is not a query parameter of things.list; it has {ALL_PARAMETERS}; did you mean 'word'?",
        ),
        (lambda: build_query(SEARCH, {"deep": 1}), "deep takes True or False, not 1"),
        (lambda: build_query(SEARCH, {"depth": "3"}), "depth takes a whole number, not '3'"),
        (lambda: build_query(SEARCH, {"depth": 2**63}), "depth takes a whole number below 2**63"),
        (lambda: build_query(SEARCH, {"word": 5}), "word takes text, not 5"),
        (lambda: build_query(SEARCH, {"kind": "c"}), "kind is one of a, b, not 'c'"),
        (lambda: build_query(SEARCH, {"since": 5}), "since takes a date, not 5"),
        (lambda: build_query(SEARCH, {"since": "soon"}), "since takes a date such as 2026-03-31, not 'soon'"),
        (
            lambda: encode_query([("a", "\ud800")]),
            "params contain half a surrogate pair, which is not valid Unicode",
        ),
        (lambda: check_raw_path(5), "path takes text, not 5"),
        (lambda: check_raw_path("/v1"), "path starts with /api/, such as /api/v1/sim, not '/v1'"),
        (lambda: check_raw_path("/api/a?x=1"), "path takes no query; pass it as params="),
        (lambda: check_raw_path("/api/a#x"), "path takes no query; pass it as params="),
        (lambda: check_raw_path("/api//a"), "path has an empty or dotted segment in '/api//a'"),
        (lambda: check_raw_path("/api/ä"), "path has characters that must be percent-encoded in '/api/ä'"),
        (lambda: check_raw_path("/api/%2E"), "path escapes characters that need no escape in '/api/%2E'"),
    ],
)
def test_a_refusal_says_what_is_accepted(refused: Callable[[], object], problem: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        refused()
    assert str(caught.value) == problem


@pytest.mark.parametrize("path", [None, 5, b"/api/v1/sim"])
def test_raw_paths_are_text(path: object) -> None:
    with pytest.raises(ArgumentTypeError, match="path"):
        check_raw_path(path)
