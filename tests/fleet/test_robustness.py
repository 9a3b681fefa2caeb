"""Things that happen to a job from outside while it runs: its file, its client, other jobs, the user."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from aioemnify.errors import ClientStateError
from aioemnify.fleet import Job, JournalError, Outcome
from aioemnify.fleet.jobs.journal import Journal
from tests.fleet.fleet_server import FleetServer, read

pytestmark = pytest.mark.anyio


@pytest.fixture
def rollback() -> bool:
    return True


async def test_no_call_is_sent_that_a_full_disk_did_not_record(server: FleetServer, file: Path) -> None:
    """Calls that are admitted together share a commit; if it fails, none of them goes."""
    journal = Journal(file)
    async with server.client(throttling=None) as emnify, Job(emnify, journal) as job:
        await job.add("sims.get", [31])
        await read(job)
        server.reads.clear()
        await job.add("sims.get", range(1, 31))
        assert journal._database is not None
        journal._database.execute("PRAGMA query_only = 1")
        with pytest.raises(JournalError):
            await read(job)
        assert server.reads == []
        journal._database.execute("PRAGMA query_only = 0")
        assert len(await read(job)) == 30
    assert len(server.reads) == 30


async def test_a_journal_that_is_deleted_or_replaced_stops_the_job(server: FleetServer, file: Path) -> None:
    rows = [(number, {"status": 2}) for number in range(1, 31)]
    for change in (file.unlink, lambda: file.with_suffix(".new").replace(file)):
        file.with_suffix(".new").touch()
        server.writes.clear()
        async with server.client(connections=1) as emnify, Job(emnify, file) as job:
            await job.add("sims.update", rows)
            outcomes = job.run()
            for _ in range(3):
                await anext(outcomes)
            change()
            with pytest.raises(JournalError, match="was deleted or replaced"):
                await read_on(outcomes)
            assert len(server.writes) <= 5
            job.report().to_jsonl(file.with_suffix(".jsonl"))
        assert file.with_suffix(".jsonl").read_text().count('"ok"') == len(server.writes)
        file.unlink(missing_ok=True)  # noqa: ASYNC240


async def read_on(outcomes: AsyncIterator[Outcome]) -> None:
    async for _ in outcomes:
        pass


async def test_a_client_that_is_closed_ends_the_run_and_loses_nothing(
    server: FleetServer, file: Path
) -> None:
    rows = [(number, {"name": f"n{number}"}) for number in range(1, 31)]
    server.latency = 1.0
    emnify = server.client()
    async with emnify, Job(emnify, file) as job:
        await job.add("endpoints.update", rows)
        async with anyio.create_task_group() as group:

            async def close() -> None:
                await anyio.sleep(0.5)
                await emnify.aclose()

            group.start_soon(close)
            with pytest.raises(ClientStateError):
                await read(job)
    async with server.client() as again, Job(again, file) as job:
        await read(job)
        assert job.report().counts["ok"] == 30
    assert {server.names()[number] for number, _ in rows} == {f"n{number}" for number, _ in rows}


async def test_two_jobs_run_at_once_on_one_client(server: FleetServer, tmp_path: Path) -> None:
    async with (
        server.client() as emnify,
        Job(emnify, tmp_path / "a.job") as one,
        Job(emnify, tmp_path / "b.job") as two,
    ):
        await one.add("endpoints.update", [(number, {"name": "a"}) for number in range(1, 31)])
        await two.add("sims.get", range(1, 31))
        async with anyio.create_task_group() as group:
            for job in (one, two):
                group.start_soon(read, job)
        assert one.report().counts["ok"] == two.report().counts["ok"] == 30
        assert (one.report().calls, two.report().calls) == (1, 30)


async def test_ctrl_c_stops_all_jobs_of_the_process(server: FleetServer, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        async with (
            server.client(connections=4) as emnify,
            Job(emnify, tmp_path / "a.job") as one,
            Job(emnify, tmp_path / "b.job") as two,
        ):
            for job in (one, two):
                await job.add("sims.get", range(1, 51))
            async with anyio.create_task_group() as group:
                for job in (one, two):
                    group.start_soon(read, job)
                await anyio.sleep(0.25)
                signal.raise_signal(signal.SIGINT)
            for job in (one, two):
                assert job.report().interrupted and 1 <= job.report().counts["ok"] < 50
            assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


async def test_a_report_of_a_deleted_journal_is_not_empty_but_an_error(
    server: FleetServer, file: Path, tmp_path: Path
) -> None:
    async with server.client() as emnify, Job(emnify, file) as job:
        await job.add("sims.get", [1])
        await read(job)
        report = job.report()
    file.unlink()  # noqa: ASYNC240
    with pytest.raises(JournalError, match="does not exist any more"):
        report.to_csv(tmp_path / "items.csv")
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240


HOLDS_IT = """
import sys
from aioemnify.fleet.jobs.journal import Journal
journal = Journal(sys.argv[1])
journal.open()
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.mark.process
async def test_two_processes_cannot_have_one_journal(server: FleetServer, file: Path) -> None:
    with subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", HOLDS_IT, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        async with server.client() as emnify:
            with pytest.raises(JournalError, match="is in use: another process or another Job"):
                async with Job(emnify, file):
                    pass
            other.kill()
            other.wait()
            async with Job(emnify, file) as job:
                await job.add("sims.get", [1])
                assert [one.state for one in await read(job)] == ["ok"]


@pytest.mark.parametrize("seconds", [step / 40 for step in range(1, 30)])
async def test_a_job_cancelled_anywhere_leaves_a_journal_that_continues(
    server: FleetServer, file: Path, seconds: float
) -> None:
    server.faults = ["lost", 503, "ok", 422]
    items = [{"name": f"new-{number}"} for number in range(5)]
    shared = {"service_profile": 400001, "tariff_profile": 400003, "status": 0}
    before = server.names()
    async with server.client() as emnify:
        with anyio.move_on_after(seconds * 60 if seconds > 0.5 else seconds):
            async with Job(emnify, file) as job:
                await job.add("endpoints.create", items, shared=shared)
                await read(job)
        server.faults.clear()
        async with Job(emnify, file) as job:
            await job.add("endpoints.create", items, shared=shared)
            await read(job)
            report = job.report()
    made = sorted(name for number, name in server.names().items() if number not in before)
    assert made == [row["name"] for row in items]
    assert report.counts["ok"] == 5
