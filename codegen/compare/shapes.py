"""Flatten the JSON Schema of a published description: one record for what a value may be.

``allOf`` becomes one shape with the members of all, ``anyOf`` and ``oneOf`` one with the members of each,
and a reference its target, so that it does not matter how the other file says something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve, frozen

from codegen.compare.published import Part, Published, printable

LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "default")
"""The keys that limit a value, and its default."""

COMBINED = ("allOf", "anyOf", "oneOf")
OWN = {
    "type", "nullable", "enum", "const", "x-extensible-enum", "format", "properties", "required", "items",
    "prefixItems", "additionalProperties", *LIMITS,
}  # fmt: skip


@frozen
class JsonShape:
    """What a value may be. Empty ``kinds`` mean that the file does not say.

    ``enum`` is ``None`` where the values are open. ``objects`` has each alternative that is an object.
    """

    kinds: frozenset[str] = frozenset()
    format: str | None = None
    enum: tuple[Any, ...] | None = None
    limits: Mapping[str, Any] = {}
    deprecated: bool = False
    members: Mapping[str, tuple[Part, ...]] = {}
    required: frozenset[str] = frozenset()
    items: tuple[Part, ...] = ()
    extra: tuple[Part, ...] = ()
    objects: tuple[JsonShape, ...] = ()


class Shapes:
    """The shapes of one file; each of its values is flattened once, however often it is referred to."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._made: dict[int, JsonShape | None] = {}

    def shape(self, part: Part) -> JsonShape:
        """Return the shape of a schema.

        Raises:
            SchemaError: It is not a schema.
        """
        if isinstance(part.value, bool):
            return JsonShape()
        key = id(part.value)
        if key not in self._made:
            self._made[key] = None
            self._made[key] = self._flattened(part)
        made = self._made[key]
        if made is None:
            raise self._published.fault(part.place, "consists of itself")
        return made

    def _flattened(self, part: Part) -> JsonShape:
        facts = self._published.mapping(part)
        deprecated = facts.get("deprecated") is True
        parts: list[JsonShape] = []
        if "$ref" in facts:
            parts.append(self.shape(self._published.followed(part)))
        if OWN & facts.keys():
            parts.append(self._own(part))
        for key in COMBINED:
            if listed := self._published.inside(part, key):
                choices = [self.shape(choice) for choice in self._published.items(listed)]
                parts += choices if key == "allOf" else [_either(choices)]
        made = _all(parts)
        # A shape that stays the same object is compared with a model only once.
        return made if made.deprecated == deprecated else evolve(made, deprecated=deprecated)

    def _own(self, part: Part) -> JsonShape:
        facts = part.value
        members = self._published.inside(part, "properties")
        items = self._published.inside(part, "items")
        pair = self._published.inside(part, "prefixItems")
        extra = self._published.inside(part, "additionalProperties")
        kinds = self._kinds(part)
        if not kinds:
            kinds = {"object"} if members or extra else {"array"} if items or pair else set()
        values = facts.get("enum", facts.get("x-extensible-enum"))
        if "const" in facts:
            values = [facts["const"]]
        if not isinstance(values, list | None):
            raise self._published.fault((*part.place, "enum"), "must be a list")
        if facts.get("nullable") is True or (values and None in values):
            kinds.add("null")
        required = self._published.inside(part, "required")
        names = [one.value for one in self._published.items(required)] if required and members else []
        if any(not isinstance(name, str) for name in names):
            raise self._published.fault((*part.place, "required"), "must be a list of texts")
        made = JsonShape(
            kinds=frozenset(kinds),
            format=facts["format"] if isinstance(facts.get("format"), str) else None,
            enum=tuple(one for one in values if one is not None) if values is not None else None,
            limits={key: facts[key] for key in LIMITS if key in facts},
            members={
                name: (Part((*members.place, name), value),)
                for name, value in self._published.mapping(members).items()
            }
            if members
            else {},
            required=frozenset(names),
            items=tuple(self._published.items(pair)) if pair else (items,) if items else (),
            extra=(extra,) if extra and isinstance(extra.value, dict) else (),
        )
        return evolve(made, objects=(made,)) if "object" in kinds else made

    def _kinds(self, part: Part) -> set[str]:
        kinds = part.value.get("type", [])
        listed = [kinds] if isinstance(kinds, str) else kinds
        if not isinstance(listed, list) or any(not isinstance(kind, str) for kind in listed):
            raise self._published.fault((*part.place, "type"), "must be a type, or a list of types")
        return {"string" if kind == "file" else printable(kind) for kind in listed}


def _all(shapes: list[JsonShape]) -> JsonShape:
    """Return the shape of values that fit all of the shapes."""
    if len(shapes) == 1:
        return shapes[0]
    made = JsonShape(
        kinds=next((one.kinds for one in shapes if one.kinds), frozenset()),
        format=next((one.format for one in shapes if one.format), None),
        enum=next((one.enum for one in shapes if one.enum is not None), None),
        limits={key: value for one in reversed(shapes) for key, value in one.limits.items()},
        members=_members(shapes),
        required=frozenset[str]().union(*(one.required for one in shapes)),
        items=_parts(one.items for one in shapes),
        extra=_parts(one.extra for one in shapes),
    )
    return evolve(made, objects=(made,)) if "object" in made.kinds else made


def _either(shapes: list[JsonShape]) -> JsonShape:
    """Return the shape of values that fit one of the shapes."""
    real = [one for one in shapes if one.kinds != {"null"}]
    kinds = frozenset[str]().union(*(one.kinds for one in shapes))
    if len(real) == 1:
        return evolve(real[0], kinds=kinds if real[0].kinds else frozenset())
    open_values = any(one.enum is None for one in real)
    objects = {id(inner): inner for one in real for inner in one.objects}
    needed = [one.required for one in objects.values()]
    return JsonShape(
        kinds=kinds if all(one.kinds for one in real) else frozenset(),
        format=None,
        enum=None if open_values else tuple(value for one in real for value in one.enum or ()),
        limits={},
        members=_members(real),
        required=frozenset.intersection(*needed) if needed else frozenset(),
        items=_parts(one.items for one in real),
        extra=_parts(one.extra for one in real),
        objects=tuple(objects.values()),
    )


def _members(shapes: Iterable[JsonShape]) -> dict[str, tuple[Part, ...]]:
    found: dict[str, list[tuple[Part, ...]]] = {}
    for one in shapes:
        for name, parts in one.members.items():
            found.setdefault(name, []).append(parts)
    return {name: _parts(parts) for name, parts in found.items()}


def _parts(groups: Iterable[tuple[Part, ...]]) -> tuple[Part, ...]:
    """Return the parts of all groups, each value once."""
    return tuple({id(part.value): part for group in groups for part in group}.values())
