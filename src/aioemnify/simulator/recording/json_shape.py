"""The shape of JSON values, and how two shapes differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, field


@define
class Shape:
    """The types of value seen at one position, and the shapes inside.

    Attributes:
        kinds: of ``number``, ``text``, ``boolean``, ``object``, ``array``; null adds none.
        members: shapes of an object's members by name.
        always: names of members that every object has.
        items: the common shape of all array items, None if there were none.
    """

    kinds: set[str] = field(factory=set)
    members: dict[str, Shape] = field(factory=dict)
    always: set[str] = field(factory=set)
    items: Shape | None = None


def shape_of(*values: Any) -> Shape:
    """Return the common shape of some values."""
    shape = Shape()
    objects = [value for value in values if isinstance(value, dict)]
    arrays = [value for value in values if isinstance(value, list)]
    shape.kinds = {_kind(value) for value in values if value is not None}
    if objects:
        names = dict.fromkeys(name for value in objects for name in value)
        shape.members = {
            name: shape_of(*(value[name] for value in objects if name in value)) for name in names
        }
        shape.always = {name for name in names if all(name in value for value in objects)}
    items = [item for value in arrays for item in value]
    if items:
        shape.items = shape_of(*items)
    return shape


def differences(before: Shape, now: Shape, place: str = "$") -> Iterator[str]:
    """Yield one line for each difference. Null and empty lists match everything."""
    if before.kinds and now.kinds and not (before.kinds & now.kinds):
        yield f"{place}: was {_spelt(before.kinds)}, is {_spelt(now.kinds)}"
        return
    if "object" in before.kinds & now.kinds:
        for name, shape in before.members.items():
            if name in now.members:
                yield from differences(shape, now.members[name], f"{place}.{name}")
            elif name in before.always:
                yield f"{place}.{name}: is missing"
        for name in now.members:
            if name not in before.members:
                yield f"{place}.{name}: is new"
    if before.items is not None and now.items is not None:
        yield from differences(before.items, now.items, f"{place}[]")


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "object" if isinstance(value, dict) else "array"


def _spelt(kinds: Iterable[str]) -> str:
    return " or ".join(sorted(kinds))
