"""SIM statuses, batches and what a customer may change."""

from __future__ import annotations

import pytest

from aioemnify.simulator import Settings

pytestmark = pytest.mark.anyio

ISSUED, ACTIVATED, SUSPENDED, DELETED, FACTORY_TEST = range(5)


async def one(client, status):
    return (await client.get("/api/v1/sim", params={"q": f"status:{status}", "per_page": 1})).json()[0]


@pytest.mark.parametrize("here", [ISSUED, ACTIVATED, SUSPENDED, FACTORY_TEST])
@pytest.mark.parametrize("there", range(5))
async def test_every_way_between_two_statuses(sim, session, here, there):
    event = {ACTIVATED: 8, SUSPENDED: 9, FACTORY_TEST: 45}
    allowed = {
        (ISSUED, ACTIVATED),
        (ISSUED, FACTORY_TEST),
        (FACTORY_TEST, ACTIVATED),
        (ACTIVATED, SUSPENDED),
        (SUSPENDED, ACTIVATED),
    }
    async with session(sim) as client:
        path = f"/api/v1/sim/{(await one(client, here))['id']}"
        answer = await client.patch(path, json={"status": {"id": there, "description": "whatever"}})
        after = (await client.get(path)).json()["status"]["id"]
        kinds = [item["event_type"]["id"] for item in (await client.get(f"{path}/event")).json()]
    if here == there:
        assert (answer.status_code, after, kinds) == (204, here, [])
    elif (here, there) in allowed:
        assert (answer.status_code, after, kinds) == (204, there, [event[there]])
    else:
        assert (answer.status_code, after, kinds) == (409, here, [])
        assert answer.json()["error_token"] == "NotAllowed"


async def test_factory_test_needs_a_plan_with_it(make_sim, session):
    async with session(make_sim(limits=None, settings=Settings(factory_test=False))) as client:
        answer = await client.patch(
            f"/api/v1/sim/{(await one(client, ISSUED))['id']}", json={"status": {"id": FACTORY_TEST}}
        )
    assert answer.status_code == 409


async def test_the_first_activation_is_dated_once(sim, session):
    async with session(sim) as client:
        before = await one(client, ISSUED)
        path = f"/api/v1/sim/{before['id']}"
        assert "activation_date" not in before
        for status in (ACTIVATED, SUSPENDED, ACTIVATED):
            sim.clock.advance(minutes=1)
            await client.patch(path, json={"status": {"id": status}})
        assert (await client.get(path)).json()["activation_date"] == "2025-01-15T12:01:00.000+0000"


async def test_what_a_customer_may_not_change(sim, session):
    async with session(sim) as client:
        answer = await client.patch("/api/v1/sim/1", json={"customer_org": {"id": 5}})
        assert (answer.status_code, answer.json()["error_code"]) == (403, 1104)
        answer = await client.patch("/api/v1/sim/1", json={"status": {"id": 9}})
        assert (answer.status_code, answer.json()["errors"][0]["error_code"]) == (422, 1401)
        answer = await client.patch("/api/v1/sim/999", json={"status": {"id": 1}})
        assert (answer.status_code, answer.json()["message"]) == (404, "Sim with id 999 not found")
        assert (await client.patch("/api/v1/sim/1", json={})).status_code == 204


