"""Read which methods make several calls to find, follow or await something, and check it.

``x-find`` of a list: ``through`` is another list, ``member`` the member of its items that names the object.
``x-follow`` of the list of events. ``x-wait`` of an operation that reads an object: ``name`` of the method,
``summary``, ``description``, and the defaults of ``every`` and ``timeout`` in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from codegen.check import check_keys
from codegen.load import Schema
from codegen.operations import Operation
from codegen.shapes import model_of

FIND_KEYS = {"through", "member"}
WAIT_KEYS = {"name", "summary", "description", "every", "timeout"}
FOLLOWED = {"from", "until", "type"}


@frozen
class Composed:
    """The facts of the methods that follow an operation; ``through`` is an operation of ``find``."""

    find: Mapping[str, Any] | None
    through: Operation | None
    follow: bool
    wait: Mapping[str, Any] | None


def read_composed(schema: Schema, operations: tuple[Operation, ...]) -> dict[str, Composed]:
    """Return the facts by operation id.

    Raises:
        SchemaError: the first fault found.
    """
    known = {operation.id: operation for operation in operations}
    return {
        one.id: Composed(*_find(schema, known, one), _follow(one), _wait(one))
        for one in operations
        if (one.find, one.follow, one.wait) != (None, None, None)
    }


def _find(
    schema: Schema, known: Mapping[str, Operation], operation: Operation
) -> tuple[Mapping[str, Any] | None, Operation | None]:
    if operation.find is None:
        return None, None
    document, place = operation.document, (*operation.place, "x-find")
    facts = check_keys(document, place, operation.find, FIND_KEYS)
    through = known.get(str(facts.get("through")))
    for name, one in (("x-find", operation), ("through", through)):
        if one is None or one.paging is None or one.paging.filter is None:
            raise document.fault(place, f"{name} must be a list with filters")
    assert through is not None
    if f"{document.module}.get" not in known:
        raise document.fault(place, f"needs {document.module}.get")
    shape = through.answered
    model = model_of(schema, shape) if shape is not None else None
    if model is None or facts.get("member") not in (model.schema.get("properties") or {}):
        raise document.fault(place, f"unknown member {facts.get('member')!r} of {through.id}")
    return facts, through


def _follow(operation: Operation) -> bool:
    if operation.follow is None:
        return False
    document, place = operation.document, (*operation.place, "x-follow")
    paging = operation.paging
    fields = set(paging.filter.fields) if paging and paging.filter else set()
    if operation.follow is not True or paging is None or not fields >= FOLLOWED:
        raise document.fault(place, "must be true, of a list with the filters from, until and type")
    if not {"id", "timestamp"} <= set(paging.sort):
        raise document.fault(place, "needs a list that can be sorted by id and timestamp")
    return True


def _wait(operation: Operation) -> Mapping[str, Any] | None:
    if operation.wait is None:
        return None
    document, place = operation.document, (*operation.place, "x-wait")
    facts = check_keys(document, place, operation.wait, WAIT_KEYS)
    if missing := sorted(WAIT_KEYS - facts.keys()):
        raise document.fault(place, f"{', '.join(missing)} is missing")
    if operation.method != "GET" or operation.paging is not None or operation.result is None:
        raise document.fault(place, "must be of an operation that reads one object")
    if not str(facts["name"]).isidentifier():
        raise document.fault(place, "name must be the name of a method")
    for key in ("every", "timeout"):
        if isinstance(facts[key], bool) or not isinstance(facts[key], (int, float)) or facts[key] <= 0:
            raise document.fault(place, f"{key} must be a number of seconds above 0")
    return facts
