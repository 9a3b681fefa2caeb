"""Models as dictionaries, as JSON and back: nothing is lost, and only what was absent is left out."""

from __future__ import annotations

import json
import random
import types
import typing
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aioemnify import UNSET, models, to_row
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.models import (
    DataStreamCreate,
    DataStreamDestinationCreate,
    DataStreamFilter,
    EndpointUpdate,
    EndpointUpdateSim,
    IdRef,
    RestApiCredentials,
    S3Credentials,
    Sim,
    SimEndpoint,
    SimStatus,
    SimUpdate,
    UserStatus,
)
from aioemnify.operation import Result
from aioemnify.serialization.fields import model_fields
from aioemnify.transport.wire.codec import Codec
from aioemnify.types import UnsetType
from tests.contract.comparison import differences
from tests.contract.documented import EXAMPLES

CANARY = "canary-9f1b"
ZONES = [UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=5, minutes=45))]
TEXTS = st.sampled_from(["", "null", "12", "true", "2026-03-31", "Grüße 🚀", "a,b"]) | st.text(max_size=8)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS.filter(lambda text: text.isprintable()),
    int: st.integers(-(2**63), 2**64 - 1),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.sampled_from(ZONES)),  # noqa: DTZ001
    date: st.dates(),
    Any: st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | TEXTS,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
        max_leaves=4,
    ),
    types.NoneType: st.none(),
}


@cache
def values(kind: Any, depth: int) -> st.SearchStrategy[Any]:
    """Return the values of an annotation; at the end of the depth, models have their required members."""
    if attrs.has(kind):
        return built(kind, depth - 1)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return SCALARS[inner[0]]
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(values(one, depth) for one in inner if one is not UnsetType))
    if origin is list:
        return st.lists(values(inner[0], depth), max_size=2 if depth > 0 else 0)
    if origin is tuple:
        return st.tuples(*(values(one, depth) for one in inner))
    if origin is dict:
        return st.dictionaries(TEXTS, values(inner[1], depth), max_size=2)
    return SCALARS[kind]


@cache
def built(model: type[Any], depth: int = 3) -> st.SearchStrategy[Any]:
    """Return the instances of a model."""
    hints = typing.get_type_hints(model, include_extras=True)
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for field in attrs.fields(model):
        if field.default is attrs.NOTHING:
            required[field.name] = values(hints[field.name], depth)
        elif depth > 0:
            optional[field.name] = values(hints[field.name], depth)
    if model is DataStreamDestinationCreate:  # its credentials are those of its connection type
        optional.pop("credentials", None)
    return st.fixed_dictionaries(required, optional=optional).map(lambda given: model(**given))


def is_body(model: type[Any]) -> bool:
    return any(base.__name__ == "BodyModel" for base in model.__mro__)


def whole(value: Any) -> Any:
    """Return all members at any depth, each with its type: lookups are equal by their id alone."""
    if attrs.has(type(value)):
        return type(value), [whole(getattr(value, field.name)) for field in attrs.fields(type(value))]
    if isinstance(value, (list, tuple)):
        return [whole(item) for item in value]
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    # A number that the client kept also remembers how it was written.
    return (float if isinstance(value, float) else type(value)), value


@pytest.mark.parametrize("name", models.__all__)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_model_comes_back_whole(name: str, data: st.DataObject) -> None:
    value = data.draw(built(getattr(models, name)))
    model, expected = type(value), whole(value)
    written = value.to_dict()
    assert json.loads(value.to_json()) == json.loads(json.dumps(written)) == written
    assert whole(model.from_dict(written)) == expected
    assert whole(model.from_dict(json.loads(value.to_json()))) == expected
    assert whole(model.from_dict(written, strict=False)) == expected


REPAIRED = {"endpoint_connectivity_response_online"}
"""Examples with numbers in place of texts: the client repairs a response, from_dict refuses them."""


@pytest.mark.parametrize(
    "name", [name for name, one in EXAMPLES.items() if one["kind"] in ("response", "event")]
)
def test_an_example_response_comes_back_whole(name: str) -> None:
    example = EXAMPLES[name]
    if example["body"] is None or example["model"] is None:
        return
    bodies = example["body"] if isinstance(example["body"], list) else [example["body"]]
    model = getattr(models, example["model"])
    result = Result(f"{model.__module__.rpartition('.')[2]}:{model.__name__}", many=True)
    values = Codec(models.resolve).decode(result, json.dumps(bodies).encode(), name)
    assert values
    for body, value in zip(bodies, values, strict=True):
        assert whole(model.from_dict(value.to_dict())) == whole(value)
        if name not in REPAIRED:
            assert whole(model.from_dict(body)) == whole(value)  # it reads what the client reads


