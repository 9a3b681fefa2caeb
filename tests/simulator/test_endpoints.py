"""The life of an endpoint: made, changed, given and deprived of SIMs and addresses, deleted."""

from __future__ import annotations

from ipaddress import IPv4Network

import anyio
import pytest

from aioemnify.simulator import Clock, Settings

pytestmark = pytest.mark.anyio

PATH = "/api/v1/endpoint"
BULK = "/api/v2/endpoint/multi"


async def get(client, path):
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def new(client, **members):
    """Return the body of an acceptable creation."""
    service = (await get(client, "/api/v1/service_profile"))[0]["id"]
    tariff = (await get(client, "/api/v1/tariff_profile"))[0]["id"]
    return {
        "name": "probe",
        "status": {"id": 0},
        "service_profile": {"id": service},
        "tariff_profile": {"id": tariff},
    } | members


async def free_sims(client, status=0):
    return [item["id"] for item in await get(client, f"/api/v1/sim?q=endpoint:null,status:{status}")]


async def create(client, **members):
    answer = await client.post(PATH, json=await new(client, **members))
    assert answer.status_code == 201, answer.text
    return int(answer.headers["Location"].rpartition("/")[2])


async def kinds(client):
    return [event["event_type"]["id"] for event in await get(client, "/api/v1/event?per_page=1000")]


async def test_the_whole_life(sim, session):
    async with session(sim) as client:
        card = (await free_sims(client))[0]
        answer = await client.post(
            PATH, json=await new(client, sim={"id": card, "status": {"id": 1}}, tags="a, b")
        )
        assert (answer.status_code, answer.content) == (201, b"")
        location = answer.headers["Location"]
        assert location.startswith("https://not-started.invalid/api/v1/endpoint/")
        made = await get(client, location)
        assert (made["name"], made["tags"], made["status"]) == (
            "probe",
            "a, b",
            {"id": 0, "description": "Enabled"},
        )
        assert made["sim"]["id"] == card
        assert made["sim"]["status"] == {"id": 1, "description": "Activated"}
        assert made["ip_address_space"]["ip_address_space"] == "10.0.0.0/8"
        card_body = await get(client, f"/api/v1/sim/{card}")
        assert card_body["endpoint"]["id"] == made["id"]
        assert card_body["activation_date"].startswith("2025-01-15T12:00:00.000")
        assert await kinds(client) == [8, 51, 42]

        sim.clock.advance(minutes=1)
        assert (
            await client.patch(location, json={"name": "probe 2", "status": {"id": 1}})
        ).status_code == 204
        changed = await get(client, location)
        assert (changed["name"], changed["tags"], changed["status"]["id"]) == ("probe 2", "a, b", 1)
        assert changed["last_updated"] > made["last_updated"]
        assert changed["created"] == made["created"]
        assert await kinds(client) == [8, 51, 42, 43]

        refused = await client.delete(location)
        assert (refused.status_code, refused.json()["error_code"]) == (409, 1406)
        assert (await client.patch(location, json={"sim": {"id": None}})).status_code == 204
        assert "sim" not in await get(client, location)
        assert "endpoint" not in await get(client, f"/api/v1/sim/{card}")
        assert (await get(client, f"/api/v1/sim/{card}"))["status"]["id"] == 1
        assert (await kinds(client))[-1] == 50
        assert (await client.delete(location)).status_code == 204
        assert (await client.get(location)).status_code == 404
        assert made["id"] not in [item["id"] for item in await get(client, PATH)]
        assert await get(client, f"{PATH}?q=id:{made['id']}") == []
        history = await get(client, f"{location}/event")
        assert {event["endpoint"]["id"] for event in history} == {made["id"]}
        assert (await client.delete(location)).status_code == 404


async def test_every_mistake_at_once(sim, session):
    async with session(sim) as client:
        body = {"name": 5, "status": {}, "imei_lock": "yes", "sim": {"id": "x"}, "tags": ["a"]}
        answer = await client.post(PATH, json=body)
    problem = answer.json()
    assert answer.status_code == 422
    assert (problem["error_code"], problem["error_token"]) == (1400, "InputValidationFailed")
    assert problem["status_code"] == 422
    assert sorted((error["error_code"], error["message"]) for error in problem["errors"]) == [
        (1402, "Endpoint - service_profile is required"),
        (1402, "Endpoint - status.id is required"),
        (1402, "Endpoint - tariff_profile is required"),
        (1403, "Endpoint - imei_lock has invalid format: Expecting Boolean"),
        (1403, "Endpoint - name has invalid format: Expecting String"),
        (1403, "Endpoint - sim.id has invalid format: Expecting Integer"),
        (1403, "Endpoint - tags has invalid format: Expecting String"),
    ]


