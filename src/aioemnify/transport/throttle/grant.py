"""A call that was admitted: its place in all of its limits until its exchange is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.transport.throttle.limits import Limit

if TYPE_CHECKING:
    from aioemnify.transport.throttle.limiter import Limiter


class Grant:
    """A call's place in all of its limits, from admission until the exchange is over."""

    __slots__ = ("_throttle", "answered", "limits", "over", "sent_at", "turn")

    def __init__(self, throttle: Limiter, limits: tuple[Limit, ...], turn: int) -> None:
        self._throttle = throttle
        self.limits: tuple[Limit, ...] = limits
        self.turn: int = turn
        self.sent_at: float | None = None
        self.answered: bool = False
        self.over: bool = False

    def sent(self) -> None:
        """Say that the request is being sent: from now on the server may count it."""
        if self.sent_at is None and not self.over:
            self._throttle.note_sent(self)

    def headers_received(self) -> None:
        """Say that response headers have come."""
        if not self.answered and not self.over:
            self._throttle.note_headers(self)

    def end(self) -> None:
        """Say that the exchange is over, however it went; one never sent gives its places back."""
        if not self.over:
            self._throttle.note_end(self)
