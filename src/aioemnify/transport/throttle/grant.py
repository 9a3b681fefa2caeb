"""A call that was admitted: its slots in all of its limits until its exchange is over."""

from __future__ import annotations

from typing import Protocol

from attrs import define

from aioemnify.transport.throttle.limits import Limit


class GrantListener(Protocol):
    """What counts a grant's call: the limiter."""

    def note_sent(self, grant: Grant) -> None:
        """Count that its request is being sent."""

    def note_headers(self, grant: Grant) -> None:
        """Count that response headers have come."""

    def note_end(self, grant: Grant) -> None:
        """Count that its exchange is over."""


@define(eq=False, weakref_slot=False)
class Grant:
    """A call's slots in all of its limits, from admission until the exchange is over."""

    _listener: GrantListener
    limits: tuple[Limit, ...]
    turn: int
    loop: object
    sent_at: float | None = None
    answered: bool = False
    over: bool = False
    # Its event loop had stopped, and others have its slots.
    revoked: bool = False

    def sent(self) -> None:
        """Tell that the request is being sent: from now on the server may count it."""
        if self.sent_at is None and not self.over:
            self._listener.note_sent(self)

    def headers_received(self) -> None:
        """Tell that response headers have come."""
        if self.sent_at is not None and not self.answered and not self.over:
            self.answered = True
            self._listener.note_headers(self)

    def end(self) -> None:
        """Tell that the exchange is over, whatever came of it."""
        if not self.over:
            self.over = True
            self._listener.note_end(self)
