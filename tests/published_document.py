"""The published OpenAPI document, as tests check the answers of the simulator by it."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any

import schemathesis

GENERAL_ERRORS = ("400", "403", "404", "405", "409", "410", "415", "422")


def published_document() -> dict[str, Any]:
    """Return the document as users get it."""
    text = files("aioemnify").joinpath("openapi.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@functools.cache
def described_operations() -> dict[str, Any]:
    """Return each operation, by its id, as the checker of answers knows it.

    The simulator is held to more than users may rely on: of the errors it sends only those that the API is
    known for, and of the values only the known ones, except for lookups, which have more than is documented.
    """
    document = _strict(published_document())
    for item in document["paths"].values():
        for operation in item.values():
            other = operation["responses"].pop("4XX")
            operation["responses"] = dict.fromkeys(GENERAL_ERRORS, other) | operation["responses"]
    schema = schemathesis.openapi.from_dict(document)
    found = [each.ok() for each in schema.get_all_operations()]
    return {operation.definition.raw["operationId"]: operation for operation in found}


def _strict(value: Any) -> Any:
    if isinstance(value, list):
        return [_strict(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {name: _strict(item) for name, item in value.items()}
    if "x-extensible-enum" in made and "x-enum-descriptions" not in made:
        made["enum"] = made["x-extensible-enum"]
    return made
