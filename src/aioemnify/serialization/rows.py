"""Flat rows of models, for tables."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, NamedTuple

from msgspec import UNSET

from aioemnify._checks import check_type
from aioemnify.serialization.choices import Member, members_of
from aioemnify.serialization.model import LookupModel, Model

LABELS = ("description", "name")
"""The members that can hold the label of a lookup."""


def to_row(model: Model) -> dict[str, Any]:
    """Return a model as one flat row, such as ``{"status": "Activated", "endpoint.name": "pump-17"}``.

    All rows of a class have the same columns, in the same order, so that pandas, polars and
    ``csv.DictWriter`` accept them; an absent value is ``None``. A lookup is its label. A decimal is a
    ``float``, a time a ``datetime``. A list stays a list, with its models as in ``to_dict()``. Secrets are
    included in plain text.

    Args:
        model: A model of a response, such as an item of a list.

    Raises:
        ArgumentTypeError: ``model`` is not a model.
    """
    check_type("model", model, Model, "one model, such as a Sim")
    row: dict[str, Any] = {}
    _fill(row, "", type(model), model)
    return row


class RowMember(NamedTuple):
    """A member of a class: ``inner`` is the model that it holds, ``label`` the label if it is a lookup."""

    name: str
    wire: str
    known: Any
    inner: type[Any] | None
    label: str | None


def _fill(row: dict[str, Any], prefix: str, kind: Any, model: Model | None) -> None:
    for name, wire, _, inner, label in row_members(kind):
        value = None if model is None else getattr(model, name)
        if inner is None or not (value is None or isinstance(value, inner)):
            row[prefix + wire] = cell_of(value)
        elif label is not None:
            row[prefix + wire] = None if value is None else label_of(value, label)
        else:
            _fill(row, f"{prefix}{wire}.", inner, value)


def _row_members(kind: Any) -> list[RowMember]:
    return [_row_member(member) for member in members_of(kind)]


row_members: Callable[[Any], list[RowMember]] = cache(_row_members)
"""Return the members of a class, with what a row shows of them."""


def _row_member(member: Member) -> RowMember:
    models = member.choice.models
    inner = models[0] if len(models) == 1 else None
    known = {one.name for one in members_of(inner)} if inner and issubclass(inner, LookupModel) else set()
    label = next((one for one in LABELS if one in known), None)
    return RowMember(member.name, member.wire, member.known, inner, label)


def label_of(value: Any, label: str) -> Any:
    """Return the label of a lookup, that of the schema where the response has none, or the id as text."""
    own = getattr(value, label)
    if own is not None:
        return own
    known = next((one for one in vars(type(value)).values() if one == value), value)
    return getattr(known, label) or str(value.id)


def cell_of(value: Any) -> Any:
    """Return a value that has no columns of its own as a cell of a table."""
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, (list, tuple)):
        return [cell_of(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    return None if value is UNSET else value


_SIMPLE = {NoneType, bool, float, int, str}
