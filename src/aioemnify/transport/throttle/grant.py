"""A call that was admitted: its slots in all of its limits until its exchange is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

import anyio
from attrs import define

from aioemnify.errors import Phase, TimeoutError
from aioemnify.options import Priority, Wait
from aioemnify.transport.throttle.limits import Limit

KEPT_OPEN = 5.0
"""Seconds for which a call keeps its connection open until it has new slots. A server closes idle ones."""

WaitHook: TypeAlias = Callable[[Wait], Callable[[], None] | None]
"""Is called before a call waits, and returns what is called after the wait, however it ends."""

Admission: TypeAlias = tuple[
    tuple[Limit, ...], float, str | None, Priority, int | None, object, WaitHook | None
]
"""What a call was admitted with: the arguments of ``Limiter.admit``."""


class GrantListener(Protocol):
    """What counts a grant's call: the limiter."""

    def admit(
        self,
        limits: tuple[Limit, ...],
        deadline: float,
        operation: str | None,
        priority: Priority,
        turn: int | None,
        client: object,
        on_wait: WaitHook | None,
    ) -> Awaitable[Grant]:
        """Admit its call again."""

    def may_send(self, grant: Grant, phase: Phase) -> bool:
        """Return whether its slots are good for a request that leaves now."""

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
    deadline: float
    operation: str | None
    # Admits its call again, at its turn; nothing once the exchange is over.
    again: Admission | None
    sent_at: float | None = None
    answered: bool = False
    over: bool = False
    # Its event loop had stopped, and others have its slots.
    revoked: bool = False
    # Of whoever makes the call: raises where it must not be sent any more.
    check: Callable[[], None] | None = None

    async def before_sending(self, phase: Phase) -> Grant:
        """Check the call again immediately before its first byte: its event loop may have stood still.

        Where others have its slots, or they are too old for those who share a store, it takes new ones.

        Returns:
            The grant of the call: this one, or one with new slots.

        Raises:
            TimeoutError: its deadline has passed, or there were no new slots while its connection was open.
            TransportError: whoever makes it does not want it to be sent any more.
        """
        grant, check = self, self.check
        while (again := grant.again) is not None and not self._listener.may_send(grant, phase):
            grant.end()
            with anyio.move_on_after(KEPT_OPEN) as scope:
                grant = await self._listener.admit(*again)
            if scope.cancelled_caught:
                text = f"{self.operation} was not sent: its slots went to others while it was connecting"
                raise TimeoutError(text, phase="queue", operation=self.operation)
        if check is not None:
            check()
            grant.check = check
        return grant

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
            # They refer to the client, and a user-supplied transport may keep its requests.
            self.again = self.check = None
            self._listener.note_end(self)
