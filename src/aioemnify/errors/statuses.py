"""Errors for the status of a response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from attrs import frozen

from aioemnify.errors.root import EmnifyError

RateLimitCause = Literal["row", "ip", "quota"]
"""Which limit a 429 came from: the path's, the address's, or the monthly quota."""


@frozen(kw_only=True)
class ErrorDetail:
    """One of the errors that a response lists.

    ``field`` is the member that the message names in the API's form (``Endpoint - status is required``),
    if it does. ``refs`` holds the objects concerned, such as the SIMs of a refused migration, as the
    server sent them.
    """

    error_code: int | None = None
    error_token: str | None = None
    message: str = ""
    field: str | None = None
    refs: tuple[Mapping[str, Any], ...] = ()

    def __str__(self) -> str:
        label = " ".join(str(part) for part in (self.error_code, self.error_token) if part is not None)
        return f"{label}: {self.message}" if label and self.message else label or self.message or "(no text)"


class APIError(EmnifyError):
    """The server answered with a status outside 2xx.

    It keeps what came back: ``status``, ``error_code``, ``error_token``, ``message``, ``details``
    (a tuple of ``ErrorDetail``; ``errors`` is the same), the response ``headers``, and ``excerpt``, the
    beginning of a body that does not have the API's own shape (a gateway's HTML, for one).
    """

    def __init__(
        self,
        status: int,
        *,
        error_code: int | None = None,
        error_token: str | None = None,
        message: str = "",
        errors: Sequence[ErrorDetail] = (),
        operation: str | None = None,
        headers: Mapping[str, str] | None = None,
        excerpt: str = "",
        advice: str = "",
    ) -> None:
        self.status = status
        self.error_code = error_code
        self.error_token = error_token
        self.message = message
        self.errors: tuple[ErrorDetail, ...] = tuple(errors)
        self.operation = operation
        self.headers: dict[str, str] = dict(headers or {})
        self.excerpt = excerpt
        self.advice = advice
        super().__init__(self._text())

    @property
    def details(self) -> tuple[ErrorDetail, ...]:
        """Return the errors that the response lists; ``errors`` is the same tuple."""
        return self.errors

    def _text(self) -> str:
        head = f"{self.operation or 'the server'} answered {self.status}"
        label = " ".join(str(part) for part in (self.error_code, self.error_token) if part is not None)
        told = ": ".join(part for part in (label, self.message or self.excerpt) if part)
        lines = [f"{head}: {told}" if told else f"{head} with no explanation"]
        lines += [f"  - {detail}" for detail in self.errors]
        if self.advice:
            lines.append(f"  {self.advice}")
        return "\n".join(lines)


class BadRequestError(APIError):
    """400: the request could not be parsed."""


class AuthenticationError(APIError):
    """401: the token or the credentials were refused, even after one new authentication."""


class PermissionDeniedError(APIError):
    """403: the credentials are valid, but do not permit this."""


class NotFoundError(APIError):
    """404: no such object in this organisation, or none is free."""


class MethodNotAllowedError(APIError):
    """405: the path exists, the method does not."""


class ConflictError(APIError):
    """409: the object's current state forbids it."""


class GoneError(APIError):
    """410: the path has been withdrawn."""


class UnsupportedMediaTypeError(APIError):
    """415: the content type was not accepted."""


class ValidationError(APIError):
    """422: the body or the query was refused; ``details`` lists every reason the server gave."""


class RateLimitError(APIError):
    """429: a limit is used up. ``cause`` is its kind, ``retry_after`` the seconds to wait."""

    def __init__(self, status: int = 429, *, cause: RateLimitCause, retry_after: float, **rest: Any) -> None:
        self.cause = cause
        self.retry_after = retry_after
        super().__init__(status, **rest)

    def _text(self) -> str:
        kinds = {
            "row": "this path's limit",
            "ip": "the limit of this address",
            "quota": "the monthly quota",
        }
        return f"{super()._text()}\n  {kinds[self.cause]} is used up; free again in {self.retry_after:.3f} s"


class QuotaExhaustedError(RateLimitError):
    """The monthly quota of calls is used up until ``resets_at``, the 1st of the next month (UTC).

    ``sent`` is ``False`` if the call was not sent, because the client's own count or an earlier response
    says that the server would refuse it. ``status`` is 429 either way.
    """

    def __init__(self, status: int = 429, *, resets_at: datetime, sent: bool = True, **rest: Any) -> None:
        self.resets_at = resets_at
        self.sent = sent
        super().__init__(status, **rest)

    def _text(self) -> str:
        reset = f"it is reset on {self.resets_at:%Y-%m-%d at %H:%M} UTC"
        if self.sent:
            return f"{super()._text()}\n  {reset}"
        return f"{self.operation or 'the call'} was not sent: {self.message}; {reset}"


class ServerError(APIError):
    """5xx: the server or the gateway in front of it failed."""


STATUS_ERRORS: dict[int, type[APIError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    405: MethodNotAllowedError,
    409: ConflictError,
    410: GoneError,
    415: UnsupportedMediaTypeError,
    422: ValidationError,
}