async def test_every_wrong_reference_at_once(sim, session):
    async with session(sim) as client:
        before = await get(client, PATH)
        body = {
            "status": {"id": 2},
            "service_profile": {"id": -1},
            "tariff_profile": {"id": None},
            "sim": {"id": 999_999},
            "imei": "12",
            "ip_address": "300.0.0.1",
            "organisation": {"id": sim.second_organisation_id},
        }
        answer = await client.post(PATH, json=body)
        errors = [error["error_code"] for error in answer.json()["errors"]]
        assert (answer.status_code, errors) == (422, [1401, 1401, 1404, 1401, 1402, 1403, 1403, 1401])
        assert await get(client, PATH) == before
        assert await kinds(client) == []


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"5", b"null", b'{"status": null}', b'{"status": 1.5}'])
async def test_bodies_of_another_shape(sim, session, body):
    async with session(sim) as client:
        json = {"Content-Type": "application/json"}
        answer = await client.patch(f"{PATH}/1", content=body, headers=json)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["error_code"] == 1403
    assert answer.json()["errors"][0]["message"].endswith("Expecting Object")


async def test_the_body_of_a_creation_and_a_relative_location(make_sim, session):
    sim = make_sim(limits=None, settings=Settings(endpoint_create_body=True, relative_location=True))
    async with session(sim) as client:
        answer = await client.post(PATH, json=await new(client))
        assert answer.headers["Location"] == f"{PATH}/{answer.json()['id']}"
        assert await get(client, answer.headers["Location"]) == answer.json()


@pytest.mark.parametrize(
    ("settings", "card_status", "member", "result", "events"),
    [
        ({}, 0, {}, 0, [51, 42]),
        ({}, 0, {"activate": False}, 0, [51, 42]),
        ({}, 0, {"activate": True}, 4, [45, 51, 42]),
        ({"factory_test": False}, 0, {"activate": True}, 1, [8, 51, 42]),
        ({}, 2, {"activate": True}, 1, [8, 51, 42]),
        ({}, 1, {"activate": True}, 1, [51, 42]),
        ({}, 0, {"status": {"id": 1}, "activate": False}, 1, [8, 51, 42]),
        ({}, 0, {"status": {"id": 4}}, 4, [45, 51, 42]),
        ({"activate_on_assign": True}, 0, {}, 1, [8, 51, 42]),
    ],
)
async def test_what_becomes_of_the_sim(make_sim, session, settings, card_status, member, result, events):
    async with session(make_sim(limits=None, settings=Settings(**settings))) as client:
        card = (await free_sims(client, card_status))[0]
        await create(client, sim={"id": card} | member)
        assert (await get(client, f"/api/v1/sim/{card}"))["status"]["id"] == result
        assert await kinds(client) == events


async def test_sims_that_cannot_be_had(sim, session):
    async with session(sim) as client:
        held = (await get(client, PATH))[0]["sim"]["id"]
        for path, body in ((PATH, await new(client, sim={"id": held})), (f"{PATH}/2", {"sim": {"id": held}})):
            answer = await client.request("POST" if path == PATH else "PATCH", path, json=body)
            assert (answer.status_code, answer.json()["error_code"]) == (409, 1405)
        for status, code in ((2, 1404), (77, 1404)):
            card = (await free_sims(client))[0]
            answer = await client.post(
                PATH, json=await new(client, sim={"id": card, "status": {"id": status}})
            )
            assert [error["error_code"] for error in answer.json()["errors"]] == [code]
        suspended = (await free_sims(client, 2))[0]
        answer = await client.post(PATH, json=await new(client, sim={"id": suspended, "status": {"id": 4}}))
        assert (answer.status_code, answer.json()["error_code"]) == (409, 1406)
        assert await kinds(client) == []


