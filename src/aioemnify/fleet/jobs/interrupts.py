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


@contextmanager
def two_steps(stop: Callable[[], object], name: str) -> Iterator[None]:
    """Let the first Ctrl-C call ``stop``, and the second one do what it did before.

    Args:
        stop: is called in the event loop.
        name: of the journal, to continue with.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    if not _is_usual(before):
        yield
        return
    handler = partial(_first, stop, name, running_loop(), before)
    signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) in (handler, before):
            signal.signal(signal.SIGINT, before)


def _is_usual(handler: Any) -> bool:
    function = getattr(handler, "func", handler)
    return function is signal.default_int_handler or getattr(function, "__module__", "") in _USUAL


def _first(
    stop: Callable[[], object], name: str, loop: object, before: Any, _number: int, _frame: FrameType | None
) -> None:
    signal.signal(signal.SIGINT, before)
    _logger.warning(
        "Ctrl-C: the calls under way end, and no further one is sent. Run the job again with %s to continue; "
        "Ctrl-C again cancels it at once",
        name,
    )
    call_soon(loop, stop)
