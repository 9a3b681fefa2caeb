"""Wait for states that settle, and follow events: calls that are repeated until something is there."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aioemnify.polling.follower import EventFollower as EventFollower
    from aioemnify.polling.wait import wait_until as wait_until
    from aioemnify.polling.waiters import wait_for as wait_for

# Loaded on first use. wait_for is for the resources.
_HOMES = {"EventFollower": "follower", "wait_for": "waiters", "wait_until": "wait"}

__all__ = ["EventFollower", "wait_until"]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"aioemnify.polling.{home}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
