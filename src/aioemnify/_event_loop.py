"""The event loop that a task runs in, asyncio's or trio's, and an event for one waiting task.

Neither asyncio nor trio is imported before its loop runs: asyncio alone takes a quarter of the time
that importing the client may take.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Protocol

import anyio

if TYPE_CHECKING:
    import asyncio

    from trio.lowlevel import TrioToken


def trio_token() -> TrioToken | None:
    """Return the token of the running trio loop, which may be a guest of another loop; or ``None``."""
    # A task of trio runs only after trio was imported, so users of asyncio never load it.
    if "trio" not in sys.modules:
        return None
    import trio

    # Where trio is a guest, tasks of the loop that hosts it run in the same thread.
    return trio.lowlevel.current_trio_token() if trio.lowlevel.in_trio_task() else None


def running_loop() -> TrioToken | asyncio.AbstractEventLoop:
    """Return the running event loop, or the token of trio's.

    Raises:
        RuntimeError: none runs in this thread.
    """
    # Every call gets here, and an import statement takes three times as long.
    modules = sys.modules
    if "trio" in modules and (token := trio_token()) is not None:
        return token
    if "asyncio" not in modules:
        raise RuntimeError("no event loop runs in this thread")
    loop: asyncio.AbstractEventLoop = modules["asyncio"].get_running_loop()
    return loop


def call_soon(loop: Any, callback: Callable[[], object]) -> None:
    """Have an event loop, as ``running_loop`` returned it, call something; from any thread.

    Raises:
        RuntimeError: it is closed.
    """
    # Loops of asyncio have the one method, tokens of trio the other.
    (getattr(loop, "call_soon_threadsafe", None) or loop.run_sync_soon)(callback)


def is_closed(loop: Any) -> bool:
    """Return whether an event loop is closed; ``False`` for trio, whose tokens do not say."""
    ask = getattr(loop, "is_closed", None)
    return ask is not None and ask()


def asyncio_loop() -> asyncio.AbstractEventLoop:
    """Return the running loop of asyncio, which is loaded then."""
    loop: asyncio.AbstractEventLoop = sys.modules["asyncio"].get_running_loop()
    return loop


def start_task(
    work: Callable[[], Coroutine[Any, Any, None]], ended: Callable[[], object], name: str
) -> object:
    """Run ``work`` in a task that belongs to the event loop, outside every cancel scope of the caller.

    Args:
        work: raises nothing but cancellation, because nobody gets its errors.
        ended: is called when the task has ended, also if asyncio cancelled it before its first step.
        name: the name of the task.

    Returns:
        The task, to be kept until it ends: asyncio itself has only a weak reference to it.
    """
    if trio_token() is not None:
        from trio.lowlevel import spawn_system_task

        async def run() -> None:
            try:
                await work()
            finally:
                ended()

        return spawn_system_task(run, name=name, context=copy_context())
    task = asyncio_loop().create_task(work(), name=name)
    task.add_done_callback(lambda _task: ended())
    return task


class BackgroundTasks:
    """Tasks that no call waits for. Each belongs to the event loop that started it."""

    def __init__(self) -> None:
        self._running: dict[anyio.Event, tuple[object, object]] = {}

    def start(
        self, work: Callable[[], Coroutine[Any, Any, None]], ended: Callable[[], object], name: str
    ) -> None:
        """Run ``work`` in a task of the running event loop; the arguments are those of ``start_task``."""
        done = anyio.Event()

        def end() -> None:
            self._running.pop(done, None)
            done.set()
            ended()

        self._running[done] = running_loop(), start_task(work, end, name)

    async def finish(self) -> None:
        """Wait until those of the running event loop have ended."""
        here = running_loop()
        while mine := [done for done, (loop, _) in list(self._running.items()) if loop == here]:
            await mine[0].wait()


class Event(Protocol):
    """The part of an event of anyio that clocks use."""

    def set(self) -> object: ...
    def is_set(self) -> bool: ...
    async def wait(self) -> None: ...


class SingleWaiterEvent:
    """An event of asyncio for one waiting task at a time.

    It holds a single future and takes a quarter of the memory of ``asyncio.Event``, which matters to the
    garbage collector when thousands of calls wait.
    """

    __slots__ = ("_future", "_set")

    def __init__(self) -> None:
        self._set = False
        self._future: asyncio.Future[None] | None = None

    def set(self) -> None:
        """Wake the waiting task; call it in that task's loop."""
        self._set = True
        if self._future is not None and not self._future.done():
            self._future.set_result(None)

    def is_set(self) -> bool:
        return self._set

    async def wait(self) -> None:
        """Wait until it is set; a task that was cancelled may wait again."""
        if not self._set:
            if self._future is not None and not self._future.done():
                raise RuntimeError("another task is already waiting for this event")
            self._future = asyncio_loop().create_future()
            await self._future
