"""Whatever is sent, the simulator answers; it never fails by itself."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aioemnify.simulator import STATEFUL_OPERATIONS, Clock, Simulator
from aioemnify.tables.operations import OPERATIONS

WITH_BODY = sorted(name for name in STATEFUL_OPERATIONS & OPERATIONS.keys() if OPERATIONS[name].body)
LISTS = sorted(name for name in STATEFUL_OPERATIONS & OPERATIONS.keys() if OPERATIONS[name].listing)
MEMBERS = [
    "id",
    "name",
    "tags",
    "imei",
    "imei_lock",
    "status",
    "sim",
    "activate",
    "service_profile",
    "tariff_profile",
    "ip_address",
    "ip_address_space",
    "organisation",
    "endpoints",
    "sim_status",
    "description",
    "tariff",
    "application_token",
    "username",
    "password",
    "code",
    "mfa_token",
    "refresh_token",
    "trusted_device",
    "fingerprint",
    "target_organisation",
    "allowed_3g",
    "api_callback",
    "esme_interface_type",
    "customer_org",
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-2, 4)
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([1.0, 400001, 400003, "10.0.0.9", "fd::1", "35123456789012", "\u0663", "null"])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=9),
    max_leaves=25,
)
REFERENCE = st.fixed_dictionaries({"id": SCALARS | st.sampled_from([400001, 400003, 1])})
BODIES = JSON | st.dictionaries(st.sampled_from(MEMBERS), SCALARS | REFERENCE, max_size=12)
QUERIES = st.text(st.sampled_from("-+ ,:|*09\u0661aidstatuTZ\n\x00"), max_size=12)


async def _send(operation_id: str, **request: Any) -> httpx.Response:
    operation = OPERATIONS[operation_id]
    simulator = Simulator(sims=10, seed=7, clock=Clock.manual(), limits=None)
    path = operation.path.replace("{bic}", simulator.bic)
    path = "/".join("1" if part.startswith("{") else part for part in path.split("/"))
    transport = httpx.ASGITransport(app=simulator.app)
    async with httpx.AsyncClient(transport=transport, base_url=simulator.url) as client:
        body = {"username": simulator.username, "password": simulator.password_digest}
        tokens = (await client.post("/api/v1/authenticate", json=body)).json()
        client.headers["Authorization"] = f"Bearer {tokens['auth_token']}"
        answer = await client.request(operation.method, path, **request)
        # The state is still sound: everything can be listed afterwards.
        for collection in ("sim", "endpoint", "service_profile", "tariff_profile", "event"):
            assert (await client.get(f"/api/v1/{collection}")).status_code == 200
    return answer


@pytest.mark.parametrize("operation_id", WITH_BODY)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=BODIES)
def test_any_body(operation_id, body):
    content = json.dumps(body).encode()
    request = {"content": content, "headers": {"Content-Type": "application/json"}}
    answer = asyncio.run(_send(operation_id, **request))
    assert answer.status_code < 500
    if answer.status_code == 422 and answer.content:
        assert answer.json()["errors"]


@pytest.mark.parametrize("operation_id", LISTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_query(operation_id, data):
    listing = OPERATIONS[operation_id].listing
    field = st.sampled_from([*listing.filter_fields, "colour"])
    pair = st.builds(
        "{}:{}".format, field, QUERIES | st.sampled_from(["1", "null", "1|2", "true", "9" * 5000])
    )
    params = {
        "q": data.draw(QUERIES | st.lists(pair, max_size=3).map(",".join)),
        "sort": data.draw(
            QUERIES | st.lists(st.sampled_from([*listing.sort_fields, "colour"]), max_size=3).map(",-".join)
        ),
        "page": data.draw(QUERIES | st.integers().map(str)),
        listing.size_param: data.draw(QUERIES | st.integers().map(str)),
    }
    answer = asyncio.run(_send(operation_id, params=params))
    assert answer.status_code in (200, 400, 404, 422)


@pytest.mark.parametrize("identity", ["9" * 5000, "--1", "1e3", "%00", "%2e%2e", "\u0661", "-", "1;2", " 1"])
def test_any_id(sim, identity):
    async def run() -> int:
        transport = httpx.ASGITransport(app=sim.app)
        async with httpx.AsyncClient(transport=transport, base_url=sim.url) as client:
            body = {"application_token": sim.application_token}
            token = (await client.post("/api/v1/authenticate", json=body)).json()["auth_token"]
            headers = {"Authorization": f"Bearer {token}"}
            return (await client.get(f"/api/v1/sim/{identity}", headers=headers)).status_code

    assert asyncio.run(run()) == 404


@pytest.mark.anyio
@pytest.mark.parametrize("host", ["", "[", "[::1", "a:b:c", "a/b?c#d", "a b", "\xe9", "x" * 3000])
async def test_any_host(sim, session, host):
    async with session(sim) as client:
        headers = {"Host": host.encode("latin-1")}
        assert (await client.get("/api/v1/sim", headers=headers)).status_code == 200
        answer = await client.post("/api/v1/endpoint", headers=headers, json={})
        assert answer.status_code < 500
