"""Asyncio client for the emnify REST API.

Each name is loaded on first use, so that ``import aioemnify`` is cheap. ``aioemnify.transport`` is private.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aioemnify import errors, models, stores
    from aioemnify._version import __version__
    from aioemnify.client import Emnify
    from aioemnify.clock import Clock, LoopClock
    from aioemnify.operation import LimitTable, Operation
    from aioemnify.options import CallOptions, Estimate, RetryPolicy, Throttling, Timeouts, Wait
    from aioemnify.pagination import Page, Pages
    from aioemnify.resources._limits import LIMITS
    from aioemnify.resources._operations import OPERATIONS
    from aioemnify.stores.file import FileStore
    from aioemnify.stores.memory import MemoryStore
    from aioemnify.stores.protocols import LimitStore
    from aioemnify.stores.redis import RedisStore
    from aioemnify.transport.auth.credentials import ApplicationToken, StaticToken, UserPassword
    from aioemnify.transport.throttle.snapshot import LimitUse, ThrottleSnapshot
    from aioemnify.types import UNSET, Created

_HOMES = {
    "ApplicationToken": "transport.auth.credentials",
    "CallOptions": "options",
    "Clock": "clock",
    "Created": "types",
    "Emnify": "client",
    "Estimate": "options",
    "FileStore": "stores.file",
    "LIMITS": "resources._limits",
    "LimitStore": "stores.protocols",
    "LimitTable": "operation",
    "LimitUse": "transport.throttle.snapshot",
    "LoopClock": "clock",
    "MemoryStore": "stores.memory",
    "OPERATIONS": "resources._operations",
    "Operation": "operation",
    "Page": "pagination",
    "Pages": "pagination",
    "RedisStore": "stores.redis",
    "RetryPolicy": "options",
    "StaticToken": "transport.auth.credentials",
    "ThrottleSnapshot": "transport.throttle.snapshot",
    "Throttling": "options",
    "Timeouts": "options",
    "UNSET": "types",
    "UserPassword": "transport.auth.credentials",
    "Wait": "options",
    "__version__": "_version",
    "errors": "",
    "models": "",
    "stores": "",
}

__all__ = [
    "LIMITS",
    "OPERATIONS",
    "UNSET",
    "ApplicationToken",
    "CallOptions",
    "Clock",
    "Created",
    "Emnify",
    "Estimate",
    "FileStore",
    "LimitStore",
    "LimitTable",
    "LimitUse",
    "LoopClock",
    "MemoryStore",
    "Operation",
    "Page",
    "Pages",
    "RedisStore",
    "RetryPolicy",
    "StaticToken",
    "ThrottleSnapshot",
    "Throttling",
    "Timeouts",
    "UserPassword",
    "Wait",
    "__version__",
    "errors",
    "models",
    "stores",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = (
        getattr(import_module(f"{__name__}.{home}"), name) if home else import_module(f"{__name__}.{name}")
    )
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
