"""The server's rate limits: windows per address, buckets and a monthly quota per organisation.

This code shares nothing with the client's rate limiter, because tests could not find a mistake that both
make. The rows are data from the operation table; this module enforces them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from attrs import define, evolve, frozen

from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit
from aioemnify.simulator.platform.settings import Settings

_ROUNDING = 1e-9  # seconds and tokens; rounding must not refuse a call that is due exactly now


@frozen
class Refusal:
    """An exhausted limit, and the seconds until it admits a call."""

    limit: str
    wait: float | None


class _Meter(Protocol):
    @property
    def capacity(self) -> float:
        """Return the number of calls allowed by an unused limit."""
        ...

    def wait(self, now: float) -> float:
        """Return the seconds until one more call is allowed, 0 if it is allowed now."""
        ...

    def take(self, now: float) -> None:
        """Count one call."""
        ...

    def left(self, now: float) -> float:
        """Return how many calls are allowed right now."""
        ...


@frozen(kw_only=True)
class Level:
    """The remaining calls of one limit.

    Attributes:
        limit: id of the limit.
        organisation: its id, None for a limit per address.
        address: the client's address, None for a limit per organisation.
        left: calls allowed right now.
        capacity: calls allowed by the unused limit.
    """

    limit: str
    organisation: int | None = None
    address: str | None = None
    left: float
    capacity: float


class _Bucket:
    def __init__(self, rate: float, capacity: float) -> None:
        self._rate, self._capacity = rate, capacity
        self._level, self._at = capacity, 0.0

    @property
    def capacity(self) -> float:
        return self._capacity

    def _refill(self, now: float) -> None:
        if now > self._at:
            self._level = min(self._capacity, self._level + (now - self._at) * self._rate)
            self._at = now

    def wait(self, now: float) -> float:
        self._refill(now)
        return 0.0 if self._level >= 1 - _ROUNDING else (1 - self._level) / self._rate

    def take(self, now: float) -> None:
        self._refill(now)
        self._level = max(0.0, self._level - 1)

    def left(self, now: float) -> float:
        self._refill(now)
        return self._level


class _TickBucket:
    def __init__(self, rate: float, capacity: float) -> None:
        self._rate, self._capacity = rate, capacity
        self._level, self._tick = capacity, 0

    @property
    def capacity(self) -> float:
        return self._capacity

    def wait(self, now: float) -> float:
        tick = math.floor(now + _ROUNDING)
        if tick > self._tick:
            self._level = min(self._capacity, self._level + (tick - self._tick) * self._rate)
            self._tick = tick
        return 0.0 if self._level >= 1 else tick + 1 - now

    def take(self, now: float) -> None:
        self._level = max(0.0, self._level - 1)

    def left(self, now: float) -> float:
        self.wait(now)
        return self._level


class _SlidingLog:
    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds = count, seconds
        self._times: deque[float] = deque(maxlen=count)

    @property
    def capacity(self) -> float:
        return self._count

    def wait(self, now: float) -> float:
        while self._times and self._times[0] + self._seconds <= now + _ROUNDING:
            self._times.popleft()
        return 0.0 if len(self._times) < self._count else self._times[0] + self._seconds - now

    def take(self, now: float) -> None:
        self._times.append(now)

    def left(self, now: float) -> float:
        self.wait(now)
        return self._count - len(self._times)


class _FixedWindow:
    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds = count, seconds
        self._window, self._used = -1, 0

    @property
    def capacity(self) -> float:
        return self._count

    def wait(self, now: float) -> float:
        window = math.floor((now + _ROUNDING) / self._seconds)
        if window != self._window:
            self._window, self._used = window, 0
        return 0.0 if self._used < self._count else (window + 1) * self._seconds - now

    def take(self, now: float) -> None:
        self._used += 1

    def left(self, now: float) -> float:
        self.wait(now)
        return max(0, self._count - self._used)


@define
class _Month:
    key: tuple[int, int] = (0, 0)
    used: int = 0


def literalness(path: str) -> tuple[int, ...]:
    """Return a sort key that puts the most specific path first, segment by segment."""
    return tuple(
        2 if segment == "*" else 1 if segment.startswith("{") else 0 for segment in path.strip("/").split("/")
    )


def _fits(pattern: Sequence[str], path: Sequence[str], literal_ids: bool) -> bool:
    if pattern and pattern[-1] == "*":
        if len(path) < len(pattern):
            return False
        pattern, path = pattern[:-1], path[: len(pattern) - 1]
    if len(pattern) != len(path):
        return False
    for expected, segment in zip(pattern, path, strict=True):
        if expected.startswith("{"):
            if not segment or not (literal_ids or segment.isdigit() or segment == "my"):
                return False
        elif expected != segment:
            return False
    return True


def _counts(window: WindowLimit, method: str, path: str) -> bool:
    if window.method not in ("*", method):
        return False
    if window.path.endswith("/*"):
        return path.startswith(window.path[:-1])
    return path.rstrip("/") == window.path


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/")


class Limits:
    """All rate limits of one simulated installation.

    Args:
        table: the documented limits, or None for no limits.
        settings: choices for what the documentation leaves open.
    """

    def __init__(self, table: LimitTable | None, settings: Settings) -> None:
        self._settings = settings
        self._scale = settings.limits_scale
        self._table = self._documented = table
        self._rows: defaultdict[str, list[tuple[RowLimit, list[str]]]] = defaultdict(list)
        if table is not None:
            ordered = sorted(table.rows, key=lambda row: literalness(row.path))
            for row in ordered:
                self._rows[row.method].append((row, _segments(row.path)))
        self._buckets: dict[tuple[int, str], _Meter] = {}
        self._windows: dict[tuple[str, str], _Meter] = {}
        self._months: dict[int, _Month] = {}
        self.refused: Counter[str] = Counter()

    @property
    def enforced(self) -> bool:
        """Return whether any limit is enforced."""
        return self._table is not None

    def enforce(self, enforced: bool) -> None:
        """Switch all limits on or off and keep their counts. Without a table they stay off."""
        self._table = self._documented if enforced else None

    def configure(self, settings: Settings) -> None:
        """Use other settings from now on; changed limits start empty, the quota continues."""
        before, self._settings = self._settings, settings
        self._scale = settings.limits_scale
        if (before.bucket, before.window, before.limits_scale) != (
            settings.bucket,
            settings.window,
            settings.limits_scale,
        ):
            self._buckets, self._windows = {}, {}

    def levels(self, now: float, wall: float) -> list[Level]:
        """Return the level of every limit that has counted a call."""
        found = [
            Level(limit=limit, address=address, left=meter.left(now), capacity=meter.capacity)
            for (limit, address), meter in self._windows.items()
        ]
        found += [
            Level(limit=limit, organisation=organisation, left=meter.left(now), capacity=meter.capacity)
            for (organisation, limit), meter in self._buckets.items()
        ]
        if self._table is not None:
            month = self._table.month
            count = self._count(month.count)
            for organisation in list(self._months):
                left = max(0, count - self.quota_used(organisation, wall))
                found.append(Level(limit=month.id, organisation=organisation, left=left, capacity=count))
        return found

    def in_force(self) -> list[RowLimit | WindowLimit | MonthLimit]:
        """Return the limits with the numbers that are enforced now; none if limits are off."""
        if self._table is None:
            return []
        return [
            *(self._scaled(row) for row in self._table.rows),
            *(evolve(window, count=self._count(window.count)) for window in self._table.windows),
            evolve(self._table.month, count=self._count(self._table.month.count)),
        ]

    def dump(self) -> dict[int, tuple[int, int, int]]:
        """Return what each organisation used of its monthly quota; all other limits recover in minutes."""
        return {organisation: (*month.key, month.used) for organisation, month in self._months.items()}

    def restore(self, dump: dict[int, tuple[int, int, int]]) -> None:
        """Restore the monthly quotas of a dump."""
        self._months = {
            organisation: _Month((year, month), used) for organisation, (year, month, used) in dump.items()
        }

    def row(self, method: str, path: str) -> RowLimit | None:
        """Return the row that counts a call: the most specific one that matches."""
        segments = _segments(path)
        for row, pattern in self._rows.get(method, ()):
            if _fits(pattern, segments, self._settings.literal_ids):
                return row
        return None

    def admit(
        self, method: str, path: str, *, address: str, organisation: int | None, now: float, wall: float
    ) -> Refusal | None:
        """Count an arriving call in every limit that applies, or refuse it and count it in none.

        Args:
            method: HTTP method.
            path: concrete path.
            address: the client's address.
            organisation: the caller's organisation, None without a valid token.
            now: monotonic seconds of the arrival.
            wall: calendar seconds of the arrival (UTC).
        """
        if self._table is None:
            return None
        meters = [
            (window.id, self._window(window, address))
            for window in self._table.windows
            if _counts(window, method, path)
        ]
        month: _Month | None = None
        if organisation is not None:
            month = self._month(organisation, wall)
            row = self.row(method, path)
            if row is not None:
                meters.append((row.id, self._bucket(row, organisation)))
        refusal = self._refusal(meters, month, now, wall)
        if refusal is None or self._settings.count_refused:
            for _, meter in meters:
                meter.take(now)
            if month is not None:
                month.used += 1
        if refusal is not None:
            self.refused[refusal.limit] += 1
        return refusal

    def spend_quota(self, organisation: int, calls: int, wall: float) -> None:
        """Count ``calls`` against an organisation's monthly quota without making them."""
        self._month(organisation, wall).used += calls

    def quota_used(self, organisation: int, wall: float) -> int:
        """Return the calls counted this month for an organisation."""
        return self._month(organisation, wall).used

    def _refusal(
        self, meters: Sequence[tuple[str, _Meter]], month: _Month | None, now: float, wall: float
    ) -> Refusal | None:
        assert self._table is not None
        if month is not None and month.used >= self._count(self._table.month.count):
            hint = _until_next_month(wall) if self._settings.quota_hint else None
            return Refusal(self._table.month.id, hint)
        waits = [(meter.wait(now), limit) for limit, meter in meters]
        if not waits:
            return None
        wait, limit = max(waits, key=lambda pair: pair[0])
        return Refusal(limit, wait) if wait > 0 else None

    def _window(self, window: WindowLimit, address: str) -> _Meter:
        key = (window.id, address)
        if key not in self._windows:
            kind = _SlidingLog if self._settings.window == "sliding" else _FixedWindow
            self._windows[key] = kind(self._count(window.count), window.seconds)
        return self._windows[key]

    def _bucket(self, row: RowLimit, organisation: int) -> _Meter:
        key = (organisation, row.id)
        if key not in self._buckets:
            self._buckets[key] = self._make_bucket(self._scaled(row))
        return self._buckets[key]

    def _scaled(self, row: RowLimit) -> RowLimit:
        return evolve(row, rate=row.rate * self._scale, burst=self._count(row.burst))

    def _count(self, count: int) -> int:
        return max(1, int(count * self._scale))

    def _make_bucket(self, row: RowLimit) -> _Meter:
        match self._settings.bucket:
            case "refill":
                return _Bucket(row.rate, row.burst)
            case "plus-one":
                return _Bucket(row.rate, row.burst + 1)
            case "sum":
                return _SlidingLog(max(1, int(row.rate) + row.burst), 1.0)
            case "ticks":
                return _TickBucket(row.rate, row.burst)

    def _month(self, organisation: int, wall: float) -> _Month:
        moment = datetime.fromtimestamp(wall, UTC)
        month = self._months.setdefault(organisation, _Month())
        if month.key != (moment.year, moment.month):
            month.key, month.used = (moment.year, moment.month), 0
        return month


def _until_next_month(wall: float) -> float:
    moment = datetime.fromtimestamp(wall, UTC)
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    return datetime(year, month, 1, tzinfo=UTC).timestamp() - wall
