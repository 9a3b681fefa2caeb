"""Lookups and price lists that are the same for all organisations: plain data.

Ids and texts are the published ones; ids that the API does not publish are marked "chosen".
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
ESIM_MODEL: Mapping[str, Any] = {
    "id": 5,
    "description": "eSIM",
    "memory_size": 512,
    "formfactor": {"id": 5, "name": "MFF2"},
    "manufacturer": {"id": 2, "name": "Simulated Cards"},
}

SERVICES: Mapping[int, Mapping[str, Any]] = {
    3: {"id": 3, "description": "Voice"},
    21: {"id": 21, "description": "SMS MO", "traffic_type": {"id": 6, "description": "SMS"}},  # id chosen
    22: {"id": 22, "description": "SMS MT", "traffic_type": {"id": 6, "description": "SMS"}},  # id chosen
    38: {"id": 38, "description": "Data", "traffic_type": {"id": 5, "description": "Data", "unit": "MB"}},
}
TRAFFIC_PERIOD: Mapping[str, Any] = {"id": 2, "time_units": 1, "unit": "Monthly"}
TRAFFIC_LIMITS: Mapping[int, Mapping[str, Any]] = {  # ids and volumes chosen
    service * 10 + step: {
        "id": service * 10 + step,
        "volume": volume,
        "period": dict(TRAFFIC_PERIOD),
        "service": {"id": service, "description": SERVICES[service]["description"]},
    }
    for service in (21, 22)
    for step, volume in enumerate((10, 50, 100, 500, 1000), start=1)
}
ESME_INTERFACE_TYPES: Mapping[int, str] = {1: "RestAPI", 2: "SMPP"}  # 2 chosen

EURO: Mapping[str, Any] = {"id": 1, "code": "EUR", "symbol": "\u20ac"}
CURRENCIES: tuple[Mapping[str, Any], ...] = (  # ids but the first chosen
    EURO,
    {"id": 2, "code": "USD", "symbol": "$"},
    {"id": 3, "code": "GBP", "symbol": "\u00a3"},
)
DATA_BLOCKSIZES: tuple[Mapping[str, Any], ...] = (  # all but the first chosen
    {"id": 1, "description": "exact", "octets": 1},
    {"id": 2, "description": "1 KB", "octets": 1_024},
    {"id": 3, "description": "100 KB", "octets": 102_400},
)
DATA_THROTTLES: tuple[Mapping[str, Any], ...] = (  # all but the first chosen
    {"id": 1, "description": "256 kbit/s", "octets": 256_000},
    {"id": 2, "description": "64 kbit/s", "octets": 64_000},
    {"id": 3, "description": "Full speed", "octets": 100_000_000},
)
SERVICE_LEVELS: tuple[Mapping[str, Any], ...] = (  # chosen
    {"id": 1, "name": "Standard"},
    {"id": 2, "name": "Premium"},
)

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
        "currency": dict(EURO),
        "data_blocksize": dict(DATA_BLOCKSIZES[0]),
        "data_throttle": dict(DATA_THROTTLES[0]),
    }
    for number, name, rate in ((1, "Europe", 0.5), (2, "World", 1), (3, "Domestic", 0.25))
}

APPLICATION_TOKEN_STATUSES: Mapping[int, str] = {0: "Activated", 1: "Revoked"}
ORGANISATION_STATUSES: Mapping[int, str] = {0: "Enabled"}
USER_STATUSES: Mapping[int, str] = {0: "Activation Pending", 1: "Active", 2: "Suspended"}
ROLES: Mapping[int, str] = {1: "Administrator", 2: "User", 3: "Observer", 4: "SuperAdmin"}  # 4 chosen
MFA_KEY_STATUSES: Mapping[int, str] = {0: "Activation Pending", 1: "Active"}
MFA_KEY_TYPES: Mapping[int, str] = {0: "Time-Based One-Time Password"}
STREAM_TYPES: Mapping[int, str] = {1: "Usage", 2: "Event"}
STREAM_STATUSES: Mapping[int, str] = {1: "Running", 2: "Paused", 3: "Error", 4: "Pending"}
STREAM_FILTER_FIELDS: Mapping[int, str] = {1: "event_type_id", 2: "alert"}  # ids chosen
CONNECTION_TYPES: tuple[str, ...] = (
    "AwsKinesis",
    "S3",
    "RestAPI",
    "KeenIO",
    "Datadog",
    "EventHubs",
    "PubSub",
)

TAG_COLORS: Mapping[int, Mapping[str, Any]] = {  # ids and colours chosen
    number: {"id": number, "hex_color": color, "description": name}
    for number, (name, color) in enumerate(
        (
            ("Grey", "#6B7280"),
            ("Red", "#DC2626"),
            ("Orange", "#EA580C"),
            ("Yellow", "#CA8A04"),
            ("Green", "#16A34A"),
            ("Teal", "#0D9488"),
            ("Blue", "#2563EB"),
            ("Purple", "#9333EA"),
        ),
        start=1,
    )
}


def lookup(values: Mapping[int, str], identity: int) -> dict[str, Any]:
    """Return ``{id, description}`` of one value."""
    return {"id": identity, "description": values[identity]}


def everything(values: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return a whole lookup as the API lists it."""
    return [lookup(values, identity) for identity in values]


def role(identity: int) -> dict[str, Any]:
    """Return a role as it appears in users."""
    return {"id": identity, "name": ROLES[identity]}
