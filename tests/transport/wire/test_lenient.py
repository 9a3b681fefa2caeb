"""The fast reader and the lenient reader say the same, and nothing that came is lost."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.operation import Result
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.lenient import LenientReader, parse_timestamp
from tests.transport.wire.small_models import CLASSES, Lookup, Renamed, Thing

FAST: msgspec.json.Decoder[Thing] = msgspec.json.Decoder(Thing, strict=False)


@pytest.fixture(autouse=True, scope="module")
def far_from_utc() -> Iterator[None]:
    """Run where local time is not UTC, so that mixing them up shows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


def lenient(raw: dict[str, Any]) -> tuple[Any, set[str]]:
    reader = LenientReader()
    return reader.read(json.loads(json.dumps(raw)), Thing), reader.mismatches


def decoded(raw: dict[str, Any]) -> Any:
    """Read as the client does: fast, and leniently where that refuses."""
    return Codec(CLASSES.__getitem__).decode(Result("tests:Thing"), json.dumps(raw).encode(), "things.get")


# --- dates

SPELLINGS = [
    ("2022-03-27T23:20:49.298Z", datetime(2022, 3, 27, 23, 20, 49, 298000, tzinfo=UTC), True),
    ("2021-11-18T08:25:53.000+0000", datetime(2021, 11, 18, 8, 25, 53, tzinfo=UTC), True),
    ("2014-08-01T08:47:00+00:00", datetime(2014, 8, 1, 8, 47, tzinfo=UTC), True),
    ("2014-08-01T10:47:00+02:00", datetime(2014, 8, 1, 8, 47, tzinfo=UTC), True),
    ("2021-10-06 10:42:58", datetime(2021, 10, 6, 10, 42, 58, tzinfo=UTC), False),
    ("2021-10-27T08:38:02", datetime(2021, 10, 27, 8, 38, 2, tzinfo=UTC), False),
    ("2021-10-27", datetime(2021, 10, 27, tzinfo=UTC), False),
]


@pytest.mark.parametrize(("text", "instant", "fast"), SPELLINGS)
def test_every_date_spelling_is_the_right_instant_with_a_zone(
    text: str, instant: datetime, fast: bool
) -> None:
    raw = {"id": 1, "created": text}
    if fast:
        moments = [FAST.decode(json.dumps(raw)).created]
    else:
        moments = []
        with pytest.raises(msgspec.ValidationError):  # so that a naive time can never come through
            FAST.decode(json.dumps(raw))
    thing, mismatches = lenient(raw)
    moments += [thing.created, decoded(raw).created, parse_timestamp(text)]
    for moment in moments:
        assert moment == instant
        assert moment.utcoffset() is not None
    assert not mismatches


@pytest.mark.parametrize(("text", "instant", "fast"), SPELLINGS)
def test_a_date_is_read_beside_a_member_that_breaks_the_schema(
    text: str, instant: datetime, fast: bool
) -> None:
    assert decoded({"id": 1, "name": 5, "created": text}).created == instant


# --- the same on both ways


@pytest.mark.parametrize(
    ("member", "value", "meant"),
    [
        ("count", "12", 12),
        ("count", "-3", -3),
        ("count", 12.0, 12),
        ("count", "12.0", 12),
        ("count", "99999999999999999999", 99999999999999999999),
        ("count", "null", None),
        ("count", None, None),
        ("active", "1", True),
        ("active", "0", False),
        ("active", "true", True),
        ("active", "False", False),
        ("active", 1, True),
        ("active", 0, False),
        ("active", "NULL", None),
        ("ratio", "1.5", 1.5),
        ("ratio", 2, 2.0),
        ("ratio", "null", None),
        ("money", "0.1234567890", Decimal("0.1234567890")),
        ("money", "12345678901234567890.1234567890", Decimal("12345678901234567890.1234567890")),
        ("money", 3, Decimal(3)),
        ("money", 0.5, Decimal("0.5")),
        ("created", "null", None),
        ("day", "2026-03-31", date(2026, 3, 31)),
        ("day", "null", None),
        # Not a spelling of this API. Both readers take a bare number as seconds since 1970.
        ("created", 1700000000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("created", 1700000000.5, datetime(2023, 11, 14, 22, 13, 20, 500000, tzinfo=UTC)),
        ("created", "1700000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("name", "", ""),
        ("name", "null", "null"),
        ("detail", {"a": [1, None]}, {"a": [1, None]}),
        ("series", [["10:00", 1.5], ["11:00", "2"]], [("10:00", 1.5), ("11:00", 2.0)]),
        ("status", {"id": "1"}, Lookup(id=1)),
    ],
)
def test_both_readers_agree(member: str, value: Any, meant: Any) -> None:
    raw = {"id": 1, member: value}
    thing, mismatches = lenient(raw)
    for read in (FAST.decode(json.dumps(raw)), thing):
        got = getattr(read, member)
        assert got == meant
        assert type(got) is type(meant)
        assert str(got) == str(meant)
    assert not mismatches


@pytest.mark.parametrize(
    ("member", "value", "meant"),
    [
        ("count", "", None),
        ("active", "", None),
        ("ratio", "", None),
        ("money", "", None),
        ("created", "", None),
        ("day", "", None),
        ("day", " 2026-03-31 ", date(2026, 3, 31)),
        ("status", "", None),
        ("parts", "", None),
        ("detail", "", None),
        ("name", 8988303000000000901, "8988303000000000901"),
        ("name", 1.5, "1.5"),
        ("active", "yes", True),
        ("count", True, 1),
    ],
)
def test_what_only_the_lenient_reader_takes(member: str, value: Any, meant: Any) -> None:
    raw = {"id": 1, member: value}
    with pytest.raises(msgspec.ValidationError):
        FAST.decode(json.dumps(raw))
    thing, mismatches = lenient(raw)
    assert getattr(thing, member) == meant
    assert type(getattr(thing, member)) is type(meant)
    assert not mismatches


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("count", "many"),
        ("count", 1.5),
        ("count", "1_000"),
        ("count", [1]),
        ("count", "1e999"),
        ("active", 2),
        ("active", "maybe"),
        ("ratio", True),
        ("money", "dear"),
        ("money", False),
        ("created", "soon"),
        ("day", "soon"),
        ("day", "2026-02-30"),
        ("day", 20260331),
        ("day", "2026-03-31T10:00:00Z"),
        ("created", "0000-00-00"),
        ("created", 1e30),
        ("created", 1700000000000),  # milliseconds: year 55840
        ("created", True),
        ("name", True),
        ("name", {"first": "x"}),
        ("status", 1),
        ("status", [1]),
        ("parts", {"id": 1}),
        ("detail", "text"),
        ("detail", [1]),
        ("series", "none"),
    ],
)
def test_what_does_not_fit_is_kept_as_it_came_and_told(member: str, value: Any) -> None:
    thing, mismatches = lenient({"id": 7, member: value})
    assert getattr(thing, member) == value
    assert thing.id == 7
    assert mismatches == {f"Thing.{member} is {type(value).__name__}"}


