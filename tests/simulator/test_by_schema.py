"""Answers that are made from the schema: the same each time, plausible, and with what was sent in them."""

from __future__ import annotations

import json
import re

import pytest

from aioemnify.operation import Envelope, Listing, Operation, Param, Result
from aioemnify.simulator import Simulator
from aioemnify.simulator.answers.fake_values import fake_text
from aioemnify.simulator.api.by_schema import answer_by_schema
from aioemnify.simulator.api.call import Call
from aioemnify.simulator.platform.errors import Problem
from aioemnify.simulator.platform.tokens import Principal
from aioemnify.simulator.state.fleet import luhn_digit

LISTS = ["/api/v1/automation", "/api/v1/event/custom/template", "/api/v1/cnc/breakout"]


async def fetch(session, sim, path, method="GET", **request):
    async with session(sim) as client:
        answer = await client.request(method, path, **request)
    assert answer.headers["X-Sim-Fidelity"] == "schema"
    return answer


@pytest.mark.anyio
@pytest.mark.parametrize("path", LISTS)
async def test_the_same_request_gets_the_same_answer(make_sim, session, path):
    first = (await fetch(session, make_sim(limits=None), path)).json()
    assert (await fetch(session, make_sim(limits=None), path)).json() == first
    assert (await fetch(session, make_sim(limits=None, seed=8), path)).json() != first
    assert 2 <= len(first) <= 5
    sim = make_sim(limits=None)
    assert (await fetch(session, sim, f"{path}/{first[0]['id']}")).json() == first[0]


@pytest.mark.anyio
async def test_tenants_see_different_things(make_sim, session):
    sim = make_sim(limits=None)
    async with session(sim) as client, session(sim, sim.second_application_token) as other:
        mine, theirs = [(await each.get("/api/v1/automation/5")).json() for each in (client, other)]
    assert mine["id"] == theirs["id"]
    assert mine != theirs
    assert mine["organisation"]["id"] == sim.organisation_id


@pytest.mark.anyio
async def test_a_creation_echoes_what_was_sent(sim, session):
    body = {
        "name": "Night watch",
        "description": "Tells the owner",
        "status": "ON",
        "actionable_event": {"system_event": {"id": "12"}},
        "configured_actions": [
            {"action": {"id": "3"}, "properties": [], "recipients": {"email": ["a@b.example"]}}
        ],
        "targeting_properties": [],
        "colour": "green",
    }
    answer = await fetch(session, sim, "/api/v1/automation", "POST", json=body)
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{sim.url}/api/v1/automation/{made['id']}"
    assert (made["name"], made["status"], made["targeting_properties"]) == ("Night watch", "ON", [])
    assert made["actionable_event"].keys() == {"system_event"}
    event = made["actionable_event"]["system_event"]
    assert event["id"] == "12"
    assert event["eventType"]["description"]
    assert made["configured_actions"][0]["recipients"] == {"email": ["a@b.example"]}
    assert "colour" not in made
    again = await fetch(session, sim, "/api/v1/automation", "POST", json=body)
    assert again.json() == made
    other = await fetch(session, sim, "/api/v1/automation", "POST", json=body | {"name": "Day watch"})
    assert other.json()["id"] != made["id"]


@pytest.mark.anyio
async def test_a_change_echoes_what_was_sent(sim, session):
    before = (await fetch(session, sim, "/api/v1/automation/77")).json()
    body = {"name": "Renamed"}
    assert (await fetch(session, sim, "/api/v1/automation/77", "PATCH", json=body)).json() == before | body
    assert (await fetch(session, sim, "/api/v1/automation/77")).json() == before
    deleted = await fetch(session, sim, "/api/v1/automation/77", "DELETE")
    assert (deleted.status_code, deleted.content) == (204, b"")


@pytest.mark.anyio
async def test_an_object_is_made_where_its_item_calls_are(sim, session):
    body = {"type": "1", "name": "n", "vpc_cidr": [], "region": "eu-west-1", "aws_account_id": "0" * 12}
    answer = await fetch(session, sim, "/api/v1/cnc/breakout/tgw", "POST", json=body)
    assert re.fullmatch(rf"{sim.url}/api/v1/cnc/breakout/\d+", answer.headers["Location"])


