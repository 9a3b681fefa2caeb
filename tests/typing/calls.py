"""What every kind of call is typed to give. Checked by type checkers, never run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_type

from aioemnify import (
    CallOptions,
    Created,
    Emnify,
    Estimate,
    LimitUse,
    MemoryStore,
    ThrottleSnapshot,
    Throttling,
    Wait,
    errors,
)
from aioemnify.fleet import ItemError, Job, JobPlan, Outcome, Progress, Report
from aioemnify.models import (
    CloudConnectAttachment,
    Endpoint,
    Event,
    Sim,
    SimStats,
    Tag,
    TariffProfile,
    WorkspaceDailyStats,
)
from aioemnify.pagination import Pages
from aioemnify.resources.bodies import EndpointCreateDict, TariffProfileCreateDict
from aioemnify.types import Page

ENDPOINT: EndpointCreateDict = {
    "name": "pump",
    "status": 0,
    "service_profile": 3,
    "tariff_profile": {"id": 4},
}
TARIFF_PROFILE: TariffProfileCreateDict = {"name": "all", "description": "", "tariff": 1}


async def pages(emnify: Emnify) -> None:
    assert_type(emnify.sims.list(), Pages[Sim])
    assert_type(await emnify.sims.list(page=2, per_page=100), Page[Sim])
    assert_type((await emnify.tags.list(page_size=50))[0], Tag)
    assert_type((await emnify.sims.list())[:5], Sequence[Sim])
    assert_type(await emnify.sims.list().first(), Sim | None)
    assert_type(await emnify.sims.list().one(), Sim)
    assert_type(await emnify.sims.list().collect(limit=20), list[Sim])
    async for sim in emnify.sims.list():
        assert_type(sim, Sim)
        assert_type(sim.iccid, str)
        assert_type(sim.eid, str | None)
    async for page in emnify.events.list().pages():
        assert_type(page, Page[Event])


async def results(emnify: Emnify) -> None:
    assert_type(await emnify.sims.get(7), Sim)
    assert_type(await emnify.sims.update(7, {"status": 1}), None)
    assert_type(await emnify.tariff_profiles.list(), list[TariffProfile])
    assert_type(await emnify.tariff_profiles.create(TARIFF_PROFILE), Created)
    assert_type(await emnify.endpoints.create(ENDPOINT), Endpoint | Created)
    assert_type((await emnify.endpoints.create(ENDPOINT)).id, int | str)
    assert_type(await emnify.sims.get_stats(7), SimStats)
    assert_type(await emnify.workspaces.list_daily_stats(), list[WorkspaceDailyStats])
    assert_type(await emnify.cloud_connect.list(), list[CloudConnectAttachment])
    assert_type(await emnify.data_streams.list_connection_types(), list[dict[str, Any]])
    assert_type(await emnify.request("GET", "/api/v1/event_deprecated"), Any)
    async with emnify.workspace(12) as there:
        assert_type(there, Emnify)


async def pace(emnify: Emnify) -> None:
    bulk = CallOptions(priority="bulk")
    assert_type(await emnify.sims.get(7, options=bulk), Sim)
    async for page in emnify.sims.list(options=bulk).pages():
        assert_type(page, Page[Sim])
    assert_type(emnify.throttle.estimate("sims.list", 9, at_once=1), Estimate)
    assert_type(emnify.throttle.snapshot(), ThrottleSnapshot)
    assert_type(emnify.throttle.snapshot().limits, tuple[LimitUse, ...])

    def told(wait: Wait) -> None:
        assert_type(wait.seconds, float)

    settings = Throttling(overrides={7: {"get_sim": (20, 10), "monthly_quota": 5}}, reading="ticks")
    assert_type(Emnify("token", throttling=settings, store=MemoryStore(), on_wait=told), Emnify)
    assert_type(Emnify("token", http_library="httpx2"), Emnify)
    Emnify("token", http_library="aiohttp")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(Emnify("token", throttling=None), Emnify)
    Emnify("token", limits=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    CallOptions(priority="urgent")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def jobs(emnify: Emnify) -> None:
    async with Job(emnify, "rename.job", window_share=0.5, unknown="keep") as job:
        assert_type(await job.add("endpoints.update", [(1, {"name": "a"})]), int)
        assert_type(job.plan(), JobPlan)
        async for outcome in job.run():
            assert_type(outcome, Outcome)
            assert_type(outcome.error, ItemError | None)
        assert_type(job.progress(), Progress)
        assert_type(job.report(), Report)
        job.retry("ok")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Job(emnify, None, unknown="ask")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def problems(error: errors.ValidationError, refused: errors.RateLimitError) -> None:
    assert_type(error.details, tuple[errors.ErrorDetail, ...])
    assert_type(error.errors, tuple[errors.ErrorDetail, ...])
    assert_type(error.status, int)
    assert_type(refused.retry_after, float)


async def mistakes(emnify: Emnify) -> None:
    await emnify.sims.get()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await emnify.sims.get(b"7")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.sims.update(7)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    await emnify.simms.list()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    emnify.sims.list(per_pag=5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
