"""The event loop that a task runs in: which one it is, and what one of its tasks waits for.

Neither asyncio nor trio is loaded before a loop of theirs runs: importing asyncio takes a quarter
of the time that importing the client may take.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import asyncio

    from trio.lowlevel import TrioToken


def trio_token() -> TrioToken | None:
    """Return what stands for the running loop of trio, also where it is the guest of another; or ``None``."""
    # Tasks of trio exist only once it is loaded; looking there first keeps users of asyncio free of it.
    if "trio" not in sys.modules:
        return None
    import trio

    try:
        return trio.lowlevel.current_trio_token()
    except RuntimeError:
        return None


def running_loop() -> TrioToken | asyncio.AbstractEventLoop:
    """Return the running event loop, or the token of trio's.

    Raises:
        RuntimeError: none runs in this thread.
    """
    if "trio" in sys.modules and (token := trio_token()) is not None:
        return token
    return asyncio_loop()


def call_soon(loop: Any, callback: Callable[[], object]) -> None:
    """Have an event loop, as ``running_loop`` returned it, call something; from any thread.

    Raises:
        RuntimeError: it is closed.
    """
    # Loops of asyncio have the one method, tokens of trio the other.
    (getattr(loop, "call_soon_threadsafe", None) or loop.run_sync_soon)(callback)


def asyncio_loop() -> asyncio.AbstractEventLoop:
    """Return the running loop of asyncio.

    Raises:
        RuntimeError: none runs in this thread.
    """
    # Every call comes by here, and an import statement takes three times as long.
    loaded = sys.modules.get("asyncio")
    if loaded is None:
        raise RuntimeError("no event loop runs in this thread")
    loop: asyncio.AbstractEventLoop = loaded.get_running_loop()
    return loop


class Event(Protocol):
    """What is set once, and waited for; all that is used here of an event of anyio."""

    def set(self) -> object:
        """Let those run who wait for it."""
        ...

    def is_set(self) -> bool:
        """Say whether it is set."""
        ...

    async def wait(self) -> None:
        """Wait until it is set."""
        ...


class SingleWaiterEvent:
    """An event of asyncio for which one task waits at a time: a single future, and nothing to search.

    It weighs a quarter of one for many, which tells where thousands wait, most of all in the
    garbage collector.
    """

    __slots__ = ("_future", "_set")

    def __init__(self) -> None:
        self._set = False
        self._future: asyncio.Future[None] | None = None

    def set(self) -> None:
        """Let the task run, in whose loop this is called."""
        self._set = True
        if self._future is not None and not self._future.done():
            self._future.set_result(None)

    def is_set(self) -> bool:
        """Say whether it is set."""
        return self._set

    async def wait(self) -> None:
        """Wait until it is set; one that was cancelled may wait again."""
        if not self._set:
            if self._future is not None and not self._future.done():
                raise RuntimeError("another task waits for this event already")
            self._future = asyncio_loop().create_future()
            await self._future
