"""One thread with one event loop, in which all blocking clients of this process make their calls.

A call is one switch to that thread and one back (34 us). A portal of anyio switches twice: it waits until the
task has been started, too (80 us). And in its older versions the interpreter waits for the thread at exit.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, wait
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from inspect import isawaitable
from typing import Any

from aioemnify.errors import ClientStateError

CLEANUP = 2.0
"""Seconds in which a cancelled call may end: it frees its places in the limits and its connection."""


class Portal:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._stopped = False
        ready: Future[asyncio.AbstractEventLoop] = Future()
        # A daemon: the interpreter does not wait for it.
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name="aioemnify.blocking", daemon=True
        )
        self._thread.start()
        self._loop = ready.result()

    def _run(self, ready: Future[asyncio.AbstractEventLoop]) -> None:
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            ready.set_result(loop)
            while not self._stopped:
                # Raised by a callback of the user, such as on_wait=. The call that it ends raises it, too.
                with suppress(KeyboardInterrupt, SystemExit):
                    loop.run_forever()

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function in the event loop, await the coroutine that it returns, and return the result.

        If the caller is interrupted, as by Ctrl-C, the call is cancelled.

        Raises:
            ClientStateError: the caller is a callback that runs in the event loop itself.
        """
        if threading.current_thread() is self._thread:
            raise ClientStateError(
                "a callback of the client called it, and runs in the thread that would have to make the "
                "call: let it note what to do, and do that when the call that is under way has returned"
            )
        call = _Call(partial(function, *args, **kwargs))
        outer = _inner_calls.get()
        if outer is not None:
            outer.add(call)
        try:
            self._loop.call_soon_threadsafe(call.begin)
            return call.outcome.result()
        except BaseException:
            if not call.outcome.done():
                self._loop.call_soon_threadsafe(call.cancel)
                wait([call.outcome], CLEANUP)
            raise
        finally:
            if outer is not None:
                outer.discard(call)
            del call  # it holds the error, whose traceback holds this frame

    def start(self, coroutine: Coroutine[Any, Any, object]) -> None:
        """Run a coroutine in the event loop and do not wait for it; from any thread."""
        asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def stop(self) -> None:
        """Cancel what is under way, and end the thread, unless a callback holds it."""
        self._stopped = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLEANUP)


class _Call:
    """A call that one thread waits for and the event loop makes."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function
        self._task: asyncio.Task[Any] | None = None
        self.outcome: Future[Any] = Future()

    def begin(self) -> None:
        if self.outcome.cancelled():
            return
        self._task = asyncio.get_running_loop().create_task(_awaited(self._function))
        self._task.add_done_callback(self._end)

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
        else:
            self._give_up()  # the caller was interrupted before it could begin

    def _end(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled():
            self._give_up()
        elif (error := task.exception()) is not None:
            self.outcome.set_exception(error)
        else:
            self.outcome.set_result(task.result())

    def _give_up(self) -> None:
        self.outcome.cancel()
        self.outcome.set_running_or_notify_cancel()


_inner_calls: ContextVar[set[_Call] | None] = ContextVar("inner_calls", default=None)
"""The calls that a function makes which runs in a worker thread for another call."""


async def in_thread(function: Callable[[], Any]) -> Any:
    """Call a function in a worker thread, which may make calls. They are cancelled with this one."""
    inner: set[_Call] = set()
    _inner_calls.set(inner)
    try:
        result = await asyncio.to_thread(function)
        # Of a lambda, or of an object with an async __call__: neither looks async.
        return await result if isawaitable(result) else result
    except asyncio.CancelledError:
        for call in list(inner):
            call.cancel()
        raise


async def _awaited(function: Callable[[], Any]) -> Any:
    result = function()
    return await result if isinstance(result, Coroutine) else result


_lock = threading.Lock()
_current: Portal | None = None
_of_parents: list[Portal | None] = []


def portal() -> Portal:
    """Return the portal of this process; the first call starts its thread."""
    global _current  # noqa: PLW0603 - one for the process
    here = _current
    if here is None:
        with _lock:
            here = _current = _current or Portal()
    return here


def running_portal() -> Portal | None:
    """Return the portal of this process, if there is one; for finalizers, which must not take a lock."""
    return _current


def _after_fork() -> None:
    """Let a child process start a thread of its own: that of its parent does not exist there."""
    global _lock, _current  # noqa: PLW0603 - a lock cannot be renewed in place
    _lock = threading.Lock()
    _of_parents.append(_current)  # closing its loop here would reach into that of the parent
    _current = None


def _at_exit() -> None:
    global _current
    with _lock:
        ending, _current = _current, None
    if ending is not None:
        ending.stop()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
