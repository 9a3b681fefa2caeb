"""Which operations the simulator has, which it models, and what it says to everything else."""

from __future__ import annotations

import pytest

from aioemnify.resources._operations import OPERATIONS
from aioemnify.simulator import STATEFUL_OPERATIONS, Settings
from aioemnify.simulator.unpublished import UNPUBLISHED

pytestmark = pytest.mark.anyio

EVERY_CALL = {**OPERATIONS, **UNPUBLISHED}

STATEFUL = {
    "auth.authenticate",
    "auth.switch_workspace",
    "endpoints.create",
    "endpoints.create_bulk",
    "endpoints.delete",
    "endpoints.delete_bulk",
    "endpoints.get",
    "endpoints.list",
    "endpoints.list_events",
    "endpoints.list_statuses",
    "endpoints.update",
    "endpoints.update_bulk",
    "events.list",
    "events.list_pending_alerts",
    "events.list_types",
    "service_profiles.add_service",
    "service_profiles.create",
    "service_profiles.delete",
    "service_profiles.get",
    "service_profiles.list",
    "service_profiles.remove_service",
    "service_profiles.update",
    "sim_batches.register",
    "sim_batches.validate",
    "sims.get",
    "sims.list",
    "sims.list_events",
    "sims.list_statuses",
    "sims.update",
    "tariff_profiles.create",
    "tariff_profiles.delete",
    "tariff_profiles.get",
    "tariff_profiles.list",
    "tariff_profiles.update",
}
NOT_MODELLED = sorted(set(EVERY_CALL) - STATEFUL)


def concrete(path: str) -> str:
    return "/".join("1" if part.startswith("{") else part for part in path.split("/"))


def test_the_list_of_what_keeps_state():
    assert STATEFUL == STATEFUL_OPERATIONS
    assert set(EVERY_CALL) >= STATEFUL


def test_what_only_the_limits_name_is_served_though_no_method_calls_it():
    assert not set(UNPUBLISHED) & set(OPERATIONS)
    assert {operation.path for operation in UNPUBLISHED.values()} == {
        "/api/v1/event/alerts_pending",
        "/api/v1/event_deprecated",
        "/api/v1/endpoint/stats/{rest}",
        "/api/v1/organisation/{organisation_id}/billing/{rest}",
    }


@pytest.mark.parametrize("operation_id", NOT_MODELLED)
async def test_everything_else_says_so(sim, session, operation_id):
    operation = EVERY_CALL[operation_id]
    body = {"content": b"{}", "headers": {"Content-Type": "application/json"}} if operation.body else {}
    async with session(sim) as client:
        answer = await client.request(operation.method, concrete(operation.path), **body)
    assert answer.status_code == 501
    assert answer.headers["X-Sim-Fidelity"] == "none"
    assert operation_id in answer.json()["message"]
    assert sim.requests[-1].operation == operation_id


@pytest.mark.parametrize("operation_id", sorted(STATEFUL))
async def test_stateful_operations_are_routed(sim, session, operation_id):
    operation = EVERY_CALL[operation_id]
    async with session(sim) as client:
        answer = await client.request(operation.method, concrete(operation.path))
    assert answer.headers["X-Sim-Fidelity"] == "stateful"
    assert sim.requests[-1].operation == operation_id


async def test_operations_need_a_token(sim, session):
    async with session(sim, token="") as client:
        for operation in EVERY_CALL.values():
            answer = await client.request(operation.method, concrete(operation.path))
            assert answer.status_code == (401 if operation.auth else 400)


@pytest.mark.parametrize(
    "path", ["/", "/api/v1", "/api/v1/nothing", "/api/v1/sim/", "/api/v1/sim/1/2/3", "/api/v3/sim"]
)
@pytest.mark.parametrize("token", [None, ""])
async def test_unknown_paths(sim, session, path, token):
    async with session(sim, token) as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.json()["error_code"]) == (404, 1201)
    assert "X-Sim-Fidelity" not in answer.headers


async def test_wrong_methods(sim, session):
    async with session(sim) as client:
        answer = await client.put("/api/v1/endpoint")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
        answer = await client.post("/api/v1/endpoint/1")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "DELETE, GET, PATCH")
        assert (await client.head("/api/v1/sim")).status_code == 405


async def test_the_body_must_be_json_and_say_so(sim, session):
    path = "/api/v1/sim/1"
    async with session(sim) as client:
        for media in ("text/plain", "application/x-www-form-urlencoded", ""):
            answer = await client.patch(path, content=b"{}", headers={"Content-Type": media})
            assert answer.status_code == 415
        for media in ("application/json", "Application/JSON; charset=utf-8"):
            answer = await client.patch(path, content=b"{}", headers={"Content-Type": media})
            assert answer.status_code == 204
        for content in (b"{", b"\xff", b"{'status': 1}", b""):
            answer = await client.patch(path, content=content, headers={"Content-Type": "application/json"})
            assert (answer.status_code, answer.json()["error_token"]) == (400, "BadRequest")


@pytest.mark.parametrize(("setting", "status", "code"), [(404, 404, 1201), (400, 400, 1000)])
async def test_an_id_that_is_no_number(make_sim, session, setting, status, code):
    async with session(make_sim(limits=None, settings=Settings(malformed_id_status=setting))) as client:
        for path in ("sim", "endpoint", "service_profile", "tariff_profile"):
            answer = await client.get(f"/api/v1/{path}/None")
            assert (answer.status_code, answer.json()["error_code"]) == (status, code)


async def test_the_lookups(sim, session):
    async with session(sim) as client:
        statuses = (await client.get("/api/v1/sim/status")).json()
        assert [item["id"] for item in statuses] == [0, 1, 2, 3, 4]
        assert statuses[4]["description"] == "Factory Test"
        assert [item["id"] for item in (await client.get("/api/v1/endpoint/status")).json()] == [0, 1, 2]
        types = {item["id"]: item["description"] for item in (await client.get("/api/v1/event/type")).json()}
    assert types[51] == "SIM Assigned"
    assert len(types) == 50


async def test_the_journal_keeps_no_credentials(make_sim, session):
    sim = make_sim()
    async with session(sim) as client:
        await client.get("/api/v1/sim/3", params={"x": "y"})
    login, record = sim.requests
    assert (record.method, record.path, record.query) == ("GET", "/api/v1/sim/3", "x=y")
    assert (record.operation, record.status, record.limit) == ("sims.get", 200, "get_sim_id")
    assert record.organisation == sim.organisation_id
    assert record.headers["authorization"] == "***"
    assert sim.application_token not in repr(sim.requests) + repr(login.headers)
    sim.clear_requests()
    assert sim.requests == []
