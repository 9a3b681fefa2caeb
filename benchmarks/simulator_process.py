"""The simulator in its own process, started from its command line and with no limits."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks.cases import Missing
from benchmarks.json_process import JsonProcess

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class SimulatorProcess(JsonProcess):
    """A running simulator.

    Args:
        sims: SIMs of the fleet.
        tls: Whether it serves HTTPS, with its own certificate.
    """

    def __init__(self, sims: int, *, tls: bool = False) -> None:
        command = [sys.executable, "-m", "aioemnify.simulator", "--no-limits", "--sims", str(sims)]
        super().__init__(command if tls else [*command, "--http"])
        self.url: str = self.first["url"]
        self.application_token: str = self.first["application_token"]
        self.ca_file: str | None = self.first["ca_file"]

    def cpu(self) -> float:
        """Return the CPU seconds that it has used."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident(self, *, peak: bool = False) -> float:
        """Return its resident memory in MB, now or at its peak."""
        name = "VmHWM:" if peak else "VmRSS:"
        (line,) = (line for line in self._proc("status").splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024 / 1e6

    def _proc(self, name: str) -> str:
        try:
            return Path(f"/proc/{self.pid}/{name}").read_text(encoding="utf-8")
        except FileNotFoundError:
            raise Missing("this system has no /proc, from which memory and CPU time are read") from None
