"""Turn the models of the schema into JSON Schema that any reader of OpenAPI understands.

The schema folder describes some things in words of its own. Here they are written out: the other JSON
types that a member was seen with, the known values of a lookup, the spellings of a timestamp. Values
that the server may add to are no ``enum``, because a client that checks it would lose a whole page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codegen.check import is_body, is_lookup, lookup_values
from codegen.load import Document, ModelRef, Place, Schema
from codegen.render import paragraphs

TIMESTAMP = "Timestamp"
"""The component for the timestamps in responses."""

CLEARING = "OrNull"
"""The end of the name of a reference whose id may be null."""

SPELLINGS = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?)?$"
"""The spellings of a timestamp that were seen in responses. Requests use RFC 3339."""

SCALARS = {"string", "integer", "number", "boolean"}
KEPT = (
    "deprecated", "readOnly", "writeOnly", "minimum", "maximum", "minLength", "maxLength", "pattern",
    "minItems", "maxItems", "default", "x-secret", "x-selected-by",
)  # fmt: skip


def reference(name: str, kind: str = "schemas") -> dict[str, Any]:
    """Return a reference to a component of the document."""
    return {"$ref": f"#/components/{kind}/{name}"}


def components(document: Document, kind: str) -> dict[str, dict[str, Any]]:
    """Return the components of a file that are not models, by name.

    Raises:
        SchemaError: They are not mappings.
    """
    place: Place = ("components", kind)
    found = (document.data.get("components") or {}).get(kind) or {}
    if not isinstance(found, dict):
        raise document.fault(place, "must be a mapping")
    for name, value in found.items():
        if not isinstance(value, dict):
            raise document.fault((*place, name), "must be a mapping")
    return found


def described(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description, without the line breaks of the file."""
    text = "\n\n".join(paragraphs(str(facts.get("description") or "")))
    return {"description": text} if text else {}


def timestamp_schema() -> dict[str, Any]:
    """Return the component for the timestamps in responses."""
    return {
        "type": "string",
        "pattern": SPELLINGS,
        "description": "A date with a time. The API uses several spellings: with Z, with an offset that may "
        "lack its colon, with a space for the T, without a zone (then it is UTC), and a date alone.",
        "examples": ["2026-01-31T12:00:00Z", "2026-01-31 12:00:00"],
    }


def model_schemas(schema: Schema) -> dict[str, Any]:
    """Return the components of all models, by name.

    Raises:
        SchemaError: A model has the name of another component.
    """
    return _Writer(schema).components()


class _Writer:
    """Write the models. ``_shared`` has the components that are not models of the schema.

    Several types of one member become a component of their own. Generators read a list of types as its first
    one, and would make one class for each member of an inline union.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._shared: dict[str, Any] = {TIMESTAMP: timestamp_schema()}

    def components(self) -> dict[str, Any]:
        """Return every model by name, and what they share.

        The schema lets the id of a reference be null, because a null id clears some members. Here such a
        reference is two components, so that only those members may have the null.
        """
        schema = self._schema
        models = {name: ModelRef(part, name) for part in schema.parts() for name in part.schemas}
        cleared = {
            schema.model(ref.document, (), facts["$ref"]).name
            for ref in models.values()
            for facts in (ref.schema.get("properties") or {}).values()
            if "x-clears" in facts
        }
        made = {name: self._model(ref, null_id=name not in cleared) for name, ref in models.items()}
        self._shared |= {f"{name}{CLEARING}": self._model(models[name], null_id=True) for name in cleared}
        for name in made.keys() & self._shared.keys():
            message = "the OpenAPI document has a component of this name; call the model something else"
            raise models[name].document.fault(("components", "schemas", name), message)
        return dict(sorted((made | self._shared).items()))

    def _model(self, ref: ModelRef, *, null_id: bool) -> dict[str, Any]:
        properties: dict[str, Any] = dict(ref.schema.get("properties") or {})
        if not null_id:
            properties["id"] = {"type": next(kind for kind in properties["id"]["type"] if kind != "null")}
        members = {wire: self._member(ref, facts) for wire, facts in properties.items()}
        if is_lookup(ref):
            _add_values(ref, members)
        made: dict[str, Any] = {"type": "object", **described(ref.schema)}
        if ref.schema.get("required"):
            made["required"] = list(ref.schema["required"])
        if ref.schema.get("deprecated"):
            made["deprecated"] = True
        return {**made, "properties": members}

    def _member(self, owner: ModelRef, facts: Mapping[str, Any]) -> dict[str, Any]:
        if "$ref" in facts:
            name = self._schema.model(owner.document, (), facts["$ref"]).name
            return {**reference(f"{name}{CLEARING}" if "x-clears" in facts else name), **described(facts)}
        made = {**self._type(owner, facts), **described(facts)}
        if choices := [*facts.get("anyOf", []), *facts.get("oneOf", [])]:
            made["anyOf"] = [self._member(owner, choice) for choice in choices]
        if "prefixItems" in facts:
            # ``items`` is for readers that do not know ``prefixItems``.
            pair = [self._member(owner, part) for part in facts["prefixItems"]]
            made |= {"prefixItems": pair, "items": {"anyOf": pair}}
            made |= {"minItems": len(pair), "maxItems": len(pair)}
        elif "items" in facts:
            made["items"] = self._member(owner, facts["items"])
        if isinstance(extra := facts.get("additionalProperties"), dict):
            made["additionalProperties"] = self._member(owner, extra)
        if "enum" in facts:
            strict = is_body(owner) and "x-wire" not in facts
            made["enum" if strict else "x-extensible-enum"] = facts["enum"]
        if examples := [facts["example"]] if "example" in facts else facts.get("examples"):
            made["examples"] = examples
        return made | {key: facts[key] for key in KEPT if key in facts}

    def _type(self, owner: ModelRef, facts: Mapping[str, Any]) -> dict[str, Any]:
        listed = [facts["type"]] if isinstance(facts.get("type"), str) else facts.get("type", [])
        kinds = list(dict.fromkeys([*listed, *facts.get("x-wire", [])]))
        plain = [kind for kind in kinds if kind != "null"]
        shared = ""
        if facts.get("format") == "date-time" and not is_body(owner):
            shared = TIMESTAMP
        elif len(plain) > 1 and set(plain) <= SCALARS:
            shared = "Or".join(kind.capitalize() for kind in plain)
            self._shared[shared] = {"anyOf": [{"type": kind} for kind in plain]}
        if shared:
            return {"anyOf": [reference(shared), {"type": "null"}]} if "null" in kinds else reference(shared)
        made: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else kinds} if kinds else {}
        return made | ({"format": facts["format"]} if "format" in facts else {})


def _add_values(ref: ModelRef, members: dict[str, Any]) -> None:
    values = list(lookup_values(ref).values())
    if not values:
        return
    words = [description for _, description in values]
    if "id" in members:
        members["id"] |= {
            "description": f"Known: {', '.join(f'{one} ({word})' for one, word in values)}.",
            "x-extensible-enum": [identity for identity, _ in values],
            "x-enum-descriptions": words,
        }
    else:
        members["description"] |= {"x-extensible-enum": words}
