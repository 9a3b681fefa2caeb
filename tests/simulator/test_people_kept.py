"""What people, tags, streams and the rest are after a restart, and after a reset."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from aioemnify.simulator import Clock, Simulator
from aioemnify.simulator.platform.one_time_codes import one_time_code
from tests.simulator.people import LOGIN, make_user, seeded

pytestmark = pytest.mark.anyio
LISTS = (
    "/api/v1/application_token",
    "/api/v1/user",
    "/api/v1/user/501/event",
    "/api/v1/user/501/mfa/trusted_device",
    "/api/v1/api_callback",
    "/api/v1/api_secret",
    "/api/v1/organisation/my/inclusive_volume/active",
    "/api/v1/organisation/my/stats",
    "/api/v2/data_stream",
    "/api/v2/tags",
    "/api/v2/user/501/workspace",
    "/api/v2/workspace/stats/daily",
)


async def fill(client: httpx.AsyncClient, sim: Simulator) -> None:
    mine = await seeded(client, sim)
    await make_user(client, sim, "one@example.com", 2)
    body = {"type": {"id": 0}, "password": sim.password_digest}
    key = (await client.post("/api/v1/user/mfa", json=body, headers=mine)).json()
    code = one_time_code(key["secret_key"], sim.clock.wall())
    login = {"username": sim.username, "password": sim.password_digest}
    endpoint = (await client.get("/api/v1/endpoint?per_page=1")).json()[0]["id"]
    stream = {
        "data_stream_type": {"id": 2},
        "destination": {"connection_type": "Datadog", "credentials": {"api_key": "k"}},
        "filters": [{"field": "alert", "value": True}],
    }
    for method, path, body in (
        ("PATCH", f"/api/v1/user/mfa/{key['id']}", {"status": {"id": 1}, "code": code}),
        ("POST", "/api/v1/application_token", {"ip": "192.0.2.0/24", "expiry_date": "2090-01-01"}),
        ("POST", "/api/v1/api_callback", {"url": "https://example.com"}),
        ("POST", "/api/v1/api_secret", {"secret": "x"}),
        ("PUT", "/api/v1/organisation/my/inclusive_volume/111", {}),
        ("POST", "/api/v2/user/invitation", {"username": "two@example.com", "name": "Two"}),
        ("POST", "/api/v2/data_stream", stream),
        ("POST", "/api/v2/tags", {"name": "red"}),
    ):
        answer = await client.request(method, path, json=body, headers=mine)
        assert answer.status_code < 300, answer.text
    tags = {"items": [{"endpoint": {"id": endpoint}, "tags": [{"id": 1}]}]}
    assert (await client.post("/api/v2/bulk-operations/endpoint/add-tags", json=tags)).status_code == 200
    step = (await client.post(LOGIN, json=login)).json()
    step |= {"code": code, "trusted_device": {"fingerprint": "f"}}
    assert (await client.post(LOGIN, json=step)).status_code == 200


def served(path: Path, **options) -> Simulator:
    return Simulator(**({"sims": 50, "seed": 7, "tls": False, "limits": None, "state": path} | options))


async def read(client: httpx.AsyncClient) -> list:
    answers = [await client.get(path) for path in LISTS]
    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json() for answer in answers)
    return [answer.json() for answer in answers]


async def test_a_restart_keeps_it_all(tmp_path, session):
    path = tmp_path / "state.json"
    with served(path, clock=Clock.manual()) as first:
        async with session(first) as client:
            await fill(client, first)
            token = client.headers["Authorization"]
            before = await read(client)
        first.clock.freeze()
    with served(path) as second:
        async with session(second, "") as client:
            client.headers["Authorization"] = token
            assert await read(client) == before
            login = {"username": second.username, "password": second.password_digest}
            assert set((await client.post(LOGIN, json=login)).json()) == {"mfa_token"}
            assert "auth_token" in (await client.post(LOGIN, json=login | {"fingerprint": "f"})).json()
            ids = [(await client.post("/api/v2/tags", json={"name": name})).json()["id"] for name in "ab"]
            assert ids == [2, 3]


async def test_a_reset_begins_anew(sim, session):
    async with session(sim) as client:
        new = [(await client.get(path)).json() for path in LISTS]
        await fill(client, sim)
        assert await read(client) != new
        sim.reset()
    async with session(sim) as client:
        assert [(await client.get(path)).json() for path in LISTS] == new


async def test_the_journal_keeps_no_secrets_of_people(sim, session):
    async with session(sim) as client:
        mine = await seeded(client, sim)
        await make_user(client, sim, "one@example.com")
        body = {"type": {"id": 0}, "password": sim.password_digest}
        key = (await client.post("/api/v1/user/mfa", json=body, headers=mine)).json()
        events = (await client.get("/api/v1/event")).json()
        hook = {"url": "https://example.com", "headers": ["Authorization: hidden"]}
        azure = {"connection_string": "hidden"}
        for kind, credentials in (("RestAPI", hook), ("EventHubs", azure)):
            destination = {"connection_type": kind, "credentials": credentials}
            stream = {"data_stream_type": {"id": 2}, "destination": destination}
            assert (await client.post("/api/v2/data_stream", json=stream)).status_code == 201
        await client.post("/api/v1/api_secret", json={"secret": "hidden"})
        support = (await client.post("/api/v2/user/501/support_token", json={})).json()["support_token"]
    recorded = repr([(each.request_body, each.response_body, each.path) for each in sim.requests])
    (activation,) = [each["detail"]["activationKey"] for each in events if each["event_type"]["id"] == 40]
    assert "https://example.com" in recorded
    for secret in (key["secret_key"], activation, "hidden", support, sim.password_digest):
        assert secret not in recorded


async def test_a_workspace_below_another(sim, session):
    below = sim.add_organisation("Below", sims=5, parent=sim.organisation_id)
    async with session(sim, below) as client:
        identity = (await client.get("/api/v1/organisation/my")).json()["id"]
    async with session(sim) as client:
        assert (await client.get(f"/api/v1/organisation/{identity}/stats")).json()["sim"]["total"] == 5
