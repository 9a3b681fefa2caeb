"""Build the path and the query of a request from an operation and its arguments."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import inf
from urllib.parse import quote, urlencode

from attrs import field, frozen

from aioemnify._checks import check_choice, check_whole_number, did_you_mean
from aioemnify._query_text import is_whole_number, timestamp_text
from aioemnify._secret import Secret
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.operation import Operation, Param, ParamKind

# What is not percent-encoded, besides letters and digits. httpx and the server agree on these.
SEGMENT_SAFE = "-._~"
QUERY_SAFE = "-._~:,"

# What a path may contain (RFC 3986). HTTP libraries rewrite everything else.
_RAW_PATH = re.compile(r"(?:[-A-Za-z0-9._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})+")


@frozen
class Request:
    """A request without its token: method, escaped path, encoded query and body.

    ``secrets`` are texts of the body that no error may repeat.
    """

    operation: Operation
    path: str
    query: str = ""
    content: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    secrets: tuple[Secret, ...] = ()

    @property
    def target(self) -> str:
        """Return path and query of the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path


def build_path(operation: Operation, arguments: Sequence[object]) -> str:
    """Fill in the path template. Each value is escaped and becomes exactly one segment.

    Raises:
        ArgumentError: a value is empty, is not one segment, or has the wrong type.
    """
    if len(arguments) != len(operation.path_params):
        names = ", ".join(param.name for param in operation.path_params) or "none"
        raise ArgumentError("path", f"of {operation.id} takes {names}; {len(arguments)} values were given")
    filled = operation.path
    for param, value in zip(operation.path_params, arguments, strict=True):
        filled = filled.replace("{" + param.name + "}", _segment(param, value))
    return filled


def _segment(param: Param, value: object) -> str:
    if param.kind == "integer":
        return _whole_number(param.name, value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = int.__repr__(value)
    if not isinstance(value, str):
        raise ArgumentTypeError(param.name, f"takes text, not {value!r}")
    value = str.__str__(value)  # the value of an enum member, not its name
    if not value.strip():
        raise ArgumentError(param.name, "is empty; it names the object the call is about")
    if param.choices:
        check_choice(param.name, value, param.choices)
    if value in {".", ".."} or "/" in value or "\\" in value or not value.isprintable():
        raise ArgumentError(param.name, f"names one object and cannot be {value!r}")
    return quote(value)


def _whole_number(name: str, value: object) -> str:
    if isinstance(value, str):
        if is_whole_number(value):
            return value
        problem = (
            "is empty; it names the object the call is about" if not value else f"takes an id, not {value!r}"
        )
        raise ArgumentError(name, problem)
    return int.__repr__(check_whole_number(name, value, -inf))


def build_query(operation: Operation, values: Mapping[str, object]) -> str:
    """Encode query parameters, except those that are ``None``.

    Raises:
        ArgumentError: the operation does not have the parameter, or a value has the wrong type.
    """
    kinds = {param.name: param for param in operation.query}
    if (listing := operation.listing) is not None:
        kinds |= {name: Param(name, "integer") for name in (listing.page_param, listing.size_param)}
        kinds |= {name: Param(name, "string") for name in ("q", "sort")}
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        if value is None:
            continue
        if name not in kinds:
            has = f"it has {', '.join(kinds) or 'none'}{did_you_mean(name, kinds)}"
            raise ArgumentError(name, f"is not a query parameter of {operation.id}; {has}")
        pairs.append((name, _query_text(kinds[name], value)))
    return encode_query(pairs)


def encode_query(pairs: Sequence[tuple[str, str]]) -> str:
    """Percent-encode a query. A space becomes ``%20``, never a plus."""
    try:
        return urlencode(pairs, quote_via=quote, safe=QUERY_SAFE)
    except UnicodeEncodeError:
        raise ArgumentError("params", "contain half a surrogate pair, which is not valid Unicode") from None


def _query_text(param: Param, value: object) -> str:
    accepted, shown = _ACCEPTED[param.kind]
    if not isinstance(value, accepted) or (param.kind == "integer" and isinstance(value, bool)):
        raise ArgumentTypeError(param.name, f"takes {shown}, not {value!r}")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return timestamp_text(param.name, value)
    if isinstance(value, date):
        return value.isoformat()
    if param.kind == "date":
        return _date_text(param.name, str(value))
    text = _whole_number(param.name, value) if isinstance(value, int) else str.__str__(value)
    if param.choices and text not in param.choices:
        raise ArgumentError(param.name, f"is one of {', '.join(param.choices)}, not {value!r}")
    return text


_ACCEPTED: dict[ParamKind, tuple[type | tuple[type, ...], str]] = {
    "integer": (int, "a whole number"),
    "string": (str, "text"),
    "boolean": (bool, "True or False"),
    "date": ((date, str), "a date"),
}


def _date_text(name: str, value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ArgumentError(name, f"takes a date such as 2026-03-31, not {value!r}") from None
    return value


def check_raw_path(path: object) -> str:
    """Check the path of a raw request, which is sent as it is.

    Raises:
        ArgumentError: not an ``/api/...`` path, or one that an HTTP library would rewrite.
    """
    if not isinstance(path, str):
        raise ArgumentTypeError("path", f"takes text, not {path!r}")
    if not path.startswith("/api/"):
        raise ArgumentError("path", f"starts with /api/, such as /api/v1/sim, not {path!r}")
    if "?" in path or "#" in path:
        raise ArgumentError("path", "takes no query; pass it as params=")
    segments = path.removeprefix("/").split("/")
    if any(segment in {"", ".", ".."} for segment in segments):
        raise ArgumentError("path", f"has an empty or dotted segment in {path!r}")
    if not _RAW_PATH.fullmatch(path):
        raise ArgumentError("path", f"has characters that must be percent-encoded in {path!r}")
    if any(escape.group().upper() in _NEEDLESS for escape in _ESCAPE.finditer(path)):
        # The server reads it as the plain path, but its limits would not be found.
        raise ArgumentError("path", f"escapes characters that need no escape in {path!r}")
    return path


_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_NEEDLESS = frozenset(f"%{ord(char):02X}" for char in string.ascii_letters + string.digits + SEGMENT_SAFE)