@pytest.mark.parametrize("name", [name for name, one in EXAMPLES.items() if one["kind"] == "request"])
def test_an_example_body_comes_back_as_it_was_written(name: str) -> None:
    example = EXAMPLES[name]
    bodies = example["body"] if example["array"] else [example["body"]]
    model = getattr(models, example["model"])
    for body in bodies:
        value = model.from_dict(body)
        assert list(differences(body, value.to_dict(decimals="number"), "body")) == []
        assert whole(model.from_dict(value.to_dict())) == whole(value)


SIM = Sim(
    id=1,
    iccid="8988303000000000001",
    status=SimStatus.ACTIVATED,
    production_date=datetime(2026, 3, 31, 14, 0, tzinfo=timezone(timedelta(hours=2))),
    endpoint=SimEndpoint(id=7, name="pump-17"),
)


def test_absent_members_are_left_out_and_times_are_text() -> None:
    written = {
        "id": 1,
        "iccid": "8988303000000000001",
        "status": {"id": 1, "description": "Activated"},
        "production_date": "2026-03-31T14:00:00+02:00",
        "endpoint": {"id": 7, "name": "pump-17"},
    }
    assert SIM.to_dict() == written
    assert list(SIM.to_dict()) == list(written)  # in the order of the schema
    assert SIM.to_json() == json.dumps(written, separators=(",", ":"))


def test_a_null_that_clears_stays() -> None:
    detach = EndpointUpdate(sim=EndpointUpdateSim(id=None))
    assert detach.to_dict() == {"sim": {"id": None}}
    assert EndpointUpdate.from_dict({"sim": {"id": None}}) == detach
    assert EndpointUpdate.from_dict({"sim": UNSET}) == EndpointUpdate()
    nested = DataStreamCreate(filters=[DataStreamFilter(field="alert", value=True)])
    assert nested.to_dict() == {"filters": [{"field": "alert", "value": True}]}  # None: no such member


def test_renamed_members_have_their_wire_names() -> None:
    one = DataStreamFilter(or_=[DataStreamFilter(field="alert", value=None)])
    assert one.to_dict() == {"or": [{"field": "alert"}]}
    assert one.to_json() == '{"or":[{"field":"alert"}]}'
    assert DataStreamFilter.from_dict({"or": [{"field": "alert"}]}) == one
    captcha = {"g-recaptcha-response": "03AGd", "username": "user@example.com"}
    (signup,) = [
        getattr(models, name)
        for name in models.__all__
        if "g_recaptcha_response" in {field.name for field in attrs.fields(getattr(models, name))}
    ]
    names = {field.metadata.get("wire", field.name) for field in attrs.fields(signup)}
    assert signup.from_dict({key: captcha[key] for key in names}).to_dict() == captcha


EXACT = "12345678901234567890.0123456789"


def test_decimals_are_text_or_numbers() -> None:
    cost = models.LastHourTraffic(cost=Decimal(EXACT), volume=Decimal(2))
    assert cost.to_dict() == {"volume": "2", "cost": EXACT}
    assert cost.to_json(decimals="number") == f'{{"volume":2,"cost":{EXACT}}}'
    numbers = cost.to_dict(decimals="number")
    assert numbers == {"volume": 2, "cost": float(EXACT)}
    assert isinstance(numbers["cost"], float)
    huge = models.LastHourTraffic(cost=Decimal("1E+400"))
    assert models.LastHourTraffic.from_dict(huge.to_dict()) == huge
    for write in (cost.to_dict, cost.to_json):
        with pytest.raises(ArgumentError, match="did you mean 'number'"):
            write(decimals="numbers")  # type: ignore[operator]


def test_what_the_client_kept_comes_back_too() -> None:
    """A response may not match the schema; the client keeps its values."""
    body = [
        {"id": "first", "iccid": 8988, "production_date": "soon", "status": {"id": 1, "description": 1.5}}
    ]
    result = Result("sims:Sim", many=True)
    (kept,) = Codec(models.resolve).decode(result, json.dumps(body).encode(), "sims.list")
    assert kept.id == "first"
    written = json.loads(kept.to_json())
    assert written == json.loads(json.dumps(kept.to_dict()))
    assert written["production_date"] == "soon"
    assert Sim.from_dict(written, strict=False) == kept
    with pytest.raises(ArgumentError, match="id takes a whole number, not str"):
        Sim.from_dict(written)
    (bare,) = Codec(models.resolve).decode(result, b'[{"id": 1, "iccid": "2"}]', "sims.list")
    assert bare.to_dict() == {"id": 1, "iccid": "2", "status": None}
    assert Sim.from_dict(bare.to_dict(), strict=False) == bare


