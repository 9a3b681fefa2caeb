"""A simulator in a process of its own, started as users start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from benchmarks.cases import Missing

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_STOP_SECONDS = 20.0


class Served:
    """Plain HTTP, no limits, and a fleet as large as wished.

    Args:
        sims: SIMs of the fleet.
    """

    def __init__(self, sims: int) -> None:
        command = [sys.executable, "-m", "aioemnify.simulator", "--http", "--no-limits", "--sims", str(sims)]
        began = perf_counter()
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        self.seconds: float = perf_counter() - began
        """From starting the process to the line that says it serves."""
        if not line:
            self._process.wait()
            raise RuntimeError("the simulator did not start")
        self._told: dict[str, Any] = json.loads(line)

    @property
    def place(self) -> tuple[str, int]:
        """Return where it listens."""
        host, _, port = str(self._told["url"]).partition("://")[2].rpartition(":")
        return host, int(port)

    @property
    def application_token(self) -> str:
        """Return what opens it."""
        return str(self._told["application_token"])

    def cpu(self) -> float:
        """Return the processor seconds it has used."""
        fields = self._read("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident(self, *, most: bool = False) -> float:
        """Return the megabytes it holds in memory, or the most it ever held."""
        name = "VmHWM:" if most else "VmRSS:"
        (line,) = (line for line in self._read("status").splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024 / 1e6

    def _read(self, name: str) -> str:
        try:
            return Path(f"/proc/{self._process.pid}/{name}").read_text(encoding="utf-8")
        except FileNotFoundError:
            raise Missing("there is no /proc to read memory and processor time from") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
