"""JSON Schema of a request body, with the JSON names of its members.

msgspec supports neither renamed members nor a union of several models, and bodies have both.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import attrs

from aioemnify.types import UnsetType

_SCALARS: dict[Any, dict[str, Any]] = {
    NoneType: {"type": "null"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Decimal: {"type": "number"},
    str: {"type": "string"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Any: {},
}


def body_schema(model: type[Any], *, many: bool) -> dict[str, Any]:
    """Return the schema of a body.

    Args:
        model: the class of the body, or ``dict`` if none is published.
        many: whether the body is an array of it.
    """
    parts: dict[str, Any] = {}
    root = _schema(model, parts)
    schema = {"type": "array", "items": root} if many else dict(root)
    return {**schema, "$defs": parts}


def _schema(annotation: Any, parts: dict[str, Any]) -> dict[str, Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _schema(get_args(annotation)[0], parts)
    if origin in (Union, UnionType):
        return _choice(get_args(annotation), parts)
    if attrs.has(annotation):
        return _object(annotation, parts)
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    kind = origin or annotation
    inner = [_schema(item, parts) for item in get_args(annotation)]
    if kind is list:
        return {"type": "array", **({"items": inner[0]} if inner else {})}
    if kind is tuple:
        return {"type": "array", "prefixItems": inner, "minItems": len(inner), "maxItems": len(inner)}
    if kind is dict:
        return {"type": "object", **({"additionalProperties": inner[1]} if inner else {})}
    raise TypeError(f"no schema for {annotation!r}")


def _choice(types: tuple[Any, ...], parts: dict[str, Any]) -> dict[str, Any]:
    # A bare id in place of an object is a convenience of the client; JSON has an object.
    bare_id = int if any(attrs.has(kind) for kind in types) else None
    kept = [_schema(kind, parts) for kind in types if kind is not UnsetType and kind is not bare_id]
    return kept[0] if len(kept) == 1 else {"anyOf": kept}


def _object(model: type[Any], parts: dict[str, Any]) -> dict[str, Any]:
    name = model.__name__
    if name not in parts:
        parts[name] = {}  # for a model that contains itself
        attrs.resolve_types(model)
        members = attrs.fields(model)
        wire = {member.name: member.metadata.get("wire", member.name) for member in members}
        selected = {member.name: member for member in members if "selected_by" in member.metadata}
        parts[name] = {
            "type": "object",
            "properties": {
                wire[member.name]: {"type": "object"}
                if member.name in selected
                else _schema(member.type, parts)
                for member in members
            },
            "required": [wire[member.name] for member in members if member.default is attrs.NOTHING],
        }
        forms = [form for member in selected.values() for form in _selected(member, wire, parts)]
        if forms:
            parts[name]["allOf"] = forms
    return {"$ref": f"#/$defs/{name}"}


def _selected(
    member: attrs.Attribute[Any], wire: dict[str, str], parts: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield one condition for each value of the member that selects the model of another member."""
    selector, forms = member.metadata["selected_by"]
    models = {kind.__name__: kind for kind in get_args(member.type) if attrs.has(kind)}
    for value, model in forms.items():
        yield {
            "if": {"properties": {selector: {"const": value}}, "required": [selector]},
            "then": {"properties": {wire[member.name]: _schema(models[model], parts)}},
        }
