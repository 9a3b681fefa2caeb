"""Protect work from asyncio's own cancellation by running it in a task of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import anyio

from aioemnify._event_loop import asyncio_loop

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")


async def run_shielded(work: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
    """Run ``work`` where only a cancel scope can cancel it, and return its result.

    httpcore protects its cleanup with cancel scopes (encode/httpcore#726). ``task.cancel()``, and with it
    ``asyncio.timeout``, ignores these, because asyncio has no shield for a block of code
    (python/cpython#99714). A pool that is interrupted this way loses connections for good
    (encode/httpcore#1093). So under asyncio the work runs in a task of its own. A caller that is cancelled
    cancels the scope around the work and waits until it has ended. Trio has only cancel scopes.

    Returns:
        ``None`` if somebody else cancelled the work.
    """
    if not _in_asyncio_task():
        return await work()
    scope = anyio.CancelScope()
    loop = asyncio_loop()
    ended: asyncio.Future[None] = loop.create_future()
    task = loop.create_task(_run_in_scope(scope, work, ended))
    # A task that is cancelled before its first step cannot set the future itself.
    task.add_done_callback(partial(_set, ended))
    try:
        await ended
    except BaseException:
        scope.cancel()
        with anyio.CancelScope(shield=True):
            while not task.done():
                # A second cancellation does not end the wait: the connection has to be cleaned up first.
                with suppress(anyio.get_cancelled_exc_class()):
                    await _end_of(task)
        if not task.cancelled():
            task.exception()  # retrieved, so that asyncio does not log it; the caller gets the cancellation
        raise
    return None if task.cancelled() else task.result()


def _in_asyncio_task() -> bool:
    if "asyncio" not in sys.modules:
        return False
    from asyncio import current_task  # a program on trio need not load asyncio

    try:
        # None where trio is a guest of asyncio's loop.
        return current_task() is not None
    except RuntimeError:
        return False


async def _run_in_scope(
    scope: anyio.CancelScope, work: Callable[[], Coroutine[Any, Any, T]], ended: asyncio.Future[None]
) -> T | None:
    try:
        with scope:
            return await work()
        return None
    finally:
        # The task ends with this step. Set here, the future wakes the caller one turn of the loop earlier
        # than the task's callback would.
        _set(ended)


def _set(future: asyncio.Future[None], _task: object = None) -> None:
    if not future.done():
        future.set_result(None)


def _end_of(task: asyncio.Task[Any]) -> asyncio.Future[None]:
    """Return a future for the end of a task. Cancelling the future does not cancel the task."""
    ended: asyncio.Future[None] = task.get_loop().create_future()
    task.add_done_callback(partial(_set, ended))
    return ended
