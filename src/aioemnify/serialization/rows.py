"""Flat rows of models, for tables."""

from __future__ import annotations

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


class _Column(NamedTuple):
    """A member of a class: ``inner`` is the model that it holds, ``label`` the label if it is a lookup."""

    name: str
    wire: str
    inner: type[Any] | None
    label: str | None


def _fill(row: dict[str, Any], prefix: str, kind: Any, model: Model | None) -> None:
    for name, wire, inner, label in _columns(kind):
        value = None if model is None else getattr(model, name)
        if inner is None or not (value is None or isinstance(value, inner)):
            row[prefix + wire] = _cell(value)
        elif label is not None:
            row[prefix + wire] = None if value is None else _shown(value, label)
        else:
            _fill(row, f"{prefix}{wire}.", inner, value)


@cache
def _columns(kind: Any) -> list[_Column]:
    return [_column(member) for member in members_of(kind)]


def _column(member: Member) -> _Column:
    models = member.choice.models
    inner = models[0] if len(models) == 1 else None
    known = {one.name for one in members_of(inner)} if inner and issubclass(inner, LookupModel) else set()
    return _Column(member.name, member.wire, inner, next((one for one in LABELS if one in known), None))


def _shown(value: Any, label: str) -> Any:
    """Return the label of a lookup, that of the schema where the response has none, or the id as text."""
    own = getattr(value, label)
    if own is not None:
        return own
    known = next((one for one in vars(type(value)).values() if one == value), value)
    return getattr(known, label) or str(value.id)


def _cell(value: Any) -> Any:
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, (list, tuple)):
        return [_cell(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    return None if value is UNSET else value


_SIMPLE = {NoneType, bool, float, int, str}
