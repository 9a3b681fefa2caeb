"""The schema folder as one OpenAPI document, for client generators, which expect a single file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import ROOT
from codegen.load import load


def openapi_document(folder: Path = ROOT / "schema") -> dict[str, Any]:
    """Return all paths and models of the schema in one document."""
    paths: dict[str, Any] = {}
    components: dict[str, dict[str, Any]] = {}
    for part in load(folder, folder.name).parts():
        for path, item in (part.data.get("paths") or {}).items():
            calls = {name: _with_paging(call) for name, call in item.items()}
            paths.setdefault(path, {}).update(_standard(calls))
        for kind, named in (part.data.get("components") or {}).items():
            components.setdefault(kind, {}).update(_standard(named))
    return {
        "openapi": "3.1.0",
        "info": {"title": "emnify", "version": "1"},
        "paths": paths,
        "components": components,
        "security": [{"bearer": []}],
    }


def _with_paging(call: Any) -> Any:
    """Return a call with its paging parameters written out; our schema has a short form for them."""
    paging = call.get("x-paging") if isinstance(call, dict) else None
    if not paging:
        return call
    kinds = {paging["page"]: "integer", paging["size"]: "integer", "q": "string", "sort": "string"}
    query = [{"name": name, "in": "query", "schema": {"type": kind}} for name, kind in kinds.items()]
    return {**call, "parameters": [*call.get("parameters", ()), *query]}


def _nullable(model: dict[str, Any]) -> dict[str, Any]:
    """Return a model whose optional members may be null too, as our generator assumes without a mark."""
    members = {}
    for name, member in model["properties"].items():
        kind = member.get("type")
        if name in model.get("required", ()) or "enum" in member or "const" in member:
            members[name] = member
        elif isinstance(kind, str):
            members[name] = {**member, "type": [kind, "null"]}
        elif "$ref" in member:
            members[name] = {"oneOf": [{"$ref": member["$ref"]}, {"type": "null"}]}
        else:
            members[name] = member
    return {**model, "properties": members}


def _standard(value: Any) -> Any:
    """Return a part of the schema with references into the same document and without our extensions."""
    if isinstance(value, dict):
        if value.get("type") == "object" and "properties" in value:
            value = _nullable(value)
        return {
            name: f"#{item.partition('#')[2]}" if name == "$ref" else _standard(item)
            for name, item in value.items()
            if not str(name).startswith("x-")
        }
    return [_standard(item) for item in value] if isinstance(value, list) else value
