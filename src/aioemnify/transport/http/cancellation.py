"""A task of its own for what asyncio's own cancellation must not reach into."""

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
    """Do ``work`` where it is cancelled only by a scope, and return what it returns.

    A library's pool of connections withstands the cancellation of a scope. ``task.cancel()``, and with it
    ``asyncio.timeout``, gets into places that scopes do not, and loses connections for good; so
    under asyncio the work has a task of its own, and a caller that is cancelled waits until the
    scope around it has ended it. Trio knows scopes alone.

    Returns:
        ``None`` if the work was cancelled by somebody else.
    """
    if not _in_a_task_of_asyncio():
        return await work()
    scope = anyio.CancelScope()
    loop = asyncio_loop()
    over: asyncio.Future[None] = loop.create_future()
    task = loop.create_task(_within(scope, work, over))
    # Where somebody cancels the task before it has begun, it cannot tell itself that it is over.
    task.add_done_callback(partial(_tell, over))
    try:
        await over
    except BaseException:
        scope.cancel()
        with anyio.CancelScope(shield=True):
            while not task.done():
                # Whoever cancels twice waits all the same: the connection is not theirs to lose.
                with suppress(anyio.get_cancelled_exc_class()):
                    await _ended(task)
        if not task.cancelled():
            task.exception()  # seen: the cancellation is what the caller hears of
        raise
    return None if task.cancelled() else task.result()


def _in_a_task_of_asyncio() -> bool:
    if "asyncio" not in sys.modules:
        return False
    from asyncio import current_task  # importing it costs more than a client may, where it is not used

    try:
        # None where trio is a guest of asyncio's loop.
        return current_task() is not None
    except RuntimeError:
        return False


async def _within(
    scope: anyio.CancelScope, work: Callable[[], Coroutine[Any, Any, T]], over: asyncio.Future[None]
) -> T | None:
    try:
        with scope:
            return await work()
        return None
    finally:
        # The task ends with this step of it: who waits goes on at the loop's next turn, not the one after.
        _tell(over)


def _tell(over: asyncio.Future[None], _task: object = None) -> None:
    if not over.done():
        over.set_result(None)


def _ended(task: asyncio.Task[Any]) -> asyncio.Future[None]:
    """Return a future that can be given up without cancelling the task."""
    ended: asyncio.Future[None] = task.get_loop().create_future()

    task.add_done_callback(partial(_tell, ended))
    return ended
