"""All errors of the library, as one tree.

::

    EmnifyError
    ├── ArgumentError                 refused before anything was sent (also a ValueError)
    │   ├── ArgumentTypeError         the same, for a value of the wrong type (also a TypeError)
    │   ├── FilterValueError          a filter value that cannot be sent, such as text with a comma
    │   └── UnknownTenantError        a tenant without a token was asked of an ``EmnifyPool``
    ├── NoResultError                 a list that was asked for its one item has none
    ├── MultipleResultsError          it has several; ``results`` are the first of them
    ├── WaitError                     a wait ended without what it waited for; ``last`` is the last value
    │   ├── WaitTimeoutError          its time ran out (also a TimeoutError of Python)
    │   └── WaitFailedError           the value can no longer become what the wait is for
    ├── ClientStateError              the client is closed, or belongs to another event loop
    ├── ThrottleError                 the wait for a rate limit is longer than the call's deadline
    ├── StoreError                    the ``store`` that processes share cannot be used
    ├── TransportError                no usable response came back
    │   ├── ConnectError              no connection: the request certainly was not processed
    │   ├── TimeoutError              time ran out; ``phase`` says where
    │   ├── ProtocolError             the connection broke, or the response is not valid HTTP
    │   ├── ResponseTooLargeError     the response was larger than the client accepts
    │   └── OutcomeUnknownError       the response to a create was lost or broken: it may be applied
    ├── DecodeError                   a success that is not a response of this API
    ├── PushError                     a pushed request is refused; ``status`` is what to answer
    │   ├── MissingSignatureError     401: it has no bearer token, or not the headers of the stream
    │   ├── InvalidSignatureError     401: the token is not signed with the secret, or has expired
    │   ├── PushDecodeError           400: the body is not JSON
    │   └── UnknownRecordError        422: a record is of no known kind, or of one that nobody handles
    └── APIError                      the server answered with an error status
        ├── BadRequestError           400
        ├── AuthenticationError       401
        ├── PermissionDeniedError     403
        ├── NotFoundError             404
        ├── MethodNotAllowedError     405
        ├── ConflictError             409
        ├── GoneError                 410
        ├── UnsupportedMediaTypeError 415
        ├── ValidationError           422
        ├── RateLimitError            429
        │   └── QuotaExhaustedError   429, until the 1st of the next month
        └── ServerError               5xx

Each of them can be pickled and copied, holds no connection, and shows no secret: no error contains
a request body or the ``Authorization`` header.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from attrs import frozen

RateLimitCause = Literal["row", "ip", "quota"]
"""Which limit a 429 came from: the path's, the address's, or the monthly quota."""

Phase = Literal["queue", "authenticate", "connect", "pool", "send", "response", "backoff"]
"""What a call was doing when its time ran out."""


class EmnifyError(Exception):
    """The root of the tree: ``except EmnifyError`` catches every error of this library.

    ``page`` is the page that an iteration over a list was fetching: ``list(page=error.page)`` continues
    there. ``items_read`` is how many items the iteration had read before. ``request_id`` is the
    ``X-Request-Id`` of the call, where it has one.
    """

    page: int | None = None
    items_read: int | None = None
    request_id: str | None = None

    def __str__(self) -> str:
        text = super().__str__()
        if self.page is None:
            return text
        read = "" if self.items_read is None else f", after {self.items_read:,} items"
        return f"page {self.page}{read}: {text}"

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions with keyword arguments do not unpickle by themselves; the state holds all of them.
        return _restore, (type(self), self.args), self.__dict__.copy()


def _restore(kind: type[EmnifyError], args: tuple[Any, ...]) -> EmnifyError:
    error = kind.__new__(kind)
    error.args = args
    return error


class ArgumentError(EmnifyError, ValueError):
    """An argument was refused before anything was sent. ``argument`` is its name."""

    def __init__(self, argument: str, problem: str) -> None:
        super().__init__(f"{argument} {problem}")
        self.argument = argument


class ArgumentTypeError(ArgumentError, TypeError):
    """An argument has a type that is not accepted."""


class FilterValueError(ArgumentError):
    """A filter value cannot be sent, because the API has no escape for it.

    Where the value is a user's text, a service can answer with 400. ``argument`` names the field.
    """


class UnknownTenantError(ArgumentError):
    """An ``EmnifyPool`` has no token for a tenant. A service can answer with 404."""


class NoResultError(EmnifyError, LookupError):
    """A list that was asked for its one item has none."""


class MultipleResultsError(EmnifyError, LookupError):
    """A list that was asked for its one item has several.

    ``results`` are the first of them, ``total`` is how many there are, as far as the server says.
    """

    def __init__(self, message: str, *, results: Sequence[Any], total: int | None = None) -> None:
        super().__init__(message)
        self.results = results
        self.total = total


class WaitError(EmnifyError):
    """A wait ended without what it waited for. ``last`` is the last value, ``None`` if there was none."""

    def __init__(self, message: str, *, last: Any) -> None:
        super().__init__(message)
        self.last = last


class WaitTimeoutError(WaitError, builtins.TimeoutError):
    """The time of a wait ran out.

    ``__cause__`` is the last error of the calls, if they failed to the end.
    """


class WaitFailedError(WaitError):
    """The value has reached a state from which it cannot become what the wait is for."""


class ClientStateError(EmnifyError, RuntimeError):
    """The client is closed, or belongs to another event loop."""


class ThrottleError(EmnifyError):
    """The call would have to wait longer than its deadline, so it was not sent.

    ``wait`` is the least wait in seconds, ``limit`` the name of the limit that is full.
    """

    def __init__(self, message: str, *, wait: float, limit: str, operation: str | None = None) -> None:
        super().__init__(message)
        self.wait = wait
        self.limit = limit
        self.operation = operation

    @property
    def retry_after(self) -> float:
        """Return ``wait`` by the name that it has in ``RateLimitError``."""
        return self.wait


class StoreError(EmnifyError):
    """The client's ``store``, which it shares with other processes, cannot be used. No call was sent.

    With ``lost`` the store did not answer, which may be temporary; otherwise the address, the file or
    the permissions are wrong. A store that refuses from the start always raises; one that is lost
    raises with ``Throttling(on_store_error="raise")``.
    """

    def __init__(self, message: str, *, lost: bool) -> None:
        super().__init__(message)
        self.lost = lost


class TransportError(EmnifyError):
    """No usable response came back. ``operation`` is the id of the call, such as ``sims.list``."""

    def __init__(self, message: str, *, operation: str | None = None) -> None:
        super().__init__(message)
        self.operation = operation


class ConnectError(TransportError):
    """No connection was made, so the server did not process the request."""


class TimeoutError(TransportError, builtins.TimeoutError):
    """Time ran out. ``phase`` is what the call was doing."""

    def __init__(self, message: str, *, phase: Phase, operation: str | None = None) -> None:
        super().__init__(message, operation=operation)
        self.phase = phase


class ProtocolError(TransportError):
    """The connection broke, or the response is not valid HTTP."""


class ResponseTooLargeError(TransportError):
    """The response grew beyond the client's ``max_response_bytes`` and was abandoned."""


