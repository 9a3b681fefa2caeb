"""The schema folder as one OpenAPI document, for generators that want a single file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from codegen.load import load

SCHEMA = Path(__file__).resolve().parents[2] / "schema"


def one_document(folder: Path = SCHEMA) -> dict[str, Any]:
    """Return all paths and models of the schema in one document."""
    paths: dict[str, Any] = {}
    components: dict[str, dict[str, Any]] = {}
    for part in load(folder, folder.name).parts():
        for path, item in (part.data.get("paths") or {}).items():
            paths.setdefault(path, {}).update(_local({name: _paged(call) for name, call in item.items()}))
        for kind, named in (part.data.get("components") or {}).items():
            components.setdefault(kind, {}).update(_local(named))
    return {
        "openapi": "3.1.0",
        "info": {"title": "emnify", "version": "1"},
        "paths": paths,
        "components": components,
        "security": [{"bearer": []}],
    }


def _paged(call: Any) -> Any:
    """Write out the query parameters that every paged call has."""
    paging = call.get("x-paging") if isinstance(call, dict) else None
    if not paging:
        return call
    kinds = {paging["page"]: "integer", paging["size"]: "integer", "q": "string", "sort": "string"}
    query = [{"name": name, "in": "query", "schema": {"type": kind}} for name, kind in kinds.items()]
    return {**call, "parameters": [*call.get("parameters", ()), *query]}


def _nullable(model: dict[str, Any]) -> dict[str, Any]:
    """Say what our generator takes for granted: a member that may be left out may be null too."""
    required = model.get("required", ())
    members = {}
    for name, member in model["properties"].items():
        kind = member.get("type")
        if name in required or "enum" in member or "const" in member:
            members[name] = member
        elif isinstance(kind, str):
            members[name] = {**member, "type": [kind, "null"]}
        elif "$ref" in member:
            members[name] = {"oneOf": [{"$ref": member["$ref"]}, {"type": "null"}]}
        else:
            members[name] = member
    return {**model, "properties": members}


def _local(value: Any) -> Any:
    """Let every reference point into the document itself; what is our generator's alone is left out."""
    if isinstance(value, dict):
        if value.get("type") == "object" and "properties" in value:
            value = _nullable(value)
        return {
            name: f"#{item.partition('#')[2]}" if name == "$ref" else _local(item)
            for name, item in value.items()
            if not str(name).startswith("x-")
        }
    return [_local(item) for item in value] if isinstance(value, list) else value