def test_only_the_broken_part_of_a_nested_object_stays_raw() -> None:
    thing, mismatches = lenient(
        {
            "id": 1,
            "status": {"id": "one", "description": "Activated"},
            "parts": [{"id": 1}, 5, {"id": "2"}, None, {"description": 9}],
            "series": [["10:00", "x"], ["11:00", 1], ["12:00"]],
        }
    )
    assert thing.status.id == "one"
    assert thing.status.description == "Activated"
    assert thing.parts[0] == Lookup(id=1)
    assert thing.parts[1] == 5
    assert thing.parts[2] == Lookup(id=2)
    assert thing.parts[3] is None
    assert (thing.parts[4].id, thing.parts[4].description) == (None, "9")
    assert thing.series == [("10:00", "x"), ("11:00", 1.0), ["12:00"]]
    assert mismatches == {
        "Thing.status.id is str",
        "Thing.parts is int",
        "Thing.parts is NoneType",
        "Thing.parts.id is missing",
        "Thing.series is str",
        "Thing.series is list",
    }


def test_a_missing_required_member_is_none_and_told() -> None:
    thing, mismatches = lenient({"name": "x"})
    assert (thing.id, thing.name) == (None, "x")
    assert mismatches == {"Thing.id is missing"}


def test_a_null_in_a_required_member_is_none_and_told() -> None:
    thing, mismatches = lenient({"id": None, "name": "x"})
    assert (thing.id, thing.name) == (None, "x")
    assert mismatches == {"Thing.id is NoneType"}


def test_an_unknown_member_is_dropped_by_both() -> None:
    raw = {"id": 1, "brand_new": {"deep": [1]}}
    thing, mismatches = lenient(raw)
    assert thing == FAST.decode(json.dumps(raw)) == Thing(id=1)
    assert not mismatches


def test_a_renamed_member_is_read_by_its_wire_name() -> None:
    reader = LenientReader()
    read = reader.read({"id": 1, "class": "A", "class_": "B", "parts": [{"id": "2"}]}, Renamed)
    assert read == Renamed(id=1, class_="A", parts=[Lookup(id=2)])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = [
    "id",
    "name",
    "status",
    "created",
    "day",
    "count",
    "active",
    "ratio",
    "money",
    "parts",
    "series",
    "detail",
]


@given(st.dictionaries(st.sampled_from([*MEMBERS, "anything", "new"]), JSON))
def test_no_member_whatever_it_holds_makes_it_raise(raw: dict[str, Any]) -> None:
    reader = LenientReader()
    thing = reader.read(raw, Thing)
    assert isinstance(thing, Thing)
    assert thing.anything == raw.get("anything")


@given(st.dictionaries(st.sampled_from([*MEMBERS, "anything"]), JSON))
def test_where_the_fast_reader_succeeds_both_agree(raw: dict[str, Any]) -> None:
    text = msgspec.json.encode(raw)
    try:
        fast = FAST.decode(text)
    except msgspec.ValidationError:
        return
    reader = LenientReader()
    assert reader.read(msgspec.json.decode(text), Thing) == fast


def test_the_values_of_a_mapping_are_read_one_by_one() -> None:
    reader = LenientReader()
    given = {"2026-03-31": "1.5", "2026-04-01": 2, "2026-04-02": "many"}
    assert reader.read(given, dict[str, float] | None) == {
        "2026-03-31": 1.5,
        "2026-04-01": 2.0,
        "2026-04-02": "many",
    }
    assert reader.mismatches == {"the response is str"}
    reader = LenientReader()
    assert reader.read([1], dict[str, float] | None) == [1]
    assert reader.mismatches == {"the response is list"}


@pytest.mark.parametrize("value", [5, None, True, b"2026-03-31"])
def test_a_moment_is_text(value: object) -> None:
    with pytest.raises(TypeError):
        parse_timestamp(value)
