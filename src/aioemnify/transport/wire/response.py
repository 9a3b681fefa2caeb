"""Convert a response into a value or an exception."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from attrs import evolve, field, frozen

from aioemnify._secret import Secret
from aioemnify.errors import (
    STATUS_ERRORS,
    APIError,
    DecodeError,
    OutcomeUnknownError,
    QuotaExhaustedError,
    RateLimitCause,
    RateLimitError,
    ServerError,
)
from aioemnify.operation import Envelope, ErrorCode, Operation
from aioemnify.serialization.fields import model_fields
from aioemnify.transport.wire.codec import ANY_JSON, DIGITS, UNREADABLE, Codec, excerpt_of, whole_number
from aioemnify.transport.wire.error_body import copied, error_fields
from aioemnify.types import Created, Page

MOST_ITEMS = 10**9
"""The largest total of items or pages that is believed: a walk would follow a larger one for ever."""

_EMPTY = (b"", b"null", b"{}")

_ERROR_MEMBERS = frozenset({"error_code", "error_token", "errors", "message", "status_code"})
_LONGEST_ERROR = 10_000
"""Bytes of a success that may be an error; with more, it is a result."""


@frozen
class Response:
    """A response: header names in lower case, the body decompressed.

    ``secrets`` are texts of its request that no error may repeat.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    secrets: tuple[Secret, ...] = field(default=(), repr=False)

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
            DecodeError: it is not a response of this API, cannot be decoded, or does not name the created
                object.
            OutcomeUnknownError: the same, for a call that must not be repeated.
        """
        return self._read(self._value, operation, response)

    def page(self, operation: Operation, response: Response) -> Page[Any]:
        """Return one page of a list, with the counts of its headers or its envelope.

        Raises:
            DecodeError: it is not a page, or cannot be decoded.
        """
        page: Page[Any] = self._read(self._page, operation, response)
        return page

    def any_json(self, operation: Operation, response: Response) -> Any:
        """Return the JSON of a success, ``None`` if it is empty.

        Raises:
            DecodeError: it is not JSON.
            OutcomeUnknownError: the same, for a call that must not be repeated.
        """
        return self._read(self._any_json, operation, response)

    def _read(
        self, read: Callable[[Operation, Response], Any], operation: Operation, response: Response
    ) -> Any:
        try:
            return read(operation, response)
        except DecodeError as error:
            failure = error
        # Raised outside the handler: as a context, the first error would keep what it has found.
        if failure.excerpt:
            failure.excerpt = excerpt_of(response.content, response.secrets)
        if operation.retry == "once":
            raise OutcomeUnknownError(
                f"{failure}; the call may have been applied: look for the object before you repeat it",
                operation=operation.id,
            ) from failure
        raise failure

    def _any_json(self, operation: Operation, response: Response) -> Any:
        return self._codec.decode_json(response.content, operation.id)

    def _value(self, operation: Operation, response: Response) -> Any:
        content = response.content.strip()
        empty = content in _EMPTY
        if not empty and _is_error(content):
            raise _not_this_api("it is an error", operation, response)
        listed = operation.result is not None and operation.result.many
        bare = operation.result is None or empty
        if operation.creates and response.status in (200, 201) and bare and not listed:
            return self._created(operation, response)
        if operation.result is None and not empty:
            raise _not_this_api("it should be empty", operation, response)
        if response.status in (202, 204) and not content:
            return None
        try:
            return self._codec.decode(operation.result, response.content, operation.id)
        except DecodeError:
            located = operation.creates and not listed and response.headers.get("location")
            if not located or self._codec.strict:
                raise
        # The object was created, and its address is known; the body is not needed.
        return self._created(operation, response)

    def _created(self, operation: Operation, response: Response) -> Created:
        location = response.headers.get("location")
        identity = _id_of(location) if location else None
        if identity is None and response.content.strip():
            body = self._codec.decode_json(response.content, operation.id)
            found = body.get("id") if isinstance(body, dict) else None
            identity = found if isinstance(found, (int, str)) else None
        if identity is None:
            raise DecodeError(
                f"{operation.id}: the object was created, but the response does not contain its id",
                operation=operation.id,
                excerpt=excerpt_of(response.content),
            )
        return Created(identity, location)

    def _page(self, operation: Operation, response: Response) -> Page[Any]:
        headers = response.headers
        value = self._codec.decode(operation.result, response.content, operation.id)
        page: Page[Any] = Page(
            items=[],
            total_count=self._count(operation, headers, "x-total-count"),
            total_pages=self._count(operation, headers, "x-total-pages"),
            current_page=self._count(operation, headers, "x-current-page"),
            per_page=self._count(operation, headers, "x-count-per-page"),
            filter=headers.get("x-filter") or None,
            sort=headers.get("x-sort") or None,
            has_next=_has_next_link(headers.get("link", "")),
        )
        if operation.listing is None or operation.listing.envelope is None:
            return evolve(page, items=value)
        return self._page_in_envelope(operation, operation.listing.envelope, value, page, response)

    def _count(self, operation: Operation, given: Mapping[str, Any], name: str) -> int | None:
        """Return a number of items or pages, if there is one that can be right."""
        value = given.get(name)
        count, problem = whole_number(value), f"{name} is too large a number"
        if isinstance(value, str) and "," in value:
            problem = f"the header {name} has several values"
        elif count is None or count <= MOST_ITEMS:
            return count
        self._codec.report(operation.id, [problem], "; it is ignored")
        return None

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

        def count(name: str | None, default: int | None, least: int = 1) -> int | None:
            found = None if name is None else self._count(operation, members, name)
            return found if found is not None and found >= least else default

        # Page numbers begin at 1, and a total of 0 is meaningless if there are items.
        least = 1 if items else 0
        page = evolve(
            page,
            items=items,
            total_count=count(envelope.total, page.total_count, least),
            total_pages=count(envelope.pages, page.total_pages, least),
            current_page=count(envelope.page, page.current_page),
            per_page=count(envelope.size, page.per_page),
        )
        return evolve(page, has_next=page.has_next or _has_next(page))

    def error(
        self,
        operation_id: str,
        response: Response,
        *,
        cause: RateLimitCause | None = None,
        retry_after: float = 0.0,
        resets_at: datetime | None = None,
    ) -> APIError:
        """Return the exception for a response outside 2xx. It contains no secret."""
        status, secrets = response.status, response.secrets
        kind = STATUS_ERRORS.get(status, ServerError if status >= 500 else APIError)
        fields = error_fields(self._codes, status, response.content, secrets)
        fields |= {"headers": kept_headers(response), "operation": operation_id}
        if status == 429:
            if cause == "quota" and resets_at is not None:
                return QuotaExhaustedError(
                    cause=cause, retry_after=retry_after, resets_at=resets_at, **fields
                )
            return RateLimitError(cause=cause or "row", retry_after=retry_after, **fields)
        return kind(status, **fields)


_HIDDEN = frozenset({"set-cookie", "authorization", "proxy-authenticate", "www-authenticate"})


def kept_headers(response: Response) -> dict[str, str]:
    """Return the headers without those that hold credentials, and without secrets of the request."""
    kept = {name: value for name, value in response.headers.items() if name not in _HIDDEN}
    found: dict[str, str] = copied(kept, response.secrets)
    return found


def _is_error(content: bytes) -> bool:
    """Return whether a body is an error: some gateways send errors with status 200."""
    if len(content) > _LONGEST_ERROR or not (b'"error' in content or b'"message"' in content):
        return False
    try:
        body = ANY_JSON.decode(content)
    except UNREADABLE:
        return False
    return isinstance(body, dict) and ("error_code" in body or body.keys() <= _ERROR_MEMBERS)


def _not_this_api(problem: str, operation: Operation, response: Response) -> DecodeError:
    return DecodeError(
        f"{operation.id}: the response is not one of this API: {problem}",
        operation=operation.id,
        excerpt=excerpt_of(response.content),
    )


def _id_of(location: str) -> int | str | None:
    if ", " in location:  # several that differ
        return None
    try:
        last = urlsplit(location).path.rstrip("/").rpartition("/")[2]
    except ValueError:  # the object was created, even if its address is invalid
        return None
    return int(last) if DIGITS.fullmatch(last) else last or None


def _has_next(page: Page[Any]) -> bool:
    """Return whether a page follows, by the counts; without counts, whether the page is full."""
    if page.current_page is not None and page.total_pages is not None:
        return page.current_page < page.total_pages
    if page.current_page is not None and page.total_count is not None and page.per_page is not None:
        return page.current_page * page.per_page < page.total_count
    uncounted = page.total_pages is None and page.total_count is None
    return uncounted and len(page.items) >= (page.per_page or 1)


_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_PARAMETER = rf"\s*+;\s*+(?P<name>[^\s;,=<>\"]+)\s*+(?:=\s*+(?P<value>{_QUOTED}|[^\s;,\"]++))?"
_UNNAMED = re.sub(r"\?P<\w+>", "?:", _PARAMETER)
# RFC 8288, 3: <target>; rel="next last"; title="a, b"
_LINK = re.compile(rf"<[^<>]*+>(?P<parameters>(?:{_UNNAMED})*+)")


def without_repeats(value: str) -> str:
    """Return a header that occurs several times with the same value as if it occurred once."""
    if "," not in value:
        return value
    parts = [part.strip() for part in value.split(",")]
    for times in (4, 3, 2):
        share = len(parts) // times
        if parts == parts[:share] * times:
            return ", ".join(parts[:share])
    return value


def _has_next_link(link: str) -> bool:
    """Return whether a ``Link`` header names a next page.

    A link may have several relations, in any case. Only its first ``rel`` counts (RFC 8288, 3.3), and with
    an ``anchor`` it is not about this page (3.2).
    """
    for found in _LINK.finditer(link):
        parameters: dict[str, str] = {}
        for parameter in re.finditer(_PARAMETER, found["parameters"]):
            parameters.setdefault(parameter["name"].lower(), (parameter["value"] or "").strip('"'))
        if "anchor" not in parameters and "next" in parameters.get("rel", "").lower().split():
            return True
    return False
