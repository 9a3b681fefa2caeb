"""Read how many calls of one operation become one call of a bulk route (``x-bulk``), and check it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from codegen.check import check_keys, check_texts
from codegen.load import Schema, SchemaError
from codegen.operations import Operation
from codegen.shapes import Shape, model_of

BULK_KEYS = {"route", "size", "member", "item", "shared", "identity", "look", "shown_by"}


def read_bulk(schema: Schema, operations: Sequence[Operation]) -> dict[str, dict[str, Any]]:
    """Return ``x-bulk`` of each operation that has it, by operation id.

    Raises:
        SchemaError: the first fault found.
    """
    known = {operation.id: operation for operation in operations}
    return {one.id: _Reader(schema, known, one).read() for one in operations if one.bulk is not None}


@frozen
class Setter:
    """A method that sets one member of many objects (``x-many``).

    ``through`` changes the objects that hold them: ``reference`` is the member that names the holder, and
    ``inner`` the holder's member that names the object and takes the value too.
    """

    name: str
    member: str
    through: str
    reference: str
    inner: str


def read_setters(schema: Schema, operations: Sequence[Operation]) -> dict[str, Setter]:
    """Return ``x-many`` of each operation that has it, by operation id.

    Raises:
        SchemaError: the first fault found.
    """
    known = {operation.id: operation for operation in operations}
    return {one.id: _setter(schema, known, one) for one in operations if one.many is not None}


def _setter(schema: Schema, known: Mapping[str, Operation], operation: Operation) -> Setter:
    place, document = (*operation.place, "x-many"), operation.document
    facts = check_keys(document, place, operation.many, {"name", "member", "through"})
    through = check_keys(
        document, (*place, "through"), facts.get("through"), {"operation", "reference", "member"}
    )
    getter = known.get(f"{document.module}.get")
    holder = known.get(str(through.get("operation")))
    if holder is None or holder.bulk is None:
        raise document.fault((*place, "through"), "must name an operation that has a bulk route")
    for name, shape, what in (
        (facts.get("member"), operation.body, "member"),
        (through.get("reference"), getter.result if getter else None, "reference"),
        (through.get("member"), holder.body, "member"),
    ):
        if name not in _members(schema, shape):
            raise document.fault(place, f"unknown {what} {name!r}")
    if not str(facts.get("name")).isidentifier():
        raise document.fault((*place, "name"), "must be the beginning of a method's name")
    return Setter(facts["name"], facts["member"], holder.id, through["reference"], through["member"])


def _members(schema: Schema, shape: Shape | None) -> Mapping[str, Any]:
    model = model_of(schema, shape) if shape is not None else None
    return (model.schema.get("properties") or {}) if model is not None else {}


class _Reader:
    """Checks one ``x-bulk`` against the operations and models that it names."""

    def __init__(self, schema: Schema, known: Mapping[str, Operation], operation: Operation) -> None:
        self._schema = schema
        self._known = known
        self._operation = operation
        place = (*operation.place, "x-bulk")
        self._facts = check_keys(operation.document, place, operation.bulk, BULK_KEYS)

    def read(self) -> dict[str, Any]:
        """Return the checked facts."""
        route = self._named("route")
        if route.body is None:
            raise self._fault("route", f"{route.id} takes no body, so it cannot take many items")
        if not isinstance(self._facts.get("size"), int) or self._facts["size"] < 2:
            raise self._fault("size", "must be the largest number of items in one call, at least 2")
        self._check_member(route, self._facts.get("member"))
        self._check_item()
        found: dict[str, Any] = {"route": route.id, "size": self._facts["size"]}
        found |= {key: self._facts[key] for key in ("member", "item") if key in self._facts}
        shared = check_texts(self._operation.document, self._place("shared"), self._facts.get("shared"))
        queries = {parameter.name for parameter in route.query}
        self._check_known("shared", shared, {*_members(self._schema, route.body), *queries})
        if shared:
            found["shared"] = tuple(shared)
        return found | self._lookup()

    def _check_member(self, route: Operation, member: object) -> None:
        assert route.body is not None
        if route.body.many:
            if member is not None:
                raise self._fault("member", f"the body of {route.id} is the array itself")
            return
        kind = _members(self._schema, route.body).get(str(member), {}).get("type")
        if kind != "array":
            raise self._fault("member", f"must be the member of the body of {route.id} that is an array")

    def _check_item(self) -> None:
        parameters = {parameter.name for parameter in self._operation.path_params}
        used = set(_texts(self._facts.get("item")))
        if "item" in self._facts and not isinstance(self._facts["item"], dict):
            raise self._fault("item", "must be an object")
        self._check_known("item", sorted(used), parameters | {"body"})
        if missing := parameters - used:
            raise self._fault("item", f"does not say where {', '.join(sorted(missing))} goes")

    def _lookup(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        identity = self._facts.get("identity")
        if identity is not None:
            self._check_known("identity", [identity], _members(self._schema, self._operation.body))
            found["identity"] = identity
        if "look" in self._facts:
            look = self._named("look")
            # Deletions need only all of the list; what is new comes first in one sorted by id.
            if look.paging is None or ("id" not in look.paging.sort and self._operation.method != "DELETE"):
                raise self._fault("look", f"{look.id} is not a list that can be sorted by id")
            self._check_known(
                "look", ["id", *filter(None, [identity])], _members(self._schema, look.answered)
            )
            found["look"] = look.id
        if "shown_by" in self._facts:
            shown = self._named("shown_by")
            path, own = (tuple(one.name for one in each.path_params) for each in (shown, self._operation))
            if shown.method != "GET" or not path or own[: len(path)] != path:
                raise self._fault("shown_by", f"{shown.id} does not read the object that the path names")
            self._check_known("shown_by", ["id"], _members(self._schema, shown.answered))
            found["shown_by"] = shown.id
        return found

    def _named(self, key: str) -> Operation:
        name = self._facts.get(key)
        if name not in self._known:
            raise self._fault(key, f"unknown operation {name!r}")
        return self._known[str(name)]

    def _check_known(self, key: str, names: Sequence[object], known: Mapping[str, Any] | set[str]) -> None:
        for name in names:
            if name not in known:
                raise self._fault(key, f"unknown name {name!r} (known: {', '.join(sorted(known))})")

    def _place(self, key: str) -> tuple[str | int, ...]:
        return (*self._operation.place, "x-bulk", key)

    def _fault(self, key: str, message: str) -> SchemaError:
        return self._operation.document.fault(self._place(key), message)


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in nested objects and arrays; they stand for values of the call."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif value is not None:
        yield str(value)
