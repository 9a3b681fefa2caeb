"""Sweeps, jobs of one operation, exports, mirrors and plans, as a type checker sees them. Never run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, assert_type

from aioemnify import Emnify
from aioemnify.fleet import (
    Change,
    Job,
    JobPlan,
    Mirror,
    MirrorTable,
    Outcome,
    Plan,
    PlanChange,
    RedisJournal,
    Rehearsal,
    Report,
    Sweep,
    SweepReport,
    WorkerReport,
    export,
    rehearse,
    run_worker,
)
from aioemnify.models import (
    Endpoint,
    EndpointUpdate,
    Event,
    Sim,
    SimOperationAction,
    SimOperationTarget,
    SimStatus,
)
from aioemnify.simulator import Simulator


async def read(emnify: Emnify) -> None:
    sweep = emnify.sims.sweep(
        filter={"status": SimStatus.ACTIVATED}, per_page=1000, checkpoint="sims.sweep", strict=True
    )
    assert_type(sweep, Sweep[Sim])
    async for sim in sweep:
        assert_type(sim, Sim)
    async for page in emnify.sims.sweep_events(7).pages():
        for event in page:
            assert_type(event, Event)
    assert_type(sweep.report, SweepReport)
    assert_type(await emnify.endpoints.get_many([1, 2]), list[Endpoint | None])


async def ids() -> AsyncIterator[int]:
    yield 1


async def write(emnify: Emnify) -> None:
    report = await emnify.endpoints.update_many(
        [(1, EndpointUpdate(name="a")), (2, {"name": "b"})], journal="rename.job"
    )
    assert_type(report, Report)
    await emnify.endpoints.update_many((number, {"name": f"pump-{number}"}) for number in range(9))
    await emnify.endpoints.create_many([{"name": "a"}], shared={"status": 0})
    await emnify.endpoints.delete_many(ids(), delete_sims=True)
    await emnify.endpoints.assign_tag_many([(1, 5), (2, {"id": 5})])
    await emnify.endpoints.unassign_tag_many([(1, 5)])
    await emnify.sims.set_status_many(range(1, 100), SimStatus.SUSPENDED)
    await emnify.sims.migrate_workspace_many([1, 2], target_workspace=9, dry_run=False)
    action: SimOperationAction = SimOperationAction(id=1)
    await emnify.sim_operations.create_many([{"eid": "8"}], action=action)
    _ = SimOperationTarget


async def mistakes(emnify: Emnify) -> None:
    emnify.sims.sweep(filter={"statsu": 1})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    emnify.sims.sweep(sort="id")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await emnify.endpoints.update_many([(1, "b")])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    await emnify.sims.set_status_many([1], "on")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.sim_operations.create_many([{"eid": "8"}])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def keep(emnify: Emnify) -> None:
    names = ["iccid", "status"]
    assert_type(await export(emnify.sims.sweep(), "sims.csv", columns=names, progress=print), int)
    await export(emnify.sims.list(), "sims.jsonl")
    await export(emnify.sims.list().pages(), "sims.jsonl")
    await export([{"a": 1}], "rows.jsonl")
    async with Mirror(emnify, "fleet.db") as mirror:
        found = await mirror.sync("sims", "endpoints", full=True)
        assert_type(found["sims"].gone, int)
        async for change in mirror.changes(since=datetime.now(UTC)):
            assert_type(change, Change)
            if change.kind == "gone":
                assert_type(change.id, int)
        assert_type(mirror.table("sims"), MirrorTable[Sim])
        async for endpoint in mirror.table("endpoints"):
            assert_type(endpoint, Endpoint)
        assert_type(await mirror.sql("SELECT 1 AS one"), list[dict[str, Any]])
        await mirror.export("changes", "changes.csv")
        await export(mirror.table("events"), "events.parquet")
        await mirror.sync("sim")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        mirror.table("changes")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
        await export(7, "x.csv")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def make(emnify: Emnify) -> None:
    plan = await Plan.from_csv(emnify, "fleet.csv", key="name", empty="clear", prune=True, max_changes="5%")
    assert_type(plan, Plan)
    for change in plan.changes:
        assert_type(change, PlanChange)
        assert_type(change.key, int | str)
    assert_type(plan.estimate(), JobPlan)
    plan.save("fleet.plan")
    assert_type(await Plan.load(emnify, "fleet.plan").apply(journal="apply.job"), Report)
    async with plan.job("apply.job", window_share=0.5) as job:
        assert_type(job, Job)
    assert_type(await rehearse(plan, Simulator(fleet="fleet.db"), scale=600), Rehearsal)
    await Plan.from_csv(emnify, "fleet.csv", key="imsi")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await rehearse("fleet.plan", Simulator())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def on_many_hosts() -> None:
    emnify = Emnify("token", local_address="192.0.2.7")
    job = Job(emnify, RedisJournal("redis://host", "read-sims", lease=30.0, keep_results=False))
    outcomes: list[Outcome] = []
    assert_type(await run_worker(job, seconds=60, on_outcome=outcomes.append), WorkerReport)
    RedisJournal("redis://host")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Job(emnify, 7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
