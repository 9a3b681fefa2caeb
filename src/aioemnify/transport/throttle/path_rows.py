"""Match a concrete path with the rows and windows of the documented limits."""

from __future__ import annotations

import re
from collections.abc import Collection

from aioemnify.operation import RowLimit


def row_patterns(
    rows: tuple[RowLimit, ...], apart: Collection[str] = ()
) -> tuple[re.Pattern[str], dict[str, RowLimit]]:
    """Compile the rows into one pattern of ``METHOD /path``; its last group names the row of a match.

    The most literal row that matches is the one. ``{id}`` matches one segment and ``/*`` one or more
    further ones. Whether ``/sim/{id}`` also counts ``/sim/status`` is not published; counting it is the
    safe side.

    Args:
        rows: the rows of the table.
        apart: templates of paths whose literal segments are not ids, for the other reading.
    """
    ordered = sorted(rows, key=_literalness, reverse=True)
    named = {f"row{place}": row for place, row in enumerate(ordered)}
    parts = [f"(?P<{name}>{row.method} {_expression(row.path, apart)})" for name, row in named.items()]
    return re.compile("|".join(parts) or "(?!)"), named


def _literalness(row: RowLimit) -> tuple[int, ...]:
    ranks = {"*": 0, "{": 1}
    return tuple(ranks.get(segment[:1], 2) for segment in row.path.split("/"))


def _expression(path: str, apart: Collection[str] = ()) -> str:
    segments = path.split("/")
    pieces = []
    for place, segment in enumerate(segments):
        if segment == "*":
            pieces.append(".+")
        elif segment.startswith("{"):
            literals = sorted(_literals_beside(segments[:place], apart))
            barred = f"(?!(?:{'|'.join(map(re.escape, literals))})(?:/|$))" if literals else ""
            pieces.append(f"{barred}[^/]+")
        else:
            pieces.append(re.escape(segment))
    return "/".join(pieces)


def _literals_beside(before: list[str], templates: Collection[str]) -> set[str]:
    """Return the literal segments that follow ``before`` in some template."""
    found = set()
    for template in templates:
        segments = template.split("/")
        same = len(segments) > len(before) and all(
            ours == theirs or (ours[:1] == "{" and theirs[:1] == "{")
            for ours, theirs in zip(before, segments, strict=False)
        )
        if same and segments[len(before)][:1] != "{":
            found.add(segments[len(before)])
    return found - ALIASES


ALIASES = frozenset({"my"})
"""Literal segments that stand for an id: the caller's own."""


def path_pattern(method: str, path: str) -> re.Pattern[str]:
    """Return what matches the method and path of a window, such as ``* /api/*``."""
    return re.compile(f"{'[A-Z]+' if method == '*' else method} {_expression(path)}")
