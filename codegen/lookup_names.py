"""Write the types of the names of lookups: what a body or a filter takes in place of a lookup's id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codegen import naming
from codegen.check import is_lookup, lookup_values, stands_for_id
from codegen.load import ModelRef, Schema
from codegen.render import environment, header


def names_type(ref: ModelRef) -> str | None:
    """Return the type of the names of a model, ``None`` if it is not a lookup with known names."""
    known = is_lookup(ref) and stands_for_id(ref) and lookup_values(ref)
    return f"{ref.name}{naming.NAMES}" if known else None


def taken_names(schema: Schema, text: str) -> list[str]:
    """Return the types of names that a type names, sorted."""
    known = {f"{ref.name}{naming.NAMES}" for ref in _lookups(schema)}
    return sorted(known & set(re.findall(r"\b[A-Z]\w*", text)))


def lookup_names_module(schema: Schema) -> str:
    """Write ``resources/lookup_names.py``."""
    types: list[tuple[str, ModelRef, Sequence[str]]] = []
    for ref in _lookups(schema):
        labels = [label for _, label in lookup_values(ref).values()]
        types.append((f"{ref.name}{naming.NAMES}", ref, [*dict.fromkeys(_spellings(labels))]))
    template = environment().get_template("lookup_names.jinja")
    return header(["schema/"]) + template.render(types=sorted(types, key=lambda one: one[0]))


def _lookups(schema: Schema) -> Iterator[ModelRef]:
    for document in schema.parts():
        for name in document.schemas:
            ref = ModelRef(document, name)
            if names_type(ref) is not None:
                yield ref


def _spellings(labels: Sequence[str]) -> Iterator[str]:
    for label in labels:
        yield from (label, label.lower())
