"""Reads of many objects, and jobs that one method of a resource runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aioemnify import Emnify, models
from aioemnify.errors import ArgumentError, DecodeError, PermissionDeniedError, ServerError
from aioemnify.fleet import Job, Report
from aioemnify.simulator import Answer
from tests.fleet.fleet_server import SHARED, FleetServer, sizes

pytestmark = pytest.mark.anyio


@pytest.fixture
def rollback() -> bool:
    return True


async def all_ids(emnify: Emnify, server: FleetServer) -> list[int]:
    found = [sim.id async for sim in emnify.sims.list()]
    server.reads.clear()
    return found


async def test_many_objects_come_in_the_order_of_the_ids(server: FleetServer) -> None:
    async with server.client() as emnify:
        known = await all_ids(emnify, server)
        wanted = [known[5], 987_654, known[0], known[5], known[59]]
        sims = await emnify.sims.get_many(wanted)
    assert [sim and sim.id for sim in sims] == [known[5], None, known[0], known[5], known[59]]


async def test_pages_are_read_where_they_are_fewer_calls(server: FleetServer) -> None:
    async with server.client() as emnify:
        known = await all_ids(emnify, server)
        assert [sim.id for sim in await emnify.sims.get_many(known) if sim is not None] == known
        # One call counts the list, one page has all.
        assert [request.url.params["per_page"] for request in server.reads] == ["1", "2500"]


async def test_objects_are_read_one_by_one_where_the_list_is_long() -> None:
    server = FleetServer(sims=20_000)
    async with server.client(connections=20) as emnify:
        known = [sim.id for sim in await emnify.sims.list(per_page=9)]
        server.reads.clear()
        await emnify.sims.get_many(known)
        paths = [request.url.path for request in server.reads]
        assert paths[0] == "/api/v1/sim"
        assert set(paths[1:]) == {f"/api/v1/sim/{number}" for number in known}


async def test_a_few_objects_need_no_list(server: FleetServer) -> None:
    async with server.client() as emnify:
        known = await all_ids(emnify, server)
        await emnify.sims.get_many(known[:2])
        paths = {request.url.path for request in server.reads}
        assert paths == {f"/api/v1/sim/{one}" for one in known[:2]}
        assert await emnify.sims.get_many([]) == []


async def test_pages_end_at_the_lowest_id(server: FleetServer) -> None:
    async with server.client() as emnify:
        for name in ("endpoints", "euiccs"):
            resource: Any = getattr(emnify, name)
            known = [one.id async for one in resource.list()]
            found = await resource.get_many([*known, 987_654_321])
            assert [one and one.id for one in found] == [*known, None]


@pytest.mark.parametrize("ids", [["1"], [0], [True], [1, 1.5], "12", 7])
async def test_ids_are_whole_numbers(ids: Any, server: FleetServer) -> None:
    async with server.client() as emnify:
        with pytest.raises(ArgumentError, match=r"ids\[\d\]|takes any iterable"):
            await emnify.sims.get_many(ids)
    assert not server.reads


@pytest.mark.parametrize(("status", "error"), [(403, PermissionDeniedError), (500, ServerError)])
async def test_a_refused_read_is_its_own_error(status: int, error: type[Exception]) -> None:
    server = FleetServer()
    server.simulator.faults.add(Answer(status), operation="sims.get")
    async with server.client() as emnify:
        with pytest.raises(error):
            await emnify.sims.get_many(range(1, 3))


async def test_endpoints_are_created_changed_tagged_and_deleted(server: FleetServer, file: Path) -> None:
    async with server.client() as emnify:
        made = await emnify.endpoints.create_many(
            ({"name": f"meter-{number}"} for number in range(3)), shared=SHARED
        )
        assert (made.counts["ok"], made.calls) == (3, 1)
        numbers = {name: number for number, name in server.names().items()}
        new = [numbers[f"meter-{number}"] for number in range(3)]
        changed = await emnify.endpoints.update_many(
            [(new[0], {"name": "a"}), (new[1], models.EndpointUpdate(name="b")), (777_777, {"name": "c"})],
            journal=file,
        )
        assert (changed.counts["ok"], changed.counts["failed"]) == (2, 1)
        tag = (await emnify.tags.create({"name": "pump"})).id
        for method, content in (
            (emnify.endpoints.assign_tag_many, [(one, tag) for one in new]),
            (emnify.endpoints.unassign_tag_many, [(one, tag) for one in new]),
        ):
            tagged = await method(content)
            assert (tagged.counts["ok"], tagged.calls) == (3, 1)
        deleted = await emnify.endpoints.delete_many(new, delete_sims=False)
        assert (deleted.counts["ok"], deleted.calls) == (3, 1)
        assert not set(new) & server.names().keys()


async def test_a_journal_continues(server: FleetServer, file: Path) -> None:
    rows = [(number, {"name": f"n-{number}"}) for number in (1, 2, 3)]
    async with server.client() as emnify:
        await emnify.endpoints.update_many(rows, journal=file)
        writes = len(server.writes)
        again = await emnify.endpoints.update_many(rows, journal=file)
    assert len(server.writes) == writes
    assert isinstance(again, Report)
    assert again.counts["ok"] == 3


async def test_the_status_of_sims_rides_on_their_endpoints(server: FleetServer, file: Path) -> None:
    async with server.client() as emnify:
        sims = [sim async for sim in emnify.sims.list()]
        active = [sim for sim in sims if sim.status == models.SimStatus.ACTIVATED]
        held = {sim.endpoint.id for sim in active if sim.endpoint is not None}
        alone = [sim.id for sim in active if sim.endpoint is None]
        assert held
        wanted = [
            sim.id for sim in sims if sim.status in (models.SimStatus.ACTIVATED, models.SimStatus.SUSPENDED)
        ]
        wanted.append(987_654)
        report = await emnify.sims.set_status_many(wanted, models.SimStatus.SUSPENDED, journal=file)
        after = {sim.id: sim.status async for sim in emnify.sims.list()}
        assert {after[one] for one in wanted[:-1]} == {models.SimStatus.SUSPENDED}
        assert report.counts["ok"] == len(active)
        assert report.counts["failed"] == 1
        assert sizes(server.writes[:1]) == [len(held)]
        assert len(server.writes) == 1 + len(alone) + 1
        # Again: the job is done, and nothing is read or sent.
        server.reads.clear()
        done = await emnify.sims.set_status_many(wanted, models.SimStatus.SUSPENDED, journal=file)
        assert done.counts == report.counts
        assert not server.reads
        assert len(server.writes) == 2 + len(alone)


async def test_sims_are_deleted_and_moved_in_bulk(server: FleetServer) -> None:
    async with server.client() as emnify:
        free = [sim.id async for sim in emnify.sims.list() if sim.endpoint is None]
        report = await emnify.sims.delete_many(free[:2])
        assert (report.counts["ok"], report.calls) == (2, 1)
        actions = await emnify.sim_operations.list_actions()
        started = await emnify.sim_operations.create_many(
            [{"sim": {"id": number}} for number in free[2:5]], action=actions[0]
        )
        body = json.loads(server.writes[-1].content)
        assert (started.calls, len(body["target"]), body["action"]["id"]) == (1, 3, actions[0].id)


async def test_an_item_that_comes_twice_at_once_is_added_once(server: FleetServer) -> None:
    async with server.client() as emnify, Job(emnify, None) as job:
        assert await job.add("endpoints.update", [(1, {"name": "a"}), (1, {"name": "a"})]) == 1
        assert [outcome.state async for outcome in job.run()] == ["ok"]
        with pytest.raises(ArgumentError, match=r"items\[1\] has the key 2, which the job has already"):
            await job.add("endpoints.update", [(2, {"name": "a"}), (2, {"name": "b"})])


async def test_a_journal_of_another_status_or_of_other_sims_is_refused(
    server: FleetServer, file: Path
) -> None:
    async with server.client() as emnify:
        ids = await all_ids(emnify, server)
        first = await emnify.sims.set_status_many(ids[:3], models.SimStatus.SUSPENDED, journal=file)
        again = await emnify.sims.set_status_many(ids[2::-1], models.SimStatus.SUSPENDED, journal=file)
        assert again.counts == first.counts
        for others, status in ((ids[:3], models.SimStatus.ACTIVATED), (ids[:4], models.SimStatus.SUSPENDED)):
            with pytest.raises(ArgumentError, match="is of a call with other ids or another value"):
                await emnify.sims.set_status_many(others, status, journal=file)


async def test_objects_of_others_do_not_hide_those_that_may_be_read() -> None:
    server = FleetServer(sims=20_000)
    foreign = list(range(900_000, 900_030))
    for number in foreign:
        server.simulator.faults.add(Answer(403), operation="sims.get", path=f"/api/v1/sim/{number}")
    async with server.client(connections=2) as emnify:
        known = [sim.id for sim in await emnify.sims.list(per_page=3)]
        sims = await emnify.sims.get_many([*foreign, *known])
    assert [sim and sim.id for sim in sims] == [None] * 30 + known


async def test_a_response_that_cannot_be_read_does_not_mean_that_nothing_is_there(
    server: FleetServer,
) -> None:
    server.simulator.faults.add(Answer(200, b"<html>"), operation="sims.get")
    async with server.client() as emnify:
        with pytest.raises(DecodeError):
            await emnify.sims.get_many([1])
