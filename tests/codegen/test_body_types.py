"""The types of mappings as bodies have the members of the models, and nothing loads them."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
import typing
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NotRequired

import attrs
import pytest

from aioemnify import models
from aioemnify.operation import Operation
from aioemnify.resources import bodies, lookup_names
from aioemnify.serialization.fields import alternatives, model_fields
from aioemnify.tables.operations import OPERATIONS

NAMES = {
    **{name: getattr(models, name) for name in models.__all__},
    **vars(bodies),
    **vars(lookup_names),
    **{one.__name__: one for one in (Mapping, Sequence, date, datetime, Decimal)},
    "Any": Any,
    "NotRequired": NotRequired,
}


def hints(name: str) -> dict[str, Any]:
    return typing.get_type_hints(getattr(bodies, name), localns=NAMES, include_extras=True)


def contained(annotation: Any) -> set[Any]:
    """Return every class that an annotation names."""
    inner = typing.get_args(annotation)
    return set().union(*map(contained, inner)) if inner else {annotation}


@pytest.mark.parametrize("name", bodies.__all__)
def test_a_mapping_has_the_members_of_its_model(name: str) -> None:
    fields = model_fields(getattr(models, name.removesuffix("Dict")))
    types = hints(name)
    assert set(types) == {field.wire for field in fields}
    total = getattr(bodies, name).__total__
    for field in fields:
        kind = types[field.wire]
        optional = not total or typing.get_origin(kind) is NotRequired
        assert optional is not field.required, field.wire
        for held in contained(field.type):
            if attrs.has(held):
                assert {held, getattr(bodies, f"{held.__name__}Dict")} <= contained(kind), field.wire
                named = typing.get_args(getattr(lookup_names, f"{held.__name__}Name", None))
                assert set(named) <= contained(kind), field.wire
        assert (int in contained(field.type)) is (int in contained(kind))
        nullable = alternatives(field.type)[1] and field.default is not None
        assert nullable is (type(None) in contained(kind)), field.wire


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS.values() if one.body], ids=lambda operation: operation.id
)
def test_every_method_with_a_body_names_its_mapping(operation: Operation) -> None:
    assert operation.body is not None
    group, _, method = operation.id.partition(".")
    module = importlib.import_module(f"aioemnify.resources.{group}")
    resource = getattr(module, "".join(part.capitalize() for part in group.split("_")))
    annotation = str(inspect.signature(getattr(resource, method)).parameters["body"].annotation)
    name = operation.body.model.partition(":")[2]
    assert (f"{name}Dict" if name else "Mapping[str, Any]") in annotation
    assert not name or "Mapping[str, Any]" not in annotation


def test_nothing_loads_the_types() -> None:
    code = (
        "import sys\nfrom aioemnify import Emnify, models\nemnify = Emnify('a.b.c')\n"
        "emnify.endpoints, emnify.sims, models.EndpointUpdate\n"
        "assert not {'aioemnify.resources.bodies', 'aioemnify.resources.lookup_names'} & {*sys.modules}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
