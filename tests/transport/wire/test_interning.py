"""Equal parts of a list are decoded once, and the result is the same as without that."""

from __future__ import annotations

import copy
import json
import pickle
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args, get_origin

import attrs
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aioemnify import models
from aioemnify.models import Country, OrganisationRef, Sim, SimEndpoint
from aioemnify.operation import Result
from aioemnify.serialization.fields import alternatives, model_fields, renamed
from aioemnify.tables.operations import OPERATIONS
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.interning import MAX_BYTES, MAX_TEXTS, InterningDecoder

GERMANY = {"id": 1, "name": "Germany"}
SIM = {
    "id": 1,
    "iccid": "8988303000000000001",
    "status": {"id": 1, "description": "Activated"},
    "activation_date": "2024-03-12T13:03:14.000+0000",
    "customer_org": {"id": 7, "name": "Acme", "country": GERMANY},
    "endpoint": {"id": 5, "name": "pump", "tags": None},
}


@attrs.frozen(kw_only=True)
class Branch:
    """A model that holds its own kind, and a default that is not None."""

    id: int
    inner: Branch | None = None
    others: list[Branch] | None = None
    named: dict[str, Branch] | None = None
    owner: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    size: int = 3


def plain(annotation: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(annotation, strict=False)


def page(item: Any, count: int = 1) -> bytes:
    return json.dumps([item] * count).encode()


@pytest.fixture
def decoder() -> InterningDecoder:
    return InterningDecoder(list[Sim])


def test_equal_parts_are_one_object_from_the_first_page_on(decoder: InterningDecoder) -> None:
    first, second = decoder.decode(page(SIM, 2))
    assert first.customer_org is second.customer_org
    assert first.status is second.status
    assert first.customer_org.country == Country(id=1, name="Germany")
    [third] = decoder.decode(page({**SIM, "id": 3, "issuer_org": SIM["customer_org"]}))
    assert third.customer_org is third.issuer_org is first.customer_org


def test_what_is_not_marked_is_not_shared(decoder: InterningDecoder) -> None:
    first, second = decoder.decode(page(SIM, 2))
    assert first.endpoint == second.endpoint
    assert first.endpoint is not second.endpoint


def test_a_single_object_is_not_interned() -> None:
    codec, result = Codec(models.resolve), Result("sims:Sim")
    first, second = (codec.decode(result, json.dumps(SIM).encode(), "sims.get") for _ in range(2))
    assert first == second and first.status is not second.status


def test_a_codec_can_turn_it_off() -> None:
    result = Result("sims:Sim", many=True)
    for intern in (True, False):
        first, second = Codec(models.resolve, intern=intern).decode(result, page(SIM, 2), "sims.list")
        assert first == second
        assert (first.status is second.status) == intern


@pytest.mark.parametrize(("size", "kept"), [(MAX_BYTES, True), (MAX_BYTES + 1, False)])
def test_a_long_text_is_not_kept(decoder: InterningDecoder, size: int, kept: bool) -> None:
    organisation = {"id": 7, "name": ""}
    organisation["name"] = "A" * (size - len(json.dumps(organisation)))
    first, second = decoder.decode(page({**SIM, "customer_org": organisation}, 2))
    assert first.customer_org == second.customer_org
    assert (first.customer_org is second.customer_org) is kept


def test_a_bounded_number_of_texts_is_kept(decoder: InterningDecoder) -> None:
    many = [{**SIM, "status": {"id": number}} for number in range(MAX_TEXTS + 1)]
    sims = decoder.decode(json.dumps(many).encode())
    assert [sim.status.id for sim in sims] == list(range(MAX_TEXTS + 1))
    last, first = decoder.decode(json.dumps([many[-1], many[0]]).encode())
    assert last.status is sims[-1].status
    assert first.status == sims[0].status
    assert first.status is not sims[0].status, "forgotten with all that came before the limit"


def test_of_two_members_of_one_name_the_last_counts(decoder: InterningDecoder) -> None:
    twice = json.dumps(SIM)[:-1] + ', "status": {"id": 2}}'
    [sim] = decoder.decode(f"[{twice}]".encode())
    assert sim == plain(list[Sim]).decode(f"[{twice}]")[0]
    unchecked = '[{"status": 5, ' + json.dumps(SIM)[1:] + "]"
    assert decoder.decode(unchecked.encode()) == plain(list[Sim]).decode(page(SIM))


def test_the_caller_gets_the_model_itself(decoder: InterningDecoder) -> None:
    [sim] = decoder.decode(page(SIM))
    [same] = plain(list[Sim]).decode(page(SIM))
    assert sim == same
    assert repr(sim) == repr(same)
    parts = (sim, sim.customer_org, sim.customer_org.country, sim.endpoint)
    assert [type(part) for part in parts] == [Sim, OrganisationRef, Country, SimEndpoint]
    assert attrs.asdict(sim) == attrs.asdict(same)
    assert pickle.loads(pickle.dumps(sim)) == sim
    assert copy.deepcopy(sim) == sim
    assert weakref.ref(sim)() is sim
    assert msgspec.json.encode(sim) == msgspec.json.encode(same)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        sim.id = 2
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        sim.customer_org.country.mcc = "262"


@pytest.mark.parametrize(
    "broken",
    [
        {**SIM, "id": "none"},
        {**SIM, "customer_org": {"id": 7, "name": "Acme", "country": {"mcc": []}}},
        {name: SIM[name] for name in ("id", "iccid")},
        {**SIM, "activation_date": "yesterday"},
        {**SIM, "status": None},
        {**SIM, "status": {"id": "odd"}},
        {**SIM, "customer_org": [7]},
    ],
)
def test_what_breaks_the_schema_is_refused_in_the_same_words(
    decoder: InterningDecoder, broken: dict[str, Any]
) -> None:
    content = json.dumps([SIM, broken]).encode()
    with pytest.raises(msgspec.ValidationError) as expected:
        plain(list[Sim]).decode(content)
    with pytest.raises(msgspec.ValidationError) as found:
        decoder.decode(content)
    assert str(found.value) == str(expected.value)


@pytest.mark.parametrize(
    "broken", [b"[{]", b'[{"status": {"id": 1, "description": "\xff"}}]', b'[{"status": nul}]']
)
def test_what_is_not_json_is_refused_in_the_same_words(decoder: InterningDecoder, broken: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)) as expected:
        plain(list[Sim]).decode(broken)
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)) as found:
        decoder.decode(broken)
    assert str(found.value) == str(expected.value)