async def test_attaching_moving_and_exchanging(sim, session):
    async with session(sim) as client:
        first, second = (await free_sims(client, 1))[:2]
        endpoint = await create(client)
        path = f"{PATH}/{endpoint}"
        assert (await client.patch(path, json={"sim": {"id": first}})).status_code == 204
        assert (await client.patch(path, json={"sim": {"id": first, "status": {"id": 2}}})).status_code == 204
        assert (await get(client, path))["sim"]["status"]["id"] == 2
        assert (await client.patch(path, json={"sim": {"id": second}})).status_code == 204
        assert (await get(client, path))["sim"]["id"] == second
        assert "endpoint" not in await get(client, f"/api/v1/sim/{first}")
        assert await kinds(client) == [42, 51, 9, 50, 51]
        assert (await client.patch(path, json={"sim": {"id": None}})).status_code == 204
        assert (await client.patch(path, json={"sim": {"id": None}})).status_code == 204
        assert await kinds(client) == [42, 51, 9, 50, 51, 50]


async def test_factory_test_ends_when_the_device_is_switched(sim, session):
    async with session(sim) as client:
        card = (await free_sims(client))[0]
        endpoint = await create(client, sim={"id": card, "activate": True})
        await client.patch(f"{PATH}/{endpoint}", json={"status": {"id": 1}})
        assert (await get(client, f"/api/v1/sim/{card}"))["status"]["id"] == 1
        event = (await get(client, "/api/v1/event?q=type:8"))[0]
        assert event["detail"]["transition"]["sim"]["status"]["from"]["id"] == 4


async def test_addresses(sim, session):
    space = sim.add_address_space(IPv4Network("192.168.7.0/29"))
    where = {"ip_address_space": {"id": space}}
    async with session(sim) as client:
        one = await create(client, **where, ip_address="192.168.7.3")
        assert (await get(client, f"{PATH}/{one}"))["ip_address"] == "192.168.7.3"
        taken = await client.post(PATH, json=await new(client, **where, ip_address="192.168.7.3"))
        assert (taken.status_code, taken.json()["error_code"]) == (409, 1405)
        outside = await client.post(PATH, json=await new(client, **where, ip_address="192.168.8.3"))
        assert outside.json()["errors"][0]["message"] == "Endpoint - ip_address out of range"
        homeless = await client.post(PATH, json=await new(client, ip_address="192.168.7.4"))
        assert homeless.json()["errors"][0]["error_code"] == 1402
        rest = [await create(client, **where) for _ in range(5)]
        full = await client.post(PATH, json=await new(client, **where))
        assert full.status_code == 404
        assert (full.json()["error_code"], full.json()["error_token"]) == (1601, "Unavailable")
        addresses = {(await get(client, f"{PATH}/{number}"))["ip_address"] for number in [one, *rest]}
        assert addresses == {f"192.168.7.{host}" for host in range(1, 7)}
        # What is given back can be had again.
        await client.delete(f"{PATH}/{rest[2]}")
        assert (await client.patch(f"{PATH}/{one}", json={"name": "still there"})).status_code == 204
        again = await create(client, **where)
        assert again not in rest
        # Moving to another space frees the old address and takes one there.
        assert (await client.patch(f"{PATH}/{one}", json={"ip_address_space": {"id": 1}})).status_code == 204
        assert (await get(client, f"{PATH}/{one}"))["ip_address"].startswith("10.")
        assert (await client.patch(f"{PATH}/{again}", json={"ip_address": "192.168.7.3"})).status_code == 204


async def test_a_refused_creation_takes_no_address(sim, session):
    space = sim.add_address_space(IPv4Network("192.168.7.0/30"))
    async with session(sim) as client:
        where = {"ip_address_space": {"id": space}}
        for _ in range(5):
            body = await new(client, **where, sim={"id": 999_999})
            assert (await client.post(PATH, json=body)).status_code == 422
        await create(client, **where)
        await create(client, **where)


async def test_the_fleets_own_addresses_are_taken_and_freed(sim, session):
    async with session(sim) as client:
        spare = next(item for item in await get(client, PATH) if "sim" not in item)
        where = {"ip_address_space": spare["ip_address_space"], "ip_address": spare["ip_address"]}
        assert (await client.post(PATH, json=await new(client, **where))).status_code == 409
        assert (await client.delete(f"{PATH}/{spare['id']}")).status_code == 204
        await create(client, **where)


