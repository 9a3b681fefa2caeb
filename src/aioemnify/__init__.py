"""Asyncio client for the emnify REST API.

Everything is loaded on first use, so that ``import aioemnify`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aioemnify import errors, models
    from aioemnify.client import Emnify
    from aioemnify.created import Created
    from aioemnify.operation import LimitTable, Operation
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Page, Pages
    from aioemnify.resources._limits import LIMITS
    from aioemnify.resources._operations import OPERATIONS
    from aioemnify.transport.clock import Clock, LoopClock
    from aioemnify.transport.credentials import ApplicationToken, StaticToken, UserPassword
    from aioemnify.transport.http import Timeouts
    from aioemnify.transport.retry import RetryPolicy
    from aioemnify.unset import UNSET
    from aioemnify.version import __version__

_HOMES = {
    "ApplicationToken": "transport.credentials",
    "CallOptions": "options",
    "Clock": "transport.clock",
    "Created": "created",
    "Emnify": "client",
    "LIMITS": "resources._limits",
    "LimitTable": "operation",
    "LoopClock": "transport.clock",
    "OPERATIONS": "resources._operations",
    "Operation": "operation",
    "Page": "pagination",
    "Pages": "pagination",
    "RetryPolicy": "transport.retry",
    "StaticToken": "transport.credentials",
    "Timeouts": "transport.http",
    "UNSET": "unset",
    "UserPassword": "transport.credentials",
    "__version__": "version",
    "errors": "",
    "models": "",
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
    "LimitTable",
    "LoopClock",
    "Operation",
    "Page",
    "Pages",
    "RetryPolicy",
    "StaticToken",
    "Timeouts",
    "UserPassword",
    "__version__",
    "errors",
    "models",
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
