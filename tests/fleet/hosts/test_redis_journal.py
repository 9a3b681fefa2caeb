"""One job in one Redis: what one worker does, and what several do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import pytest
import redis

from aioemnify.errors import ArgumentError
from aioemnify.fleet import Job, JournalError, RedisJournal, rehearse
from aioemnify.fleet.jobs.looks import Looks
from aioemnify.simulator import Simulator
from tests.fleet.fleet_server import SHARED, FleetServer, read
from tests.fleet.hosts.keys import base_of
from tests.stores.redis_server import RedisServer

pytestmark = [pytest.mark.anyio, pytest.mark.redis]

Make = Callable[..., RedisJournal]


async def test_one_worker_carries_out_a_job(server: FleetServer, journal: Make) -> None:
    ids = sorted(server.names())
    async with server.client() as emnify, Job(emnify, journal()) as job:
        assert await job.add("endpoints.update", [(one, {"name": f"is-{one}"}) for one in ids]) == len(ids)
        assert await job.add("endpoints.update", [(one, {"name": f"is-{one}"}) for one in ids]) == 0
        assert job.plan().items == len(ids)
        outcomes = await read(job)
        assert [one.key for one in outcomes] == ids and {one.state for one in outcomes} == {"ok"}
        assert job.report().counts["ok"] == len(ids) and job.report().calls == 1
        assert job.progress().done == len(ids)
    assert all(name == f"is-{one}" for one, name in server.names().items())


async def test_results_and_errors_are_read_from_anywhere(
    server: FleetServer, journal: Make, tmp_path: Path
) -> None:
    async with server.client() as emnify:
        found = [sim.id for sim in (await emnify.sims.list()).items[:2]]
        async with Job(emnify, journal()) as job:
            await job.add("sims.get", [*found, 900_000])
            outcomes = {one.key: one for one in await read(job)}
        assert [outcomes[one].state for one in (*found, 900_000)] == ["ok", "ok", "failed"]
        async with Job(emnify, journal()) as job:
            report = job.report()
            assert report.counts["ok"] == 2 and list(report.errors.values()) == [1]
            report.to_jsonl(tmp_path / "out.jsonl")
            assert job.retry() == 1 and job.report().errors == {}
            assert job.progress().failed == 0
            assert job.skip() == 1 and job.report().counts["skipped"] == 1
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    assert len(lines) == 3 and f'"id":{found[0]}' in lines[0]


async def test_creations_are_found_and_doubled_keys_refused(server: FleetServer, journal: Make) -> None:
    server.faults = ["lost"]
    async with server.client() as emnify, Job(emnify, journal()) as job:
        with pytest.raises(ArgumentError, match=r"items\[1\]"):
            await job.add("endpoints.create", [{"name": "a"}, {"name": "a", "imei": "1" * 15}], shared=SHARED)
        assert await job.add("endpoints.create", [{"name": "a"}, {"name": "b"}], shared=SHARED) == 2
        outcomes = await read(job)
    assert [one.state for one in outcomes] == ["ok", "ok"]
    assert sorted(server.names().values()).count("a") == 1


async def test_several_workers_share_a_job(server: FleetServer, journal: Make) -> None:
    ids = sorted(server.names())
    found: list[int] = []

    async def work() -> None:
        async with server.client(connections=2) as emnify, Job(emnify, journal()) as job:
            await job.add("endpoints.get", ids)
            async for outcome in job.run():
                assert outcome.state == "ok"
                found.append(outcome.key)

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(work)
    assert sorted(found) == ids
    assert len(server.reads) == len(ids)


async def test_a_removed_job_leaves_nothing(
    server: FleetServer, journal: Make, redis_server: RedisServer
) -> None:
    async with server.client() as emnify:
        async with Job(emnify, journal(name="gone")) as job:
            await job.add("endpoints.get", sorted(server.names()))
            await read(job)
        await journal(name="gone").remove()
    with redis.Redis.from_url(redis_server.url) as client:
        assert list(client.scan_iter("*job:gone*")) == []


async def test_a_worker_that_stands_still_before_the_first_byte_asks_again(
    server: FleetServer, journal: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([True, False, True, True])  # once noted, at the first byte, and both again

    def is_current(_journal: RedisJournal, _items: object) -> bool:
        return next(answers)

    monkeypatch.setattr(RedisJournal, "is_current", is_current)
    async with server.client() as emnify, Job(emnify, journal()) as job:
        await job.add("endpoints.create", [{"name": "a"}], shared=SHARED)
        assert [one.state for one in await read(job)] == ["ok"]
    assert len(server.writes) == 1 and next(answers, None) is None


async def test_the_end_of_a_job_does_not_wait_for_a_part_of_a_long_lease(
    server: FleetServer, journal: Make
) -> None:
    async with server.client() as emnify, Job(emnify, journal(lease=600.0)) as job:
        await job.add("endpoints.get", sorted(server.names()))
        await read(job)
        assert job.report().waits.get("items that other workers have", 0.0) <= 2.0


async def test_a_worker_goes_on_elsewhere_while_others_have_all_of_a_part(
    server: FleetServer, journal: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RedisJournal, "claim_again", 6.0)
    ids = sorted(server.names())
    holder = journal(lease=60.0)
    async with server.client() as emnify, Job(emnify, journal(lease=60.0)) as job:
        await job.add("endpoints.get", ids[:3])
        await job.add("endpoints.get_connectivity", ids[:3])
        await holder.run(holder.open)
        part = (await holder.run(holder.parts))[0]
        held = holder.claim(part, 3, 0, single=False, once=False, direct=True)
        outcomes = job.run()
        with anyio.fail_after(4):  # less than the wait before others' items are asked for again
            first = [(await anext(outcomes)).operation for _ in range(3)]
        assert first == ["endpoints.get_connectivity"] * 3
        holder.release(held)
        holder.close()
        assert [one.operation async for one in outcomes] == ["endpoints.get"] * 3


async def test_a_copy_is_rehearsed_and_the_job_stays_as_it_is(
    server: FleetServer, journal: Make, redis_server: RedisServer
) -> None:
    ids = sorted(server.names())
    holder = journal(lease=60.0)

    def content(client: redis.Redis) -> dict[bytes, bytes | None]:
        base = base_of(client, holder.name.split()[0])
        names = (f"{base}{name}" for name in ("state", "totals", "claims", "items:1", "outcomes:1", "errors"))
        return {name.encode(): client.dump(name) for name in names}

    with (
        Simulator(sims=10, tls=False, limits=None) as copy,
        redis.Redis.from_url(redis_server.url) as client,
    ):
        async with server.client() as emnify, Job(emnify, journal(lease=60.0)) as job:
            await job.add("endpoints.update", [(ids[0], {"name": "done before"})])
            await read(job)
            await job.add("endpoints.update", [(one, {"name": f"is-{one}"}) for one in (*ids[1:3], 999_999)])
            await holder.run(holder.open)
            part = (await holder.run(holder.parts))[0]
            assert len(holder.claim(part, 1, 0, single=False, once=True, direct=False)) == 1
            before, writes = content(client), len(server.writes)
            found = await rehearse(job, copy, scale=1000)
            assert content(client) == before and len(server.writes) == writes
            holder.close()
        assert found.name == holder.name
        assert (found.report.counts["ok"], found.report.counts["failed"]) == (3, 1)
        assert [one.key for one in found.failures] == [999_999]
        sent = [one.operation for one in copy.requests if one.method == "PATCH"]
        assert sent and set(sent) <= {"endpoints.update_bulk", "endpoints.update"}


@pytest.mark.parametrize("ends", ["the call", "the claims"])
async def test_a_settlement_that_fails_leaves_its_items_to_the_workers(
    server: FleetServer,
    journal: Make,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    ends: str,
) -> None:
    lease = 60.0
    server.faults = ["lost"]
    async with server.client() as emnify:
        async with Job(emnify, journal(lease=lease), unknown="keep") as job:
            await job.add("endpoints.create", [{"name": "a"}], shared=SHARED)
            assert [one.state for one in await read(job)] == ["unknown"]
        async with Job(emnify, journal()) as job:
            with monkeypatch.context() as patch:
                if ends == "the call":
                    patch.setattr(Looks, "created", fail)
                else:
                    patch.setattr(RedisJournal, "keep_claims", fail)
                with pytest.raises(JournalError, match="ended here"):
                    await job.settle()
            with redis.Redis.from_url(redis_server.url) as client:
                assert client.zcard(f"{base_of(client, job._journal.name.split()[0])}leases") == 0
        async with Job(emnify, journal()) as job:
            assert [one.state for one in await read(job)] in (["ok"], [])
            assert job.report().counts["ok"] == 1
    assert len(server.writes) == 1


async def fail(*_: object) -> None:
    raise JournalError("ended here")
