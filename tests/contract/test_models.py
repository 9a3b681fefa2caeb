"""Every documented model and member is there once, as documented, and loses nothing.

What is expected comes from ``models.json`` beside this module. What the library decides for
all models alike is a rule below, with its reason; what it decides for one member stands in
``differences.py``. A difference that is in neither fails, and so does a listed one that is
none any more.
"""

from __future__ import annotations

import json
import types
import typing
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import msgspec
import pytest

from aioemnify import models
from aioemnify.serialization.fields import renamed
from aioemnify.transport.wire.lenient import LenientReader
from aioemnify.types import UNSET
from tests.contract.comparison import members_of, object_losses, options_of
from tests.contract.differences import FIELD_DIFFERENCES, OWN_MODELS, SECRETS, VALUE_DIFFERENCES
from tests.contract.documented import MODELS, Field, Model
from tests.contract.sampling import Sampler, Spelling

EVERY_MODEL = pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)

_WORDS = {
    bool: "boolean",
    int: "integer",
    float: "number",
    Decimal: "number",
    str: "string",
    date: "date",
    datetime: "date-time",
    Any: "any",
    types.NoneType: "null",
}


def told(annotation: Any) -> str:
    """Return a Python type in the documentation's words."""
    if attrs.has(annotation):
        return f"ref {annotation.__name__}"
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is list:
        return f"array<{_alternatives(inner[0])}>"
    if origin is dict:
        return f"map<{_alternatives(inner[1])}>"
    if origin is tuple:
        return f"tuple[{', '.join(map(_alternatives, inner))}]"
    return _WORDS[annotation]


def _alternatives(annotation: Any) -> str:
    words = [told(option) for option in options_of(annotation)]
    return words[0] if len(words) == 1 else f"union<{', '.join(words)}>"


# --- nothing is missing and nothing is invented


def test_every_documented_model_is_there_and_no_other() -> None:
    assert len(MODELS) == 233
    assert sum(len(model.fields) for model in MODELS.values()) == 1154
    assert sorted(models.__all__) == sorted([*MODELS, *OWN_MODELS])
    homes = [getattr(models, name) for name in models.__all__]
    assert len(set(homes)) == len(homes)


@EVERY_MODEL
def test_a_model_has_every_documented_member_once(model: Model) -> None:
    fields = attrs.fields(getattr(models, model.name))
    assert sorted(field.metadata.get("wire", field.name) for field in fields) == sorted(model.fields)
    assert {field.name for field in fields} == {field.python_name for field in model.fields.values()}


# --- what is said of each member


def documented(model: Model, field: Field, *, required: bool) -> dict[str, Any]:
    """Return what a member should be: what is documented, under the rules of this library.

    ``required`` is what the library says of it: the default and None follow from that.
    """
    return {
        "name": field.python_name,
        "type": _documented_type(model, field),
        "required": required if required in _may_be_required(model, field) else not required,
        # An answer keeps None for what is absent; a body keeps UNSET, because None means null there.
        "default": attrs.NOTHING if required else UNSET if model.is_body else None,
        "takes null": field.nullable
        or not (required or model.is_body)
        or field.shape.kind in ("null", "any"),
        # What comes may be money, so it keeps its digits; what is sent is a number of JSON.
        "exact": "number" in str(field.shape) and model.usage == "response",
    }


def _may_be_required(model: Model, field: Field) -> set[bool]:
    if model.is_body or (model.usage == "both" and not model.is_lookup):
        return {field.required_in_request}
    if field.name == ("id" if "id" in model.fields else next(iter(model.fields)) if model.is_lookup else ""):
        return {True}
    # Servers leave things out of their answers, whatever is documented, and a page must not be lost for
    # it: an answer needs only what it is known by, and at the most what is documented.
    return {False, field.required}


def _documented_type(model: Model, field: Field) -> str:
    text = str(field.shape)
    if not model.is_body:
        return text
    # A body takes the number of what it refers to in place of the whole.
    shape = field.shape.inner[0] if field.shape.kind == "array" else field.shape
    if shape.name and MODELS[shape.name].is_bare_id:
        return text.replace(str(shape), f"union<{shape}, integer>")
    return text


def ours(model: Model, field: Field) -> dict[str, Any]:
    """Return what a member of the library's model is."""
    member = members_of(getattr(models, model.name))[field.name]
    return {
        "name": member.name,
        "type": _alternatives(member.type),
        "required": member.default is attrs.NOTHING,
        "default": member.default,
        "takes null": types.NoneType in typing.get_args(member.type) or member.type in (Any, types.NoneType),
        "exact": "Decimal" in str(member.type),
    }


