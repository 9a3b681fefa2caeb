"""Tags: made, listed in an envelope, put on many endpoints, and gone with them."""

from __future__ import annotations

import pytest

from tests.simulator.people import codes

pytestmark = pytest.mark.anyio
PATH = "/api/v2/tags"
BULK = "/api/v2/bulk-operations"


async def made(client, name: str, **members) -> int:
    answer = await client.post(PATH, json={"name": name} | members)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"].endswith(f"{PATH}/{answer.json()['id']}")
    return answer.json()["id"]


async def counts(client) -> dict[str, int]:
    return {tag["name"]: tag["resource_count"] for tag in (await client.get(PATH)).json()["data"]}


def items(*pairs) -> dict:
    return {"items": [{"endpoint": {"id": a}, "tags": [{"id": tag} for tag in tags]} for a, tags in pairs]}


async def test_making_and_changing_a_tag(sim, session):
    async with session(sim) as client:
        colors = {color["id"]: color for color in (await client.get("/api/v2/tag-colors")).json()}
        answer = await client.post(PATH, json={"name": "one", "color": {"id": 3}})
        tag = answer.json()
        assert tag["tag_color"] == colors[3] and tag["resource_count"] == 0
        other = await made(client, "two")
        listed = (await client.get(PATH)).json()["data"]
        assert listed[0] == tag and listed[1]["tag_color"]["id"] in colors
        assert (await client.post(PATH, json={"name": "one"})).status_code == 409
        assert codes(await client.post(PATH, json={"name": "", "color": {"id": 99}})) == [1402, 1401]
        path = f"{PATH}/{other}"
        assert codes(await client.patch(path, json={"name": "one", "color": {"id": 99}})) == [1405, 1401]
        assert (await client.patch(path, json={"name": "two", "color": {"id": 1}})).status_code == 204
        assert (await client.patch(path, json={"name": "three"})).status_code == 204
        changed = (await client.get(PATH)).json()["data"][1]
        assert (changed["name"], changed["tag_color"]) == ("three", colors[1])
        assert (await client.patch(f"{PATH}/99", json={})).status_code == 404
        assert (await client.delete(path)).status_code == 204
        assert (await client.delete(path)).status_code == 404
    async with session(sim, sim.second_application_token) as client:
        assert (await client.get(PATH)).json()["data"] == []
        assert (await client.delete(f"{PATH}/{tag['id']}")).status_code == 404


async def test_pages_come_in_an_envelope(sim, session):
    async with session(sim) as client:
        for number in range(5):
            await made(client, f"Tag {number}")
        page = (await client.get(PATH, params={"page": 2, "page_size": 2})).json()
        assert [tag["name"] for tag in page.pop("data")] == ["Tag 2", "Tag 3"]
        assert page == {"total": 5, "page": 2, "page_size": 2, "last_page": 3}
        beyond = (await client.get(PATH, params={"page": 9, "page_size": 2})).json()
        assert (beyond["page"], len(beyond["data"])) == (3, 1)
        found = (await client.get(PATH, params={"name": "tag 4"})).json()
        assert (found["total"], found["data"][0]["name"]) == (1, "Tag 4")
        for bad in ({"page": 0}, {"page_size": -1}, {"page": "x"}):
            assert (await client.get(PATH, params=bad)).status_code == 400


async def test_many_endpoints_at_once(sim, session):
    async with session(sim) as client:
        first, second = [each["id"] for each in (await client.get("/api/v1/endpoint?per_page=2")).json()]
        red, blue = await made(client, "red"), await made(client, "blue")
        body = items((first, [red, blue]), (second, [red]))
        answer = await client.post(f"{BULK}/endpoint/add-tags", json=body)
        assert (answer.status_code, answer.content) == (200, b"")
        assert await counts(client) == {"red": 2, "blue": 1}
        assert (await client.post(f"{BULK}/endpoint/add-tags", json=body)).status_code == 409
        wrong = items((9_999, [red, 77]), (second, [78]))
        for call in ("add-tags", "remove-tags"):
            assert codes(await client.post(f"{BULK}/endpoint/{call}", json=wrong)) == [1401] * 3
        assert await counts(client) == {"red": 2, "blue": 1}
        less = items((first, [red]), (second, [blue]))
        assert (await client.post(f"{BULK}/endpoint/remove-tags", json=less)).status_code == 200
        assert await counts(client) == {"red": 1, "blue": 1}
        gone = {"tags": [{"id": red}, {"id": 77}]}
        assert codes(await client.post(f"{BULK}/tag/delete-tags", json=gone)) == [1401]
        gone = {"tags": [{"id": red}, {"id": red}]}
        assert (await client.post(f"{BULK}/tag/delete-tags", json=gone)).status_code == 200
        assert await counts(client) == {"blue": 1}


async def test_a_deleted_endpoint_gives_its_tags_back(sim, session):
    async with session(sim) as client:
        free = (await client.get("/api/v1/endpoint?q=sim_status:null&per_page=1")).json()[0]["id"]
        tag = await made(client, "red")
        await client.post(f"{BULK}/endpoint/add-tags", json=items((free, [tag])))
        assert await counts(client) == {"red": 1}
        assert (await client.delete(f"/api/v1/endpoint/{free}")).status_code == 204
        assert await counts(client) == {"red": 0}
