"""Made-up records in both formats, and requests with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jwt

EVENT: dict[str, Any] = {
    "id": 351001000000022,
    "timestamp": "2026-11-02T09:15:10Z",
    "event_type": {"id": 11, "description": "Endpoint blocked"},
    "event_source": {"id": 1, "description": "Policy Control"},
    "event_severity": {"id": 1, "description": "WARN"},
    "alert": True,
    "description": "Traffic limit exceeded.",
    "organisation": {"id": 1001, "name": "Demo"},
    "endpoint": {"id": 5, "name": "2026-11-02 09:15:10", "tags": "demo"},
    "sim": {"id": 5, "iccid": "8900101007000000005", "production_date": "2020-01-01T00:00:00Z"},
}
USAGE: dict[str, Any] = {
    "id": 9000000001,
    "start_timestamp": "2026-11-02T09:14:00Z",
    "end_timestamp": "2026-11-02T09:14:45Z",
    "volume": {"rx": 0.104200, "tx": 0.051100, "total": 0.155300},
    "cost": 0.0031060000,
    "currency": {"id": 1, "code": "EUR", "symbol": "€"},
    "traffic_type": {"id": 5, "description": "Data"},
    "endpoint": {"id": 5, "name": "pump-5", "ip_address": "10.0.0.5", "balance": None},
    "sim": {"id": 5, "iccid": "8900101007000000005", "production_date": "2020-01-01T00:00:00Z"},
    "imsi": "001010000000005",
    "imsi_id": 5,
    "organisation": {"id": 1001, "name": "Demo"},
    "operator": {"id": 1, "name": "Rhein Mobil", "country": {"id": 74, "name": "Germany", "mcc": "262"}},
    "tariff": {"id": 400, "name": "Demo", "ratezone": {"id": 1, "name": "Zone 1"}},
}
SMS: dict[str, Any] = {
    "id": 71,
    "endpoint": {"id": 5, "name": "pump-5"},
    "organisation": {"id": 1001, "name": "Demo"},
    "source_address": "999000000000005",
    "dest_address": "1234",
    "payload": "level=3",
    "dcs": 0,
    "pid": 0,
    "submit_date": "2026-11-02 09:15:04",
}
REPORT: dict[str, Any] = {
    "id": 72,
    "payload": "on",
    "status": {"id": 4, "description": "DELIVERED"},
    "retry_count": 0,
    "submit_date": "2026-11-02T09:15:04.000+0000",
}
SECRET = "canary-of-a-callback-secret-0123456789"
STREAM = {"Authorization": "Bearer canary-of-a-stream"}


def in_old_format(value: Any, name: str = "") -> Any:
    """Return a record as the older format writes it."""
    if isinstance(value, Mapping):
        return {key: in_old_format(item, key) for key, item in value.items()}
    if isinstance(value, bool):
        return int(value)
    if name.endswith(("timestamp", "_date")):
        return value[:19].replace("T", " ")
    return value


def numbered(record: Mapping[str, Any], count: int, first: int = 1) -> list[dict[str, Any]]:
    """Return records of one kind with the ids from ``first`` on."""
    return [{**record, "id": number} for number in range(first, first + count)]


def body(value: Any) -> bytes:
    """Return the JSON of a value."""
    return json.dumps(value).encode()


def signed(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> dict[str, str]:
    """Return the headers of a signed callback."""
    return {"Authorization": f"Bearer {jwt.encode(claims, secret, algorithm=algorithm)}"}