@pytest.mark.parametrize(
    ("model", "members"),
    [
        (models.DataStreamFilter, {"field": "event_type_id", "value": ["\ud800"]}),
        (models.UsageRecord, {"id": "\ud800"}),
        (models.CustomEventCreate, {"name": "\udfff"}),
    ],
)
def test_text_that_no_json_can_hold_is_refused(model: Any, members: dict[str, Any]) -> None:
    """Some JSON libraries read half of a pair of surrogates, and none writes it as UTF-8."""
    with pytest.raises(ArgumentError, match="is text that is not Unicode"):
        model.from_dict(members)
    model.from_dict(members, strict=False)


ODD: list[Any] = [
    None,
    "",
    "null",
    "x",
    "12",
    "1.5",
    "true",
    True,
    False,
    0,
    1,
    -5,
    1.5,
    2.0,
    1e30,
    1774958400,
]
ODD += [[], ["a"], [{}], {}, {"id": 1}, {"id": "a"}, {"a": None}, "2026-03-31", "2026-03-31 12:00:00"]


@pytest.mark.parametrize("name", [name for name in models.__all__ if not is_body(getattr(models, name))])
def test_odd_responses_come_back_as_the_client_read_them(name: str) -> None:
    model, chance = getattr(models, name), random.Random(name)
    codec, result = Codec(models.resolve), Result(f"{model.__module__.rpartition('.')[2]}:{name}", many=True)
    for _ in range(20):
        body = {field.wire: chance.choice(ODD) for field in model_fields(model) if chance.random() < 0.7}
        (value,) = codec.decode(result, json.dumps([body | {"id": 1}]).encode(), "a call")
        written = json.loads(value.to_json())
        assert written == json.loads(json.dumps(value.to_dict()))
        assert whole(model.from_dict(written, strict=False)) == whole(value)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-03-31T12:00:00Z", 12),
        ("2026-03-31T12:00:00.000+0000", 12),
        ("2026-03-31 12:00:00", 12),
        ("2026-03-31T12:00:00", 12),
        ("2026-03-31", 0),
    ],
)
def test_times_are_read_as_the_client_reads_them(text: str, hour: int) -> None:
    one = SimEndpoint.from_dict({"id": 1, "created": text})
    assert one.created == datetime(2026, 3, 31, hour, tzinfo=UTC)


def test_numbers_of_a_body_stay_as_they_were_written() -> None:
    extension = models.TrafficLimitExtensionCreate
    for volume, text, sent in ((100, 100, "100"), (1.5, 1.5, "1.5"), (Decimal("1.50"), "1.50", "1.50")):
        one = extension(volume=volume)  # type: ignore[arg-type]
        assert one.to_dict() == {"volume": text}
        assert one.to_json(decimals="number") == f'{{"volume":{sent}}}'
        assert extension.from_dict(one.to_dict()).volume == volume
    assert type(extension.from_dict({"volume": 100}).volume) is int


def test_python_values_are_taken_as_in_a_body() -> None:
    class Timestamp(datetime):
        """As that of pandas."""

    moment = Timestamp(2026, 3, 31, 12, tzinfo=UTC)
    one = SimEndpoint.from_dict({"id": 1, "created": moment})
    assert one.created == moment
    assert one.to_dict()["created"] == "2026-03-31T12:00:00Z"
    assert one.to_json() == '{"id":1,"created":"2026-03-31T12:00:00Z"}'
    update = SimUpdate.from_dict(
        {"status": SimStatus.SUSPENDED, "customer_org": 5, "reseller_org": IdRef(id=6)}
    )
    assert update == SimUpdate(status=SimStatus.SUSPENDED, customer_org=5, reseller_org=IdRef(id=6))


