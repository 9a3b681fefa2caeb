"""Compare the operations of the schema with those of a published description."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

from codegen.api import Api
from codegen.compare.findings import Finding, Kind
from codegen.compare.models import ModelComparison
from codegen.compare.published import Part, Published, PublishedOperation, printable, route_of
from codegen.compare.shapes import JsonShape, Shapes
from codegen.compare.values import Facts, Value
from codegen.load import Document, Place, SchemaError
from codegen.openapi.operations import followed, paging_parameters
from codegen.operations import Operation

GENERAL = ("default", "401", "429")
"""Responses that every operation can have."""


def compare_with(api: Api, file: Path) -> list[Finding]:
    """Return the differences between the schema and a published description.

    Raises:
        SchemaError: The file is not an OpenAPI description.
    """
    try:
        return list(_Comparison(api, Published(file)).findings())
    except RecursionError:
        raise SchemaError(str(file), None, (), "is nested too deeply") from None


class _Comparison:
    def __init__(self, api: Api, published: Published) -> None:
        self._api = api
        self._theirs = published.operations
        self._shapes = Shapes(published)
        self._models = ModelComparison(api.schema, self._shapes)

    def findings(self) -> Iterator[Finding]:
        """Yield every difference."""
        ours = {route_of(one.method, one.path): one for one in self._api.operations}
        for route, theirs in self._theirs.items():
            if route in ours:
                yield from self._operation(ours[route], theirs)
            else:
                document, place = self._nearest(route[1])
                yield Finding("lacks", document, place, f"{theirs.method} {printable(theirs.path)}")
        for route, operation in ours.items():
            if route not in self._theirs:
                yield Finding("only", operation.document, operation.place, _name(operation))
        yield from self._models.models()

    def _nearest(self, path: str) -> tuple[Document | None, Place]:
        """Return where an operation belongs: at the one whose path begins most alike."""
        steps = path.split("/")

        def common(operation: Operation) -> int:
            own = route_of("", operation.path)[1].split("/")
            pairs = zip(steps, own, strict=False)
            return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

        nearest = max(self._api.operations, key=common, default=None)
        # The slash, "api" and the version say nothing.
        return (nearest.document, nearest.place) if nearest and common(nearest) > 3 else (None, ())

    def _operation(self, ours: Operation, theirs: PublishedOperation) -> Iterator[Finding]:
        facts = ours.document.data["paths"][ours.path][ours.method.lower()]
        yield from self._parameters(ours, theirs)
        yield from self._body(ours, theirs, facts)
        yield from self._answers(ours, theirs, facts)
        if theirs.auth is not None and theirs.auth != ours.auth:
            said = "needs a token" if theirs.auth else "needs no token"
            yield Finding("differs", ours.document, ours.place, f"{_name(ours)}: {said} there")
        deprecated = bool(ours.deprecated or facts.get("deprecated"))
        if theirs.deprecated != deprecated:
            kind: Kind = "lacks" if theirs.deprecated else "only"
            yield Finding(kind, ours.document, ours.place, f"{_name(ours)}: deprecated")

    def _parameters(self, ours: Operation, theirs: PublishedOperation) -> Iterator[Finding]:
        named = {one.name: one for one in theirs.parameters if one.where == "query"}
        in_path = {one.name: one for one in theirs.parameters if one.where == "path"}
        # The names in a path may differ, their order may not.
        order = [part.partition("}")[0] for part in theirs.path.split("{")[1:]]
        places = {one.name: in_path.get(name) for one, name in zip(ours.path_params, order, strict=True)}
        known: set[str] = set()
        for document, place, facts in self._own_parameters(ours):
            name = f"{_name(ours)}: the parameter {facts['name']}"
            there = places.get(facts["name"]) if facts["in"] == "path" else named.get(facts["name"])
            if there is not None:
                known.add(there.name)
                shapes = (self._shapes.shape(there.schema),)
                free = frozenset({"string"}) if facts["in"] == "path" else frozenset[str]()
                value = Value(document, place, name, facts["schema"], shapes, closed=False, free=free)
                yield from self._models.value(value)
                if facts["in"] == "query" and there.required != bool(facts.get("required")):
                    yield Finding("differs", document, place, _need(name, there.required))
            elif facts["in"] == "query":
                yield Finding("only", document, place, name)
        for one in theirs.parameters:
            if one.where != "path" and one.name not in known:
                needed = ", required" if one.required else ""
                text = f"{_name(ours)}: the {one.where} parameter {printable(one.name)}{needed}"
                yield Finding("lacks", ours.document, ours.place, text)

    def _own_parameters(self, ours: Operation) -> Iterator[tuple[Document, Place, Facts]]:
        item = ours.document.data["paths"][ours.path]
        for place, owner in ((ours.place[:2], item), (ours.place, item[ours.method.lower()])):
            for index, entry in enumerate(owner.get("parameters") or []):
                yield followed(self._api, ours.document, (*place, "parameters", index), entry)
        keys = {"q": "filter", "sort": "sort"}
        for parameter in paging_parameters(ours):
            name = parameter["name"]
            key = keys.get(name, "size" if ours.paging and name == ours.paging.size else "page")
            yield ours.document, (*ours.place, "x-paging", key), parameter

    def _body(self, ours: Operation, theirs: PublishedOperation, facts: Facts) -> Iterator[Finding]:
        place = (*ours.place, "requestBody")
        name = f"{_name(ours)}: the body"
        if ours.body is None:
            if theirs.body is not None:
                yield Finding("lacks", ours.document, ours.place, name)
        elif theirs.body is None:
            yield Finding("only", ours.document, place, name)
        else:
            # Many descriptions leave it out, although no body is optional then.
            if theirs.body_required not in (None, bool(facts["requestBody"].get("required"))):
                yield Finding("differs", ours.document, place, _need(name, bool(theirs.body_required)))
            yield from self._content(ours.document, place, name, facts["requestBody"], theirs.body)

    def _content(
        self, document: Document, place: Place, name: str, owner: Facts, theirs: Part, *, either: bool = False
    ) -> Iterator[Finding]:
        facts = owner["content"]["application/json"]["schema"]
        if either:
            one = facts["items"] if facts.get("type") == "array" else facts
            facts = {"anyOf": [one, {"type": "array", "items": one}]}
        spot = (*place, "content", "application/json", "schema")
        shapes: tuple[JsonShape, ...] = (self._shapes.shape(theirs),)
        yield from self._models.value(Value(document, spot, name, facts, shapes, closed=not either))

    def _answers(self, ours: Operation, theirs: PublishedOperation, facts: Facts) -> Iterator[Finding]:
        listed = facts["responses"]
        for status in theirs.answers.keys() - listed.keys():
            if status not in GENERAL and status[1:].upper() != "XX":
                text = f"{_name(ours)}: the response {printable(status)}"
                yield Finding("lacks", ours.document, (*ours.place, "responses"), text)
        for status, entry in listed.items():
            place = (*ours.place, "responses", status)
            name = f"{_name(ours)}: the response {status}"
            there = theirs.answers.get(status)
            if there is None:
                covered = theirs.answers.keys() & {"default", f"{status[0]}XX", f"{status[0]}xx"}
                if not covered and status not in GENERAL:
                    yield Finding("only", ours.document, place, name)
                continue
            document, spot, answer = followed(self._api, ours.document, place, entry)
            own = {header.lower() for header in answer.get("headers") or {}}
            for header in there.headers:
                if header.lower() not in own:
                    yield Finding("lacks", document, spot, f"{name}: the header {printable(header)}")
            if "content" in answer and there.schema is not None:
                either = ours.either and status < "4"
                yield from self._content(document, spot, name, answer, there.schema, either=either)
            elif there.schema is not None and status < "4" and self._says_something(there.schema):
                yield Finding("lacks", document, spot, f"{name}: a body")
            elif "content" in answer and status < "4" and not (ours.creates and status == "201"):
                yield Finding("only", document, spot, f"{name}: a body")

    def _says_something(self, part: Part) -> bool:
        """Return whether a schema describes more than an object without members, which stands for no body."""
        shape = self._shapes.shape(part)
        return bool(shape.members or shape.items or shape.extra or shape.kinds - {"object"})


def _need(name: str, required: bool) -> str:
    return f"{name} is {'required there, optional here' if required else 'optional there, required here'}"


def _name(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"
