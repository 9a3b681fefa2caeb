"""A child process that writes one JSON value per line, and may be sent requests in the same way."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from benchmarks import ROOT

STOP_SECONDS = 20.0


class JsonProcess:
    """A running child process; a ``with`` block ends it.

    Args:
        command: Program and arguments. It writes its first line when it is ready.

    Raises:
        RuntimeError: The process ended before its first line.
    """

    def __init__(self, command: Sequence[str]) -> None:
        start = perf_counter()
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
        self.pid: int = self._process.pid
        self.first: Any = self.read()
        self.start_seconds: float = perf_counter() - start
        """From the start of the process to its first line."""

    def ask(self, request: object) -> Any:
        """Send a request and return the answer."""
        self.send(request)
        return self.read()

    def send(self, request: object) -> None:
        """Send a request."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def read(self) -> Any:
        """Wait for the next line and return its value.

        Raises:
            RuntimeError: The process ended before.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            status = self._process.wait()
            raise RuntimeError(f"{self._process.args!r} ended with status {status}")
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
