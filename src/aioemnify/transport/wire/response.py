"""Convert a response into a value or an exception.

The API has seven shapes of error bodies: ``{error_code, error_token, message}``, the same with a list
``errors``, the same with ``status_code``, ``{status_code, message}``, the ``errors`` of a migration with
``sims``, ``{message}`` or HTML of a gateway, and an empty body. All of them, and any other shape, become an
``APIError``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from attrs import evolve, field, frozen

from aioemnify._secret import Secret, hidden
from aioemnify.errors import (
    STATUS_ERRORS,
    APIError,
    DecodeError,
    ErrorDetail,
    QuotaExhaustedError,
    RateLimitCause,
    RateLimitError,
    ServerError,
)
from aioemnify.operation import Envelope, ErrorCode, Operation
from aioemnify.transport.wire.codec import UNREADABLE, Codec, excerpt_of
from aioemnify.transport.wire.fields import model_fields
from aioemnify.types import Created, Page

# No count or id has more digits. Python refuses to read very long numbers.
_DIGITS = re.compile(r"[0-9]{1,18}")

# "Endpoint - IP Address out of range.": the object, the member, and what is wrong with it.
_FIELD = re.compile(
    r"^\s*[\w ]+? - (?P<field>[\w .\[\]-]+?) (?:is |are |has |have |must |may |out of |already |-)"
)


@frozen
class Response:
    """A response: header names in lower case, the body decompressed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Return whether the status is 2xx: several operations use an unusual one."""
        return 200 <= self.status < 300


class ResponseReader:
    """Converts successes into values, and other responses into exceptions."""

    def __init__(self, codec: Codec, codes: Mapping[int, ErrorCode]) -> None:
        self._codec = codec
        self._codes = codes

    def value(self, operation: Operation, response: Response) -> Any:
        """Return the result of a success.

        Raises:
            DecodeError: the body cannot be decoded, or does not name the created object.
        """
        listed = operation.result is not None and operation.result.many
        empty = operation.result is None or response.content.strip() in (b"", b"{}", b"null")
        if operation.creates and response.status in (200, 201) and empty and not listed:
            return self._created(operation, response)
        if response.status in (202, 204) and not response.content.strip():
            return None
        try:
            return self._codec.decode(operation.result, response.content, operation.id)
        except DecodeError:
            located = operation.creates and not listed and response.headers.get("location")
            if located and not self._codec.strict:
                # The object was created, and its address is known; the body is not needed.
                return self._created(operation, response)
            raise

    def _created(self, operation: Operation, response: Response) -> Created:
        location = response.headers.get("location")
        identity = _id_of(location) if location else None
        if identity is None and response.content.strip():
            body = self._codec.decode_json(response.content, operation.id)
            found = body.get("id") if isinstance(body, dict) else None
            identity = found if isinstance(found, (int, str)) else None
        if identity is None:
            raise DecodeError(
                f"{operation.id}: the object was created, but the response does not contain its id; "
                "look for the object before you repeat the call",
                operation=operation.id,
                excerpt=excerpt_of(response.content),
            )
        return Created(identity, location)

    def page(self, operation: Operation, response: Response) -> Page[Any]:
        """Return one page of a list, with the counts of its headers or its envelope."""
        headers = response.headers
        value = self._codec.decode(operation.result, response.content, operation.id)
        page: Page[Any] = Page(
            items=[],
            total_count=_count(headers.get("x-total-count")),
            total_pages=_count(headers.get("x-total-pages")),
            current_page=_count(headers.get("x-current-page")),
            per_page=_count(headers.get("x-count-per-page")),
            filter=headers.get("x-filter") or None,
            sort=headers.get("x-sort") or None,
            has_next='rel="next"' in headers.get("link", ""),
        )
        if operation.listing is None or operation.listing.envelope is None:
            return evolve(page, items=value)
        return self._page_in_envelope(operation, operation.listing.envelope, value, page, response)

    def _page_in_envelope(
        self, operation: Operation, envelope: Envelope, value: Any, page: Page[Any], response: Response
    ) -> Page[Any]:
        """Take items and counts from the envelope, and missing counts from the headers."""
        members = {item.wire: getattr(value, item.name) for item in model_fields(type(value))}
        items = members[envelope.items]
        if items is None and envelope.items in self._codec.decode_json(response.content, operation.id):
            items = []  # null, which is not the same as missing
        if not isinstance(items, list):
            problem = "is missing" if items is None else "is not an array"
            raise DecodeError(
                f"{operation.id}: the response cannot be decoded: its member {envelope.items!r} {problem}",
                operation=operation.id,
            )
        # Page numbers begin at 1, and a total of 0 is meaningless if there are items.
        least = 1 if items else 0
        page = evolve(
            page,
            items=items,
            total_count=_count_in(members, envelope.total, page.total_count, least),
            total_pages=_count_in(members, envelope.pages, page.total_pages, least),
            current_page=_count_in(members, envelope.page, page.current_page),
            per_page=_count_in(members, envelope.size, page.per_page),
        )
        return evolve(page, has_next=page.has_next or _has_next(page))

    def error(
        self,
        operation_id: str,
        response: Response,
        *,
        secrets: tuple[Secret, ...] = (),
        cause: RateLimitCause | None = None,
        retry_after: float = 0.0,
        resets_at: datetime | None = None,
    ) -> APIError:
        """Return the exception for a response outside 2xx. It contains no secret."""
        kind = STATUS_ERRORS.get(response.status, ServerError if response.status >= 500 else APIError)
        kept = {name: value for name, value in response.headers.items() if name not in _HIDDEN}
        fields = _without(secrets, self._error_fields(response) | {"headers": kept})
        fields["operation"] = operation_id
        if response.status == 429:
            if cause == "quota" and resets_at is not None:
                return QuotaExhaustedError(
                    cause=cause, retry_after=retry_after, resets_at=resets_at, **fields
                )
            return RateLimitError(cause=cause or "row", retry_after=retry_after, **fields)
        return kind(response.status, **fields)

    def _known(self, code: int | None, status: int) -> ErrorCode | None:
        """Return what is documented for a code, unless the status has a meaning of its own."""
        known = self._codes.get(code) if code is not None else None
        return known if known is not None and status not in (405, 501) else None

    def _error_fields(self, response: Response) -> dict[str, Any]:
        try:
            body = msgspec.json.decode(response.content) if response.content.strip() else None
        except UNREADABLE:
            body = None
        if not isinstance(body, dict):
            return {"excerpt": excerpt_of(response.content), "advice": _status_advice(response.status)}
        code = _whole(body.get("error_code"))
        known = self._known(code, response.status)
        listed = body.get("errors")
        details = [_detail(item) for item in listed] if isinstance(listed, list) else []
        return {
            "error_code": code,
            "error_token": _text(body.get("error_token")) or (known.token if known else None),
            "message": _text(body.get("message")) or "",
            "errors": details,
            "excerpt": "" if code is not None or body.get("message") else excerpt_of(response.content),
            "advice": self._advice([*(item.error_code for item in details), code], response.status),
        }

    def _advice(self, codes: list[int | None], status: int) -> str:
        """Return the advice for the first code that has one, or for the status."""
        known = (found for code in codes if (found := self._known(code, status)))
        return next((found.advice for found in known), _status_advice(status))


def _without(secrets: tuple[Secret, ...], value: Any) -> Any:
    """Remove secrets from decoded texts, wherever the response repeats them."""
    if isinstance(value, str):
        return hidden(value, secrets)
    if isinstance(value, Mapping):
        return {name: _without(secrets, item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_without(secrets, item) for item in value)
    if isinstance(value, ErrorDetail):
        refs = _without(secrets, value.refs)
        return evolve(value, message=hidden(value.message, secrets), refs=refs)
    return value


def _detail(item: Any) -> ErrorDetail:
    if not isinstance(item, Mapping):
        return ErrorDetail(message=_text(str(item)) or "")
    message = _text(item.get("message")) or ""
    found = _FIELD.match(message)
    sims = item.get("sims")
    refs = [entry for entry in sims if isinstance(entry, Mapping)] if isinstance(sims, list) else []
    return ErrorDetail(
        error_code=_whole(item.get("error_code")),
        error_token=_text(item.get("error_token")),
        message=message,
        field=found["field"].strip().lower().replace(" ", "_") if found else None,
        refs=tuple(refs),
    )


LONGEST_TEXT = 1000
"""Characters of a message that an error keeps."""

# Headers that may contain a secret. An error keeps the others.
_HIDDEN = frozenset({"set-cookie", "authorization", "proxy-authenticate", "www-authenticate"})


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


def _id_of(location: str) -> int | str | None:
    try:
        last = urlsplit(location).path.rstrip("/").rpartition("/")[2]
    except ValueError:  # the object was created, even if its address is invalid
        return None
    return int(last) if _DIGITS.fullmatch(last) else last or None


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and _DIGITS.fullmatch(text.strip()) else None


def _count_in(
    members: Mapping[str, Any], name: str | None, default: int | None, least: int = 1
) -> int | None:
    count = _whole(members[name]) if name is not None else None
    return count if count is not None and count >= least else default


def _has_next(page: Page[Any]) -> bool:
    """Return whether a page follows, by the counts; without counts, whether the page is full."""
    if page.current_page is not None and page.total_pages is not None:
        return page.current_page < page.total_pages
    if page.current_page is not None and page.total_count is not None and page.per_page is not None:
        return page.current_page * page.per_page < page.total_count
    uncounted = page.total_pages is None and page.total_count is None
    return uncounted and len(page.items) >= (page.per_page or 1)


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)) or (isinstance(value, str) and _DIGITS.fullmatch(value.strip())):
        return int(value)
    return None


def _text(value: Any) -> str | None:
    """Return a text of the server, cut to a length that suits a log line and a regular expression."""
    if value is None:
        return None
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
