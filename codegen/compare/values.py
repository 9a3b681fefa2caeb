"""Compare one value: a parameter, a body, a response or a member, with everything inside up to the models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from attrs import frozen

from codegen.check import FORMATS
from codegen.compare.findings import Finding, Kind
from codegen.compare.published import printable
from codegen.compare.shapes import LIMITS, JsonShape, Shapes
from codegen.load import Document, ModelRef, Place, Schema

KNOWN_FORMATS = frozenset().union(*FORMATS.values()) - {"int32", "int64", "float", "double"}
Facts: TypeAlias = Mapping[str, Any]


@frozen
class Value:
    """A value of the schema, and what the published description says about it.

    ``closed`` is whether the published types must be all of ours. ``free`` are published types that say
    nothing: every value of a path is text.
    """

    document: Document
    place: Place
    name: str
    facts: Facts
    shapes: tuple[JsonShape, ...]
    values: tuple[Any, ...] | None = None
    closed: bool = True
    free: frozenset[str] = frozenset()

    def found(self, kind: Kind, text: str, key: str = "") -> Finding:
        """Return a difference of this value."""
        place = (*self.place, key) if key in self.facts else self.place
        return Finding(kind, self.document, place, f"{self.name}: {text}")


def levels(value: Value, published: Shapes) -> Iterator[Value]:
    """Yield a value and those inside it, down to models, as far as both sides have them."""
    yield value
    for place, facts in alternatives(value):
        items = {"anyOf": facts["prefixItems"]} if "prefixItems" in facts else facts.get("items")
        extra = facts.get("additionalProperties")
        for key, ending, inner, groups in (
            ("items", "[]", items, [shape.items for shape in value.shapes]),
            ("additionalProperties", "{}", extra, [shape.extra for shape in value.shapes]),
        ):
            made = (published.shape(part) for group in groups for part in group)
            shapes = tuple({id(shape): shape for shape in made}.values())
            if isinstance(inner, dict) and shapes:
                name = f"{value.name}{ending}"
                yield from levels(Value(value.document, (*place, key), name, inner, shapes), published)


def alternatives(value: Value) -> Iterator[tuple[Place, Facts]]:
    """Yield the alternatives of a value, each with its place; the value itself if it has none."""
    waiting: list[tuple[Place, Facts]] = [(value.place, value.facts)]
    while waiting:
        place, facts = waiting.pop(0)
        listed = [
            ((*place, key, index), choice)
            for key in ("anyOf", "oneOf")
            for index, choice in enumerate(facts.get(key, []))
        ]
        if listed:
            waiting = listed + waiting
        else:
            yield place, facts


def models_of(schema: Schema, value: Value) -> list[ModelRef]:
    """Return the models that a value may be."""
    return [
        schema.model(value.document, place, facts["$ref"])
        for place, facts in alternatives(value)
        if "$ref" in facts
    ]


def differences(value: Value) -> Iterator[Finding]:
    """Yield the differences of one value, without those of its items and its models."""
    told = [shape for shape in value.shapes if shape.kinds or shape.enum is not None or shape.limits]
    if not told:
        return
    yield from _types(value, told)
    if not any("$ref" in facts for _, facts in alternatives(value)):
        yield from _limits(value, told)
        yield from _plain_object(value, told)
    yield from _known_values(value, told)


def _types(value: Value, shapes: list[JsonShape]) -> Iterator[Finding]:
    theirs = frozenset[str]().union(*(shape.kinds for shape in shapes)) - value.free
    if not theirs:
        return
    declared: set[str] = set()
    seen: set[str] = set()
    for _, facts in alternatives(value):
        kinds = facts.get("type", "object" if "$ref" in facts else [])
        declared |= {kinds} if isinstance(kinds, str) else set(kinds)
        seen |= set(facts.get("x-wire", []))
    null = {"null"}
    lost = declared - theirs - null if value.closed else set()
    if theirs - declared - seen - null or lost:
        text = f"is {_listed(theirs - null)} there, {_listed((declared | seen) - null) or 'of any type'} here"
        yield value.found("differs", text, "type")
    elif "null" in theirs and "null" not in declared | seen:
        yield value.found("differs", "may be null there", "type")
    elif "null" in declared and "null" not in theirs:
        yield value.found("only", "may be null", "type")
    ours = value.facts.get("format")
    formats = {shape.format for shape in shapes} & KNOWN_FORMATS
    if formats and ours not in formats and not theirs - declared - seen - null:
        kind: Kind = "differs" if ours else "lacks"
        here = f" there, {ours} here" if ours else ""
        yield value.found(kind, f"the format {_listed(formats)}{here}", "format")


def _limits(value: Value, shapes: list[JsonShape]) -> Iterator[Finding]:
    for key in LIMITS:
        if key == "pattern" and value.facts.get("format") == "date-time":
            continue
        if key in ("minItems", "maxItems") and "prefixItems" in value.facts:
            continue
        theirs = [shape.limits[key] for shape in shapes if key in shape.limits]
        ours = value.facts.get(key)
        if theirs and ours is None:
            yield value.found("lacks", f"{key} {_text(theirs[0])}")
        elif theirs and ours not in theirs:
            yield value.found("differs", f"{key} is {_text(theirs[0])} there, {_text(ours)} here", key)
        elif ours is not None and not theirs:
            yield value.found("only", f"{key} {_text(ours)}", key)
    if any(shape.deprecated for shape in shapes) and not value.facts.get("deprecated"):
        yield value.found("lacks", "deprecated")


def _known_values(value: Value, shapes: list[JsonShape]) -> Iterator[Finding]:
    listed = [one for shape in shapes for one in shape.enum or ()]
    ours = value.values if value.values is not None else value.facts.get("enum")
    if any(shape.enum is not None for shape in shapes):
        if ours is None:
            yield value.found("lacks", f"the known values {', '.join(map(_text, listed))}")
            return
        for one in dict.fromkeys(map(_text, listed)):
            if one not in map(_text, ours):
                yield value.found("lacks", f"the value {one}", "enum")
        for one in map(_text, ours):
            if one not in map(_text, listed):
                yield value.found("only", f"the value {one}", "enum")
    elif ours and value.values is None:
        yield value.found("only", f"the known values {', '.join(map(_text, ours))}", "enum")


def _plain_object(value: Value, shapes: list[JsonShape]) -> Iterator[Finding]:
    names = sorted({name for shape in shapes for name in shape.members})
    if names and value.facts.get("type") == "object":
        yield value.found("lacks", f"a model with the members {', '.join(map(printable, names))}")


def _listed(kinds: Iterable[Any]) -> str:
    return " or ".join(sorted(map(str, kinds)))


def _text(value: Any) -> str:
    return printable(str(value).lower() if isinstance(value, bool) else str(value))