@pytest.mark.parametrize(
    ("model", "data", "said"),
    [
        (SimUpdate, {"statu": 1}, "statu is not a member; it has .*; did you mean 'status'"),
        (SimUpdate, {"status": "on"}, "status takes SimStatus or a whole number, not str"),
        (SimUpdate, {"status": True}, "status takes SimStatus or a whole number, not bool"),
        (SimUpdate, {"status": UserStatus(id=1)}, "status takes SimStatus or a whole number, not UserStatus"),
        (SimUpdate, {"status": {"id": "x"}}, "status.id takes a whole number, not str"),
        (SimUpdate, {"status": None}, "status takes SimStatus or a whole number, not NoneType"),
        (EndpointUpdate, {"name": None}, "name takes text, not NoneType"),
        (Sim, {"iccid": "1"}, "id is required; it takes a whole number; status is required"),
        (SimEndpoint, {"created": "soon"}, "created takes a time such as .* not str"),
        (SimEndpoint, {"created": datetime(2026, 3, 31)}, "created takes a time such as .* not datetime"),  # noqa: DTZ001
        (Sim, [("id", 1)], "data takes a mapping, not list"),
        (models.SimMigration, {"target_workspace": 1, "iccids": "8988"}, "iccids takes a list, not str"),
        (models.TagBulkRequest, {"items": [{"tags": ["x"]}]}, r"items\[0\].tags\[0\] takes IdRef or"),
    ],
)
def test_what_does_not_fit_is_named(model: Any, data: Any, said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        model.from_dict(data)


def test_a_choice_of_models() -> None:
    bucket = {"region": "eu-west-1", "bucket_name": "fleet", "role_arn": "arn:aws:iam::1:role/fleet"}
    selected = DataStreamDestinationCreate.from_dict({"connection_type": "S3", "credentials": bucket})
    assert selected.credentials == S3Credentials(**bucket)
    found = DataStreamDestinationCreate.from_dict(
        {"connection_type": "New", "credentials": {"url": "https://a"}}
    )
    assert found.credentials == RestApiCredentials(url="https://a")
    for connection, credentials, said in (
        ("S3", {"region": "a"}, "credentials.bucket_name is required"),
        ("New", {"region": "a"}, "credentials matches none of KinesisCredentials or S3Credentials"),
        ("New", {"api_key": CANARY, "region": 3}, "credentials matches none of"),
        ("S3", 3, "credentials takes S3Credentials, not int"),
    ):
        with pytest.raises(ArgumentError, match=said) as caught:
            DataStreamDestinationCreate.from_dict({"connection_type": connection, "credentials": credentials})
        assert CANARY not in str(caught.value)


def test_data_nested_too_deeply_is_refused() -> None:
    deep: dict[str, Any] = {"field": "alert"}
    for _ in range(5_000):
        deep = {"or": [deep]}
    with pytest.raises(ArgumentError, match="takes"):
        DataStreamFilter.from_dict(deep)


def test_secrets_are_written_but_shown_in_no_error() -> None:
    """A repr hides them; who asks for the dictionary gets them."""
    credentials = models.DatadogCredentials(api_key=CANARY)
    assert CANARY not in repr(credentials)
    assert credentials.to_dict() == {"api_key": CANARY}
    for data in ({"api_key": [CANARY]}, {"api_key": CANARY, "region": {CANARY: 1}}):
        with pytest.raises(ArgumentError) as caught:
            models.DatadogCredentials.from_dict(data)
        assert CANARY not in str(caught.value)


def test_what_json_does_not_have_is_refused() -> None:
    for write in (SimEndpoint(created=object()).to_dict, SimEndpoint(name=object()).to_json):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="object is not a value of JSON"):
            write()


def test_the_base_adds_nothing_to_a_model() -> None:
    assert not hasattr(SIM, "__dict__")
    same = attrs.make_class("Same", [field.name for field in attrs.fields(Sim)], slots=True)
    assert Sim.__basicsize__ == same.__basicsize__


# --- rows


def test_a_row_is_flat_and_shows_labels() -> None:
    row = to_row(SIM)
    assert row["status"] == "Activated"
    assert row["endpoint.name"] == "pump-17"
    assert row["production_date"] == SIM.production_date
    assert row["eid"] is None
    assert not any(isinstance(cell, (dict, list)) for cell in row.values())


def test_all_rows_have_the_same_columns() -> None:
    bare = Sim(id=2, iccid="8988303000000000002", status=SimStatus(id=99))
    assert list(to_row(bare)) == list(to_row(SIM))
    assert {value for name, value in to_row(bare).items() if "." in name} == {None}


@pytest.mark.parametrize("value", [[SIM], SIM.to_dict(), None])
def test_a_row_is_made_of_one_model(value):
    with pytest.raises(ArgumentTypeError, match=r"^model takes one model, such as a Sim, not "):
        to_row(value)


def test_a_lookup_without_its_label_is_looked_up() -> None:
    named = {
        number: to_row(Sim(id=1, iccid="2", status=SimStatus(id=number)))["status"] for number in (2, 99)
    }
    assert named == {2: "Suspended", 99: "99"}
    german = Sim(id=1, iccid="2", status=SimStatus(id=1, description="Aktiviert"))
    assert to_row(german)["status"] == "Aktiviert"  # what the server says comes first


def test_cells_are_values_that_tables_know() -> None:
    traffic = models.LastHourTraffic(cost=Decimal("0.25"), rx=[("12:00", 1.5)])
    row = to_row(traffic)
    assert row["cost"] == 0.25
    assert isinstance(row["cost"], float)
    assert row["rx"] == [["12:00", 1.5]]
    operation = models.DataStream(id=1, filters=[DataStreamFilter(field="alert", value=True)])
    assert to_row(operation)["filters"] == [{"field": "alert", "value": True}]
    assert to_row(SimUpdate(customer_org=IdRef(id=5)))["customer_org.id"] == 5


@pytest.mark.parametrize("name", models.__all__)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_every_model_has_a_row(name: str, data: st.DataObject) -> None:
    value = data.draw(built(getattr(models, name)))
    row = to_row(value)
    json.dumps(row, default=str)
    assert all(not attrs.has(type(cell)) for cell in row.values())
