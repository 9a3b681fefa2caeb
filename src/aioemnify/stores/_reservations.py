"""The arithmetic of a shared budget, wherever its numbers are kept. The Redis scripts do the same.

Nothing here waits or reads a clock.

* A bucket is one number, its theoretical arrival time (GCRA): the moment at which it would be empty
  again. A slot is free once the burst reaches as far as that moment.
* A window is the log of all its slots, past and future. Several queues reserve slots, so not in order:
  one at ``t`` is free when fewer than ``count`` lie after ``t - seconds``, those beyond ``t`` included.
  Of any ``count + 1`` slots within one window the one reserved last would have seen the others, so
  there never are that many.
* A slot is reserved under all its limits or under none.
"""

from __future__ import annotations

from aioemnify.clock import date_of, next_month
from aioemnify.stores._sqlite import SqliteTables
from aioemnify.stores.protocols import LimitRequest, Reservation, UsageReport

EPSILON = 1e-6
"""Seconds by which a slot lies past the boundary of a window, so that both sides see it outside."""


def month_of(wall: float) -> str:
    """Return the calendar month (UTC) of a wall time, such as ``2026-02``."""
    return date_of(wall).strftime("%Y-%m")


def reserve(
    tables: SqliteTables,
    limit_requests: tuple[LimitRequest, ...],
    count: int,
    horizon: float,
    generation: str,
    *,
    client: str,
    now: float,
    wall: float,
) -> Reservation:
    """Reserve up to ``count`` slots within ``horizon`` seconds.

    Args:
        tables: where the numbers are.
        limit_requests: the limits that each slot has to fit into.
        count: how many at most.
        horizon: seconds.
        generation: the generation that the client knows; empty for any.
        client: who asks.
        now: the store's time.
        wall: seconds since the epoch, for the month.
    """
    present = tables.generation()
    if generation not in ("", present):
        return Reservation(now=now, generation=present)
    sharers, month = tables.touch(client, now), month_of(wall)
    waits: list[float] = []
    reservation_ids: list[str] = []
    retry_in, exhausted = 0.0, None
    for _ in range(count):
        exhausted = _exhausted(tables, limit_requests, month, now + horizon)
        if exhausted is not None:
            paused = tables.paused_until(exhausted) - now
            retry_in = paused if paused > horizon else next_month(wall).timestamp() - wall
            break
        at = max((_earliest(tables, limit_request, now) for limit_request in limit_requests), default=now)
        if at > now + horizon:
            # The more compete, the later they come again.
            retry_in = max(at - now - horizon, 0.02 * sharers)
            break
        waits.append(at - now)
        reservation_ids.append(_commit(tables, limit_requests, at, now, month))
    return Reservation(
        waits=tuple(waits),
        reservation_ids=tuple(reservation_ids),
        retry_in=0.0 if waits else retry_in,
        exhausted=None if waits else exhausted,
        used=tuple(_used(tables, limit_request, now, month) for limit_request in limit_requests),
        sharers=sharers,
        now=now,
        generation=present,
    )


def _exhausted(
    tables: SqliteTables, limit_requests: tuple[LimitRequest, ...], month: str, until: float
) -> str | None:
    for limit_request in limit_requests:
        # A server that has refused for the rest of the month knows better than the count.
        if limit_request.kind == "month" and (
            tables.month_used(limit_request.key, month) >= limit_request.count
            or tables.paused_until(limit_request.key) > until
        ):
            return limit_request.key
    return None


def _earliest(tables: SqliteTables, limit_request: LimitRequest, now: float) -> float:
    at = max(now, tables.paused_until(limit_request.key))
    if limit_request.kind == "bucket":
        return max(at, _tat(tables, limit_request) - (limit_request.burst - 1) / limit_request.rate)
    if limit_request.kind == "window":
        oldest = tables.nth_latest(limit_request.key, limit_request.count)
        return at if oldest is None else max(at, oldest + limit_request.seconds + EPSILON)
    return at


