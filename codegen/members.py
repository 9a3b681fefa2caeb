"""Read the members of the models: the Python type of each, and whether it is required.

The model generator writes the classes. This module describes the same members without loading the
generator, for the reference and for the comparison of two schemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from codegen import naming
from codegen.check import is_body, is_lookup, lookup_values, stands_for_id
from codegen.load import ModelRef, Schema

KINDS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
FORMATS = {("string", "date-time"): "Timestamp", ("string", "date"): "date", ("number", "decimal"): "Decimal"}
SAID = frozenset(
    {"$ref", "type", "format", "items", "prefixItems", "additionalProperties", "anyOf", "oneOf", "enum"}
    | {"description", "deprecated", "example", "examples", "x-secret", "x-python-name"}
)
"""The keys of a member that ``Member`` has a field for, or that do not concern callers."""


@frozen
class Member:
    """A member of a model.

    ``types`` are the alternatives as Python types, without ``None``; ``further`` holds the other keys
    of the schema, such as a length.
    """

    wire: str
    name: str
    types: tuple[str, ...]
    nullable: bool
    required: bool
    secret: bool
    deprecated: bool
    choices: tuple[str, ...]
    description: str
    example: Any
    further: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The type, without the value of an omitted member."""
        return " | ".join([*self.types, *(["None"] if self.nullable else [])])


@frozen
class Model:
    """A model: its members by wire name, and the known values of a lookup by constant."""

    ref: ModelRef
    body: bool
    lookup: bool
    description: str
    members: Mapping[str, Member]
    values: Mapping[str, tuple[int | None, str]]

    @property
    def name(self) -> str:
        """The class name."""
        return self.ref.name

    @property
    def module(self) -> str:
        """The module below ``aioemnify.models``."""
        return self.ref.document.module

    def may_be_none(self, member: Member) -> bool:
        """Return whether the member can be ``None`` for a reader."""
        return member.nullable or not (member.required or self.body)


def read_models(schema: Schema) -> dict[str, Model]:
    """Return every model by name, sorted by module. The schema must have been checked."""
    found: dict[str, Model] = {}
    for document in schema.parts():
        for name in document.schemas:
            ref = ModelRef(document, name)
            required = ref.schema.get("required") or []
            properties: dict[str, dict[str, Any]] = ref.schema.get("properties") or {}
            found[name] = Model(
                ref=ref,
                body=is_body(ref),
                lookup=is_lookup(ref),
                description=str(ref.schema["description"]),
                members={
                    wire: _member(schema, ref, wire, facts, required=wire in required)
                    for wire, facts in properties.items()
                },
                values=lookup_values(ref) if is_lookup(ref) else {},
            )
    return found


def _member(
    schema: Schema, owner: ModelRef, wire: str, facts: Mapping[str, Any], *, required: bool
) -> Member:
    types = tuple(dict.fromkeys(_types(schema, owner, facts)))
    return Member(
        wire=wire,
        name=facts.get("x-python-name", naming.attribute(wire)),
        types=tuple(kind for kind in types if kind != "None") or ("None",),
        nullable="None" in types,
        required=required,
        secret=bool(facts.get("x-secret")),
        deprecated=bool(facts.get("deprecated")),
        choices=tuple(str(value) for value in facts.get("enum", [])),
        description=str(facts.get("description") or ""),
        example=facts.get("example"),
        further={key: value for key, value in facts.items() if key not in SAID},
    )


def bounds(facts: Mapping[str, Any]) -> str:
    """Return the range and the server's default of a member as a sentence, or an empty text."""
    least, most = facts.get("minimum"), facts.get("maximum")
    parts = []
    if least is not None and most is not None:
        parts.append(f"from {least} to {most}")
    elif least is not None or most is not None:
        parts.append(f"at least {least}" if most is None else f"at most {most}")
    if "default" in facts:
        default = facts["default"]
        parts.append(
            f"the server's default is {str(default).lower() if isinstance(default, bool) else default}"
        )
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _types(schema: Schema, owner: ModelRef, facts: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in facts:
        used = schema.model(owner.document, (), facts["$ref"])
        yield used.name
        if is_body(owner) and stands_for_id(used):
            yield "int"
        return
    for key in ("anyOf", "oneOf"):
        for choice in facts.get(key, []):
            yield from _types(schema, owner, choice)
    if "type" in facts:
        kinds = facts["type"]
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            yield _type(schema, owner, str(kind), facts)
    elif "anyOf" not in facts and "oneOf" not in facts:
        yield "Any"


def _type(schema: Schema, owner: ModelRef, kind: str, facts: Mapping[str, Any]) -> str:
    def inside(value: Mapping[str, Any]) -> str:
        return " | ".join(dict.fromkeys(_types(schema, owner, value)))

    if kind == "null":
        return "None"
    if kind == "array":
        if "prefixItems" in facts:
            return f"tuple[{', '.join(inside(item) for item in facts['prefixItems'])}]"
        return f"list[{inside(facts['items'])}]"
    if kind == "object":
        extra = facts.get("additionalProperties")
        return f"dict[str, {inside(extra) if isinstance(extra, dict) else 'Any'}]"
    return FORMATS.get((kind, str(facts.get("format"))), KINDS[kind])


def split_type(text: str, separator: str) -> tuple[str, ...]:
    """Split a type at a separator outside of brackets."""
    parts, depth, start = [], 0, 0
    for index, sign in enumerate(text):
        depth += (sign == "[") - (sign == "]")
        if depth == 0 and text.startswith(separator, index):
            parts.append(text[start:index])
            start = index + len(separator)
    return (*parts, text[start:])