@pytest.mark.parametrize("odd", ["1e999", "[" * 900 + "]" * 900])
def test_an_odd_value_of_an_unknown_member_does_no_harm(decoder: InterningDecoder, odd: str) -> None:
    content = f'[{json.dumps(SIM)[:-1]}, "unheard_of": {odd}}}]'.encode()
    assert decoder.decode(content) == plain(list[Sim]).decode(content)


@pytest.mark.parametrize(
    "written",
    ["2024-03-12 13:03:14", "2024-03-12T13:03:14", "2024-03-12 13:03:14.25", "2024-03-12T13:03:14Z"],
)
def test_times_without_a_zone_are_utc_and_the_rest_is_as_fast(
    decoder: InterningDecoder, written: str
) -> None:
    old = {**SIM, "production_date": written, "endpoint": {"id": 5, "created": written}}
    first, second, usual = decoder.decode(json.dumps([old, old, SIM]).encode())
    expected = datetime.fromisoformat(written).replace(tzinfo=UTC)
    assert (first.production_date, first.endpoint.created) == (expected, expected)
    assert first.production_date.tzinfo is UTC
    assert first.customer_org is second.customer_org is usual.customer_org
    assert [type(part) for part in (first, first.endpoint)] == [Sim, SimEndpoint]
    assert usual == plain(list[Sim]).decode(page(SIM))[0]


def test_a_model_may_hold_its_own_kind() -> None:
    tree = {
        "id": 1,
        "size": 4,
        "owner": {"id": 7},
        "inner": {"id": 2, "owner": {"id": 7}, "inner": {"id": 3}},
        "others": [{"id": 4}, {"id": 5, "named": {"a": {"id": 6}}}],
    }
    [read] = InterningDecoder(list[Branch]).decode(page(tree))
    assert read == plain(list[Branch]).decode(page(tree))[0]
    assert read.inner.size == 3
    assert read.inner.owner is read.owner
    assert type(read.others[1].named["a"]) is Branch


TEXT = st.none() | st.text(max_size=3)


