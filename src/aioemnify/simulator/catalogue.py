"""Lookups and price lists that are the same for everybody: plain data.

Ids and texts are the published ones; ids that the API does not publish are marked as chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SIM_STATUSES: Mapping[int, str] = {
    0: "Issued",
    1: "Activated",
    2: "Suspended",
    3: "Deleted",
    4: "Factory Test",
}
ENDPOINT_STATUSES: Mapping[int, str] = {0: "Enabled", 1: "Disabled", 2: "Deleted"}
EVENT_SOURCES: Mapping[int, str] = {0: "Network", 1: "Policy Control", 2: "API"}
EVENT_SEVERITIES: Mapping[int, str] = {0: "Info", 1: "Warn", 2: "Critical"}
EVENT_TYPES: Mapping[int, str] = {
    0: "Generic",
    1: "Update location",
    2: "Update GPRS location",
    3: "Create PDP Context",
    5: "Delete PDP Context",
    6: "User authentication failed",
    7: "Application authentication failed",
    8: "SIM activation",
    9: "SIM suspension",
    10: "SIM deletion",
    11: "Endpoint blocked",
    12: "Organisation blocked",
    13: "Support Access",
    14: "Multi-factor Authentication",
    15: "Purge location",
    16: "Purge GPRS location",
    17: "Self-Signup",
    18: "Quota threshold reached",
    19: "Quota used up",
    20: "SMS quota threshold reached",
    21: "SMS quota used up",
    22: "CloudConnect TGW Resource Share created",
    23: "CloudConnect TGW available",
    25: "CloudConnect TGW breakout terminated",
    30: "OpenVPN authentication",
    31: "Organisation updated",
    32: "Billing configuration updated",
    36: "User invited",
    37: "Password reset requested",
    40: "User verification requested",
    41: "User verified",
    42: "Endpoint enabled",
    43: "Endpoint disabled",
    45: "SIM factory test",
    46: "User deleted",
    48: "SIM registration",
    50: "SIM Released",
    51: "SIM Assigned",
    52: "Data quota enabled",
    53: "Data quota disabled",
    54: "SMS quota enabled",
    55: "SMS quota disabled",
    56: "Data quota assigned",
    57: "Data quota deleted",
    58: "SMS quota assigned",
    59: "SMS quota deleted",
    60: "Data quota expired",
    67: "User switched workspaces",
    68: "Reset connectivity",
    69: "SIM migration",
}

ISSUER_ORG: Mapping[str, Any] = {
    "id": 2,
    "name": "Simulated Issuer",
    "country": {"id": 219, "name": "NonTerrestrial 999"},
}
COUNTRY: Mapping[str, Any] = {"id": 74, "name": "Germany"}
SIM_MODEL: Mapping[str, Any] = {
    "id": 4,
    "description": "Classic",
    "memory_size": 128,
    "formfactor": {"id": 6, "name": "1/2/3FF (3in1)"},
    "manufacturer": {"id": 2, "name": "Simulated Cards"},
}

SERVICES: Mapping[int, Mapping[str, Any]] = {
    3: {"id": 3, "description": "Voice"},
    21: {"id": 21, "description": "SMS MO", "traffic_type": {"id": 6, "description": "SMS"}},  # id chosen
    22: {"id": 22, "description": "SMS MT", "traffic_type": {"id": 6, "description": "SMS"}},  # id chosen
    38: {"id": 38, "description": "Data", "traffic_type": {"id": 5, "description": "Data", "unit": "MB"}},
}
ESME_INTERFACE_TYPES: Mapping[int, str] = {1: "RestAPI", 2: "SMPP"}  # 2 chosen

TARIFFS: Mapping[int, Mapping[str, Any]] = {
    number: {
        "id": number,
        "name": name,
        "description": f"Simulated price list {number}",
        "created": "2020-01-01 00:00:00",
        "default_sms_mt_rate": 0.06,
        "default_sms_mo_rate": 0.06,
        "sim_issued_rate": 0,
        "sim_activated_rate": rate,
        "sim_suspended_rate": 0,
        "currency": {"id": 1, "code": "EUR", "symbol": "\u20ac"},
        "data_blocksize": {"id": 1, "description": "exact", "octets": 1},
        "data_throttle": {"id": 1, "description": "256 kbit/s", "octets": 256000},
    }
    for number, name, rate in ((1, "Europe", 0.5), (2, "World", 1), (3, "Domestic", 0.25))
}


def lookup(values: Mapping[int, str], identity: int) -> dict[str, Any]:
    """Return ``{id, description}`` of one value."""
    return {"id": identity, "description": values[identity]}


def everything(values: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return a whole lookup as the API lists it."""
    return [lookup(values, identity) for identity in values]
