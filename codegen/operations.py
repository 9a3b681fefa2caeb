"""Read the operations of the schema, and reject what would generate a wrong call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from keyword import iskeyword
from typing import Any

from attrs import evolve, frozen

from codegen.check import check_keys, references
from codegen.filters import Filter, read_filters
from codegen.limits import Limits, read_limits
from codegen.load import Document, Place, Schema
from codegen.paging import Paging, read_paging
from codegen.shapes import Shape, read_content

METHODS = ("get", "post", "put", "patch", "delete")
RETRY = ("safe", "idempotent", "once")
KINDS = ("integer", "string", "boolean", "date")
OPERATION_KEYS = {
    "operationId", "summary", "description", "parameters", "requestBody", "responses", "security", "tags",
    "deprecated", "x-retry", "x-lane", "x-paging", "x-either", "x-deprecated", "x-limit",
    "x-bulk", "x-many", "x-find", "x-follow", "x-wait",
}  # fmt: skip
PARAMETER_KEYS = {"name", "in", "required", "description", "schema", "example"}
PARAMETER_SCHEMA_KEYS = {
    "type", "format", "enum", "default", "minimum", "maximum", "minLength", "maxLength", "pattern", "example",
}  # fmt: skip
RESPONSE_KEYS = {"description", "content", "headers"}
BODY_KEYS = {"description", "required", "content"}


@frozen
class Parameter:
    """A path or query parameter. A ``mixed`` one accepts text and whole numbers."""

    name: str
    kind: str
    mixed: bool
    choices: tuple[str, ...]
    required: bool
    description: str


@frozen
class Operation:
    """One operation of the schema."""

    document: Document
    place: Place
    id: str
    method: str
    path: str
    summary: str
    description: str
    path_params: tuple[Parameter, ...]
    query: tuple[Parameter, ...]
    body: Shape | None
    result: Shape | None
    either: bool
    success: tuple[int, ...]
    errors: Mapping[int, str]
    creates: bool
    paging: Paging | None
    retry: str
    lane: str | None
    auth: bool
    deprecated: str | None
    bulk: object
    many: object
    find: object
    follow: object
    wait: object

    @property
    def method_name(self) -> str:
        """The name of the method in its resource class."""
        return self.id.partition(".")[2]

    @property
    def answered(self) -> Shape | None:
        """The shape that the caller receives: the result, or the items of an envelope."""
        envelope = self.paging.envelope if self.paging else None
        return envelope.item if envelope else self.result


def read_operations(schema: Schema) -> tuple[Operation, ...]:
    """Return every operation sorted by id, and raise the first fault found."""
    filters = read_filters(schema)
    limits = read_limits(schema)
    ids: dict[str, Operation] = {}
    routes: dict[tuple[str, str], Operation] = {}
    for document in schema.groups():
        paths = document.data.get("paths")
        if not isinstance(paths, dict):
            raise document.fault(("paths",), "must be a mapping of path to operations")
        for path, item in paths.items():
            place: Place = ("paths", path)
            if not path.startswith("/"):
                raise document.fault(place, "a path must begin with a slash")
            check_keys(document, place, item, {*METHODS, "parameters"})
            for method in METHODS:
                if method in item:
                    found = _operation(schema, filters, document, (*place, method), item)
                    _check_limit(limits, found, item[method])
                    if (other := ids.setdefault(found.id, found)) is not found:
                        raise document.fault(
                            found.place, f"{_at(other)} also uses the operationId {found.id!r}"
                        )
                    route = (found.method, re.sub(r"\{[^}]*\}", "{}", path))
                    if (other := routes.setdefault(route, found)) is not found:
                        message = f"{found.method} {path} is the same call as {other.id} in {_at(other)}"
                        raise document.fault(found.place, message)
    return tuple(ids[name] for name in sorted(ids))


def _check_limit(limits: Limits, operation: Operation, facts: Mapping[str, Any]) -> None:
    """Check that the limit that an operation names is the limit of its path."""
    if "x-limit" not in facts:
        return
    named, place = facts["x-limit"], (*operation.place, "x-limit")
    met = limits.limit_of(operation.method, operation.path)
    if not isinstance(named, str) or named not in limits.ids:
        raise operation.document.fault(place, f"unknown limit {named!r} (known: {', '.join(limits.ids)})")
    if met is None or met.id != named:
        which = f"the limit of this path is {met.id!r}" if met else "this path has none"
        raise operation.document.fault(place, f"{named!r} is not its limit: {which}")


def _at(operation: Operation) -> str:
    return f"{operation.document.key} line {operation.document.lines[operation.place]}"


def _operation(
    schema: Schema, filters: Mapping[str, Filter], document: Document, place: Place, item: Mapping[str, Any]
) -> Operation:
    path, method = str(place[1]), str(place[2])
    facts = check_keys(document, place, item[method], OPERATION_KEYS)
    name = facts.get("operationId")
    if not isinstance(name, str):
        raise document.fault(place, "the operation has no operationId")
    if not re.fullmatch(rf"{document.module}\.[a-z][a-z0-9_]*", name):
        raise document.fault(
            (*place, "operationId"), f"{name!r} is not of the form {document.module}.method_name"
        )
    if iskeyword(name.partition(".")[2]):
        raise document.fault((*place, "operationId"), f"{name!r} ends in a Python keyword")
    if not str(facts.get("summary") or "").strip():
        raise document.fault(place, "the operation has no summary")
    if facts.get("x-retry") not in RETRY:
        known = ", ".join(RETRY)
        if "x-retry" not in facts:
            raise document.fault(place, f"the operation has no x-retry ({known})")
        raise document.fault(
            (*place, "x-retry"), f"unknown x-retry value {facts['x-retry']!r} (known: {known})"
        )
    parameters = [
        *_parameters(schema, document, (*place[:2],), item),
        *_parameters(schema, document, place, facts),
    ]
    in_path = {parameter.name: parameter for where, parameter in parameters if where == "path"}
    wanted = re.findall(r"\{([^{}]*)\}", path)
    if set(wanted) != set(in_path) or len(set(wanted)) != len(wanted):
        message = (
            f"the path has {', '.join(wanted) or 'none'}, the parameters say {', '.join(in_path) or 'none'}"
        )
        raise document.fault(place, f"path parameters do not match: {message}")
    responses = _responses(schema, document, place, facts.get("responses"))
    success = tuple(status for status in responses if status < 400)
    result = next((shape for status, (shape, *_) in responses.items() if status < 400 and shape), None)
    if facts.get("x-either") not in (None, True, False):
        raise document.fault((*place, "x-either"), "must be true or false")
    either = facts.get("x-either") is True
    if either:
        if result is None:
            raise document.fault((*place, "x-either"), "needs a result that is one object or an array")
        result = evolve(result, many=name.partition(".")[2].startswith("list"))
    located = 201 in responses and ("Location" in responses[201][1] or method == "post")
    if not isinstance(facts.get("x-lane"), str | None):
        raise document.fault((*place, "x-lane"), "must be the name of a lane")
    deprecated = facts.get("x-deprecated")
    if deprecated is not None and not isinstance(deprecated, str):
        raise document.fault((*place, "x-deprecated"), "must be a text that says what to use instead")
    return Operation(
        document=document,
        place=place,
        id=name,
        method=method.upper(),
        path=path,
        summary=str(facts["summary"]),
        description=str(facts.get("description") or ""),
        path_params=tuple(in_path[name] for name in wanted),
        query=tuple(parameter for where, parameter in parameters if where == "query"),
        body=_body(schema, document, place, facts),
        result=result,
        either=either,
        success=success,
        errors={status: words for status, (_, _, words) in responses.items() if status >= 400},
        creates=located,
        paging=read_paging(schema, filters, document, place, facts, result),
        retry=facts["x-retry"],
        lane=facts.get("x-lane"),
        auth=facts.get("security") != [],
        deprecated=deprecated,
        bulk=facts.get("x-bulk"),
        many=facts.get("x-many"),
        find=facts.get("x-find"),
        follow=facts.get("x-follow"),
        wait=facts.get("x-wait"),
    )


def _parameters(
    schema: Schema, document: Document, place: Place, owner: Mapping[str, Any]
) -> Iterator[tuple[str, Parameter]]:
    listed = owner.get("parameters") or []
    if not isinstance(listed, list):
        raise document.fault((*place, "parameters"), "must be a list")
    for index, entry in enumerate(listed):
        home, spot, value = document, (*place, "parameters", index), entry
        if isinstance(entry, dict) and "$ref" in entry:
            home, spot, value = schema.resolve(document, (*spot, "$ref"), entry["$ref"])
        facts = check_keys(home, spot, value, PARAMETER_KEYS)
        if not isinstance(facts.get("name"), str) or facts.get("in") not in ("path", "query"):
            raise home.fault(spot, "a parameter needs a name, and in: path or query")
        shape = check_keys(home, (*spot, "schema"), facts.get("schema"), PARAMETER_SCHEMA_KEYS)
        kind = "date" if shape.get("format") == "date" else shape.get("type")
        mixed = kind == ["integer", "string"]
        if mixed:
            kind = "string"
        if not isinstance(kind, str) or kind not in KINDS:
            raise home.fault(
                (*spot, "schema"), f"unknown parameter type {kind!r} (known: {', '.join(KINDS)})"
            )
        choices = shape.get("enum", [])
        if not isinstance(choices, list):
            raise home.fault((*spot, "schema", "enum"), "must be a list")
        wanted = {"integer": int, "string": str}.get(kind, ())
        if any(isinstance(choice, bool) or not isinstance(choice, wanted) for choice in choices):
            raise home.fault((*spot, "schema", "enum"), f"lists values of another type than {kind}")
        yield (
            facts["in"],
            Parameter(
                name=facts["name"],
                kind=kind,
                mixed=mixed,
                choices=tuple(str(choice) for choice in choices),
                required=facts["in"] == "path" or facts.get("required") is True,
                description=str(facts.get("description") or ""),
            ),
        )


def _body(schema: Schema, document: Document, place: Place, facts: Mapping[str, Any]) -> Shape | None:
    if "requestBody" not in facts:
        return None
    spot = (*place, "requestBody")
    body = check_keys(document, spot, facts["requestBody"], BODY_KEYS)
    shape = read_content(schema, document, spot, body)
    if shape is None:
        raise document.fault(spot, "the body has no content")
    return shape


def _responses(
    schema: Schema, document: Document, place: Place, responses: object
) -> dict[int, tuple[Shape | None, tuple[str, ...], str]]:
    if not isinstance(responses, dict):
        raise document.fault(place, "the operation has no responses")
    found: dict[int, tuple[Shape | None, tuple[str, ...], str]] = {}
    for status, value in responses.items():
        home, spot = document, (*place, "responses", status)
        if not re.fullmatch(r"[2-5][0-9][0-9]", status):
            raise document.fault(spot, f"{status!r} is not a known status; write three digits")
        if isinstance(value, dict) and "$ref" in value:
            home, spot, value = schema.resolve(document, (*spot, "$ref"), value["$ref"])
        facts = check_keys(home, spot, value, RESPONSE_KEYS)
        headers = facts.get("headers") or {}
        if not isinstance(headers, dict):
            raise home.fault((*spot, "headers"), "must be a mapping")
        for where, reference in references(headers, (*spot, "headers")):
            schema.resolve(home, where, reference)
        words = str(facts.get("description") or "")
        found[int(status)] = (read_content(schema, home, spot, facts), tuple(headers), words)
    if not any(status < 400 for status in found):
        raise document.fault((*place, "responses"), "needs a response for success")
    return dict(sorted(found.items()))