@EVERY_MODEL
def test_members_are_what_is_documented(model: Model) -> None:
    different: dict[str, dict[str, Any]] = {}
    for field in model.fields.values():
        found = ours(model, field)
        expected = documented(model, field, required=found["required"])
        wrong = {aspect: found[aspect] for aspect in expected if expected[aspect] != found[aspect]}
        if wrong:
            different[f"{model.name}.{field.name}"] = wrong
    listed = {
        place: {aspect: difference.ours for aspect, difference in aspects.items()}
        for place, aspects in FIELD_DIFFERENCES.items()
        if place.partition(".")[0] == model.name
    }
    assert different == listed


def test_every_listed_difference_is_of_a_documented_member() -> None:
    places = {f"{model.name}.{field}" for model in MODELS.values() for field in model.fields}
    assert FIELD_DIFFERENCES.keys() <= places
    assert places >= SECRETS
    assert VALUE_DIFFERENCES.keys() <= MODELS.keys()
    assert not OWN_MODELS.keys() & MODELS.keys()


@EVERY_MODEL
def test_what_users_write_is_mutable_and_what_the_server_says_is_not(model: Model) -> None:
    kind = getattr(models, model.name)
    one = kind(**{field.name: None for field in attrs.fields(kind)})
    name = attrs.fields(kind)[0].name
    if model.is_body:
        setattr(one, name, 1)
        assert getattr(one, name) == 1
    else:
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(one, name, 1)


@EVERY_MODEL
def test_only_secrets_are_hidden(model: Model) -> None:
    kind = getattr(models, model.name)
    hidden = {f"{model.name}.{wire}" for wire, member in members_of(kind).items() if not member.repr}
    assert hidden == {place for place in SECRETS if place.partition(".")[0] == model.name}
    one = kind(**{member.name: f"canary-{wire}-" for wire, member in members_of(kind).items()})
    for wire in model.fields:
        assert (f"canary-{wire}-" in repr(one)) is (f"{model.name}.{wire}" not in SECRETS)


# --- known values


def _constants(kind: type[Any]) -> dict[str, Any]:
    return {
        name: getattr(kind, name)
        for name, annotation in kind.__annotations__.items()
        if str(annotation).startswith("typing.ClassVar")
    }


@EVERY_MODEL
def test_known_values_are_constants(model: Model) -> None:
    constants = _constants(getattr(models, model.name))
    label = next((name for name in ("description", "name") if name in model.fields), None)
    found = {
        (getattr(value, "id", None), getattr(value, label) if label else None) for value in constants.values()
    }
    assert all(isinstance(value, getattr(models, model.name)) for value in constants.values())
    if model.name in VALUE_DIFFERENCES:
        assert found == VALUE_DIFFERENCES[model.name].ours != _documented_values(model, label)
        return
    assert found == _documented_values(model, label)
    assert len(constants) == len(model.values)
    for value in model.values:
        (name,) = [name for name, constant in constants.items() if constant.id == value["id"]]
        assert name.replace("_", "").endswith(_letters(value["description"]))


def _documented_values(model: Model, label: str | None) -> set[tuple[Any, Any]]:
    return {(value["id"], value["description"] if label else None) for value in model.values}


def _letters(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())


# --- reading


@pytest.mark.parametrize("spelling", typing.get_args(Spelling))
@pytest.mark.parametrize(
    "model", [model for model in MODELS.values() if not model.is_body], ids=lambda model: model.name
)
def test_both_readers_lose_nothing(model: Model, spelling: Spelling) -> None:
    kind = getattr(models, model.name)
    for turn in range(7 if model.discriminator else 2):
        said = Sampler(spelling=spelling, turn=turn).object(model.name)
        lenient = LenientReader()
        slow = lenient.read(said, kind)
        assert list(object_losses(said, slow, model.name)) == []
        assert lenient.mismatches == set()
        if renamed(kind):
            continue
        try:
            fast = msgspec.json.decode(json.dumps(said), type=kind, strict=False)
        except msgspec.ValidationError:
            continue  # it may refuse; the client then asks the other one
        assert fast == slow
        assert list(object_losses(said, fast, model.name)) == []


@pytest.mark.parametrize(
    "model", [model for model in MODELS.values() if not model.is_body], ids=lambda model: model.name
)
def test_a_plain_answer_needs_no_second_reader(model: Model) -> None:
    """The slower reader is for what breaks the documentation; what keeps to it is read at full speed."""
    kind = getattr(models, model.name)
    if not renamed(kind):
        said = Sampler(request=True).object(model.name)
        read = msgspec.json.decode(json.dumps(said), type=kind, strict=False)
        assert list(object_losses(said, read, model.name)) == []
