"""Ctrl-C while other threads run.

The system may hand the signal to any thread. Python then notes it, and the main thread acts on it as soon as
it runs again; a main thread that waits in a read or a select waits on. So each wait here also watches a pipe
that Python writes to when a signal arrives.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def signals_in_pipe() -> Iterator[int]:
    """Give a file descriptor that is readable once a signal has arrived."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        yield reader
    finally:
        signal.set_wakeup_fd(before)
        os.close(reader)
        os.close(writer)


def confirm(text: str) -> bool:
    """Ask on the terminal, and return whether the answer is yes.

    Raises:
        KeyboardInterrupt: Ctrl-C.
        EOFError: the input has ended.
    """
    if os.name != "posix":
        import click

        return click.confirm(text, err=True)
    import select

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        print(f"{text} [y/N]: ", end="", file=sys.stderr, flush=True)
        with signals_in_pipe() as arrived:
            # A signal raises KeyboardInterrupt once this returns.
            while sys.stdin not in select.select([sys.stdin, arrived], [], [])[0]:
                os.read(arrived, 100)
        line = sys.stdin.readline()
    finally:
        signal.signal(signal.SIGINT, before)
    if not line:
        raise EOFError
    return line.strip().lower() in ("y", "yes")


@contextmanager
def waking_the_loop() -> Iterator[None]:
    """Let signals wake the running event loop, which then acts on them. Windows does so by itself."""
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        yield
        return
    import asyncio

    loop = asyncio.get_running_loop()
    with signals_in_pipe() as arrived:
        loop.add_reader(arrived, os.read, arrived, 100)
        try:
            yield
        finally:
            loop.remove_reader(arrived)
