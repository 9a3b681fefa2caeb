"""What the control interface says about itself: an OpenAPI document, made from the table of its acts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from aioemnify.simulator.control.acts import Act
from aioemnify.simulator.control.export import package_version

_SCHEMAS = "#/components/schemas/{name}"


def describe_interface(prefix: str, table: Mapping[str, Mapping[str, Act]]) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document about the acts by path and method."""
    kinds = {id(act): act.shown or act.body for acts in table.values() for act in acts.values() if act.body}
    schemas, components = msgspec.json.schema_components(kinds.values(), ref_template=_SCHEMAS)
    bodies = dict(zip(kinds, schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Control interface of the emnify simulator", "version": package_version()},
        "paths": {
            f"{prefix}{path}": {
                method.lower(): _operation(path, act, bodies.get(id(act))) for method, act in acts.items()
            }
            for path, acts in table.items()
        },
        "components": {"schemas": components},
    }


def _operation(path: str, act: Act, body: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": (act.answer.__doc__ or "").partition("\n")[0],
        "responses": {"default": {"description": "done, or an object that says in `error` what is wrong"}},
    }
    names = re.findall(r"{(\w+)}", path)
    if names:
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ]
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation
