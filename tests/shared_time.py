"""Virtual time for several threads, each with an event loop of its own.

Time passes only when every loop is idle, and then for all of them together. A loop that another thread has
called is not idle until it has run what it was given.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine
from math import inf
from typing import Any


class SharedTime:
    """The time of several loops, and which of them are idle until when."""

    def __init__(self) -> None:
        self.now = 0.0
        self.changed = threading.Condition()
        self.running: set[SharedLoop] = set()
        self.idle: dict[SharedLoop, float] = {}

    def rest(self, loop: SharedLoop, timeout: float | None) -> None:
        """Let a loop rest until its next timer is due or somebody calls it."""
        with self.changed:
            if loop.called:
                return
            due = self.idle[loop] = inf if timeout is None else self.now + timeout
            if len(self.idle) == len(self.running):
                self._pass()
            while loop in self.idle and self.now < due:
                # The bound is real time, and met only where the test would hang.
                if not self.changed.wait(30):
                    raise RuntimeError("deadlock: the other loops do not come to rest")
            self.idle.pop(loop, None)

    def _pass(self) -> None:
        moment = min(self.idle.values())
        if moment == inf:
            raise RuntimeError("deadlock: every loop is idle and nothing is scheduled")
        self.now = moment
        for loop in [loop for loop, due in self.idle.items() if due <= moment]:
            del self.idle[loop]
        self.changed.notify_all()

    def call(self, loop: SharedLoop) -> None:
        """Know that another thread has given a loop something to do."""
        with self.changed:
            loop.called = True
            self.idle.pop(loop, None)
            self.changed.notify_all()

    def leave(self, loop: SharedLoop) -> None:
        """Let a loop be over; the others go on without it."""
        with self.changed:
            self.running.discard(loop)
            if self.idle and len(self.idle) == len(self.running):
                self._pass()


class _RestingSelector(selectors.DefaultSelector):
    loop: SharedLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout != 0:
            self.loop.shared.rest(self.loop, timeout)
            ready = super().select(0)
        self.loop.called = False
        return ready


class SharedLoop(asyncio.SelectorEventLoop):
    """An asyncio loop whose time is that of all loops."""

    def __init__(self, shared: SharedTime) -> None:
        self.shared = shared
        self.called = False
        selector = _RestingSelector()
        selector.loop = self
        super().__init__(selector)
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self.shared.now

    def call_soon_threadsafe(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:
        handle = super().call_soon_threadsafe(callback, *args, context=context)
        self.shared.call(self)
        return handle


def run_in_threads(*mains: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run each function in a loop and a thread of its own, all in one time, and raise what they raise."""
    shared, failures = SharedTime(), []
    loops = [SharedLoop(shared) for _ in mains]
    shared.running.update(loops)

    def work(loop: SharedLoop, main: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(main())
        except BaseException as error:
            failures.append(error)
        finally:
            shared.leave(loop)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(loops, mains, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
    if failures:
        raise BaseExceptionGroup("in the threads", failures)
