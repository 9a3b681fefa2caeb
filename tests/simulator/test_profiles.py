"""Service and tariff profiles."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio

SERVICE = "/api/v1/service_profile"
TARIFF = "/api/v1/tariff_profile"


async def test_the_life_of_a_service_profile(sim, session):
    async with session(sim) as client:
        answer = await client.post(SERVICE, json={"name": "Meters", "description": "d", "allowed_4g": True})
        assert (answer.status_code, answer.content) == (201, b"")
        path = answer.headers["Location"]
        made = (await client.get(path)).json()
        assert (made["name"], made["used_count"], made["allowed_4g"], made["allowed_3g"]) == (
            "Meters",
            "0",
            "1",
            "0",
        )
        assert made["service"] == []
        changed = await client.patch(path, json={"allowed_4g": False, "esme_interface_type": {"id": 1}})
        assert (changed.status_code, changed.content) == (201, b"")
        made = (await client.get(path)).json()
        assert (made["name"], made["allowed_4g"], made["esme_interface_type"]["id"]) == ("Meters", "0", 1)
        await client.patch(path, json={"esme_interface_type": {"id": None}, "api_callback": {"id": None}})
        assert "esme_interface_type" not in (await client.get(path)).json()

        assert (await client.put(f"{path}/service/38")).status_code == 204
        twice = await client.put(f"{path}/service/38")
        assert (twice.status_code, twice.json()["error_token"]) == (409, "Duplicated")
        assert (await client.put(f"{path}/service/5555")).status_code == 404
        assert [service["id"] for service in (await client.get(path)).json()["service"]] == [38]
        assert (await client.delete(f"{path}/service/38")).status_code == 204
        assert (await client.delete(f"{path}/service/38")).status_code == 404

        assert len((await client.get(SERVICE)).json()) == 3
        assert (await client.delete(path)).status_code == 204
        assert (await client.get(path)).status_code == 404
        assert (await client.put(f"{path}/service/38")).status_code == 404
        assert len((await client.get(SERVICE)).json()) == 2


async def test_service_profiles_that_are_refused(sim, session):
    async with session(sim) as client:
        answer = await client.post(SERVICE, json={"allowed_3g": "1", "api_secret": {"id": "x"}})
        assert sorted(error["message"] for error in answer.json()["errors"]) == [
            "Service profile - allowed_3g has invalid format: Expecting Boolean",
            "Service profile - api_secret.id has invalid format: Expecting Integer or null",
        ]
        answer = await client.post(SERVICE, json={"api_secret": {"id": 4}, "name": "x"})
        assert answer.json()["errors"][0]["error_code"] == 1401
        assert (await client.post(SERVICE, json={})).json()["errors"][0]["error_code"] == 1402


@pytest.mark.parametrize("path", [SERVICE, TARIFF])
async def test_a_used_profile_stays(sim, session, path):
    async with session(sim) as client:
        used = (await client.get(path)).json()[0]
        assert int(used["used_count"]) > 0
        answer = await client.delete(f"{path}/{used['id']}")
        assert (answer.status_code, answer.json()["error_code"]) == (409, 1406)
        assert (await client.get(f"{path}/{used['id']}")).status_code == 200


async def test_the_life_of_a_tariff_profile(sim, session):
    async with session(sim) as client:
        answer = await client.post(TARIFF, json={"name": "North", "description": "d", "tariff": {"id": 2}})
        assert answer.status_code == 201
        path = answer.headers["Location"]
        made = (await client.get(path)).json()
        assert (made["name"], made["used_count"], made["tariff"]["name"]) == ("North", 0, "World")
        assert (await client.patch(path, json={"name": "South", "tariff": {"id": 3}})).status_code == 204
        made = (await client.get(path)).json()
        assert (made["name"], made["description"], made["tariff"]["id"]) == ("South", "d", 3)
        assert (await client.patch(path, json={"tariff": {"id": 9}})).status_code == 422
        assert len((await client.get(TARIFF)).json()) == 3
        assert (await client.delete(path)).status_code == 204
        assert (await client.delete(path)).status_code == 404
        missing = await client.post(TARIFF, json={})
        assert [error["error_code"] for error in missing.json()["errors"]] == [1402] * 3
