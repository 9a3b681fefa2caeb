"""The start-up of the command line: help, completion, and one call."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from benchmarks.cases import Effort, Report, at_most
from benchmarks.simulator_process import SimulatorProcess
from benchmarks.startup.fresh_process import Program, compare

REFERENCE = "httpx"
SIMS = 100
GOALS = {
    "emnify --help": 60.0,
    "emnify sims --help": 80.0,
    "emnify endpoints create --help": 80.0,
    "emnify sim suspend --help": 80.0,
    "completion of emnify sims li": 80.0,
    "emnify sims get 1": 250.0,
}
"""Milliseconds beyond an empty program in the same interpreter."""


def _program(command: str) -> Program:
    """Return a program that runs a command as the console script does."""
    prefix = "import sys\nfrom aioemnify.cli.__main__ import main\n"
    if command.startswith("completion of "):
        words = command.removeprefix("completion of ")
        variables = {"_EMNIFY_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "2"}
        return Program(f"import os\nos.environ.update({variables!r})\n{prefix}assert main([]) == 0")
    arguments = command.split()[1:]
    return Program(f"{prefix}assert main({arguments!r}) == 0")


def command_line(report: Report, effort: Effort) -> None:
    """Run commands in new processes; the call uses a token that an earlier one has left in the store."""
    rounds = effort.pick(21, 1)
    before = os.environ.get("XDG_CONFIG_HOME")
    with tempfile.TemporaryDirectory() as folder, SimulatorProcess(SIMS) as server:
        place = Path(folder) / "emnify"
        place.mkdir(mode=0o700)
        config = place / "config.toml"
        values = {
            "base_url": server.url,
            "application_token": server.application_token,
            "ca_file": server.ca_file,
        }
        lines = ['default = "benchmark"', "[profiles.benchmark]"]
        lines += [f"{name} = {json.dumps(value)}" for name, value in values.items() if value]
        config.write_text("\n".join(lines))
        config.chmod(0o600)
        os.environ["XDG_CONFIG_HOME"] = folder
        try:
            programs = {command: _program(command) for command in GOALS}
            costs = compare({**programs, REFERENCE: Program(f"import {REFERENCE}")}, rounds)
        finally:
            if before is None:
                del os.environ["XDG_CONFIG_HOME"]
            else:
                os.environ["XDG_CONFIG_HOME"] = before
    reference = costs.pop(REFERENCE)
    report.add(f"import {REFERENCE}: CPU", 1e3 * reference.cpu, "ms")
    for command, cost in costs.items():
        note = f"median of {rounds} processes, less an empty process; fastest {1e3 * cost.fastest:.1f}"
        goal = at_most(GOALS[command])
        report.add(f"{command}: time", 1e3 * cost.wall, "ms", goal=goal, note=note)
        report.add(f"{command}: CPU", 1e3 * cost.cpu, "ms")
        report.add(f"{command}: CPU relative to import {REFERENCE}", cost.cpu / reference.cpu)
