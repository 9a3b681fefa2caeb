"""What the user says becomes JSON, or is refused with everything that is wrong with it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.operation import Body
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.request_body import MAX_PROBLEMS, BodyWriter
from aioemnify.types import UNSET
from tests.transport.wire.small_models import (
    Bolt,
    CodeLock,
    Door,
    Draft,
    Gate,
    Inner,
    KeyLock,
    Label,
    Latch,
    Lookup,
    OtherLookup,
    Ref,
    Thing,
)


class OwnDatetime(datetime):
    """A subclass, as those of pandas and freezegun are."""


class OwnDate(date):
    """A subclass too."""


LEAST: dict[str, Any] = {"name": "pump", "status": 1}
LEAST_WIRE = {"name": "pump", "status": {"id": 1}}


def written(value: Any) -> Any:
    return json.loads(
        msgspec.json.Encoder(decimal_format="number").encode(BodyWriter().write(Draft, value, many=False))
    )


def said(**more: Any) -> tuple[Any, Any]:
    """The same body as a mapping and as the model."""
    return LEAST | more, Draft(**LEAST, **{"class_" if k == "class" else k: v for k, v in more.items()})


def refusal(value: Any, *, model: type[Any] = Draft, many: bool = False) -> str:
    with pytest.raises(ArgumentError) as caught:
        BodyWriter().write(model, value, many=many)
    assert caught.value.argument == "body"
    return str(caught.value)


@pytest.mark.parametrize(
    ("member", "value", "wire"),
    [
        ("name", "other", "other"),
        ("status", 3, {"id": 3}),
        ("status", Lookup(id=3), {"id": 3}),
        ("status", Lookup(id=3, description="x"), {"id": 3, "description": "x"}),
        ("status", {"id": 3}, {"id": 3}),
        ("status", {"id": 3, "description": None}, {"id": 3}),
        ("owner", 4, {"id": 4}),
        ("owner", Ref(id=4), {"id": 4}),
        ("owner", Ref(id=None), {"id": None}),
        ("owner", {"id": None}, {"id": None}),
        ("tags", ["a", "b"], ["a", "b"]),
        ("tags", ("a", "b"), ["a", "b"]),
        ("tags", [], []),
        ("owners", [1, {"id": 2}, Ref(id=3)], [{"id": 1}, {"id": 2}, {"id": 3}]),
        ("inner", {"id": None}, {"id": None}),
        ("inner", Inner(id=None), {"id": None}),
        ("inner", Inner(id=5, status=2), {"id": 5, "status": {"id": 2}}),
        ("inner", {"id": 5, "status": Lookup(id=2)}, {"id": 5, "status": {"id": 2}}),
        ("inners", [{"id": 1}, Inner(id=None)], [{"id": 1}, {"id": None}]),
        ("note", None, None),
        ("note", "", ""),
        ("volume", Decimal("99.999228"), 99.999228),
        ("until", datetime(2026, 3, 31, 12, tzinfo=UTC), "2026-03-31T12:00:00Z"),
        ("until", datetime(2026, 3, 31, 1, tzinfo=timezone(timedelta(hours=2))), "2026-03-30T23:00:00Z"),
        ("until", OwnDatetime(2026, 3, 31, 12, 0, 1, 500, tzinfo=UTC), "2026-03-31T12:00:01.000500Z"),
        ("day", OwnDate(2026, 3, 31), "2026-03-31"),
        ("until", date(2026, 3, 31), "2026-03-31T00:00:00Z"),
        ("until", "2026-03-31T12:00:00+02:00", "2026-03-31T10:00:00Z"),
        ("until", "2026-03-31", "2026-03-31T00:00:00Z"),
        ("day", date(2026, 3, 31), "2026-03-31"),
        ("day", "2026-03-31", "2026-03-31"),
        ("volume", 1, 1),
        ("volume", 1.5, 1.5),
        ("count", 0, 0),
        ("active", False, False),
        ("refill", True, True),
        ("refill", 0, 0),
        ("class", "A", "A"),
    ],
)
def test_a_member_is_written_the_same_from_a_mapping_and_from_a_model(
    member: str, value: Any, wire: Any
) -> None:
    for body in (
        LEAST | {member: value},
        Draft(**(LEAST | {"class_" if member == "class" else member: value})),
    ):
        got = written(body)
        assert got == LEAST_WIRE | {member: wire}
        assert type(got[member]) is type(wire)


def test_what_is_left_alone_is_not_sent() -> None:
    for body in said():
        assert written(body) == LEAST_WIRE
    for body in said(note=UNSET, owner=UNSET, inner=UNSET):
        assert written(body) == LEAST_WIRE
    assert written(LEAST | {"inner": {"id": 1, "status": UNSET}}) == LEAST_WIRE | {"inner": {"id": 1}}


def test_the_body_given_is_not_changed() -> None:
    inner = {"id": None, "status": UNSET}
    body = LEAST | {"inner": inner, "owners": [1]}
    written(body)
    assert body == LEAST | {"inner": {"id": None, "status": UNSET}, "owners": [1]}
    model = Draft(name="x", status=1, owners=[1, Ref(id=2)])
    written(model)
    assert model == Draft(name="x", status=1, owners=[1, Ref(id=2)])


WRONG: list[tuple[str, Any, str]] = [
    ("name", 5, "takes text, not int"),
    ("name", None, "takes text, not NoneType"),
    ("status", "Activated", "takes Lookup or its id, not str"),
    ("status", True, "takes Lookup or its id, not bool"),
    ("status", OtherLookup(id=1), "takes Lookup or its id, not OtherLookup"),
    ("status", Thing(id=1), "takes Lookup or its id, not Thing"),
    ("status", None, "cannot be None; leave it out instead"),
    ("status", 1.0, "takes Lookup or its id, not float"),
    ("owner", None, "cannot be None; leave it out instead"),
    ("owner", [1], "takes Ref or its id, not list"),
    ("tags", "a,b", "takes a list, not str"),
    ("tags", {"a": 1}, "takes a list, not dict"),
    ("tags", {"a"}, "takes a list, not set"),
    ("inner", 5, "takes Inner, not int"),
    ("inner", Ref(id=None), "takes Inner, not Ref"),
    ("until", datetime(2026, 3, 31), "takes a time with a time zone"),  # noqa: DTZ001
    ("until", "soon", "takes a time such as"),
    ("until", 1700000000, "takes a datetime, not 1700000000"),
    ("day", "soon", "takes a date such as 2026-03-31, not 'soon'"),
    ("day", datetime(2026, 3, 31, tzinfo=UTC), "takes a date such as 2026-03-31, not datetime"),
    ("day", 20260331, "takes a date such as 2026-03-31, not 20260331"),
    ("day", "9 @ noon", "takes a date such as 2026-03-31, not '9 @ noon'"),
    ("volume", "1.5", "takes a number, not '1.5'"),
    ("volume", True, "takes a number, not True"),
    ("volume", Decimal("NaN"), "takes a number, not Decimal('NaN')"),
    ("volume", float("nan"), "takes a number, not nan"),
    ("volume", float("-inf"), "takes a number, not -inf"),
    ("count", 1.0, "takes a whole number, not 1.0"),
    ("count", "1", "takes a whole number, not '1'"),
    ("count", False, "takes a whole number, not False"),
    ("active", 1, "takes True or False, not 1"),
    ("active", "true", "takes True or False, not 'true'"),
    ("refill", "1", "takes a whole number, not '1'"),
]


@pytest.mark.parametrize(("member", "value", "problem"), WRONG)
def test_a_wrong_value_is_refused_with_its_place(member: str, value: Any, problem: str) -> None:
    for body in (LEAST | {member: value}, Draft(**(LEAST | {member: value}))):
        text = refusal(body)
        assert text.startswith(f"body does not match Draft: body.{member} {problem}")


LOCKS = "KeyLock or CodeLock or Bolt"


@pytest.mark.parametrize(
    ("model", "many", "body", "problem"),
    [
        (Ref, True, {"id": 1}, "body takes a list of Ref, not dict"),
        (Ref, True, (), "body is an empty list; it takes at least one Ref"),
        (
            Ref,
            True,
            [True, {}],
            "body has 2 invalid items: body[0] takes Ref or a mapping, not bool; "
            "body[1] does not match Ref: body[1].id is required",
        ),
        (Ref, False, "x", "body takes Ref or a mapping, not str"),
        (
            Draft,
            False,
            {"status": "on", "note": 5},
            "body does not match Draft: body.name is required; "
            "body.status takes Lookup or its id, not str; names that depend on the account are not known "
            "here, so give the id; body.note takes text, not int",
        ),
        (
            Ref,
            False,
            {"id": 1, "b": 1, 7: 1, "a": 1},
            "body does not match Ref: body has no member 'a', 'b', 7; it has id",
        ),
        (
            Draft,
            False,
            LEAST | {"volume": "1"},
            "body does not match Draft: body.volume takes a number, not '1'",
        ),
        (Draft, False, LEAST | {"tags": [5]}, "body does not match Draft: body.tags[0] takes text, not int"),
        (
            Draft,
            False,
            LEAST | {"volume": float("inf")},
            "body does not match Draft: body.volume takes a number, not inf: JSON has no such number",
        ),
        (
            Draft,
            False,
            LEAST | {"until": "soon"},
            "body does not match Draft: body.until takes a time such as 2026-03-31T12:00:00Z, not 'soon'",
        ),
        (
            Draft,
            False,
            LEAST | {"until": datetime(2026, 3, 31)},  # noqa: DTZ001
            "body does not match Draft: body.until takes a time with a time zone, such as datetime.now(UTC)",
        ),
        (
            Door,
            False,
            {"spare": {}},
            f"body does not match Door: body.spare matches none of {LOCKS}: "
            "KeyLock.key is required; CodeLock.key is required; Bolt.side is required",
        ),
        (
            Door,
            False,
            {"spare": {"side": 5, "opened": 6}},
            f"body does not match Door: body.spare matches none of {LOCKS}: KeyLock.key is required; "
            "KeyLock has no member 'opened', 'side'; it has key, turns; CodeLock.key is required; "
            "CodeLock has no member 'opened', 'side'; it has key, digits; "
            "Bolt.side takes text, not int; Bolt.opened takes a datetime, not int",
        ),
        (
            Door,
            False,
            {"spare": Bolt(side=5)},  # type: ignore[arg-type]
            "body does not match Door: body.spare.side takes text, not int",
        ),
        (
            Gate,
            False,
            {"lock": {"side": "left"}},
            "body does not match Gate: "
            "body.lock matches both Bolt and Latch; pass one of these, not a mapping",
        ),
    ],
)
def test_a_refusal_tells_all_in_one_line(model: type[Any], many: bool, body: Any, problem: str) -> None:
    assert refusal(body, model=model, many=many) == problem


@pytest.mark.parametrize(("count", "more"), [(MAX_PROBLEMS, ""), (MAX_PROBLEMS + 2, "; and 2 more items")])
def test_ten_invalid_items_are_described(count: int, more: str) -> None:
    described = "; ".join(f"body[{n}] takes Ref or a mapping, not NoneType" for n in range(MAX_PROBLEMS))
    told = refusal([None] * count, model=Ref, many=True)
    assert told == f"body has {count} invalid items: {described}{more}"


@pytest.mark.usefixtures("far_from_utc")
@pytest.mark.parametrize(
    "value",
    [
        date(2026, 3, 31),
        "2026-03-31",
        "2026-03-31T02:00:00+02:00",
        datetime(2026, 3, 30, 19, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_time_is_sent_in_utc_wherever_the_client_runs(value: Any) -> None:
    assert written(LEAST | {"until": value})["until"] == "2026-03-31T00:00:00Z"


def test_the_place_of_a_nested_problem_is_named() -> None:
    text = refusal(
        LEAST
        | {
            "owners": [1, "two", Ref(id=3), {"ident": 4}],
            "inner": {"id": "x", "status": {"idd": 1}},
            "inners": [{"id": 1}, {}],
        }
    )
    for problem in (
        "body.owners[1] takes Ref or its id, not str",
        "body.owners[3].id is required",
        "body.owners[3] has no member 'ident'; it has id",
        "body.inner.id takes a whole number, not 'x'",
        "body.inner.status.id is required",
        "body.inner.status has no member 'idd'; it has id, description",
        "body.inners[1].id is required",
    ):
        assert problem in text


def test_all_problems_are_told_at_once() -> None:
    text = refusal({"nmae": "x", "status": "on", "count": "3", "until": "soon"})
    for problem in (
        "body.name is required",
        "body.status takes",
        "body.count takes",
        "body.until takes",
        "'nmae'",
    ):
        assert problem in text
    assert "it has name, status, owner" in text


def test_members_are_named_as_on_the_wire() -> None:
    text = refusal(LEAST | {"class_": "A"})
    assert "has no member 'class_'" in text
    assert ", class" in text
    assert "body.class takes text, not int" in refusal(LEAST | {"class": 5})


def test_the_closest_member_is_offered() -> None:
    assert "body has no member 'nmae'; it has name, " in refusal({"nmae": "x"})
    assert "; did you mean 'name'?" in refusal({"nmae": "x"})
    assert "did you mean" not in refusal({"zzz": 1})


def test_an_unset_required_member_is_missing() -> None:
    assert "body.name is required" in refusal({"name": UNSET, "status": 1})
    assert "body.name" in refusal(Draft(name=UNSET, status=1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body", [5, "text", b"{}", None, [], [("name", "x")], Inner(id=1), Thing(id=1), Draft]
)
def test_a_body_of_another_kind_is_refused(body: Any) -> None:
    assert refusal(body).startswith("body takes Draft or a mapping, not ")


def test_a_secret_member_is_never_shown() -> None:
    for value in (b"CANARY", ["CANARY"], {"a": "CANARY"}, Lookup(id=1, description="CANARY")):
        text = refusal(LEAST | {"secret": value})
        assert "body.secret takes text" in text
        assert "CANARY" not in text
    for member in ("inner", "owner", "tags"):
        assert "CANARY" not in refusal(LEAST | {member: "CANARY"})


# --- arrays


def test_many() -> None:
    assert BodyWriter().write(Ref, [1, {"id": 2}, Ref(id=3)], many=True) == [{"id": 1}, {"id": 2}, {"id": 3}]
    assert BodyWriter().write(Ref, (1,), many=True) == [{"id": 1}]
    assert BodyWriter().write(Draft, [LEAST], many=True) == [LEAST_WIRE]


@pytest.mark.parametrize("body", [{"id": 1}, "12", b"12", 5, None, Ref(id=1), {1, 2}])
def test_many_takes_a_list(body: Any) -> None:
    assert refusal(body, model=Ref, many=True).startswith("body takes a list of Ref, not ")


def test_an_empty_list_is_refused() -> None:
    assert "empty list" in refusal([], model=Ref, many=True)
    assert "empty list" in refusal((), model=Ref, many=True)


def test_every_unfit_item_is_told() -> None:
    text = refusal([LEAST, {"name": "x"}, LEAST, 5], many=True)
    assert "body[1].status is required" in text
    assert "body[3] takes Draft or a mapping, not int" in text
    assert "body[0]" not in text
    assert "body[2]" not in text


def test_thousands_of_unfit_items_are_counted() -> None:
    text = refusal([{"name": "x"}] * 2000, many=True)
    assert f"body[{MAX_PROBLEMS - 1}].status is required" in text
    assert f"body[{MAX_PROBLEMS}]" not in text
    assert "has 2000 invalid items" in text
    assert f"and {2000 - MAX_PROBLEMS} more" in text


def test_an_id_alone_stands_only_for_a_reference() -> None:
    assert BodyWriter().write(Ref, 5, many=False) == {"id": 5}
    assert BodyWriter().write(Lookup, 5, many=False) == {"id": 5}
    with pytest.raises(ArgumentTypeError):
        BodyWriter().write(Ref, True, many=False)
    with pytest.raises(ArgumentTypeError):
        BodyWriter().write(Draft, 5, many=False)


# --- one of several models


def door(**members: Any) -> Any:
    return json.loads(msgspec.json.encode(BodyWriter().write(Door, members, many=False)))


def door_refusal(**members: Any) -> str:
    as_mapping = refusal(members, model=Door)
    assert refusal(Door(**members), model=Door) == as_mapping
    return as_mapping


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (KeyLock(key="K"), {"key": "K"}),
        (CodeLock(key=5, digits=4), {"key": 5, "digits": 4}),
        (Bolt(side="left"), {"side": "left"}),
        ({"key": "K", "turns": 2}, {"key": "K", "turns": 2}),
        ({"key": 5}, {"key": 5}),
        ({"side": "left", "opened": date(2026, 3, 31)}, {"side": "left", "opened": "2026-03-31T00:00:00Z"}),
    ],
)
def test_one_of_several_models_is_given_as_itself_or_as_a_mapping_that_fits_one(
    value: Any, wire: Any
) -> None:
    assert door(lock=value) == {"lock": wire}
    assert door(spare=value) == {"spare": wire}
    if "digits" not in wire and wire.get("key") != 5:
        assert door(more=[value, {"side": "top"}]) == {"more": [wire, {"side": "top"}]}


def test_what_fits_none_is_refused_with_the_reason_of_each() -> None:
    text = door_refusal(spare={"turns": "2"})
    assert text.startswith(
        "body does not match Door: body.spare matches none of KeyLock or CodeLock or Bolt: "
    )
    for problem in (
        "KeyLock.key is required",
        "KeyLock.turns takes a whole number, not str",
        "CodeLock.key is required",
        "CodeLock has no member 'turns'; it has key, digits",
        "Bolt.side is required",
    ):
        assert problem in text
    assert "body.more[1] matches none of KeyLock or Bolt" in door_refusal(more=[{"side": "x"}, {}])


@pytest.mark.parametrize("value", [5, "K", ["K"], Ref(id=1), Door()])
def test_what_is_none_of_the_models_is_refused(value: Any) -> None:
    name = type(value).__name__
    assert f"body.spare takes KeyLock or CodeLock or Bolt or a mapping, not {name}" in door_refusal(
        spare=value
    )
    assert "body.lock takes KeyLock, which goes with kind 'key', not " in door_refusal(kind="key", lock=value)


def test_a_mapping_that_fits_two_of_them_is_refused() -> None:
    text = refusal({"lock": {"side": "left"}}, model=Gate)
    assert "body.lock matches both Bolt and Latch; pass one of these, not a mapping" in text
    assert BodyWriter().write(Gate, {"lock": Latch(side="left")}, many=False) == {"lock": {"side": "left"}}


def test_a_sibling_selects_the_class() -> None:
    assert door(kind="key", lock={"key": "K"}) == {"kind": "key", "lock": {"key": "K"}}
    assert door(kind="code", lock=CodeLock(key=5)) == {"kind": "code", "lock": {"key": 5}}
    assert door(kind="bolt", lock=None) == {"kind": "bolt", "lock": None}
    assert door(kind="bolt", lock=UNSET) == {"kind": "bolt"}
    assert "body.lock takes KeyLock, which goes with kind 'key', not CodeLock" in door_refusal(
        kind="key", lock=CodeLock(key=5)
    )
    told = door_refusal(kind="bolt", lock={"key": "CANARY"})
    assert "body.lock.side is required" in told
    assert "body.lock has no member 'key'; it has side, opened" in told
    assert "CANARY" not in told


def test_a_value_nobody_knows_selects_nothing() -> None:
    assert door(kind="magnet", lock={"side": "top"}) == {"kind": "magnet", "lock": {"side": "top"}}
    assert "body.kind takes text, not int" in door_refusal(kind=5, lock={"side": "top"})


def test_a_secret_of_one_model_is_not_shown_because_another_refuses_it() -> None:
    for value in ({"key": "CANARY", "side": 1}, {"key": ["CANARY"]}, {"side": "left", "opened": "CANARY"}):
        assert "CANARY" not in door_refusal(spare=value)


def test_a_model_that_is_sent_and_answered_alike_leaves_its_none_out() -> None:
    assert door(label=Label(text="x")) == {"label": {"text": "x"}}
    assert door(label={"text": "x", "size": None}) == {"label": {"text": "x"}}
    assert "body.label.text is required" in door_refusal(label={"size": 1})


# --- the three states

IDS = st.integers(min_value=0, max_value=2**53)
WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
STATES = st.fixed_dictionaries(
    {},
    optional={
        "note": st.none() | WORDS,
        "owner": st.fixed_dictionaries({"id": st.none() | IDS}),
        "inner": st.fixed_dictionaries(
            {"id": st.none() | IDS}, optional={"status": st.fixed_dictionaries({"id": IDS})}
        ),
        "owners": st.lists(st.fixed_dictionaries({"id": st.none() | IDS})),
        "tags": st.lists(WORDS),
        "active": st.booleans(),
        "volume": st.floats(allow_nan=False, allow_infinity=False),
        "class": WORDS,
    },
)


@given(STATES)
def test_unset_null_and_value_each_arrive_as_they_were_said(more: dict[str, Any]) -> None:
    wire = LEAST_WIRE | more
    assert written(LEAST | more) == wire

    kwargs = {"class_" if name == "class" else name: value for name, value in more.items()}
    if "owner" in kwargs:
        kwargs["owner"] = Ref(**kwargs["owner"])
    if "inner" in kwargs:
        inner = dict(kwargs["inner"])
        if "status" in inner:
            inner["status"] = inner["status"]["id"]
        kwargs["inner"] = Inner(**inner)
    if "owners" in kwargs:
        kwargs["owners"] = [Ref(**item) for item in kwargs["owners"]]
    assert written(Draft(**LEAST, **kwargs)) == wire


def test_a_decimal_is_sent_to_the_last_digit() -> None:
    codec = Codec(lambda _: Draft)
    sent = codec.encode(Body("tests:Draft"), LEAST | {"volume": Decimal("12345678901234567.1230")})
    assert b'"volume":12345678901234567.1230' in sent
