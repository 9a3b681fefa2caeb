"""The API's description, ``openapi.json``, as help texts and options need it.

It is read with the standard library in a few milliseconds. The operation table needs attrs, and has no texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_FILE = Path(__file__).parent.parent / "openapi.json"


class Member(NamedTuple):
    """A member of a body: ``name`` is dotted, such as ``sim.id``."""

    name: str
    kind: str
    about: str
    required: bool
    secret: bool


class Described(NamedTuple):
    """What help and options of one operation are made from."""

    id: str
    method: str
    path: str
    facts: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name of its command in its group."""
        return self.id.partition(".")[2].replace("_", "-")

    @property
    def summary(self) -> str:
        """Its first line of help."""
        return str(self.facts["summary"])

    @property
    def paging(self) -> Mapping[str, Any] | None:
        """How it is paged, filtered and sorted."""
        found: Mapping[str, Any] | None = self.facts.get("x-paging")
        return found

    def parameters(self, where: str) -> list[Mapping[str, Any]]:
        """Return the parameters in the ``path`` or in the ``query``, without those of paging."""
        paging = self.paging or {}
        own = {paging.get("page", "page"), paging.get("size", "per_page"), "q", "sort"} if paging else set()
        return [
            one
            for one in self.facts.get("parameters", ())
            if one["in"] == where and not (where == "query" and one["name"] in own)
        ]

    @property
    def body(self) -> Mapping[str, Any] | None:
        """The schema of its body."""
        return _json_schema(self.facts.get("requestBody"))

    @property
    def result(self) -> Mapping[str, Any] | None:
        """The schema of its success."""
        for status, response in self.facts["responses"].items():
            if status.startswith("2"):
                return _json_schema(response)
        return None

    def members(self) -> list[Member]:
        """Return the members that its body can have."""
        body = self.body
        if body is None:
            return []
        return list(_members(items_of(body), "", True))


@cache
def document() -> Mapping[str, Any]:
    """Return the whole description."""
    found: Mapping[str, Any] = json.loads(_FILE.read_bytes())
    return found


@cache
def operations() -> Mapping[str, Described]:
    """Return every operation by id, sorted."""
    found = {
        facts["operationId"]: Described(facts["operationId"], method.upper(), path, facts)
        for path, methods in document()["paths"].items()
        for method, facts in methods.items()
    }
    return dict(sorted(found.items()))


def groups() -> Mapping[str, str]:
    """Return the title of each group by the name of its command."""
    return {tag["name"].replace("_", "-"): tag["description"] for tag in document()["tags"]}


def operations_of(group: str) -> Mapping[str, Described]:
    """Return the operations of a group by the names of their commands."""
    prefix = group.replace("-", "_") + "."
    return {one.name: one for name, one in operations().items() if name.startswith(prefix)}


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference."""
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def items_of(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of the items of an array, or the schema itself."""
    found = resolved(schema)
    return resolved(found["items"]) if found.get("type") == "array" else found


def _json_schema(holder: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    content = (holder or {}).get("content", {}).get("application/json", {})
    found: Mapping[str, Any] | None = content.get("schema")
    return found


def lookup_of(schema: Mapping[str, Any]) -> Mapping[str, int]:
    """Return the known values of a lookup: the id of each label in lower case."""
    identity = resolved(schema).get("properties", {}).get("id", {})
    labels = identity.get("x-enum-descriptions", ())
    return {
        label.lower(): value
        for label, value in zip(labels, identity.get("x-extensible-enum", ()), strict=True)
    }


def _members(schema: Mapping[str, Any], prefix: str, needed: bool) -> Iterator[Member]:
    required = set(schema.get("required", ())) if needed else set()
    for name, given in schema.get("properties", {}).items():
        inner = resolved(given)
        about = given.get("description") or inner.get("description", "")
        properties = inner.get("properties", {})
        if lookup_of(inner):
            about = f"{given.get('description', '')} {properties['id']['description']}".strip()
            yield Member(f"{prefix}{name}", "lookup", about, name in required, False)
        elif properties and prefix.count(".") < 2:
            yield from _members(inner, f"{prefix}{name}.", name in required)
        else:
            choices = inner.get("enum") or inner.get("x-extensible-enum")
            if choices:
                about = f"{about} One of {', '.join(map(str, choices))}.".strip()
            secret = bool(given.get("x-secret"))
            yield Member(f"{prefix}{name}", _kind(inner), about, name in required, secret)


def _kind(schema: Mapping[str, Any]) -> str:
    several = schema.get("anyOf") or [{"type": one} for one in _listed(schema.get("type", "object"))]
    kinds = dict.fromkeys(kind for one in several for kind in _listed(resolved(one).get("type", "text")))
    return " or ".join(_WORDS.get(kind, kind) for kind in kinds if kind != "null")


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


_WORDS = {"string": "text", "integer": "whole number", "array": "list", "boolean": "true or false"}


def secret_names(schema: Mapping[str, Any] | None) -> set[str]:
    """Return the names of all secret members of a schema, at any depth."""
    found: set[str] = set()
    seen: list[Any] = []

    def search(part: Any) -> None:
        part = resolved(part)
        if part in seen:
            return
        seen.append(part)
        for name, inner in part.get("properties", {}).items():
            if inner.get("x-secret") or resolved(inner).get("x-secret"):
                found.add(name)
            search(inner)
        for key in ("items", "additionalProperties"):
            if isinstance(part.get(key), dict):
                search(part[key])
        for key in ("oneOf", "anyOf", "allOf"):
            for inner in part.get(key, ()):
                search(inner)

    if schema is not None:
        search(schema)
    return found
