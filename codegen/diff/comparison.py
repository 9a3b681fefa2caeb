"""Compare two schemas completely."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.api import Api
from codegen.diff.changes import Change
from codegen.diff.model_changes import model_changes, uses
from codegen.diff.operation_changes import operation_changes
from codegen.diff.table_changes import code_changes, filter_changes, limit_changes, sort_type_changes


def compare(old: Api, new: Api) -> Iterator[Change]:
    """Yield every difference, in an order that depends only on the schemas."""
    yield from operation_changes(old.operations, new.operations)
    yield from sort_type_changes(old.sorts, new.sorts)
    yield from model_changes(old.models, new.models, uses(new.models, new.operations))
    yield from filter_changes(old.filters, new.filters)
    yield from limit_changes(old.limits, new.limits)
    yield from code_changes(old.codes, new.codes)
