"""Event lists: stricter than the other lists, filtered by many fields."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio

PATH = "/api/v1/event"


async def suspend_and_activate(sim, client, times=3):
    card = (await client.get("/api/v1/sim?q=status:1,endpoint:null")).json()[0]
    for index in range(times):
        sim.clock.advance(minutes=10)
        await client.patch(f"/api/v1/sim/{card['id']}", json={"status": {"id": 1 if index % 2 else 2}})
    return card


async def test_what_an_event_tells(sim, session):
    async with session(sim) as client:
        card = await suspend_and_activate(sim, client, 1)
        (event,) = (await client.get(PATH)).json()
    assert event["event_type"] == {"id": 9, "description": "SIM suspension"}
    assert event["event_source"] == {"id": 2, "description": "API"}
    assert event["event_severity"] == {"id": 0, "description": "Info"}
    assert event["timestamp"] == "2025-01-15T12:10:00.000Z"
    assert event["alert"] is False
    assert event["organisation"] == {"id": sim.organisation_id, "name": "Simulated Fleet"}
    assert (event["sim"]["id"], event["sim"]["iccid"]) == (card["id"], card["iccid"])
    assert event["imsi"]["imsi"] == card["imsi"]
    assert len(str(event["id"])) == 15
    assert "user" not in event


async def test_headers_are_lower_case(sim, session):
    async with session(sim) as client:
        await suspend_and_activate(sim, client)
        answer = await client.get(PATH, params={"per_page": 2, "page": 9})
        default = await client.get(PATH)
    names = [name for name, _ in answer.headers.raw]
    assert {b"link", b"x-total-count", b"x-total-pages", b"x-current-page", b"x-count-per-page"} <= set(names)
    assert answer.headers["link"] == ""
    assert (answer.headers["x-current-page"], answer.headers["x-total-pages"]) == ("2", "2")
    assert default.headers["x-count-per-page"] == "100"


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"page": 0}, 400, 1000),
        ({"page": "x"}, 400, 1000),
        ({"per_page": -1}, 400, 1000),
        ({"sort": "colour"}, 400, 1302),
        ({"q": "colour:red"}, 422, 1301),
        ({"q": "type:activation"}, 422, 1301),
        ({"q": "type:1|2|3|4|5|6|7"}, 422, 1301),
        ({"q": "source:1|2"}, 422, 1301),
        ({"q": "from:2025-01-15T12:00:00Z"}, 422, 1301),
        ({"q": "from:yesterday,until:2025-01-15T12:00:00Z"}, 422, 1301),
        ({"q": "timestamp:soon"}, 422, 1301),
    ],
)
@pytest.mark.parametrize("path", [PATH, "/api/v1/sim/1/event", "/api/v1/endpoint/1/event"])
async def test_bad_queries(sim, session, path, params, status, code):
    async with session(sim) as client:
        answer = await client.get(path, params=params)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("type:9", 2),
        ("type:8|9", 3),
        ("type:1", 0),
        ("source:2,severity:0", 3),
        ("alert:false", 3),
        ("alert:true", 0),
        ("user:null,endpoint:null", 3),
        ("description:Suspended", 3),
        ("description:to 'Suspended'", 2),
        ("from:2025-01-15T12:10:00Z,until:2025-01-15T12:20:00Z", 2),
        ("from:2025-01-15T12:10:01Z,until:2025-01-15T12:19:59Z", 0),
        ("timestamp:2025-01-15", 3),
        ("timestamp:2025-01-16", 0),
        ("organisation:1001", 3),
        ("imei:null,tags:null,ip_address:null", 3),
        ("network:1", 0),
        ("rat:1|2", 0),
        ("country:74", 0),
    ],
)
async def test_filters(sim, session, q, found):
    async with session(sim) as client:
        await suspend_and_activate(sim, client)
        answer = await client.get(PATH, params={"q": q})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()) == found
    assert answer.headers["x-filter"] == q


async def test_filters_by_card(sim, session):
    async with session(sim) as client:
        card = await suspend_and_activate(sim, client)
        for field in ("iccid", "iccid_with_luhn", "imsi"):
            assert len((await client.get(PATH, params={"q": f"{field}:{card[field]}"})).json()) == 3
            assert (await client.get(PATH, params={"q": f"{field}:1"})).json() == []
        either = await client.get(PATH, params={"q": f"iccid:1|{card['iccid']}"})
        assert len(either.json()) == 3
        assert len((await client.get(f"/api/v1/sim/{card['id']}/event")).json()) == 3
        assert (await client.get("/api/v1/sim/99999/event")).json() == []
        assert (await client.get("/api/v1/endpoint/99999/event")).json() == []


async def test_sorting_and_age(sim, session):
    async with session(sim) as client:
        await suspend_and_activate(sim, client)
        ids = [event["id"] for event in (await client.get(PATH)).json()]
        for sort in ("-id", "-timestamp"):
            assert [event["id"] for event in (await client.get(PATH, params={"sort": sort})).json()] == ids[
                ::-1
            ]
        by_type = (await client.get(PATH, params={"sort": "type,-id"})).json()
        assert [event["id"] for event in by_type] == [ids[1], ids[2], ids[0]]
    sim.clock.advance(days=30)
    async with session(sim) as client:
        assert (await client.get(PATH)).json() == []
