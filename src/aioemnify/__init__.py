"""Asyncio client for the emnify REST API.

Everything is loaded on first use, so that ``import aioemnify`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aioemnify import errors, models, stores
    from aioemnify.client import Emnify
    from aioemnify.created import Created
    from aioemnify.operation import LimitTable, Operation
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Page, Pages
    from aioemnify.resources._limits import LIMITS
    from aioemnify.resources._operations import OPERATIONS
    from aioemnify.throttling import Estimate, Throttling, Wait
    from aioemnify.transport.clock import Clock, LoopClock
    from aioemnify.transport.credentials import ApplicationToken, StaticToken, UserPassword
    from aioemnify.transport.http import Timeouts
    from aioemnify.transport.retry import RetryPolicy
    from aioemnify.transport.sight import LimitUse, ThrottleSnapshot
    from aioemnify.transport.stores import LimitStore
    from aioemnify.transport.stores.file import FileStore
    from aioemnify.transport.stores.memory import MemoryStore
    from aioemnify.transport.stores.redis import RedisStore
    from aioemnify.unset import UNSET
    from aioemnify.version import __version__

_HOMES = {
    "ApplicationToken": "transport.credentials",
    "CallOptions": "options",
    "Clock": "transport.clock",
    "Created": "created",
    "Emnify": "client",
    "Estimate": "throttling",
    "FileStore": "transport.stores.file",
    "LIMITS": "resources._limits",
    "LimitStore": "transport.stores",
    "LimitTable": "operation",
    "LimitUse": "transport.sight",
    "LoopClock": "transport.clock",
    "MemoryStore": "transport.stores.memory",
    "OPERATIONS": "resources._operations",
    "Operation": "operation",
    "Page": "pagination",
    "Pages": "pagination",
    "RedisStore": "transport.stores.redis",
    "RetryPolicy": "transport.retry",
    "StaticToken": "transport.credentials",
    "ThrottleSnapshot": "transport.sight",
    "Throttling": "throttling",
    "Timeouts": "transport.http",
    "UNSET": "unset",
    "UserPassword": "transport.credentials",
    "Wait": "throttling",
    "__version__": "version",
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
    return sorted({*globals(), *__all__})
