"""Pages of which most is left out: read as quick as can be, and read the same."""

from __future__ import annotations

import copy
import json
import pickle
import weakref
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, get_args, get_origin

import attrs
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aioemnify import models
from aioemnify.models import Country, OrganisationRef, Sim, SimEndpoint
from aioemnify.resources._operations import OPERATIONS
from aioemnify.transport.wire.fields import alternatives, members, renamed
from aioemnify.transport.wire.habits import Habits, Observer, shareable
from aioemnify.transport.wire.page_decoder import ENOUGH, SAMPLE, PageDecoder
from aioemnify.transport.wire.standins import KNOWN, LONGEST, StandIns
from aioemnify.types import UNSET, UnsetType

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
    note: str | None = None
    hint: str | None = None
    size: int = 3


@attrs.frozen(kw_only=True)
class Holder:
    """It cannot be changed, but what it holds can."""

    names: list[str]


@attrs.define(kw_only=True)
class Mutable:
    """It can be changed itself."""

    id: int


@attrs.frozen(kw_only=True)
class Hidden:
    """It hides something."""

    secret: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class ReservationTables:
    """One of each."""

    holder: Holder
    mutable: Mutable | None = None
    secret: Hidden
    own: Branch | None = None
    plain: OrganisationRef | None = None
    unset: OrganisationRef | UnsetType = UNSET


@attrs.define(eq=False)
class Identical:
    """It has a hash, and can be changed."""

    id: int


@attrs.frozen(kw_only=True)
class Drawer:
    """What holds it is not shareable either."""

    identical: Identical


