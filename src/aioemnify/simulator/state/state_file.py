"""The state file: keeps an installation across restarts, written atomically, readable by its owner only."""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from aioemnify.simulator.platform.clock import Clock
from aioemnify.simulator.state.installation import Blueprint, Installation
from aioemnify.simulator.state.snapshot import dump, fleet_spec_of, read, restore

_logger = logging.getLogger("aioemnify.simulator")

INTERVAL_SECONDS = 1.0
"""The longest time until a change is written, in seconds, unless writing itself is slow."""
_SHARE = 10  # writing takes at most a tenth of the time


class StateFile:
    """Read the state when a simulator is created, and write it while the simulator serves.

    The file has credentials of the simulated organisations, so only its owner can read it.

    Args:
        path: the file; it need not exist.
        blueprint: the initial state of the installation.
        clock: the clock, which is stored too.
        state: returns the present installation.
        lock: the lock that serialises requests.
    """

    def __init__(
        self,
        path: Path,
        blueprint: Blueprint,
        clock: Clock,
        state: Callable[[], Installation],
        lock: AbstractContextManager[object],
    ) -> None:
        self._path = path
        self._blueprint = blueprint
        self._clock = clock
        self._state = state
        self._lock = lock
        self._written: object = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def load(self) -> None:
        """Restore the installation from the file; do nothing if the file does not exist.

        Raises:
            OSError: the file cannot be read, or its folder does not exist.
            ValueError: it is not a state file, or one of another fleet.
        """
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            if not self._path.parent.is_dir():
                raise
            return
        try:
            snapshot = read(content)
            born = fleet_spec_of(self._blueprint)
            if snapshot.fleet_spec != born:
                raise ValueError(f"it belongs to {_spelt(snapshot.fleet_spec)}, not to {_spelt(born)}")
            restore(snapshot, self._state(), self._clock)
        except ValueError as error:
            raise ValueError(f"{self._path}: {error}") from None

    def start(self) -> None:
        """Write the state now, and again whenever it changes.

        Raises:
            OSError: the file cannot be written.
        """
        self._write()
        self._stop.clear()
        self._thread = threading.Thread(target=self._keep, name="aioemnify-simulator-state", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write the state once more and stop.

        Raises:
            OSError: the file cannot be written.
        """
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stop.set()
            thread.join()
            self._write()

    def _keep(self) -> None:
        pause = INTERVAL_SECONDS
        while not self._stop.wait(pause):
            if self._mark() == self._written:
                continue
            began = time.monotonic()
            try:
                self._write()
            except OSError as error:
                _logger.warning("the state was not written to %s: %s", self._path, error)
            pause = max(INTERVAL_SECONDS, _SHARE * (time.monotonic() - began))

    def _mark(self) -> object:
        """Return a value that changes whenever there is something to write."""
        state, clock = self._state(), self._clock
        # A clock at another speed drifts from real time constantly, which is not worth a write.
        offset = round(clock.wall() - time.time()) if clock.factor == 1 and not clock.frozen else None
        moment = clock.wall() if clock.frozen else None
        return id(state), state.changes, clock.frozen, clock.factor, offset, moment

    def _write(self) -> None:
        with self._lock:
            mark = self._mark()
            values = dump(self._state(), self._blueprint, self._clock)
        write_atomically(self._path, msgspec.json.encode(values))
        self._written = mark


def write_atomically(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace a file atomically: a crash leaves the old or the new file.

    Args:
        path: the file.
        content: its new content.
        mode: its new permissions; by default only its owner can read it.

    Raises:
        OSError: it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # made with mode 0600
    except OSError as error:
        error.filename = str(path)  # not the temporary file, which the caller does not know
        raise
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            Path(name).chmod(mode)
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _spelt(fleet_spec: object) -> str:
    return repr(fleet_spec).partition("(")[2].rstrip(")")
