"""Sample SIMs as the API returns them: 780 bytes, with nulls, nested objects and an undeclared member.

As in a real fleet, some nested objects are the same in many SIMs, but none is the same in all: the
organisation, the card and the status. The numbers, the names and the device are different in each SIM.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

SIZE = 1000
"""SIMs in a page."""

SMALL_SIM = json.dumps(
    {"id": 1, "iccid": "8988303000000000001", "imsi": "295050000000001", "status": {"id": 1}}
).encode()
"""A small response."""

GERMANY = {"id": 1, "name": "Germany"}
STATUSES = ("Issued", "Activated", "Suspended")
CARDS = ("MFF2", "Classic", "Nano", "Industrial")
CUSTOMERS = 12


def sim(number: int, *, repeats: bool = True) -> dict[str, Any]:
    """Return one SIM; without ``repeats`` none of its nested objects equals one of another SIM."""
    # Primes, so that every combination occurs.
    status, card, customer = number * 7 % 5 % 3, number * 11 % len(CARDS), number * 13 % CUSTOMERS
    suffix = "" if repeats else f" {number}"
    return {
        "id": number,
        "iccid": f"89883030000{number:08d}",
        "iccid_with_luhn": f"89883030000{number:08d}1",
        "eid": None,
        "production_date": "2024-02-12T13:03:14.000+0000",
        "activation_date": "2024-03-12T13:03:14.000+0000",
        "status": {"id": status, "description": STATUSES[status] + suffix},
        "customer_org": {"id": 7 + customer, "name": f"Acme {customer}{suffix}", "country": GERMANY},
        "issuer_org": {"id": 2, "name": f"EMnify{suffix}", "country": GERMANY},
        "reseller_org": None,
        "endpoint": {
            "id": number + 1,
            "name": f"device {number}",
            "imei": "123456789012345",
            "created": "2024-03-12T13:03:14.000+0000",
            "last_updated": "2024-03-12T13:03:14.000+0000",
            "ip_address": "10.1.2.3",
        },
        "imsi": f"29505{number:010d}",
        "msisdn": f"8822850{number:08d}",
        "model": {
            "id": card,
            "description": CARDS[card] + suffix,
            "memory_size": 128,
            "formfactor": {"id": 1, "name": "MFF"},
            "manufacturer": {"id": 1, "name": "G&D"},
        },
        "undeclared": 0,
    }


@cache
def page(number: int = 1, size: int = SIZE, *, repeats: bool = True) -> bytes:
    """Return a page of SIMs as JSON."""
    first = (number - 1) * size + 1
    sims = [sim(one, repeats=repeats) for one in range(first, first + size)]
    return json.dumps(sims, separators=(",", ":")).encode()
