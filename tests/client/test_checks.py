"""Checks of arguments: what they let through, and what their errors say."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, nan
from typing import Any

import pytest

from aioemnify import RetryPolicy, Timeouts
from aioemnify._checks import (
    check_bool,
    check_choice,
    check_number,
    check_seconds,
    check_type,
    check_whole_number,
    did_you_mean,
)
from aioemnify.errors import ArgumentError, ArgumentTypeError


def refusal(check: Any, *arguments: Any, **bounds: Any) -> tuple[type[ArgumentError], str]:
    with pytest.raises(ArgumentError) as caught:
        check("size", *arguments, **bounds)
    assert caught.value.argument == "size"
    return type(caught.value), str(caught.value)


def test_what_fits_comes_back_as_it_is() -> None:
    assert check_whole_number("size", 1) == 1
    assert check_whole_number("size", 0, 0) == 0
    assert check_whole_number("size", -(10**17), -inf) == -(10**17)
    assert check_number("size", 0.5, above=0.0, most=0.5) == 0.5
    assert check_seconds("size", 10**300) == 10**300
    assert check_bool("size", False) is False
    assert check_type("size", {"a": 1}, Mapping, "a mapping") == {"a": 1}
    check_choice("size", "small", ("small", "large"))


@pytest.mark.parametrize("value", ["1", 1.0, True, None, b"1"])
def test_a_whole_number_is_an_int_and_no_bool(value: object) -> None:
    assert refusal(check_whole_number, value) == (
        ArgumentTypeError,
        f"size takes a whole number, not {value!r}",
    )


def test_a_whole_number_has_a_least() -> None:
    assert refusal(check_whole_number, 0) == (ArgumentError, "size is at least 1, not 0")
    assert refusal(check_whole_number, -1, 0) == (ArgumentError, "size is at least 0, not -1")


@pytest.mark.parametrize("value", [2**63, 10**400, 10**5000, -(10**5000)], ids=range(4))
def test_a_whole_number_is_below_2_to_the_63rd(value: int) -> None:
    assert refusal(check_whole_number, value) == (
        ArgumentError,
        "size takes a whole number below 2**63",
    )
    assert check_whole_number("size", 2**63 - 1) == 2**63 - 1


@pytest.mark.parametrize("value", [10**400, 10**5000], ids=range(2))
def test_a_number_far_out_of_bounds(value: int) -> None:
    told = refusal(check_number, value, above=0.0, most=60.0)
    assert told == (
        ArgumentError,
        "size takes a number above 0 and at most 60, not a larger one",
    )


@pytest.mark.parametrize(("most", "shown"), [(31_622_400.0, "31,622,400"), (1 / 3, "0.333")])
def test_a_bound_is_readable(most: float, shown: str) -> None:
    told = refusal(check_number, -1, above=0.0, most=most)
    assert told == (ArgumentError, f"size takes a number above 0 and at most {shown}, not -1")


@pytest.mark.parametrize("value", [0, -1, 61, nan, inf, -inf])
def test_a_number_out_of_bounds(value: float) -> None:
    told = refusal(check_number, value, above=0.0, most=60.0)
    assert told == (ArgumentError, f"size takes a number above 0 and at most 60, not {value!r}")


@pytest.mark.parametrize("value", ["1", True, None])
def test_seconds_are_a_number(value: object) -> None:
    told = refusal(check_seconds, value)
    assert told == (ArgumentTypeError, f"size takes a number of seconds above 0, not {value!r}")


def test_a_choice_lists_what_there_is_and_offers_the_closest() -> None:
    assert refusal(check_choice, "lagre", ("small", "large")) == (
        ArgumentError,
        "size is one of small, large, not 'lagre'; did you mean 'large'?",
    )
    assert refusal(check_choice, [], ("small",)) == (ArgumentError, "size is one of small, not []")


def test_a_value_of_another_type_is_not_shown() -> None:
    told = refusal(check_type, "a secret", Mapping, "a mapping")
    assert told == (ArgumentTypeError, "size takes a mapping, not str")
    assert refusal(check_bool, 1) == (ArgumentTypeError, "size takes True or False, not 1")


@pytest.mark.parametrize(
    ("name", "closest"),
    [
        ("icicd", "iccid"),
        ("ICCID", "iccid"),
        ("activationDate", "activation_date"),
        ("stauts", "status"),
        ("nothing alike", None),
        ("", None),
        (5, None),
        (None, None),
    ],
)
def test_the_closest_name(name: object, closest: str | None) -> None:
    offered = did_you_mean(name, ["iccid", "status", "activation_date"])
    assert offered == (f"; did you mean {closest!r}?" if closest else "")


@pytest.mark.parametrize(
    ("kind", "member"),
    [(Timeouts, "connect"), (Timeouts, "pool"), (RetryPolicy, "first_delay"), (RetryPolicy, "attempts")],
)
@pytest.mark.parametrize("value", [0, -1, nan, "5", True])
def test_timeouts_and_retries_name_what_is_wrong(kind: Any, member: str, value: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        kind(**{member: value})
    assert caught.value.argument == f"{kind.__name__}.{member}"
