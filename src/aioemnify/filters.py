"""Write ``filter=`` and ``sort=`` as query text, and check them before anything is sent.

The API takes filters as ``q=field:value,field:value`` and has no escape for a comma or a bar inside
a value. A value that holds one would silently select something else, so it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from aioemnify._checks import GIVE_THE_ID, check_known, check_type
from aioemnify._query_text import is_whole_number, scalar_text, timestamp_text
from aioemnify.errors import ArgumentError, ArgumentTypeError, FilterValueError
from aioemnify.operation import Listing


def filter_text(listing: Listing, criteria: Mapping[str, Any]) -> str | None:
    """Write a typed filter as the text of ``q``.

    ``None`` selects objects without that reference (``endpoint:null``). An object with an ``id``, such
    as a lookup, means its id, and so does the name of a known value of a lookup, in any case. Fields
    that take alternatives accept several values, joined with a bar.

    Raises:
        FilterValueError: a value that cannot be sent.
        ArgumentError: an unknown field, too many alternatives, or half of a pair.
    """
    check_type("filter", criteria, Mapping, "a mapping of field to value")
    for name in criteria:
        check_known("filter", name, listing.filter_fields)
    given = [name for name in listing.paired_fields if name in criteria]
    if given and len(given) < len(listing.paired_fields):
        raise ArgumentError("filter", f"takes {' and '.join(listing.paired_fields)} only together")
    parts = [f"{name}:{_alternatives(listing, name, value)}" for name, value in criteria.items()]
    return ",".join(parts) or None


def _alternatives(listing: Listing, name: str, value: object) -> str:
    if isinstance(value, (str, bytes)) or not isinstance(value, (Sequence, set, frozenset)):
        return _scalar(listing, name, value)
    if name not in listing.multi_value_fields:
        fields = ", ".join(listing.multi_value_fields)
        several = f"; those that take several are {fields}" if fields else ""
        raise ArgumentError(f"filter[{name!r}]", f"takes one value{several}")
    values = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
    if not 1 <= len(values) <= listing.multi_value_max:
        raise ArgumentError(
            f"filter[{name!r}]", f"takes 1 to {listing.multi_value_max} alternatives, not {len(values)}"
        )
    return "|".join(_scalar(listing, name, item) for item in values)


def _scalar(listing: Listing, name: str, value: object) -> str:
    argument = f"filter[{name!r}]"
    if value is None:
        return "null"
    if isinstance(value, datetime):
        return timestamp_text(argument, value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        _check_text(argument, value)
    lookup = dict(listing.filter_lookups).get(name)
    if isinstance(value, str) and not is_whole_number(value):
        if lookup is not None:
            return str(_named(argument, lookup, value))
        if name in listing.filter_integers:
            raise ArgumentError(argument, f"takes a number, not {value!r}; {GIVE_THE_ID}")
    if isinstance(value, (int, float)) and not abs(value) < 2**63:
        raise FilterValueError(argument, "cannot be a number as large as this one, or NaN")
    text = scalar_text(value)
    if text is None:
        return _scalar(listing, name, _identity(argument, value, lookup))
    return text


def _check_text(argument: str, value: str) -> None:
    if not value or not value.isprintable() or set(value) & set(",|"):
        raise FilterValueError(
            argument,
            f"cannot be {value!r}: the API cannot filter by empty text, or by text with ',', '|' or a "
            "control character",
        )


def _named(argument: str, lookup: str, name: str) -> int:
    from aioemnify import models  # only names need them
    from aioemnify.serialization.lookup_names import UnknownNameError, identity_named

    try:
        return identity_named(getattr(models, lookup), name)
    except UnknownNameError as error:
        raise ArgumentError(argument, f"{error}, not {name!r}{error.hint}") from None


def _identity(argument: str, value: object, lookup: str | None) -> int | str:
    identity = getattr(value, "id", None)
    if isinstance(identity, bool) or not isinstance(identity, (int, str)):
        raise ArgumentTypeError(
            argument, f"takes text, a number, a time, an object with an id or None, not {value!r}"
        )
    if lookup is not None and type(value).__name__ != lookup:
        raise ArgumentTypeError(argument, f"takes {lookup} or its id, not {type(value).__name__}")
    return identity


def sort_text(listing: Listing, sort: str | Sequence[str]) -> str | None:
    """Write ``sort`` as the API reads it: fields separated by commas, ``-`` for descending.

    Raises:
        ArgumentError: a field that cannot be sorted by.
    """
    if not isinstance(sort, Sequence):
        raise ArgumentTypeError("sort", f"takes field names as text, not {sort!r}")
    wanted = sort.split(",") if isinstance(sort, str) else list(sort)
    written: list[str] = []
    for entry in wanted:
        if not isinstance(entry, str):
            raise ArgumentTypeError("sort", f"takes field names as text, not {entry!r}")
        field = entry.strip().removeprefix("+")
        check_known("sort", field.removeprefix("-"), listing.sort_fields)
        written.append(field)
    return ",".join(written) or None
