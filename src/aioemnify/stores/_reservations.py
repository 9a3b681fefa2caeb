"""How places are booked: the arithmetic of a shared budget, wherever its numbers are kept.

The same rules stand in the Redis script. Nothing here waits or reads a clock.

* A bucket is one number, the moment at which it would be empty again. A place is free once
  that moment is no further away than the burst allows.
* A window is the list of all its places, past and future. Places are booked by several
  queues and so not in order: one at ``t`` is free when fewer than ``count`` lie after
  ``t - seconds``, those beyond ``t`` included. Of any ``count + 1`` places within one window
  the one booked last would have seen the others, so there never are that many.
* A place is booked in all its limits or in none.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from aioemnify.stores.protocols import LimitRequest, Reservation, UsageReport

SETTLE = 2.0
"""Seconds for all sharers to learn that the store is back, before it books for any of them."""

QUIET = 1.5
"""Seconds without a booking after which nobody seems to be using the store."""

RECENT = 3.0
"""Seconds for which a store that is in use again counts as just come back."""

HEARTBEAT = 30.0
"""Seconds for which a client that has asked counts as a sharer."""

HAIR = 1e-6
"""Seconds by which a place lies behind the edge of a window, so that both sides see it outside."""


class ReservationTables(Protocol):
    """Where the numbers of a ledger are kept."""

    def tat(self, key: str) -> float:
        """Return when a bucket is empty again; 0 when nothing is known."""
        ...

    def set_tat(self, key: str, tat: float, now: float) -> None:
        """Keep that moment."""
        ...

    def nth_latest(self, key: str, nth: int) -> float | None:
        """Return the moment of the ``nth`` use of a window, counted from the latest."""
        ...

    def uses(self, key: str, since: float) -> int:
        """Return the uses of a window after ``since``."""
        ...

    def add_use(self, key: str, at: float, forget: float) -> str:
        """Note a use of a window, drop those before ``forget``, and return the note's name."""
        ...

    def drop_use(self, key: str, name: str) -> None:
        """Forget one use."""
        ...

    def month_used(self, key: str, month: str) -> int:
        """Return the uses in a month."""
        ...

    def set_month_used(self, key: str, month: str, used: int) -> None:
        """Keep the uses of a month."""
        ...

    def paused_until(self, key: str) -> float:
        """Return when a limit's pause ends; 0 when it never had one."""
        ...

    def set_pause(self, key: str, until: float) -> None:
        """Keep when a pause ends."""
        ...

    def note(self, name: str) -> float:
        """Return one of the ledger's own numbers; 0 when it was never kept."""
        ...

    def set_note(self, name: str, value: float) -> None:
        """Keep one of the ledger's own numbers."""
        ...


def month_of(wall: float) -> str:
    """Return the calendar month (UTC) of a wall time, such as ``2026-02``."""
    return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m")


