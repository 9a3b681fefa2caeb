"""How the calls about devices, cards, their limits and their networks are made on the simulator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OPERATOR, ZONE, BUNDLE, SMS_SERVICE = 1, 11, 111, 22
QUOTA = {
    "status": {"id": 1},
    "volume": 5,
    "expiry_date": "2030-01-01T00:00:00Z",
    "action_on_exhaustion": {"id": 1},
    "threshold_percentage": 10,
}


async def prepare(bench: Any) -> None:
    """Give a fleet what the calls below are about, and note the ids."""
    request, known = bench.emnify.request, bench.known

    async def post(path: str, body: Any) -> int:
        await request("POST", path, json=body)
        return int(bench.wire.last.headers["Location"].rpartition("/")[2])

    *_, off, device = await request("GET", "/api/v1/endpoint", params={"q": "status:0,sim_status:1"})
    await request("PATCH", f"/api/v1/endpoint/{off['id']}", json={"status": {"id": 1}})
    known["device"], known["card"] = device["id"], device["sim"]["id"]
    known["off"], known["profile"] = off["id"], device["service_profile"]["id"]
    known["tariff"] = device["tariff_profile"]["id"]
    path, profile = f"/api/v1/endpoint/{device['id']}", f"/api/v1/service_profile/{known['profile']}"
    for kind in ("data", "sms"):
        await request("POST", f"{path}/quota/{kind}", json=QUOTA)
    known["sms"] = await post(f"{path}/sms", {"payload": "x", "source_address": "Shop"})
    known["buffered"] = await post(f"/api/v1/endpoint/{off['id']}/sms", {"payload": "x"})
    known["limit"] = await post(f"{profile}/traffic_limit", {"service": {"id": 38}, "volume": 10**9})
    await post(f"{path}/traffic_limit_extension", {"volume": 1000})
    known["sms limit"], known["other sms limit"] = (
        limit["id"] for limit in (await request("GET", f"/api/v1/service/{SMS_SERVICE}/traffic_limit"))[:2]
    )
    await request("PUT", f"{profile}/service/{SMS_SERVICE}/traffic_limit/{known['sms limit']}")
    await request("PUT", f"{path}/operator_blacklist/{OPERATOR + 1}")
    known["tag"], known["other tag"] = [
        (await request("POST", "/api/v2/tags", json={"name": name}))["id"] for name in ("one", "two")
    ]
    await request("POST", f"/api/v2/endpoint/{device['id']}/tags", json={"id": known["tag"]})
    tariff = f"tariff_profile/{known['tariff']}"
    await request("PUT", f"/api/v1/{tariff}/inclusive_volume/{BUNDLE}")
    blocked = f"/api/v2/{tariff}/operator_blocklist/operator/{OPERATOR + 1}"
    await request("POST", f"{blocked}/rat_type", json={"rat_types": [{"id": 1}]})
    chip = (await request("GET", "/api/v1/euicc", params={"q": "supported_profile_type:5"}))[0]
    known["chip"], known["eid"] = chip["id"], chip["eid"]
    made = await request("POST", f"/api/v1/euicc/{chip['id']}/operation", json=[{"action": {"id": 1}}])
    known["chip operation"] = made[0]["id"]
    body = {"action": {"id": 2}, "target": [{"sim": {"id": known["card"]}}]}
    known["card operation"] = (await request("POST", "/api/v1/sim/operation", json=body))["id"]
    bench.simulator.clock.advance(4)


def _about(*names: str, body: Any = None) -> Callable[[Any], tuple[Any, ...]]:
    return lambda bench: (*(bench.known[name] for name in names), *([] if body is None else [body]))


def _with(*names: str, more: tuple[Any, ...]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda bench: (*(bench.known[name] for name in names), *more)


DEVICES_SERVED: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "endpoints.assign_tag": lambda bench: (bench.known["device"], {"id": bench.known["other tag"]}),
    "endpoints.block_operator": _with("device", more=(OPERATOR,)),
    "endpoints.cancel_sms": _about("off", "buffered"),
    "endpoints.create_traffic_limit_extension": _about("device", body={"volume": 5}),
    "endpoints.delete_data_quota": _about("device"),
    "endpoints.delete_sms_quota": _about("device"),
    "endpoints.delete_traffic_limit_extensions": _about("device"),
    "endpoints.get_connectivity": _about("device"),
    "endpoints.get_connectivity_info": _about("device"),
    "endpoints.get_data_quota": _about("device"),
    "endpoints.get_sms": _about("device", "sms"),
    "endpoints.get_sms_quota": _about("device"),
    "endpoints.get_stats": _about("device"),
    "endpoints.list_daily_stats": _about("device"),
    "endpoints.list_operator_blocklist": _about("device"),
    "endpoints.list_sms": _about("device"),
    "endpoints.list_tags": _about("device"),
    "endpoints.list_traffic_limit_extensions": _about("device"),
    "endpoints.reset_connectivity": _about("device", body={"pdp_context": None}),
    "endpoints.send_sms": _about("device", body={"payload": "hello"}),
    "endpoints.set_data_quota": _about("device", body=QUOTA),
    "endpoints.set_sms_quota": _about("device", body=QUOTA),
    "endpoints.unassign_tag": _about("device", "tag"),
    "endpoints.unblock_operator": _with("device", more=(OPERATOR + 1,)),
    "euiccs.cancel_operation": _about("chip", "chip operation"),
    "euiccs.get": _about("chip"),
    "euiccs.get_operation": _about("chip", "chip operation"),
    "euiccs.list": _about(),
    "euiccs.list_operation_actions": _about(),
    "euiccs.list_operation_statuses": _about(),
    "euiccs.list_operations": _about("chip"),
    "euiccs.list_profile_statuses": _about(),
    "euiccs.list_statuses": _about(),
    "euiccs.schedule_operations": _about("chip", body=[{"action": {"id": 1}, "validity_period": 60}]),
    "euiccs.validate_unlinked": lambda bench: ({"target": [{"eid": bench.known["eid"]}]},),
    "service_profiles.add_data_limit": _about(
        "free service profile", body={"service": {"id": 38}, "volume": 10}
    ),
    "service_profiles.add_sms_limit": lambda bench: (
        bench.known["profile"],
        SMS_SERVICE,
        bench.known["other sms limit"],
    ),
    "service_profiles.delete_data_limit": _about("profile", "limit"),
    "service_profiles.delete_data_limits": _about("profile"),
    "service_profiles.delete_quotas": _with("profile", more=("data",)),
    "service_profiles.list_data_limits": _about("profile"),
    "service_profiles.remove_sms_limit": lambda bench: (
        bench.known["profile"],
        SMS_SERVICE,
        bench.known["sms limit"],
    ),
    "sim_operations.create": lambda bench: (
        {"action": {"id": 1}, "target": [{"sim": {"id": bench.known["sim"]}}]},
    ),
    "sim_operations.get": _about("card operation"),
    "sim_operations.list": _about(),
    "sim_operations.list_actions": _about(),
    "sim_operations.list_statuses": _about(),
    "sims.delete": _about("sim"),
    "sims.delete_bulk": lambda bench: ([bench.known["sim"]],),
    "sims.get_stats": _about("card"),
    "sims.list_daily_stats": _about("card"),
    "sims.list_unlinked_product_stats": _about(),
    "sims.migrate_workspace": lambda bench: (
        {
            "sims": [{"id": bench.known["sim"]}],
            "target_workspace": {"id": bench.simulator.second_organisation_id},
        },
    ),
    "system_events.get": lambda bench: ("8",),
    "system_events.list": _about(),
    "tariff_profiles.assign_inclusive_volume": _with("free tariff profile", more=(BUNDLE,)),
    "tariff_profiles.block_operator": _with("tariff", more=(OPERATOR,)),
    "tariff_profiles.block_rat_types": _with("tariff", more=(OPERATOR, {"rat_types": [{"id": 6}]})),
    "tariff_profiles.deselect_ratezone": _with("tariff", more=(ZONE,)),
    "tariff_profiles.get_operator_blocklist": _with("tariff", more=(OPERATOR + 1,)),
    "tariff_profiles.list_coverage": _about("tariff"),
    "tariff_profiles.list_operator_blocklist": _about("tariff"),
    "tariff_profiles.select_ratezone": _with("tariff", more=(ZONE,)),
    "tariff_profiles.unassign_inclusive_volume": _with("tariff", more=(BUNDLE,)),
    "tariff_profiles.unblock_operator": _with("tariff", more=(OPERATOR + 1,)),
    "tariff_profiles.unblock_rat_type": _with("tariff", more=(OPERATOR + 1, 1)),
}
