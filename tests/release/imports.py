"""A program for an environment with aioemnify and its dependencies, and nothing else: does it import?

Every module must, except those of an extra, which must lack only packages of that extra. What users call
without an extra must name it. Run by ``nox -s build`` in an empty folder, as ``python -I imports.py``.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import aioemnify
from aioemnify import Emnify, RedisStore
from aioemnify.fleet import Job, RedisJournal, export

LACKING = {
    "aioemnify.cli.": {"click", "rich"},
    "aioemnify.pytest_plugin": {"pytest"},
    "aioemnify.serialization.pydantic_schema": {"pydantic_core"},
    "aioemnify.simulator.": {"jsonschema_rs", "starlette", "trustme", "uvicorn"},
}
"""The packages that modules may lack, by the beginning of their names."""


def simulator() -> object:
    from aioemnify.simulator import Simulator

    return Simulator


def telemetry() -> object:
    import aioemnify.telemetry

    return aioemnify.telemetry


def taskiq() -> object:
    from aioemnify.fleet.taskiq import job_task

    return job_task(object(), lambda: Job(Emnify("token"), "x.job"))  # type: ignore[arg-type]


CALLS: dict[str, Callable[[], object]] = {
    "export": lambda: asyncio.run(export([], "sims.parquet", columns=["id"])),
    "httpx2": lambda: Emnify("token", http_library="httpx2"),
    "otel": telemetry,
    "redis": lambda: Emnify("token", store=RedisStore("redis://localhost")),
    "redis (journal)": lambda: RedisJournal("redis://localhost", "name"),
    "simulator": simulator,
    "taskiq": taskiq,
}
"""What needs an extra, by its name."""

COMMANDS = {"emnify": "cli", "aioemnify-simulator": "simulator"}


def main() -> int:
    """Print what is wrong, and return the exit status."""
    found = [*missing_modules(), *unhelpful_calls(), *unhelpful_commands()]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


def missing_modules() -> list[str]:
    """Import every module; return those that lack what they should not."""
    names = [
        module.name for module in walk_packages(aioemnify.__path__, "aioemnify.", onerror=lambda _: None)
    ]
    found = []
    for name in names:
        try:
            import_module(name)
        except ImportError as error:
            lacks = (error.name or "").partition(".")[0]
            allowed = next((some for start, some in LACKING.items() if name.startswith(start)), set())
            if lacks not in allowed and "pip install 'aioemnify[" not in str(error):
                found.append(f"{name}: {error!r}")
    for name in aioemnify.__all__:
        getattr(aioemnify, name)
    print(f"aioemnify {aioemnify.__version__} from {aioemnify.__file__}: {len(names)} modules")
    return found


def unhelpful_calls() -> list[str]:
    """Return the calls that need an extra, and do not say which."""
    found = []
    for name, call in CALLS.items():
        extra = name.partition(" ")[0]
        try:
            result = call()
        except Exception as error:
            if f"pip install 'aioemnify[{extra}]'" not in str(error):
                found.append(f"{name}: {error!r}")
        else:
            found.append(f"{name}: no error but {result!r}")
    return found


def unhelpful_commands() -> list[str]:
    """Return the commands that need an extra, and do not say which."""
    found = []
    for command, extra in COMMANDS.items():
        path = Path(sys.executable).with_name(command)
        done = subprocess.run([path], capture_output=True, text=True, check=False)
        if done.returncode != 2 or f"pip install 'aioemnify[{extra}]'" not in done.stderr:
            found.append(f"{command}: exit status {done.returncode}, {done.stderr!r}")
    return found


if __name__ == "__main__":
    sys.exit(main())
