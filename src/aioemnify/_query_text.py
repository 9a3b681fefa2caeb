"""Write single values as the API reads them in a query."""

from __future__ import annotations

from datetime import UTC, datetime

from aioemnify.errors import ArgumentError


def scalar_text(value: object) -> str | None:
    """Write text, a number or a bool as the API reads it in a query; return ``None`` for other types."""
    if isinstance(value, bool):
        return "true" if value else "false"
    for kind in (int, float):
        if isinstance(value, kind):
            return kind.__repr__(value)  # an enum member means its number, not its name
    return str.__str__(value) if isinstance(value, str) else None


def timestamp_text(argument: str, moment: datetime) -> str:
    """Write a time as the API reads it in filters: UTC, whole seconds, ``Z``."""
    if moment.tzinfo is None:
        raise ArgumentError(argument, "takes a time with a zone, such as datetime.now(UTC)")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_whole_number(text: str) -> bool:
    """Return whether a text is a whole number, as an id is."""
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit()
