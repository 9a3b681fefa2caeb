"""Rehearsals: a copy of a job, or a plan, against a simulator with the fleet of a mirror."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from aioemnify import Emnify
from aioemnify.errors import ArgumentError, ClientStateError, PermissionDeniedError
from aioemnify.fleet import Job, Mirror, Plan, rehearse
from aioemnify.simulator import Answer, Clock, Simulator
from tests.fleet.test_plan import endpoints, sims, write

pytestmark = pytest.mark.anyio

ACTIVATED, SUSPENDED = 1, 2


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)  # real time: simulators serve sockets from threads


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rename.job"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "fleet.csv"


def digest(path: Path) -> list[str]:
    """Return what identifies the content of a journal, in both of its files."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return [hashlib.sha256(one.read_bytes()).hexdigest() for one in files if one.exists()]


def client_of(simulator: Simulator) -> Emnify:
    return Emnify(simulator.application_token, base_url=simulator.url)


async def mirrored(simulator: Simulator, path: Path) -> None:
    async with client_of(simulator) as emnify, Mirror(emnify, path) as mirror:
        await mirror.sync("sims", "endpoints")


async def test_a_plan_against_the_fleet_of_a_mirror(tmp_path: Path, table: Path) -> None:
    with Simulator(sims=60, tls=False) as real:
        await mirrored(real, tmp_path / "fleet.db")
        before, known = endpoints(real), sims(real)
        active = sorted(one.id for one in before.values() if one.sim and known[one.sim].status == ACTIVATED)
        issued = sorted(one.id for one in before.values() if one.sim and known[one.sim].status != ACTIVATED)
        async with client_of(real) as emnify:
            rows = [f"{number},Suspended" for number in active] + [f"{issued[0]},Issued"]
            plan = await Plan.from_csv(emnify, write(table, "id,sim.status", *rows))
            copy = Simulator(fleet=tmp_path / "fleet.db", tls=True)
            found = await rehearse(plan, copy)
        assert not copy.serving and copy.clock.factor == 1.0
        assert endpoints(real) == before
        assert found.report.counts["ok"] == len(active)
        changed = sims(copy)
        assert {changed[before[number].sim or 0].status for number in active} == {SUSPENDED}
        assert len(found.failures) == found.report.counts["failed"] == len(plan) - len(active) > 0
        assert found.failures[0].key == issued[0]
        assert found.stopped is None and found.seconds >= 0
        assert found.plan.calls == {"endpoints.update_bulk": 1}
        lines = str(found).splitlines()
        assert lines[0].startswith(f"rehearsal of {table}: {len(plan)} items: {len(active)} ok, 1 failed; ")
        assert lines[0].endswith(", of which the limits take 0 s")
        assert any(line.startswith(f"  {issued[0]}: failed, 4") for line in lines)


async def test_a_plan_that_does_not_fit_the_mirror_is_skipped_there(tmp_path: Path, table: Path) -> None:
    with Simulator(sims=60, tls=False) as real:
        await mirrored(real, tmp_path / "fleet.db")
        one, other = sorted(endpoints(real))[:2]
        async with client_of(real) as emnify:
            await emnify.endpoints.update(one, {"name": "renamed since"})
            plan = await Plan.from_csv(emnify, write(table, "id,name", f"{one},x", f"{other},y"))
            with Simulator(fleet=tmp_path / "fleet.db", tls=False) as copy:
                found = await rehearse(plan, copy)
                assert copy.serving
        assert (found.report.counts["ok"], found.report.counts["skipped"]) == (1, 1)
        assert "  1 x changed since the plan" in str(found).splitlines()


async def test_a_copy_of_a_journal(tmp_path: Path, file: Path) -> None:
    with Simulator(sims=60, tls=False) as real:
        await mirrored(real, tmp_path / "fleet.db")
        ids = sorted(endpoints(real))
        async with client_of(real) as emnify, Job(emnify, file) as job:
            await job.add("endpoints.update", [(ids[0], {"name": "done before"})])
            async for _ in job.run():
                pass
            await job.add("endpoints.update", [(number, {"name": f"is-{number}"}) for number in ids[1:]])
            await job.add("endpoints.update", [(999_999, {"name": "nobody"})])
            kept, calls = digest(file), len(real.requests)
            copy = Simulator(fleet=tmp_path / "fleet.db", tls=False)
            found = await rehearse(job, copy, scale=1000)
            assert digest(file) == kept
            assert len(real.requests) == calls
            assert job.report().counts["waiting"] == len(ids)
            now = endpoints(copy)
            assert now[ids[0]].name != "done before"
            assert [now[number].name for number in ids[1:]] == [f"is-{number}" for number in ids[1:]]
            assert [one.key for one in found.failures] == [999_999]
            assert found.report.counts["ok"] == len(ids)
            async for _ in job.run():  # and then for real
                pass
            assert endpoints(real)[ids[1]].name == f"is-{ids[1]}"
            report = job.report()
            assert (report.counts["ok"], report.counts["failed"]) == (len(ids), 1)


async def test_limits_take_simulated_time(file: Path) -> None:
    with Simulator(sims=60, tls=False) as real:
        ids = sorted(sims(real))[:40]
        async with client_of(real) as emnify, Job(emnify, file, window_share=0.01) as job:
            await job.add("sims.get", ids)
            for clock in (None, Clock.manual()):
                copy = Simulator(sims=60, tls=False, clock=clock)
                found = await rehearse(job, copy, scale=600)
                # 20 calls in 300 s; the first call of the second window waits for the first one's end.
                assert found.seconds >= 300
                assert clock is None or found.seconds < 330  # a clock that runs counts the slow machine too
                assert found.report.counts["ok"] == 40
                assert "window_share of this job" in str(found)


async def test_what_would_end_the_job_early(file: Path) -> None:
    with Simulator(sims=60, tls=False) as real, Simulator(sims=60, tls=False) as copy:
        copy.faults.add(Answer(403), operation="endpoints.update*")
        async with client_of(real) as emnify, Job(emnify, file) as job:
            await job.add("endpoints.update", [(number, {"name": "x"}) for number in sorted(endpoints(real))])
            found = await rehearse(job, copy)
        assert isinstance(found.stopped, PermissionDeniedError)
        assert "  stopped by PermissionDeniedError: " in str(found)
        assert len(found.failures) == 20


async def test_what_cannot_be_rehearsed(file: Path) -> None:
    simulator: Any = Simulator(sims=10, tls=False)
    with Simulator(sims=10, tls=False) as real:
        async with client_of(real) as emnify:
            with pytest.raises(ArgumentError, match="work takes a Job or a Plan, not str"):
                await rehearse("rename.job", simulator)  # type: ignore[arg-type]
            with pytest.raises(ClientStateError, match="the job is not open"):
                await rehearse(Job(emnify, file), simulator)
            async with Job(emnify, file) as job:
                for scale in (0, -1, float("nan"), "x"):
                    with pytest.raises(ArgumentError, match="scale takes a number above 0"):
                        await rehearse(job, simulator, scale=scale)  # type: ignore[arg-type]
                await job.add("sims.get", sorted(sims(real)))
                async for _ in job.run():
                    with pytest.raises(ClientStateError, match="cannot rehearse while the job runs"):
                        await rehearse(job, simulator)
                    break
    assert simulator.clock.factor == 1.0
