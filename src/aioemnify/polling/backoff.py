"""How long to wait between two calls, and which failures to sit out."""

from __future__ import annotations

from aioemnify.errors import (
    DecodeError,
    EmnifyError,
    QuotaExhaustedError,
    RateLimitError,
    ServerError,
    ThrottleError,
    TransportError,
)

_TEMPORARY = (TransportError, ServerError, RateLimitError, ThrottleError, DecodeError)
"""A gateway's page with status 200 is a ``DecodeError``."""


def is_temporary(error: EmnifyError) -> bool:
    """Return whether the same call may succeed later. A month's quota that is used up lasts too long."""
    return isinstance(error, _TEMPORARY) and not isinstance(error, QuotaExhaustedError)


class Backoff:
    """Pauses in seconds, each longer than the one before it.

    Args:
        first: the first pause.
        factor: by which each pause is longer.
        most: the longest pause.
    """

    def __init__(self, first: float, factor: float, most: float) -> None:
        self._first = self._next = first
        self._factor = factor
        self._most = most

    def pause(self) -> float:
        """Return the next pause."""
        pause = self._next
        self._next = min(self._most, pause * self._factor)
        return pause

    def reset(self) -> None:
        """Begin again with the first pause."""
        self._next = self._first
