"""What a run must not leave behind: open descriptors, threads, tasks, and warnings about them."""

from __future__ import annotations

import gc
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DESCRIPTORS = Path("/proc/self/fd")
SOCKETS, LISTENING = Path("/proc/net/tcp"), "0A"
PATIENCE = 10.0

CACHED_THREADS = ("Trio thread", "AnyIO worker thread", "asyncio_")
"""Threads that event loops keep for the next work, and end by themselves."""


def descriptors() -> dict[str, str]:
    """Return the open descriptors of this process and what they are. Only Linux tells them."""
    found = {}
    for path in DESCRIPTORS.iterdir() if DESCRIPTORS.exists() else ():
        try:
            found[path.name] = str(path.readlink())
        except OSError:  # that of the listing itself
            continue
    return found


def told(name: str) -> str:
    """Return the name of a descriptor; of a TCP socket with its ports, which tell whose it is.

    One that is left may be of the client, of a user-supplied pool, or of the campaign's own server: it once
    was a server of the schedule before, which listened again after it was closed.
    """
    for line in SOCKETS.read_text().splitlines() if SOCKETS.exists() else ():
        _, here, there, state, *rest = line.split()
        if name == f"socket:[{rest[5]}]":
            ports = " -> ".join(str(int(end.rpartition(":")[2], 16)) for end in (here, there))
            return f"{name}, ports {ports}{', listening' if state == LISTENING else ''}"
    return name


def threads() -> set[str]:
    """Return the threads that run now, without those that event loops keep."""
    return {
        f"{thread.name} ({thread.ident})"
        for thread in threading.enumerate()
        if not thread.name.startswith(CACHED_THREADS)
    }


class Leaks:
    """Compares what is there at the end of a run with what was there before it."""

    def __init__(self) -> None:
        self._descriptors = set(descriptors().values())
        self._threads = threads()
        self.found: list[tuple[str, str]] = []
        """What was left behind: its kind, and what it is."""

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Collect what Python says about things that nobody closed, awaited or handled."""
        hooks = warnings.showwarning, sys.unraisablehook, threading.excepthook
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = self._warned
            sys.unraisablehook = self._unraisable
            threading.excepthook = self._in_thread
            try:
                yield
                gc.collect()
            finally:
                warnings.showwarning, sys.unraisablehook, threading.excepthook = hooks

    def check(self) -> None:
        """Look for descriptors and threads that are still there after a while."""
        until = time.monotonic() + PATIENCE
        while (left := self._left()) and time.monotonic() < until:
            time.sleep(0.005)
        self.found += left

    def _left(self) -> list[tuple[str, str]]:
        opened = sorted(set(descriptors().values()) - self._descriptors)
        running = sorted(threads() - self._threads)
        return [("a descriptor", told(name)) for name in opened] + [("a thread", name) for name in running]

    def loop_complains(self, _loop: Any, context: dict[str, Any]) -> None:
        """Note what asyncio says to the exception handler of its loop."""
        self.found.append(("a message of asyncio", f"{context.get('message')} {context.get('exception')!r}"))

    def _warned(self, message: Warning | str, category: type[Warning], *rest: Any, **more: Any) -> None:
        begin = " ".join(str(message).split()[:2])
        self.found.append((f"{category.__name__}, {begin}", str(message)))

    def _unraisable(self, event: Any) -> None:
        self.found.append(("an error nobody saw", f"{event.exc_value!r} in {event.object!r}"))

    def _in_thread(self, event: Any) -> None:
        self.found.append(("an error nobody saw", f"{event.exc_value!r} in {event.thread}"))