async def test_updates_that_are_refused(sim, session):
    async with session(sim) as client:
        unknown = await client.patch(f"{PATH}/-1", json={"name": "x"})
        assert (unknown.status_code, unknown.json()["error_code"]) == (404, 1401)
        wrong = await client.patch(f"{PATH}/1", json={"service_profile": {"id": -1}, "name": "x"})
        assert (wrong.status_code, wrong.json()["errors"][0]["error_code"]) == (422, 1401)
        assert "status_code" not in wrong.json()
        assert (await get(client, f"{PATH}/1"))["name"] != "x"


async def test_many_at_once(sim, session):
    async with session(sim) as client:
        cards = (await free_sims(client))[:2]
        body = await new(client)
        del body["name"]
        items = [
            {"name": "a", "sim": {"id": cards[0], "status": {"id": 1}}},
            {"name": "b", "sim": {"id": cards[1]}},
        ]
        answer = await client.post(BULK, json=body | {"endpoints": items})
        assert answer.status_code == 201
        made = answer.json()
        assert [item["name"] for item in made] == ["a", "b"]
        assert len({item["ip_address"] for item in made}) == 2
        ids = [{"id": item["id"]} for item in made]

        changes = [ids[0] | {"name": "c"}, ids[1] | {"sim": {"id": None}}]
        assert (await client.patch(BULK, json=changes)).status_code == 204
        assert (await get(client, f"{PATH}/{ids[0]['id']}"))["name"] == "c"
        assert "sim" not in await get(client, f"{PATH}/{ids[1]['id']}")

        assert (await client.request("DELETE", BULK, json=ids)).status_code == 204
        assert {(await client.get(f"{PATH}/{item['id']}")).status_code for item in ids} == {404}
        card = await get(client, f"/api/v1/sim/{cards[0]}")
        assert card["status"]["id"] == 2
        assert "endpoint" not in card
        assert (await kinds(client))[-2:] == [50, 9]


@pytest.mark.parametrize(
    "undocumented", [{"status": "x"}, {"status": 2}, {"organisation": None}, {"service_profile": {"id": []}}]
)
async def test_members_that_an_item_of_many_does_not_have_are_ignored(sim, session, undocumented):
    async with session(sim) as client:
        answer = await client.post(BULK, json=await new(client) | {"endpoints": [undocumented]})
        assert answer.status_code == 201, answer.text
        (made,) = answer.json()
        assert made["status"]["id"] == 0


async def test_deleting_many_with_their_sims(sim, session):
    async with session(sim) as client:
        victim = (await get(client, PATH))[0]
        path = f"/api/v1/sim/{victim['sim']['id']}"
        listed = len(await get(client, "/api/v1/sim"))
        answer = await client.request("DELETE", f"{BULK}?delete_sims=true", json=[{"id": victim["id"]}])
        assert answer.status_code == 204
        assert (await client.get(path)).status_code == 404
        assert len(await get(client, "/api/v1/sim")) == listed - 1
        assert await get(client, "/api/v1/sim?q=status:3") == []
        assert (await kinds(client))[-2:] == [50, 10]


async def test_many_succeed_or_none(sim, session):
    async with session(sim) as client:
        before = await get(client, PATH), await get(client, "/api/v1/sim")
        card = (await free_sims(client))[0]
        body = await new(client)
        twice = body | {"endpoints": [{"sim": {"id": card}}, {"sim": {"id": card}}]}
        assert (await client.post(BULK, json=twice)).status_code == 409
        wrong = body | {"endpoints": [{"sim": {"id": card}}, {"imei": "x"}, {"ip_address": "10.9.9.9"}]}
        answer = await client.post(BULK, json=wrong)
        assert [error["message"] for error in answer.json()["errors"]] == [
            "Endpoint - endpoints.1.imei has invalid format: Expecting 14 to 16 digits",
            "Endpoint - endpoints.2.ip_address_space is required",
        ]
        first = before[0][0]["id"]
        assert (await client.patch(BULK, json=[{"id": first, "name": "x"}, {"id": -5}])).status_code == 404
        assert (await client.patch(BULK, json=[{"id": first}, {"id": first}])).status_code == 400
        assert (await client.request("DELETE", BULK, json=[{"id": first}, {"id": -5}])).status_code == 404
        assert (
            await client.request("DELETE", f"{BULK}?delete_sims=2", json=[{"id": first}])
        ).status_code == 400
        for size in (0, 2001):
            answer = await client.post(BULK, json=body | {"endpoints": [{}] * size})
            assert answer.json()["errors"][0]["error_code"] == 1404
        assert (await get(client, PATH), await get(client, "/api/v1/sim")) == before


