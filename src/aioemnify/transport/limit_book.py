"""Which limits a call meets: the documented table, applied to a concrete path.

Rows belong to an organisation, windows to this machine's address, the month's quota to an
organisation, lanes to an organisation. One book serves one server.
"""

from __future__ import annotations

import re

from aioemnify.errors import ArgumentError
from aioemnify.operation import LimitTable, RowLimit
from aioemnify.transport.clock import Clock
from aioemnify.transport.limits import Limit, MonthlyQuota, SlidingWindow, TokenBucket, Turnstile

TRANSIT = 0.35
"""Seconds after which a request has surely been counted by the server."""


class PathRows:
    """Finds the row of a concrete path: the most literal one that matches.

    ``{id}`` matches one segment and ``/*`` one or more further ones. Whether ``/sim/{id}``
    also counts ``/sim/status`` is not published; counting it is the cautious reading.
    """

    def __init__(self, rows: tuple[RowLimit, ...]) -> None:
        ordered = sorted(rows, key=_literalness, reverse=True)
        self._rows = {f"row{place}": row for place, row in enumerate(ordered)}
        parts = [f"(?P<{name}>{row.method} {_expression(row.path)})" for name, row in self._rows.items()]
        self._pattern = re.compile("|".join(parts)) if parts else None

    def find(self, method: str, path: str) -> RowLimit | None:
        """Return the row that a call of ``path`` (no query) is counted in."""
        found = self._pattern.fullmatch(f"{method} {path}") if self._pattern else None
        return self._rows[found.lastgroup] if found and found.lastgroup else None


def _literalness(row: RowLimit) -> tuple[int, ...]:
    ranks = {"*": 0, "{": 1}
    return tuple(ranks.get(segment[:1], 2) for segment in row.path.strip("/").split("/"))


def _expression(path: str) -> str:
    pieces = [
        ".+" if segment == "*" else "[^/]+" if segment.startswith("{") else re.escape(segment)
        for segment in path.strip("/").split("/")
    ]
    return "/" + "/".join(pieces)


class LimitBook:
    """Keeps one object for each limit and names those that a call must take together."""

    def __init__(self, table: LimitTable | None, *, clock: Clock, transit: float = TRANSIT) -> None:
        self._table = table
        self._clock = clock
        self._transit = transit
        if table is not None:
            _check(table)
        self._rows = PathRows(table.rows if table else ())
        self._windows = [
            (
                re.compile(_any_path(window.method, window.path)),
                SlidingWindow(window.id, count=window.count, seconds=window.seconds, transit=transit),
            )
            for window in (table.windows if table else ())
        ]
        self._buckets: dict[tuple[str, str], TokenBucket] = {}
        self._quotas: dict[str, MonthlyQuota] = {}
        self._lanes: dict[tuple[str, str], Turnstile] = {}

    def of_call(self, organisation: str, method: str, path: str, lane: str | None) -> tuple[Limit, ...]:
        """Return the limits of one call, the narrowest first.

        Args:
            organisation: whom rows, quota and lanes are kept for; empty before it is known.
            method: the HTTP method.
            path: the concrete path, without query.
            lane: the serial lane of the operation, if it has one.
        """
        limits: list[Limit] = []
        if lane is not None:
            limits.append(self._lane(organisation, lane))
        row = self._rows.find(method, path)
        if row is not None:
            limits.append(self._bucket(organisation, row))
        target = f"{method} {path}"
        limits += [window for pattern, window in self._windows if pattern.fullmatch(target)]
        if self._table is not None and organisation:
            limits.append(self._quota(organisation))
        return tuple(limits)

    def _lane(self, organisation: str, lane: str) -> Turnstile:
        key = (organisation, lane)
        if key not in self._lanes:
            self._lanes[key] = Turnstile(f"lane {lane}", "lane", size=1)
        return self._lanes[key]

    def _bucket(self, organisation: str, row: RowLimit) -> TokenBucket:
        key = (organisation, row.id)
        if key not in self._buckets:
            self._buckets[key] = TokenBucket(
                f"{row.method} {row.path}", rate=row.rate, burst=row.burst, transit=self._transit
            )
        return self._buckets[key]

    def _quota(self, organisation: str) -> MonthlyQuota:
        if organisation not in self._quotas:
            assert self._table is not None
            offset = self._clock.wall() - self._clock.monotonic()
            self._quotas[organisation] = MonthlyQuota(
                self._table.month.id, count=self._table.month.count, wall_offset=offset
            )
        return self._quotas[organisation]

    def all(self) -> list[Limit]:
        """Return every limit that has been met so far."""
        return [
            *self._buckets.values(),
            *(window for _, window in self._windows),
            *self._quotas.values(),
            *self._lanes.values(),
        ]


def _check(table: LimitTable) -> None:
    for row in table.rows:
        if not (row.rate > 0 and row.burst >= 1):
            raise ArgumentError("limits", f"row {row.id} needs a rate above 0 and a burst of at least 1")
    for window in table.windows:
        if not (window.seconds > 0 and window.count >= 1):
            raise ArgumentError(
                "limits", f"window {window.id} needs seconds above 0 and a count of at least 1"
            )


def _any_path(method: str, path: str) -> str:
    verb = "[A-Z]+" if method == "*" else method
    return f"{verb} {_expression(path)}"