def plain(annotation: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(annotation, strict=False)


def page(item: Any, count: int = ENOUGH) -> bytes:
    return json.dumps([item] * count).encode()


def taught(item: Any, annotation: Any = list[Sim]) -> PageDecoder:
    decoder = PageDecoder(annotation)
    decoder.decode(page(item))
    return decoder


def observed(raw: list[Any]) -> Habits:
    observer = Observer()
    observer.look(raw, [plain(Sim).decode(json.dumps(one)) for one in raw])
    return observer.habits()


def stood_in(decoder: PageDecoder) -> bool:
    """Say whether stand-ins are at work."""
    return decoder._quick is not None


def test_what_is_usual_is_learned_once_enough_was_read() -> None:
    decoder = PageDecoder(list[Sim])
    decoder.decode(page(SIM, ENOUGH - 1))
    assert not stood_in(decoder)
    decoder.decode(page(SIM, SAMPLE - 1))  # enough by now, but too few to go by
    assert not stood_in(decoder)
    decoder.decode(page(SIM, SAMPLE))
    assert stood_in(decoder)


def test_a_page_that_is_complete_and_never_repeats_needs_no_stand_ins() -> None:
    def whole(number: int) -> dict[str, Any]:
        rest = {member.name: None for member in members(Sim) if not member.required}
        return {**rest, "id": number, "iccid": "1", "status": {"id": number, "description": "Activated"}}

    decoder = PageDecoder(list[Sim])
    decoder.decode(json.dumps([whole(number) for number in range(ENOUGH)]).encode())
    assert not stood_in(decoder)
    decoder.decode(page(SIM, ENOUGH - 1))
    assert not stood_in(decoder), "as much again has to be read"
    decoder.decode(page(SIM, SAMPLE))
    assert stood_in(decoder)


def test_what_is_no_longer_repeated_is_no_longer_looked_up() -> None:
    def unlike(number: int) -> dict[str, Any]:
        return {
            **SIM,
            "id": number,
            "status": {"id": number},
            "endpoint": {"id": number},
            "customer_org": {"id": number},
        }

    decoder = taught({**SIM, "endpoint": {"id": 1}})
    content = json.dumps([unlike(number) for number in range(SAMPLE)]).encode()
    assert decoder.decode(content) == plain(list[Sim]).decode(content)
    assert not stood_in(decoder)
    decoder.decode(page(SIM))
    assert stood_in(decoder), "learned anew"


def test_a_first_page_of_new_texts_is_no_reason_to_stop() -> None:
    decoder = taught(SIM)
    content = json.dumps([{**SIM, "status": {"id": number}} for number in range(SAMPLE)]).encode()
    assert decoder.decode(content) == plain(list[Sim]).decode(content)
    assert stood_in(decoder)


def test_only_what_most_objects_lack_counts_as_absent() -> None:
    raw = [SIM, {**SIM, "eid": "1", "imsi": "2"}, {**SIM, "imsi": "2", "msisdn": "3"}]
    absent = observed(raw).absent
    assert absent.keys() == {Sim, Country, SimEndpoint}
    assert "imsi" not in absent[Sim]
    assert {"eid", "msisdn", "model"} <= set(absent[Sim])
    assert "tags" not in absent[SimEndpoint]
    assert absent[Country] == tuple(
        field.name for field in attrs.fields(Country) if field.name not in GERMANY
    )


def test_only_what_is_said_again_and_again_counts_as_repeated() -> None:
    raw = [
        {
            **SIM,
            "endpoint": {"id": 1},
            "issuer_org": {"id": number},
            "model": {"id": 1} if number < 3 else None,
        }
        for number in range(8)
    ]
    found = observed(raw).repeated
    # Every issuer is another one; a model is told of too few.
    assert found[Sim] == ("status", "customer_org", "endpoint")


def test_only_what_nobody_can_change_or_should_keep_is_shared() -> None:
    of_sim = {member.name: shareable(member) for member in members(Sim)}
    assert of_sim["status"]
    assert of_sim["customer_org"]
    assert not of_sim["imsi"], "text is not worth it"
    wanted = {"holder": False, "mutable": False, "secret": False, "own": False, "plain": True, "unset": False}
    assert {member.name: shareable(member) for member in members(ReservationTables)} == wanted
    assert not any(shareable(member) for member in members(Drawer))


@pytest.mark.parametrize("odd", ["1e999", "[" * 900 + "]" * 900])
def test_what_no_model_has_does_no_harm(odd: str) -> None:
    text = json.dumps(SIM)[:-1] + f', "unheard_of": {odd}}}'
    content = f"[{', '.join([text] * ENOUGH)}]".encode()
    expected = plain(list[Sim]).decode(content)
    decoder = PageDecoder(list[Sim])
    assert decoder.decode(content) == expected
    assert decoder.decode(content) == expected


def test_what_is_repeated_is_one_object() -> None:
    first, second = taught(SIM).decode(page(SIM, 2))
    assert first.customer_org is second.customer_org
    assert first.status is second.status
    assert first.customer_org.country == Country(id=1, name="Germany")


def test_a_text_that_is_long_is_not_kept() -> None:
    long = {**SIM, "customer_org": {"id": 7, "name": "A" * LONGEST}}
    first, second = taught(SIM).decode(page(long, 2))
    assert first.customer_org == second.customer_org
    assert first.customer_org is not second.customer_org


def test_a_page_that_breaks_its_schema_is_the_last_that_is_read_with_stand_ins() -> None:
    decoder = taught(SIM)
    with pytest.raises(msgspec.ValidationError):
        decoder.decode(page({**SIM, "status": None}, 1))
    assert not stood_in(decoder)
    decoder.decode(page(SIM))
    assert stood_in(decoder)


def test_of_two_members_of_one_name_the_last_counts() -> None:
    twice = json.dumps(SIM)[:-1] + ', "status": {"id": 2}}'
    [sim] = taught(SIM).decode(f"[{twice}]".encode())
    assert sim == plain(list[Sim]).decode(f"[{twice}]")[0]
    unchecked = '[{"status": 5, ' + json.dumps(SIM)[1:] + "]"
    assert taught(SIM).decode(unchecked.encode()) == plain(list[Sim]).decode(page(SIM, 1))


def test_what_is_known_of_a_type_is_bounded() -> None:
    decoder = taught(SIM)
    many = [{**SIM, "status": {"id": number}} for number in range(KNOWN + 1)]
    sims = decoder.decode(json.dumps(many).encode())
    assert [sim.status.id for sim in sims] == list(range(KNOWN + 1))
    again = decoder.decode(page(many[-1], 1)) + decoder.decode(page(many[0], 1))
    assert again[0].status is sims[-1].status
    assert again[1].status == sims[0].status
    assert again[1].status is not sims[0].status, "forgotten with all that came before the limit"


def test_what_is_read_is_the_model_itself() -> None:
    [sim] = taught(SIM).decode(page(SIM, 1))
    [same] = plain(list[Sim]).decode(page(SIM, 1))
    assert sim == same
    assert repr(sim) == repr(same)
    assert type(sim) is Sim
    assert type(sim.customer_org) is OrganisationRef
    assert type(sim.customer_org.country) is Country
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
def test_what_is_refused_is_refused_in_the_same_words(broken: dict[str, Any]) -> None:
    content = json.dumps([SIM, broken]).encode()
    with pytest.raises(msgspec.ValidationError) as expected:
        plain(list[Sim]).decode(content)
    with pytest.raises(msgspec.ValidationError) as found:
        taught(SIM).decode(content)
    assert str(found.value) == str(expected.value)


def test_models_that_hold_their_own_kind() -> None:
    small = {"id": 1, "inner": {"id": 2}}
    decoder = taught(small, list[Branch])
    assert stood_in(decoder)
    tree = {
        "id": 1,
        "size": 4,
        "inner": {"id": 2, "inner": {"id": 3, "note": "deep"}},
        "others": [{"id": 4}, {"id": 5, "named": {"a": {"id": 6}}}],
    }
    [read] = decoder.decode(page(tree, 1))
    assert read == plain(list[Branch]).decode(page(tree, 1))[0]
    assert read.inner.size == 3
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


@given(st.lists(SIMS, min_size=SAMPLE, max_size=SAMPLE), st.lists(SIMS, max_size=5))
@settings(suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow], max_examples=30)
def test_whatever_was_learned_the_same_is_read(first: list[Any], second: list[Any]) -> None:
    decoder, other = PageDecoder(list[Sim]), plain(list[Sim])
    decoder._unlearned = ENOUGH
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


