"""Responses of the control interface, and its query parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from starlette.responses import Response, StreamingResponse

from aioemnify.simulator.control.json_lines import in_parts
from aioemnify.simulator.control.methods import ControlError

if TYPE_CHECKING:
    from starlette.requests import Request

SAFE_HEADERS: Mapping[str, str] = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_T = TypeVar("_T")


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a value as JSON."""
    content = msgspec.json.encode(value)
    return Response(content, status, {**SAFE_HEADERS, **(headers or {})}, media_type="application/json")


def empty_response() -> Response:
    """Return a success without a body."""
    return Response(status_code=204, headers=SAFE_HEADERS)


def lines_response(records: Sequence[_T], encode: Callable[[Sequence[_T]], bytes]) -> Response:
    """Return records as JSON lines, in parts, so that a long journal is never in memory as a whole."""
    lines = in_parts(records, encode)
    return StreamingResponse(lines, media_type="application/jsonl", headers=SAFE_HEADERS)


def carry_out(action: Callable[[], _T]) -> _T:
    """Do what a request asks for; a value that is refused gives 422.

    Raises:
        ControlError: ``action`` refused a value.
    """
    try:
        return action()
    except (ValueError, OverflowError) as error:
        raise ControlError(422, str(error)) from None


def query_of(request: Request, *accepted: str) -> dict[str, str]:
    """Return the query parameters, the last value of each.

    Raises:
        ControlError: there is a parameter that is not accepted.
    """
    query = dict(request.query_params)
    unknown = set(query) - set(accepted)
    if unknown:
        raise ControlError(422, f"unknown parameter {min(unknown)!r}; accepted: {', '.join(accepted)}")
    return query


def count_of(query: Mapping[str, str], name: str) -> int | None:
    """Return a query parameter as a number, None without one.

    Raises:
        ControlError: it is not a number, or has more than nine digits.
    """
    text = query.get(name)
    if text is not None and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ControlError(422, f"{name} must be a number")
    return None if text is None else int(text)


def number_in(request: Request) -> int:
    """Return the number in a path; -1, which nothing has, if it is not a number."""
    text = request.path_params["number"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1
