"""Operations on many SIMs at once."""

from __future__ import annotations

import pytest

from aioemnify.simulator import Settings
from tests.simulator.fleet_calls import get, kinds, status_of

pytestmark = pytest.mark.anyio

PATH = "/api/v1/sim/operation"
ACTIVATE, SUSPEND, LINK_PRODUCT, DELETE = range(1, 5)


@pytest.fixture
def sim(make_sim):
    """Return a simulator whose operations begin after five seconds and take five more."""
    return make_sim(limits=None, sims=600, settings=Settings(operation_seconds=10))


def body(action, ids, **members):
    return {"action": {"id": action}, "target": [{"sim": {"id": each}} for each in ids]} | members


async def test_pending_running_done(sim, session):
    async with session(sim) as client:
        issued = [item["id"] for item in await get(client, "/api/v1/sim?q=status:0")]
        wrong = (await get(client, "/api/v1/sim?q=status:1"))[0]["id"]
        answer = await client.post(PATH, json=body(ACTIVATE, [*issued, wrong, 99_999]))
        assert answer.status_code == 201
        place, made = answer.headers["Location"], answer.json()
        assert place.endswith(made["id"])
        total = len(issued) + 2
        assert (made["total_count"], made["success_count"], made["failed_count"]) == (total, 0, 0)
        seen = []
        for seconds in (4, 1, 4, 1, 1, 1):
            sim.clock.advance(seconds)
            now = await get(client, place)
            seen.append((now["status"]["description"], now["success_count"] + now["failed_count"]))
        assert 100 < total <= 200
        assert seen == [
            ("Pending", 0),
            ("Running", 0),
            ("Running", 0),
            ("Running", 100),
            ("Done", total),
            ("Done", total),
        ]
        now = await get(client, place)
        assert (now["success_count"], now["failed_count"]) == (total - 1, 1)
        assert now["error"] == [{"eid": "", "message": "The SIM does not exist"}]
        assert now["finalization_date"] == "2025-01-15T12:00:11.000Z"
        assert await get(client, "/api/v1/sim?q=status:0") == []
        assert await kinds(client) == [8] * len(issued)


async def test_targets_fail_on_their_own(sim, session):
    async with session(sim) as client:
        held = (await get(client, "/api/v1/endpoint?q=sim_status:1&per_page=1"))[0]["sim"]["id"]
        free = (await get(client, "/api/v1/sim?q=endpoint:null,status:0&per_page=3"))[1]["id"]
        esim = (await get(client, "/api/v1/sim?q=model:5,status:1&per_page=1"))[0]
        for asked, bad in (
            (body(DELETE, [held, free]), f"Sim with id {held} is assigned to endpoint"),
            (body(SUSPEND, [held, free]), "The SIM does not exist"),
            (body(LINK_PRODUCT, [held], product={"id": 1}), "The SIM has no eUICC"),
            (body(LINK_PRODUCT, [esim["id"]], product={"id": 2}), "The eUICC has a profile already"),
        ):
            place = (await client.post(PATH, json=asked)).headers["Location"]
            sim.clock.advance(60)
            errors = (await get(client, place))["error"]
            assert len(errors) == 1 and errors[0]["message"].startswith(bad)
        assert errors[0]["eid"] == esim["eid"]
        assert await status_of(client, "GET", f"/api/v1/sim/{free}") == 404
        assert (await get(client, f"/api/v1/sim/{held}"))["status"]["id"] == 2


async def test_mistakes(sim, session):
    async with session(sim) as client:
        answer = await client.post(
            PATH,
            json={"action": {"id": 9}, "product": {"id": 9}, "target": [{"sim": {"id": 1}, "eid": "1"}, {}]},
        )
        assert answer.status_code == 400
        assert answer.json() == {
            "status_code": 400,
            "message": "unknown action 9; unknown product 9; target.0 is either a sim or an eid; "
            "target.1 is either a sim or an eid",
        }
        assert await status_of(client, "POST", PATH, body(ACTIVATE, [])) == 400
        assert await status_of(client, "POST", PATH, body(LINK_PRODUCT, [7])) == 400
        assert await status_of(client, "GET", f"{PATH}/x") == 404
        assert await get(client, PATH) == []


async def test_lists_and_lookups(sim, session):
    async with session(sim) as client:
        for action in (ACTIVATE, SUSPEND, ACTIVATE):
            await client.post(PATH, json=body(action, [1]))
            sim.clock.advance(6)
        found = await get(client, PATH)
        assert [item["action"]["id"] for item in found] == [ACTIVATE, SUSPEND, ACTIVATE]
        assert await get(client, f"{PATH}?q=action:2") == [found[1]]
        assert await get(client, f"{PATH}?q=id:{found[2]['id']}") == [found[2]]
        assert await get(client, f"{PATH}?q=status:2") == [found[2]]
        assert await get(client, f"{PATH}?sort=-creation_date") == found[::-1]
        assert await get(client, f"{PATH}?page=2&per_page=2") == found[2:]
        assert len(await get(client, f"{PATH}/action")) == 4
        assert [item["description"] for item in await get(client, f"{PATH}/status")] == [
            "Pending",
            "Running",
            "Done",
        ]
