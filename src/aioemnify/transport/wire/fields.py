"""How a model looks on the wire: its members' names, and their types without wrapping."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import attrs
from attrs import frozen
from msgspec import UnsetType


@frozen
class Selector:
    """A sibling, by its wire name, whose value says which class a member holds."""

    wire: str
    classes: Mapping[str, str]


@frozen
class Member:
    """One attribute of a model: its wire name, its type, and what it holds when left alone."""

    name: str
    wire: str
    type: Any
    default: Any
    required: bool
    selector: Selector | None = None


def members(model: Any) -> tuple[Member, ...]:
    """Return the members of an attrs class, in order."""
    if model not in _known:
        _known[model] = _members(model)
    return _known[model]


_known: dict[Any, tuple[Member, ...]] = {}


def _members(model: Any) -> tuple[Member, ...]:
    attrs.resolve_types(model)
    return tuple(
        Member(
            name=attribute.name,
            wire=attribute.metadata.get("wire", attribute.name),
            type=attribute.type,
            default=None if attribute.default is attrs.NOTHING else attribute.default,
            required=attribute.default is attrs.NOTHING,
            selector=Selector(*found) if (found := attribute.metadata.get("selected_by")) else None,
        )
        for attribute in attrs.fields(model)
    )


def renamed(annotation: Any) -> bool:
    """Say whether a type's tree holds a member whose wire name is no Python name.

    msgspec knows no renames for attrs classes and would drop such a member silently, so
    these trees are read by the slower, name-aware reader.
    """
    return _renamed(annotation, set())


def _renamed(annotation: Any, seen: set[Any]) -> bool:
    if attrs.has(annotation):
        if annotation in seen:
            return False
        seen.add(annotation)
        return any(item.name != item.wire or _renamed(item.type, seen) for item in members(annotation))
    return any(_renamed(argument, seen) for argument in get_args(annotation))


def alternatives(annotation: Any) -> tuple[tuple[Any, ...], bool, bool]:
    """Take a union apart.

    Returns:
        The types other than None and UNSET, whether None is one, whether UNSET is one.
    """
    if get_origin(annotation) in (Union, UnionType):
        arguments = get_args(annotation)
        kept = tuple(bare(item) for item in arguments if item not in (NoneType, UnsetType))
        return kept, NoneType in arguments, UnsetType in arguments
    return (bare(annotation),), annotation is NoneType, False


def bare(annotation: Any) -> Any:
    """Return a type without its annotations."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
