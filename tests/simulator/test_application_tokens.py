"""Application tokens: made, listed without secrets, revoked, expired and bound to addresses."""

from __future__ import annotations

import httpx
import pytest

from tests.simulator.people import LOGIN, codes, events_of, log_in, make_user

pytestmark = pytest.mark.anyio
PATH = "/api/v1/application_token"


async def made(client: httpx.AsyncClient, **body) -> str:
    answer = await client.post(PATH, json=body)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"application_token"}
    return answer.json()["application_token"]


async def test_a_created_token_logs_in_and_its_secret_is_shown_once(sim, session):
    async with session(sim) as client:
        secret = await made(client, description="of a test")
        listed = (await client.get(PATH)).json()
        assert [token["description"] for token in listed] == ["Given out at start", "of a test"]
        assert listed[1]["status"] == {"id": 0, "description": "Activated"}
        assert not listed[1].keys() & {"expiry_date", "ip", "creator"}
        assert secret not in str(listed)
        assert len(await events_of(client, 0)) == 1
    async with session(sim, secret) as client:
        assert (await client.get("/api/v1/sim/1")).status_code == 200


async def test_the_creator_is_named(sim, session):
    async with session(sim) as client:
        identity = await make_user(client, sim, "maker@example.com")
        mine = await log_in(client, "maker@example.com")
        await client.post(PATH, json={"description": "x"}, headers=mine)
        creator = (await client.get(PATH)).json()[-1]["creator"]
    assert creator == {"id": identity, "name": "Somebody", "username": "maker@example.com"}


async def test_a_revoked_token_no_longer_logs_in_but_what_it_issued_goes_on(sim, session):
    async with session(sim) as client:
        secret = await made(client)
        identity = (await client.get(PATH)).json()[-1]["id"]
    async with session(sim, secret) as client:
        for status, answered in ((1, 401), (0, 200)):
            body = {"status": {"id": status}, "description": "changed"}
            assert (await client.patch(f"{PATH}/{identity}", json=body)).status_code == 204
            answer = await client.post(LOGIN, json={"application_token": secret})
            assert answer.status_code == answered
            token = (await client.get(PATH)).json()[-1]
            assert (token["status"]["id"], token["description"]) == (status, "changed")


async def test_a_token_expires(sim, session):
    async with session(sim) as client:
        end = sim.clock.now().replace(microsecond=0)
        secret = await made(client, expiry_date=f"{end.year + 1}-01-01T00:00:00.000Z")
        assert (await client.get(PATH)).json()[-1]["expiry_date"] == f"{end.year + 1}-01-01T00:00:00.000Z"
        assert (await client.post(LOGIN, json={"application_token": secret})).status_code == 200
        sim.clock.advance(days=366)
        assert (await client.post(LOGIN, json={"application_token": secret})).status_code == 401


async def test_a_token_is_bound_to_addresses(sim, session):
    async with session(sim) as client:
        secret = await made(client, ip="192.0.2.0/24")
    body = {"application_token": secret}
    for address, status in (("192.0.2.7", 200), ("192.0.3.7", 401), ("::1", 401)):
        async with session(sim, "", client=(address, 5)) as client:
            assert (await client.post(LOGIN, json=body)).status_code == status


async def test_mistakes_are_named_together(sim, session):
    async with session(sim) as client:
        body = {"ip": "somewhere", "expiry_date": "2001-01-01T00:00:00Z"}
        assert sorted(codes(await client.post(PATH, json=body))) == [1403, 1404]
        assert codes(await client.post(PATH, json={"ip": 5})) == [1403]
        assert codes(await client.patch(f"{PATH}/1", json={"status": {"id": 9}})) == [1401]
        assert (await client.patch(f"{PATH}/99", json={})).status_code == 404
        assert (await client.patch(f"{PATH}/2", json={})).status_code == 404  # the other organisation's
