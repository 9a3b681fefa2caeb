"""Countries, the simulated operators in them, and their price lists: plain data.

Operators and all ids are invented; country and network codes are real, so that clients can look them up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

RAT_TYPES: Mapping[int, str] = {1: "3G", 2: "2G", 6: "4G", 8: "NB-IoT"}  # 8 chosen
BREAKOUT_REGIONS: Mapping[int, Mapping[str, Any]] = {
    1: {"id": 1, "name": "eu-west-1", "ip_address": "192.0.2.10"},
    2: {"id": 2, "name": "us-east-1", "ip_address": "198.51.100.10"},
}
COUNTRIES: Mapping[int, Mapping[str, Any]] = {
    identity: {"id": identity, "name": name, "country_code": dialling, "mcc": mcc, "iso_code": iso}
    for identity, name, dialling, mcc, iso in (
        (3, "Afghanistan", "93", "412", "af"),
        (67, "France", "33", "208", "fr"),
        (74, "Germany", "49", "262", "de"),
        (143, "Netherlands", "31", "204", "nl"),
        (205, "United Kingdom", "44", "234", "gb"),
        (206, "United States", "1", "310", "us"),
    )
}
_PLACES = {3: (33, 65), 67: (46, 2), 74: (51, 9), 143: (52, 6), 205: (54, -2), 206: (38, -97)}  # degrees


@frozen
class Operator:
    """A visited network."""

    id: int
    name: str
    country: int
    mnc: str
    tap: str

    @property
    def ref(self) -> dict[str, Any]:
        """Return id and name."""
        return {"id": self.id, "name": self.name}

    def body(self) -> dict[str, Any]:
        """Return the operator as it appears in lists."""
        country, (north, east) = COUNTRIES[self.country], _PLACES[self.country]
        # Coordinates and the ids inside are texts, as recorded.
        return {
            "id": self.id,
            "name": self.name,
            "country": {**country, "latitude": f"{north:.6f}", "longitude": f"{east:.6f}"},
            "mnc": [{"id": self.id * 10, "mnc": self.mnc, "operator_id": str(self.id)}],
            "tapcode": [{"id": self.id * 10 + 1, "tapcode": self.tap, "operator_id": str(self.id)}],
            "country_name": country["name"],
            "name_and_country": f"{country['name']} / {self.name}",
            "inbound_roamers_allowed": "1",
        }


OPERATORS: Mapping[int, Operator] = {
    operator.id: operator
    for operator in (
        Operator(1, "Rhein Mobil", 74, "90", "DEUS1"),
        Operator(2, "Elbe Netz", 74, "91", "DEUS2"),
        Operator(3, "Isar Funk", 74, "92", "DEUS3"),
        Operator(4, "Loire Mobile", 67, "90", "FRAS1"),
        Operator(5, "Garonne Telecom", 67, "91", "FRAS2"),
        Operator(6, "Maas Mobiel", 143, "90", "NLDS1"),
        Operator(7, "Thames Cellular", 205, "90", "GBRS1"),
        Operator(8, "Severn Wireless", 205, "91", "GBRS2"),
        Operator(9, "Ohio Wireless", 206, "900", "USAS1"),
        Operator(10, "Hudson Cellular", 206, "901", "USAS2"),
        Operator(11, "Kabul Mobile", 3, "90", "AFGS1"),
    )
}


@frozen
class Ratezone:
    """A zone of a price list: the price of a megabyte in some countries."""

    id: int
    name: str
    tariff: int
    countries: tuple[int, ...]
    rate: str

    @property
    def ref(self) -> dict[str, Any]:
        """Return id and name."""
        return {"id": self.id, "name": self.name, "ratezone_status_id": 1}


RATEZONES: Mapping[int, Ratezone] = {
    zone.id: zone
    for zone in (
        Ratezone(11, "Europe 1", 1, (74, 67, 143), "0.02"),
        Ratezone(12, "Europe 2", 1, (205,), "0.05"),
        Ratezone(21, "Europe", 2, (74, 67, 143, 205), "0.03"),
        Ratezone(22, "Americas", 2, (206,), "0.08"),
        Ratezone(23, "Asia", 2, (3,), "0.5"),
        Ratezone(31, "Home", 3, (74,), "0.01"),
    )
}


@frozen
class InclusiveVolume:
    """A prepaid volume of megabytes for one zone."""

    id: int
    zone: int
    volume: int
    rate: str

    def body(self) -> dict[str, Any]:
        """Return the volume as it appears in profiles."""
        zone = RATEZONES[self.zone]
        return {
            "id": self.id,
            "volume": self.volume,
            "rate": float(self.rate),
            "pooled": True,
            "start_date": "2020-01-01T00:00:00.000Z",
            "currency": {"id": 1, "code": "EUR", "symbol": "\u20ac"},
            "tariff": {"id": zone.tariff},
            "ratezone": {"id": zone.id, "name": zone.name},
        }


INCLUSIVE_VOLUMES: Mapping[int, InclusiveVolume] = {
    bundle.id: bundle
    for zone in RATEZONES.values()
    for bundle in (
        InclusiveVolume(zone.id * 10 + 1, zone.id, 100, "1.5"),
        InclusiveVolume(zone.id * 10 + 2, zone.id, 1000, "12"),
    )
}


def zones_of(tariff: int) -> list[int]:
    """Return the zones of a price list."""
    return [zone.id for zone in RATEZONES.values() if zone.tariff == tariff]


def operators_in(zones: Iterable[int]) -> list[Operator]:
    """Return the operators that some zones cover, by id."""
    countries = {country for zone in zones for country in RATEZONES[zone].countries}
    return [operator for operator in OPERATORS.values() if operator.country in countries]
