"""How long it takes until the simulator serves."""

from __future__ import annotations

from statistics import median

from benchmarks.cases import Effort, Report, at_most
from benchmarks.simulator.served import Served


def start(report: Report, effort: Effort) -> None:
    """Start the command line with fleets of several sizes."""
    rounds = effort.pick(5, 1)
    for sims, goal in effort.pick([(100, 1.0), (100_000, 1.0), (1_000_000, 3.0)], [(1_000_000, 3.0)]):
        found = [_once(sims) for _ in range(rounds)]
        cpu = median(seconds for _, seconds in found)
        report.add(
            f"{sims:,} SIMs, ready",
            median(seconds for seconds, _ in found),
            "s",
            goal=at_most(goal),
            note=f"median of {rounds}, the slowest {max(found)[0]:.2f} s; CPU {cpu:.2f} s",
        )


def _once(sims: int) -> tuple[float, float]:
    with Served(sims) as served:
        return served.seconds, served.cpu()
