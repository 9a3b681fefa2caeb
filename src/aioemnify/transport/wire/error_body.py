"""Read the body of a response outside 2xx, within bounds and without secrets.

The API has seven shapes of error bodies: ``{error_code, error_token, message}``, the same with a list
``errors``, the same with ``status_code``, ``{status_code, message}``, the ``errors`` of a migration with
``sims``, ``{message}`` or HTML of a gateway, and an empty body. All of them, and any other shape, become an
``APIError``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from msgspec import UNSET, ValidationError

from aioemnify._secret import Concealer, Secret
from aioemnify.errors import ErrorDetail
from aioemnify.operation import ErrorCode
from aioemnify.transport.wire.codec import (
    ANY_JSON,
    UNREADABLE,
    decode_repaired,
    excerpt_of,
    whole_number,
)

LONGEST_TEXT = 1000
"""Characters of a message that an error keeps."""

MAX_VALUES = 20_000
"""Values of a body that an error keeps."""

MAX_DEPTH = 8
"""Levels of nesting that an error keeps."""

_CUT = "…"

# "Endpoint - IP Address out of range.": the object, the member, and what is wrong with it.
_FIELD = re.compile(
    r"^\s*[\w ]+? - (?P<field>[\w .\[\]-]+?) (?:is |are |has |have |must |may |out of |already |-)"
)
_FIELD_WITHIN = 200
"""Characters in which a field is named. In a longer text, the search takes too long."""


def error_fields(
    codes: Mapping[int, ErrorCode], status: int, content: bytes, secrets: tuple[Secret, ...]
) -> dict[str, Any]:
    """Return what an ``APIError`` keeps of a body."""
    body = copied(_decoded(content), secrets)
    if not isinstance(body, dict):
        return {"excerpt": excerpt_of(content, secrets), "advice": _status_advice(status)}
    code = whole_number(body.get("error_code"))
    known = _known(codes, code, status)
    listed = body.get("errors")
    details = [_detail(item) for item in listed] if isinstance(listed, list) else []
    every = (_known(codes, one, status) for one in [*(item.error_code for item in details), code])
    return {
        "error_code": code,
        "error_token": _text(body.get("error_token")) or (known.token if known else None),
        "message": _text(body.get("message")) or "",
        "errors": details,
        "excerpt": "" if code is not None or body.get("message") else excerpt_of(content, secrets),
        # Of the first code that has one.
        "advice": next((found.advice for found in every if found), _status_advice(status)),
    }


def copied(value: Any, secrets: tuple[Secret, ...]) -> Any:
    """Copy a decoded value within bounds, and without secrets in its texts and keys."""
    return _Copier(Concealer(secrets)).copied(value, MAX_DEPTH)


def _decoded(content: bytes) -> Any:
    try:
        return ANY_JSON.decode(content)
    except UNREADABLE:
        try:
            value = decode_repaired(ANY_JSON, content)
        except ValidationError:  # a whole number of thousands of digits
            value = UNSET
        return None if value is UNSET else value


class _Copier:
    def __init__(self, concealer: Concealer) -> None:
        self._concealer = concealer
        self._left = MAX_VALUES

    def copied(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if isinstance(value, str):
            return self._concealer.conceal(value, LONGEST_TEXT)
        if not isinstance(value, (dict, list)):
            return value
        if depth == 0 or self._left < 0:
            return _CUT
        if isinstance(value, list):
            return [self.copied(item, depth - 1) for item in islice(value, self._left)]
        return {
            self._concealer.conceal(name, LONGEST_TEXT): self.copied(item, depth - 1)
            for name, item in islice(value.items(), self._left)
        }


def _known(codes: Mapping[int, ErrorCode], code: int | None, status: int) -> ErrorCode | None:
    """Return what is documented for a code, unless the status has a meaning of its own."""
    known = codes.get(code) if code is not None else None
    return known if known is not None and status not in (405, 501) else None


def _detail(item: Any) -> ErrorDetail:
    if not isinstance(item, Mapping):
        return ErrorDetail(message=_text(str(item)) or "")
    message = _text(item.get("message")) or ""
    found = _FIELD.match(message[:_FIELD_WITHIN])
    sims = item.get("sims")
    refs = [entry for entry in sims if isinstance(entry, Mapping)] if isinstance(sims, list) else []
    return ErrorDetail(
        error_code=whole_number(item.get("error_code")),
        error_token=_text(item.get("error_token")),
        message=message,
        field=found["field"].strip().lower().replace(" ", "_") if found else None,
        refs=tuple(refs),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:LONGEST_TEXT]


def _status_advice(status: int) -> str:
    gateway = "A gateway responded instead of the API; try again later."
    return {
        401: "Check that the token is valid, not revoked, and belongs to this server.",
        403: "The credentials lack the permission; ask an administrator of the workspace.",
        404: "The id is unknown in this workspace; objects of other workspaces look the same.",
        501: "The server does not support this call; the simulator does not model all calls yet.",
        502: gateway,
        503: gateway,
        504: gateway,
    }.get(status, "")
