"""The time until the simulator serves."""

from __future__ import annotations

from statistics import median

from benchmarks.cases import Effort, Report, at_most
from benchmarks.simulator_process import SimulatorProcess


def start(report: Report, effort: Effort) -> None:
    """Start the command line with fleets of several sizes."""
    rounds = effort.pick(5, 1)
    for sims, goal in effort.pick([(100, 1.0), (100_000, 1.0), (1_000_000, 3.0)], [(1_000_000, 3.0)]):
        found = []
        for _ in range(rounds):
            with SimulatorProcess(sims) as server:
                found.append((server.start_seconds, server.cpu()))
        seconds, cpu = (median(one[place] for one in found) for place in (0, 1))
        note = f"median of {rounds}, slowest {max(found)[0]:.2f} s; CPU {cpu:.2f} s"
        report.add(f"{sims:,} SIMs: until it serves", seconds, "s", goal=at_most(goal), note=note)