class OutcomeUnknownError(TransportError):
    """The response to a call that must not be repeated was lost or cannot be read.

    The server may or may not have applied it, so the library did not send it again. Check before you
    repeat it: list by a name or ICCID that only the new object has.
    """


class DecodeError(EmnifyError):
    """A success is not a response of this API, such as a gateway's HTML, or cannot be read.

    ``excerpt`` is the beginning of its body, empty if that may hold a token.
    """

    def __init__(self, message: str, *, operation: str | None = None, excerpt: str = "") -> None:
        super().__init__(message)
        self.operation = operation
        self.excerpt = excerpt


class PushError(EmnifyError):
    """A request that was pushed to ``aioemnify.receivers`` is refused.

    ``status`` is the HTTP status to answer with. The message shows neither secrets nor content of the body,
    so it can be the answer's text.
    """

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class MissingSignatureError(PushError):
    """The request has no signature: no bearer token, or not the headers that the stream is set to send."""

    def __init__(self, message: str, *, status: int = 401) -> None:
        super().__init__(message, status=status)


class InvalidSignatureError(PushError):
    """The bearer token is not signed with the secret by an HMAC algorithm, or has expired."""

    def __init__(self, message: str, *, status: int = 401) -> None:
        super().__init__(message, status=status)


class PushDecodeError(PushError):
    """The body of the request is not JSON, or is not an object or an array of objects."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message, status=status)


class UnknownRecordError(PushError):
    """A record is not of the kind that was asked for, or of a kind that has no handler.

    An event of a type that this version does not know is not such a record: it is an ``Event``.
    """

    def __init__(self, message: str, *, status: int = 422) -> None:
        super().__init__(message, status=status)


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

__all__ = [
    name for name, kind in sorted(globals().items()) if isinstance(kind, type) and kind.__module__ == __name__
]
