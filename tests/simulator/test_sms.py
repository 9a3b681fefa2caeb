"""SMS to devices: on their way, buffered, delivered, given up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aioemnify.simulator import Settings
from tests.simulator.fleet_calls import faults, get, kinds, status_of, working

pytestmark = pytest.mark.anyio


@pytest.fixture
def sim(make_sim):
    """Return a simulator whose tokens outlive every test."""
    return make_sim(limits=None, settings=Settings(token_minutes=1e6))


async def send(client, endpoint, **members):
    answer = await client.post(f"/api/v1/endpoint/{endpoint}/sms", json={"payload": "hello"} | members)
    assert (answer.status_code, answer.content) == (201, b""), answer.text
    return answer.headers["Location"]


async def state(client, place):
    return (await get(client, place))["status"]["id"]


async def switch(client, endpoint, status):
    assert await status_of(client, "PATCH", f"/api/v1/endpoint/{endpoint}", {"status": {"id": status}}) == 204


async def test_delivered_as_time_passes(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        place = await send(client, endpoint["id"], source_address="Shop 1", source_address_type={"id": 208})
        seen = [await state(client, place)]
        for seconds in (1, 1, 1, 60):
            sim.clock.advance(seconds)
            seen.append(await state(client, place))
        assert seen == [1, 2, 2, 4, 4]
        body = await get(client, place)
        assert (body["payload"], body["source_address"], body["dcs"]) == ("hello", "Shop 1", "0")
        assert body["status"]["description"] == "DELIVERED"
        assert body["submit_date"] == "2025-01-15T12:00:00.000Z"
        assert body["final_date"] == "2025-01-15T12:00:03.000Z"
        assert body["expiry_date"] == "2025-01-16T12:00:00.000Z"
        assert body["iccid"] == endpoint["sim"]["iccid"]
        assert body["source_address_type"] == {"id": 208, "description": "Alphanumeric"}
        other = await send(client, endpoint["id"])
        listed = await get(client, f"/api/v1/endpoint/{endpoint['id']}/sms")
        assert [item["id"] for item in listed] == [int(other.rpartition("/")[2]), body["id"]]
        assert (await client.delete(place)).json()["error_code"] == 1406


async def test_buffered_while_nobody_answers(sim, session):
    async with session(sim) as client:
        endpoint = (await working(client))["id"]
        await switch(client, endpoint, 1)
        place = await send(client, endpoint)
        sim.clock.advance(3)
        body = await get(client, place)
        assert (body["status"]["id"], body["retry_count"], body["gsm_map_error"]) == (
            3,
            "1",
            "absentSubscriber",
        )
        assert body["retry_date"] == "2025-01-15T12:01:03.000Z"
        sim.clock.advance(60)
        assert (await get(client, place))["retry_date"] == "2025-01-15T12:03:03.000Z"
        await switch(client, endpoint, 0)
        sim.clock.advance(2)
        assert await state(client, place) == 3
        sim.clock.advance(1)
        assert await state(client, place) == 4


async def test_a_buffered_one_is_canceled_or_expires(sim, session):
    async with session(sim) as client:
        endpoint = (await working(client))["id"]
        await switch(client, endpoint, 1)
        first = await send(client, endpoint)
        second = await send(client, endpoint, expiry_date="2025-01-15T14:00:00Z")
        assert await status_of(client, "DELETE", first) == 409
        sim.clock.advance(5)
        answer = await client.delete(first)
        assert (answer.status_code, answer.content) == (200, b"")
        assert await status_of(client, "DELETE", first) == 409
        await switch(client, endpoint, 0)
        await switch(client, endpoint, 1)
        sim.clock.advance(days=3)
        body = await get(client, second)
        assert (body["status"]["id"], body["final_date"]) == (6, "2025-01-15T14:00:00.000Z")
        assert await state(client, first) == 7


async def test_what_is_no_message(sim, session):
    async with session(sim) as client:
        endpoint = (await working(client))["id"]
        path = f"/api/v1/endpoint/{endpoint}/sms"
        wrong = {
            "payload": "x" * 161,
            "source_address": "much too long a name",
            "source_address_type": {"id": 208},
            "expiry_date": "2025-01-01T00:00:00Z",
        }
        assert await faults(client, "POST", path, wrong) == [
            "Sms - payload out of range",
            "Sms - source_address has invalid format: Expecting Up to 11 letters and digits",
            "Sms - expiry_date out of range",
        ]
        for body, fault in (
            ({"payload": ""}, "Sms - payload out of range"),
            ({"payload": "x" * 71, "dcs": 8}, "Sms - payload out of range"),
            ({"payload": "x" * 154, "udh": "050003CC0201"}, "Sms - payload out of range"),
            ({"payload": "x" * 68, "dcs": 8, "udh": "050003CC0201"}, "Sms - payload out of range"),
            ({"payload": "x", "udh": "05000"}, "Sms - udh has invalid format: Expecting Hex digits"),
            ({"payload": "x", "dcs": 4}, "Sms - dcs out of range"),
            (
                {"payload": "x", "source_address_type": {"id": 1}},
                "Invalid reference to SourceAddressType with id 1",
            ),
            (
                {"payload": "x", "source_address": "1a", "source_address_type": {"id": 161}},
                "Sms - source_address has invalid format: Expecting Digits",
            ),
            (
                {"payload": "x", "expiry_date": "soon"},
                "Endpoint - expiry_date has invalid format: Expecting Date",
            ),
            ({}, "Endpoint - payload is required"),
        ):
            assert await faults(client, "POST", path, body) == [fault]
        for body in ({"payload": "x" * 160}, {"payload": "x" * 153, "udh": "050003CC0201"}):
            assert await status_of(client, "POST", path, body) == 201
        bare = (await get(client, "/api/v1/endpoint?q=sim_status:null&per_page=1"))[0]["id"]
        assert await status_of(client, "POST", f"/api/v1/endpoint/{bare}/sms", {"payload": "x"}) == 409
        for place in (f"{path}/99999", f"/api/v1/endpoint/{bare}/sms/1", "/api/v1/endpoint/-1/sms"):
            assert await status_of(client, "GET", place) == 404


async def test_what_a_profile_does_not_let_through(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        profile = f"/api/v1/service_profile/{endpoint['service_profile']['id']}"
        limits = await get(client, "/api/v1/service/22/traffic_limit")
        smallest = min(limits, key=lambda limit: limit["volume"])
        assert await status_of(client, "PUT", f"{profile}/service/22/traffic_limit/{smallest['id']}") == 200
        places = []
        for _ in range(smallest["volume"] + 1):
            places.append(await send(client, endpoint["id"]))
            sim.clock.advance(5)
        ends = [await state(client, place) for place in places]
        assert ends == [4] * smallest["volume"] + [5]
        assert (await get(client, places[-1]))["gsm_map_error"] == "trafficLimitReached"
        sim.clock.advance(days=20)
        place = await send(client, endpoint["id"])
        sim.clock.advance(5)
        assert await state(client, place) == 4
        await client.delete(f"{profile}/service/22")
        place = await send(client, endpoint["id"])
        sim.clock.advance(5)
        assert (await get(client, place))["gsm_map_error"] == "teleserviceNotProvisioned"
        await client.put(f"{profile}/service/22")
        await client.patch(profile, json={"allowed_3g": False, "allowed_4g": False, "allowed_nb_iot": True})
        place = await send(client, endpoint["id"])
        sim.clock.advance(5)
        assert await state(client, place) == 5


async def test_the_tenth_ends_factory_test(make_sim, session):
    sim = make_sim(limits=None, settings=Settings(sms_seconds=1))
    async with session(sim) as client:
        endpoint = (await get(client, "/api/v1/endpoint?q=sim_status:4,status:0&per_page=1"))[0]
        card = f"/api/v1/sim/{endpoint['sim']['id']}"
        for _ in range(9):
            await send(client, endpoint["id"])
        sim.clock.advance(2)
        assert (await get(client, card))["status"]["id"] == 4
        await send(client, endpoint["id"])
        sim.clock.advance(2)
        body = await get(client, card)
        assert (body["status"]["id"], body["activation_date"][:19]) == (1, "2025-01-15T12:00:03")
        assert await kinds(client) == [8]
        event = (await get(client, "/api/v1/event"))[0]
        assert event["event_source"]["id"] == 1
        assert event["detail"]["transition"]["reason"] == "SIM reached factory test volume."


async def test_they_are_kept(tmp_path, make_sim, session):
    path = tmp_path / "state.json"
    with make_sim(limits=None, state=path, tls=False) as first:
        async with session(first) as client:
            endpoint = (await working(client))["id"]
            place = (await send(client, endpoint)).removeprefix(first.url)
    with make_sim(limits=None, state=path, tls=False) as second:
        async with session(second) as client:
            assert await state(client, place) == 1
            second.clock.advance(3)
            assert await state(client, place) == 4


async def test_a_message_has_every_recorded_member(sim, session):
    async with session(sim) as client:
        endpoint = await working(client)
        path = f"/api/v1/endpoint/{endpoint['id']}/sms"
        assert await status_of(client, "POST", path, {"payload": "text"}) == 201
        (fresh,) = await get(client, path)
        sim.clock.advance(60)
        (done,) = await get(client, path)
    recorded = json.loads(
        (Path(__file__).parents[1] / "contract" / "examples" / "sms_list_response_recorded.json").read_text()
    )["body"][0]
    for message, report in ((fresh, "0"), (done, "4")):
        assert message["dlr_status_id"] == report
        for name in ("called_party_prefix", "smpp_bind_id", "smpp_dlr_bind_id", "p2p_ext"):
            assert message[name] == recorded[name]
    # A message without a source address has no type of it.
    assert recorded.keys() - done.keys() <= {"source_address_type"}
