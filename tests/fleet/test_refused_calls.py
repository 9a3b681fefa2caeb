"""After a refused call, what the report says of each item is what the server shows."""

from __future__ import annotations

from typing import Any

import pytest

from aioemnify import Emnify
from aioemnify.errors import OutcomeUnknownError
from aioemnify.fleet import Job, Outcome
from aioemnify.simulator.state.records.tags import TagBook
from tests.fleet.fleet_server import FleetServer, read

pytestmark = pytest.mark.anyio

NOBODY = 999_999


@pytest.fixture(params=[True, False], ids=["hints", "no hints"])
def hints(request: pytest.FixtureRequest, server: FleetServer) -> None:
    """Whether the server says which item is the bad one."""
    server.hints = bool(request.param)


@pytest.fixture(params=[[], ["lost"], ["dropped"]], ids=["in time", "lost", "dropped"])
def line(request: pytest.FixtureRequest, server: FleetServer) -> None:
    """What becomes of the first call on its way."""
    server.faults = list(request.param)


def book(server: FleetServer) -> TagBook:
    return next(iter(server.simulator.installation.world.organisations.values())).tags


async def made(server: FleetServer, emnify: Emnify, count: int) -> list[int]:
    """Create tags, without the faults of the test."""
    faults, server.faults = server.faults, []
    tags = [(await emnify.tags.create({"name": f"t{number}"})).id for number in range(count)]
    server.faults = faults
    server.writes.clear()
    return [tag for tag in tags if tag is not None]


async def outcomes(emnify: Emnify, operation: str, items: list[Any]) -> dict[Any, str]:
    async with Job(emnify, None) as job:
        await job.add(operation, items)
        found: list[Outcome] = await read(job)
        report = job.report()
    assert len(found) == len(items), "each item has one outcome"
    assert sum(report.counts.values()) == len(items)
    return {one.key: one.state for one in found}


@pytest.mark.usefixtures("hints", "line")
async def test_tags_that_a_refused_call_has_assigned_are_ok(server: FleetServer) -> None:
    async with server.client() as emnify:
        red, blue = await made(server, emnify, 2)
        book(server).put_on(6, red)  # before the job
        items = [(1, red), (1, blue), (2, red), (NOBODY, red), (3, blue), (4, 777), (5, red), (6, red)]
        states = await outcomes(emnify, "endpoints.assign_tag", items)
    assert {key for key, state in states.items() if state == "failed"} == {(NOBODY, red), (4, 777)}
    for (endpoint, tag), state in states.items():
        assert (state == "ok") is book(server).carries(endpoint, tag)


@pytest.mark.usefixtures("hints", "line")
async def test_tags_that_a_refused_call_has_removed_are_ok(server: FleetServer) -> None:
    async with server.client() as emnify:
        red, _ = await made(server, emnify, 2)
        for endpoint in (1, 2, 3):
            book(server).put_on(endpoint, red)
        items = [(1, red), (2, red), (NOBODY, red), (3, red), (4, 777)]
        states = await outcomes(emnify, "endpoints.unassign_tag", items)
    assert {key for key, state in states.items() if state == "failed"} == {(NOBODY, red), (4, 777)}
    assert not any(book(server).carries(endpoint, red) for endpoint in (1, 2, 3))


@pytest.mark.parametrize("held", [True, False])
async def test_one_tag_that_is_there_already_is_ok(server: FleetServer, held: bool) -> None:
    async with server.client() as emnify:
        (red,) = await made(server, emnify, 1)
        if held:
            book(server).put_on(1, red)
        states = await outcomes(emnify, "endpoints.assign_tag", [(1, red)])
    assert states == {(1, red): "ok"}
    assert book(server).carries(1, red)


@pytest.mark.parametrize("fault", [503, "dropped"])
async def test_tags_that_a_failed_call_has_not_assigned_take_one_more_call(
    server: FleetServer, fault: str | int
) -> None:
    """A tag is not assigned twice, so nothing has to be read first."""
    async with server.client() as emnify:
        (red,) = await made(server, emnify, 1)
        server.faults = [fault]
        states = await outcomes(emnify, "endpoints.assign_tag", [(number, red) for number in range(1, 31)])
    assert set(states.values()) == {"ok"}
    assert (len(server.writes), len(server.reads)) == (2, 0)


async def test_tags_that_a_lost_call_has_assigned_are_read_once(server: FleetServer) -> None:
    async with server.client() as emnify:
        (red,) = await made(server, emnify, 1)
        server.faults = ["lost"]
        states = await outcomes(emnify, "endpoints.assign_tag", [(number, red) for number in range(1, 31)])
    assert set(states.values()) == {"ok"}
    assert all(book(server).carries(number, red) for number in range(1, 31))
    assert len(server.reads) <= 30 and len(server.writes) <= 2 + 6


async def test_tags_are_not_sent_for_ever_to_a_server_that_fails(server: FleetServer) -> None:
    async with server.client() as emnify:
        (red,) = await made(server, emnify, 1)
        server.faults = ["dropped"] * 100
        begin = server.clock.monotonic()
        with pytest.raises(OutcomeUnknownError):
            await outcomes(emnify, "endpoints.assign_tag", [(1, red)])
        assert (len(server.writes), server.clock.monotonic() - begin) == (6, pytest.approx(31.3))


async def test_another_conflict_is_a_failure(server: FleetServer) -> None:
    async with server.client() as emnify:
        (red,) = await made(server, emnify, 1)
        server.faults = [409]
        states = await outcomes(emnify, "endpoints.assign_tag", [(1, red)])
    assert states == {(1, red): "failed"}
    assert not book(server).carries(1, red)


@pytest.mark.usefixtures("hints", "line")
async def test_tags_that_a_refused_call_has_deleted_are_ok(server: FleetServer) -> None:
    async with server.client() as emnify:
        first, second, third, other = await made(server, emnify, 4)
        states = await outcomes(emnify, "tags.delete", [first, 777, second, third])
    assert [states[tag] for tag in (first, second, third)] == ["ok"] * 3
    assert set(book(server).tags) == {other}


@pytest.mark.usefixtures("hints", "line")
async def test_sims_that_the_server_keeps_are_not_ok(server: FleetServer) -> None:
    async with server.client() as emnify:
        sims = [sim async for sim in emnify.sims.list()]
        free = [sim.id for sim in sims if sim.endpoint is None][:3]
        held = [sim.id for sim in sims if sim.endpoint is not None][:1]
        items = [free[0], NOBODY, free[1], *held, free[2]]
        states = await outcomes(emnify, "sims.delete", items)
        left = {sim.id async for sim in emnify.sims.list()}
    assert [states[sim] for sim in free] == ["ok"] * 3
    assert states[held[0]] == "failed"
    assert left & {*free, *held} == set(held)
