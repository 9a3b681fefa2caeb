"""Ctrl-C in two steps: first the job ends in order, then it is cancelled as usual."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

from aioemnify._event_loop import call_soon, running_loop

_logger = logging.getLogger("aioemnify.fleet")

_USUAL = frozenset({"asyncio.runners", "trio._core._ki"})
"""Modules whose handlers cancel the main task; any other one was set by the program, and stays."""


_running: list[tuple[Callable[[], object], str, Any]] = []
"""The jobs that run in the main thread: how each is stopped, its journal, and its event loop."""


@contextmanager
def two_steps(stop: Callable[[], object], name: str) -> Iterator[None]:
    """Let the first Ctrl-C call ``stop``, and the second one do what it did before.

    If several jobs run at once, the first Ctrl-C stops all of them.

    Args:
        stop: is called in the event loop.
        name: of the journal, to continue with.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    if not (_is_ours(before) or _is_usual(before)):
        yield
        return
    job = (stop, name, running_loop())
    _running.append(job)
    if not _is_ours(before):
        signal.signal(signal.SIGINT, partial(_first, before))
    try:
        yield
    finally:
        _running.remove(job)
        now: Any = signal.getsignal(signal.SIGINT)
        if not _running and _is_ours(now):
            signal.signal(signal.SIGINT, now.args[0])


def _is_ours(handler: Any) -> bool:
    return getattr(handler, "func", None) is _first


def _is_usual(handler: Any) -> bool:
    function = getattr(handler, "func", handler)
    return function is signal.default_int_handler or getattr(function, "__module__", "") in _USUAL


def _first(before: Any, _number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, before)
    _logger.warning(
        "Ctrl-C: the calls under way end, and no further one is sent. Run the job again with %s to continue; "
        "Ctrl-C again cancels it at once",
        " and ".join(name for _, name, _ in _running),
    )
    for stop, _, loop in _running:
        call_soon(loop, stop)
