"""Read when the server allows a call again: ``Retry-After``, and the dates of headers."""

from __future__ import annotations

import re
from datetime import UTC

LONGEST_MONTH = 31 * 86400.0
"""Seconds of the longest wait that makes sense: until the month's quota is reset."""

LATEST_DATE = 2.0**32
"""Seconds since the epoch, in the year 2106. A later date is a mistake."""

# More digits than any wait has; Python refuses to read very long numbers.
_DIGITS = re.compile(r"[0-9]{1,18}")


def retry_after(status: int, header: str, now: float) -> float | None:
    """Read a ``Retry-After`` header.

    A whole number on a 429 is milliseconds, as the API documents it and unlike the HTTP standard. On any
    other status the number comes from a gateway and is seconds. A date is a date, and so is a number that
    is a moment of the next month in seconds since the epoch, as some gateways send it.

    Args:
        status: the status of the response.
        header: the value of the header, empty if there is none.
        now: the server's time in seconds since the epoch, by the ``Date`` of the same response: clocks of
            server and client may differ.

    Returns:
        Seconds to wait, or ``None`` if the header does not say, or says what no server can mean.
    """
    value = header.strip()
    if not _DIGITS.fullmatch(value):
        moment = http_date(value)
        wait = None if moment is None else max(0.0, moment - now)
    elif 0 <= int(value) - now <= LONGEST_MONTH:
        wait = int(value) - now
    else:
        wait = int(value) / 1000 if status == 429 else float(value)
    return wait if wait is not None and wait <= LONGEST_MONTH else None


def http_date(value: str) -> float | None:
    """Read a date of a header as seconds since the epoch; ``None`` if it is not a date of this age."""
    if not value:
        return None
    from email.utils import parsedate_to_datetime  # few responses need it

    try:
        moment = parsedate_to_datetime(value)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return seconds if 0 <= seconds < LATEST_DATE else None
