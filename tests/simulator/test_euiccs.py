"""eUICCs: the chips, their profiles, and operations that the clock moves on."""

from __future__ import annotations

import uuid

import pytest

from aioemnify.simulator import Settings
from tests.simulator.fleet_calls import get, status_of

pytestmark = pytest.mark.anyio

PATH = "/api/v1/euicc"
AUDIT, DOWNLOAD, ENABLE, DISABLE, SET_FALLBACK, UNSET_FALLBACK, DELETE = range(1, 8)


@pytest.fixture
def sim(make_sim):
    """Return a simulator whose operations take ten seconds, and whose tokens outlive every test."""
    return make_sim(limits=None, sims=200, settings=Settings(operation_seconds=10, token_minutes=1e6))


async def working_chip(client):
    """Return an IoT eUICC whose device can be reached."""
    for chip in await get(client, f"{PATH}?q=supported_profile_type:5"):
        place = chip["profile"][0].get("endpoint")
        if place is not None:
            word = (await get(client, f"/api/v1/endpoint/{place['id']}/connectivity"))["status"][
                "description"
            ]
            if word == "ONLINE":
                return chip
    raise AssertionError("no such chip")


async def submit_chip_operation(client, chip, *items):
    answer = await client.post(f"{PATH}/{chip['id']}/operation", json=list(items))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def states(client, chip):
    operations = await get(client, f"{PATH}/{chip['id']}/operation")
    return [operation["status"]["description"] for operation in operations]


async def test_the_list(sim, session):
    async with session(sim) as client:
        answer = await client.get(PATH)
        chips = answer.json()
        assert (len(chips), answer.headers["X-Total-Count"]) == (20, "20")
        assert len({chip["eid"] for chip in chips}) == 20
        for chip in chips:
            assert len(chip["eid"]) == 32 and int(chip["eid"]) % 97 == 1
            card = (await get(client, f"/api/v1/sim?q=eid:{chip['eid']}"))[0]
            assert chip["profile"][0]["iccid_with_luhn"] == card["iccid_with_luhn"]
            assert await get(client, f"{PATH}/{chip['id']}") == chip
        assert await get(client, f"{PATH}?sort=-eid") == chips[::-1]
        assert await get(client, f"{PATH}?q=eid:{chips[3]['eid']}") == [chips[3]]
        assert await get(client, f"{PATH}?q=id:{chips[3]['id']},status:1,eim:1") == [chips[3]]
        assert await get(client, f"{PATH}?q=status:2") == []
        consumers = await get(client, f"{PATH}?q=supported_profile_type:6")
        assert [chip["supported_profile_type"]["id"] for chip in consumers] == [6] * 5
        by_kind = await get(client, f"{PATH}?sort=-supported_profile_type,modified")
        assert sorted(chip["id"] for chip in by_kind[:5]) == [chip["id"] for chip in consumers]
        page = await client.get(f"{PATH}?per_page=7&page=9")
        assert (len(page.json()), page.headers["X-Current-Page"]) == (6, "3")
        assert await status_of(client, "GET", f"{PATH}?q=colour:1") == 422
        missing = await client.get(f"{PATH}/1")
        assert missing.json() == {"message": "eUICC with id 1 not found", "status_code": 404}
        for path in (f"{PATH}/{consumers[0]['id']}/operation", f"{PATH}/x"):
            assert await status_of(client, "GET", path) == 404


async def test_lookups(sim, session):
    async with session(sim) as client:
        actions = await get(client, f"{PATH}/operation/action")
        assert [action["description"] for action in actions][:2] == ["audit", "download_profile"]
        assert (await get(client, f"{PATH}/operation/status"))[0] == {"id": 1, "description": "Scheduled"}
        assert (await get(client, f"{PATH}/profile/status"))[0] == {"id": 1, "description": "Available"}
        assert await get(client, f"{PATH}/status") == [{"id": 1, "description": "Active"}]


async def test_operations_are_done_one_after_the_other(sim, session):
    async with session(sim) as client:
        chip = await working_chip(client)
        answer = await client.post(
            f"{PATH}/{chip['id']}/operation",
            json=[
                {"action": {"id": AUDIT}},
                {"action": {"id": DOWNLOAD}, "activation_code": "LPA:1$x$y", "enable": True},
                {"action": {"id": DELETE}, "iccid_with_luhn": "89001010079999999999"},
            ],
        )
        made = answer.json()
        assert [uuid.UUID(operation["id"]).version for operation in made] == [4, 4, 4]
        assert answer.headers["Link"].count('rel="item"') == 3
        assert made[0]["creation_date"] == "2025-01-15T12:00:00.000Z"
        assert made[0]["expiry_date"] == "2025-01-16T12:00:00.000Z"
        seen = [await states(client, chip)]
        for _ in range(6):
            sim.clock.advance(5)
            seen.append(await states(client, chip))
        assert seen == [
            ["Scheduled"] * 3,
            ["In Progress", "Scheduled", "Scheduled"],
            ["Succeeded", "Scheduled", "Scheduled"],
            ["Succeeded", "In Progress", "Scheduled"],
            ["Succeeded", "Succeeded", "Scheduled"],
            ["Succeeded", "Succeeded", "In Progress"],
            ["Succeeded", "Succeeded", "Failed"],
        ]
        last = await get(client, f"{PATH}/{chip['id']}/operation/{made[2]['id']}")
        assert last["error"] == {"reason": 1, "message": "The eUICC has no such profile"}
        assert last["finalization_date"] == "2025-01-15T12:00:30.000Z"
        now = await get(client, f"{PATH}/{chip['id']}")
        assert now["last_audited"] == "2025-01-15T12:00:10.000Z"
        assert [profile["status"]["description"] for profile in now["profile"]] == ["Disabled", "Enabled"]
        assert "endpoint" not in now["profile"][0] and "endpoint" in now["profile"][1]


