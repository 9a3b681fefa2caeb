"""Lookups, name servers and address spaces."""

from __future__ import annotations

import re
from ipaddress import IPv4Network

import pytest

pytestmark = pytest.mark.anyio

DNS = "/api/v1/dns"
SPACES = "/api/v1/ip_address_space"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("breakout_region", {"name": "eu-west-1"}),
        ("country", {"id": 74, "name": "Germany", "mcc": "262"}),
        ("currency", {"id": 1, "code": "EUR"}),
        ("data_blocksize", {"octets": 1, "description": "exact"}),
        ("data_throttle", {"octets": 256_000}),
        ("esme_interface_type", {"id": 1, "description": "RestAPI"}),
        ("rat_type", {"id": 6, "description": "4G"}),
        ("service_level", {"name": "Standard"}),
        ("service", {"id": 38, "description": "Data"}),
        ("service", {"id": 3, "description": "Voice"}),
        ("cnc/breakout_type", {"id": 8, "description": "IPSec VPN (Classic)"}),
        ("cnc/breakout_type/1/available_region", {"attachment_region": "eu-west-1"}),
        ("cnc/pricing", {"breakout_type_id": 1}),
        ("service/22/traffic_limit", {"volume": 100}),
        ("operator", {"id": 1}),
    ],
)
async def test_a_lookup(sim, session, path, expected):
    async with session(sim) as client, session(sim, sim.second_application_token) as other:
        answer = await client.get(f"/api/v1/{path}")
        assert answer.headers["X-Sim-Fidelity"] == "stateful"
        assert any(expected.items() <= entry.items() for entry in answer.json())
        assert (await other.get(f"/api/v1/{path}")).json() == answer.json()


async def test_countries_on_a_map(sim, session):
    async with session(sim) as client:
        whole, places, odd = [
            await client.get(f"/api/v1/country{query}")
            for query in ("", "?geographic=true", "?geographic=so")
        ]
    assert [each["mcc"] for each in whole.json() if each not in places.json()] == ["999"]
    assert (odd.status_code, odd.json()["error_code"]) == (400, 1000)


async def test_limits_of_one_service(sim, session):
    async with session(sim) as client:
        every = (await client.get("/api/v1/traffic_limit")).json()
        some = (await client.get("/api/v1/service/21/traffic_limit")).json()
        assert some == [limit for limit in every if limit["service"]["id"] == 21]
        assert some
        assert (await client.get("/api/v1/service/38/traffic_limit")).json() == []
        for path in ("service/9/traffic_limit", "cnc/breakout_type/99/available_region"):
            assert (await client.get(f"/api/v1/{path}")).status_code == 404


async def test_name_servers(sim, session):
    async with session(sim) as client, session(sim, sim.second_application_token) as other:
        body = {"primary": "192.0.2.1", "secondary": "192.0.2.2", "ip_address_version": 4}
        made = await client.post(DNS, json=body)
        assert (made.status_code, made.content) == (201, b"")
        identity = int(made.headers["Location"].rpartition("/")[2])
        assert (await client.get(DNS)).json()[-1] == {"id": identity, **body}
        assert identity not in [pair["id"] for pair in (await other.get(DNS)).json()]
        assert (await other.delete(f"{DNS}/{identity}")).status_code == 404
        profile = await client.post("/api/v1/service_profile", json={"name": "x", "dns": {"id": identity}})
        assert profile.status_code == 201
        refused = await client.delete(f"{DNS}/{identity}")
        assert (refused.status_code, refused.json()["error_code"]) == (409, 1406)
        place = profile.headers["Location"]
        assert (await client.get(place)).json()["dns"] == {"id": identity, **body}
        assert (await client.patch(place, json={"dns": {"id": None}})).status_code == 201
        assert (await client.delete(f"{DNS}/{identity}")).status_code == 204
        assert (await client.delete(f"{DNS}/{identity}")).status_code == 404
        dangling = await client.patch(place, json={"dns": {"id": identity}})
        assert (dangling.status_code, dangling.json()["errors"][0]["error_code"]) == (422, 1401)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"primary": "x", "secondary": "::1", "ip_address_version": 4}, [1403, 1403]),
        ({"primary": "1.1.1.1", "secondary": "::1", "ip_address_version": 5}, [1404]),
        ({"primary": "1.1.1.1", "secondary": "::1", "ip_address_version": 6}, [1403]),
        ({"primary": 7}, [1402, 1402, 1403]),
    ],
)
async def test_no_name_servers(sim, session, body, codes):
    async with session(sim) as client:
        answer = await client.post(DNS, json=body)
    assert answer.status_code == 422
    assert sorted(each["error_code"] for each in answer.json()["errors"]) == codes