def _tat(tables: SqliteTables, limit_request: LimitRequest) -> float:
    tat, resumes = tables.tat(limit_request.key), tables.paused_until(limit_request.key)
    # After a refusal the server has no burst left.
    return max(tat, resumes + (limit_request.burst - 1) / limit_request.rate) if resumes else tat


def _commit(
    tables: SqliteTables, limit_requests: tuple[LimitRequest, ...], at: float, now: float, month: str
) -> str:
    parts = []
    for limit_request in limit_requests:
        if limit_request.kind == "bucket":
            before = _tat(tables, limit_request)
            after = max(before, at) + 1 / limit_request.rate
            tables.set_tat(limit_request.key, after)
            parts.append(f"{before!r}/{after!r}")
        elif limit_request.kind == "window":
            parts.append(tables.add_use(limit_request.key, at, now - limit_request.seconds))
        else:
            tables.set_month_used(limit_request.key, month, tables.month_used(limit_request.key, month) + 1)
            parts.append(month)
    return " ".join(parts)


def _used(tables: SqliteTables, limit_request: LimitRequest, now: float, month: str) -> float:
    if limit_request.kind == "bucket":
        return max(0.0, (tables.tat(limit_request.key) - now) * limit_request.rate)
    if limit_request.kind == "window":
        return tables.uses(limit_request.key, now - limit_request.seconds)
    return tables.month_used(limit_request.key, month)


def cancel(
    tables: SqliteTables,
    limit_requests: tuple[LimitRequest, ...],
    reservation_ids: tuple[str, ...],
    generation: str,
) -> None:
    """Cancel reservations that nobody used, made in ``generation``.

    Windows and months forget them. A bucket can only where nothing was reserved after the slot: later
    slots depend on it, and moving the bucket now could let two of them fall together.
    """
    if generation != tables.generation():
        return
    for reservation_id in reversed(reservation_ids):
        for limit_request, part in zip(limit_requests, reservation_id.split(" "), strict=True):
            _cancel_part(tables, limit_request, part)


def _cancel_part(tables: SqliteTables, limit_request: LimitRequest, part: str) -> None:
    if limit_request.kind == "bucket":
        before, after = (float(number) for number in part.split("/"))
        if tables.tat(limit_request.key) == after:
            tables.set_tat(limit_request.key, before)
    elif limit_request.kind == "window":
        tables.drop_use(limit_request.key, part)
    elif (used := tables.month_used(limit_request.key, part)) > 0:
        tables.set_month_used(limit_request.key, part, used - 1)


def pause(tables: SqliteTables, key: str, until: float) -> None:
    """Let nothing be reserved under ``key`` before ``until``."""
    tables.set_pause(key, max(until, tables.paused_until(key)))


def rejoin(
    tables: SqliteTables,
    generation: str,
    reports: tuple[UsageReport, ...],
    *,
    reset: bool,
    client: str,
    now: float,
    wall: float,
) -> str:
    """Take over what a client used without the store, and return the generation.

    Args:
        tables: where the numbers are.
        generation: the generation that the client knew.
        reports: the client's uses.
        reset: whether to start another generation if the client knows the present one.
        client: who asks.
        now: the store's time.
        wall: seconds since the epoch.
    """
    if reset and tables.generation() == generation:
        tables.reset()
    present = tables.generation()
    tables.touch(client, now)
    for report in reports:
        _take_over(tables, report, wiped=generation not in ("", present), now=now, month=month_of(wall))
    return present


def _take_over(tables: SqliteTables, report: UsageReport, *, wiped: bool, now: float, month: str) -> None:
    limit_request = report.limit_request
    key, seconds = limit_request.key, limit_request.seconds
    if limit_request.kind == "bucket":
        # What was sent without the store may have used the burst.
        tables.set_tat(key, max(tables.tat(key), now + limit_request.burst / limit_request.rate))
    elif limit_request.kind == "window":
        for age in (*(report.reported if wiped else ()), *report.unreported):
            tables.add_use(key, now - age, now - seconds)
    else:
        used = max(tables.month_used(key, month), int(report.known_used))
        tables.set_month_used(key, month, used + report.unreported_calls)
