"""Read the JSON of a request body."""

from __future__ import annotations

from typing import Any

import msgspec

from aioemnify.operation import Operation
from aioemnify.simulator.platform.errors import Problem, bad_request

_BODY_OPTIONAL = frozenset({"organisations.assign_inclusive_volume"})


def read_json(content_type: str, payload: bytes, operation: Operation) -> Any:
    """Return the decoded body of a request, None without one.

    Raises:
        Problem: 400, it is missing where one is needed, or it is not JSON; 415, it has another type.
    """
    if not payload:
        if operation.id in _BODY_OPTIONAL:
            return {}
        if operation.body is not None:
            raise bad_request("The request has no body")
        return None
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, 1000, "Content-Type must be application/json")
    try:
        return _whole(msgspec.json.decode(payload))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request(f"Cannot parse the request body: {error}") from None


def _whole(value: Any) -> Any:
    """Convert ``1.0`` to 1: JSON has one type of number, and ids must be integers."""
    if isinstance(value, dict):
        return {name: _whole(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_whole(member) for member in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
