"""Workspaces: who belongs where as what, which one a login leads to, and what they used."""

from __future__ import annotations

import pytest

from tests.simulator.people import LOGIN, log_in, make_user, seeded

pytestmark = pytest.mark.anyio


def place(sim, user: object, *rest: object, workspace: int | None = None) -> str:
    parts = [sim.second_organisation_id if workspace is None else workspace, *rest]
    return f"/api/v2/user/{user}/workspace/" + "/".join(map(str, parts))


async def test_the_workspaces_of_a_user(sim, session):
    async with session(sim) as client:
        mine = await seeded(client, sim)
        listed = (await client.get("/api/v2/user/my/workspace", headers=mine)).json()
        assert [each["name"] for each in listed] == ["Simulated Fleet", "Second Workspace"]
        assert [each["default_workspace"] for each in listed] == [True, False]
        assert [each["owner"] for each in listed] == [True, False]
        assert listed[0]["roles"] == [{"id": 1, "name": "Administrator"}]
        assert listed[0]["status"] == {"status": {"id": 1, "description": "Active"}}
        assert (await client.get("/api/v2/user/my/workspace")).status_code == 404  # an application


async def test_the_default_is_where_a_login_leads(sim, session):
    async with session(sim) as client:
        mine = await seeded(client, sim)
        path = f"/api/v2/user/my/default_organisation/{sim.second_organisation_id}"
        answer = await client.put(path, headers=mine)
        assert (answer.status_code, answer.content) == (200, b"")
        there = await seeded(client, sim)
        assert len((await client.get("/api/v1/sim", headers=there)).json()) == 10
        assert (await client.put("/api/v2/user/my/default_organisation/77", headers=mine)).status_code == 403


async def test_joining_and_leaving_a_workspace(sim, session):
    async with session(sim) as client:
        user = await make_user(client, sim, "new@example.com", 3)
        target = {"target_organisation": {"id": sim.second_organisation_id}}
        mine = await log_in(client, "new@example.com")
        assert (await client.post(f"{LOGIN}/workspace", json=target, headers=mine)).status_code == 403
        assert (await client.put(place(sim, user, "role", 2))).status_code == 204
        assert (await client.put(place(sim, user, "role", 3))).status_code == 204
        switched = await client.post(f"{LOGIN}/workspace", json=target, headers=mine)
        there = {"Authorization": f"Bearer {switched.json()['auth_token']}"}
        issued = (await client.get("/api/v1/sim?q=status:0", headers=there)).json()[0]["id"]
        assert (await client.get("/api/v1/user", headers=there)).json()[-1]["roles"] == [
            {"id": 2, "name": "User"},
            {"id": 3, "name": "Observer"},
        ]
        assert (await client.delete(place(sim, user, "role", 1))).status_code == 404
        assert (await client.delete(place(sim, user, "role", 2))).status_code == 204
        assert (await client.delete(place(sim, user, "role", 3))).status_code == 400  # the last one
        # An observer now: reading goes on, changing does not.
        assert (await client.get(f"/api/v1/sim/{issued}", headers=there)).status_code == 200
        body = {"status": {"id": 1}}
        assert (await client.patch(f"/api/v1/sim/{issued}", json=body, headers=there)).status_code == 403
        assert (await client.patch(place(sim, user), json={"status": {"id": 2}})).status_code == 204
        assert (await client.get(f"/api/v1/sim/{issued}", headers=there)).status_code == 403
        assert (await client.patch(place(sim, user), json={"status": {"id": 0}})).status_code == 422
        assert (await client.delete(place(sim, user))).status_code == 204
        assert (await client.delete(place(sim, user))).status_code == 404
        alone = place(sim, user, workspace=sim.organisation_id)
        assert (await client.delete(alone)).status_code == 403


async def test_what_is_foreign(sim, session):
    third = sim.add_organisation("Third")
    async with session(sim, third) as client:
        own = (await client.get("/api/v1/organisation/my")).json()["id"]
        assert (await client.put(place(sim, sim.username, "role", 1))).status_code == 403
        assert (await client.put(place(sim, sim.username, "role", 1, workspace=own))).status_code == 403
        assert (await client.put(place(sim, 9, "role", 1, workspace=own))).status_code == 404
        assert (await client.put(place(sim, 9, "role", 9, workspace=own))).status_code == 404
        assert (await client.put(place(sim, 501, "role", 1, workspace=77))).status_code == 404
        assert (await client.get("/api/v2/user/501/workspace")).status_code == 403


async def test_a_super_admin_rules_the_workspaces_below(sim, session):
    async with session(sim) as client:
        user = await make_user(client, sim, "boss@example.com", 4)
        mine = await log_in(client, "boss@example.com")
        target = {"target_organisation": {"id": sim.second_organisation_id}}
        switched = await client.post(f"{LOGIN}/workspace", json=target, headers=mine)
        there = {"Authorization": f"Bearer {switched.json()['auth_token']}"}
        made = await client.post("/api/v1/application_token", json={}, headers=there)
        assert made.status_code == 200
        assert (await client.put(place(sim, user, "role", 4))).status_code == 400


async def test_usage_of_workspaces(sim, session):
    sim.clock.advance(days=2)
    ids = [sim.organisation_id, sim.second_organisation_id]
    path = "/api/v2/workspace/stats/daily"
    async with session(sim) as client:
        listed = (await client.get(path)).json()
        assert [each["id"] for each in listed] == ids
        daily = (await client.get("/api/v1/stats/daily")).json()
        assert [day["date"] for day in listed[0]["days"]] == [row["date"] for row in daily[:-1]]
        assert listed[0]["total"]["data_volume"] == daily[-1]["data"]
        chosen = (await client.get(f"{path}?workspace_ids={ids[1]}")).json()
        assert chosen == listed[1:]
        for wrong, status in (("77", 404), ("x", 422), ("1,,2", 422)):
            assert (await client.get(f"{path}?workspace_ids={wrong}")).status_code == status
    async with session(sim, sim.second_application_token) as client:
        assert (await client.get(f"{path}?workspace_ids={ids[0]}")).status_code == 403