async def test_profiles_count_their_endpoints(sim, session):
    async with session(sim) as client:
        profile = (await get(client, "/api/v1/service_profile"))[0]
        using = [item for item in await get(client, PATH) if item["service_profile"]["id"] == profile["id"]]
        assert int(profile["used_count"]) == len(using)
        endpoint = await create(client)
        other = (await get(client, "/api/v1/service_profile"))[1]["id"]
        counts = []
        for step in ({"name": "x"}, {"service_profile": {"id": other}}):
            await client.patch(f"{PATH}/{endpoint}", json=step)
            counts.append(int((await get(client, "/api/v1/service_profile"))[0]["used_count"]))
        assert counts == [len(using) + 1, len(using)]


class GatedClock(Clock):
    """A clock on which sleepers wait until the test opens a gate."""

    gate: anyio.Event | None = None

    async def sleep(self, seconds: float) -> None:
        if self.gate is not None:
            await self.gate.wait()


@pytest.mark.parametrize(("setting", "expected"), [("count", [201, 201]), ("conflict", [201, 409])])
async def test_calls_of_one_lane_that_overlap_are_seen(make_sim, session, setting, expected):
    clock = GatedClock()
    sim = make_sim(limits=None, clock=clock, delay=(0.1, 0.2), settings=Settings(serial_lane=setting))
    async with session(sim) as client:
        body = await new(client)
        assert (await client.post(PATH, json=body)).status_code == 201
        assert sim.lane_overlaps == 0
        clock.gate = anyio.Event()
        statuses = []

        async def post():
            statuses.append((await client.post(PATH, json=body)).status_code)

        async with anyio.create_task_group() as group:
            group.start_soon(post)
            group.start_soon(post)
            await anyio.wait_all_tasks_blocked()
            clock.gate.set()
        assert sorted(statuses) == expected
        assert (await client.post(PATH, json=body)).status_code == 201
    assert sim.lane_overlaps == 1


async def test_an_endpoint_tells_where_its_device_is_and_its_tags(sim, session):
    async with session(sim) as client:
        listed = {item["id"]: item for item in await get(client, f"{PATH}?per_page=1000")}
        words = {
            identity: (await get(client, f"{PATH}/{identity}/connectivity"))["status"]["description"]
            for identity in listed
        }
        assert {"ONLINE", "OFFLINE"} <= set(words.values())
        for identity, item in listed.items():
            assert ("runtime_data" in item) == (words[identity] != "OFFLINE")
            one = await get(client, f"{PATH}/{identity}")
            assert one.get("runtime_data") == item.get("runtime_data")
            assert one["tariff_profile"] == item["tariff_profile"] | {"satellite_capable": False}
            if "sim" in item:
                assert item["sim"]["sim_profile_type_id"] == 1
                card = await get(client, f"/api/v1/sim/{item['sim']['id']}")
                assert item["sim"].get("eid") == card.get("eid")
        online = next(identity for identity, word in words.items() if word == "ONLINE")
        location = (await get(client, f"{PATH}/{online}/connectivity"))["location"]
        assert listed[online]["runtime_data"] == {
            "msc": location["msc"],
            "sgsn": location["sgsn_number"],
            "sgsn_ip_address": location["sgsn_ip_address"],
        }
        assert await client.patch(f"{PATH}/{online}", json={"status": {"id": 1}})
        assert "runtime_data" not in await get(client, f"{PATH}/{online}")

        assert not any("tag_assignments" in item for item in listed.values())
        tag = (await client.post("/api/v2/tags", json={"name": "north"})).json()
        assert (
            await client.post(f"/api/v2/endpoint/{online}/tags", json={"id": tag["id"]})
        ).status_code == 201
        shown = [tag | {"resource_count": 1}]
        assert (await get(client, f"{PATH}/{online}"))["tag_assignments"] == shown
        again = await get(client, f"{PATH}?per_page=1000")
        assert [item["id"] for item in again if item.get("tag_assignments") == shown] == [online]


