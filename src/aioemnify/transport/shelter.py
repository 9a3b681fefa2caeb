"""A task of its own for what asyncio's own cancellation must not reach into."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import anyio

T = TypeVar("T")


async def sheltered(work: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
    """Do ``work`` where it is cancelled only by a scope, and return what it returns.

    The pool of connections withstands the cancellation of a scope. ``task.cancel()``, and with it
    ``asyncio.timeout``, gets into places that scopes do not, and loses connections for good; so
    under asyncio the work has a task of its own, and a caller that is cancelled waits until the
    scope around it has ended it. Trio knows scopes alone.

    Returns:
        ``None`` if the work was cancelled by somebody else.
    """
    if not _in_a_task_of_asyncio():
        return await work()
    scope = anyio.CancelScope()
    task = asyncio.get_running_loop().create_task(_within(scope, work))
    try:
        await _ended(task)
    except BaseException:
        scope.cancel()
        with anyio.CancelScope(shield=True):
            while not task.done():
                # Whoever cancels twice waits all the same: the connection is not theirs to lose.
                try:
                    await _ended(task)
                except asyncio.CancelledError:
                    continue
        if not task.cancelled():
            task.exception()  # seen: the cancellation is what the caller hears of
        raise
    return None if task.cancelled() else task.result()


def _in_a_task_of_asyncio() -> bool:
    try:
        # None where trio is a guest of asyncio's loop.
        return asyncio.current_task() is not None
    except RuntimeError:
        return False


async def _within(scope: anyio.CancelScope, work: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
    with scope:
        return await work()
    return None


def _ended(task: asyncio.Task[Any]) -> asyncio.Future[None]:
    """Return a future that can be given up without cancelling the task."""
    ended: asyncio.Future[None] = task.get_loop().create_future()

    def tell(_task: object) -> None:
        if not ended.done():
            ended.set_result(None)

    task.add_done_callback(tell)
    return ended