@pytest.mark.anyio
async def test_the_query_is_echoed(sim, session):
    found = (await fetch(session, sim, "/api/v1/cnc/breakout?status=5")).json()
    assert {each["status"]["description"] for each in found} == {"Active"}
    params = {"automationId": "17", "automationExecutionNumber": "4"}
    for entry in (await fetch(session, sim, "/api/v1/automation/log", params=params)).json():
        assert (entry["automation"], entry["automation_execution_number"]) == ({"id": "17"}, 4)
    answer = await fetch(session, sim, "/api/v1/cnc/breakout?status=five")
    assert (answer.status_code, answer.json()["error_code"]) == (400, 1000)


@pytest.mark.anyio
@pytest.mark.parametrize("identity", ["x", "1e3", "9" * 30, "%F0%9F%98%80"])
async def test_an_id_that_is_no_number(sim, session, identity):
    answer = await fetch(session, sim, f"/api/v1/cnc/breakout/{identity}")
    assert (answer.status_code, answer.json()["error_code"]) == (404, 1201)


def ask(operation: Operation, **request: object) -> Call:
    simulator = Simulator(sims=1, limits=None)
    state = simulator._state
    asked = {
        "args": {},
        "params": {},
        "body": None,
        "origin": "https://not-started.invalid",
        "path": operation.path,
    }
    principal = Principal(organisation=simulator.organisation_id, application=1, user=None)
    return Call(
        world=state.world,
        token_issuer=state.token_issuer,
        operation=operation,
        principal=principal,
        address="",
        **(asked | request),
    )


def test_a_paged_list(monkeypatch):
    listing = Listing(default_size=10, max_size=20, filter_fields=("name",), sort_fields=("id", "name"))
    operation = Operation(
        id="automations.list",
        method="GET",
        path="/x",
        result=Result("automations:Automation", many=True),
        listing=listing,
    )
    reply = answer_by_schema(ask(operation, params={"page": "2", "q": "name:a", "sort": "-name"}))
    assert len(json.loads(reply.body)) == 10
    assert (reply.headers["X-Current-Page"], reply.headers["X-Count-Per-Page"]) == ("2", "10")
    assert (reply.headers["X-Filter"], reply.headers["X-Sort"]) == ("name:a", "-name")
    total = int(reply.headers["X-Total-Count"])
    assert 20 <= total < 80
    seen = [
        item["id"]
        for page in range(1, int(reply.headers["X-Total-Pages"]) + 1)
        for item in json.loads(answer_by_schema(ask(operation, params={"page": str(page)})).body)
    ]
    assert len(seen) == len(set(seen)) == total
    for params, code in (({"q": "colour:red"}, 1301), ({"sort": "colour"}, 1302)):
        with pytest.raises(Problem) as caught:
            answer_by_schema(ask(operation, params=params))
        assert (caught.value.status, caught.value.code) == (422, code)


def test_a_page_in_an_envelope():
    envelope = Envelope(items="data", total="total", pages="last_page", page="page", size="page_size")
    listing = Listing(size_param="page_size", envelope=envelope)
    operation = Operation(
        id="tags.list", method="GET", path="/x", result=Result("tags:TagPage"), listing=listing
    )
    body = answer_by_schema(ask(operation, params={"page": "99", "page_size": "7"})).body
    assert body["page"] == body["last_page"] == -(-body["total"] // 7)
    assert body["page_size"] == 7
    assert body["data"][0].keys() >= {"id", "name", "tag_color"}


def test_a_lookup_has_its_published_values():
    operation = Operation(
        id="users.list_statuses", method="GET", path="/x", result=Result("users:UserStatus", many=True)
    )
    assert [each["id"] for each in answer_by_schema(ask(operation)).body] == [0, 1, 2]


def test_a_parameter_with_fixed_values():
    operation = Operation(
        id="dns.list",
        method="DELETE",
        path="/x/{kind}",
        path_params=(Param("kind", "string", ("data", "sms")),),
        success=(204,),
    )
    assert answer_by_schema(ask(operation, args={"kind": "sms"})).status == 204
    with pytest.raises(Problem) as caught:
        answer_by_schema(ask(operation, args={"kind": "voice"}))
    assert caught.value.status == 404


@pytest.mark.parametrize(("name", "length"), [("iccid_with_luhn", 20), ("imei_with_luhn", 15)])
def test_numbers_with_a_check_digit(name, length):
    for number in range(0, 10**9, 10**8 - 7):
        text = fake_text(name, number, of="Sim")
        assert len(text) == length
        assert text[-1] == str(luhn_digit(text[:-1]))
