"""A long steady load under faults: memory, descriptors and tasks must not grow with the calls."""

from __future__ import annotations

import gc
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from statistics import linear_regression
from typing import get_args

import anyio
import trustme

from aioemnify import Emnify
from aioemnify.errors import EmnifyError
from aioemnify.stores import MemoryStore
from tests.campaign.calls import make
from tests.campaign.clients import client
from tests.campaign.fault_server import FaultServer, Record, ServerThread
from tests.campaign.faults import FAULTS
from tests.campaign.invariants import Violation
from tests.campaign.leaks import descriptors
from tests.campaign.run_schedule import tasks_of
from tests.campaign.schedule import CallKind, CallPlan, Loop, Schedule
from tests.campaign.workers import Report

WAVE, TASKS, LEAST = 500, 10, 10
"""Calls between two samples, how many tasks make them, and the least number of samples of a soak."""

FAULTY = 0.1
"""The share of requests that meet a fault."""

LASTING = frozenset({name for name in FAULTS if name.startswith("429")} | {"401"})
"""Faults that would end the load: after them the client sends less, or nothing, for a long time."""

ALLOWED = {"memory blocks": 300.0, "kB of memory": 100.0, "descriptors": 0.2, "tasks": 0.2}
"""The most that each may grow by in 1,000 calls. 300 memory blocks are about 20 kB."""


@dataclass(frozen=True)
class Sample:
    """What is in use between two waves."""

    blocks: int
    kilobytes: float
    descriptors: int
    tasks: int

    @classmethod
    def take(cls, on_trio: bool) -> Sample:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        kilobytes = pages * resource.getpagesize() / 1e3
        return cls(sys.getallocatedblocks(), kilobytes, len(descriptors()), len(tasks_of(on_trio)))


class SoakServer(FaultServer):
    """Meets a share of the requests with a fault, whatever call they belong to."""

    def __init__(self, schedule: Schedule, chance: Random) -> None:
        super().__init__(schedule)
        self._chance = chance
        self._names = sorted(FAULTS.keys() - LASTING)

    def next_fault(self, number: int) -> str:
        return self._chance.choice(self._names) if self._chance.random() < FAULTY else ""


def soak(seconds: float, seed: int) -> Report:
    """Make calls for so many seconds, half of them under asyncio, half under trio."""
    report = Report(seed)
    with tempfile.TemporaryDirectory() as folder:
        ca_file = Path(folder, "ca.pem")
        trustme.CA().cert_pem.write_to_path(ca_file)
        loops: tuple[Loop, ...] = get_args(Loop)
        for loop in loops:
            samples = _load(loop, seconds / len(loops), Random(seed), ca_file)
            report.counts[f"calls under {loop}"] = WAVE * (len(samples) - 1)
            report.violations += judge(loop, samples)
            for name, slope in growth(samples).items():
                report.counts[f"{name} more in 1,000 calls under {loop}"] = round(slope)
    return report


def _load(loop: Loop, seconds: float, chance: Random, ca_file: Path) -> list[Sample]:
    schedule = Schedule(seed=0, tasks=(), loops=(loop,))
    thread = ServerThread()
    server = SoakServer(schedule, chance)
    thread.run(server.start())
    try:
        work = partial(_waves, schedule, server, chance, seconds, ca_file)
        return anyio.run(work, backend=loop)
    finally:
        thread.run(server.close())
        thread.close()


async def _waves(
    schedule: Schedule, server: SoakServer, chance: Random, seconds: float, ca_file: Path
) -> list[Sample]:
    on_trio, store, until = schedule.loops[0] == "trio", MemoryStore(), time.monotonic() + seconds
    samples = [Sample.take(on_trio)]
    async with client(schedule, server.url, store, ca_file) as emnify:
        while time.monotonic() < until or len(samples) < LEAST:
            async with (
                client(schedule, server.url, store, ca_file) as other,
                anyio.create_task_group() as group,
            ):
                for place in range(TASKS):
                    group.start_soon(_calls, other if place == 0 else emnify, Random(chance.random()))
            server.record = Record()
            samples.append(Sample.take(on_trio))
    return samples


async def _calls(emnify: Emnify, chance: Random) -> None:
    for _ in range(WAVE // TASKS):
        plan = CallPlan(kind=chance.choice(get_args(CallKind)), deadline=chance.choice((None, 0.05, 1.0)))
        cancelled = chance.random() * 0.01 if chance.random() < 0.05 else None
        with suppress(EmnifyError), anyio.move_on_after(cancelled):
            await make(emnify, plan, chance.randrange(1, 1000))


def growth(samples: Sequence[Sample]) -> dict[str, float]:
    """Return by how much each figure grows in 1,000 calls, once the first third has filled all caches."""
    waves = 1000 / WAVE
    return {
        name: waves * linear_regression(range(len(found)), found).slope for name, found in _settled(samples)
    }


def judge(loop: str, samples: Sequence[Sample]) -> Iterator[Violation]:
    """Report what grows steadily: its least late value is above its greatest early one."""
    slopes = growth(samples)
    for name, found in _settled(samples):
        half = len(found) // 2
        steady = min(found[half:]) > max(found[:half])
        if steady and slopes[name] > ALLOWED[name]:
            text = f"{slopes[name]:.1f} in 1,000 calls under {loop}: {found[0]:.0f} to {found[-1]:.0f}"
            yield Violation(f"{name} grow", text)


def _settled(samples: Sequence[Sample]) -> Iterator[tuple[str, list[float]]]:
    late = samples[len(samples) // 3 :]
    yield "memory blocks", [sample.blocks for sample in late]
    yield "kB of memory", [sample.kilobytes for sample in late]
    yield "descriptors", [sample.descriptors for sample in late]
    yield "tasks", [sample.tasks for sample in late]
