"""Response bodies of usage statistics."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.dates import DAY_SECONDS, day_text, month_start
from aioemnify.simulator.state.world import Organisation
from aioemnify.simulator.usage.organisation_usage import Traffic, day_traffic

_DATA_RATE = Decimal("0.01")  # euro per MB, chosen
_SMS_RATE = Decimal("0.06")
_DATA = {"id": 5, "description": "Data", "unit": "MB"}
_SMS = {"id": 6, "description": "SMS", "unit": "SMS"}


def megabytes(count: int) -> str:
    """Return bytes as MB with six decimals, exactly."""
    return f"{count // 10**6}.{count % 10**6:06d}"


def data_body(sent: int, received: int, rate: Decimal) -> dict[str, Any]:
    """Return bytes sent (``tx``) and received (``rx``) by devices, and their price at ``rate`` per MB."""
    total = sent + received
    return {
        "volume": megabytes(total),
        "volume_tx": megabytes(sent),
        "volume_rx": megabytes(received),
    } | _price(Decimal(total) / 10**6 * rate, _DATA)


def sms_body(sent: int, received: int, rate: Decimal) -> dict[str, Any]:
    """Return messages sent (``tx``) and received (``rx``) by devices, and their price."""
    return {
        "volume": f"{sent + received}.000000",
        "volume_tx": f"{sent}.000000",
        "volume_rx": f"{received}.000000",
    } | _price((sent + received) * rate, _SMS)


def _price(cost: Decimal, kind: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "cost": f"{cost:.10f}" if cost else "0",
        "currency": dict(lookups.EURO),
        "traffic_type": dict(kind),
    }


def data_volume(traffic: Traffic) -> dict[str, Any]:
    """Return the data volume of an organisation."""
    return data_body(traffic.up, traffic.down, _DATA_RATE)


def sms_volume(traffic: Traffic) -> dict[str, Any]:
    """Return the message volume of an organisation."""
    return sms_body(traffic.mo, traffic.mt, _SMS_RATE)


def days_between(organisation: Organisation, first: int, last: int, wall: float) -> list[tuple[str, Traffic]]:
    """Return the date and traffic of each day up to today."""
    today = int(wall // DAY_SECONDS)
    return [
        (day_text(day * DAY_SECONDS), day_traffic(organisation.fleet, day, wall))
        for day in range(first, min(last, today) + 1)
    ]


def month_traffic(organisation: Organisation, wall: float, months: int = 0) -> Traffic:
    """Return the usage of the month that contains ``wall``, or of one ``months`` away, up to ``wall``."""
    first = int(month_start(wall, months) // DAY_SECONDS)
    last = int(month_start(wall, months + 1) // DAY_SECONDS) - 1
    return Traffic.total([traffic for _, traffic in days_between(organisation, first, last, wall)])


def month_body(organisation: Organisation, wall: float, months: int = 0) -> dict[str, Any]:
    """Return one month of the monthly statistics."""
    traffic, month = month_traffic(organisation, wall, months), day_text(month_start(wall, months))
    return {
        "data": data_volume(traffic) | {"month": month},
        "sms": sms_volume(traffic) | {"month": month},
    }
