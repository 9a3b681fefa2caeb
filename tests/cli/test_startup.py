"""What a command loads, which decides how fast it starts. ``benchmarks/startup`` has the times."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from aioemnify.cli.__main__ import main
from aioemnify.simulator import Simulator
from tests.cli.conftest import SOURCE

PROGRAM = """
import sys
from aioemnify.cli.__main__ import main
status = main({arguments!r})
print(*sys.modules, file=sys.stderr)
raise SystemExit(status)
"""

HEAVY = {"aioemnify.client", "asyncio", "attr", "httpx", "logging", "msgspec"}
HEAVY |= {"redis", "rich", "sqlite3", "tomllib"}


def loaded(*arguments: str) -> set[str]:
    """Run a command with its output in a pipe; return the modules that it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(arguments=list(arguments))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "command",
    [
        "--help",
        "sims --help",
        "endpoints create --help",
        "sim suspend --help",
        "jobs run --help",
        "jobs work --help",
        "apply --help",
        "sms send --help",
        "limits --help",
        "login --help",
        "api --help",
    ],
)
def test_help_loads_click_and_the_standard_library(command: str, home: Path) -> None:
    assert not HEAVY & loaded(*command.split())


def test_completion_loads_no_more(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_EMNIFY_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "emnify sims li")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert not HEAVY & loaded()


def test_a_call_in_a_pipe_loads_neither_rich_nor_trio(simulator: Simulator) -> None:
    modules = loaded("sims", "get", "1")
    assert {"httpx", "asyncio"} <= modules
    assert not {"rich", "pygments", "redis", "trio", "cryptography", "jwt"} & modules


def test_the_console_script_is_the_command(home: Path) -> None:
    scripts = tomllib.loads((SOURCE.parent / "pyproject.toml").read_text())["project"]["scripts"]
    module, _, name = scripts["emnify"].partition(":")
    assert getattr(import_module(module), name) is main


def test_without_click_the_command_says_what_to_install(home: Path) -> None:
    code = (
        "import sys; sys.modules['click'] = None\nfrom aioemnify.cli.__main__ import main\nsys.exit(main([]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=False
    )
    assert (done.returncode, done.stderr) == (
        2,
        "emnify: the command line needs click: pip install 'aioemnify[cli]'\n",
    )