def some(required: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]) -> Any:
    return st.fixed_dictionaries(required, optional=optional)


COUNTRIES = st.none() | some(
    {}, id=st.integers(), name=TEXT, mcc=TEXT, iso_code=TEXT, latitude=st.floats(0, 1)
)
ORGANISATIONS = st.none() | some({"id": st.integers()}, name=TEXT, country=COUNTRIES)
SIMS = some(
    {"id": st.integers(0, 9), "iccid": st.text(max_size=3), "status": some({"id": st.integers(0, 2)})},
    eid=TEXT,
    imsi=TEXT,
    msisdn=TEXT,
    customer_org=ORGANISATIONS,
    reseller_org=ORGANISATIONS,
    endpoint=st.none() | some({"id": st.integers()}, name=TEXT, imei=TEXT, tags=TEXT),
    unheard_of=st.integers(),
)


@given(st.lists(SIMS, max_size=9), st.lists(SIMS, max_size=5))
@settings(suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow], max_examples=50)
def test_the_result_is_the_same_as_without_interning(first: list[Any], second: list[Any]) -> None:
    decoder, other = InterningDecoder(list[Sim]), plain(list[Sim])
    for items in (first, second, first):
        content = json.dumps(items).encode()
        try:
            expected = other.decode(content)
        except msgspec.ValidationError as refused:
            with pytest.raises(msgspec.ValidationError) as found:
                decoder.decode(content)
            assert str(found.value) == str(refused)
        else:
            assert decoder.decode(content) == expected


def lists() -> Iterator[tuple[str, Any]]:
    for operation in OPERATIONS.values():
        result = operation.result
        if result is not None and result.many and result.model != "dict":
            model = models.resolve(result.model)
            if not renamed(model):
                yield operation.id, model


def tree(annotation: Any, found: set[Any]) -> set[Any]:
    if not attrs.has(annotation):
        for argument in get_args(annotation):
            tree(argument, found)
    elif annotation not in found:
        found.add(annotation)
        for member in model_fields(annotation):
            tree(member.type, found)
    return found


EVERY_LIST = pytest.mark.parametrize("model", [pytest.param(model, id=name) for name, model in lists()])


@EVERY_LIST
def test_no_model_has_steps_of_its_own_that_a_substitute_would_leave_out(model: Any) -> None:
    for one in tree(model, set()):
        assert not hasattr(one, "__attrs_pre_init__")
        assert not hasattr(one, "__attrs_post_init__")


@EVERY_LIST
def test_only_what_nobody_can_change_and_what_is_not_secret_is_marked(model: Any) -> None:
    marked = {
        alternatives(field.type)[0]
        for one in tree(model, set())
        for field in model_fields(one)
        if field.intern
    }
    for kinds in marked:
        [kind] = kinds
        for one in tree(kind, set()):
            assert one.__setattr__ is OrganisationRef.__setattr__, "frozen"
            for attribute in attrs.fields(one):
                assert attribute.repr
                kinds_inside, _, _ = alternatives(attribute.type)
                assert all(attrs.has(inner) or inner in PLAIN.keys() - {Any} for inner in kinds_inside)


PLAIN = {int: 1, str: "1", float: 0.5, bool: True, Decimal: 1, datetime: "2024-03-12T13:03:14Z", Any: 1}


def least(annotation: Any, *, filled: bool) -> Any:
    """Return JSON for a type: with what is required, or with what is not as well, one level deep."""
    kinds, _, _ = alternatives(annotation)
    kind = next(one for one in kinds if one is not dict)
    if attrs.has(kind):
        wanted = [member for member in model_fields(kind) if filled or member.required]
        return {member.name: least(member.type, filled=False) for member in wanted}
    if get_origin(kind) is list:
        return [least(get_args(kind)[0], filled=False)]
    if get_origin(kind) is tuple:
        return [least(one, filled=False) for one in get_args(kind)]
    if get_origin(kind) is dict:
        return {"a": least(get_args(kind)[1], filled=False)}
    return PLAIN[kind]


@EVERY_LIST
def test_every_list_is_read_as_without_interning(model: Any) -> None:
    content = json.dumps([least(model, filled=filled) for filled in (False, True, True)]).encode()
    read = InterningDecoder(list[model]).decode(content)
    assert read == plain(list[model]).decode(content)
    assert {type(one) for one in read} == {model}
