"""What starts workers: ``run_worker``, and Taskiq with a worker process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from taskiq_redis import ListQueueBroker, RedisStreamBroker

from aioemnify.errors import ArgumentError
from aioemnify.fleet import Job, RedisJournal, run_worker
from aioemnify.fleet.journals.items import OK
from aioemnify.fleet.taskiq import check_broker, job_task
from aioemnify.simulator import Simulator
from tests.fleet.fleet_server import FleetServer
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


@pytest.mark.process
def test_taskiq_workers_carry_out_a_job(redis_server: RedisServer, journal: Make, tmp_path: Path) -> None:
    with Simulator(sims=40, tls=False, delay=(0.05, 0.1)) as simulator:
        with simulator.lock:
            first = next(iter(simulator.installation.world.organisations.values()))
            ids = [one.id for one in first.sims.states(first.sims.select())]
        root = Path(__file__).parents[3]
        environment = os.environ | {
            "JOB_REDIS": redis_server.url,
            "JOB_TOKEN": simulator.application_token,
            "JOB_SERVER": simulator.url,
            "JOB_IDS": " ".join(map(str, ids)),
            "PYTHONPATH": f"{root / 'src'}:{root}",
        }
        program = "tests.fleet.hosts.taskiq_program"
        subprocess.run([sys.executable, "-m", program], cwd=root, env=environment, check=True, timeout=60)
        command = [sys.executable, "-m", "taskiq", "worker", "-w", "2", f"{program}:broker"]
        with (tmp_path / "log").open("wb") as log:
            # A group of its own, to be killed: in Taskiq 0.13 an idle worker waits for a message first.
            worker = subprocess.Popen(command, cwd=root, env=environment, stderr=log, start_new_session=True)
            try:
                kept = journal(name="taskiq")
                kept.open()
                until = time.monotonic() + 60
                while kept.parts() and kept.count(OK) < len(ids):
                    assert time.monotonic() < until, (tmp_path / "log").read_text()
                    time.sleep(0.1)
                kept.close()
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()
        assert len(simulator.requests.of("sims.get")) == len(ids)
