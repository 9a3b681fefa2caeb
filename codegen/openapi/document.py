"""Put the document together, and write it as text."""

from __future__ import annotations

import json
from typing import Any

from attrs import asdict

from codegen.api import Api
from codegen.openapi.operations import general_responses, headers, limit_table, path_items
from codegen.openapi.schemas import components, model_schemas
from codegen.render import paragraphs
from codegen.resources import title_of

MARK = '{\n"x-generated": '
"""The first characters of the file."""

ABOUT = """
A description of the emnify REST API, written by the aioemnify project. It is not emnify's own document.

Known values of a member that the server may extend are in x-extensible-enum: accept others too.
x-rate-limits lists every rate limit, x-rate-limit names the one of an operation; the call also counts in
the windows and in the month. x-paging says how a list is paged, filtered and sorted. x-retry says whether
a call may be repeated when its response was lost: safe and idempotent ones may, those with once may not.
Calls with the same x-lane must not run at the same time. x-possible-body is a body that a response may
have or lack. x-error-codes lists the values of error_code.
"""


def openapi_document(api: Api) -> dict[str, Any]:
    """Return the whole API as one document without references to other files.

    Raises:
        SchemaError: Two components have one name.
    """
    schema = api.schema
    servers: list[Any] = [one for part in schema.parts() for one in part.data.get("servers") or []]
    schemes = _security_schemes(api)
    return {
        "x-generated": "from schema/ by python -m codegen; do not edit",
        "openapi": "3.1.0",
        "info": {
            "title": "emnify REST API",
            "version": "1",
            "description": "\n\n".join(paragraphs(ABOUT)),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        **({"servers": servers} if servers else {}),
        **({"security": [{name: []} for name in schemes]} if schemes else {}),
        "tags": [{"name": part.module, "description": title_of(part)} for part in schema.groups()],
        "x-rate-limits": limit_table(api),
        "x-error-codes": [{**asdict(code), "statuses": list(code.statuses)} for code in api.codes],
        "paths": path_items(api),
        "components": {
            "securitySchemes": schemes,
            "headers": headers(api),
            "responses": general_responses(api),
            "schemas": model_schemas(schema),
        },
    }


def _security_schemes(api: Api) -> dict[str, Any]:
    """Return the security schemes by name; the files refer to one definition."""
    found: dict[str, Any] = {}
    for part in api.schema.parts():
        for name, scheme in components(part, "securitySchemes").items():
            place = ("components", "securitySchemes", name)
            if "$ref" in scheme:
                scheme = api.schema.resolve(part, (*place, "$ref"), scheme["$ref"])[2]
            if found.setdefault(name, scheme) != scheme:
                raise part.fault(place, "another file defines it differently")
    return found


def openapi_text(api: Api) -> str:
    """Return the document as JSON: compact, but with one line for each operation and component."""
    document = openapi_document(api)
    deep = {"paths": 2, "components": 2}
    lines = [f"{json.dumps(key)}: {_lines(value, deep.get(key, 0))}" for key, value in document.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _lines(value: Any, depth: int) -> str:
    if not depth:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    parts = [f"{json.dumps(key)}: {_lines(inner, depth - 1)}" for key, inner in value.items()]
    return "{\n" + ",\n".join(parts) + "\n}" if parts else "{}"
