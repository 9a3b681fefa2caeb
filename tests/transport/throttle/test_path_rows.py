"""Which row of the documented limits a path belongs to."""

from __future__ import annotations

import pytest

from aioemnify.operation import RowLimit
from aioemnify.transport.throttle.path_rows import path_pattern, row_patterns


def found(call: str, *paths: str, apart: tuple[str, ...] = ()) -> str | None:
    rows = tuple(RowLimit(path, "GET", path, 1.0, 1) for path in paths)
    pattern, named = row_patterns(rows, apart)
    match = pattern.fullmatch(call)
    return named[match.lastgroup].path if match and match.lastgroup else None


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("/api/thing/status", "/api/thing/status"),
        ("/api/thing/7", "/api/thing/{id}"),
        ("/api/thing/7/part", "/api/thing/{id}/part"),
        ("/api/thing/status/part", "/api/thing/status/*"),
        ("/api/thing/7/other", "/api/thing/*"),
        ("/api/thing/7/part/1", "/api/thing/*"),
        ("/api/thing", None),
        ("/api/thing/", None),
        ("/api/other/7", "/api/{kind}/7"),
    ],
)
def test_the_most_literal_row_is_the_one_in_whatever_order_they_are_given(path: str, row: str | None) -> None:
    rows = [
        "/api/thing/*",
        "/api/thing/{id}",
        "/api/thing/{id}/part",
        "/api/{kind}/7",
        "/api/thing/status",
        "/api/thing/status/*",
    ]
    assert found(f"GET {path}", *rows) == found(f"GET {path}", *reversed(rows)) == row
    assert found(f"POST {path}", *rows) is None


TEMPLATES = (
    "/api/thing/status",
    "/api/thing/my",
    "/api/{kind}/special",
    "/api/thing/{thing}/log",
    "/api/thing",
)


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("/api/thing/7", True),
        ("/api/thing/status", False),
        ("/api/thing/statuses", True),
        ("/api/thing/my", True),
        ("/api/thing/special", True),
        ("/api/other/special", False),
        ("/api/other/status", True),
        ("/api/thing/7/log", False),
        ("/api/thing/7/8", True),
        ("/api/thing/status/8", False),
    ],
)
def test_a_literal_segment_of_another_path_is_not_an_id(path: str, counted: bool) -> None:
    rows = ("/api/thing/{id}", "/api/thing/{id}/{part}")
    if path.startswith("/api/other"):
        rows = ("/api/{kind}/{id}", "/api/{kind}/{id}/{part}")
    assert (found(f"GET {path}", *rows, apart=TEMPLATES) is not None) is counted
    assert found(f"GET {path}", *rows) is not None


def test_no_rows_match_nothing() -> None:
    assert found("GET /api/thing") is None and found("") is None


@pytest.mark.parametrize(
    ("method", "path", "call", "matches"),
    [
        ("*", "/api/*", "GET /api/thing/7", True),
        ("*", "/api/*", "GET /other", False),
        ("*", "/api/*", "get /api/thing", False),
        ("POST", "/api/thing", "POST /api/thing", True),
        ("POST", "/api/thing", "GET /api/thing", False),
        ("POST", "/api/a.b", "POST /api/axb", False),
    ],
)
def test_a_window_is_for_a_method_or_for_all(method: str, path: str, call: str, matches: bool) -> None:
    assert (path_pattern(method, path).fullmatch(call) is not None) is matches
