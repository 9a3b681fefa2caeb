"""Errors of what the platform pushes."""

from __future__ import annotations

from aioemnify.errors.root import EmnifyError


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
