"""Turn the models of the schema into Python modules, one per schema file."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datamodel_code_generator.config import OpenAPIParserConfig
from datamodel_code_generator.format import DatetimeClassType, Formatter, PythonVersion
from datamodel_code_generator.parser.openapi import OpenAPIParser

from codegen import naming
from codegen.attrs_backend import TYPES, AttrsClass, AttrsField, AttrsTypes
from codegen.check import is_body, is_interned, is_lookup, lookup_values, stands_for_id
from codegen.load import Document, ModelRef, Schema
from codegen.members import bounds
from codegen.render import TEMPLATES, environment, header, prose

FORMATS = ("date-time", "date", "decimal")
"""The formats that have their own Python type. Other values keep their JSON type."""


def model_modules(schema: Schema) -> dict[str, str]:
    """Return the model modules as unformatted source, by file name."""
    parts = [document for document in schema.parts() if document.schemas]
    with tempfile.TemporaryDirectory() as folder:
        # The tool compares file names as part of the schema, so it needs the resolved path.
        staged = Path(folder).resolve()
        for document in parts:
            text = json.dumps(_staged(schema, document), ensure_ascii=False)
            (staged / f"{document.module}.yaml").write_text(text, encoding="utf-8")
        bodies = _parse(staged, _aliases(schema))
    modules: dict[str, str] = {}
    for document in parts:
        body = _absolute(bodies.pop(f"{document.module}.py"))
        title = (document.data.get("info") or {}).get("title") or document.module.replace(
            "_", " "
        ).capitalize()
        about = prose(f"{str(title).strip()}: the models of requests and responses.", 0)
        modules[f"{document.module}.py"] = f"{header([document.shown])}{about}\n\n{body}\n"
    bodies.pop("__init__.py", None)
    if bodies:
        raise RuntimeError(f"the model generator wrote unexpected modules: {', '.join(sorted(bodies))}")
    modules["__init__.py"] = _door(schema)
    return modules


def _parse(staged: Path, aliases: Mapping[str, str]) -> dict[str, str]:
    config = OpenAPIParserConfig(
        data_model_type=AttrsClass,
        data_model_field_type=AttrsField,
        data_model_root_type=TYPES.root_model,
        data_type_manager_type=AttrsTypes,
        custom_template_dir=TEMPLATES,
        target_python_version=PythonVersion.PY_311,
        target_datetime_class=DatetimeClassType.Datetime,
        aliases=dict(aliases),
        strict_nullable=True,
        keyword_only=True,
        use_union_operator=True,
        use_standard_collections=True,
        use_exact_imports=True,
        keep_model_order=True,
        base_path=staged,
        formatters=[Formatter.BUILTIN],
        known_third_party=["attrs"],
    )
    parsed = OpenAPIParser(staged, config=config).parse(disable_future_imports=True)
    if isinstance(parsed, str):
        raise RuntimeError("the model generator returned one text instead of modules")
    return {"/".join(path): result.body for path, result in parsed.items()}


def _absolute(body: str) -> str:
    """Make the imports absolute: the tool only writes relative ones."""
    return re.sub(r"^from \.(\w+) import ", r"from aioemnify.models.\1 import ", body, flags=re.MULTILINE)


def _aliases(schema: Schema) -> dict[str, str]:
    renamed: dict[str, str] = {}
    for document in schema.parts():
        for name, model in document.schemas.items():
            for wire, member in (model.get("properties") or {}).items():
                attribute = member.get("x-python-name", naming.attribute(wire))
                if attribute != wire:
                    renamed[f"{name}.{wire}"] = attribute
    return renamed


def _staged(schema: Schema, document: Document) -> dict[str, Any]:
    """Return a file as the tool reads it: only models, plain shapes, our own facts under one key."""
    models: dict[str, Any] = {}
    for name, model in document.schemas.items():
        ref = ModelRef(document, name)
        properties = model.get("properties") or {}
        required = model.get("required") or []
        models[name] = {
            "type": "object",
            "required": list(required),
            "properties": {wire: _shape(schema, ref, member) for wire, member in properties.items()},
            "x-facts": {
                "body": is_body(ref),
                "lookup": is_lookup(ref),
                "description": model["description"],
                "constants": _constants(ref),
                "members": {wire: _facts(schema, ref, wire, member) for wire, member in properties.items()},
            },
        }
    info = {"title": document.module, "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": models}}


def _constants(ref: ModelRef) -> dict[str, dict[str, Any]]:
    if not is_lookup(ref):
        return {}
    # Some lookups have their label in another member than ``description``, or none.
    label = next((key for key in ("description", "name") if key in ref.schema["properties"]), None)
    constants: dict[str, dict[str, Any]] = {}
    for name, (identity, description) in lookup_values(ref).items():
        members: dict[str, Any] = {} if identity is None else {"id": identity}
        constants[name] = members | ({label: description} if label else {})
    return constants


def _facts(schema: Schema, ref: ModelRef, wire: str, member: Mapping[str, Any]) -> dict[str, Any]:
    # The identity decides equality, because the server may add other languages or members to a lookup.
    identity = "id" if "id" in ref.schema["properties"] else "description"
    description = str(member.get("description") or "")
    if range_ := bounds(member):
        description = f"{description} {range_}".strip()
    known = member.get("enum")
    if known:
        listed = ", ".join(str(value) for value in known)
        description = (
            f"{description}\n\nKnown values: {listed}. The server may send others."
            if description
            else f"One of {listed}."
        )
    if member.get("deprecated"):
        description = f"{description}\n\nDeprecated."
    return {
        "wire": wire,
        "secret": bool(member.get("x-secret")),
        "selected_by": member.get("x-selected-by"),
        "intern": is_interned(schema, ref, member),
        "compared": not is_lookup(ref) or wire == identity,
        "description": description,
    }


def _shape(schema: Schema, owner: ModelRef, member: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in member:
        return _reference(schema, owner, str(member["$ref"]))
    # Bounds and known values are not enforced: the server may widen them, and a page must not be lost.
    shape: dict[str, Any] = {"type": member["type"]} if "type" in member else {}
    if member.get("format") in FORMATS:
        shape["format"] = member["format"]
    for key in ("anyOf", "oneOf"):
        if key in member:
            choices = [_shape(schema, owner, choice) for choice in member[key]]
            flat = [inner for choice in choices for inner in choice.get("anyOf", [choice])]
            shape["anyOf"] = [choice for index, choice in enumerate(flat) if choice not in flat[:index]]
    if "prefixItems" in member:
        pair = [_shape(schema, owner, item) for item in member["prefixItems"]]
        shape |= {"prefixItems": pair, "items": False, "minItems": len(pair), "maxItems": len(pair)}
    elif "items" in member:
        shape["items"] = _shape(schema, owner, member["items"])
    extra = member.get("additionalProperties")
    if isinstance(extra, dict):
        shape["additionalProperties"] = _shape(schema, owner, extra)
    elif member.get("type") == "object":
        shape["additionalProperties"] = True
    return shape


def _reference(schema: Schema, owner: ModelRef, reference: str) -> dict[str, Any]:
    used = schema.model(owner.document, (), reference)
    file = "" if used.document.key == owner.document.key else f"{used.document.module}.yaml"
    shape = {"$ref": f"{file}#/components/schemas/{used.name}"}
    if is_body(owner) and stands_for_id(used):
        return {"anyOf": [shape, {"type": "integer"}]}
    return shape


def _door(schema: Schema) -> str:
    """Write ``models/__init__.py``: every model by name, each module imported when it is first used."""
    homes = sorted((name, part.module) for part in schema.parts() for name in part.schemas)
    by_module = {part.module: sorted(part.schemas) for part in schema.parts() if part.schemas}
    template = environment().get_template("models.jinja")
    return header(["schema/"]) + template.render(homes=homes, by_module=by_module)
