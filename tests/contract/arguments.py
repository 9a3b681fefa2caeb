"""What a documented operation is called with, and the request that this should make."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

from attrs import field, frozen

from tests.contract.documented import Call

AWKWARD = "some one+%2F?ü#&;"
"""A name as a path segment may hold it: all of it is one segment, and every mark of it is escaped."""


@frozen
class Arguments:
    """The arguments of a call without its body, and the path and query that they stand for.

    ``query`` holds the pairs as the server reads them.
    """

    path: tuple[Any, ...]
    keywords: dict[str, Any]
    raw_path: str
    query: dict[str, str] = field(factory=dict)


def arguments_of(call: Call, *, with_query: bool = True) -> Arguments:
    """Return a value for every path parameter and, all at once, for every query parameter."""
    values = [_path_value(param, place) for place, param in enumerate(call.path_params)]
    raw_path = call.path
    for param, value in zip(call.path_params, values, strict=True):
        raw_path = raw_path.replace("{" + param["name"] + "}", quote(str(value), safe=""))
    keywords: dict[str, Any] = {}
    query: dict[str, str] = {}
    needed = [param for param in call.plain_query if with_query or param["required"]]
    for place, param in enumerate(needed):
        keywords[param["name"]], query[param["name"]] = _query_value(param, place)
    if with_query:
        for place, name in enumerate(call.page_params or ()):
            keywords[name], query[name] = place + 2, str(place + 2)
        if call.has_filter:
            keywords["filter"], query["q"] = _filter(call)
        if call.has_sort:
            fields = call.data["sort_fields"]
            keywords["sort"] = [f"-{fields[0]}", *fields[1:]]
            query["sort"] = ",".join(keywords["sort"])
    return Arguments(tuple(values), keywords, raw_path, query)


def _path_value(param: dict[str, Any], place: int) -> Any:
    if "enum" in param:
        return param["enum"][-1]
    if param.get("format") == "uuid":
        return str(uuid.UUID(int=0xFEED + place))
    return 701 + place if param["type"] == "integer" else f"{AWKWARD}{place}"


def _query_value(param: dict[str, Any], place: int) -> tuple[Any, str]:
    if "enum" in param:
        return param["enum"][-1], str(param["enum"][-1])
    match param["type"]:
        case "integer":
            return 31 + place, str(31 + place)
        case "boolean":
            return True, "true"
        case "date":
            day = date(2026, 2, 1 + place)
            return day, day.isoformat()
        case "string":
            return f"{AWKWARD}{place}", f"{AWKWARD}{place}"
    raise AssertionError(f"{param} has no documented type")


def _filter(call: Call) -> tuple[dict[str, Any], str]:
    several = call.data.get("multi_value_fields", ())
    most = call.data.get("multi_value_max", 1)
    criteria: dict[str, Any] = {}
    parts: list[str] = []
    for place, name in enumerate(call.data["filter_fields"]):
        values = [f"{place}{item}" for item in range(most if name in several else 1)]
        criteria[name] = values if name in several else values[0]
        parts.append(f"{name}:{'|'.join(values)}")
    return criteria, ",".join(parts)


def stub_of(emnify: Any, call: Call) -> Callable[..., Any]:
    """Return the method of a call."""
    stub: Callable[..., Any] = getattr(getattr(emnify, call.group), call.name)
    return stub
