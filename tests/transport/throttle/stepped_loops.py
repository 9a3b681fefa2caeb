"""Event loops that a test runs step by step, stops, blocks and closes, under a clock that it sets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from math import inf
from typing import Any

import anyio
import anyio.from_thread
import trio.testing

from aioemnify._event_loop import Event, call_soon, running_loop
from aioemnify.clock import Clock

TURNS = 30
"""Turns in which whatever can run in a loop of asyncio has run."""


class SteppedClock(Clock):
    """Time that passes only in ``World.run``."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: dict[Event, tuple[float, object]] = {}

    def monotonic(self) -> float:
        return self.now

    async def wait(self, event: Event, seconds: float) -> None:
        self.timers[event] = (self.now + seconds, running_loop())
        try:
            await event.wait()
        finally:
            self.timers.pop(event, None)


class SteppedLoop:
    """An event loop of a test. ``key`` is the loop itself, or trio's token."""

    key: object
    runs = True

    def start(self, function: Callable[..., Awaitable[Any]], *args: Any) -> None:
        """Start a task."""
        raise NotImplementedError

    def step(self) -> None:
        """Let everything run that can, if the loop runs."""
        raise NotImplementedError

    def stop(self) -> None:
        """Run nothing any more."""
        raise NotImplementedError

    def resume(self) -> None:
        """Run again."""
        raise NotImplementedError

    def close(self) -> None:
        """Clean up after the test."""
        raise NotImplementedError


class LoopOfThisThread(SteppedLoop):
    """A loop of asyncio that stops as ``run_until_complete`` does: nobody runs it any more."""

    def __init__(self) -> None:
        self.key = self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda *_: None)
        self.tasks: list[asyncio.Task[Any]] = []

    def start(self, function: Callable[..., Awaitable[Any]], *args: Any) -> None:
        async def call() -> None:
            await function(*args)

        self.tasks.append(self.loop.create_task(call()))

    def step(self) -> None:
        for _ in range(TURNS if self.runs else 0):
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()

    def stop(self) -> None:
        self.runs = False

    def resume(self) -> None:
        self.runs = True

    def close(self) -> None:
        if not self.loop.is_closed():
            for task in self.tasks:
                task.cancel()
            self.resume()
            self.step()
            self.loop.close()


class ClosedLoop(LoopOfThisThread):
    """One that is closed when it stops, with its tasks left in it."""

    def stop(self) -> None:
        super().stop()
        for task in self.tasks:
            # Silence the interpreter about tasks that are left behind on purpose.
            task._log_destroy_pending = False  # type: ignore[attr-defined]
        self.loop.close()


class LoopOfEndedThread(LoopOfThisThread):
    """One whose steps run in a thread each, so that its thread has ended when it stops."""

    def step(self) -> None:
        thread = threading.Thread(target=super().step)
        thread.start()
        thread.join(30)
        assert not thread.is_alive()


class LoopOfOtherThread(SteppedLoop):
    """A loop of either kind in a thread of its own, which stops in a call that blocks it."""

    def __init__(self, backend: str) -> None:
        self._backend = backend
        self._stack = ExitStack()
        self._portal = self._stack.enter_context(anyio.from_thread.start_blocking_portal(backend))
        self._blocked, self._release = threading.Event(), threading.Event()
        self.key = self._portal.call(running_loop)

    def start(self, function: Callable[..., Awaitable[Any]], *args: Any) -> None:
        self._portal.start_task_soon(function, *args)

    def step(self) -> None:
        if self.runs:
            self._portal.call(self._settle)

    async def _settle(self) -> None:
        if self._backend == "trio":
            await trio.testing.wait_all_tasks_blocked()
            return
        for _ in range(TURNS):
            await asyncio.sleep(0)

    def stop(self) -> None:
        async def block() -> None:
            self._blocked.set()
            self._release.wait(30)

        self.runs = False
        self._portal.start_task_soon(block)
        assert self._blocked.wait(30)

    def resume(self) -> None:
        self.runs = True
        self._release.set()

    def close(self) -> None:
        self._release.set()
        self._portal.call(self._portal.stop, True)
        self._stack.close()


def asyncio_thread() -> LoopOfOtherThread:
    """Return a loop of asyncio in a thread of its own."""
    return LoopOfOtherThread("asyncio")


def trio_thread() -> LoopOfOtherThread:
    """Return a loop of trio in a thread of its own."""
    return LoopOfOtherThread("trio")


class World:
    """Several loops in one time, each of which runs when the others rest."""

    def __init__(self, *loops: SteppedLoop) -> None:
        self.clock = SteppedClock()
        self.loops = loops

    def step(self) -> None:
        """Let every loop do what it can, in the order in which they were given."""
        for _ in range(3):
            for loop in self.loops:
                loop.step()

    def run(self, seconds: float = 0.0) -> None:
        """Let time pass. The timers of a loop that has stopped are due when it runs again."""
        end = self.clock.now + seconds
        while True:
            self.step()
            stopped = {loop.key for loop in self.loops if not loop.runs}
            dues = [
                (due, event, loop) for event, (due, loop) in self.clock.timers.items() if loop not in stopped
            ]
            due = min((due for due, _, _ in dues), default=inf)
            if due > end:
                break
            self.clock.now = max(self.clock.now, due)
            for at, event, loop in dues:
                if at <= self.clock.now:
                    call_soon(loop, event.set)
        self.clock.now = end

    def close(self) -> None:
        """Clean up after the test."""
        for loop in self.loops:
            loop.close()