@pytest.mark.parametrize(
    ("body", "status", "kinds"),
    [
        ({"sim_status": {"id": 0}, "colour": "red"}, ISSUED, [48]),
        ({"sim_status": {"id": 1}}, ACTIVATED, [48, 8, 8, 8]),
        # The vendor's SDK sends a status at the top level, and says that the SIMs are Issued.
        ({}, ISSUED, [48]),
        ({"id": 1, "description": "Activated"}, ISSUED, [48]),
    ],
)
async def test_a_batch(make_sim, session, body, status, kinds):
    sim = make_sim(batch=3, limits=None)
    path = f"/api/v1/sim_batch/bic/{sim.bic}"
    assert len(sim.bic) == 16
    assert sim.bic.isdecimal()
    async with session(sim) as client:
        assert len((await client.get("/api/v1/sim")).json()) == 50
        looked_at = await client.get(path)
        assert looked_at.status_code == 200
        assert (looked_at.json()["bic"], looked_at.json()["quantity"]) == (sim.bic, 3)
        answer = await client.patch(path, json=body)
        assert answer.status_code == 200
        cards = answer.json()["sim"]
        assert [set(card) for card in cards] == [{"id", "iccid"}] * 3
        listed = (await client.get("/api/v1/sim")).json()
        assert [{"id": item["id"], "iccid": item["iccid"]} for item in listed[50:]] == cards
        assert {item["status"]["id"] for item in listed[50:]} == {status}
        assert (await client.get("/api/v1/sim", params={"q": f"iccid:{cards[1]['iccid']}"})).json() == [
            listed[51]
        ]
        found = (await client.get("/api/v1/sim", params={"q": f"status:{status}", "sort": "-id"})).json()
        assert [item["id"] for item in found[:3]] == [card["id"] for card in reversed(cards)]
        events = (await client.get("/api/v1/event")).json()
        assert [event["event_type"]["id"] for event in events] == kinds
        assert events[0]["detail"]["sim_batch"]["batch_size"] == 3
        assert events[0]["detail"]["sim_batch"]["first_iccid"] == cards[0]["iccid"]

        again = await client.get(path)
        assert (again.status_code, again.json()["error_code"]) == (400, 1000)
        twice = await client.patch(path, json=body)
        assert (twice.status_code, twice.content) == (422, b"")
        assert twice.headers["Content-Type"].startswith("text/html")


async def test_batches_that_are_not_to_be_had(sim, session):
    async with session(sim) as client:
        for bic in ("0" * 16, "1", "x"):
            assert (await client.get(f"/api/v1/sim_batch/bic/{bic}")).status_code == 404
            refused = await client.patch(f"/api/v1/sim_batch/bic/{bic}", json={})
            assert (refused.status_code, refused.content) == (422, b"")
            assert refused.headers["Content-Type"] == "text/html; charset=UTF-8"
        foreign = f"/api/v1/sim_batch/bic/{sim.foreign_bic}"
        assert (await client.get(foreign)).status_code == 422
        assert (await client.patch(foreign, json={})).status_code == 422
        path = f"/api/v1/sim_batch/bic/{sim.bic}"
        answer = await client.patch(path, json={"sim_status": {"id": 2}})
        assert (answer.status_code, answer.json()["errors"][0]["error_code"]) == (422, 1404)
        assert len((await client.get("/api/v1/sim")).json()) == 50
        more = sim.add_batch(2)
        assert len((await client.patch(f"/api/v1/sim_batch/bic/{more}", json={})).json()["sim"]) == 2


async def test_a_registered_batch_is_gone_for_others(sim, session):
    path = f"/api/v1/sim_batch/bic/{sim.bic}"
    async with session(sim) as mine, session(sim, sim.second_application_token) as other:
        cards = (await other.patch(path, json={})).json()["sim"]
        assert (await mine.get(path)).status_code == 400
        assert (await mine.get(f"/api/v1/sim/{cards[0]['id']}")).status_code == 404
        assert (await other.get(f"/api/v1/sim/{cards[0]['id']}")).status_code == 200
        assert len((await mine.get("/api/v1/sim")).json()) == 50


async def test_a_code_as_cards_print_it(sim, session):
    path = f"/api/v1/sim_batch/bic/%23{sim.bic}"
    async with session(sim) as client:
        assert (await client.get(path)).json()["bic"] == sim.bic
        assert len((await client.patch(path, json={})).json()["sim"]) == 20
        assert (await client.get(f"/api/v1/sim_batch/bic/{sim.bic}")).status_code == 400
        assert (await client.patch(path, json={})).status_code == 422
        assert (await client.get(f"/api/v1/sim_batch/bic/%23%23{sim.bic}")).status_code == 404
