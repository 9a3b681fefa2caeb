"""Bulk calls with a bad item: with the setting it undoes the rest, without it the rest takes effect."""

from __future__ import annotations

import pytest

from aioemnify.simulator import Settings
from tests.simulator.fleet_calls import get

BULK = "/api/v2/endpoint/multi"

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[True, False], ids=["rollback", "no rollback"])
def rollback(request):
    return request.param


@pytest.fixture
def sim(make_sim, rollback):
    return make_sim(limits=None, settings=Settings(bulk_rollback=rollback))


async def names(client):
    return {each["name"] for each in await get(client, "/api/v1/endpoint?per_page=1000")}


async def shared(client):
    first = (await get(client, "/api/v1/endpoint?per_page=1"))[0]
    return {name: {"id": first[name]["id"]} for name in ("service_profile", "tariff_profile", "status")}


async def test_creations(sim, session, rollback):
    async with session(sim) as client:
        items = [{"name": "a"}, {"name": "b", "imei": "short"}, {"name": "c"}]
        answer = await client.post(BULK, json=await shared(client) | {"endpoints": items})
        assert answer.status_code == 422
        assert [error["message"] for error in answer.json()["errors"]] == [
            "Endpoint - endpoints.1.imei has invalid format: Expecting 14 to 16 digits"
        ]
        assert {"a", "b", "c"} & await names(client) == (set() if rollback else {"a", "c"})


async def test_changes(sim, session, rollback):
    async with session(sim) as client:
        body = [{"id": 1, "name": "a"}, {"id": 999_999, "name": "b"}, {"id": 2, "name": "c"}]
        answer = await client.patch(BULK, json=body)
        assert (answer.status_code, answer.json()["message"]) == (404, "Endpoint with id 999999 not found")
        assert {"a", "b", "c"} & await names(client) == (set() if rollback else {"a", "c"})


async def test_deletions_of_endpoints_and_sims(sim, session, rollback):
    async with session(sim) as client:
        endpoints = [each["id"] for each in await get(client, "/api/v1/endpoint?per_page=3")]
        body = [{"id": each} for each in [endpoints[0], 999_999, endpoints[2]]]
        assert (await client.request("DELETE", BULK, json=body)).status_code == 404
        left = {each["id"] for each in await get(client, "/api/v1/endpoint?per_page=1000")}
        assert left.issuperset({endpoints[0], endpoints[2]}) is rollback and endpoints[1] in left

        free = [each["id"] for each in await get(client, "/api/v1/sim?q=endpoint:null&per_page=2")]
        held = (await get(client, f"/api/v1/endpoint/{endpoints[1]}"))["sim"]["id"]
        body = [{"id": each} for each in [free[0], held, free[1]]]
        assert (await client.request("DELETE", "/api/v1/sim/multi", json=body)).status_code == 409
        left = {each["id"] for each in await get(client, "/api/v1/sim?per_page=1000")}
        assert left.issuperset(free) is rollback and held in left


async def test_tags(sim, session, rollback):
    async with session(sim) as client:
        tag = (await client.post("/api/v2/tags", json={"name": "t"})).json()["id"]
        items = [{"endpoint": {"id": each}, "tags": [{"id": tag}]} for each in (1, 999_999, 2)]
        path = "/api/v2/bulk-operations/endpoint"
        assert (await client.post(f"{path}/add-tags", json={"items": items})).status_code == 422
        tagged = [bool(await get(client, f"/api/v2/endpoint/{each}/tags")) for each in (1, 2)]
        assert tagged == [not rollback] * 2
        bodies = {"tags": [{"id": 777}, {"id": tag}]}
        answer = await client.post("/api/v2/bulk-operations/tag/delete-tags", json=bodies)
        assert answer.status_code == 422
        assert (await get(client, "/api/v2/tags"))["total"] == (1 if rollback else 0)


async def test_a_call_with_too_many_items_has_no_effect(sim, session):
    async with session(sim) as client:
        body = [{"id": 1, "name": "a"}] * 2001
        assert (await client.patch(BULK, json=body)).status_code == 422
        assert "a" not in await names(client)
