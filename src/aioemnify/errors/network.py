"""Errors without a usable response."""

from __future__ import annotations

import builtins
from typing import Literal

from aioemnify.errors.root import EmnifyError

Phase = Literal["queue", "authenticate", "connect", "pool", "send", "response", "backoff"]
"""What a call was doing when its time ran out."""


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
