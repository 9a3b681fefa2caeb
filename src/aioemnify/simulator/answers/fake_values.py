"""Fake values by the name of a member: SIM numbers, addresses, codes and texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from uuid import UUID

from aioemnify.simulator.state.fleet import with_luhn

_DAYS = 28
_REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-1", "sa-east-1")
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _digits(prefix: str, length: int) -> Callable[[int], str]:
    """Return a function that makes digit strings with a prefix."""
    room = length - len(prefix)
    return lambda number: f"{prefix}{number % 10**room:0{room}d}"


def _with_luhn(make: Callable[[int], str]) -> Callable[[int], str]:
    def made(number: int) -> str:
        digits = make(number)
        return with_luhn(digits)

    return made


def _one_of(*values: str) -> Callable[[int], str]:
    return lambda number: values[number % len(values)]


def _address(number: int) -> str:
    return f"192.0.2.{number % 254 + 1}"


def _range(bits: int) -> Callable[[int], str]:
    return lambda number: f"10.{number % 64 + 64}.{number // 64 % 256}.0/{bits}"


def _day(number: int) -> str:
    return f"2024-{number % 12 + 1:02d}-{number // 12 % _DAYS + 1:02d}"


_ICCID = _digits("8988303", 19)
_TEXTS: Mapping[str, Callable[[int], str]] = {
    "iccid": _ICCID,
    "iccid_with_luhn": _with_luhn(_ICCID),
    "eid": _digits("89033023", 32),
    "imsi": _digits("90143", 15),
    "msisdn": _digits("8822", 14),
    "imei": _digits("35", 16),
    "imeisv": _digits("35", 16),
    "imei_with_luhn": _with_luhn(_digits("35", 14)),
    "bic": _digits("8", 16),
    "aws_account_id": _digits("", 12),
    "vlr_number": _digits("49", 12),
    "sgsn_number": _digits("49", 12),
    "msc": _digits("49", 12),
    "code": _one_of("EUR"),
    "symbol": _one_of("\u20ac"),
    "mcc": _one_of("262", "208", "222"),
    "mnc": _digits("", 2),
    "country_code": _one_of("49", "33", "39"),
    "iso_code": _one_of("de", "fr", "it"),
    "tapcode": _one_of("DEUD1", "FRAF1", "ITASI"),
    "username": lambda number: f"user{number % 1000}@example.com",
    "email": lambda number: f"user{number % 1000}@example.com",
    "url": lambda number: f"https://example.com/hook/{number % 1000}",
    "hex_color": lambda number: f"#{number % 2**24:06X}",
    "region": _one_of(*_REGIONS),
    "attachment_region": _one_of(*_REGIONS),
    "device_breakout_region": _one_of(*_REGIONS),
    "inside_cidr": lambda number: f"169.254.{number % 256}.{number // 256 % 64 * 4}/30",
    "ip_address_space": _range(24),
    "vpc_cidr": _range(16),
    "on_prem_cidr": _range(16),
    "primary": _address,
    "secondary": _address,
    "outside_address": _address,
    "ip": _address,
    "breakout_ip": _address,
    "public_ip": _address,
    "month": lambda number: f"2024-{number % 12 + 1:02d}-01",
    "date": _day,
    "last_execution": lambda number: f"{_day(number)}T12:00:00Z",
    "time": lambda number: f"{number % 24:02d}:{number // 24 % 60:02d}",
    "connection_type": _one_of("RestAPI"),
    "method": _one_of("POST", "PUT", "PATCH"),
    "format": _one_of("Json"),
    "unit": _one_of("MB"),
    "uuid": lambda number: str(UUID(int=number << 80 | number, version=4)),
}


def fake_text(name: str, number: int, *, of: str) -> str:
    """Return a text.

    Args:
        name: name of the member; it decides the kind of text.
        number: selects a text of that kind.
        of: name of the model.
    """
    make = _TEXTS.get(name)
    if make is not None:
        return make(number)
    if name.endswith("ip_address"):
        return _address(number)
    if name == "name":
        return f"{_WORD.sub(' ', of).capitalize()} {number % 1000}"
    if name == "description":
        return f"Simulated {_WORD.sub(' ', of).lower()}"
    return f"{name}-{number % 1000}"


def fake_number(name: str, number: int, *, whole: bool) -> int | float:
    """Return a number in the usual range of the member.

    Args:
        name: name of the member.
        number: selects the number.
        whole: whether it must be a whole number.
    """
    if name == "ip_address_version":
        return 4
    if name in ("latitude", "longitude"):
        return number % 9000 / 100
    if name == "asn":
        return 64_512 + number % 1000
    return number % 1000 + 1 if whole else number % 100_000 / 100
