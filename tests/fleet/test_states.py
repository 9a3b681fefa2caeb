"""What becomes of an item, by the kind of its call and by what happens on the line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import anyio
import pytest

from aioemnify.errors import AuthenticationError, EmnifyError, PermissionDeniedError, QuotaExhaustedError
from aioemnify.fleet import Job
from aioemnify.fleet.journals.journal import Journal
from tests.fleet.fleet_server import SHARED, FleetServer, read, sizes

pytestmark = pytest.mark.anyio

UPDATES = ("endpoints.update", [(1, {"name": "a"}), (2, {"name": "b"})], {})
CREATES = ("endpoints.create", [{"name": "a"}, {"name": "b"}], {"shared": SHARED})
DELETES = ("endpoints.delete", [1, 2], {})
MESSAGES = ("endpoints.send_sms", [(1, {"payload": "a", "source_address": "1"})], {})


@pytest.mark.parametrize(
    ("what", "faults", "unknown", "state", "calls", "effects"),
    [
        (UPDATES, [], "look", "ok", 1, 2),
        (UPDATES, ["lost"], "look", "ok", 2, 2),
        (UPDATES, ["dropped"], "look", "ok", 2, 2),
        (UPDATES, [503, 503, 503, 503, 503], "look", "ok", 6, 2),
        (UPDATES, [429], "look", "ok", 2, 2),
        (DELETES, [], "look", "ok", 1, 2),
        (DELETES, ["lost"], "look", "ok", 2, 2),
        (DELETES, ["dropped"], "look", "ok", 2, 2),
        (CREATES, [], "look", "ok", 1, 2),
        (CREATES, ["lost"], "look", "ok", 1, 2),
        (CREATES, ["dropped"], "look", "ok", 2, 2),
        (CREATES, ["dropped", "lost"], "look", "ok", 2, 2),
        (CREATES, [503], "look", "ok", 2, 2),
        (CREATES, [429], "look", "ok", 2, 2),
        (CREATES, ["lost"], "keep", "unknown", 1, 2),
        (CREATES, ["dropped"], "keep", "unknown", 1, 0),
        (CREATES, ["dropped"], "repeat", "ok", 2, 2),
        (CREATES, ["lost"], "repeat", "ok", 2, 4),
        (MESSAGES, [], "look", "ok", 1, 1),
        (MESSAGES, ["lost"], "look", "unknown", 1, 1),
        (MESSAGES, ["dropped"], "look", "unknown", 1, 0),
        (MESSAGES, [503], "look", "unknown", 1, 0),
        (MESSAGES, [429], "look", "ok", 2, 1),
        (MESSAGES, ["dropped"], "repeat", "ok", 2, 1),
    ],
)
async def test_the_states(
    server: FleetServer,
    file: Path,
    what: Any,
    faults: list[Any],
    unknown: Any,
    state: str,
    calls: int,
    effects: int,
) -> None:
    operation, items, options = what
    server.faults = list(faults)
    before = server.names()
    async with server.client() as emnify, Job(emnify, Journal(file, threaded=False), unknown=unknown) as job:
        await job.add(operation, items, **options)
        outcomes = await read(job)
        report = job.report()
    assert [one.state for one in outcomes] == [state] * len(items)
    assert report.counts[state] == len(items) and sum(report.counts.values()) == len(items)  # type: ignore[index]
    assert len(server.writes) == calls
    after = server.names()
    if what is UPDATES:
        assert (after[1], after[2]) == ("a", "b")
    elif what is DELETES:
        assert not {1, 2} & set(after)
    elif what is CREATES:
        assert len(after) - len(before) == effects
    else:
        assert sms_sent(server) == effects


def sms_sent(server: FleetServer) -> int:
    with server.simulator.lock:
        world = server.simulator.installation.world
        return sum(len(one.activity.messages.by_id) for one in world.organisations.values())


async def test_a_lost_creation_is_looked_for_twice_before_it_is_sent_again(
    server: FleetServer, file: Path
) -> None:
    server.faults = ["dropped"]
    async with server.client() as emnify, Job(emnify, Journal(file, threaded=False)) as job:
        await job.add("endpoints.create", [{"name": "a"}], shared=SHARED)
        await read(job)
    assert len(server.reads) == 3, "the mark before the job, and two looks"
    assert anyio.current_time() > 30, "the looks are a read timeout apart"


async def test_two_objects_of_one_key_are_marked(server: FleetServer, file: Path) -> None:
    server.faults = ["lost"]
    async with server.client() as emnify, Job(emnify, Journal(file, threaded=False), unknown="keep") as job:
        await job.add("endpoints.create", [{"name": "a"}], shared=SHARED)
        assert [one.state for one in await read(job)] == ["unknown"]
        await emnify.endpoints.create(SHARED | {"name": "a"})  # somebody does it by hand
    async with Job(emnify_of(server), Journal(file, threaded=False)) as job:
        (outcome,) = await read(job)
        assert (outcome.state, outcome.doubled) == ("ok", True)
        assert job.report().doubled == 1 and "more than once" in str(job.report())


def emnify_of(server: FleetServer) -> Any:
    return server.client()


async def test_unknown_items_are_settled_when_asked(server: FleetServer, file: Path) -> None:
    server.faults = ["lost"]
    async with server.client() as emnify:
        async with Job(emnify, Journal(file, threaded=False), unknown="keep") as job:
            await job.add("endpoints.create", [{"name": "a"}], shared=SHARED)
            (outcome,) = await read(job)
            assert outcome.state == "unknown" and "response was lost" in str(outcome.error)
            assert await read(job) == [], "a job that keeps them does not look by itself"
            assert await job.settle() == 0
        async with Job(emnify, Journal(file, threaded=False)) as job:
            assert await job.settle() == 0
            assert job.report().counts["ok"] == 1
            assert await read(job) == []


async def test_items_that_nobody_can_look_up_stay_unknown(server: FleetServer, file: Path) -> None:
    server.faults = ["lost"]
    async with server.client() as emnify:
        for expected in (["unknown"], [], []):
            async with Job(emnify, Journal(file, threaded=False)) as job:
                await job.add(*MESSAGES[:2])
                assert [one.state for one in await read(job)] == expected
                assert job.report().counts["unknown"] == 1
                assert await job.settle() == 1
    assert len(server.writes) == 1


@pytest.mark.parametrize("what", [UPDATES, CREATES, DELETES], ids=["updates", "creates", "deletes"])
@pytest.mark.parametrize("seconds", [0.04, 0.2, 0.3, 0.36, 0.4, 0.44, 0.5])
async def test_a_cancelled_job_continues(server: FleetServer, file: Path, what: Any, seconds: float) -> None:
    operation, items, options = what
    before = len(server.names())
    async with server.client() as emnify:
        with anyio.move_on_after(seconds):
            async with Job(emnify, Journal(file, threaded=False)) as job:
                await job.add(operation, items, **options)
                await read(job)
        async with Job(emnify, Journal(file, threaded=False)) as job:
            assert await job.add(operation, items, **options) == 0, "they are there already"
            await read(job)
            assert job.report().counts["ok"] == 2
    names = server.names()
    if what is CREATES:
        assert Counter(names.values())["a"] == Counter(names.values())["b"] == 1
    else:
        assert len(names) == before - (2 if what is DELETES else 0)


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, AuthenticationError), (500, EmnifyError), (503, EmnifyError), (429, EmnifyError)],
)
async def test_what_stops_the_job_leaves_all_to_continue(
    server: FleetServer, file: Path, status: int, error: type[Exception]
) -> None:
    async with server.client() as emnify, Job(emnify, file) as job:
        server.faults = [status] * 60
        await job.add(*UPDATES[:2])
        with pytest.raises(error):
            await read(job)
        assert job.report().counts["waiting"] == 2
        server.faults = []
        assert [one.state for one in await read(job)] == ["ok", "ok"]


async def test_an_outage_counts_once_however_many_calls_it_meets(server: FleetServer, file: Path) -> None:
    server.faults = [500] * 60
    async with server.client() as emnify, Job(emnify, file) as job:
        await job.add("sims.update", [(number, {"status": 1}) for number in range(1, 41)])
        outcomes = await read(job)
    assert len(outcomes) == 40 and all(one.error is None or one.error.status == 409 for one in outcomes)


async def test_the_end_of_the_months_quota_stops_the_job(server: FleetServer, file: Path) -> None:
    import httpx

    to_december = str(1_388_800 * 1000)  # milliseconds after EPOCH, 14 November
    async with server.client() as emnify, Job(emnify, file) as job:
        server.faults = [lambda _: httpx.Response(429, headers={"Retry-After": to_december})]
        await job.add(*UPDATES[:2])
        with pytest.raises(QuotaExhaustedError):
            await read(job)
        assert job.report().counts["waiting"] == 2


@pytest.mark.parametrize("single", [True, False])
async def test_403_for_the_first_twenty_items_stops_the_job(
    server: FleetServer, file: Path, single: bool
) -> None:
    server.faults = [403] * 200
    async with server.client(connections=1) as emnify, Job(emnify, file) as job:
        if single:
            await job.add("sims.update", [(number, {"status": 1}) for number in range(1, 50)])
        else:
            await job.add("endpoints.update", [(number, {"name": "x"}) for number in range(1, 39)])
        with pytest.raises(PermissionDeniedError):
            await read(job)
        assert job.report().counts["failed"] == 20
        assert len(server.writes) == 20 if single else 21


async def test_403_for_some_items_is_their_own_failure(server: FleetServer, file: Path) -> None:
    server.faults = ["ok"] + [403] * 30
    async with server.client(connections=1) as emnify, Job(emnify, file) as job:
        await job.add("sims.get", [1])
        await job.add("sims.update", [(number, {"status": 2}) for number in range(20, 51)])
        outcomes = await read(job)
    assert Counter(one.state for one in outcomes) == {"ok": 2, "failed": 30}


async def test_retry_and_skip(server: FleetServer, file: Path) -> None:
    async with server.client() as emnify, Job(emnify, file) as job:
        await job.add("endpoints.update", [(1, {"name": "a"}), (999_999, {"name": "b"})])
        assert [one.state for one in await read(job)] == ["ok", "failed"]
        assert job.retry("failed") == 1
        assert job.report().counts["waiting"] == 1
        assert job.skip() == 1
        assert await read(job) == []
        assert job.report().counts["skipped"] == 1
        assert job.retry("skipped") == 1
        (outcome,) = await read(job)
        assert outcome.state == "failed" and outcome.error is not None and outcome.error.status == 404


async def test_reads_per_item_bring_their_results(server: FleetServer, file: Path, tmp_path: Path) -> None:
    async with server.client() as emnify, Job(emnify, file) as job:
        await job.add("sims.get", [1, "2", 777_777])
        outcomes = await read(job)
        report = job.report()
    assert [one.state for one in outcomes] == ["ok", "ok", "failed"]
    assert [one.key for one in outcomes] == [1, 2, 777_777]
    assert outcomes[1].result.id == 2 and outcomes[1].result.iccid
    assert sizes([]) == [] and report.calls == 3
    report.to_jsonl(tmp_path / "sims.jsonl")
    assert '"result":{"id":2,' in (tmp_path / "sims.jsonl").read_text().replace(": ", ":")
