"""Reject models that the generator cannot turn into correct code.

All checks run before anything is generated. An unknown key is a fault: if a misspelt ``x-secrets``
were ignored, a repr would show a password.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from codegen import naming
from codegen.load import Document, ModelRef, Place, Schema

FILE_KEYS = {"openapi", "info", "paths", "components", "security", "servers"}
MODEL_KEYS = {
    "type", "title", "description", "required", "properties", "deprecated", "x-body", "x-lookup", "x-intern",
}  # fmt: skip
MEMBER_KEYS = {
    "type", "format", "description", "items", "prefixItems", "minItems", "maxItems", "additionalProperties",
    "$ref", "anyOf", "oneOf", "enum", "default", "minimum", "maximum", "minLength", "maxLength", "pattern",
    "example", "examples", "deprecated", "readOnly", "writeOnly", "x-secret", "x-python-name", "x-wire",
    "x-selected-by", "x-clears",
}  # fmt: skip
REFERENCES = "refs.yaml"
"""The file of the small models that name an object by its id."""

TEXTS = {"title", "summary", "description", "operationId", "format"}
TYPES = {"string", "integer", "number", "boolean", "object", "array", "null"}
FORMATS = {
    "string": {"date-time", "date", "email", "uri", "ipv4", "ipv6", "password", "uuid"},
    "integer": {"int32", "int64"},
    "number": {"float", "double", "decimal"},
}


def check_models(schema: Schema) -> None:
    """Check every model of the schema, and raise the first fault found."""
    homes: dict[str, str] = {}
    for document in schema.parts():
        check_keys(document, (), document.data, FILE_KEYS)
        check_keys(document, ("info",), document.data.get("info", {}), {"title", "version", "description"})
        for name in document.schemas:
            place: Place = ("components", "schemas", name)
            if not name.isidentifier() or not name[0].isupper():
                raise document.fault(place, "a model name must be a Python class name")
            if name in naming.BASES:
                raise document.fault(place, f"{name} is the name of a base of the models")
            if name.endswith(naming.MAPPING):
                raise document.fault(place, f"names that end in {naming.MAPPING} are those of mappings")
            if name in homes:
                raise document.fault(place, f"{homes[name]} also defines this model")
            homes[name] = document.key
            _check_model(schema, ModelRef(document, name), place)
    _check_no_cycle(schema)


def check_keys(document: Document, place: Place, value: object, known: set[str]) -> dict[str, Any]:
    """Return ``value`` as a mapping, or raise a fault for another type or an unknown key."""
    if not isinstance(value, dict):
        raise document.fault(place, "must be a mapping")
    for key in value:
        if key in TEXTS and not isinstance(value[key], str):
            raise document.fault((*place, key), "must be text")
        if key not in known:
            kind = "x-key" if key.startswith("x-") else "key"
            raise document.fault(
                (*place, key), f"unknown {kind} {key!r} (known here: {', '.join(sorted(known))})"
            )
    return value


def check_texts(document: Document, place: Place, value: object) -> list[str]:
    """Return ``value`` as a list of texts; ``None`` is an empty list."""
    listed = [] if value is None else value
    if not isinstance(listed, list):
        raise document.fault(place, "must be a list")
    for index, item in enumerate(listed):
        if not isinstance(item, str):
            raise document.fault((*place, index), "must be text")
    return listed


def is_lookup(ref: ModelRef) -> bool:
    """Return whether a model is a lookup: an id with a description, with known values or without."""
    return "x-lookup" in ref.schema


def is_body(ref: ModelRef) -> bool:
    """Return whether a model is a request body, which the user writes."""
    return ref.schema.get("x-body") is True


def is_interned(schema: Schema, owner: ModelRef, member: Mapping[str, Any]) -> bool:
    """Return whether equal values of a response member are decoded once.

    By default, these are lookups and the models of ``refs.yaml``; ``x-intern`` of a model overrides this.
    """
    models = list(_choices(schema, owner, (), member))
    if is_body(owner) or len(models) != 1:
        return False
    (ref,) = models
    usual = is_lookup(ref) or ref.document.key == REFERENCES
    return bool(ref.schema.get("x-intern", usual)) and _is_constant(schema, ref)


def _is_constant(schema: Schema, ref: ModelRef, within: tuple[str, ...] = ()) -> bool:
    """Return whether objects of a model can be shared: they are immutable and contain no secret."""

    def is_scalar(member: Mapping[str, Any]) -> bool:
        choices = [*member.get("anyOf", []), *member.get("oneOf", [])]
        if choices:
            return all(map(is_scalar, choices))
        if "$ref" in member:
            return _is_constant(schema, schema.model(ref.document, (), member["$ref"]), (*within, ref.name))
        kinds = member.get("type", "object")
        return not {"array", "object"} & {*(kinds if isinstance(kinds, list) else [kinds])}

    if is_body(ref) or ref.name in within:
        return False
    members = (ref.schema.get("properties") or {}).values()
    return all(is_scalar(member) and not member.get("x-secret") for member in members)


def stands_for_id(ref: ModelRef) -> bool:
    """Return whether a body accepts a bare id in place of this model."""
    properties = ref.schema.get("properties") or {}
    return ref.name == "IdRef" or (is_lookup(ref) and "id" in properties)


def _check_model(schema: Schema, ref: ModelRef, place: Place) -> None:
    document = ref.document
    model = check_keys(document, place, document.schemas[ref.name], MODEL_KEYS)
    if model.get("type", "object") != "object":
        raise document.fault((*place, "type"), "a model must be an object; write other shapes inline")
    if not str(model.get("description") or "").strip():
        raise document.fault(place, "the model has no description")
    if model.get("x-body") not in (None, True, False):
        raise document.fault((*place, "x-body"), "must be true or false")
    if model.get("x-intern") not in (None, True, False):
        raise document.fault((*place, "x-intern"), "must be true or false")
    if is_lookup(ref) and is_body(ref):
        raise document.fault((*place, "x-body"), "a lookup cannot be a body; a body refers to it")
    properties = model.get("properties", {})
    if not isinstance(properties, dict):
        raise document.fault((*place, "properties"), "must be a mapping")
    for index, name in enumerate(check_texts(document, (*place, "required"), model.get("required"))):
        if name not in properties:
            raise document.fault(
                (*place, "required", index), f"{name!r} is required but is not a property of {ref.name}"
            )
    attributes: dict[str, str] = {}
    for wire, member in properties.items():
        inner = (*place, "properties", wire)
        _check_member(schema, ref, inner, member)
        if "x-selected-by" in member:
            _check_selector(schema, ref, inner, member)
        attribute = member.get("x-python-name", naming.attribute(wire))
        if not isinstance(attribute, str) or naming.attribute(attribute) != attribute:
            raise document.fault((*inner, "x-python-name"), f"{attribute!r} is not a Python name")
        if attribute in naming.TAKEN or attribute.startswith("__"):
            raise document.fault(
                inner, f"the attribute {attribute!r} hides a name that the class needs; set x-python-name"
            )
        if attribute in attributes:
            raise document.fault(inner, f"{attributes[attribute]!r} has the same Python name {attribute!r}")
        attributes[attribute] = wire
    if is_lookup(ref):
        lookup_values(ref)
    if model.get("x-intern") and not _is_constant(schema, ref):
        message = (
            "cannot be shared: a member holds a list, a mapping, any JSON or a secret, or the model is a body"
        )
        raise document.fault((*place, "x-intern"), message)


def lookup_values(ref: ModelRef) -> dict[str, tuple[int | None, str]]:
    """Return the known values of a lookup: constant name to id and description."""
    document, place = ref.document, ("components", "schemas", ref.name, "x-lookup")
    known = ref.schema["x-lookup"]
    properties = ref.schema.get("properties") or {}
    pairs: list[tuple[str | int, int | None, Any]] = []
    if isinstance(known, dict) and "id" in properties:
        for key, description in known.items():
            if not key.lstrip("-").isdigit():
                raise document.fault(
                    (*place, key), f"{key!r} is not an id; write known values as id: Description"
                )
            pairs.append((key, int(key), description))
    elif isinstance(known, dict | list) and "id" not in properties:
        descriptions = list(known.values()) if isinstance(known, dict) else known
        keys = list(known) if isinstance(known, dict) else list(range(len(known)))
        pairs += [(key, None, description) for key, description in zip(keys, descriptions, strict=True)]
    else:
        raise document.fault(
            place, "must be a mapping of id to description (a list when the lookup has no id)"
        )
    if "id" not in properties and "description" not in properties:
        raise document.fault(place, "a lookup needs the property 'id' or 'description'")
    values: dict[str, tuple[int | None, str]] = {}
    for key, identity, description in pairs:
        if not isinstance(description, str) or not description:
            raise document.fault((*place, key), "a known value needs a description as text")
        name = naming.constant(ref.name, description)
        if name in values:
            raise document.fault((*place, key), f"two known values would both be called {name}")
        values[name] = (identity, description)
    return values


def _check_member(schema: Schema, owner: ModelRef, place: Place, member: object) -> None:
    document = owner.document
    facts = check_keys(document, place, member, MEMBER_KEYS)
    if "$ref" in facts:
        schema.model(document, (*place, "$ref"), facts["$ref"])
    if "x-clears" in facts:
        _check_clears(schema, owner, place, facts)
    for key in ("anyOf", "oneOf", "prefixItems"):
        if key in facts:
            if not isinstance(facts[key], list) or not facts[key]:
                raise document.fault((*place, key), "must be a list of shapes")
            for index, choice in enumerate(facts[key]):
                _check_member(schema, owner, (*place, key, index), choice)
    _check_choice(schema, owner, place, facts)
    if "x-selected-by" in facts and place[-2] != "properties":
        raise document.fault((*place, "x-selected-by"), "must stand at a member of a model")
    kinds = facts.get("type", [])
    for kind in check_texts(document, (*place, "type"), kinds if isinstance(kinds, list) else [kinds]):
        if kind not in TYPES:
            raise document.fault(
                (*place, "type"), f"unknown type {kind!r} (known: {', '.join(sorted(TYPES))})"
            )
        if "format" in facts and kind in FORMATS and facts["format"] not in FORMATS[kind]:
            raise document.fault((*place, "format"), f"unknown format {facts['format']!r} for {kind}")
        if kind == "array" and "items" not in facts and "prefixItems" not in facts:
            raise document.fault(place, "an array needs items")
    for index, kind in enumerate(check_texts(document, (*place, "x-wire"), facts.get("x-wire"))):
        if kind not in TYPES:
            raise document.fault((*place, "x-wire", index), f"unknown type {kind!r}")
    if "items" in facts:
        _check_member(schema, owner, (*place, "items"), facts["items"])
    if not isinstance(facts.get("enum", []), list):
        raise document.fault((*place, "enum"), "must be a list")
    if isinstance(facts.get("additionalProperties"), dict):
        _check_member(schema, owner, (*place, "additionalProperties"), facts["additionalProperties"])


def _check_clears(schema: Schema, owner: ModelRef, place: Place, facts: dict[str, Any]) -> None:
    """Check that a member that a null id clears is in a body, and that its id may be null."""
    spot = (*place, "x-clears")
    if facts["x-clears"] is not True or not is_body(owner):
        raise owner.document.fault(spot, "must be true, at a member of a body")
    used = schema.model(owner.document, (*place, "$ref"), facts.get("$ref"))
    kinds = ((used.schema.get("properties") or {}).get("id") or {}).get("type", [])
    if "null" not in kinds:
        raise owner.document.fault(spot, f"the id of {used.name} cannot be null")


def _check_choice(schema: Schema, owner: ModelRef, place: Place, facts: dict[str, Any]) -> None:
    """Reject ambiguous unions: a response must have one model, a body may have a choice of bodies."""
    models = {ref.name: ref for ref in _choices(schema, owner, place, facts)}
    if len(models) < 2:
        return
    if not is_body(owner):
        message = f"a response cannot be {' or '.join(models)}; write one wide model with the members of all"
        raise owner.document.fault(place, message)
    for name, ref in models.items():
        if not is_body(ref):
            raise owner.document.fault(
                place, f"a choice of several models must consist of x-body models; {name} is not one"
            )


def _choices(schema: Schema, owner: ModelRef, place: Place, facts: object) -> Iterator[ModelRef]:
    """Yield the models that a member can hold, including those of nested choices."""
    if not isinstance(facts, dict):
        return
    if "$ref" in facts:
        yield schema.model(owner.document, (*place, "$ref"), facts["$ref"])
    for key in ("anyOf", "oneOf"):
        for index, choice in enumerate(facts.get(key, [])):
            yield from _choices(schema, owner, (*place, key, index), choice)


def _check_selector(schema: Schema, owner: ModelRef, place: Place, facts: dict[str, Any]) -> None:
    """Check that the values of a sibling member select the models of a choice, every one of them."""
    document, spot = owner.document, (*place, "x-selected-by")
    selector = check_keys(document, spot, facts["x-selected-by"], {"member", "mapping"})
    models = {ref.name for ref in _choices(schema, owner, place, facts)}
    if len(models) < 2:
        raise document.fault(spot, "must belong to a choice of several models")
    member = selector.get("member")
    sibling = owner.schema["properties"].get(member) if isinstance(member, str) else None
    if sibling is None:
        raise document.fault((*spot, "member"), f"{owner.name} has no member {member!r}")
    mapping = selector.get("mapping")
    if not isinstance(mapping, dict) or not mapping:
        raise document.fault(spot, "needs a mapping of value to model")
    known = sibling.get("enum") if isinstance(sibling, dict) else None
    for value, name in mapping.items():
        if not isinstance(name, str) or name not in models:
            raise document.fault(
                (*spot, "mapping", value), f"{name!r} is not one of the models {', '.join(sorted(models))}"
            )
        if known and value not in known:
            raise document.fault((*spot, "mapping", value), f"{value!r} is not a value of {member}")
    for name in sorted(models - set(mapping.values())):
        raise document.fault((*spot, "mapping"), f"no value of {selector['member']} selects {name}")


def references(value: object, place: Place) -> list[tuple[Place, str]]:
    """List every ``$ref`` in ``value`` with its place."""
    found: list[tuple[Place, str]] = []
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "$ref" and isinstance(item, str):
                found.append(((*place, key), item))
            else:
                found += references(item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += references(item, (*place, index))
    return found


def _check_no_cycle(schema: Schema) -> None:
    """Reject files that refer to each other in a circle: their modules could not be imported."""
    edges: dict[str, dict[str, tuple[Document, Place]]] = {}
    for document in schema.parts():
        inner = edges.setdefault(document.key, {})
        for place, reference in references(document.schemas, ("components", "schemas")):
            target = schema.model(document, place, reference).document
            if target.key != document.key:
                inner.setdefault(target.key, (document, place))
    done: set[str] = set()

    def visit(key: str, trail: tuple[str, ...]) -> None:
        for target, (document, place) in edges[key].items():
            if target in (*trail, key):
                path = (*trail, key)
                circle = " -> ".join([*path[path.index(target) :], target])
                raise document.fault(place, f"the files refer to each other in a circle: {circle}")
            if target not in done:
                visit(target, (*trail, key))
        done.add(key)

    for key in edges:
        visit(key, ())
