"""Stores: where processes share one budget and one token, and what a store of your own has to do.

``FileStore`` serves the processes of a machine, ``RedisStore`` those of any number of hosts, and
``MemoryStore`` gives some clients of a process a budget of their own. Pass the same one, or one with
the same address, to all clients that share::

    from aioemnify import Emnify
    from aioemnify.stores import FileStore

    async with Emnify(store=FileStore("emnify.db")) as emnify: ...

A store opens on its first use. It closes with the last client of this process that shares it, with
``aclose``, or at the end of ``async with store``; used again, it opens again. All sharers need the same
``throttling``.

A store of your own is a class with the methods of ``LimitStore``, and those of ``TokenStore`` if it
keeps tokens too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify._lazy_names import lazy_names
from aioemnify.stores.protocols import (
    LimitRequest,
    LimitRequestKind,
    LimitStore,
    Reservation,
    StoredToken,
    TokenStore,
    UsageReport,
)

if TYPE_CHECKING:
    from aioemnify.stores.file import FileStore
    from aioemnify.stores.memory import MemoryStore
    from aioemnify.stores.redis import RedisStore

# Loaded on first use: sqlite3 is not wanted by everybody.
_HOMES = {"FileStore": "file", "MemoryStore": "memory", "RedisStore": "redis"}

__all__ = [
    "FileStore",
    "LimitRequest",
    "LimitRequestKind",
    "LimitStore",
    "MemoryStore",
    "RedisStore",
    "Reservation",
    "StoredToken",
    "TokenStore",
    "UsageReport",
]


if not TYPE_CHECKING:  # type checkers find misspelt names without it
    __getattr__ = lazy_names(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
