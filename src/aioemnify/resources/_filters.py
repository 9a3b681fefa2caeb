# Generated from schema/filters.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""What each list can be filtered by. ``None`` selects what has no such reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aioemnify.models.common import SimStatus
    from aioemnify.models.endpoints import EndpointStatus
    from aioemnify.models.events import EventSeverity, EventSource, EventType


class EndpointFilter(TypedDict, total=False):
    """What the list can be narrowed by."""

    id: int | None
    status: EndpointStatus | int | None
    last_updated: datetime | str | None
    created: datetime | str | None
    name: str | None
    tags: str | None
    ip_address: str | None
    imei: str | None
    sim_status: SimStatus | int | None


EventFilter = TypedDict(
    "EventFilter",
    {
        "from": "datetime | str | None",
        "until": "datetime | str | None",
        "type": "EventType | int | Sequence[EventType | int] | None",
        "source": "EventSource | int | None",
        "severity": "EventSeverity | int | None",
        "alert": "bool | None",
        "description": "str | None",
        "organisation": "str | None",
        "user": "str | None",
        "endpoint": "str | Sequence[str] | None",
        "tags": "str | None",
        "ip_address": "str | None",
        "imei": "str | None",
        "iccid": "str | Sequence[str] | None",
        "imsi": "str | None",
        "timestamp": "datetime | str | None",
        "iccid_with_luhn": "str | Sequence[str] | None",
        "network": "str | Sequence[str] | None",
        "rat": "int | Sequence[int] | None",
        "country": "str | Sequence[str] | None",
    },
    total=False,
)
"""What the list can be narrowed by.

Fields:
    from: Only together with until.
    until: Only together with from.
    type: Takes up to 6 alternatives.
    endpoint: Takes up to 6 alternatives.
    iccid: Takes up to 6 alternatives.
    timestamp: Deprecated: the API is retiring it.
    iccid_with_luhn: Takes up to 6 alternatives.
    network: Takes up to 6 alternatives.
    rat: Takes up to 6 alternatives.
    country: Takes up to 6 alternatives.
"""


class SimFilter(TypedDict, total=False):
    """What the list can be narrowed by."""

    id: int | None
    issuer_org: int | None
    reseller_org: int | None
    customer_org: int | None
    iccid: str | None
    iccid_with_luhn: str | None
    status: SimStatus | int | None
    production_date: datetime | str | None
    imsi: str | None
    msisdn: str | None
    endpoint: int | None
    model: int | None
    eid: str | None
    satellite_capable: bool | None
