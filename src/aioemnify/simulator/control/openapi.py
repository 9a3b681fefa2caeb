"""The OpenAPI document of the control interface, generated from the table of its methods."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from aioemnify.simulator.control.methods import Method
from aioemnify.simulator.recording.export import package_version

_SCHEMAS = "#/components/schemas/{name}"


def openapi_document(prefix: str, table: Mapping[str, Mapping[str, Method]]) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document of the methods by path and HTTP method."""
    kinds = {
        id(method): method.shown or method.body
        for methods in table.values()
        for method in methods.values()
        if method.body
    }
    schemas, components = msgspec.json.schema_components(kinds.values(), ref_template=_SCHEMAS)
    bodies = dict(zip(kinds, schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Control interface of the emnify simulator", "version": package_version()},
        "paths": {
            f"{prefix}{path}": {
                name.lower(): _operation(path, method, bodies.get(id(method)))
                for name, method in methods.items()
            }
            for path, methods in table.items()
        },
        "components": {"schemas": components},
    }


def _operation(path: str, method: Method, body: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": (method.answer.__doc__ or "").partition("\n")[0],
        "responses": {"default": {"description": "done, or an object whose `error` says what is wrong"}},
    }
    names = re.findall(r"{(\w+)}", path)
    if names:
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ]
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation
