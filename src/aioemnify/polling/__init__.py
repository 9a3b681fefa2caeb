"""Wait for states that settle, and follow events: calls that are repeated until something is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify._lazy_names import lazy_names

if TYPE_CHECKING:
    from aioemnify.polling.follower import EventFollower as EventFollower
    from aioemnify.polling.wait import wait_until as wait_until
    from aioemnify.polling.waiters import wait_for as wait_for

# Loaded on first use. wait_for is for the resources.
_HOMES = {"EventFollower": "follower", "wait_for": "waiters", "wait_until": "wait"}

__all__ = ["EventFollower", "wait_until"]


if not TYPE_CHECKING:  # type checkers find misspelt names without it
    __getattr__ = lazy_names(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
