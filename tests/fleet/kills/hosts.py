"""Jobs of three workers with an address each, which are killed, or stopped and continued, or measured."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

from attrs import define, field, frozen

from aioemnify.fleet import RedisJournal
from aioemnify.fleet.journals.items import STATES
from aioemnify.simulator import Settings, Simulator
from tests.fleet.kills.campaign import Campaign
from tests.fleet.kills.host_worker import HostTask, work_on_host
from tests.fleet.kills.tasks import Kind, Verdict, creations, messages, status_changes
from tests.fleet.kills.workers import Workers
from tests.stores.redis_server import RedisServer

ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
LEASE = 1.0
LONGEST_STOP = 3 * LEASE
KINDS = (creations, messages, status_changes)
What = Literal["kill", "stop", "redis"]
WHATS: tuple[What, ...] = ("kill", "stop", "redis")


@frozen
class HostsRun:
    """What became of one job: what happened to it, what the server says, and what its journal reports."""

    seed: int
    kind: str
    what: What
    happened: bool
    calls: int
    verdict: Verdict
    unknown: int
    doubled: int

    @property
    def good(self) -> bool:
        """Say whether nothing was lost, and done twice only what a stop explains and the job reports."""
        twice = self.verdict.twice
        allowed = 1 if self.what == "stop" else 0
        return not self.verdict.lost and not self.verdict.stray and twice <= min(allowed, self.doubled)


@define
class HostsCampaign(Campaign[HostsRun]):
    """Runs and judges jobs of several workers, all with one Redis."""

    what: What
    _redis: RedisServer = field(init=False)
    _names: count[int] = field(factory=count, init=False)

    def run(self, count: int) -> None:
        # Else Redis answers before it has written, and a kill while the disk is busy undoes what it answered.
        self._redis = redis_of(self.folder, "--appendfsync", "always")
        try:
            super().run(count)
        finally:
            self._redis.kill()

    def _one(self, seed: int) -> HostsRun:
        chance = random.Random(seed)
        settings = Settings(bulk_rollback=chance.random() < 0.5)
        delay = chance.choice([(0.0, 0.05), (0.05, 0.2)])
        with Simulator(
            sims=60, seed=seed, tls=False, limits=None, settings=settings, delay=delay
        ) as simulator:
            kind = chance.choice(KINDS)(chance, simulator)
            name = f"{self.what}-{seed}"
            chunk, page = chance.choice([2, 7]), chance.choice([4, 1000])
            tasks = [
                HostTask(
                    url=simulator.url,
                    token=simulator.application_token,
                    redis_url=self._redis.url,
                    name=name,
                    address=address,
                    operation=kind.operation,
                    items=kind.items,
                    options=kind.options,
                    lease=LEASE,
                    limits=False,
                    chunk=chunk,
                    page=page,
                )
                for address in ADDRESSES
            ]
            processes = [self._workers.start(work_on_host, task) for task in tasks]
            happened = self._disturb(chance, simulator, processes)
            self._end(processes, tasks)
            return self._judge(seed, kind, simulator, name, happened)

    def _disturb(self, chance: random.Random, simulator: Simulator, processes: list[BaseProcess]) -> bool:
        """Do to the job what this campaign is about, at a random moment; return whether it ran still."""
        wanted = chance.randint(2, 12)
        while len(simulator.requests) < wanted and any(one.is_alive() for one in processes):
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.1))
        victim = chance.choice(processes)
        alive = victim.is_alive()
        if self.what == "redis":
            self._redis.kill()
            time.sleep(chance.uniform(0, 2 * LEASE))
            self._redis.start()
        elif alive and self.what == "kill":
            victim.kill()
        elif alive and victim.pid is not None:
            with suppress(ProcessLookupError):  # it may be at its end just now
                os.kill(victim.pid, signal.SIGSTOP)
                time.sleep(chance.uniform(LEASE, LONGEST_STOP))
                os.kill(victim.pid, signal.SIGCONT)
        return alive

    def _end(self, processes: list[BaseProcess], tasks: list[HostTask]) -> None:
        """Wait for all workers, and start one more if the job is not at its end."""
        statuses = []
        for one in processes:
            one.join(60)
            statuses.append(one.exitcode)
            one.kill()
            one.close()
        if 0 not in statuses:
            process = self._workers.start(work_on_host, tasks[0])
            process.join(60)
            if process.exitcode != 0:
                raise RuntimeError(f"does not come to its end: {tasks[0]}")

    def _judge(self, seed: int, kind: Kind, simulator: Simulator, name: str, happened: bool) -> HostsRun:
        journal = RedisJournal(self._redis.url, name)
        journal.open()
        try:
            rows = list(journal.rows())
            doubled = journal.doubled()
        finally:
            journal.close()
        states = {str(row[2]): STATES[row[3]] for row in rows}
        return HostsRun(
            seed=seed,
            kind=kind.operation,
            what=self.what,
            happened=happened,
            calls=len(simulator.requests),
            verdict=kind.judge(simulator, states),
            unknown=sum(1 for state in states.values() if state == "unknown"),
            doubled=doubled,
        )

    def summary(self) -> str:
        """Return one line with the counts of all runs."""
        verdicts = [one.verdict for one in self.runs]
        return (
            f"{len(self.runs)} jobs on 3 hosts, {sum(one.happened for one in self.runs)} x {self.what}, "
            f"{sum(one.calls for one in self.runs)} calls: lost {sum(one.lost for one in verdicts)}, "
            f"done twice {sum(one.twice for one in verdicts)}, "
            f"reported as doubled {sum(one.doubled for one in self.runs)}, "
            f"stray {sum(one.stray for one in verdicts)}; "
            f"{sum(one.unknown for one in self.runs)} SMS unknown, which cannot be looked up"
        )


@frozen
class Rate:
    """How fast three workers were, and what they asked of Redis."""

    calls: int
    seconds: float
    refused: int
    by_address: dict[str, int]
    journal_calls: float
    store_calls: float

    @property
    def rate(self) -> float:
        return self.calls / self.seconds

    def summary(self) -> str:
        """Return one line."""
        return (
            f"{self.calls} calls of 3 workers in {self.seconds:.1f} s: {self.rate:.1f}/s, "
            f"{self.refused} refused, {self.by_address}; a call asks the journal {self.journal_calls:.2f} "
            f"times and the limit store {self.store_calls:.2f} times"
        )


def measure(folder: Path, operation: str, number: int, *, limits: bool = True) -> Rate:
    """Let three workers make calls, under the documented limits or as fast as they can, and measure."""
    redis, workers = redis_of(folder), Workers()
    documented: dict[str, Any] = {} if limits else {"limits": None}
    with Simulator(sims=number, seed=1, tls=False, **documented) as simulator:
        with simulator.lock:
            first = next(iter(simulator.installation.world.organisations.values()))
            if operation == "sims.get":
                items = [one.id for one in first.sims.states(first.sims.select())]
            else:
                found = [one.id for one in first.endpoints.states(first.endpoints.select())]
                items = [(one, {"payload": "hello", "source_address": "12345"}) for one in found]
        items = items[:number]
        tasks = [
            HostTask(
                url=simulator.url,
                token=simulator.application_token,
                redis_url=redis.url,
                name=f"rate-{operation}-{limits}",
                address=address,
                operation=operation,
                items=items,
                options={},
                lease=5.0,
                limits=limits,
                figures=str(folder / f"{address}.txt"),
            )
            for address in ADDRESSES
        ]
        processes = [workers.start(work_on_host, task) for task in tasks]
        for one in processes:
            one.join()
        redis.kill()
        assert [one.exitcode for one in processes] == [0, 0, 0]
        made = simulator.requests.of(operation)
        good = [one for one in made if one.status is not None and one.status < 400]
        arrived = sorted(one.arrived for one in good)
        figures = [(folder / f"{one}.txt").read_text(encoding="ascii").split() for one in ADDRESSES]
        return Rate(
            calls=len(good),
            seconds=arrived[-1] - arrived[0],
            refused=sum(1 for one in simulator.requests if one.status == 429),
            by_address={one: sum(1 for call in made if call.address == one) for one in ADDRESSES},
            journal_calls=sum(int(one[1]) for one in figures) / len(good),
            store_calls=sum(int(one[2]) for one in figures) / len(good),
        )


def redis_of(folder: Path, *more: str) -> RedisServer:
    """Return a server that keeps what it receives."""
    server = RedisServer(folder, extra=("--appendonly", "yes", *more))
    server.start()
    return server
