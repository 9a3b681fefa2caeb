"""Where a device is, and what sends it away or keeps it off the air."""

from __future__ import annotations

import pytest

from aioemnify.simulator import Settings
from tests.simulator.fleet_calls import get, kinds, status_of, working

pytestmark = pytest.mark.anyio


async def connectivity(client, endpoint):
    return await get(client, f"/api/v1/endpoint/{endpoint}/connectivity")


async def word(client, endpoint):
    return (await connectivity(client, endpoint))["status"]["description"]


async def test_a_device_on_duty_is_online(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        body = await connectivity(client, endpoint["id"])
        assert body["status"] == {"description": "ONLINE"}
        assert body["services"] == ["GPRS", "SMS"]
        context, place = body["pdp_context"], body["location"]
        assert (context["endpoint_id"], context["sim_id"]) == (endpoint["id"], endpoint["sim"]["id"])
        assert context["ue_ip_address"] == endpoint["ip_address"]
        assert place["iccid"] == endpoint["sim"]["iccid"]
        assert context["duration"] == "12:00:00"
        assert context["operator_id"] == place["operator"]["id"]
        again = await connectivity(client, endpoint["id"])
        assert again == body
        info = (await get(client, f"/api/v1/endpoint/{endpoint['id']}/connectivity_info"))["subscriber_info"]
        assert info["success"] is True
        assert info["location"]["cell_global_id"] == {
            "mcc": context["mcc"],
            "mnc": context["mnc"],
            "lac": context["lac"],
            "cid": context["ci"],
        }


async def test_a_device_goes_off_with_its_endpoint_or_its_sim(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        path, card = f"/api/v1/endpoint/{endpoint['id']}", f"/api/v1/sim/{endpoint['sim']['id']}"
        for off, on in (
            ((path, {"status": {"id": 1}}), (path, {"status": {"id": 0}})),
            ((card, {"status": {"id": 2}}), (card, {"status": {"id": 1}})),
            ((path, {"sim": {"id": None}}), (path, {"sim": {"id": endpoint["sim"]["id"]}})),
        ):
            assert await status_of(client, "PATCH", *off) == 204
            assert await connectivity(client, endpoint["id"]) == {
                "status": {"description": "OFFLINE"},
                "services": [],
            }
            assert await status_of(client, "PATCH", *on) == 204
            assert await word(client, endpoint["id"]) == "ONLINE"
        await client.patch(path, json={"sim": {"id": None}})
        gone = await client.get(f"{path}/connectivity_info")
        assert (gone.status_code, gone.json()["message"]) == (404, "Unknown subscriber")


async def test_resets(make_sim, session):
    sim = make_sim(limits=None, settings=Settings(reset_seconds=40))
    async with session(sim) as client:
        endpoint = (await working(client))["id"]
        path = f"/api/v1/endpoint/{endpoint}/connectivity"
        for body, steps in (
            ({"pdp_context": None}, [(0, "ATTACHED"), (39, "ATTACHED"), (1, "ONLINE")]),
            ({"location": True}, [(0, "OFFLINE"), (19, "OFFLINE"), (1, "ATTACHED"), (20, "ONLINE")]),
            ({"pdp_context": None, "location": None}, [(0, "OFFLINE"), (20, "ATTACHED"), (20, "ONLINE")]),
            ({}, [(0, "ONLINE")]),
        ):
            assert await status_of(client, "PATCH", path, body) == 204
            for seconds, expected in steps:
                sim.clock.advance(seconds)
                assert await word(client, endpoint) == expected
        assert (await connectivity(client, endpoint))["pdp_context"]["duration"] == "00:00:00"
        assert await kinds(client) == [68, 5, 3, 68, 5, 16, 3, 68, 5, 16, 3]
        events = await get(client, "/api/v1/event?q=type:3")
        stamps = [event["timestamp"][11:19] for event in events]
        assert stamps == ["12:00:40", "12:01:20", "12:02:00"]
        assert events[0]["event_source"] == {"id": 0, "description": "Network"}
        assert await status_of(client, "PATCH", "/api/v1/endpoint/-1/connectivity", {}) == 404


async def test_a_reset_ends_factory_test(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        card = (await get(client, "/api/v1/sim?q=endpoint:null,status:0"))[0]["id"]
        path = f"/api/v1/endpoint/{endpoint['id']}"
        await client.patch(path, json={"sim": {"id": card}})
        assert await status_of(client, "PATCH", f"/api/v1/sim/{card}", {"status": {"id": 4}}) == 204
        assert await word(client, endpoint["id"]) == "ONLINE"
        await client.patch(f"{path}/connectivity", json={"pdp_context": None})
        assert (await get(client, f"/api/v1/sim/{card}"))["status"]["id"] == 1


async def test_operators_that_a_device_must_avoid(sim, session):
    async with session(sim) as client:
        endpoint = (await working(client))["id"]
        path = f"/api/v1/endpoint/{endpoint}/operator_blacklist"
        assert await get(client, path) == []
        seen = []
        while await word(client, endpoint) == "ONLINE":
            operator = (await connectivity(client, endpoint))["location"]["operator"]["id"]
            assert operator not in seen
            seen.append(operator)
            assert await status_of(client, "PUT", f"{path}/{operator}") == 204
        assert len(seen) > 3
        assert [operator["id"] for operator in await get(client, path)] == seen
        twice = await client.put(f"{path}/{seen[0]}")
        assert (twice.status_code, twice.json()) == (
            409,
            {
                "error_code": 1405,
                "error_token": "Duplicated",
                "message": f"Operator with Id '{seen[0]}' is already blacklisted on "
                f"Endpoint with Id '{endpoint}'.",
            },
        )
        assert await status_of(client, "DELETE", f"{path}/{seen[0]}") == 204
        assert await status_of(client, "DELETE", f"{path}/{seen[0]}") == 404
        assert await status_of(client, "PUT", f"{path}/999") == 404
        assert (await connectivity(client, endpoint))["location"]["operator"]["id"] == seen[0]
        assert set(await kinds(client)) == {2}


async def test_profiles_decide_about_services_and_networks(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        service, tariff = endpoint["service_profile"]["id"], endpoint["tariff_profile"]["id"]
        allowed = f"/api/v1/service_profile/{service}/service/38"
        assert await status_of(client, "DELETE", allowed) == 204
        body = await connectivity(client, endpoint["id"])
        assert (body["status"]["description"], "pdp_context" in body) == ("ATTACHED", False)
        assert await status_of(client, "PUT", allowed) == 204
        operator = body["location"]["operator"]["id"]
        blocks = f"/api/v2/tariff_profile/{tariff}/operator_blocklist/operator/{operator}"
        first = (await connectivity(client, endpoint["id"]))["pdp_context"]["rat_type"]["rat_type_id"]
        await client.post(f"{blocks}/rat_type", json={"rat_types": [{"id": first}]})
        second = (await connectivity(client, endpoint["id"]))["pdp_context"]["rat_type"]["rat_type_id"]
        assert (first, second) == (6, 1)
        await client.put(blocks)
        assert (await connectivity(client, endpoint["id"]))["location"]["operator"]["id"] != operator
        zones = (await get(client, f"/api/v1/tariff_profile/{tariff}"))["ratezone"]
        for zone in zones:
            await client.delete(f"/api/v1/tariff_profile/{tariff}/ratezone_selection/{zone['id']}")
        assert await word(client, endpoint["id"]) == "OFFLINE"
        info = await get(client, f"/api/v1/endpoint/{endpoint['id']}/connectivity_info")
        assert info["subscriber_info"] == {"success": False, "error": "absentSubscriber"}
