"""Errors of the client itself: the server has not refused anything."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from aioemnify.errors.root import EmnifyError


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
