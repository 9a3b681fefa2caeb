"""A simulator on a socket, a profile of it, and commands that run against it."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pexpect
import pytest

from aioemnify.cli.__main__ import main
from aioemnify.simulator import Simulator

SIMS = 120
SOURCE = Path(__file__).parents[2] / "src"


class Done(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture(scope="module")
def server() -> Iterator[Simulator]:
    """A fleet that the tests of a module share; each begins with it as new."""
    with Simulator(sims=SIMS, seed=3, tls=False) as simulator:
        yield simulator


@pytest.fixture
def simulator(server: Simulator, home: Path) -> Simulator:
    """The fleet, and a profile of it that is the default."""
    server.faults.reset()
    server.reset()
    server.clear_requests()
    write_config(home, server)
    return server


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder without any configuration."""
    for name in list(os.environ):
        if name.startswith(("EMNIFY_", "_EMNIFY")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_config(home: Path, server: Simulator, **more: str) -> None:
    place = home / "config" / "emnify"
    place.mkdir(parents=True, exist_ok=True)
    members = {"base_url": server.url, "application_token": server.application_token} | more
    lines = ['default = "fleet"', "[profiles.fleet]"]
    lines += [f"{name} = {json.dumps(value)}" for name, value in members.items()]
    (place / "config.toml").write_text("\n".join(lines))
    (place / "config.toml").chmod(0o600)


Run = Callable[..., Done]


@pytest.fixture
def emnify(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process, with its output in a pipe."""

    def run(*arguments: object, stdin: str = "") -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        status = main([str(one) for one in arguments])
        return Done(status, *capsys.readouterr())

    return run


@pytest.fixture
def terminal(home: Path) -> Iterator[Callable[..., pexpect.spawn[str]]]:
    """Start a command in a terminal of its own."""
    started: list[pexpect.spawn[str]] = []

    def start(*arguments: object, columns: int = 80, colour: bool = False) -> pexpect.spawn[str]:
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": "40"}
        if colour:
            environment.pop("NO_COLOR", None)
        child = pexpect.spawn(
            sys.executable,
            ["-m", "aioemnify.cli", *map(str, arguments)],
            env=environment,
            dimensions=(40, columns),
            encoding="utf-8",
            timeout=60,
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.close(force=True)


STYLE = re.compile(r"\x1b\[[0-9;]*m")


def ended(child: pexpect.spawn[str]) -> tuple[int, str]:
    """Read a terminal to its end; return the exit status and the text without styles."""
    child.expect(pexpect.EOF)
    text = STYLE.sub("", child.before or "")
    child.wait()
    return child.exitstatus if child.exitstatus is not None else -1, text
