"""Every filter and every body takes the name of a known value of a lookup in place of its id."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from aioemnify import OPERATIONS, Emnify, models
from aioemnify.errors import ArgumentError
from aioemnify.filters import filter_text
from aioemnify.operation import Body, Listing, Operation
from aioemnify.resources import lookup_names
from aioemnify.serialization.fields import ModelField, alternatives, is_list, model_fields
from aioemnify.serialization.model import LookupModel
from aioemnify.transport.wire.codec import Codec

LISTINGS = {one.id: one.listing for one in OPERATIONS.values() if one.listing and one.listing.filter_fields}
FIELDS = [
    pytest.param(listing, field, getattr(models, lookup), id=f"{name}-{field}")
    for name, listing in LISTINGS.items()
    for field, lookup in listing.filter_lookups
]
CODEC = Codec(models.resolve)


def known(lookup: type[Any]) -> dict[str, Any]:
    """Return the known values of a lookup that have ids, by constant."""
    return {
        name: value
        for name, value in vars(lookup).items()
        if isinstance(value, lookup) and hasattr(value, "id")
    }


def label(constant: str, value: Any) -> str:
    """Return the label of a known value; one lookup has none but the name of its constant."""
    return str(
        next((getattr(value, one) for one in ("description", "name") if hasattr(value, one)), constant)
    )


def spellings(lookup: type[Any]) -> Iterator[tuple[str, int]]:
    for constant, value in known(lookup).items():
        own = label(constant, value)
        for name in (own, own.upper(), own.lower(), constant, constant.lower()):
            yield name, value.id


@pytest.mark.parametrize(("listing", "field", "lookup"), FIELDS)
def test_a_filter_takes_every_name(listing: Listing, field: str, lookup: type[Any]) -> None:
    for name, identity in spellings(lookup):
        assert filter_text(listing, {field: name}) == f"{field}:{identity}"
        if field in listing.multi_value_fields:
            assert filter_text(listing, {field: [name, 3]}) == f"{field}:{identity}|3"


@pytest.mark.parametrize(("listing", "field", "lookup"), FIELDS)
def test_a_filter_refuses_other_names(listing: Listing, field: str, lookup: type[Any]) -> None:
    for name, _ in spellings(lookup):
        with pytest.raises(ArgumentError) as caught:
            filter_text(listing, {field: f"{name}x"})
        assert caught.value.argument == f"filter[{field!r}]"
        assert f"takes {lookup.__name__} (" in str(caught.value)
        assert "did you mean" in str(caught.value)
    if not known(lookup):
        with pytest.raises(ArgumentError, match=f"takes {lookup.__name__} or its id, because"):
            filter_text(listing, {field: "ready"})
    assert filter_text(listing, {field: "17"}) == f"{field}:17"


@pytest.mark.parametrize("listing", list(LISTINGS.values()), ids=list(LISTINGS))
def test_a_filter_by_a_number_refuses_a_name(listing: Listing) -> None:
    for field in listing.filter_integers:
        with pytest.raises(ArgumentError, match="give the id"):
            filter_text(listing, {field: "Default"})
        assert filter_text(listing, {field: "5"}) == filter_text(listing, {field: 5}) == f"{field}:5"
        assert filter_text(listing, {field: None}) == f"{field}:null"


@pytest.mark.parametrize("name", lookup_names.__all__)
def test_the_types_have_the_names_of_the_constants(name: str) -> None:
    lookup = getattr(models, name.removesuffix("Name"))
    taken = typing.get_args(getattr(lookup_names, name))
    labels = [label(constant, value) for constant, value in known(lookup).items()]
    assert {text.lower() for text in taken} == {text.lower() for text in labels}
    assert {text.lower() for text in taken} < set(taken)


def bodies() -> Iterator[Any]:
    for operation in OPERATIONS.values():
        if operation.body is not None and operation.body.model != "dict":
            yield pytest.param(operation, id=operation.id)


def lookups(field: ModelField) -> list[type[Any]]:
    kinds = alternatives(field.type)[0]
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, LookupModel)]


def pairs(
    model: type[Any], within: tuple[type[Any], ...] = ()
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Return members with lookups by id, and the same by name; of inner models too."""
    for field in model_fields(model):
        for lookup in lookups(field):
            for name, identity in spellings(lookup):
                yield {field.wire: identity}, {field.wire: name}
        for kind in alternatives(field.type)[0]:
            held = typing.get_args(kind)[0] if is_list(kind) and typing.get_args(kind) else kind
            if attrs.has(held) and not issubclass(held, LookupModel) and held not in within:
                for by_id, by_name in pairs(held, (*within, held)):
                    inner = ([by_id], [by_name]) if is_list(kind) else (by_id, by_name)
                    yield {field.wire: inner[0]}, {field.wire: inner[1]}


