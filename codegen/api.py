"""The whole schema, read and checked: the input of the generator, the comparison and the reference."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from codegen.bulk import Setter, read_bulk, read_setters
from codegen.check import check_models
from codegen.composed import Composed, read_composed
from codegen.filter_types import SortTypes, sort_types
from codegen.filters import Filter, read_filters
from codegen.limits import Code, Limits, read_codes, read_limits
from codegen.load import Schema, load
from codegen.members import Model, read_models
from codegen.operations import Operation, read_operations


@frozen
class Api:
    """The contents of a schema folder."""

    schema: Schema
    operations: tuple[Operation, ...]
    bulk: Mapping[str, Mapping[str, Any]]
    setters: Mapping[str, Setter]
    composed: Mapping[str, Composed]
    models: Mapping[str, Model]
    filters: Mapping[str, Filter]
    sorts: SortTypes
    limits: Limits
    codes: tuple[Code, ...]


def read_api(folder: Path, shown: str) -> Api:
    """Read a schema folder.

    Args:
        folder: The schema folder.
        shown: The name of that folder in messages.

    Raises:
        SchemaError: The first fault found.
    """
    schema = load(folder, shown)
    check_models(schema)
    operations = read_operations(schema)
    return Api(
        schema=schema,
        operations=operations,
        bulk=read_bulk(schema, operations),
        setters=read_setters(schema, operations),
        composed=read_composed(schema, operations),
        models=read_models(schema),
        filters=read_filters(schema),
        sorts=sort_types(schema, operations),
        limits=read_limits(schema),
        codes=read_codes(schema),
    )
