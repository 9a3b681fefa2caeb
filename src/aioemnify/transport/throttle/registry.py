"""Keep one object for each limit, and return those that a call meets.

Rows, lanes and the month's quota belong to an organisation, windows to the address of this machine. One
registry serves one server. What an organisation has not used for a while is forgotten, but for the number of
calls of its month.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from datetime import datetime
from functools import partial
from math import ceil, inf
from threading import Lock
from typing import TypeVar
from weakref import ref

from aioemnify._checks import did_you_mean
from aioemnify.clock import Clock
from aioemnify.errors import ArgumentError
from aioemnify.operation import LimitTable, MonthLimit, RowLimit
from aioemnify.options import MONTHLY_QUOTA, Throttling
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.path_rows import path_pattern, row_patterns
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
L = TypeVar("L", bound=Limit)

MOST_FRESH = 64
"""Limits of organisations that are kept though nobody uses them."""


class LimitRegistry:
    """Keeps one object for each limit and names those that a call must take together."""

    def __init__(
        self,
        table: LimitTable | None,
        *,
        clock: Clock,
        throttling: Throttling | None = None,
        paths: Collection[str] = (),
    ) -> None:
        self._table = table
        self._clock = clock
        self._settings = settings = throttling or Throttling()
        if table is not None:
            _check(table)
        _check_overrides(settings, table)
        self._row_pattern, self._rows = row_patterns(
            table.rows if table else (), () if settings.literal_ids else paths
        )
        self._windows = [
            (
                path_pattern(window.method, window.path),
                SlidingWindow(
                    window.id,
                    count=window.count,
                    seconds=window.seconds,
                    transit=settings.transit,
                    jitter=settings.jitter,
                ),
            )
            for window in (table.windows if table else ())
        ]
        self._buckets: dict[tuple[str, str], TokenBucket | SlidingWindow] = {}
        self._quotas: dict[str, MonthlyQuota] = {}
        self._lanes: dict[tuple[str, str], ConcurrencyLimit] = {}
        # The calls that organisations without a quota here have made, by the month and then by their names.
        self._months: dict[datetime, dict[str, int]] = {}
        self._lock = Lock()
        self._most = MOST_FRESH

    def of_call(
        self, organisation: str, method: str, path: str, lane: str | None, *, keep: bool = True
    ) -> tuple[Limit, ...]:
        """Return the limits of one call, the narrowest first.

        Args:
            organisation: whom rows, quota and lanes are kept for; empty before it is known.
            method: the HTTP method.
            path: the concrete path, without query.
            lane: the serial lane of the operation, if it has one.
            keep: ``False`` only looks: limits that no call has met yet are created for the caller alone.
        """
        limits: list[Limit] = []
        if lane is not None:
            make_lane = partial(ConcurrencyLimit, f"lane {lane}", "lane", size=1, organisation=organisation)
            limits.append(self._kept_in(self._lanes, (organisation, lane), make_lane, keep))
        target = f"{method} {path}"
        found = self._row_pattern.fullmatch(target)
        if found is not None and found.lastgroup is not None:
            row = self._rows[found.lastgroup]
            make = partial(self._make_bucket, organisation, row)
            limits.append(self._kept_in(self._buckets, (organisation, row.id), make, keep))
        limits += [window for pattern, window in self._windows if pattern.fullmatch(target)]
        if self._table is not None and organisation:
            quota = partial(self._make_quota, organisation, self._table.month)
            limits.append(self._kept_in(self._quotas, organisation, quota, keep))
        return tuple(limits)

    def _kept_in(self, known: dict[K, L], key: K, make: Callable[[], L], keep: bool) -> L:
        found = known.get(key)
        if found is not None:
            return found
        if not keep:
            return make()
        with self._lock:
            if len(self._buckets) + len(self._quotas) + len(self._lanes) >= self._most:
                self._forget_fresh(self._clock.monotonic())
            found = known.get(key)
            if found is None:
                found = known[key] = make()
            return found

    def _forget_fresh(self, now: float) -> None:
        """Forget the limits that would be the same if they were made again."""
        forget(self._buckets, lambda bucket: bucket.is_fresh(now))
        forget(self._lanes, lambda lane: lane.is_fresh(now))
        counts = {name: quota.month_count(now) for name, quota in self._quotas.items()}
        forget(self._quotas, lambda quota: quota.is_fresh(now))
        for organisation, (month, used) in counts.items():
            if organisation not in self._quotas:
                self._months.setdefault(month, {})[organisation] = used
        # A clock that is put back finds the count of the month before.
        while len(self._months) > 2:
            del self._months[min(self._months)]
        self._most = max(MOST_FRESH, 2 * (len(self._buckets) + len(self._quotas) + len(self._lanes)))

    def _make_bucket(self, organisation: str, row: RowLimit) -> TokenBucket | SlidingWindow:
        given = self._override(organisation, row.id)
        rate, burst = given if isinstance(given, tuple) else (row.rate, row.burst)
        name, settings = f"{row.method} {row.path}", self._settings
        transit, jitter = settings.transit, settings.jitter
        if settings.reading == "ticks":
            # A tick brings ``rate`` and no more than ``burst``; below one a second they come every few ticks.
            count = min(rate, burst)
            return SlidingWindow(
                name,
                count=max(1, int(count)),
                seconds=1.0 if count >= 1 else float(ceil(1 / rate)),
                transit=transit,
                jitter=jitter,
                kind="row",
                organisation=organisation,
            )
        return TokenBucket(
            name,
            rate=rate,
            burst=burst,
            transit=transit,
            jitter=jitter,
            organisation=organisation,
        )

    def _override(self, organisation: str, limit: str) -> tuple[float, float] | int | None:
        if not organisation.isascii() or not organisation.isdigit():
            return None
        return self._settings.overrides.get(int(organisation), {}).get(limit)

    def _make_quota(self, organisation: str, month: MonthLimit) -> MonthlyQuota:
        given = self._override(organisation, MONTHLY_QUOTA)
        counts = [(each, used[organisation]) for each, used in self._months.items() if organisation in used]
        return MonthlyQuota(
            month.id,
            count=given if isinstance(given, int) else month.count,
            wall_offset=lambda: self._clock.wall() - self._clock.monotonic(),
            transit=max(self._settings.transit, self._settings.jitter or 0.0),
            organisation=organisation,
            counted=max(counts, default=None),
        )

    def forget_tasks(self) -> None:
        """Forget the slots of the tasks of a parent process."""
        self._lock = Lock()
        for limit in self.all():
            limit.forget_tasks()

    def all(self) -> list[Limit]:
        """Return every limit that has been met so far."""
        return [
            *self._buckets.values(),
            *(window for _, window in self._windows),
            *self._quotas.values(),
            *self._lanes.values(),
        ]


def forget(kept: dict[K, V], is_over: Callable[[V], bool]) -> None:
    """Forget what is over, unless somebody else refers to it: then it is in use, or about to be."""
    for key in [key for key, value in kept.items() if is_over(value)]:
        reference = ref(kept.pop(key))
        used = reference()
        if used is not None:
            kept[key] = used


def _check(table: LimitTable) -> None:
    for row in table.rows:
        if not (_above_0(row.rate) and _above_0(row.burst) and row.burst >= 1):
            raise ArgumentError("limits", f"row {row.id} needs a rate above 0 and a burst of at least 1")
    for window in table.windows:
        if not (_above_0(window.seconds) and _is_count(window.count)):
            raise ArgumentError(
                "limits", f"window {window.id} needs seconds above 0 and a count of at least 1"
            )
    if not _is_count(table.month.count):
        raise ArgumentError("limits", f"{table.month.id} needs a count of at least 1")


def _above_0(value: object) -> bool:
    return isinstance(value, (int, float)) and 0 < value < inf


def _is_count(value: object) -> bool:
    return isinstance(value, int) and value >= 1


def _check_overrides(settings: Throttling, table: LimitTable | None) -> None:
    known = [*(row.id for row in table.rows), MONTHLY_QUOTA] if table is not None else []
    for organisation, rows in settings.overrides.items():
        for name in rows:
            if name not in known:
                has = f"there are {', '.join(known)}" if known else "rate limiting is off, so there is none"
                raise ArgumentError(
                    f"throttling.overrides[{organisation}]",
                    f"has no limit {name!r}; {has}{did_you_mean(name, known)}",
                )
