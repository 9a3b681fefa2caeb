"""Read what the platform pushes: a batch of 10,000 records, in both formats, and through the application."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import anyio

from aioemnify import receivers
from benchmarks.cases import Effort, Report, at_least
from benchmarks.interleaved import cpu_in_turns

SIZE = 10_000
"""The largest batch of a data stream."""

HEADERS = [(b"content-type", b"application/json"), (b"authorization", b"Bearer a-secret-of-the-stream")]


def event(number: int) -> dict[str, Any]:
    """Return an event as a data stream pushes it."""
    return {
        "id": 351_001_000_000_000 + number,
        "timestamp": "2026-11-02T09:15:10Z",
        "event_type": {"id": number % 5, "description": f"Type {number % 5}"},
        "event_source": {"id": 1, "description": "Policy Control"},
        "event_severity": {"id": 1, "description": "WARN"},
        "alert": number % 7 == 0,
        "description": f"Something happened to device {number}.",
        "organisation": {"id": 1001, "name": "Demo"},
        "endpoint": {"id": number, "name": f"device {number}", "imei": "3554631177373905", "tags": "demo"},
        "sim": {"id": number, "iccid": f"89001010{number:011d}", "production_date": "2020-01-01T00:00:00Z"},
        "imsi": {"id": number, "imsi": f"00101{number:010d}"},
    }


def usage_record(number: int) -> dict[str, Any]:
    """Return a usage record as a data stream pushes it."""
    return {
        "id": 9_000_000_000 + number,
        "start_timestamp": "2026-11-02T09:14:00Z",
        "end_timestamp": "2026-11-02T09:14:45Z",
        "volume": {"rx": 0.1042, "tx": 0.0511, "total": 0.1553},
        "cost": 0.003106,
        "currency": {"id": 1, "code": "EUR", "symbol": "€"},
        "traffic_type": {"id": 5, "description": "Data"},
        "endpoint": {"id": number, "name": f"device {number}", "ip_address": "10.0.0.5", "balance": None},
        "sim": {"id": number, "iccid": f"89001010{number:011d}", "production_date": "2020-01-01T00:00:00Z"},
        "imsi": f"00101{number:010d}",
        "imsi_id": number,
        "organisation": {"id": 1001, "name": "Demo"},
        "operator": {"id": 1, "name": "A network", "country": {"id": 74, "name": "Germany", "mcc": "262"}},
        "tariff": {"id": 400, "name": "Demo", "ratezone": {"id": 1, "name": "Zone 1"}},
    }


def in_older_format(value: Any, name: str = "") -> Any:
    """Return a record without zones in its times, and with 0 and 1 for booleans."""
    if isinstance(value, Mapping):
        return {key: in_older_format(item, key) for key, item in value.items()}
    if isinstance(value, bool):
        return int(value)
    return value[:19].replace("T", " ") if name.endswith(("timestamp", "_date")) else value


def parse(report: Report, effort: Effort) -> None:
    """Parse batches of events and usage records, and push events to the application."""
    size, rounds = effort.pick((SIZE, 7), (10, 1))
    events = [event(number) for number in range(size)]
    usage = [usage_record(number) for number in range(size)]
    bodies = {
        "events": (receivers.parse_events, json.dumps(events).encode()),
        "events, older format": (
            receivers.parse_events,
            json.dumps([in_older_format(one) for one in events]).encode(),
        ),
        "usage records": (receivers.parse_usage, json.dumps(usage).encode()),
        "usage records, older format": (
            receivers.parse_usage,
            json.dumps([in_older_format(one) for one in usage]).encode(),
        ),
    }
    ways: dict[str, Callable[[], object]] = {
        name: lambda read=read, body=body: read(body)  # type: ignore[misc]
        for name, (read, body) in bodies.items()
    }
    odd = json.dumps([*usage[:-1], {**usage[-1], "imsi_id": "not a number"}]).encode()
    ways["usage records, one of them with an odd value"] = lambda: receivers.parse_usage(odd)
    ways["usage records, in the application"] = lambda: anyio.run(_push, bodies["usage records"][1])
    for name, seconds in cpu_in_turns(ways, rounds, 1).items():
        note = f"{size:,} records in a body, garbage collector off"
        report.add(f"{name}: records a second", size / seconds, "1/s", goal=at_least(20_000), note=note)


async def _push(body: bytes) -> None:
    """Push a body to the application, and wait for its handler."""
    handled = 0

    async def count(records: list[Any]) -> None:
        nonlocal handled
        handled += len(records)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        assert message.get("status", 200) == 200

    headers = {"Authorization": "Bearer a-secret-of-the-stream"}
    async with receivers.app(on_usages=count, stream_headers=headers) as app:
        await app({"type": "http", "method": "POST", "path": "/", "headers": HEADERS}, receive, send)
    assert handled > 0