async def test_the_types_of_empty_answers(sim, session):
    """As recorded; a client that looks at the type first meets no JSON here."""
    async with session(sim) as client:
        made = await client.post(PATH, json=await new(client))
        assert (made.status_code, made.content) == (201, b"")
        assert made.headers["Content-Type"] == "application/json"
        held = (await get(client, f"{PATH}?q=status:0,sim_status:1&per_page=1"))[0]
        sent = await client.post(
            f"{PATH}/{held['id']}/sms", json={"payload": "text", "source_address": 12345}
        )
        assert (sent.status_code, sent.content) == (201, b"")
        assert sent.headers["Content-Type"] == "text/html; charset=UTF-8"
        assert sent.headers["Location"].startswith(f"{sim.url}{PATH}/{held['id']}/sms/")
        message = await get(client, sent.headers["Location"].removeprefix(sim.url))
        assert message["source_address"] == "12345"
        reset = await client.patch(f"{PATH}/{held['id']}/connectivity", json={"pdp_context": None})
        assert (reset.status_code, reset.headers["Content-Type"]) == (204, "text/html; charset=UTF-8")


@pytest.mark.parametrize("setting", [204, 404])
async def test_a_reset_without_a_session(make_sim, session, setting):
    sim = make_sim(limits=None, settings=Settings(reset_offline_status=setting))
    async with session(sim) as client:
        idle = (await get(client, f"{PATH}?q=status:1&per_page=1"))[0]["id"]
        busy = (await get(client, f"{PATH}?q=status:0,sim_status:1&per_page=1"))[0]["id"]
        for identity, body, status in (
            (idle, {"pdp_context": None}, setting),
            (idle, {"location": None}, 204),
            (busy, {"pdp_context": None}, 204),
        ):
            answer = await client.patch(f"{PATH}/{identity}/connectivity", json=body)
            assert answer.status_code == status
        assert (await client.delete(f"{PATH}/{idle}/connectivity")).status_code == 405


@pytest.mark.parametrize("accepted", [True, False])
async def test_bodies_of_programs_in_production(make_sim, session, accepted):
    sim = make_sim(limits=None, settings=Settings(undocumented_bodies=accepted))
    async with session(sim) as client:
        first, second = [await get(client, f"/api/v1/sim/{card}") for card in (await free_sims(client))[:2]]
        new_sims = (
            {"iccid": first["iccid"]},
            {"iccid_with_luhn": second["iccid_with_luhn"], "activate": True},
        )
        for card, wanted in zip(new_sims, (first, second), strict=False):
            answer = await client.post(PATH, json=await new(client, sim=card))
            assert answer.status_code == (201 if accepted else 422)
            if accepted:
                made = await get(client, answer.headers["Location"].removeprefix(sim.url))
                assert made["sim"]["id"] == wanted["id"]
            else:
                assert [one["message"] for one in answer.json()["errors"]] == [
                    "Endpoint - sim.id is required"
                ]
        for unknown in ({"iccid": first["iccid"] + "0"}, {"iccid": ""}, {"iccid": 5}, {}):
            answer = await client.post(PATH, json=await new(client, sim=unknown))
            assert (answer.status_code, answer.json()["status_code"]) == (422, 422)

        held = (await get(client, f"{PATH}?q=status:0,sim_status:1&per_page=1"))[0]
        path = f"{PATH}/{held['id']}"
        for body, member in (({"status": 1}, "status"), ({"sim": None}, "sim")):
            before = (await get(client, path)).get(member)
            answer = await client.patch(path, json=body)
            assert answer.status_code == (204 if accepted else 422)
            after = (await get(client, path)).get(member)
            assert (after == before) is not accepted
        assert (await client.patch(path, json={"status": True})).status_code == 422
        assert (await client.patch(path, json={"status": 7})).status_code == 422


async def test_the_recorded_words_of_a_refused_change(sim, session):
    async with session(sim) as client:
        answer = await client.patch(f"{PATH}/1", json={"service_profile": {"id": -1}})
        assert answer.status_code == 422
        assert answer.json() == {
            "error_code": 1400,
            "error_token": "InputValidationFailed",
            "message": "Update endpoint validation error",
            "errors": [
                {
                    "error_code": 1401,
                    "error_token": "InvalidReference",
                    "message": "Service profile with Id '-1' not found.",
                }
            ],
        }
