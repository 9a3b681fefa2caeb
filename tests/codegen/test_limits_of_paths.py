"""The row that applies to a path."""

from __future__ import annotations

import pytest

from codegen.limits import Limits, Row, matches


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("/a/{id}", "/a/1", True),
        ("/a/{id}", "/a/status", True),
        ("/a/{id}", "/a/{a_id}", True),
        ("/a/{id}", "/a", False),
        ("/a/{id}", "/a/1/b", False),
        ("/a/*", "/a", False),
        ("/a/*", "/a/1", True),
        ("/a/*", "/a/1/b/c", True),
        ("/a/{id}/*", "/a/1", False),
        ("/a/{id}/*", "/a/1/b", True),
        ("/a/status", "/a/{a_id}", False),
        ("/a", "/b", False),
    ],
)
def test_what_a_row_covers(pattern: str, path: str, covered: bool) -> None:
    assert matches(pattern, path) is covered


def test_the_most_literal_row_wins() -> None:
    paths = ("/a/{id}", "/a/*", "/a/stats/*", "/a/{id}/stats/*")
    limits = Limits(tuple(Row(path, "GET", path, 1, 1) for path in paths), (), "month", 1)

    def row(path: str) -> str | None:
        found = limits.row_of("GET", path)
        return found.path if found else None

    assert row("/a/1") == "/a/{id}"
    assert row("/a/stats/daily") == "/a/stats/*"
    assert row("/a/{id}/stats/daily") == "/a/{id}/stats/*"
    assert row("/a/1/other") == "/a/*"
    assert row("/a") is None
    assert limits.row_of("POST", "/a/1") is None
