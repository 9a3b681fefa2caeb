"""Tariff profiles: zones, bundles, coverage and blocked operators; system events; deleting SIMs; tags."""

from __future__ import annotations

import pytest

from tests.simulator.fleet_calls import get, kinds, status_of, working

pytestmark = pytest.mark.anyio


async def europe(client):
    return f"/api/v1/tariff_profile/{(await get(client, '/api/v1/tariff_profile'))[0]['id']}"


async def test_zones_decide_about_coverage(sim, session):
    async with session(sim) as client:
        path = await europe(client)
        assert [zone["id"] for zone in (await get(client, path))["ratezone"]] == [11, 12]
        covered = {
            item["country"]["iso_code"]: item["redundancy_count"]
            for item in await get(client, f"{path}/coverage")
        }
        assert covered == {"fr": 2, "de": 3, "nl": 1, "gb": 2}
        assert await status_of(client, "DELETE", f"{path}/ratezone_selection/12") == 204
        assert [zone["id"] for zone in (await get(client, path))["ratezone"]] == [11]
        assert len(await get(client, f"{path}/coverage")) == 3
        assert await status_of(client, "DELETE", f"{path}/ratezone_selection/21") == 404
        assert await status_of(client, "PUT", f"{path}/ratezone_selection/12") == 204
        assert len(await get(client, f"{path}/coverage")) == 4
        await client.patch(path, json={"tariff": {"id": 3}})
        assert [zone["id"] for zone in (await get(client, path))["ratezone"]] == [31]


async def test_inclusive_volumes(sim, session):
    async with session(sim) as client:
        path = await europe(client)
        for method, volume, status in (
            ("PUT", 111, 204),
            ("PUT", 111, 409),
            ("PUT", 112, 409),
            ("PUT", 121, 204),
            ("PUT", 211, 400),
            ("PUT", 999, 404),
            ("DELETE", 112, 404),
            ("DELETE", 111, 204),
            ("DELETE", 111, 404),
        ):
            assert await status_of(client, method, f"{path}/inclusive_volume/{volume}") == status
        assert (await get(client, path))["inclusive_volume"]["ratezone"]["id"] == 12
        await client.delete(f"{path}/ratezone_selection/12")
        assert "inclusive_volume" not in await get(client, path)
        assert await status_of(client, "PUT", f"{path}/inclusive_volume/121") == 400


async def test_blocked_operators(sim, session):
    async with session(sim) as client:
        path = (await europe(client)).replace("v1", "v2") + "/operator_blocklist/operator"
        assert await get(client, path) == []
        assert (await get(client, f"{path}/1"))["blocklist"] == {"operator": False, "rat_types": []}
        rats = {"rat_types": [{"id": 6}, {"id": 1}]}
        assert await status_of(client, "POST", f"{path}/1/rat_type", rats) == 204
        assert await status_of(client, "POST", f"{path}/1/rat_type", {"rat_types": [{"id": 77}]}) == 422
        assert await status_of(client, "PUT", f"{path}/2") == 204
        first, second = await get(client, path)
        assert first["operator"]["id"] == 1
        assert [rat["description"] for rat in first["blocklist"]["rat_types"]] == ["3G", "4G"]
        assert second["blocklist"] == {"operator": True, "rat_types": []}
        assert await get(client, f"{path}/2") == second
        for method, place, status in (
            ("DELETE", "/1/rat_type/6", 204),
            ("DELETE", "/1/rat_type/6", 404),
            ("DELETE", "/1/rat_type/1", 204),
            ("DELETE", "/1", 404),
            ("DELETE", "/2", 204),
            ("GET", "/99", 404),
            ("PUT", "/99", 404),
        ):
            assert await status_of(client, method, f"{path}{place}") == status
        assert await get(client, path) == []


async def test_kinds_of_system_events(sim, session):
    async with session(sim) as client:
        path = "/api/v1/event/system/configuration"
        found = await get(client, path)
        assert len(found) == 10
        assert await get(client, f"{path}/{found[0]['id']}") == found[0]
        assert await status_of(client, "GET", f"{path}/0") == 404


async def test_the_old_list_of_events(sim, session):
    async with session(sim) as client:
        endpoint = (await working(client))["id"]
        await client.patch(f"/api/v1/endpoint/{endpoint}", json={"status": {"id": 1}})
        assert await get(client, "/api/v1/event_deprecated") == await get(client, "/api/v1/event")


async def test_deleting_sims(sim, session):
    async with session(sim) as client:
        held = (await working(client))["sim"]["id"]
        free = [item["id"] for item in await get(client, "/api/v1/sim?q=endpoint:null")]
        refused = await client.delete(f"/api/v1/sim/{held}")
        assert (refused.status_code, refused.json()["error_code"]) == (409, 1406)
        assert await status_of(client, "DELETE", f"/api/v1/sim/{free[0]}") == 204
        assert await status_of(client, "DELETE", f"/api/v1/sim/{free[0]}") == 404
        assert await status_of(client, "PATCH", f"/api/v1/sim/{free[0]}", {"status": {"id": 1}}) == 404
        many, whole = "/api/v1/sim/multi", len(await get(client, "/api/v1/sim"))
        for ids, status in (
            ([free[1], held], 409),
            ([free[1], 99_999], 404),
            ([free[1], free[1]], 400),
            ([], 422),
            ([free[1]] * 2001, 422),
        ):
            assert await status_of(client, "DELETE", many, [{"id": each} for each in ids]) == status
        assert len(await get(client, "/api/v1/sim")) == whole
        assert await status_of(client, "DELETE", many, [{"id": each} for each in free[1:4]]) == 204
        assert len(await get(client, "/api/v1/sim")) == whole - 3
        assert await kinds(client) == [10] * 4


async def test_tags_of_an_endpoint(sim, session):
    async with session(sim) as client:
        path = f"/api/v2/endpoint/{(await working(client))['id']}/tags"
        tag = (await client.post("/api/v2/tags", json={"name": "north"})).json()["id"]
        assert await get(client, path) == []
        answer = await client.post(path, json={"id": tag})
        assert (answer.status_code, answer.headers["Location"]) == (201, f"{sim.url}{path}/{tag}")
        assert await status_of(client, "POST", path, {"id": tag}) == 409
        assert await status_of(client, "POST", path, {"id": 999}) == 422
        assert [(item["name"], item["resource_count"]) for item in await get(client, path)] == [("north", 1)]
        assert await status_of(client, "DELETE", f"{path}/{tag}") == 200
        assert await status_of(client, "DELETE", f"{path}/{tag}") == 404
        assert await get(client, path) == []
