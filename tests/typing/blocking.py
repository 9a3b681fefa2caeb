"""The blocking client as a type checker sees it. Never run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, assert_type

from aioemnify import CallOptions, Created, Emnify, Estimate, StaticToken, ThrottleSnapshot, blocking
from aioemnify.blocking import Job, Pages, PrefetchedPages, Sweep
from aioemnify.fleet import JobPlan, Outcome, Progress, Report, SweepReport
from aioemnify.models import Endpoint, Event, Sim, SimStatus, TariffProfile
from aioemnify.types import Page, WalkReport


def pages(emnify: blocking.Emnify) -> None:
    sims = emnify.sims.list(filter={"status": SimStatus.ACTIVATED}, sort="-id")
    assert_type(sims, Pages[Sim])
    assert_type(sims.page(), Page[Sim])
    assert_type(sims.page()[:5], Sequence[Sim])
    assert_type(sims.first(), Sim | None)
    assert_type(sims.one(), Sim)
    assert_type(sims.collect(limit=20), list[Sim])
    assert_type(sims.report, WalkReport)
    for sim in sims:
        assert_type(sim, Sim)
    for page in emnify.events.list().pages():
        assert_type(page, Page[Event])
    with sims.prefetch(4) as ahead:
        assert_type(ahead, PrefetchedPages[Sim])
        for page_ahead in ahead:
            assert_type(page_ahead, Page[Sim])
        assert_type(ahead.items(), Iterator[Sim])
    sweep = emnify.sims.sweep(checkpoint="sims.sweep")
    assert_type(sweep, Sweep[Sim])
    for sim in sweep:
        assert_type(sim, Sim)
    assert_type(sweep.report, SweepReport)


def results(emnify: blocking.Emnify) -> None:
    assert_type(emnify.sims.get(7, options=CallOptions(priority="bulk")), Sim)
    assert_type(emnify.sims.update(7, {"status": 1}), None)
    assert_type(emnify.tariff_profiles.list(), list[TariffProfile])
    assert_type(emnify.endpoints.get_many([1, 2]), list[Endpoint | None])
    assert_type(emnify.dns.create({"primary": "a", "secondary": "b", "ip_address_version": 4}).id, int | str)
    assert_type(emnify.request("GET", "/api/v1/event_deprecated"), Any)
    assert_type(emnify.sims.set_status_many((sim.id for sim in emnify.sims.list()), 2), Report)
    assert_type(emnify.throttle.estimate("sims.list", 9), Estimate)
    assert_type(emnify.throttle.snapshot(), ThrottleSnapshot)
    with emnify.workspace(12) as there:
        assert_type(there, blocking.Emnify)
    _ = Created


def jobs() -> None:
    with (
        blocking.Emnify(auth=StaticToken("token")) as emnify,
        Job(emnify, "rename.job", unknown="keep") as job,
    ):
        assert_type(job.add("endpoints.update", [(1, {"name": "a"})]), int)
        assert_type(job.plan(), JobPlan)
        for outcome in job.run():
            assert_type(outcome, Outcome)
        assert_type(job.progress(), Progress)
        assert_type(job.report(), Report)
        assert_type(job.settle(), int)


async def mistakes(emnify: blocking.Emnify, other: Emnify) -> None:
    emnify.sims.get()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    emnify.simms.list()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    emnify.sims.list(filter={"statsu": 1})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    emnify.endpoints.update(1, {"nam": "pump"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.sims.get(7)  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    await emnify.sims.list()  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    Job(other, None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    async with emnify:  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        pass
