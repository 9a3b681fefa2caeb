"""Everything that can go wrong, as one tree.

::

    EmnifyError
    ├── ArgumentError                 refused before anything was sent (also a ValueError)
    │   └── ArgumentTypeError         the same, for a value of the wrong type (also a TypeError)
    ├── ClientStateError              the client is closed, or belongs to another event loop
    ├── ThrottleError                 the wait for a free place is longer than the caller's deadline
    ├── StoreError                    the ``store`` that processes share cannot be used
    ├── TransportError                no usable answer came back
    │   ├── ConnectError              no connection was made: the request was surely not processed
    │   ├── TimeoutError              time ran out; ``phase`` says where
    │   ├── ProtocolError             the connection broke, or the peer spoke no valid HTTP
    │   ├── ResponseTooLargeError     the answer was larger than the client accepts
    │   └── OutcomeUnknownError       the answer to a create was lost: it may have been applied
    ├── DecodeError                   a success whose body cannot be read
    └── APIError                      the server answered, and said no
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
        │   └── QuotaExhaustedError   429, and only the 1st of the month helps
        └── ServerError               5xx

Every one of them survives ``pickle`` and ``copy``, holds no live connection, and shows no
secret: request bodies and the ``Authorization`` header never reach an error.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from attrs import frozen

RateLimitCause = Literal["row", "ip", "quota"]
"""Which limit a 429 came from: a path row, the address window, or the month's quota."""

Phase = Literal["queue", "authenticate", "connect", "pool", "send", "response", "backoff"]
"""Where in its life a call was when its time ran out."""


class EmnifyError(Exception):
    """The root of the tree: ``except EmnifyError`` catches all that this library raises."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions with keyword arguments do not unpickle by themselves; state carries all of them.
        return _restore, (type(self), self.args), self.__dict__.copy()


def _restore(kind: type[EmnifyError], args: tuple[Any, ...]) -> EmnifyError:
    error = kind.__new__(kind)
    error.args = args
    return error


class ArgumentError(EmnifyError, ValueError):
    """A value was refused before anything was sent. ``argument`` names it."""

    def __init__(self, argument: str, problem: str) -> None:
        super().__init__(f"{argument} {problem}")
        self.argument = argument


class ArgumentTypeError(ArgumentError, TypeError):
    """A value of a type that the argument does not take."""


class ClientStateError(EmnifyError, RuntimeError):
    """The client cannot be used any more, or not here: it is closed, or another event loop's."""


class ThrottleError(EmnifyError):
    """The call would have to wait longer than its deadline, so it was not sent.

    ``wait`` is the least number of seconds a place would have taken, ``limit`` names what is full.
    """

    def __init__(self, message: str, *, wait: float, limit: str, operation: str | None = None) -> None:
        super().__init__(message)
        self.wait = wait
        self.limit = limit
        self.operation = operation


class StoreError(EmnifyError):
    """The client's ``store``, which it shares with other processes, cannot be used.

    ``lost`` says that it did not answer, which may pass by itself; otherwise the address, the
    file or the permissions have to be put right. That is raised before the store has worked for
    the first time; after that, and while it is lost, ``Throttling.on_store_error`` decides whether
    to raise. No call was sent.
    """

    def __init__(self, message: str, *, lost: bool) -> None:
        super().__init__(message)
        self.lost = lost


class TransportError(EmnifyError):
    """No usable answer came back. ``operation`` is the id of the call, such as ``sims.list``."""

    def __init__(self, message: str, *, operation: str | None = None) -> None:
        super().__init__(message)
        self.operation = operation


class ConnectError(TransportError):
    """No connection was made, so the server cannot have processed the request."""


class TimeoutError(TransportError, builtins.TimeoutError):
    """Time ran out. ``phase`` says what the call was doing."""

    def __init__(self, message: str, *, phase: Phase, operation: str | None = None) -> None:
        super().__init__(message, operation=operation)
        self.phase = phase


class ProtocolError(TransportError):
    """The connection broke half-way, or what came back is not valid HTTP."""


class ResponseTooLargeError(TransportError):
    """The answer grew beyond the client's ``max_response_bytes`` and was abandoned."""


class OutcomeUnknownError(TransportError):
    """The answer to a call that must not be repeated was lost after it was sent.

    The server may or may not have applied it, so the library did not send it again. Look
    before you repeat: list by a name or ICCID that only the new object would have.
    """


class DecodeError(EmnifyError):
    """A success came back with a body that cannot be read at all. ``excerpt`` shows its beginning."""

    def __init__(self, message: str, *, operation: str | None = None, excerpt: str = "") -> None:
        super().__init__(message)
        self.operation = operation
        self.excerpt = excerpt


@frozen(kw_only=True)
class ErrorDetail:
    """One of the errors an answer lists.

    ``field`` is the member the message speaks of, where the message names one in the API's
    own form (``Endpoint - status is required``). ``refs`` holds the objects concerned, such
    as the SIMs of a refused migration, as the server sent them.
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
        """Return the errors that the answer lists; ``errors`` is the same tuple."""
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
    """401: the token or the credentials were refused, also after one fresh authentication."""


class PermissionDeniedError(APIError):
    """403: the credentials are good, but not for this."""


class NotFoundError(APIError):
    """404: no such object in this organisation, or nothing free to hand out."""


class MethodNotAllowedError(APIError):
    """405: the path exists, the method does not."""


class ConflictError(APIError):
    """409: the object's present state forbids it."""


class GoneError(APIError):
    """410: the entrypoint has been withdrawn."""


class UnsupportedMediaTypeError(APIError):
    """415: the content type was not accepted."""


class ValidationError(APIError):
    """422: the body or the query was refused; ``details`` lists every reason the server gave."""


class RateLimitError(APIError):
    """429: a limit was met. ``cause`` says which kind, ``retry_after`` how many seconds to wait."""

    def __init__(self, status: int = 429, *, cause: RateLimitCause, retry_after: float, **rest: Any) -> None:
        self.cause = cause
        self.retry_after = retry_after
        super().__init__(status, **rest)

    def _text(self) -> str:
        kinds = {
            "row": "this path's limit",
            "ip": "the limit of this address",
            "quota": "the month's quota",
        }
        return f"{super()._text()}\n  {kinds[self.cause]} is used up; free again in {self.retry_after:.3f} s"


class QuotaExhaustedError(RateLimitError):
    """The month's quota of calls is used up: waiting is useless until ``resets_at``, on the 1st (UTC).

    ``sent`` is ``False`` where the server was not asked: by the client's own count, or by an earlier
    answer, it would have refused. ``status`` is 429 either way.
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
    "APIError",
    "ArgumentError",
    "ArgumentTypeError",
    "AuthenticationError",
    "BadRequestError",
    "ClientStateError",
    "ConflictError",
    "ConnectError",
    "DecodeError",
    "EmnifyError",
    "ErrorDetail",
    "GoneError",
    "MethodNotAllowedError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PermissionDeniedError",
    "ProtocolError",
    "QuotaExhaustedError",
    "RateLimitError",
    "ResponseTooLargeError",
    "ServerError",
    "StoreError",
    "ThrottleError",
    "TimeoutError",
    "TransportError",
    "UnsupportedMediaTypeError",
    "ValidationError",
]
