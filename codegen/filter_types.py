"""Write the filter and sort types of the lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codegen import naming
from codegen.filters import read_filters
from codegen.load import Schema
from codegen.lookup_names import taken_names
from codegen.operations import Operation
from codegen.render import environment, header

SortTypes = Mapping[str, str]
"""The name of the sort type of each operation, by operation id."""


def sort_types(schema: Schema, operations: Sequence[Operation]) -> SortTypes:
    """Name the sort types: after the listed model, shared by lists that sort by the same fields.

    If lists of one model have different sort fields, the list in the model's own group has the plain
    name, and the others are named after their operations.
    """
    taken = {*read_filters(schema), *(name for part in schema.parts() for name in part.schemas)}
    names: dict[tuple[str, tuple[str, ...]], str] = {}
    found: dict[str, str] = {}
    for operation in sorted(operations, key=_foreign):
        if operation.paging is None or operation.answered is None or not operation.paging.sort:
            continue
        key = (operation.answered.model, operation.paging.sort)
        if key not in names:
            name = f"{operation.answered.name}Sort"
            if name in names.values():
                name = f"{naming.resource_class(operation.id.replace('.', '_'))}Sort"
            if name in {*taken, *names.values()}:
                place = (*operation.place, "x-paging", "sort")
                raise operation.document.fault(place, f"the type of its fields would be a second {name}")
            names[key] = name
        found[operation.id] = names[key]
    return found


def filters_module(schema: Schema, operations: Sequence[Operation], types: SortTypes) -> str:
    """Write ``resources/filters.py``."""
    filters = [found for _, found in sorted(read_filters(schema).items())]
    used: dict[str, set[str]] = {}
    for found in filters:
        for ref in found.lookups.values():
            used.setdefault(ref.document.module, set()).add(ref.name)
    sorts = {
        types[operation.id]: [f"{sign}{field}" for field in operation.paging.sort for sign in ("", "-")]
        for operation in operations
        if operation.paging and operation.id in types
    }
    template = environment().get_template("filters.jinja")
    return header(["schema/filters.yaml", "schema/resources/"]) + template.render(
        filters=filters,
        functional={
            found.name for found in filters if any(naming.attribute(name) != name for name in found.fields)
        },
        sorts=sorted(sorts.items()),
        names=taken_names(
            schema, " ".join(found.annotation(field) for found in filters for field in found.fields)
        ),
        exported=sorted({*sorts, *(found.name for found in filters)}),
        imports={module: sorted(names) for module, names in sorted(used.items())},
    )


def _foreign(operation: Operation) -> tuple[bool, str]:
    answered = operation.answered
    return answered is None or answered.model.partition(":")[0] != operation.document.module, operation.id