def written(body: Body, value: Any) -> Any:
    try:
        return CODEC.encode(Body(body.model), value)
    except ArgumentError as error:
        return str(error)


@pytest.mark.parametrize("operation", list(bodies()))
def test_a_body_takes_every_name(operation: Operation) -> None:
    assert operation.body is not None
    for by_id, by_name in pairs(models.resolve(operation.body.model)):
        # Members that are required are missing from both; the problems must be the same then.
        assert written(operation.body, by_name) == written(operation.body, by_id)


def test_the_bodies_that_were_compared_have_lookups() -> None:
    compared = [
        operation.id
        for operation in OPERATIONS.values()
        if operation.body and operation.body.model != "dict"
        if any(pairs(models.resolve(operation.body.model)))
    ]
    assert {"sims.update", "endpoints.create", "endpoints.update_bulk", "users.update"} <= set(compared)


def test_a_name_is_sent_as_an_id() -> None:
    body = OPERATIONS["sims.update"].body
    assert body is not None
    assert CODEC.encode(body, {"status": "suspended"}) == b'{"status":{"id":2}}'
    assert CODEC.encode(body, models.SimUpdate(status="Factory Test")) == b'{"status":{"id":4}}'  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("operation", "body", "problem"),
    [
        (
            "sims.update",
            {"status": "suspnded"},
            "body.status takes SimStatus (Issued, Activated, Suspended, Deleted, Factory Test) or its id, "
            "not 'suspnded'; did you mean 'Suspended'?",
        ),
        (
            "endpoints.update",
            {"tariff_profile": "Default"},
            "body.tariff_profile takes IdRef or its id, not str; names that depend on the account are not "
            "known here, so give the id",
        ),
        (
            "endpoints.update",
            {"statsu": 1, "nam": "pump", "tag": "a"},
            "; did you mean 'name' and 'status' and 'tags'?",
        ),
    ],
)
def test_a_body_says_what_was_meant(operation: str, body: dict[str, Any], problem: str) -> None:
    wanted = OPERATIONS[operation].body
    assert wanted is not None
    with pytest.raises(ArgumentError) as caught:
        CODEC.encode(wanted, body)
    assert str(caught.value).endswith(problem)


@pytest.mark.parametrize("listing", list(LISTINGS.values()), ids=list(LISTINGS))
def test_a_misspelt_field_says_what_was_meant(listing: Listing) -> None:
    for field in listing.filter_fields:
        with pytest.raises(ArgumentError, match="did you mean"):
            filter_text(listing, {f"{field}_": 1})


def test_the_client_checks_before_it_sends() -> None:
    emnify = Emnify("a-token")
    with pytest.raises(ArgumentError, match="did you mean 'Activated'"):
        emnify.sims.list(filter={"status": "actived"})  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="did you mean 'iccid'"):
        emnify.sims.list(sort="icid")  # type: ignore[arg-type]
    emnify.sims.list(filter={"status": "activated"})
