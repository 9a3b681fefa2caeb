"""Asyncio client for the emnify REST API.

Each name is loaded on first use, so that ``import aioemnify`` is cheap. ``aioemnify.transport`` is private.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aioemnify import errors as errors
    from aioemnify import models as models
    from aioemnify import receivers as receivers
    from aioemnify import stores as stores
    from aioemnify._version import __version__ as __version__
    from aioemnify.client import Emnify as Emnify
    from aioemnify.clock import Clock as Clock
    from aioemnify.clock import LoopClock as LoopClock
    from aioemnify.hooks import Hooks as Hooks
    from aioemnify.operation import LimitTable as LimitTable
    from aioemnify.operation import Operation as Operation
    from aioemnify.options import CallOptions as CallOptions
    from aioemnify.options import Estimate as Estimate
    from aioemnify.options import RetryPolicy as RetryPolicy
    from aioemnify.options import Throttling as Throttling
    from aioemnify.options import Timeouts as Timeouts
    from aioemnify.options import Wait as Wait
    from aioemnify.pagination import Pages as Pages
    from aioemnify.polling.follower import EventFollower as EventFollower
    from aioemnify.polling.wait import wait_until as wait_until
    from aioemnify.pool import EmnifyPool as EmnifyPool
    from aioemnify.serialization.rows import to_row as to_row
    from aioemnify.stores.file import FileStore as FileStore
    from aioemnify.stores.memory import MemoryStore as MemoryStore
    from aioemnify.stores.protocols import LimitStore as LimitStore
    from aioemnify.stores.redis import RedisStore as RedisStore
    from aioemnify.tables.limits import LIMITS as LIMITS
    from aioemnify.tables.operations import OPERATIONS as OPERATIONS
    from aioemnify.transport.auth.credentials import ApplicationToken as ApplicationToken
    from aioemnify.transport.auth.credentials import StaticToken as StaticToken
    from aioemnify.transport.auth.credentials import UserPassword as UserPassword
    from aioemnify.transport.throttle.snapshot import LimitUse as LimitUse
    from aioemnify.transport.throttle.snapshot import ThrottleSnapshot as ThrottleSnapshot
    from aioemnify.types import UNSET as UNSET
    from aioemnify.types import CallResponse as CallResponse
    from aioemnify.types import Created as Created
    from aioemnify.types import Page as Page
    from aioemnify.types import WalkReport as WalkReport

# Module to names, for the interpreter; type checkers read the imports above.
_NAMES = {
    "": ["errors", "models", "receivers", "stores"],
    "_version": ["__version__"],
    "client": ["Emnify"],
    "clock": ["Clock", "LoopClock"],
    "hooks": ["Hooks"],
    "operation": ["LimitTable", "Operation"],
    "options": ["CallOptions", "Estimate", "RetryPolicy", "Throttling", "Timeouts", "Wait"],
    "pagination": ["Pages"],
    "polling.follower": ["EventFollower"],
    "polling.wait": ["wait_until"],
    "pool": ["EmnifyPool"],
    "tables.limits": ["LIMITS"],
    "tables.operations": ["OPERATIONS"],
    "serialization.rows": ["to_row"],
    "stores.file": ["FileStore"],
    "stores.memory": ["MemoryStore"],
    "stores.protocols": ["LimitStore"],
    "stores.redis": ["RedisStore"],
    "transport.auth.credentials": ["ApplicationToken", "StaticToken", "UserPassword"],
    "transport.throttle.snapshot": ["LimitUse", "ThrottleSnapshot"],
    "types": ["UNSET", "CallResponse", "Created", "Page", "WalkReport"],
}
_HOMES = dict(sorted((name, home) for home, names in _NAMES.items() for name in names))

__all__ = list(_HOMES)


if not TYPE_CHECKING:  # type checkers find misspelt names without it

    def __getattr__(name: str) -> Any:
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = (
            getattr(import_module(f"{__name__}.{home}"), name)
            if home
            else import_module(f"{__name__}.{name}")
        )
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
