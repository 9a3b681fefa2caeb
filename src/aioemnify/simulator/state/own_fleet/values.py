"""Read the members of a SIM or an endpoint, as the API or a spreadsheet writes them.

A member that is missing, null or empty is None. The functions raise :class:`WrongLine` for other values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.platform.dates import read_date
from aioemnify.simulator.state.addresses import read_address
from aioemnify.simulator.state.fleet import with_luhn

_LARGEST_ID = 2**53
_DIGITS = {"iccid": (18, 20), "imsi": (14, 15), "msisdn": (5, 15), "eid": (32, 32), "imei": (14, 16)}
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class WrongLine(Exception):
    """What is wrong with a line; ``line`` is its number, if it is not the line that is read now."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def present(value: Any) -> bool:
    """Return whether a value says something."""
    return value is not None and value != "" and value != {}


def read_inner(values: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """Return an inner object; a bare id stands for one."""
    given = values.get(name)
    if not present(given):
        return None
    return given if isinstance(given, Mapping) else {"id": given}


def read_id(values: Mapping[str, Any], what: str) -> int:
    """Return the id, which must be there."""
    given = values.get("id")
    whole = int(given) if isinstance(given, str) and re.fullmatch(r"[0-9]{1,16}", given) else given
    if isinstance(whole, bool) or not isinstance(whole, int) or not 0 < whole < _LARGEST_ID:
        raise WrongLine(
            f"the id of the {what.replace('_', ' ')} must be a whole number above 0, not {given!r}"
        )
    return whole


def read_text(values: Mapping[str, Any], name: str) -> str | None:
    """Return a text."""
    given = values.get(name)
    if given is not None and not isinstance(given, str):
        raise WrongLine(f"{name} must be text, not {given!r}")
    return given or None


def read_digits(values: Mapping[str, Any], name: str) -> str | None:
    """Return a number of digits as text; the API sometimes writes a JSON number."""
    given = values.get(name)
    if not present(given):
        return None
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    least, most = _DIGITS[name]
    if not isinstance(text, str) or not re.fullmatch(f"[0-9]{{{least},{most}}}", text):
        length = str(least) if least == most else f"{least} to {most}"
        raise WrongLine(f"{name} must have {length} digits, not {given!r}")
    return text


def read_iccid(values: Mapping[str, Any]) -> str | None:
    """Return the ICCID without its check digit."""
    short = read_digits(values, "iccid")
    long = read_digits({"iccid": values.get("iccid_with_luhn")}, "iccid")
    if short is not None and len(short) == 20:
        short, long = None, long or short
    if long is not None:
        if with_luhn(long[:-1]) != long:
            raise WrongLine(f"the ICCID {long} does not end with its check digit {with_luhn(long[:-1])[-1]}")
        if short is not None and long[:-1] != short:
            raise WrongLine(f"iccid_with_luhn {long} does not belong to iccid {short}")
        return long[:-1]
    return short


def read_boolean(values: Mapping[str, Any], name: str) -> bool | None:
    """Return a truth value."""
    given = values.get(name)
    if not present(given):
        return None
    if str(given).lower() not in _TRUTH:
        raise WrongLine(f"{name} must be true or false, not {given!r}")
    return _TRUTH[str(given).lower()]


def read_status(values: Mapping[str, Any], known: Mapping[int, str], deleted: int, what: str) -> int | None:
    """Return a status by its id or its name, in any of the forms that the API and people use."""
    given = values.get("status")
    if isinstance(given, Mapping):
        given = given.get("id", given.get("description"))
    if not present(given):
        return None
    by_name = {name.lower(): identity for identity, name in known.items()}
    by_name |= {str(identity): identity for identity in known}
    found = by_name.get(str(given).lower())
    if found is None:
        names = ", ".join(f"{identity} ({name})" for identity, name in known.items() if identity != deleted)
        raise WrongLine(f"the status of the {what} must be one of {names}, not {given!r}")
    if found == deleted:
        raise WrongLine(f"the {what} is deleted; leave it out")
    return found


def read_moment(values: Mapping[str, Any], name: str) -> float | None:
    """Return a date in seconds since 1970."""
    given = values.get(name)
    if not present(given):
        return None
    moment = read_date(given)
    if moment is None:
        raise WrongLine(f"{name} must be a date, such as 2026-11-02T09:15:04Z, not {given!r}")
    return moment


def read_member_address(values: Mapping[str, Any]) -> int | None:
    """Return ``ip_address`` as a number."""
    given = values.get("ip_address")
    if not present(given):
        return None
    address = read_address(given) if isinstance(given, str) else None
    if address is None:
        raise WrongLine(f"ip_address must be an IPv4 address, not {given!r}")
    return address
