"""``python -m benchmarks.hosts``: where Redis calls, fairness and takeover stand with up to 1,000 workers.

What is modelled, and what is not:

* The limits are the real rules of the shared store (``stores/_reservations``), over tables in memory: one row
  of 100 calls a second with a burst of 50. Addresses are not the bound, as with many hosts they are not.
* Redis is one server. It answers one request after the other: 60 microseconds for slots, 40 for the journal,
  and 200 microseconds each way. These are figures of a small cloud machine, not measured here.
* A worker follows the client: it asks for slots of 0.2 s of its share, at least one; a slot is good for
  0.05 s; it asks again after what the store says. Up to 20 of its calls are under way; a call takes 0.15 s,
  evenly spread by half.
* The journal gives at most 50 items a claim, and near the end a half of what waits, divided by the workers.
  A claim and a finish are a request each, and a renewal each quarter of a lease. The calls are
  reads, for which nothing is noted before.
* A share of the workers is killed at half of the job; what they had claimed comes back after the lease.
* Not modelled: CPU time of the workers, lost connections, clocks that differ.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from math import ceil
from pathlib import Path
from typing import Any

from attrs import define, field

from aioemnify.stores._reservations import reserve
from aioemnify.stores.protocols import LimitRequest
from benchmarks.hosts.tables import Tables

ROW = LimitRequest("row", "bucket", rate=100.0, burst=50.0)
WORKERS = (3, 10, 30, 100, 300, 1000)
AHEAD, HORIZON, LATE = 0.2, 2.0, 0.05
"""Seconds, as in ``transport/throttle/shared``."""
SLOT_COST, JOURNAL_COST, WAY = 60e-6, 40e-6, 200e-6
CLAIM, CONNECTIONS, CALL = 50, 20, 0.15


@define(eq=False)
class Worker:
    """One worker: its claimed items, its slots, and what it has done."""

    number: int
    ready: deque[int] = field(factory=deque)
    flying: set[int] = field(factory=set)
    calls: int = 0
    dead: bool = False

    def is_dead(self) -> bool:
        """Return whether it was killed, which may happen while it waits."""
        return self.dead


@define(eq=False, slots=False)
class Model:
    """One job, from its first claim to its last outcome.

    Args:
        workers: how many.
        items: how many calls.
        lease: seconds.
        killed: the part of the workers that is killed at half of the job.
        seed: of all chance.
    """

    workers: int
    items: int
    lease: float
    killed: float
    seed: int
    now: float = 0.0
    slot_calls: int = 0
    journal_calls: int = 0
    done: set[int] = field(factory=set)
    times: list[float] = field(factory=list)
    killed_at: float | None = None
    recovered_at: float | None = None
    longest_queue: float = 0.0
    _redis_free: float = 0.0
    _busy: float = 0.0

    def __attrs_post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._tables: Any = Tables()
        self._waiting = deque(range(self.items))
        self._everybody = [Worker(number) for number in range(self.workers)]
        self._events: list[tuple[float, int, Iterator[float]]] = []
        self._count = 0
        self._lost: set[int] = set()

    def run(self) -> None:
        """Carry the job out."""
        for worker in self._everybody:
            for process in (self._send(worker), self._renew(worker)):
                self._at(self._chance.uniform(0, 1.0), process)
        while self._events and len(self.done) < self.items:
            self.now, _, process = heapq.heappop(self._events)
            for seconds in process:
                self._at(self.now + seconds, process)
                break

    def _at(self, moment: float, process: Iterator[float]) -> None:
        self._count += 1
        heapq.heappush(self._events, (moment, self._count, process))

    def _ask(self, cost: float) -> float:
        """Return the seconds until Redis has answered a request that leaves now."""
        begins = max(self._redis_free, self.now + WAY)
        self.longest_queue = max(self.longest_queue, begins - self.now - WAY)
        self._redis_free = begins + cost
        self._busy += cost
        return self._redis_free + WAY - self.now

    def _send(self, worker: Worker) -> Iterator[float]:
        while not worker.is_dead() and len(self.done) < self.items:
            if not worker.ready:
                self.journal_calls += 1
                yield self._ask(JOURNAL_COST)
                if worker.is_dead():
                    return
                self._claim(worker)
                if not worker.ready:
                    yield min(self.lease / 10, 1.0)
                    continue
            sharers = max(1, self.workers)
            count = max(1, min(int(ROW.rate * AHEAD / sharers), len(worker.ready)))
            self.slot_calls += 1
            yield self._ask(SLOT_COST)
            answer = reserve(
                self._tables,
                (ROW,),
                count,
                HORIZON,
                "",
                client=str(worker.number),
                now=self.now,
                wall=self.now,
            )
            if not answer.waits:
                yield answer.retry_in
                continue
            began = self.now
            for wait in answer.waits:
                yield max(0.0, began + wait - self.now)
                if worker.is_dead():
                    return
                while len(worker.flying) >= CONNECTIONS:
                    yield CALL / 4
                if worker.ready and self.now <= began + wait + LATE:
                    self._at(self.now, self._call(worker, worker.ready.popleft()))

    def _claim(self, worker: Worker) -> None:
        alive = sum(1 for one in self._everybody if not one.dead)
        want = max(1, min(CLAIM, ceil(len(self._waiting) / (2 * alive))))
        for _ in range(min(want, len(self._waiting))):
            item = self._waiting.popleft()
            worker.ready.append(item)
            if item in self._lost:
                self._lost.discard(item)
                if not self._lost:
                    self.recovered_at = self.now

    def _call(self, worker: Worker, item: int) -> Iterator[float]:
        worker.flying.add(item)
        self.times.append(self.now)
        yield self._chance.uniform(0.5 * CALL, 1.5 * CALL)
        if worker.is_dead():
            return
        self.journal_calls += 1
        yield self._ask(JOURNAL_COST)
        if worker.is_dead():
            return
        worker.flying.discard(item)
        worker.calls += 1
        self.done.add(item)
        if self.killed and self.killed_at is None and len(self.done) >= self.items / 2:
            self._kill()

    def _renew(self, worker: Worker) -> Iterator[float]:
        while not worker.is_dead() and len(self.done) < self.items:
            yield self.lease / 4
            if worker.ready or worker.flying:
                self.journal_calls += 1
                yield self._ask(JOURNAL_COST)

    def _kill(self) -> None:
        self.killed_at = self.now
        victims = self._chance.sample(self._everybody, max(1, int(self.killed * self.workers)))
        for worker in victims:
            worker.dead = True
            held = [*worker.ready, *worker.flying]
            self._lost.update(held)
            # Its last renewal was up to a quarter of a lease ago.
            self._at(self.now + self.lease * self._chance.uniform(0.75, 1.0), self._come_back(held))
        if not self._lost:
            self.recovered_at = self.now

    def _come_back(self, held: list[int]) -> Iterator[float]:
        self._waiting.extendleft(held)
        yield from ()

    @property
    def slots_a_call(self) -> float:
        """Return how often the limit store was asked, for each call."""
        return self.slot_calls / len(self.times)

    @property
    def journal_a_call(self) -> float:
        """Return how often the journal was asked, for each call."""
        return self.journal_calls / len(self.times)

    @property
    def shares(self) -> tuple[float, float]:
        """Return the fewest and the most calls of a worker that lives, as parts of the median."""
        calls = sorted(worker.calls for worker in self._everybody if not worker.dead)
        middle = calls[len(calls) // 2] or 1
        return calls[0] / middle, calls[-1] / middle

    def figures(self) -> str:
        """Return a row of the table."""
        seconds = self.times[-1] - self.times[0]
        least, most = self.shares
        takeover = "-"
        if self.killed_at is not None and self.recovered_at is not None:
            takeover = f"{(self.recovered_at - self.killed_at) / self.lease:.2f}"
        return (
            f"| {self.workers:,} | {len(self.times) / seconds:.1f} | {self.slots_a_call:.2f} | "
            f"{self.journal_a_call:.2f} | {self._busy / self.now:.1%} | {1e3 * self.longest_queue:.1f} | "
            f"{least:.2f} to {most:.2f} | {takeover} |"
        )


def draw(models: Sequence[Model], folder: Path) -> None:
    """Draw what the models say, by the number of workers: the requests to Redis, and how fair it is."""
    from benchmarks.page.drawing import Line, lines

    def line(name: str, value: Callable[[Model], float]) -> Line:
        return Line(name, [(model.workers, value(model)) for model in models], ours=True)

    lines(
        folder / "requests.svg",
        "Requests to Redis, by the number of workers",
        [
            line("the journal", lambda one: one.journal_a_call),
            line("the limits", lambda one: one.slots_a_call),
        ],
        x="workers",
        y="requests to Redis, for each call of the API",
        unit="",
    )
    lines(
        folder / "shares.svg",
        "Calls of a worker, by the number of workers",
        [
            line("the worker with the most", lambda one: one.shares[1]),
            line("the worker with the fewest", lambda one: one.shares[0]),
        ],
        x="workers",
        y="calls of a worker, as parts of the median",
        unit="×",
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a row for each number of workers."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.hosts", description="Model a job of up to 1,000 workers."
    )
    parser.add_argument("--items", type=int, default=30_000)
    parser.add_argument("--lease", type=float, default=10.0)
    parser.add_argument("--killed", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draw", type=Path, metavar="FOLDER", help="also draw the curves there, as SVG")
    options = parser.parse_args(arguments)
    sys.stdout.write(
        "| workers | calls/s | slots asked a call | journal a call | Redis busy | longest queue, ms | "
        "calls of a worker, of the median | all of the dead claimed, leases |\n"
        f"|{'--:|' * 8}\n"
    )
    models = [
        Model(workers, options.items, options.lease, options.killed, options.seed) for workers in WORKERS
    ]
    for model in models:
        model.run()
        sys.stdout.write(f"{model.figures()}\n")
        sys.stdout.flush()
    if options.draw is not None:
        draw(models, options.draw)


if __name__ == "__main__":
    main()
