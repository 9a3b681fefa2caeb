"""What a text is taken for, what is refused, and what a forced kind accepts."""

from __future__ import annotations

from typing import Any, cast

import pytest

from aioemnify.errors import ArgumentError, ArgumentTypeError, FilterValueError
from aioemnify.finding.identifiers import Identifier, Kind, identifiers, luhn_digit

KINDS = ("iccid", "eid", "imsi", "imei", "msisdn", "ip_address", "name")


def recognised(text: Any, **given: Any) -> list[tuple[str, str]]:
    named = cast("dict[Kind, object]", dict.fromkeys(KINDS) | given)
    return [(one.kind, one.text) for one in identifiers(text, named)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("8988303000000000901", [("iccid", "8988303000000000901")]),
        ("89883030000000009011", [("iccid", "89883030000000009011")]),
        ("  8988 3030 0000 0000 901 ", [("iccid", "8988303000000000901")]),
        ("8" * 32, [("eid", "8" * 32)]),
        ("8643456788893212", [("imei", "8643456788893212")]),
        # The check digit of 490154203237518 is right, that of 295050000000001 is not.
        ("490154203237518", [(kind, "490154203237518") for kind in ("imsi", "imei", "msisdn")]),
        ("295050000000001", [(kind, "295050000000001") for kind in ("imsi", "msisdn")]),
        ("4915123", [("msisdn", "4915123")]),
        ("49151234567890", [("msisdn", "49151234567890")]),
        ("+49151234", [("msisdn", "49151234")]),
        ("+49 151 234", [("msisdn", "49151234")]),
        ("+49-151-234", [("msisdn", "49151234")]),
        ("0049 151 234", [("msisdn", "49151234")]),
        ("004915123456789", [("imsi", "004915123456789"), ("msisdn", "4915123456789")]),
        ("0049151234567890", [("imei", "0049151234567890"), ("msisdn", "49151234567890")]),
        ("00423663000000001", [("msisdn", "423663000000001")]),
        ("\u00a08988\u00a03030\t0000 0000 901\n", [("iccid", "8988303000000000901")]),
        ("8988-3030-0000-0000-901", [("iccid", "8988303000000000901"), ("name", "8988-3030-0000-0000-901")]),
        (
            "49-015420-323751-8",
            [(kind, "490154203237518") for kind in ("imsi", "imei", "msisdn")]
            + [("name", "49-015420-323751-8")],
        ),
        ("2026-11-02", [("name", "2026-11-02")]),
        ("12-34", [("name", "12-34")]),
        ("+423663000000001", [("msisdn", "423663000000001")]),
        ("10.0.0.7", [("ip_address", "10.0.0.7")]),
        ("10.0.0.256", [("name", "10.0.0.256")]),
        ("pump-17", [("name", "pump-17")]),
        ("17 pumps", [("name", "17 pumps")]),
        ("1" * 18, [("name", "1" * 18)]),
        (
            "\u0661\u0662\u0663\u0664\u0665\u0666\u0667",
            [("name", "\u0661\u0662\u0663\u0664\u0665\u0666\u0667")],
        ),
    ],
)
def test_what_a_text_is_taken_for(text: str, kinds: list[tuple[str, str]]) -> None:
    assert recognised(text) == kinds


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"iccid": "8988 3030 0000 0000 901"}, ("iccid", "8988303000000000901")),
        ({"iccid": "8988-3030\u20130000\u00a00000 901"}, ("iccid", "8988303000000000901")),
        ({"imei": "49-015420-323751-8"}, ("imei", "490154203237518")),
        ({"msisdn": "00 49 151-1"}, ("msisdn", "491511")),
        ({"ip_address": " 10.0.0.7\n"}, ("ip_address", "10.0.0.7")),
        ({"imsi": "295050000000001"}, ("imsi", "295050000000001")),
        ({"msisdn": "+49 151 1"}, ("msisdn", "491511")),
        ({"msisdn": "423663000000001"}, ("msisdn", "423663000000001")),
        ({"name": "4711"}, ("name", "4711")),
        ({"name": " pump "}, ("name", " pump ")),
        ({"ip_address": "10.0.0.7"}, ("ip_address", "10.0.0.7")),
    ],
)
def test_a_keyword_forces_a_kind(given: dict[str, str], expected: tuple[str, str]) -> None:
    assert recognised(None, **given) == [expected]


@pytest.mark.parametrize(
    ("text", "given", "kind", "message"),
    [
        (4711, {}, ArgumentTypeError, r"for an id use get\(4711\)"),
        ("4711", {}, ArgumentError, r"use get\(4711\), for a name find\(name='4711'\)"),
        ("123456", {}, ArgumentError, "too short"),
        (None, {}, ArgumentError, "is missing; iccid="),
        ("pump", {"imsi": "1" * 15}, ArgumentError, "pass one of text, imsi="),
        (None, {"imsi": "1" * 15, "name": "a"}, ArgumentError, "pass one of imsi=, name="),
        (None, {"iccid": "898830300000"}, ArgumentError, "iccid takes 19 digits, or 20 with the check digit"),
        (None, {"eid": "1" * 31}, ArgumentError, "eid takes 32 digits"),
        (None, {"imsi": "29505000000000a"}, ArgumentError, "imsi takes 15 digits"),
        (None, {"imei": "1" * 14}, ArgumentError, "imei takes 15 digits, or the 16"),
        (None, {"msisdn": "0 street"}, ArgumentError, "msisdn takes up to 15 digits"),
        (None, {"ip_address": "10.0.0"}, ArgumentError, "ip_address takes an IPv4 address"),
        (None, {"ip_address": "10.0.0.1-2"}, ArgumentError, "ip_address takes an IPv4 address"),
        (None, {"imsi": "\u0662" * 15}, ArgumentError, "imsi takes 15 digits"),
        (None, {"imsi": 295050000000001}, ArgumentTypeError, "imsi takes text, not 295050000000001"),
        ("null", {}, FilterValueError, "cannot be 'null'"),
        (None, {"name": "null"}, FilterValueError, "name cannot be 'null'"),
        ("+4915112345678901", {}, ArgumentError, "msisdn takes up to 15 digits"),
    ],
)
def test_what_is_refused(text: Any, given: dict[str, Any], kind: type[ArgumentError], message: str) -> None:
    with pytest.raises(kind, match=message):
        recognised(text, **given)


@pytest.mark.parametrize("number", ["490154203237518", "4539578763621486", "79927398713", "0"])
def test_the_check_digit(number: str) -> None:
    """Published examples: an IMEI, a card number, the one of most texts about it, and zero."""
    assert luhn_digit(number[:-1]) == number[-1]


def test_a_wrong_check_digit_is_told() -> None:
    assert Identifier("imei", "490154203237519").advice.startswith("; the check digit is 8")
    assert Identifier("iccid", "8988303000000000901" + luhn_digit("8988303000000000901")).advice == ""
    assert Identifier("iccid", "8988303000000000901").advice == ""


def test_a_national_number_is_told() -> None:
    (msisdn,) = identifiers("0151 2345678", dict.fromkeys(KINDS))  # type: ignore[arg-type]
    assert (msisdn.text, msisdn.advice) == (
        "01512345678",
        "; it begins with the code of the country, not with 0",
    )
