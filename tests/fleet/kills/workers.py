"""The processes that are killed."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import TypeVar

from attrs import define, field

from aioemnify.simulator import Simulator

T = TypeVar("T")

PRELOADED = [
    *("tests.fleet.kills.worker", "trio", "httpx"),
    *("aioemnify.fleet.jobs.job", "aioemnify.fleet.sweep", "aioemnify.fleet.mirror.mirror"),
    "aioemnify.fleet.plans.plan",
]
MOST_STARTS = 12


@define
class Workers:
    """Starts processes, kills them at random moments, and runs one to its end."""

    _processes: ForkServerContext = field(init=False)

    def __attrs_post_init__(self) -> None:
        # Children are forked from a server that has imported everything, so that each starts at once.
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(PRELOADED)

    def start(self, work: Callable[[T], None], task: T) -> BaseProcess:
        process = self._processes.Process(target=work, args=(task,))
        process.start()
        return process

    def kill(
        self,
        work: Callable[[T], None],
        task: T,
        simulator: Simulator,
        chance: random.Random,
        *,
        requests: int = 1,
        longest: float,
    ) -> bool:
        """Start a process and kill it at most ``longest`` seconds after it has made some requests.

        Returns:
            Whether it ran still.
        """
        last = len(simulator.requests) + requests
        process = self.start(work, task)
        while process.is_alive() and len(simulator.requests) < last:
            time.sleep(0.001)
        process.join(chance.choice([0.0, chance.uniform(0, longest / 8), chance.uniform(0, longest)]))
        killed = process.is_alive()
        process.kill()
        process.join()
        process.close()
        return killed

    def finish(self, work: Callable[[T], None], task: T, simulator: Simulator) -> None:
        """Start processes until one comes to its end; the faults of the server end halfway."""
        for attempt in range(MOST_STARTS):
            if attempt == MOST_STARTS // 2:
                simulator.faults.clear()
            process = self.start(work, task)
            process.join()
            status = process.exitcode
            process.close()
            if status == 0:
                return
        raise RuntimeError(f"does not come to its end: {task}")
