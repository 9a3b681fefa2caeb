"""One of everything that an organisation can own."""

from __future__ import annotations

from typing import Any

import httpx

from aioemnify.simulator import Simulator
from tests.simulator.fleet_calls import get, working
from tests.simulator.people import DIGEST, LOGIN, log_in

GLOBAL: dict[str, object] = {
    "inclusive_volume_id": 111,
    "operator_id": 2,
    "quota_type": "data",
    "rate_type_id": 1,
    "ratezone_id": 11,
    "role_id": 1,
    "service_id": 22,
}
"""Path parameters that name the same thing for everybody."""

BODIES: dict[str, Any] = {
    "application_tokens.update": {"status": {"id": 1}},
    "data_streams.update": {"name": "taken"},
    "endpoints.create_traffic_limit_extension": {"volume": 5},
    "endpoints.reset_connectivity": {"location": None},
    "endpoints.send_sms": {"payload": "x"},
    "endpoints.set_data_quota": {
        "status": {"id": 1},
        "volume": 5,
        "expiry_date": "2030-01-01T00:00:00Z",
        "action_on_exhaustion": {"id": 1},
        "threshold_percentage": 10,
    },
    "endpoints.update": {"name": "taken"},
    "euiccs.schedule_operations": [{"action": {"id": 1}}],
    "mfa.activate_key": {"status": {"id": 1}, "code": "000000"},
    "organisations.update_tariff": {"id": 2},
    "service_profiles.add_data_limit": {"service": {"id": 38}, "volume": 5, "satellite_only": True},
    "service_profiles.update": {"name": "taken"},
    "sim_batches.register": {},
    "sims.update": {"status": {"id": 2}},
    "tags.update": {"name": "taken"},
    "tariff_profiles.block_rat_types": {"rat_types": [{"id": 2}]},
    "tariff_profiles.update": {"name": "taken"},
    "users.create_support_token": {},
    "users.update": {"name": "Taken"},
    "workspaces.update_user_status": {"status": {"id": 2}},
}
"""What to send to the calls that have an id in their path and a body; an assigned tag is its own."""
BODIES["endpoints.set_sms_quota"] = BODIES["endpoints.set_data_quota"]


async def acquire(client: httpx.AsyncClient, sim: Simulator, name: str) -> dict[str, Any]:
    """Make an organisation own one of everything.

    Args:
        client: logged in with an application token of the organisation.
        sim: the simulator.
        name: username of a new member.

    Returns:
        The ids by the names that path parameters have.
    """

    async def post(path: str, body: Any) -> Any:
        answer = await client.post(path, json=body)
        assert answer.status_code in (200, 201), answer.text
        return answer.headers.get("Location", "").rpartition("/")[2] or answer.json()

    mine = (await get(client, "/api/v1/organisation/my"))["id"]
    device = await working(client)
    endpoint, profile = f"/api/v1/endpoint/{device['id']}", device["service_profile"]["id"]
    tariff = device["tariff_profile"]["id"]
    service = f"/api/v1/service_profile/{profile}"
    chip = (await get(client, "/api/v1/euicc?q=supported_profile_type:5"))[0]["id"]
    url = {"url": "https://example.com"}
    await post("/api/v1/application_token", {})
    stream = {
        "data_stream_type": {"id": 2},
        "destination": {"connection_type": "RestAPI", "credentials": url},
    }
    servers = {"primary": "192.0.2.1", "secondary": "192.0.2.2", "ip_address_version": 4}
    tag = await post("/api/v2/tags", {"name": "owned"})
    await post(f"/api/v2/endpoint/{device['id']}/tags", {"id": int(tag)})
    for kind in ("data", "sms"):
        await post(f"{endpoint}/quota/{kind}", BODIES["endpoints.set_data_quota"])
    limit = await post(f"{service}/traffic_limit", {"service": {"id": 38}, "volume": 10**9})
    await post(f"{endpoint}/traffic_limit_extension", {"volume": 5})
    allowed = f"{service}/service/{GLOBAL['service_id']}/traffic_limit/221"
    assert (await client.put(allowed)).status_code == 200
    blocked = f"/api/v2/tariff_profile/{tariff}/operator_blocklist/operator/{GLOBAL['operator_id']}"
    await client.post(f"{blocked}/rat_type", json={"rat_types": [{"id": 1}]})
    assert (await client.put(f"{endpoint}/operator_blacklist/{GLOBAL['operator_id']}")).status_code == 204
    operation = await client.post(f"/api/v1/euicc/{chip}/operation", json=[{"action": {"id": 1}}])
    user = await _member(client, mine, name)
    headers = await log_in(client, name)
    key = await client.post("/api/v1/user/mfa", json={"type": {"id": 0}, "password": DIGEST}, headers=headers)
    held = sim.installation.world.user(user)
    assert held is not None
    held.keys[0].status, held.keys[0].fixed = 1, "123456"
    begun = await client.post(LOGIN, json={"username": name, "password": DIGEST})
    step = {"mfa_token": begun.json()["mfa_token"], "code": "123456"}
    await client.post(LOGIN, json=step | {"trusted_device": {"fingerprint": "f"}})
    cards = {"action": {"id": 2}, "target": [{"sim": {"id": device["sim"]["id"]}}]}
    return {
        "address_space_id": (await get(client, "/api/v1/ip_address_space"))[0]["id"],
        "api_callback_id": await post("/api/v1/api_callback", url),
        "api_secret_id": await post("/api/v1/api_secret", {"secret": "s"}),
        "app_token_id": (await get(client, "/api/v1/application_token"))[-1]["id"],
        "card_operation_id": (await client.post("/api/v1/sim/operation", json=cards)).json()["id"],
        "data_stream_id": await post("/api/v2/data_stream", stream),
        "device_id": held.devices[0].id,
        "dns_id": await post("/api/v1/dns", servers),
        "endpoint_id": device["id"],
        "euicc_id": chip,
        "key_id": key.json()["id"],
        "limit_id": limit,
        "operation_id": operation.json()[0]["id"],
        "org_id": mine,
        "org_id_or_my": mine,
        "profile_id": profile,
        "sim_id": device["sim"]["id"],
        "sms_id": await post(f"{endpoint}/sms", {"payload": "x"}),
        "tag_id": tag,
        "tariff_profile_id": tariff,
        "user_id": user,
        "workspace_id": mine,
    }


async def _member(client: httpx.AsyncClient, organisation: int, username: str) -> int:
    body = {
        "username": username,
        "name": "Member",
        "organisation": {"id": organisation},
        "roles": [{"id": 2}],
    }
    made = await client.post("/api/v1/user", json=body)
    assert made.status_code == 201, made.text
    key = (await get(client, "/api/v1/event?q=type:40"))[-1]["detail"]["activationKey"]
    await client.post("/api/v1/user/activation", json={"activationKey": key, "password": DIGEST})
    return int(made.headers["Location"].rpartition("/")[2])
