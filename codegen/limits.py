"""Read the limits and error codes, and find the limit of an operation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from codegen.check import check_keys
from codegen.load import Document, Place, Schema

ROW_KEYS = {"id", "method", "path", "rate", "burst", "description"}
WINDOW_KEYS = {"id", "method", "path", "count", "seconds", "description"}
MONTH_KEYS = {"id", "count", "description"}
NEWER_KEYS = {"id", "rate", "burst"}
CODE_KEYS = {"code", "token", "statuses", "advice"}


@frozen
class Row:
    """A rate per organisation for the paths that match."""

    id: str
    method: str
    path: str
    rate: float
    burst: int


@frozen
class Window:
    """A number of calls within a time, per client address."""

    id: str
    method: str
    path: str
    count: int
    seconds: float


@frozen
class Limits:
    """Every limit of the API.

    ``newer`` holds the rows that newer documentation changes, by its edition.
    """

    rows: tuple[Row, ...]
    windows: tuple[Window, ...]
    month_id: str
    month_count: int
    newer: Mapping[str, tuple[Row, ...]] = field(factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the rows and windows, in order."""
        return (*(row.id for row in self.rows), *(window.id for window in self.windows))

    def limit_of(self, method: str, path: str) -> Row | Window | None:
        """Return the most specific limit of a call: its row, else its most literal window."""
        row = self.row_of(method, path)
        if row:
            return row
        found = [one for one in self.windows if one.method in (method, "*") and matches(one.path, path)]
        return max(found, key=lambda window: literals(window.path), default=None)

    def row_of(self, method: str, path: str) -> Row | None:
        """Return the row of a path: of those that match, the one with the most literal segments."""
        found = [row for row in self.rows if row.method in (method, "*") and matches(row.path, path)]
        return max(found, key=lambda row: (literals(row.path), not row.path.endswith("/*")), default=None)

    def window_of(self, method: str, path: str) -> Window | None:
        """Return the most specific window that counts a call, apart from the general one."""
        found = [
            window
            for window in self.windows
            if window.method == method and matches(window.path, path) and "*" not in window.path
        ]
        return max(found, key=lambda window: literals(window.path), default=None)


@frozen
class Code:
    """A documented error code."""

    code: int
    token: str | None
    statuses: tuple[int, ...]
    advice: str


def matches(pattern: str, path: str) -> bool:
    """Return whether a limit's path covers an operation's path.

    ``{id}`` covers one segment, even a literal one; a final ``*`` covers one or more.
    """
    wanted, given = pattern.strip("/").split("/"), path.strip("/").split("/")
    if wanted[-1] == "*":
        wanted = wanted[:-1]
        if len(given) <= len(wanted):
            return False
    elif len(given) != len(wanted):
        return False
    return all(want.startswith("{") or want == step for want, step in zip(wanted, given, strict=False))


def literals(pattern: str) -> int:
    """Count the literal segments of a limit's path."""
    return sum(1 for step in pattern.strip("/").split("/") if step != "*" and not step.startswith("{"))


def read_limits(schema: Schema) -> Limits:
    """Return the limits, and raise the first fault found."""
    document = schema.table("limits.yaml")
    data = check_keys(document, (), document.data, {"rows", "windows", "month", "newer"})
    rows: list[Row] = []
    for place, facts in _records(document, ("rows",), ROW_KEYS):
        identity, method, path = _route(document, place, facts)
        rate = _number(document, (*place, "rate"), facts.get("rate"))
        burst = _number(document, (*place, "burst"), facts.get("burst"))
        rows.append(Row(identity, method, path, rate, int(burst)))
    windows: list[Window] = []
    for place, facts in _records(document, ("windows",), WINDOW_KEYS):
        identity, method, path = _route(document, place, facts)
        count = _number(document, (*place, "count"), facts.get("count"))
        seconds = _number(document, (*place, "seconds"), facts.get("seconds"))
        windows.append(Window(identity, method, path, int(count), seconds))
    month = check_keys(document, ("month",), data.get("month"), MONTH_KEYS)
    month_count = _number(document, ("month", "count"), month.get("count"))
    ids = [row.id for row in rows] + [window.id for window in windows]
    for identity in ids:
        if ids.count(identity) > 1:
            raise document.fault((), f"the limit id {identity!r} is used twice")
    month_id = str(month.get("id", "month"))
    return Limits(tuple(rows), tuple(windows), month_id, int(month_count), _newer(document, rows))


def _newer(document: Document, rows: list[Row]) -> dict[str, tuple[Row, ...]]:
    known = {row.id: row for row in rows}
    newer = document.data.get("newer", {})
    if not isinstance(newer, dict):
        raise document.fault(("newer",), "must be a mapping of edition to rows")
    found: dict[str, tuple[Row, ...]] = {}
    for edition in newer:
        changed: list[Row] = []
        for place, facts in _records(document, ("newer", edition), NEWER_KEYS):
            if facts.get("id") not in known:
                raise document.fault((*place, "id"), f"{facts.get('id')!r} is not the id of a row")
            rate = _number(document, (*place, "rate"), facts.get("rate"))
            burst = int(_number(document, (*place, "burst"), facts.get("burst")))
            changed.append(evolve(known[facts["id"]], rate=rate, burst=burst))
        found[edition] = tuple(changed)
    return found


def read_codes(schema: Schema) -> tuple[Code, ...]:
    """Return the error codes by number, and raise the first fault found."""
    document = schema.table("errors.yaml")
    check_keys(document, (), document.data, {"codes"})
    found: dict[int, Code] = {}
    for place, facts in _records(document, ("codes",), CODE_KEYS):
        code, token, statuses = facts.get("code"), facts.get("token"), facts.get("statuses")
        if not isinstance(code, int):
            raise document.fault((*place, "code"), "must be a whole number")
        if code in found:
            raise document.fault((*place, "code"), f"the code {code} is listed twice")
        if not isinstance(token, str | None):
            raise document.fault((*place, "token"), "must be text or null")
        if not isinstance(statuses, list) or not all(isinstance(status, int) for status in statuses):
            raise document.fault((*place, "statuses"), "must be a list of HTTP statuses")
        if not isinstance(facts.get("advice"), str):
            raise document.fault((*place, "advice"), "must be a text that says what the caller should do")
        advice = " ".join(str(facts["advice"]).split())
        found[code] = Code(code, token, tuple(statuses), advice)
    return tuple(found[code] for code in sorted(found))


def _records(document: Document, place: Place, known: set[str]) -> list[tuple[Place, dict[str, Any]]]:
    listed: Any = document.data
    for key in place:
        listed = listed.get(key)
    if not isinstance(listed, list):
        raise document.fault(place, "must be a list")
    return [
        ((*place, index), check_keys(document, (*place, index), value, known))
        for index, value in enumerate(listed)
    ]


def _route(document: Document, place: Place, facts: dict[str, object]) -> tuple[str, str, str]:
    identity, method, path = (facts.get(key) for key in ("id", "method", "path"))
    if not isinstance(identity, str) or not identity:
        raise document.fault(place, "a limit needs an id")
    if method not in ("*", "GET", "POST", "PUT", "PATCH", "DELETE"):
        raise document.fault((*place, "method"), f"unknown method {method!r}")
    if not isinstance(path, str) or not re.fullmatch(r"(/([^/{}*]+|\{[a-z_]+\}))*(/\*)?", path) or not path:
        raise document.fault((*place, "path"), f"{path!r} is not a path of literals, {{id}} and a final *")
    return identity, str(method), path


def _number(document: Document, place: Place, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise document.fault(place, f"must be a number above 0, not {value!r}")
    return value
