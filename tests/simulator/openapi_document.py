"""The schema folder as one OpenAPI document, for tools that read such a thing.

What the folder says in words of its own is written out: the query parameters of a paged list, the
other JSON types in which a member was seen to come, answers that may be an object or an array. Every
operation may also answer with one of the general errors.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import schemathesis

from codegen.load import TABLES, load

ROOT = Path(__file__).parents[2]
GENERAL_ERRORS = (400, 401, 403, 404, 405, 409, 410, 415, 422, 429)
METHODS = ("get", "post", "put", "patch", "delete")
MOMENT = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?)?$"
"""How the API writes a moment, in all the spellings it was seen to use; asked for is the standard one."""


@functools.cache
def described_operations() -> dict[str, Any]:
    """Return each operation, by its id, as the checker of answers knows it."""
    schema = schemathesis.openapi.from_dict(openapi_document())
    found = [each.ok() for each in schema.get_all_operations()]
    return {operation.definition.raw["operationId"]: operation for operation in found}


def openapi_document() -> dict[str, Any]:
    """Return the whole API as one document without references to other files."""
    documents = {
        key: document.data
        for key, document in load(ROOT / "schema", "schema").documents.items()
        if key not in TABLES
    }
    components: dict[str, dict[str, Any]] = {}
    paths: dict[str, Any] = {}
    for key, data in documents.items():
        stem = Path(key).stem
        for kind, members in data.get("components", {}).items():
            for name, value in members.items():
                # Models have names of their own; what else is shared within a file is told apart by it.
                written = _written_out(value, stem)
                if kind == "schemas" and "x-body" not in value:
                    _respell(written)
                components.setdefault(kind, {})[_name(kind, stem, name)] = written
        for path, item in data.get("paths", {}).items():
            paths[path] = {
                method: _operation(item[method], stem, data.get("security"))
                for method in METHODS
                if method in item
            }
    return {
        "openapi": "3.1.0",
        "info": {"title": "The simulated API", "version": "1"},
        "paths": paths,
        "components": components,
    }


def _name(kind: str, stem: str, name: str) -> str:
    return name if kind == "schemas" else f"{stem}_{name}"


def _operation(operation: Mapping[str, Any], stem: str, security: Any) -> dict[str, Any]:
    written: dict[str, Any] = _written_out(operation, stem)
    written.setdefault("security", [] if security is None else _written_out(security, stem))
    written["security"] = [{f"{stem}_bearer": []} for _ in written["security"]]
    paging = operation.get("x-paging")
    if paging is not None:
        written["parameters"] = [*written.get("parameters", ()), *_paging(paging)]
    if operation.get("x-either"):
        for status, answer in written["responses"].items():
            if status.startswith("2"):
                media = answer["content"]["application/json"]
                media["schema"] = _either(media["schema"])
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/ApiError"}}}
    for status in GENERAL_ERRORS:
        answer = written["responses"].setdefault(str(status), {"description": "A general error."})
        if "$ref" not in answer:
            answer.setdefault("content", error)
    return written


def _paging(paging: Mapping[str, Any]) -> list[dict[str, Any]]:
    numbers = [paging.get("page", "page"), paging.get("size", "per_page")]
    texts = ["q"] * ("filter" in paging) + ["sort"] * ("sort" in paging)
    return [
        {"name": name, "in": "query", "schema": {"type": kind}}
        for kind, names in (("integer", numbers), ("string", texts))
        for name in names
    ]


def _either(schema: dict[str, Any]) -> dict[str, Any]:
    one = schema["items"] if schema.get("type") == "array" else schema
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _written_out(value: Any, stem: str) -> Any:
    if isinstance(value, list):
        return [_written_out(item, stem) for item in value]
    if not isinstance(value, dict):
        return value
    written = {
        name: _written_out(member, stem) for name, member in value.items() if not name.startswith("x-")
    }
    if isinstance(value.get("$ref"), str):
        file, _, pointer = value["$ref"].partition("#/components/")
        kind, _, name = pointer.partition("/")
        target = Path(file).stem if file else stem
        written["$ref"] = f"#/components/{kind}/{_name(kind, target, name)}"
    if "x-wire" in value:
        types = value["type"] if isinstance(value["type"], list) else [value["type"]]
        written["type"] = [*types, *(kind for kind in value["x-wire"] if kind not in types)]
        if "format" in written and "string" in value["x-wire"]:
            del written["format"]
    return written


def _respell(answered: Any) -> None:
    """Let moments be written as the API does, wherever they are in what it answers."""
    inner = answered.values() if isinstance(answered, dict) else answered
    if isinstance(answered, dict) and answered.get("format") == "date-time":
        del answered["format"]
        answered["pattern"] = MOMENT
    for value in inner:
        if isinstance(value, dict | list):
            _respell(value)
