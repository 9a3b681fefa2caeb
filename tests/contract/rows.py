"""Which documented limits a concrete path meets: a second reading, made without the library's.

The documentation's pattern ``{id}`` stands for one segment, ``*`` at the end for one or more.
Where several rows fit, the one whose first differing segment is the more literal counts.
"""

from __future__ import annotations

from typing import Any

from tests.contract.documented import LIMITS


def _fits(pattern: list[str], path: list[str]) -> bool:
    if not pattern or not path:
        return not pattern and not path
    if pattern == ["*"]:
        return True
    return (pattern[0].startswith("{") or pattern[0] == path[0]) and _fits(pattern[1:], path[1:])


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/")


def _rank(segment: str) -> int:
    if segment == "*":
        return 2
    return 1 if segment.startswith("{") else 0


def _meets(row: dict[str, Any], method: str, path: str) -> bool:
    return row["method"] in ("*", method) and _fits(_segments(row["path"]), _segments(path))


def row_of(method: str, path: str) -> dict[str, Any] | None:
    """Return the organisation's row that a call of ``path`` is counted in."""
    fitting = [row for row in LIMITS["organisation_limits"] if _meets(row, method, path)]
    return min(fitting, key=lambda row: [_rank(segment) for segment in _segments(row["path"])], default=None)


def windows_of(method: str, path: str) -> list[dict[str, Any]]:
    """Return the address's windows that a call of ``path`` is counted in."""
    return [row for row in LIMITS["ip_limits"] if _meets(row, method, path)]
