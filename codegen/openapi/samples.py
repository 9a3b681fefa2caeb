"""Write one example of each body, response and parameter: made-up values that fit the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codegen.check import is_body, is_lookup, lookup_values
from codegen.examples import sample_text
from codegen.filters import Filter
from codegen.load import ModelRef, Schema
from codegen.operations import Operation
from codegen.shapes import Shape, model_of

PLAIN: dict[str, Any] = {"integer": 1, "number": 1.5, "boolean": True, "null": None}
FORMATS = {
    "date-time": "2026-01-31T12:00:00Z",
    "date": "2026-01-31",
    "uuid": "3f2b8c1e-7d4a-4f0e-9a61-2c5d8e7b9f10",
}
TIMES = {"timestamp": "date-time", "date": "date"}
NESTED = 2
"""How deep the examples of responses go."""


def content_sample(schema: Schema, shape: Shape) -> Any:
    """Return an example of a body or a response."""
    ref = model_of(schema, shape)
    one = {"key": "value"} if ref is None else _model(schema, ref, 0)
    return [one] if shape.many else one


def parameter_sample(name: str, shape: Mapping[str, Any]) -> Any:
    """Return an example of a path or query parameter."""
    for key in ("example", "default"):
        if key in shape:
            return shape[key]
    return _scalar(name, shape)


def filter_sample(filter: Filter) -> str:
    """Return an example of a filter in the syntax of the query parameter."""
    chosen = [one for one in filter.fields if one not in (*filter.paired, *filter.deprecated)]
    known = [one for one in chosen if one in filter.lookups and lookup_values(filter.lookups[one])]
    field = (known or chosen or list(filter.fields))[0]
    if field in known:
        ref = filter.lookups[field]
        identity, description = next(iter(lookup_values(ref).values()))
        return f"{field}:{description if identity is None else identity}"
    kind = filter.fields[field]
    if kind in TIMES:
        return f"{field}:{FORMATS[TIMES[kind]]}"
    value = 1 if kind.startswith("lookup:") else _scalar(field, {"type": kind})
    return f"{field}:{'true' if value is True else value}"


def sort_sample(operation: Operation) -> str:
    """Return an example of a sort order: the usual one, descending."""
    paging = operation.paging
    assert paging is not None
    return "-" + (paging.default_sort or paging.sort[0]).lstrip("+-")


def _model(schema: Schema, ref: ModelRef, depth: int) -> Any:
    if is_lookup(ref) and (values := lookup_values(ref)):
        identity, description = next(iter(values.values()))
        return {"description": description} if identity is None else {"id": identity}
    properties: Mapping[str, Any] = ref.schema.get("properties") or {}
    required = ref.schema.get("required") or []
    usual = [one for one, facts in properties.items() if one in required or not facts.get("deprecated")]
    if is_body(ref):
        said = [one for one, facts in properties.items() if one in required or "example" in facts]
        shown = said or usual[:1]  # an empty body would show nothing
    elif depth >= NESTED:
        shown = required
    else:
        shown = [one for one in usual if one in required or not properties[one].get("x-secret")]
    members: dict[str, Any] = {}
    for wire in shown:
        value = _value(schema, ref, wire, properties[wire], members, depth)
        if value not in (None, {}, [{}]) or wire in required:
            members[wire] = value
    return members


def _value(
    schema: Schema, ref: ModelRef, wire: str, facts: Mapping[str, Any], members: Mapping[str, Any], depth: int
) -> Any:
    def inside(part: Mapping[str, Any]) -> Any:
        return _value(schema, ref, wire, part, members, depth)

    if "example" in facts or facts.get("examples"):
        return facts["example"] if "example" in facts else facts["examples"][0]
    if "$ref" in facts:
        return _model(schema, schema.model(ref.document, (), facts["$ref"]), depth + 1)
    selector = facts.get("x-selected-by")
    if selector:
        chosen = selector["mapping"].get(members.get(selector["member"]))
        for choice in facts.get("oneOf", facts.get("anyOf", [])):
            if "$ref" in choice and schema.model(ref.document, (), choice["$ref"]).name == chosen:
                return inside(choice)
    for key in ("anyOf", "oneOf"):
        if key in facts:
            return inside(facts[key][0])
    kind = _kind(facts)
    if kind == "array":
        parts = facts.get("prefixItems")
        return [inside(part) for part in parts] if parts else [inside(facts["items"])]
    if kind == "object":
        extra = facts.get("additionalProperties")
        return {"key": inside(extra) if isinstance(extra, dict) else "value"}
    return _scalar(wire, facts)


def _kind(facts: Mapping[str, Any]) -> str:
    kinds = facts.get("type", "string")
    return kinds if isinstance(kinds, str) else str(kinds[0])


def _scalar(name: str, facts: Mapping[str, Any]) -> Any:
    if facts.get("enum"):
        return facts["enum"][0]
    kind = _kind(facts)
    if kind == "string":
        return FORMATS.get(str(facts.get("format"))) or sample_text(name)
    return max(PLAIN[kind], facts.get("minimum", 0)) if kind in ("integer", "number") else PLAIN[kind]