async def test_what_profiles_go_through(sim, session):
    async with session(sim) as client:
        chip = await working_chip(client)
        first, second = chip["profile"][0]["iccid_with_luhn"], "89001010071234567890"
        steps = [
            (DELETE, first, "Failed"),
            (DOWNLOAD, second, "Succeeded"),
            (DOWNLOAD, second, "Failed"),
            (DISABLE, second, "Failed"),
            (ENABLE, second, "Succeeded"),
            (UNSET_FALLBACK, second, "Failed"),
            (SET_FALLBACK, second, "Succeeded"),
            (DELETE, first, "Succeeded"),
            (UNSET_FALLBACK, second, "Succeeded"),
            (DISABLE, second, "Succeeded"),
        ]
        for action, iccid, _ in steps:
            await submit_chip_operation(
                client, chip, {"action": {"id": action}, "iccid_with_luhn": iccid, "activation_code": "x"}
            )
        sim.clock.advance(200)
        assert await states(client, chip) == [expected for _, _, expected in steps]
        profiles = (await get(client, f"{PATH}/{chip['id']}"))["profile"]
        assert [(p["iccid_with_luhn"], p["status"]["id"], p["fallback_attribute"]) for p in profiles] == [
            (second, 3, False)
        ]
        listed = f"{PATH}/{chip['id']}/operation"
        assert len(await get(client, f"{listed}?q=status:4,action:7")) == 1
        assert len(await get(client, f"{listed}?q=iccid_with_luhn:{first}")) == 2
        newest = await get(client, f"{listed}?sort=-finalization_date&per_page=1")
        assert newest[0]["action"]["id"] == DISABLE


async def test_one_that_cannot_be_reached_waits_expires_or_is_canceled(sim, session):
    async with session(sim) as client:
        chip = await working_chip(client)
        place = f"/api/v1/endpoint/{chip['profile'][0]['endpoint']['id']}"
        await client.patch(place, json={"status": {"id": 1}})
        one, two, three = await submit_chip_operation(
            client,
            chip,
            {"action": {"id": AUDIT}, "validity_period": 100},
            {"action": {"id": AUDIT}},
            {"action": {"id": AUDIT}},
        )
        sim.clock.advance(99)
        assert await states(client, chip) == ["Scheduled"] * 3
        sim.clock.advance(1)
        assert await states(client, chip) == ["Expired", "Scheduled", "Scheduled"]
        path = f"{PATH}/{chip['id']}/operation"
        assert await status_of(client, "DELETE", f"{path}/{two['id']}") == 204
        assert await status_of(client, "DELETE", f"{path}/{two['id']}") == 409
        await client.patch(place, json={"status": {"id": 0}})
        sim.clock.advance(100)
        assert await states(client, chip) == ["Expired", "Canceled", "Succeeded"]
        assert await status_of(client, "DELETE", f"{path}/{one['id']}") == 409
        assert await status_of(client, "GET", f"{path}/{uuid.uuid4()}") == 404
        assert (await get(client, f"{path}/{three['id']}"))["status"]["id"] == 3


async def test_what_cannot_be_scheduled(sim, session):
    async with session(sim) as client:
        chip = await working_chip(client)
        path = f"{PATH}/{chip['id']}/operation"
        wrong = [
            {"action": {"id": 99}},
            {"action": {"id": ENABLE}, "validity_period": 86_401},
            {"action": {"id": DOWNLOAD}, "iccid_with_luhn": "12"},
        ]
        answer = await client.post(path, json=wrong)
        assert (answer.status_code, answer.json()) == (
            400,
            {
                "status_code": 400,
                "message": "0: unknown action 99; 1: validity_period is from 1 to 86400; "
                "1: iccid_with_luhn is required; 2: iccid_with_luhn has 20 digits; "
                "2: activation_code is required",
            },
        )
        assert await status_of(client, "POST", path, []) == 400
        assert await get(client, path) == []


async def test_chips_without_a_profile_are_linked_to_a_product(sim, session):
    async with session(sim) as client:
        chip = await working_chip(client)
        validation = f"{PATH}/unlinked_validation"
        body = {"target": [{"eid": chip["eid"]}]}
        assert (await client.post(validation, json=body)).json() == [{"eid": chip["eid"]}]
        iccid = chip["profile"][0]["iccid_with_luhn"]
        for action in (UNSET_FALLBACK, DISABLE, DELETE):
            await submit_chip_operation(client, chip, {"action": {"id": action}, "iccid_with_luhn": iccid})
        sim.clock.advance(60)
        assert (await client.post(validation, json=body)).json() == []
        assert await status_of(client, "POST", validation, {"target": [{"eid": "1" * 32}]}) == 404
        before = await get(client, "/api/v1/sim/unlinked_product_stats")
        operation = {"action": {"id": 3}, "product": {"id": 1}, "target": [{"eid": chip["eid"]}]}
        assert await status_of(client, "POST", "/api/v1/sim/operation", operation) == 201
        sim.clock.advance(20)
        assert (await client.post(validation, json=body)).json() == [{"eid": chip["eid"]}]
        after = await get(client, "/api/v1/sim/unlinked_product_stats")
        assert [item["quantity"] - left["quantity"] for item, left in zip(before, after, strict=True)] == [
            1,
            0,
        ]
