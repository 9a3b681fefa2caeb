"""The cost of a program in a new process, less that of an empty program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from attrs import frozen

from benchmarks.interleaved import rotated

HERE = Path(sys.executable)


@frozen
class Program:
    """Python code and the interpreter that runs it."""

    code: str
    python: Path = HERE


@frozen
class Cost:
    """Median seconds of a process, and the wall seconds of the fastest."""

    wall: float
    cpu: float
    fastest: float

    def __sub__(self, other: Cost) -> Cost:
        """Return the cost beyond that of another program."""
        return Cost(self.wall - other.wall, self.cpu - other.cpu, self.fastest - other.fastest)


def run(program: Program) -> tuple[float, float]:
    """Run a process; return its wall and CPU seconds.

    Raises:
        RuntimeError: The process failed.
    """
    # Another interpreter must only find its own packages. All must find compiled modules, as users' processes
    # do: compiling aioemnify costs more than importing it.
    unwanted = {"PYTHONDONTWRITEBYTECODE"} | ({"PYTHONPATH"} if program.python != HERE else set())
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    command = [str(program.python), "-c", program.code]
    start = perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - start
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{program.code!r} failed:\n{errors}")
    return wall, usage.ru_utime + usage.ru_stime


def compare(programs: Mapping[str, Program], rounds: int) -> dict[str, Cost]:
    """Run the programs in turns; return their costs less that of an empty program in their interpreter."""
    empty = {str(one.python): Program("pass", one.python) for one in programs.values()}
    all_programs = {**programs, **empty}
    for program in all_programs.values():
        run(program)  # compiles all modules and fills the file cache
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in all_programs}
    for turn in range(rounds):
        for name, program in rotated(all_programs, turn):
            found[name].append(run(program))
    costs = {
        name: Cost(
            wall=median(wall for wall, _ in taken),
            cpu=median(cpu for _, cpu in taken),
            fastest=min(wall for wall, _ in taken),
        )
        for name, taken in found.items()
    }
    return {name: costs[name] - costs[str(program.python)] for name, program in programs.items()}
