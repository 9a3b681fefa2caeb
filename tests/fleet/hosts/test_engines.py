"""What starts workers: ``run_worker``, and Taskiq with a worker process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from taskiq_redis import ListQueueBroker, RedisStreamBroker

from aioemnify.errors import ArgumentError
from aioemnify.fleet import Job, RedisJournal, run_worker
from aioemnify.fleet.journals.items import OK, SENT, WAITING
from aioemnify.fleet.taskiq import check_broker, job_task
from aioemnify.simulator import Delay, Simulator
from tests.fleet.fleet_server import FleetServer
from tests.fleet.hosts.keys import base_of
from tests.stores.redis_server import RedisServer

pytestmark = [pytest.mark.anyio, pytest.mark.redis]

Make = Callable[..., RedisJournal]


async def test_a_worker_ends_with_the_job_or_after_its_time(server: FleetServer, journal: Make) -> None:
    ids = sorted(server.names())
    server.latency = 0.2
    async with server.client(connections=2) as emnify:
        async with Job(emnify, journal()) as job:
            await job.add("endpoints.get", ids)
        first = await run_worker(Job(emnify, journal()), seconds=0.5)
        assert not first.finished and 0 < first.outcomes < len(ids)
        assert first.job.counts["sent"] == 0, "what it had claimed waits for others"
        seen: list[Any] = []
        server.latency = 0.0
        second = await run_worker(Job(emnify, journal()), on_outcome=lambda one: seen.append(one.key))
    assert second.finished and len(seen) == second.outcomes == len(ids) - first.outcomes


async def test_sigterm_ends_a_worker_in_order(server: FleetServer, journal: Make) -> None:
    ids = sorted(server.names())
    server.latency = 0.2
    async with server.client(connections=2) as emnify:
        async with Job(emnify, journal()) as job:
            await job.add("endpoints.get", ids)

        def terminate(outcome: Any) -> None:
            os.kill(os.getpid(), signal.SIGTERM)

        report = await run_worker(Job(emnify, journal()), on_outcome=terminate)
    assert not report.finished and report.outcomes < len(ids) and report.job.interrupted


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda url: ListQueueBroker(url), "takes a RedisStreamBroker, .* not ListQueueBroker"),
        (lambda url: RedisStreamBroker(url, unacknowledged_lock_timeout=9), "needs maxlen="),
        (lambda url: RedisStreamBroker(url, maxlen=9), "needs unacknowledged_lock_timeout="),
        (
            lambda url: RedisStreamBroker(url, maxlen=9, unacknowledged_lock_timeout=9, idle_timeout=9000),
            "idle_timeout=9000 .* give it at least 120000",
        ),
    ],
)
def test_a_broker_that_loses_or_keeps_messages_is_refused(
    redis_server: RedisServer, make: Callable[[str], Any], problem: str
) -> None:
    with pytest.raises(ArgumentError, match=problem):
        job_task(make(redis_server.url), lambda name: None)  # type: ignore[arg-type, return-value]


def test_a_broker_that_is_right_is_accepted(redis_server: RedisServer) -> None:
    check_broker(RedisStreamBroker(redis_server.url, maxlen=9, unacknowledged_lock_timeout=9), 60)


class Taskiq:
    """Worker processes of Taskiq, for one job with some messages."""

    def __init__(self, redis: str, simulator: Simulator, log: Path, lease: float) -> None:
        self.root = Path(__file__).parents[3]
        self.log = log
        self.environment = os.environ | {
            "JOB_REDIS": redis,
            "JOB_TOKEN": simulator.application_token,
            "JOB_SERVER": simulator.url,
            "JOB_LEASE": str(lease),
            "PYTHONPATH": f"{self.root / 'src'}:{self.root}",
        }

    def begin(self, name: str, operation: str, items: list[Any], workers: int) -> None:
        begin = json.dumps([name, operation, items, workers])
        command = [sys.executable, "-m", "tests.fleet.hosts.taskiq_program"]
        environment = self.environment | {"JOB_BEGIN": begin}
        subprocess.run(command, cwd=self.root, env=environment, check=True, timeout=60)

    @contextmanager
    def worker(self, processes: int) -> Iterator[subprocess.Popen[bytes]]:
        program = "tests.fleet.hosts.taskiq_program:broker"
        command = [sys.executable, "-m", "taskiq", "worker", "-w", str(processes), program]
        with self.log.open("ab") as log:
            # A group of its own, to be killed: in Taskiq 0.13 an idle worker waits for a message first.
            worker = subprocess.Popen(
                command, cwd=self.root, env=self.environment, stderr=log, start_new_session=True
            )
        try:
            yield worker
        finally:
            with suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()

    def wait(self, reached: Callable[[], bool], seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not reached():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.02)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(sims=200, tls=False, delay=(0.05, 0.1)) as simulator:
        yield simulator


@pytest.mark.process
def test_taskiq_workers_carry_out_a_job(
    redis_server: RedisServer, journal: Make, tmp_path: Path, simulator: Simulator
) -> None:
    taskiq = Taskiq(redis_server.url, simulator, tmp_path / "log", lease=1.0)
    with simulator.lock:
        first = next(iter(simulator.installation.world.organisations.values()))
        ids = [one.id for one in first.sims.states(first.sims.select())][:40]
    taskiq.begin("taskiq", "sims.get", ids, workers=2)
    kept = journal(name="taskiq")
    with taskiq.worker(2):
        kept.open()
        taskiq.wait(lambda: bool(kept.parts()) and kept.count(OK) == len(ids))
        kept.close()
    assert len(simulator.requests.of("sims.get")) == len(ids)


@pytest.mark.process
def test_a_taskiq_worker_that_is_terminated_in_mid_job_leaves_the_rest_to_others(
    redis_server: RedisServer, journal: Make, tmp_path: Path, simulator: Simulator
) -> None:
    lease = 120.0  # so that what the second worker gets was given back, and did not run out
    taskiq = Taskiq(redis_server.url, simulator, tmp_path / "log", lease)
    with simulator.lock:
        first = next(iter(simulator.installation.world.organisations.values()))
        ids = [one.id for one in first.endpoints.states(first.endpoints.select())][:90]
    # Taskiq looks once a second whether it is to end.
    simulator.faults.add(Delay(3.0), operation="endpoints.send_sms")
    taskiq.begin("terminated", "endpoints.send_sms", [(one, {"payload": "hello"}) for one in ids], workers=1)
    kept = journal(name="terminated", lease=lease)

    def sent() -> list[Any]:
        return list(simulator.requests.of("endpoints.send_sms"))

    with taskiq.worker(1) as stopped:
        taskiq.wait(lambda: len(sent()) > 0)
        kept.open()
        kept.parts()
        assert kept.count(SENT) > 0, "calls are under way"
        stopped.terminate()
        with redis.Redis.from_url(redis_server.url) as client:
            leases = f"{base_of(client, 'terminated')}leases"
            taskiq.wait(lambda: client.zcard(leases) == 0, seconds=lease / 4)
        made = sent()
        kept.parts()
        assert 0 < len(made) < len(ids), "it ended in the middle"
        assert [one.status for one in made] == [201] * len(made), "calls under way have ended"
        assert (kept.count(OK), kept.count(WAITING)) == (len(made), len(ids) - len(made))
        simulator.faults.reset()
        with taskiq.worker(1):
            taskiq.wait(lambda: bool(kept.parts()) and kept.count(OK) == len(ids), seconds=lease / 4)
    kept.close()
    calls = Counter(one.path for one in sent())
    assert len(calls) == len(ids) and set(calls.values()) == {1}