@pytest.mark.parametrize(
    "broken", [b"[{]", b'[{"status": {"id": 1, "description": "\xff"}}]', b'[{"status": nul}]']
)
def test_what_is_no_json_is_refused_in_the_same_words(broken: bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)) as expected:
        plain(list[Sim]).decode(broken)
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)) as found:
        taught(SIM).decode(broken)
    assert str(found.value) == str(expected.value)


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
        for member in members(annotation):
            tree(member.type, found)
    return found


@pytest.mark.parametrize("model", [pytest.param(model, id=name) for name, model in lists()])
def test_no_model_has_steps_of_its_own_that_a_stand_in_would_leave_out(model: Any) -> None:
    for one in tree(model, set()):
        assert not hasattr(one, "__attrs_pre_init__")
        assert not hasattr(one, "__attrs_post_init__")


PLAIN = {int: 1, str: "1", float: 0.5, bool: True, Decimal: 1, datetime: "2024-03-12T13:03:14Z", Any: 1}


def least(annotation: Any, *, filled: bool) -> Any:
    """Return JSON for a type: with what is required, or with what is not as well, one level deep."""
    kinds, _, _ = alternatives(annotation)
    kind = next(one for one in kinds if one is not dict)
    if attrs.has(kind):
        wanted = [member for member in members(kind) if filled or member.required]
        return {member.name: least(member.type, filled=False) for member in wanted}
    if get_origin(kind) is list:
        return [least(get_args(kind)[0], filled=False)]
    if get_origin(kind) is tuple:
        return [least(one, filled=False) for one in get_args(kind)]
    if get_origin(kind) is dict:
        return {"a": least(get_args(kind)[1], filled=False)}
    return PLAIN[kind]


@pytest.mark.parametrize("model", [pytest.param(model, id=name) for name, model in lists()])
def test_every_list_can_be_read_with_stand_ins_all_over(model: Any) -> None:
    every = tree(model, set())
    absent = {
        one: tuple(member.name for member in members(one) if member.default is None and not member.required)
        for one in every
    }
    repeated = {one: tuple(member.name for member in members(one) if shareable(member)) for one in every}
    content = json.dumps([least(model, filled=filled) for filled in (False, True)]).encode()
    for found in (Habits(absent), Habits(repeated=repeated), Habits(absent, repeated)):
        read = plain(StandIns(found).of(list[model])).decode(content)
        assert read == plain(list[model]).decode(content)
        assert {type(one) for one in read} == {model}
