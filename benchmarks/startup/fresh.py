"""Fresh processes: what they take, beside one that does nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from attrs import frozen

from benchmarks.client.turns import in_turn

NOTHING = "pass"
HERE = Path(sys.executable)


@frozen
class Program:
    """What a process runs, and in which interpreter."""

    code: str
    python: Path = HERE


@frozen
class Cost:
    """What a process took beyond one that does nothing, in seconds, and the least that any run took."""

    wall: float
    cpu: float
    least: float


def run(program: Program) -> tuple[float, float]:
    """Run a process; return its wall and CPU seconds.

    Raises:
        RuntimeError: it failed.
    """
    # Another interpreter is to find what is in its own environment alone, and all are to find what has been
    # compiled before, as users do: to compile the library costs more than to load it.
    unwanted = {"PYTHONDONTWRITEBYTECODE"} | ({"PYTHONPATH"} if program.python != HERE else set())
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    command = [str(program.python), "-c", program.code]
    began = perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - began
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{program.code!r} failed:\n{said}")
    return wall, usage.ru_utime + usage.ru_stime


def compare(programs: Mapping[str, Program], rounds: int) -> dict[str, Cost]:
    """Run each program once a round; return the medians, less that of the same interpreter doing nothing."""
    nothing = {str(one.python): Program(NOTHING, one.python) for one in programs.values()}
    every = {**programs, **nothing}
    for program in every.values():
        run(program)  # compiles what is not compiled yet, and fills the disk's cache
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in every}
    for turn in range(rounds):
        for name, program in in_turn(every, turn):
            found[name].append(run(program))

    def middle(name: str, which: int) -> float:
        return median(taken[which] for taken in found[name])

    def least(name: str) -> float:
        return min(wall for wall, _ in found[name])

    return {
        name: Cost(
            wall=middle(name, 0) - middle(str(program.python), 0),
            cpu=middle(name, 1) - middle(str(program.python), 1),
            least=least(name) - least(str(program.python)),
        )
        for name, program in programs.items()
    }