async def test_the_life_of_an_address_space(sim, session):
    async with session(sim) as client:
        body = {"ip_address_space": "100.70.0.0/30", "ip_address_version": 4}
        made = await client.post(SPACES, json=body)
        assert made.status_code == 201
        identity = made.json()["id"]
        assert made.headers["Location"].endswith(f"{SPACES}/{identity}")
        assert made.json() == {"id": identity, **body, "used_count": 0, "available_count": 2}
        again = await client.post(SPACES, json=body)
        assert (again.status_code, again.json()["error_code"]) == (409, 1405)
        profiles = {
            f"{kind}_profile": {"id": (await client.get(f"/api/v1/{kind}_profile")).json()[0]["id"]}
            for kind in ("service", "tariff")
        }
        device = {"name": "d", "status": {"id": 0}, "ip_address_space": {"id": identity}, **profiles}
        endpoint = (await client.post("/api/v1/endpoint", json=device)).headers["Location"]
        assert (await client.get(SPACES)).json()[-1]["used_count"] == 1
        used = await client.delete(f"{SPACES}/{identity}")
        assert (used.status_code, used.json()["error_code"]) == (409, 1406)
        assert (await client.delete(endpoint)).status_code == 204
        assert (await client.delete(f"{SPACES}/{identity}")).status_code == 204
        assert (await client.delete(f"{SPACES}/{identity}")).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"ip_address_space": "100.70.0.1/24"},
        {"ip_address_space": "ours"},
        {"ip_address_space": "fd00::/64"},
        {"ip_address_space": "192.168.0.0/24"},
        {"ip_address_space": "100.64.0.0/25"},
        {"ip_address_space": "100.70.0.0/31"},
        {"ip_address_version": 6},
    ],
)
async def test_ranges_that_cannot_be_had(sim, session, changes):
    async with session(sim) as client:
        body = {"ip_address_space": "100.70.0.0/24", "ip_address_version": 4} | changes
        answer = await client.post(SPACES, json=body)
    assert (answer.status_code, answer.json()["error_code"]) == (422, 1400)


async def test_ranges_on_offer(sim, session):
    async with session(sim) as client:
        offers = (await client.get(f"{SPACES}/available")).json()
        assert len({offer["id"] for offer in offers}) == 10
        assert (await client.get(f"{SPACES}/available")).json() != offers
        assert (await client.get(f"{SPACES}/available?ip_address_version=6")).json() == []
        place = f"{SPACES}/{offers[0]['id']}"
        assert [(await client.put(place)).status_code for _ in range(2)] == [204, 409]
        assert offers[0] in (await client.get(SPACES)).json()
        assert (await client.put(f"{SPACES}/17")).status_code == 404


async def test_the_last_range_stays(make_sim, session):
    sim = make_sim(sims=0, limits=None, network=IPv4Network("10.9.0.0/24"))
    async with session(sim) as client:
        (only,) = (await client.get(SPACES)).json()
        answer = await client.delete(f"{SPACES}/{only['id']}")
    assert (answer.status_code, answer.json()["error_code"]) == (409, 1406)


async def test_operators_have_their_place_and_ids_as_text(sim, session):
    async with session(sim) as client:
        operators = (await client.get("/api/v1/operator")).json()
    for operator in operators:
        assert re.fullmatch(r"-?[0-9]+\.[0-9]{6}", operator["country"]["latitude"])
        assert re.fullmatch(r"-?[0-9]+\.[0-9]{6}", operator["country"]["longitude"])
        for inner in (*operator["mnc"], *operator["tapcode"]):
            assert inner["operator_id"] == str(operator["id"])