def seconds_to_next_month(wall: float) -> float:
    """Return the seconds from a wall time to 00:00 UTC on the 1st."""
    today = datetime.fromtimestamp(wall, UTC)
    year, month = (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
    return datetime(year, month, 1, tzinfo=UTC).timestamp() - wall


def book(
    shelf: ReservationTables,
    limit_requests: tuple[LimitRequest, ...],
    places: int,
    horizon: float,
    *,
    now: float,
    wall: float,
    sharers: int,
) -> Reservation:
    """Book up to ``places`` places within ``horizon`` seconds.

    Args:
        shelf: where the numbers are.
        limit_requests: the limits each place has to fit into.
        places: how many at the most.
        horizon: seconds.
        now: the ledger's time.
        wall: seconds since the epoch, for the month.
        sharers: how many clients compete, to spread those that have to come again.
    """
    month = month_of(wall)
    waits: list[float] = []
    reservation_ids: list[str] = []
    retry_in, exhausted = 0.0, None
    for _ in range(places):
        exhausted = _exhausted(shelf, limit_requests, month, now + horizon)
        if exhausted is not None:
            paused = shelf.paused_until(exhausted) - now
            retry_in = paused if paused > horizon else seconds_to_next_month(wall)
            break
        at = (
            max(_earliest(shelf, limit_request, now) for limit_request in limit_requests)
            if limit_requests
            else now
        )
        if at > now + horizon:
            retry_in = max(at - now - horizon, 0.02 * sharers)
            break
        waits.append(at - now)
        reservation_ids.append(_commit(shelf, limit_requests, at, now, month))
    if waits:
        if shelf.note("booked") < now - QUIET:
            shelf.set_note("resumed", now)
        shelf.set_note("booked", now)
    used = tuple(_used(shelf, limit_request, now, month) for limit_request in limit_requests)
    return Reservation(
        waits=tuple(waits),
        reservation_ids=tuple(reservation_ids),
        retry_in=0.0 if waits else retry_in,
        exhausted=None if waits else exhausted,
        used=used,
        sharers=sharers,
        now=now,
    )


def _exhausted(
    shelf: ReservationTables, limit_requests: tuple[LimitRequest, ...], month: str, until: float
) -> str | None:
    for limit_request in limit_requests:
        # A server that has refused for the rest of the month knows better than the count.
        if limit_request.kind == "month" and (
            shelf.month_used(limit_request.key, month) >= limit_request.count
            or shelf.paused_until(limit_request.key) > until
        ):
            return limit_request.key
    return None


def _earliest(shelf: ReservationTables, limit_request: LimitRequest, now: float) -> float:
    opens = shelf.note("opens")
    at = max(now, opens, shelf.paused_until(limit_request.key))
    if limit_request.kind == "bucket":
        return max(at, _tat(shelf, limit_request) - (limit_request.burst - 1) / limit_request.rate)
    if limit_request.kind == "window":
        oldest = shelf.nth_latest(limit_request.key, limit_request.count)
        return at if oldest is None else max(at, oldest + limit_request.seconds + HAIR)
    return at


def _tat(shelf: ReservationTables, limit_request: LimitRequest) -> float:
    # A store that has just opened knows nothing of what was sent without it, and after a refusal the
    # server has no burst left: the bucket is full then.
    opens, resumes, burst = (
        shelf.note("opens"),
        shelf.paused_until(limit_request.key),
        limit_request.burst / limit_request.rate,
    )
    full = max(opens + burst if opens else 0.0, resumes + burst - 1 / limit_request.rate if resumes else 0.0)
    return max(shelf.tat(limit_request.key), full)


def _commit(
    shelf: ReservationTables, limit_requests: tuple[LimitRequest, ...], at: float, now: float, month: str
) -> str:
    reservation_ids = []
    for limit_request in limit_requests:
        if limit_request.kind == "bucket":
            before = _tat(shelf, limit_request)
            after = max(before, at) + 1 / limit_request.rate
            shelf.set_tat(limit_request.key, after, now)
            reservation_ids.append(f"{before!r}/{after!r}")
        elif limit_request.kind == "window":
            reservation_ids.append(shelf.add_use(limit_request.key, at, now - limit_request.seconds))
        else:
            shelf.set_month_used(limit_request.key, month, shelf.month_used(limit_request.key, month) + 1)
            reservation_ids.append(month)
    return " ".join(reservation_ids)


def _used(shelf: ReservationTables, limit_request: LimitRequest, now: float, month: str) -> float:
    if limit_request.kind == "bucket":
        return max(0.0, (shelf.tat(limit_request.key) - now) * limit_request.rate)
    if limit_request.kind == "window":
        return shelf.uses(limit_request.key, now - limit_request.seconds)
    return shelf.month_used(limit_request.key, month)


def give_back(
    shelf: ReservationTables, limit_requests: tuple[LimitRequest, ...], reservation_ids: tuple[str, ...]
) -> None:
    """Take back places nobody used.

    Windows and months forget them. A bucket can only where nothing was booked after the place:
    later ones were set by it, and to move it now could let two of them fall together.
    """
    for reservation_id in reversed(reservation_ids):
        for limit_request, part in zip(limit_requests, reservation_id.split(" "), strict=True):
            if limit_request.kind == "bucket":
                before, after = (float(number) for number in part.split("/"))
                if shelf.tat(limit_request.key) == after:
                    shelf.set_tat(limit_request.key, before, 0.0)
            elif limit_request.kind == "window":
                shelf.drop_use(limit_request.key, part)
            elif (used := shelf.month_used(limit_request.key, part)) > 0:
                shelf.set_month_used(limit_request.key, part, used - 1)


def pause(shelf: ReservationTables, key: str, until: float) -> None:
    """Let nothing be booked under ``key`` before ``until``."""
    shelf.set_pause(key, max(until, shelf.paused_until(key)))


def rejoin(
    shelf: ReservationTables,
    spent: tuple[UsageReport, ...],
    *,
    wiped: bool,
    alone: bool,
    now: float,
    wall: float,
) -> float:
    """Note what a client used without the store, and return seconds until the store books again.

    When the store was out of reach for all, its sharers come back one by one, and some still
    send their local shares. So the first to come back sets a moment for all to begin together.
    When others have used the store all along, there is nobody to wait for.

    Args:
        shelf: where the numbers are.
        spent: the client's uses.
        wiped: whether the store has forgotten what this client was told before.
        alone: whether the client has been sending its local share.
        now: the ledger's time.
        wall: seconds since the epoch.
    """
    month = month_of(wall)
    opens = shelf.note("opens")
    back = shelf.note("booked") < now - QUIET or shelf.note("resumed") > now - RECENT
    if (wiped and not opens) or (alone and back and opens < now - RECENT):
        opens = now + SETTLE
        shelf.set_note("opens", opens)
    for item in spent:
        limit_request = item.limit_request
        if limit_request.kind == "window":
            for age in (*(item.before if wiped else ()), *item.since):
                shelf.add_use(limit_request.key, now - age, now - limit_request.seconds)
        elif limit_request.kind == "month":
            used = shelf.month_used(limit_request.key, month)
            shelf.set_month_used(limit_request.key, month, max(used, int(item.known)) + item.count)
    return max(0.0, opens - now)
