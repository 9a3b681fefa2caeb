"""A job as its user sees it: adding, planning, reading, interrupting, reporting, and bad input."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from aioemnify import CallOptions, StaticToken, Throttling
from aioemnify.errors import ArgumentError, ClientStateError
from aioemnify.fleet import Job, JournalError
from aioemnify.fleet.journals.journal import Journal
from aioemnify.fleet.many import run_many
from aioemnify.models.endpoints import EndpointUpdate
from tests.fleet.fleet_server import SHARED, FleetServer, read, sizes

pytestmark = pytest.mark.anyio


@pytest.fixture
def rollback() -> bool:
    return True


async def test_the_whole_story(server: FleetServer, file: Path, tmp_path: Path) -> None:
    rows = [(number, {"name": f"pump-{number}"}) for number in range(1, 31)] + [(999_999, {"name": "none"})]
    async with server.client() as emnify, Job(emnify, file) as job:
        assert await job.add("endpoints.update", rows) == 31
        assert str(job.plan()) == (
            "31 items: 1 call of endpoints.update_bulk; 0 s, no limit delays it, 0.00% of the month"
        )
        outcomes = await read(job)
        report = job.report()
        assert str(job.plan()) == "nothing waits"
    assert [one.key for one in outcomes if one.state != "ok"] == [999_999]
    assert str(outcomes[-1].error) == "404 1201 NotFound: Endpoint with id 999999 not found"
    assert report.counts == {"waiting": 0, "sent": 0, "ok": 30, "failed": 1, "unknown": 0, "skipped": 0}
    assert report.errors == {"404 1201 NotFound": 1} and report.calls == 3
    assert str(report).splitlines()[:2] == [
        f"job {file}: 31 items: 30 ok, 1 failed; 3 calls",
        "  1 x 404 1201 NotFound",
    ]
    report.to_csv(tmp_path / "report.csv")
    with (tmp_path / "report.csv").open() as opened:
        table = list(csv.DictReader(opened))
    assert len(table) == 31 and table[-1]["state"] == "failed" and table[-1]["code"] == "1201"
    report.to_jsonl(tmp_path / "report.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    assert lines[0] == {
        "number": 1,
        "operation": "endpoints.update",
        "key": 1,
        "state": "ok",
        "doubled": False,
        "tries": 1,
    }
    assert mode(file) & 0o077 == 0, "bodies may hold secrets"


def mode(file: Path) -> int:
    return file.stat().st_mode


async def test_items_come_in_every_shape(server: FleetServer) -> None:
    async def rows() -> AsyncIterator[Any]:
        yield 4, EndpointUpdate(name="d")

    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.update", [(1, {"name": "a"}), ["2", {"name": "b"}]])
        await job.add("endpoints.update", [3], shared={"name": "c"})
        await job.add("endpoints.update", rows())
        await job.add("sims.get", [7, ("8",)])
        await job.add("endpoints.unblock_operator", [(5, 6)])
        outcomes = await read(job)
        assert [one.key for one in outcomes] == [1, 2, 3, 4, 7, 8, (5, 6)]
    names = server.names()
    assert [names[number] for number in (1, 2, 3, 4)] == ["a", "b", "c", "d"]
    assert json.loads(server.writes[0].content)[3] == {"id": 4, "name": "d"}


@pytest.mark.parametrize(
    ("operation", "items", "path", "calls"),
    [
        ("endpoints.delete", [1, 2], "/api/v2/endpoint/multi", 1),
        ("sims.delete", [1, 2], "/api/v1/sim/multi", 3),
        ("tags.delete", [1, 2], "/api/v2/bulk-operations/tag/delete-tags", 3),
        ("endpoints.assign_tag", [(1, 5), (2, 5)], "/api/v2/bulk-operations/endpoint/add-tags", 3),
        ("endpoints.unassign_tag", [(1, 5), (2, 5)], "/api/v2/bulk-operations/endpoint/remove-tags", 3),
        ("sim_operations.create", [{"sim": {"id": 1}}, {"sim": {"id": 2}}], "/api/v1/sim/operation", 1),
    ],
)
async def test_bulk_routes_are_used(
    server: FleetServer, operation: str, items: list[Any], path: str, calls: int
) -> None:
    shared = {"action": 2} if operation == "sim_operations.create" else None
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add(operation, items, shared=shared)
        assert list(job.plan().calls.values()) == [1] and job.plan().single_calls == 0
        await read(job)
    assert {request.url.path for request in server.writes} == {path}
    assert len(server.writes) == calls


async def test_sims_that_move_share_their_target(server: FleetServer) -> None:
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("sims.migrate_workspace", [1, 2, 3], shared={"target_workspace": 5, "dry_run": False})
        assert job.plan().calls == {"sims.migrate_workspace": 1}
        outcomes = await read(job)
    assert [one.state for one in outcomes] == ["failed"] * 3, "an application token may not"
    assert json.loads(server.writes[0].content) == {
        "target_workspace": {"id": 5},
        "dry_run": False,
        "sims": [{"id": 1}, {"id": 2}, {"id": 3}],
    }


async def test_query_parameters_are_shared(server: FleetServer) -> None:
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.delete", [1, 2], shared={"delete_sims": True})
        await read(job)
    assert server.writes[0].url.query == b"delete_sims=true"


async def test_creations_with_different_profiles_go_in_calls_of_their_own(server: FleetServer) -> None:
    rows = [{"name": f"n{n}", "tariff_profile": 400003 + n % 2} for n in range(6)]
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.create", rows, shared=SHARED)
        assert job.plan().calls == {"endpoints.create_bulk": 2}
        assert {one.state for one in await read(job)} == {"ok"}
    assert sizes(server.writes) == [3, 3]


WRONG_ITEMS = [
    ("endpoints.update", [(1, {"name": "a"}), (2, {"nam": "b"})], r"items\[1\].*did you mean 'name'"),
    (
        "endpoints.update",
        [(1, {"name": "a"}), 2],
        r"items\[1\].*must be \(endpoint_id, body\) for endpoints.update",
    ),
    ("endpoints.update", [(1, {"name": "a"}, 3)], r"items\[0\].*must be \(endpoint_id, body\)"),
    ("endpoints.update", [("x", {"name": "a"})], r"items\[0\].*endpoint_id takes an id, not 'x'"),
    ("endpoints.update", [(1, {"name": 5})], r"items\[0\].*name"),
    ("sims.get", [1, (2, 3)], r"items\[1\].*must be sim_id for"),
    ("sims.get", [1, None], r"items\[1\].*sim_id"),
    ("endpoints.create", [{"name": "a"}], r"items\[0\].*service_profile is required"),
    ("endpoints.create", [SHARED], r"items\[0\].*lacks name, which identifies the object"),
    ("endpoints.create", [SHARED | {"name": " a"}], r"items\[0\].*' a' has blanks around it"),
    ("sims.get", "12", "items takes any iterable of items, not str"),
    ("sims.get", 12, "items takes any iterable of items, not int"),
    ("sims.gett", [1], "did you mean 'sims.get'"),
    ("sims.list", [1], "sims.list takes no items"),
    ("auth.authenticate", [{}], "takes no items"),
    ("tags.create", [{"name": "a"}], "key is required: name the member"),
    (
        "endpoints.update",
        [(1, {"name": "a"}), ("1", {"name": "b"})],
        r"items\[1\] has the key 1.*another body",
    ),
    ("sims.get", [(1, 2)], r"item must be sim_id for sims.get, not tuple of 2$"),
    ("endpoints.update", [1], r"item must be \(endpoint_id, body\) for endpoints.update, not int$"),
]


@pytest.mark.parametrize(("operation", "items", "message"), WRONG_ITEMS)
async def test_wrong_items_are_named_and_nothing_is_kept(
    server: FleetServer, file: Path, operation: str, items: Any, message: str
) -> None:
    async with server.client() as emnify, Job(emnify, file) as job:
        await job.add("endpoints.update", [(9, {"name": "kept"})])
        with pytest.raises(ArgumentError, match=message):
            await job.add(operation, items)
        assert job.report().counts["waiting"] == 1
        assert [one.key for one in await read(job)] == [9]
    assert len(server.writes) == 1


@pytest.mark.parametrize(
    ("operation", "arguments", "message"),
    [
        ("endpoints.delete", {"shared": {"status": 1}}, "takes delete_sims, not status"),
        ("endpoints.update", {"shared": [1]}, "shared takes a mapping"),
        ("endpoints.update", {"key": "name"}, "key is not for endpoints.update"),
    ],
)
async def test_wrong_arguments_of_add(
    server: FleetServer, operation: str, arguments: dict[str, Any], message: str
) -> None:
    async with server.client() as emnify, Job(emnify, None) as job:
        with pytest.raises(ArgumentError, match=message):
            await job.add(operation, [1], **arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"window_share": 0}, "window_share"),
        ({"window_share": 1.5}, "window_share"),
        ({"unknown": "ask"}, "unknown"),
        ({"journal": 5}, "journal"),
    ],
)
async def test_wrong_arguments_of_a_job(server: FleetServer, arguments: dict[str, Any], message: str) -> None:
    async with server.client() as emnify:
        with pytest.raises(ArgumentError, match=message):
            Job(emnify, **({"journal": None} | arguments))


async def test_the_same_items_again_add_nothing(server: FleetServer, file: Path) -> None:
    rows = [(number, {"name": f"n{number}"}) for number in range(1, 21)]
    async with server.client() as emnify:
        for new in (20, 0, 0):
            async with Job(emnify, file) as job:
                assert await job.add("endpoints.update", rows) == new
                assert await job.add("endpoints.update", rows[:5]) == 0
                assert len(await read(job)) == new
    assert len(server.writes) == 1


async def test_reading_can_stop_and_go_on(server: FleetServer) -> None:
    async with server.client(connections=2) as emnify, Job(emnify, None) as job:
        await job.add("sims.get", range(1, 51))
        async for outcome in job.run():
            assert outcome.state == "ok"
            break
        await anyio.sleep(1000)
        assert len(server.reads) <= 6, "nobody reads, and so nothing more is sent"
        rest = await read(job)
        assert job.report().counts["ok"] == 50
        assert len(rest) >= 44 and len(server.reads) <= 52


async def test_nothing_is_sent_while_items_are_read(server: FleetServer) -> None:
    async def rows() -> AsyncIterator[int]:
        yield 1
        for use in (job.run, job.retry):
            with pytest.raises(ClientStateError, match="while items are being added; await add"):
                use()
        raise LookupError("the file ends here")

    async with server.client() as emnify, Job(emnify, None) as job:
        with pytest.raises(LookupError):
            await job.add("sims.get", rows())
        assert job.report().counts["waiting"] == 0


async def test_items_can_be_sent_while_others_are_read(server: FleetServer) -> None:
    seen = []

    async def rows() -> AsyncIterator[int]:
        for number in range(1, 2501):
            yield number
            if number % 1000 == 0:
                await anyio.sleep(60)
                seen.append(len(server.reads))

    async with server.client(throttling=None) as emnify, Job(emnify, None) as job:

        async def add() -> None:
            await job.add("sims.get", rows(), streaming=True)

        async with anyio.create_task_group() as group:
            group.start_soon(add)
            await anyio.sleep(1)
            outcomes = await read(job)
    assert len(outcomes) == 2500 and seen == [1000, 2000]


async def test_an_error_while_streaming_keeps_the_items_before_it(server: FleetServer) -> None:
    def rows() -> Iterator[Any]:
        yield from range(1, 1501)
        yield "wrong"

    async with server.client() as emnify, Job(emnify, None) as job:
        with pytest.raises(ArgumentError, match=r"items\[1500\]"):
            await job.add("sims.get", rows(), streaming=True)
        assert job.report().counts["waiting"] == 1000


async def test_a_job_takes_only_its_share_of_the_window(server: FleetServer) -> None:
    async with server.client(throttling=None) as emnify, Job(emnify, None, window_share=0.01) as job:
        await job.add("sims.get", range(1, 42))
        assert (job.plan().seconds, job.plan().limit) == (600.0, "window_share of this job")
        began = anyio.current_time()
        await read(job)
        assert anyio.current_time() - began == pytest.approx(600, abs=5)
        assert job.report().waits["window_share of this job"] > 590


async def test_the_share_of_the_window_is_that_of_all_runs(server: FleetServer) -> None:
    async with server.client(throttling=None) as emnify, Job(emnify, None, window_share=0.01) as job:
        await job.add("sims.get", range(1, 61))
        async for outcome in job.run():
            if outcome.key == 15:
                break
        began = anyio.current_time()
        assert job.plan().seconds == pytest.approx(600, abs=5)
        await read(job)
        assert anyio.current_time() - began == pytest.approx(600, abs=5)


@pytest.mark.parametrize(
    ("operation", "count"),
    [("sims.get", 2050), ("sims.get", 300), ("sims.update", 2050)],
)
async def test_the_plan_is_right_within_5_percent(server: FleetServer, operation: str, count: int) -> None:
    server.latency = 0.02
    items: list[Any] = list(range(1, count + 1))
    if operation == "sims.update":
        items = [(number, {"status": 2}) for number in items]
    async with server.client() as emnify, Job(emnify, None) as job:
        await emnify.sims.get(1)
        await job.add(operation, items)
        plan, began = job.plan(), anyio.current_time()
        await read(job)
        took = anyio.current_time() - began
    assert plan.limit is not None
    assert plan.seconds == pytest.approx(took, rel=0.05)


async def test_the_plan_of_several_operations_is_right_within_5_percent(server: FleetServer) -> None:
    server.latency = 0.02
    async with server.client() as emnify, Job(emnify, None) as job:
        await emnify.sims.get(1)
        await job.add("sims.get", range(1, 1501))
        await job.add("sims.update", [(number, {"status": 2}) for number in range(1, 901)])
        await job.add("endpoints.update", [(number, {"name": "x"}) for number in range(1, 31)])
        plan, began = job.plan(), anyio.current_time()
        await read(job)
        took = anyio.current_time() - began
    assert plan.single_calls == 2400 and plan.calls == {"endpoints.update_bulk": 1}
    assert plan.seconds == pytest.approx(took, rel=0.05)


async def test_the_plan_of_the_lane_is_right_after_ten_calls(server: FleetServer) -> None:
    server.latency = 2.0
    async with server.client() as emnify, Job(emnify, None) as job:
        rows = [(number, {"tags": "x" * 1_000_000}) for number in range(1, 30)]
        for _ in range(10):
            await emnify.endpoints.update_bulk([{"id": 1, "name": "y"}])
        await job.add("endpoints.update", rows)
        plan, began = job.plan(), anyio.current_time()
        await read(job)
        took = anyio.current_time() - began
    assert plan.limit is not None and "lane" in plan.limit
    assert plan.seconds == pytest.approx(took, rel=0.05)


async def test_the_deadline_of_the_client_is_for_other_calls(server: FleetServer) -> None:
    async with server.client(deadline=1.0) as emnify, Job(emnify, None) as job:
        await job.add("sims.get", range(1, 351))
        outcomes = await read(job)
    assert all(one.error is None or one.error.status == 404 for one in outcomes)
    assert anyio.current_time() > 2.9


async def test_interactive_calls_go_first(server: FleetServer) -> None:
    server.latency = 1.0
    rows = [(number, {"tags": "x" * 1_900_000}) for number in range(1, 30)]
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.update", rows)
        async with anyio.create_task_group() as group:
            group.start_soon(read, job)
            await anyio.sleep(0.5)
            began = anyio.current_time()
            await emnify.endpoints.update(1, {"name": "x"}, options=CallOptions(priority="interactive"))
            assert anyio.current_time() - began < 2.6


async def test_one_item_is_not_several_items(server: FleetServer) -> None:
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("sims.get", [1])
        assert str(job.plan()).startswith("1 item: 1 single call; ")
        await read(job)
        assert str(job.report()).endswith(": 1 item: 1 ok; 1 call")


async def test_progress(server: FleetServer) -> None:
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("sims.get", [*range(1, 2101)])
        await emnify.sims.get(1)
        seen = [job.progress() async for outcome in job.run() if outcome.number == 500]
        last = job.progress()
    assert (last.done, last.failed, last.total) == (60, 2040, 2100)
    assert (last.waiting_for, last.resumes_at, last.share_of_month) == (None, None, 0)
    assert str(last) == "60 of 2,100 done, 2,040 failed"
    (middle,) = seen
    assert middle.waiting_for == "ip_general" and middle.resumes_at is not None
    assert middle.eta is not None and middle.eta >= middle.resumes_at
    assert "waiting for ip_general, expected end 2023-11-14 22:18" in str(middle)


async def test_progress_says_what_the_job_waits_for(server: FleetServer) -> None:
    server.faults = [500, 500, 500]
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.update", [(1, {"name": "a"})])
        async with anyio.create_task_group() as group:
            group.start_soon(read, job)
            await anyio.sleep(2.5)
            progress = job.progress()
        assert progress.waiting_for == "the server after ServerError" and progress.resumes_at is not None
        assert job.report().waits["the server after ServerError"] == 7.0


async def test_a_shorthand_runs_a_whole_job(server: FleetServer) -> None:
    async with server.client() as emnify:
        report = await run_many(emnify, "endpoints.update", [(1, {"name": "a"}), (777_777, {"name": "b"})])
    assert report.counts["ok"] == report.counts["failed"] == 1
    assert "in memory" in str(report)


async def test_a_report_outlives_its_job(server: FleetServer, file: Path, tmp_path: Path) -> None:
    for journal in (file, None):
        async with server.client() as emnify:
            report = await run_many(emnify, "sims.get", [1], journal=journal)
        report.to_csv(tmp_path / "one.csv")
        assert (tmp_path / "one.csv").read_text().count("\n") == 2


async def test_a_spreadsheet_runs_no_formula_of_a_report(server: FleetServer, tmp_path: Path) -> None:
    """The names of others come back in messages and keys."""
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("tags.create", [{"name": "=1+1"}], key="name")
        await read(job)
        job.report().to_csv(tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(newline="") as opened:
        assert [row["key"] for row in csv.DictReader(opened)] == ["'=1+1"]


async def test_a_job_reports_before_and_after_its_block(server: FleetServer, file: Path) -> None:
    async with server.client() as emnify:
        for journal in (file, None):
            job = Job(emnify, journal)
            async with job:
                await job.add("sims.get", [1, 999_999])
                assert [one.state for one in job.report().outcomes()] == ["waiting", "waiting"]
                await read(job)
            assert job.report().counts["ok"] == job.report().counts["failed"] == 1
        assert Job(emnify, file).report().counts["ok"] == 1
        async with Job(emnify, file):
            with pytest.raises(JournalError, match="is in use"):
                Job(emnify, file).report()
        with pytest.raises(JournalError, match="does not exist"):
            Job(emnify, file.with_name("other.job")).report()
        assert not file.with_name("other.job").exists()


async def test_outcomes_of_a_report(server: FleetServer, file: Path) -> None:
    tagged = (999_999, 999_999)
    async with server.client() as emnify:
        async with Job(emnify, file) as job:
            await job.add("sims.get", [1, 999_998, 2])
            await job.add("endpoints.assign_tag", [tagged])
            of_the_run = await read(job)
        async with Job(emnify, file) as job:
            report = job.report()
            assert await read(job) == []
    outcomes = report.outcomes()
    assert [one.key for one in outcomes] == [1, 999_998, 2, tagged]
    assert [one.state for one in outcomes] == ["ok", "failed", "ok", "failed"]
    assert outcomes[0].result["id"] == 1 and outcomes[1].result is None
    wrong = report.outcomes("failed", "unknown")
    assert wrong == [one for one in outcomes if one.state == "failed"]
    by_number = sorted((one for one in of_the_run if one.state == "failed"), key=lambda one: one.number)
    assert wrong == by_number
    assert report.outcomes("waiting") == []
    with pytest.raises(ArgumentError, match="did you mean 'failed'"):
        report.outcomes("fail")  # type: ignore[arg-type]


async def test_a_job_is_interrupted_in_order(server: FleetServer, file: Path) -> None:
    async with server.client(connections=5) as emnify, Job(emnify, file) as job:
        job.interrupt()
        await job.add("sims.get", range(1, 51))
        done = 0
        async for outcome in job.run():
            done += 1
            assert outcome.state == "ok"
            if done == 10:
                job.interrupt()
        report = job.report()
        assert report.interrupted and 10 <= report.counts["ok"] == done < 25
        assert report.counts["waiting"] == 50 - done, "what was under way has ended"
        assert len(await read(job)) == 50 - done
        assert job.report().calls == 50


async def test_an_interrupted_call_does_not_wait_for_a_limit_that_refused_it(
    server: FleetServer, file: Path
) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"retry-after": "250000"}, json={"message": "later"})

    server.faults = [refuse]
    async with server.client() as emnify, Job(emnify, file) as job:
        await job.add("endpoints.create", [{"name": "a"}], shared=SHARED)

        async def interrupt() -> None:
            await anyio.sleep(20)
            job.interrupt()

        async with anyio.create_task_group() as group:
            group.start_soon(interrupt)
            began = anyio.current_time()
            assert await read(job) == []
        assert anyio.current_time() - began < 21
        report = job.report()
        assert report.interrupted and report.counts["waiting"] == 1 and len(server.writes) == 1
        assert [one.state for one in await read(job)] == ["ok"]
    assert len(server.writes) == 2 and sorted(server.names().values()).count("a") == 1


async def test_a_job_is_used_inside_its_block(server: FleetServer) -> None:
    async with server.client() as emnify:
        job = Job(emnify, None)
        for use in (job.plan, job.progress, job.report, job.retry, job.run):
            with pytest.raises(ClientStateError, match="async with Job"):
                use()
        async with job:
            with pytest.raises(ClientStateError, match="open already"):
                await job.__aenter__()
            with pytest.raises(ValueError, match="mine"):
                async with Job(emnify, None):
                    raise ValueError("mine")


async def test_two_jobs_cannot_have_one_journal(server: FleetServer, file: Path) -> None:
    async with server.client() as emnify, Job(emnify, file) as job:
        await job.add("sims.get", [1])
        with pytest.raises(JournalError, match="is in use: another process or another Job"):
            async with Job(emnify, file):
                pass
        assert len(await read(job)) == 1
    async with server.client() as emnify, Job(emnify, file) as job:
        assert job.report().counts["ok"] == 1


async def test_what_is_not_a_journal_is_refused_and_kept(server: FleetServer, tmp_path: Path) -> None:
    text, other, newer = (tmp_path / name for name in ("notes.txt", "other.db", "newer.job"))
    text.write_text("some text that is certainly not a database, " * 100)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    async with server.client() as emnify:
        async with Job(emnify, newer):
            pass
        with sqlite3.connect(newer) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
        for path, message in (
            (text, "is not the journal of a job"),
            (other, "is a database, but not the journal of a job"),
            (newer, "newer aioemnify .format 99; this one reads 1."),
            (tmp_path / "no" / "folder.job", "No such file or directory"),
            (tmp_path, "cannot be"),
        ):
            before = path.read_bytes() if path.is_file() else None
            with pytest.raises(JournalError, match=message):
                async with Job(emnify, path):
                    pass
            if before is not None:
                assert path.read_bytes() == before


async def test_the_journal_of_another_job_server_or_organisation(server: FleetServer, file: Path) -> None:
    async with server.client() as emnify:
        async with Job(emnify, file) as job:
            await job.add("endpoints.update", [(1, {"name": "a"})])
            await job.add("sims.get", [1])  # a job may have several operations
            await read(job)
        async with Job(emnify, file) as job:
            with pytest.raises(
                ArgumentError, match=r"sims.delete does not belong to this job .* endpoints.update, sims.get"
            ):
                await job.add("sims.delete", [1])
            assert await job.add("sims.get", [2]) == 1
    async with server.client(base_url="https://elsewhere.invalid") as emnify:
        with pytest.raises(
            JournalError, match="is the journal of a job on .* calls https://elsewhere.invalid"
        ):
            async with Job(emnify, file):
                pass
    writes = len(server.writes)
    async with (
        server.client(token=server.simulator.second_application_token) as emnify,
        Job(emnify, file) as job,
    ):
        with pytest.raises(
            JournalError, match="is the journal of a job in organisation .* this client works in"
        ):
            await read(job)
        assert job.report().counts["waiting"] == 1
    assert len(server.writes) == writes


async def test_a_read_only_journal_is_refused_and_kept(server: FleetServer, file: Path) -> None:
    async with server.client() as emnify:
        journal = Journal(file)
        async with Job(emnify, journal) as job:
            await job.add("sims.get", [1])
            assert journal._database is not None
            journal._database.execute("PRAGMA query_only = 1")
            with pytest.raises(JournalError, match="write permission"):
                await read(job)
            assert not server.reads, "nothing is sent that the journal does not know"
            journal._database.execute("PRAGMA query_only = 0")
            assert [one.state for one in await read(job)] == ["ok"]


async def test_a_full_disk_loses_nothing(server: FleetServer, file: Path) -> None:
    rows = [(number, {"tags": "x" * 400}) for number in range(1, 31)]
    async with server.client() as emnify:
        journal = Journal(file)
        async with Job(emnify, journal) as job:
            await job.add("endpoints.update", rows)
            assert journal._database is not None
            pages = journal._database.execute("PRAGMA page_count").fetchone()[0]
            journal._database.execute(f"PRAGMA max_page_count = {pages}")
            with pytest.raises(JournalError, match="the disk is full"):
                await job.add(
                    "endpoints.update", [(number, {"tags": "y" * 400}) for number in range(31, 300)]
                )
            assert job.report().counts["waiting"] == 30
        async with Job(emnify, file) as job:
            assert job.report().counts["waiting"] == 30
            assert len(await read(job)) == 30


async def test_the_journal_in_a_thread(server: FleetServer, file: Path, anyio_backend_name: str) -> None:
    # Real threads and virtual time do not mix, so this one has neither waits nor faults.
    server.latency = 0
    async with (
        server.client(throttling=Throttling()) as emnify,
        Job(emnify, Journal(file, threaded=True)) as job,
    ):
        await job.add("tags.create", [{"name": f"t{number}"} for number in range(5)], key="name")
        if anyio_backend_name == "trio":
            outcomes = await read(job)
            assert {one.state for one in outcomes} == {"ok"} and all(one.result for one in outcomes)


async def test_a_static_token_works_too(server: FleetServer) -> None:
    async with server.client() as emnify:
        await emnify.sims.get(1)
        token = emnify._pipeline._auth.cached()
    assert token is not None
    async with (
        server.client(token=None, auth=StaticToken(token.secret.reveal())) as emnify,
        Job(emnify, None) as job,
    ):
        await job.add("sims.get", [1])
        assert [one.state for one in await read(job)] == ["ok"]


async def test_a_deletion_that_failed_fails_again(server: FleetServer) -> None:
    async with server.client() as emnify, Job(emnify, None) as job:
        await job.add("endpoints.delete", [999_999, 1])
        assert [one.state for one in await read(job)] == ["failed", "ok"]
        assert job.retry("failed") == 1
        assert [one.state for one in await read(job)] == ["failed"]
