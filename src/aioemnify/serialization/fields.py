"""The fields of a model: their names in JSON, and their types."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import attrs
from attrs import frozen
from msgspec import UnsetType


@frozen
class Selector:
    """A sibling, by its wire name, whose value selects the class of a field's value."""

    wire: str
    classes: Mapping[str, str]


@frozen
class ModelField:
    """One attribute of a model.

    ``wire`` is its name in JSON. ``default`` is ``NOTHING`` where it is ``required``. ``intern`` says that
    equal values are decoded once, see ``interning``.
    """

    name: str
    wire: str
    type: Any
    default: Any
    required: bool
    selector: Selector | None = None
    intern: bool = False


def model_fields(model: Any) -> tuple[ModelField, ...]:
    """Return the fields of an attrs class, in order."""
    if model not in _fields:
        attrs.resolve_types(model)
        _fields[model] = tuple(
            ModelField(
                name=attribute.name,
                wire=attribute.metadata.get("wire", attribute.name),
                type=attribute.type,
                default=attribute.default,
                required=attribute.default is attrs.NOTHING,
                selector=Selector(*found) if (found := attribute.metadata.get("selected_by")) else None,
                intern="intern" in attribute.metadata,
            )
            for attribute in attrs.fields(model)
        )
    return _fields[model]


_fields: dict[Any, tuple[ModelField, ...]] = {}


def renamed(annotation: Any) -> bool:
    """Say whether a type contains a field whose name in JSON is not its Python name.

    msgspec cannot rename the fields of attrs classes and would silently drop such a value, so
    these types are decoded by the slower lenient reader.
    """
    return _renamed(annotation, set())


def _renamed(annotation: Any, seen: set[Any]) -> bool:
    if attrs.has(annotation):
        if annotation in seen:
            return False
        seen.add(annotation)
        return any(item.name != item.wire or _renamed(item.type, seen) for item in model_fields(annotation))
    return any(_renamed(argument, seen) for argument in get_args(annotation))


def alternatives(annotation: Any) -> tuple[tuple[Any, ...], bool, bool]:
    """Split a union.

    Returns:
        The types other than None and UNSET, whether None is one, whether UNSET is one.
    """
    if is_union(annotation):
        arguments = get_args(annotation)
        kept = tuple(bare(item) for item in arguments if item not in (NoneType, UnsetType))
        return kept, NoneType in arguments, UnsetType in arguments
    return (bare(annotation),), annotation is NoneType, False


def is_union(annotation: Any) -> bool:
    """Return whether a type is a union, by either spelling."""
    return get_origin(annotation) in (Union, UnionType)


def is_list(annotation: Any) -> bool:
    """Return whether a type is a list, of anything."""
    return get_origin(annotation) is list or annotation is list


def bare(annotation: Any) -> Any:
    """Return a type without its annotations."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
