"""Read the shape of a body or a response: a model by its name, alone or in an array."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from codegen.check import check_keys
from codegen.load import Document, ModelRef, Place, Schema


@frozen
class Shape:
    """The shape of a body or a response: a model by its table name, alone or in an array."""

    model: str
    many: bool

    @property
    def name(self) -> str:
        """The class name."""
        return self.model.rpartition(":")[2]


def read_content(schema: Schema, document: Document, place: Place, owner: Mapping[str, Any]) -> Shape | None:
    """Return the shape of the JSON of a body or a response; ``None`` if there is none.

    An error may also come as ``text/html``, which is then empty.
    """
    if "content" not in owner:
        return None
    spot = (*place, "content")
    media = check_keys(document, spot, owner["content"], {"application/json", "text/html"})
    check_keys(document, (*spot, "text/html"), media.get("text/html", {}), set())
    spot = (*spot, "application/json")
    shape = check_keys(document, spot, media.get("application/json"), {"schema", "example", "examples"}).get(
        "schema"
    )
    spot = (*spot, "schema")
    if not isinstance(shape, dict):
        raise document.fault(spot, "must describe the JSON")
    if shape.get("type") == "array":
        inner = shape.get("items")
        if not isinstance(inner, dict):
            raise document.fault(spot, "an array needs items")
        return Shape(_named(schema, document, (*spot, "items"), inner), many=True)
    return Shape(_named(schema, document, spot, shape), many=False)


def model_of(schema: Schema, shape: Shape) -> ModelRef | None:
    """Return the model of a shape, or ``None`` if the API does not document it."""
    return None if shape.model == "dict" else schema.named(shape.name)


def _named(schema: Schema, document: Document, place: Place, shape: Mapping[str, Any]) -> str:
    if "$ref" in shape:
        return schema.model(document, (*place, "$ref"), shape["$ref"]).text
    if "properties" in shape:
        raise document.fault(place, "define the object in components/schemas and refer to it by $ref")
    if shape.get("type", "object") != "object":
        raise document.fault((*place, "type"), "must be a model, an array of a model, or a plain object")
    return "dict"
