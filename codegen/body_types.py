"""Write the types of bodies that are mappings: a TypedDict for each model that a body can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from attrs import frozen

from codegen import naming
from codegen.load import Schema
from codegen.lookup_names import names_type, taken_names
from codegen.members import Member, Model, read_models, split_type
from codegen.operations import Operation
from codegen.render import environment, header, paragraphs

ACCEPTED = {"Timestamp": "datetime | str", "date": "date | str", "float": "float | Decimal"}
"""What a body takes where a model has another type."""


@frozen
class BodyType:
    """The input of the template for one mapping type; ``fields`` are source text by wire name."""

    name: str
    description: str
    fields: Mapping[str, str]
    notes: Mapping[str, str]
    total: bool

    @property
    def functional(self) -> bool:
        """Whether a member is not a Python name, so that the type cannot be written as a class."""
        return any(naming.attribute(wire) != wire for wire in self.fields)

    def lines(self) -> list[str]:
        """Return the description, followed by the notes about the members."""
        notes = [f"    {wire}: {' '.join(note.split())}" for wire, note in self.notes.items() if note]
        return [*paragraphs(self.description), *(["", *notes] if notes else [])]


def mapping_name(model: str) -> str:
    """Return the name of the mapping type of a model."""
    return f"{model}{naming.MAPPING}"


def mapping_names(text: str) -> set[str]:
    """Return the mapping types that a type names."""
    return set(re.findall(rf"\b[A-Z]\w*{naming.MAPPING}\b", text))


def body_types_module(schema: Schema, operations: tuple[Operation, ...]) -> str:
    """Write ``resources/bodies.py``."""
    models = read_models(schema)
    names = {name: kind for name, model in models.items() if (kind := names_type(model.ref))}
    made = [_body_type(models[name], names) for name in sorted(_held(models, operations))]
    text = " ".join(kind for one in made for kind in one.fields.values())
    imports: dict[str, list[str]] = {}
    for name in sorted(set(re.findall(r"\b[A-Z]\w+", text)) & set(models)):
        imports.setdefault(models[name].module, []).append(name)
    template = environment().get_template("bodies.jinja")
    return header(["schema/resources/"]) + template.render(
        types=made, imports=dict(sorted(imports.items())), names=taken_names(schema, text)
    )


def _held(models: Mapping[str, Model], operations: tuple[Operation, ...]) -> set[str]:
    """Return the models that a body is or holds, at any depth."""
    found: set[str] = set()
    waiting = [one.body.name for one in operations if one.body and one.body.model != "dict"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            kinds = " ".join(kind for member in models[name].members.values() for kind in member.types)
            waiting += set(re.findall(r"\b[A-Z]\w+", kinds)) & set(models)
    return found


def _body_type(model: Model, names: Mapping[str, str]) -> BodyType:
    total = any(member.required for member in model.members.values())
    return BodyType(
        name=mapping_name(model.name),
        description=model.description,
        fields={wire: _field(member, names, total=total) for wire, member in model.members.items()},
        notes={wire: "\n\n".join(_notes(member)) for wire, member in model.members.items()},
        total=total,
    )


def _field(member: Member, names: Mapping[str, str], *, total: bool) -> str:
    kinds = [accepted(kind, names) for kind in member.types]
    kind = " | ".join([*kinds, *(["None"] if member.nullable else [])])
    return f"NotRequired[{kind}]" if total and not member.required else kind


def _notes(member: Member) -> Iterator[str]:
    if member.description:
        yield member.description
    if member.choices:
        yield f"Known values: {', '.join(member.choices)}."
    if member.deprecated:
        yield "Deprecated."


def accepted(kind: str, names: Mapping[str, str]) -> str:
    """Return what a body takes for a type of a model.

    These are mappings for models, any sequence for lists, and names for lookups; ``names`` are their types.
    """
    outer, _, inner = kind.removesuffix("]").partition("[")
    if outer == "list":
        item = _any_of(inner, names)
        # A text would pass as a sequence of texts.
        return "list[str] | tuple[str, ...]" if item == "str" else f"Sequence[{item}]"
    if outer == "tuple":
        return f"tuple[{', '.join(_any_of(part, names) for part in split_type(inner, ', '))}]"
    if outer == "dict":
        return f"Mapping[str, {_any_of(inner.partition(', ')[2], names)}]"
    if kind[0].isupper() and kind not in (*ACCEPTED, "Any", "Decimal"):
        return " | ".join([kind, mapping_name(kind), *([names[kind]] if kind in names else [])])
    return ACCEPTED.get(kind, kind)


def _any_of(kind: str, names: Mapping[str, str]) -> str:
    return " | ".join(accepted(part, names) for part in split_type(kind, " | "))
