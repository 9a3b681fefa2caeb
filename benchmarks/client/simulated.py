"""Walking the simulator, which makes its pages as it goes and checks each token: nobody can cheat there."""

from __future__ import annotations

import asyncio

from benchmarks.cases import Effort, Report
from benchmarks.client.walk import (
    GENERATED,
    OURS,
    RAW,
    RAW2,
    VENDOR,
    Place,
    compare,
    contest,
    middle,
    walkers,
)
from benchmarks.simulator.served import Served
from benchmarks.simulator.streams import token_of


def simulated(report: Report, effort: Effort) -> None:
    """Walk 20,000 SIMs of the simulator, its limits lifted, and keep them all."""
    sims, rounds = effort.pick(20_000, 2000), effort.pick(3, 1)
    names = [RAW, RAW2, *OURS, VENDOR, GENERATED]
    with Served(sims) as served:
        url = "http://{}:{}".format(*served.place)
        place = Place(url, asyncio.run(token_of(served)), served.application_token)
        with walkers(names, place, report) as contestants:
            answers = contest(contestants, sims, rounds, keep=True)
    for name, found in answers.items():
        page = "the server's pages of 2,000" if name == VENDOR else "pages of 1,000"
        note = f"median of {rounds}; {page}, gzip"
        report.add(f"{name}: CPU of a walk", middle(found, "cpu"), "s", note=note)
        report.add(f"{name}: time of a walk", middle(found, "wall"), "s")
    for ours in OURS:
        for other in (RAW, VENDOR, GENERATED):
            compare(report, answers, ours, other, "cpu", "CPU", None)
