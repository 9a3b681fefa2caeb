"""Things that happen to a job from outside while it runs: its file, its client, other jobs, the user."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from aioemnify.errors import ArgumentError, ClientStateError
from aioemnify.fleet import Job, JournalError, Outcome
from aioemnify.fleet.journals.journal import Journal
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


async def test_a_report_keeps_the_permissions_and_the_link_of_the_file_it_replaces(
    server: FleetServer, file: Path, tmp_path: Path
) -> None:
    kept, link = tmp_path / "kept.jsonl", tmp_path / "items.jsonl"
    kept.write_bytes(b"old")
    kept.chmod(0o600)
    link.symlink_to(kept)
    async with server.client() as emnify, Job(emnify, file) as job:
        await job.add("sims.get", [1])
        await read(job)
        job.report().to_jsonl(link)
    assert link.is_symlink() and b'"state":"ok"' in kept.read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} - {file.name} == {kept.name, link.name}  # noqa: ASYNC240


HOLDS_IT = """
import sys
from aioemnify.fleet.journals.journal import Journal
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


async def test_one_iterator_is_read_by_one_task(server: FleetServer) -> None:
    server.latency = 1.0
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("sims.get", range(1, 31))
        outcomes = job.run()
        async with anyio.create_task_group() as group:
            group.start_soon(read_on, outcomes)
            await anyio.sleep(0.5)
            with pytest.raises(ClientStateError, match="another task reads this run"):
                await anext(outcomes)
        assert job.report().counts["ok"] == 30
        with pytest.raises(StopAsyncIteration):
            await anext(outcomes)


async def test_a_second_run_while_another_task_reads_the_first_is_refused(server: FleetServer) -> None:
    server.latency = 1.0
    refused = []

    async def run(job: Job) -> None:
        try:
            await read(job)
        except ClientStateError as error:
            refused.append(str(error))

    async with server.client(connections=1) as emnify, Job(emnify, None) as job:
        await job.add("sims.update", [(number, {"status": 2}) for number in range(1, 21)])
        left_behind = job.run()
        await anext(left_behind)
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(run, job)
        with pytest.raises(ClientStateError, match=r"a later run\(\) of this job has taken over"):
            await read_on(left_behind)
        counts = job.report().counts
        assert counts["ok"] + counts["failed"] == 20
        assert counts["waiting"] == counts["sent"] == 0
    assert refused == ["the job runs in another task; read that run() to its end first"] * 2
    # The call that was under way when the first run was left behind goes again.
    assert len(server.writes) <= 21


async def test_a_run_that_is_read_after_its_job_was_closed_says_so(server: FleetServer, file: Path) -> None:
    server.latency = 1.0
    async with server.client(connections=2) as emnify, anyio.create_task_group() as group:
        job = Job(emnify, file)
        async with job:
            await job.add("sims.get", range(1, 31))
            outcomes = job.run()
            await anext(outcomes)
        with pytest.raises(ClientStateError, match="the job was closed before all outcomes were read"):
            await read_on(outcomes)
        async with job:
            outcomes = job.run()

            async def read_it() -> None:
                with pytest.raises(ClientStateError, match="the job was closed"):
                    await read_on(outcomes)

            group.start_soon(read_it)
            await anyio.sleep(0.5)
        async with job:
            await read(job)
            assert job.report().counts["ok"] == 30


async def test_nothing_runs_while_unknown_items_are_looked_for(server: FleetServer) -> None:
    server.faults = ["dropped"]
    items = [{"name": f"new-{number}"} for number in range(3)]
    shared = {"service_profile": 400001, "tariff_profile": 400003, "status": 0}
    async with server.client() as emnify, Job(emnify, None, unknown="keep") as job:
        await job.add("endpoints.create", items, shared=shared)
        assert {one.state for one in await read(job)} == {"unknown"}
        async with anyio.create_task_group() as group:
            group.start_soon(job.settle)
            await anyio.sleep(0.1)
            for use in (job.run, job.retry, job.skip):
                with pytest.raises(ClientStateError, match="while unknown items are looked for"):
                    use()
        assert [one.state for one in await read(job)] == ["ok"] * 3


@pytest.mark.parametrize("name", [":memory:", "file:odd?mode=memory", "a b%20?#.job"])
async def test_a_journal_of_any_name_is_a_file(
    server: FleetServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    async with server.client() as emnify:
        for new in (2, 0):
            async with Job(emnify, name) as job:
                assert await job.add("sims.get", [1, 2]) == new
                await read(job)
                assert name in str(job.report())
    assert [path.name for path in tmp_path.iterdir()] == [name]  # noqa: ASYNC240


async def test_a_name_that_no_file_can_have_is_refused(server: FleetServer) -> None:
    async with server.client() as emnify:
        with pytest.raises(JournalError, match="NUL"):
            await Job(emnify, "a\0b").__aenter__()


async def test_the_current_folder_may_change(
    server: FleetServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    async with server.client() as emnify:
        async with Job(emnify, "fleet.job") as job:
            await job.add("sims.get", [1, 2])
            monkeypatch.chdir(tmp_path / "elsewhere")
            assert len(await read(job)) == 2
            report = job.report()
        report.to_jsonl(tmp_path / "report.jsonl")


@pytest.mark.parametrize("spelling", ["./fleet.job", "elsewhere/../fleet.job", "link.job"])
async def test_two_jobs_cannot_have_one_journal_by_other_spellings(
    server: FleetServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link.job").symlink_to("fleet.job")
    async with server.client() as emnify, Job(emnify, tmp_path / "fleet.job"):
        with pytest.raises(JournalError, match="is in use"):
            await Job(emnify, spelling).__aenter__()


async def test_a_report_does_not_replace_its_journal(
    server: FleetServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with server.client() as emnify, Job(emnify, "fleet.job") as job:
        await job.add("sims.get", [1])
        await read(job)
        for write in (job.report().to_csv, job.report().to_jsonl):
            with pytest.raises(ArgumentError, match="is the journal, which a report would replace"):
                write(tmp_path / "fleet.job")
        await job.add("sims.get", [2])
        assert [one.state for one in await read(job)] == ["ok"]
