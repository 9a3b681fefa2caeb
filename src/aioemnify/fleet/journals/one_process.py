"""What a journal has to say of other processes where there are none: its file is one process's alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from aioemnify.fleet.journals.items import Item


class OneProcess:
    """A journal that no other process can have open: its items need no claims, leases and take-overs."""

    shared: bool = False
    claim_again: float = 0.0

    async def keep_claims(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Return at once: no other process can open the file."""

    def is_current(self, items: Sequence[Item]) -> bool:
        """Return true: nobody else can have taken anything over."""
        return True

    def release(self, items: Sequence[Item] | None = None) -> None:
        """Do nothing: what waits is there for the next run."""
