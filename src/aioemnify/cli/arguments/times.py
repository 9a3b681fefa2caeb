"""Times as people type them: ``10m``, ``2h``, ``yesterday``, a date, a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from aioemnify.cli.exit_status import CommandError

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment(option: str, text: str, now: datetime) -> datetime:
    """Return the time that a text means.

    Args:
        option: the option that the text comes from.
        text: a number of seconds, minutes, hours or days before now (``90s``, ``10m``, ``2h``, ``3d``),
            ``today``, ``yesterday``, or a date or time in ISO 8601. Dates and times without a zone are local.
        now: the present, with its zone.

    Raises:
        CommandError: it means no time.
    """
    if found := re.fullmatch(r"(\d{1,6})([smhd])", text):
        return now - timedelta(**{_UNITS[found[2]]: int(found[1])})
    if text in ("today", "yesterday"):
        begin = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        return begin - timedelta(days=text == "yesterday")
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"{option} takes 10m, 2h, 3d, yesterday, or a date such as 2026-03-31, not {text!r}"
        ) from None
    return (given if given.tzinfo else given.astimezone()).astimezone(UTC)
