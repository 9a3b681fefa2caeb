"""Filters and sorting: checked before they are sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.errors import ArgumentError, ArgumentTypeError, FilterValueError
from aioemnify.filters import filter_text, sort_text
from aioemnify.operation import Listing


@frozen
class Status:
    id: int | str | None
    description: str | None = None


SIMS = Listing(
    filter_fields=("id", "status", "iccid", "endpoint", "satellite_capable"), sort_fields=("id", "status")
)
EVENTS = Listing(
    filter_fields=("from", "until", "iccid", "type", "description"),
    multi_value_fields=("iccid", "type"),
    multi_value_max=6,
    paired_fields=("from", "until"),
)
HUGE = 10**5000  # Python refuses to write so many digits
NOON = datetime(2026, 3, 31, 12, 0, 0, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.5, "1.5"),
        ("8988", "8988"),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (Status(1, "Activated"), "1"),
        (Status("one"), "one"),
        (NOON, "2026-03-31T12:00:00Z"),
        (datetime(2026, 3, 31, 1, tzinfo=timezone(timedelta(hours=2))), "2026-03-30T23:00:00Z"),
        (date(2026, 3, 31), "2026-03-31"),
        ("a:b", "a:b"),
        ("a b*", "a b*"),
    ],
)
def test_values(value: object, text: str) -> None:
    assert filter_text(SIMS, {"status": value}) == f"status:{text}"


def test_pairs_are_combined_in_the_order_given() -> None:
    assert filter_text(SIMS, {"status": 1, "endpoint": None, "id": 7}) == "status:1,endpoint:null,id:7"


def test_an_empty_filter_is_none() -> None:
    assert filter_text(SIMS, {}) is None


def test_an_unknown_field_is_named_with_those_that_exist_and_the_closest() -> None:
    with pytest.raises(ArgumentError) as caught:
        filter_text(SIMS, {"stauts": 1})
    assert str(caught.value) == (
        "filter has no field 'stauts'; it has id, status, iccid, endpoint, satellite_capable; "
        "did you mean 'status'?"
    )


@pytest.mark.parametrize("value", ["a,b", "a|b", "", ",", "a\nb", "\0"])
def test_text_that_would_select_something_else_is_refused(value: str) -> None:
    with pytest.raises(FilterValueError) as caught:
        filter_text(EVENTS, {"description": value})
    assert caught.value.argument == "filter['description']"
    with pytest.raises(FilterValueError):
        filter_text(EVENTS, {"iccid": ["8988", value]})
    with pytest.raises(FilterValueError):
        filter_text(SIMS, {"status": Status(value)})


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), float("-inf"), 1e19, 2**63, -(2**63), HUGE, -HUGE],
    ids=["nan", "inf", "-inf", "float", "int", "-int", "huge", "-huge"],
)
def test_a_number_that_no_server_reads_is_refused(value: float) -> None:
    for criterion in (value, Status(value)) if isinstance(value, int) else (value,):
        with pytest.raises(FilterValueError) as caught:
            filter_text(SIMS, {"id": criterion})
        assert caught.value.argument == "filter['id']"
    assert filter_text(SIMS, {"id": 2**63 - 1}) == "id:9223372036854775807"


@pytest.mark.parametrize(
    "criteria", [{"stauts": 1}, {"status": object()}, {"status": [1, 2]}, {"from": NOON}, "status:1"]
)
def test_a_mistake_of_the_program_is_not_a_filter_value(criteria: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        filter_text(EVENTS if "from" in criteria else SIMS, criteria)
    assert not isinstance(caught.value, FilterValueError)


@given(st.text())
def test_a_value_never_adds_a_pair(value: str) -> None:
    try:
        text = filter_text(EVENTS, {"description": value})
    except FilterValueError:
        return
    assert text is not None
    assert "," not in text
    assert "|" not in text
    assert text.partition(":") == ("description", ":", value)


@pytest.mark.parametrize("value", [b"x", object(), {"id": 1}, Status(None), [[1]]])
def test_other_types_are_refused(value: object) -> None:
    with pytest.raises(ArgumentError) as caught:
        filter_text(EVENTS, {"type": value})
    assert caught.value.argument == "filter['type']"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"filter\['status'\] takes a time with a zone"):
        filter_text(SIMS, {"status": datetime(2026, 3, 31)})  # noqa: DTZ001


@pytest.mark.parametrize("criteria", ["status:1", [("status", 1)], 5])
def test_a_filter_is_a_mapping(criteria: object) -> None:
    with pytest.raises(ArgumentTypeError, match="filter takes a mapping"):
        filter_text(SIMS, criteria)  # type: ignore[arg-type]


# --- alternatives and pairs


def test_alternatives_are_joined_with_a_bar() -> None:
    assert filter_text(EVENTS, {"type": [1, Status(2), "x", None]}) == "type:1|2|x|null"
    assert filter_text(EVENTS, {"type": (1,)}) == "type:1"
    assert filter_text(EVENTS, {"type": {3, 1, 2}}) == "type:1|2|3"
    assert filter_text(EVENTS, {"type": list(range(6))}) == "type:0|1|2|3|4|5"


@pytest.mark.parametrize("count", [0, 7])
def test_the_number_of_alternatives_is_kept(count: int) -> None:
    with pytest.raises(ArgumentError, match=f"takes 1 to 6 alternatives, not {count}"):
        filter_text(EVENTS, {"type": list(range(count))})


def test_alternatives_where_none_are_taken() -> None:
    with pytest.raises(ArgumentError, match=r"filter\['description'\] takes one value; .* iccid, type"):
        filter_text(EVENTS, {"description": ["a", "b"]})
    with pytest.raises(ArgumentError, match=r"filter\['status'\] takes one value$"):
        filter_text(SIMS, {"status": [1, 2]})


def test_half_of_a_pair_is_refused() -> None:
    with pytest.raises(ArgumentError, match="from and until only together"):
        filter_text(EVENTS, {"from": NOON})
    with pytest.raises(ArgumentError, match="from and until only together"):
        filter_text(EVENTS, {"until": NOON, "type": 1})
    assert (
        filter_text(EVENTS, {"from": NOON, "until": NOON + timedelta(hours=1)})
        == "from:2026-03-31T12:00:00Z,until:2026-03-31T13:00:00Z"
    )


# --- sorting


@pytest.mark.parametrize(
    ("sort", "text"),
    [
        ([], None),
        ("id", "id"),
        ("-status", "-status"),
        ("+status", "status"),
        ("-status,id", "-status,id"),
        ("-status, id", "-status,id"),
        (["-status", "+id"], "-status,id"),
        (("id",), "id"),
    ],
)
def test_sorting(sort: object, text: str | None) -> None:
    assert sort_text(SIMS, sort) == text  # type: ignore[arg-type]


@pytest.mark.parametrize("sort", ["name", "", "id,", "--id", "ID", ["id,status"], "id;status"])
def test_an_unknown_sort_field_is_refused(sort: object) -> None:
    with pytest.raises(ArgumentError, match="sort has no field .*; it has id, status"):
        sort_text(SIMS, sort)  # type: ignore[arg-type]


def test_the_closest_sort_field_is_offered() -> None:
    with pytest.raises(ArgumentError, match=r"; did you mean 'status'\?$"):
        sort_text(SIMS, "-stats")


@pytest.mark.parametrize("sort", [5, True, [1], {"id": "asc"}, b"id", {"id"}])
def test_sorting_is_text(sort: object) -> None:
    with pytest.raises(ArgumentTypeError, match="sort takes field names as text"):
        sort_text(SIMS, sort)  # type: ignore[arg-type]
