"""Dates as requests write them, converted to seconds since 1970."""

from __future__ import annotations

from datetime import MAXYEAR, UTC, datetime

HOUR_SECONDS = 3_600.0
DAY_SECONDS = 24 * HOUR_SECONDS


def read_date(text: object) -> float | None:
    """Return a date, with or without a time, in seconds since 1970; UTC by default, None if invalid.

    The first and the last year of the calendar are refused too, so that adding a month never leaves it.
    """
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return utc.timestamp() if 1 < utc.year < MAXYEAR else None


def month_start(wall: float, months: int = 0) -> float:
    """Return the start of the month that contains ``wall``, or of one ``months`` later."""
    now = datetime.fromtimestamp(wall, UTC)
    count = now.year * 12 + now.month - 1 + months
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC).timestamp()


def day_start(wall: float) -> float:
    """Return the start of the day that contains ``wall``."""
    return wall // DAY_SECONDS * DAY_SECONDS


def day_text(wall: float) -> str:
    """Return a day as ``YYYY-MM-DD``."""
    return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%d")
