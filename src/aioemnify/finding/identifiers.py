"""What a text can identify, and whether an object has that identifier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address
from typing import Any, Literal

from attrs import frozen

from aioemnify.errors import ArgumentError, ArgumentTypeError, FilterValueError

Kind = Literal["iccid", "eid", "imsi", "imei", "msisdn", "ip_address", "name"]

LABELS: Mapping[Kind, str] = {
    "iccid": "ICCID",
    "eid": "EID",
    "imsi": "IMSI",
    "imei": "IMEI",
    "msisdn": "MSISDN",
    "ip_address": "IP address",
    "name": "name",
}

_PATTERNS: Mapping[Kind, tuple[str, str]] = {
    "iccid": (r"[0-9]{19,20}", "19 digits, or 20 with the check digit"),
    "eid": (r"[0-9]{32}", "32 digits"),
    "imsi": (r"[0-9]{14,15}", "15 digits"),
    "imei": (r"[0-9]{15,16}", "15 digits, or the 16 of an IMEISV"),
    "msisdn": (r"[0-9]{5,15}", "up to 15 digits, with or without +"),
}
_NUMBER = re.compile(r"\+?[0-9][0-9 ]*")
IMEI_BODY = 14
"""Digits that an IMEI and an IMEISV have in common; a check digit or the software version follows."""


@frozen
class Identifier:
    """An identifier of one kind. ``text`` is as the API writes it."""

    kind: Kind
    text: str

    def __str__(self) -> str:
        return f"{LABELS[self.kind]} {self.text!r}"

    @property
    def field(self) -> str:
        """Return the filter field for it."""
        return "iccid_with_luhn" if self.kind == "iccid" and len(self.text) == 20 else self.kind

    @property
    def partial(self) -> bool:
        """Return whether the API stores it with digits that are not known: an IMEI lacks the version."""
        return self.kind == "imei" and len(self.text) == IMEI_BODY + 1

    @property
    def body(self) -> str:
        """Return the digits of an IMEI that its IMEISV has too."""
        return self.text[:IMEI_BODY]

    @property
    def advice(self) -> str:
        """Return the end of an error text if the check digit is wrong, which shows a typing error."""
        if (self.kind == "iccid" and len(self.text) == 20) or self.partial:
            right = luhn_digit(self.text[:-1])
            if right != self.text[-1]:
                return f"; the check digit is {right} if the digits before it are right"
        return ""

    def fits(self, thing: Any) -> bool | None:
        """Return whether an object, or the SIM in it, has this identifier; ``None`` if it does not tell."""
        if not hasattr(thing, self.kind):
            thing = thing.sim
            if thing is None:
                return False
        match self.kind:
            case "iccid":
                return self._fits_iccid(thing.iccid, thing.iccid_with_luhn)
            case "imei":
                return self._fits_imei(thing.imei, thing.imei_with_luhn)
            case kind:
                found = getattr(thing, kind)
                return None if found is None else bool(found == self.text)

    def _fits_iccid(self, bare: str | None, whole: str | None) -> bool | None:
        if len(self.text) == 19:
            found = bare if bare is not None else whole and whole[:19]
        else:
            found = whole if whole is not None else bare and bare + luhn_digit(bare)
        return None if found is None else found == self.text

    def _fits_imei(self, stored: str | None, whole: str | None) -> bool:
        if self.text in (stored, whole):
            return True
        stands_for = self.body + luhn_digit(self.body)
        return self.partial and stands_for == self.text and (stored or "")[:IMEI_BODY] == self.body


def luhn_digit(digits: str) -> str:
    """Return the check digit of ISO/IEC 7812-1 (Luhn) for digits."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def identifiers(text: object, given: Mapping[Kind, object]) -> tuple[Identifier, ...]:
    """Return what to look for, in this order.

    Args:
        text: what a user typed, whose kind is recognised.
        given: identifiers by kind, ``None`` where there is none.

    Raises:
        ArgumentError: there is not exactly one, or it cannot be of its kind.
    """
    forced: dict[Kind, object] = {kind: value for kind, value in given.items() if value is not None}
    if (text is not None) + len(forced) != 1:
        told = ["text"] * (text is not None) + [f"{kind}=" for kind in forced]
        problem = f"cannot be combined: pass one of {', '.join(told)}" if told else "is missing"
        raise ArgumentError("text", f"{problem}; {', '.join(f'{kind}=' for kind in given)} say what it is")
    for kind, value in forced.items():
        return (_of_kind(kind, value),)
    return _recognised(text)


def _of_kind(kind: Kind, value: object) -> Identifier:
    if not isinstance(value, str):
        raise ArgumentTypeError(kind, f"takes text, not {value!r}")
    if kind == "name":
        return _name(kind, value)
    digits = value.replace(" ", "")
    if kind == "ip_address":
        if not _is_address(digits):
            raise ArgumentError(kind, f"takes an IPv4 address, such as '10.0.0.7', not {value!r}")
        return Identifier(kind, digits)
    if kind == "msisdn":
        digits = digits.removeprefix("+")
    pattern, accepted = _PATTERNS[kind]
    if re.fullmatch(pattern, digits) is None:
        raise ArgumentError(kind, f"takes {accepted}, not {value!r}")
    return Identifier(kind, digits)


def _recognised(text: object) -> tuple[Identifier, ...]:
    if not isinstance(text, str):
        raise ArgumentTypeError("text", f"takes text, not {text!r}; for an id use get({text!r})")
    text = text.strip()
    if _is_address(text):
        return (Identifier("ip_address", text),)
    if _NUMBER.fullmatch(text) is None:
        return (_name("text", text),)
    digits = text.removeprefix("+").replace(" ", "")
    if text.startswith("+"):
        return (_of_kind("msisdn", digits),)
    match len(digits):
        case 19 | 20:
            return (Identifier("iccid", digits),)
        case 32:
            return (Identifier("eid", digits),)
        case 16:
            return (Identifier("imei", digits),)
        case 15:
            imei = Identifier("imei", digits)
            tries = [Identifier("imsi", digits), imei, Identifier("msisdn", digits)]
            return tuple(one for one in tries if one is not imei or not imei.advice)
        case length if 7 <= length <= 14:
            return (Identifier("msisdn", digits),)
        case length if length < 7:
            raise ArgumentError(
                "text",
                f"{text!r} is too short for an identifier; for an id use get({digits}), for a name "
                f"find(name={text!r})",
            )
    return (_name("text", text),)


def _name(argument: str, text: str) -> Identifier:
    if text == "null":
        raise FilterValueError(
            argument, "cannot be 'null': the API then selects what has no name; read the list instead"
        )
    return Identifier("name", text)


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True
