"""A real redis-server on a free port, which can be killed and started again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest


class RedisServer:
    """One server without persistence: killed, it forgets everything."""

    def __init__(self, directory: Path, *, extra: tuple[str, ...] = ()) -> None:
        binary = shutil.which("redis-server")
        if binary is None:
            pytest.skip("redis-server is not installed (Debian: apt-get install redis-server)")
        self._binary = binary
        self._directory = directory
        self._extra = extra
        self.environment: dict[str, str] = {}
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *more: str) -> None:
        """Start it, and wait until it serves; with ``--key-load-delay`` only until it answers."""
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            [self._binary, *arguments, *self._extra, *more, "--dir", str(self._directory)],
            stdout=subprocess.DEVNULL,
            env={**os.environ, **self.environment},
        )
        for _ in range(200):
            if (answer := self._answer()) is not None and (more or b"LOADING" not in answer):
                return
            time.sleep(0.02)
        raise RuntimeError("redis-server does not answer")

    def _answer(self) -> bytes | None:
        """Return what it answers to a ping, or ``None``."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1.0) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(100)
        except OSError:
            return None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
