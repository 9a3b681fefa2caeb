"""SIMs on their way from one workspace to another."""

from __future__ import annotations

import pytest

from aioemnify.simulator import Settings
from tests.simulator.fleet_calls import get, kinds, status_of, working

pytestmark = pytest.mark.anyio

PATH = "/api/v1/sim/migration/workspace"


@pytest.fixture
def sim(make_sim):
    return make_sim(limits=None, settings=Settings(token_minutes=1e6))


async def as_user(client, sim, workspace=None):
    """Go on with the credentials of the user, who is an administrator of both workspaces."""
    login = {"username": sim.username, "password": sim.password_digest}
    token = (await client.post("/api/v1/authenticate", json=login)).json()["auth_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    if workspace is not None:
        body = {"target_organisation": {"id": workspace}}
        token = (await client.post("/api/v1/authenticate/workspace", json=body)).json()["auth_token"]
        client.headers["Authorization"] = f"Bearer {token}"


def body(sim, **members):
    return {"target_workspace": {"id": sim.second_organisation_id}, "dry_run": False} | members


async def test_there_and_back(sim, session):
    async with session(sim) as client, session(sim, sim.second_application_token) as other:
        card = (await get(client, "/api/v1/sim?q=status:1,endpoint:null"))[0]
        before = await get(client, "/api/v1/sim"), await get(other, "/api/v1/sim")
        assert await status_of(client, "POST", PATH, body(sim, sims=[{"id": card["id"]}])) == 403
        await as_user(client, sim)
        asked = body(sim, sims=[{"id": card["id"]}])
        looked = await client.post(PATH, json=asked | {"dry_run": True})
        assert (looked.status_code, looked.json()["sim_count"], looked.json()["dry_run"]) == (200, 1, True)
        assert await status_of(client, "GET", f"/api/v1/sim/{card['id']}") == 200
        moved = (await client.post(PATH, json=asked)).json()
        assert moved["target_workspace"] == {"id": sim.second_organisation_id, "name": "Second Workspace"}
        assert moved["sims"][0]["source_workspace"]["id"] == sim.organisation_id
        assert await status_of(client, "GET", f"/api/v1/sim/{card['id']}") == 404
        here = await get(other, f"/api/v1/sim/{card['id']}")
        assert (here["iccid"], here["status"]["id"]) == (card["iccid"], 2)
        assert here["customer_org"]["id"] == sim.second_organisation_id
        assert [len(await get(each, "/api/v1/sim")) for each in (client, other)] == [49, 11]
        listed = [item["id"] for item in await get(other, "/api/v1/sim")]
        assert listed == sorted(listed) and listed[0] == card["id"]
        assert await get(other, f"/api/v1/sim?q=iccid:{card['iccid']},status:2") == [here]
        assert (await kinds(client))[-2:] == [9, 69]
        assert (await get(other, f"/api/v1/sim/{card['id']}/event"))[0]["event_type"]["id"] == 69

        await other.patch(f"/api/v1/sim/{card['id']}", json={"status": {"id": 1}})
        back = body(sim, iccids=[card["iccid"]]) | {"target_workspace": {"id": sim.organisation_id}}
        assert await status_of(client, "POST", PATH, back) == 200
        after = await get(client, "/api/v1/sim"), await get(other, "/api/v1/sim")
        assert [[item["id"] for item in each] for each in after] == [
            [item["id"] for item in each] for each in before
        ]
        assert after[1] == before[1]


async def test_a_sim_in_an_endpoint(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        await as_user(client, sim)
        asked = body(sim, sims=[{"id": endpoint["sim"]["id"]}])
        answer = await client.post(PATH, json=asked | {"allowed_sim_statuses": [{"id": 0}]})
        problem = answer.json()
        assert (answer.status_code, problem["status_code"]) == (409, 409)
        assert [error["error_code"] for error in problem["errors"]] == [1502, 1503]
        assert problem["errors"][0]["sims"][0]["endpoint"]["id"] == endpoint["id"]
        assert "error_code" not in problem
        assert await status_of(client, "POST", PATH, asked | {"auto_detach_devices": True}) == 200
        assert "sim" not in await get(client, f"/api/v1/endpoint/{endpoint['id']}")
        assert (await kinds(client))[-3:] == [50, 9, 69]


async def test_ranges_and_mistakes(sim, session):
    async with session(sim) as client:
        cards = await get(client, "/api/v1/sim")
        await as_user(client, sim)
        span = {"start": cards[0]["iccid"], "end": cards[9]["iccid"]}
        looked = await client.post(PATH, json=body(sim, iccid_range=span, auto_detach_devices=True))
        assert looked.json()["sim_count"] == 10
        assert len(await get(client, "/api/v1/sim")) == 40
        for wrong, status in (
            ({}, 400),
            ({"sims": []}, 400),
            ({"sims": [{"id": 12}], "iccids": []}, 400),
            ({"sims": [{"id": 12}, {"id": 12}]}, 400),
            ({"sims": [{"id": 99_999}]}, 404),
            ({"iccids": ["1"]}, 404),
            ({"iccid_range": {"start": span["end"], "end": span["start"]}}, 400),
            ({"sims": [{"id": 1}]}, 400),  # it is there already
            ({"sims": [{"id": 12}], "target_workspace": {"id": 77}}, 404),
            ({"sims": [{"id": 12}], "allowed_sim_statuses": [{"id": 9}]}, 400),
        ):
            assert await status_of(client, "POST", PATH, body(sim) | wrong) == status, wrong


async def test_it_outlives_a_restart(tmp_path, make_sim, session):
    path = tmp_path / "state.json"
    with make_sim(limits=None, state=path, tls=False) as first:
        async with session(first) as client:
            card = (await get(client, "/api/v1/sim?q=status:0,endpoint:null"))[0]
            await as_user(client, first)
            assert await status_of(client, "POST", PATH, body(first, sims=[{"id": card["id"]}])) == 200
    with make_sim(limits=None, state=path, tls=False) as second:
        async with session(second, second.second_application_token) as other:
            listed = await get(other, "/api/v1/sim")
            assert (len(listed), listed[0]["id"]) == (11, card["id"])
            assert len(await get(other, "/api/v1/sim?q=status:0,endpoint:null&sort=-id")) >= 1
