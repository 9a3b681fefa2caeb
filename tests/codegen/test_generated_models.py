"""Every generated model decodes, encodes, describes itself and hides its secrets."""

from __future__ import annotations

import ast
import importlib
import typing
from pathlib import Path
from typing import Any

import attrs
import msgspec
import pytest

from aioemnify import models
from aioemnify.operation import Operation
from aioemnify.serialization.fields import model_fields, renamed
from aioemnify.tables.operations import OPERATIONS
from aioemnify.types import UNSET, UnsetType
from codegen.check import is_body, is_lookup
from codegen.load import ModelRef, load
from codegen.members import bounds
from tests.codegen.conftest import ROOT

SCHEMA = load(ROOT / "schema", "schema")
REFS = {name: ModelRef(part, name) for part in SCHEMA.parts() for name in part.schemas}
CANARY = "canary-9f1b"


def test_every_model_of_the_schema_is_public() -> None:
    assert sorted(REFS) == list(models.__all__)
    assert {*models.__all__} <= {*dir(models)}
    with pytest.raises(AttributeError, match="Nothing"):
        _ = models.Nothing


@pytest.mark.parametrize("name", REFS)
def test_models_follow_the_house_rules(name: str) -> None:
    ref = REFS[name]
    model = getattr(models, name)
    assert models.resolve(ref.text) is model
    assert model.__doc__
    assert "__slots__" in vars(model)
    required = ref.schema.get("required") or []
    for field in attrs.fields(model):
        wire = field.metadata.get("wire", field.name)
        assert field.kw_only
        absent = UNSET if is_body(ref) else None
        assert field.default is (attrs.NOTHING if wire in required else absent), field.name
        hints = typing.get_type_hints(model)
        assert (UnsetType in typing.get_args(hints[field.name])) is (
            is_body(ref) and wire not in required and hints[field.name] is not Any
        )
    if not is_body(ref):
        one = model(**{field.name: None for field in attrs.fields(model)})
        for field in attrs.fields(model):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                setattr(one, field.name, None)


@pytest.mark.parametrize("name", [name for name, ref in REFS.items() if not is_body(ref)])
def test_every_response_model_builds_a_decoder(name: str) -> None:
    model = getattr(models, name)
    decoder = msgspec.json.Decoder(list[model], strict=False)  # type: ignore[valid-type]
    assert decoder.decode(b"[]") == []
    required = dict.fromkeys(REFS[name].schema.get("required") or [])
    if set(required) <= {"id"}:
        required = {key: "1" if model.__annotations__[key] is str else 1 for key in required}
        one = decoder.decode(msgspec.json.encode([{**required, "a_member_of_tomorrow": {}}]))
        assert one == [model(**required)]


@pytest.mark.parametrize("name", [name for name, ref in REFS.items() if is_body(ref)])
def test_every_body_model_describes_itself(name: str) -> None:
    model, schema = getattr(models, name), REFS[name].schema
    known = model_fields(model)
    assert {member.wire for member in known} == set(schema["properties"])
    assert {member.wire for member in known if member.required} == set(schema.get("required") or [])
    if renamed(model) or _chooses(model):
        return  # msgspec supports neither renamed members nor a choice of several classes
    [reference], components = msgspec.json.schema_components([model])
    assert reference == {"$ref": f"#/$defs/{name}"}
    assert set(components[name]["properties"]) == set(schema["properties"])
    assert components[name].get("required", []) == (schema.get("required") or [])


def _chooses(annotation: Any) -> bool:
    """Return whether a body contains a choice of several classes at any depth."""
    if attrs.has(annotation):
        return any(_chooses(member.type) for member in model_fields(annotation))
    inner = typing.get_args(annotation)
    several = sum(attrs.has(kind) for kind in inner) > 1 and typing.get_origin(annotation) is not tuple
    return several or any(_chooses(kind) for kind in inner)


@pytest.mark.parametrize("name", [name for name, ref in REFS.items() if is_body(ref)])
def test_a_body_sends_the_given_members_and_no_others(name: str) -> None:
    model = getattr(models, name)
    given = {field.name: None for field in attrs.fields(model) if field.default is attrs.NOTHING}
    assert msgspec.json.decode(msgspec.json.encode(model(**given))) == given


@pytest.mark.parametrize("name", [name for name, ref in REFS.items() if is_lookup(ref)])
def test_lookups_are_equal_by_identity_alone(name: str) -> None:
    model = getattr(models, name)
    key, *others = [field.name for field in attrs.fields(model)]
    assert [field.name for field in attrs.fields(model) if field.eq] == [key]
    one, same = model(**{key: 7}), model(**{key: 7}, **dict.fromkeys(others, "other"))
    assert one == same
    assert hash(one) == hash(same)
    assert one != model(**{key: 8})


def test_known_values_of_lookups() -> None:
    assert models.SimStatus(id=1) == models.SimStatus.ACTIVATED
    assert models.SimStatus.FACTORY_TEST.id == 4
    assert models.SimStatus.FACTORY_TEST.description == "Factory Test"
    assert models.ConnectivityStatus(description="ONLINE") == models.ConnectivityStatus.ONLINE
    [sim] = msgspec.json.decode(
        b'[{"id":1,"iccid":"8988303000000000001","status":{"id":99,"description":"New"}}]',
        type=list[models.Sim],
    )
    assert sim.status == models.SimStatus(id=99)


def test_no_secret_shows_in_any_repr() -> None:
    secrets = 0
    for name, ref in REFS.items():
        model = getattr(models, name)
        properties = ref.schema.get("properties") or {}
        values = {
            field.name: CANARY if properties[field.metadata.get("wire", field.name)].get("x-secret") else None
            for field in attrs.fields(model)
        }
        assert CANARY not in repr(model(**values)), name
        secrets += list(values.values()).count(CANARY)
    assert secrets >= 10


def test_every_member_named_like_a_secret_is_marked() -> None:
    """A repr would show a secret that the schema does not mark; its name reveals it."""
    shown = [
        f"{name}.{wire}"
        for name, ref in REFS.items()
        for wire, member in (ref.schema.get("properties") or {}).items()
        if wire.split("_")[-1] in {"token", "password", "secret", "fingerprint", "key", "pin", "puk"}
        and member.get("type") == "string"
        and not member.get("x-secret")
    ]
    assert shown == ["ApiError.error_token"]


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.id)
def test_every_operation_has_its_method_and_models(operation: Operation) -> None:
    group, _, method = operation.id.partition(".")
    module = importlib.import_module(f"aioemnify.resources.{group}")
    resource = getattr(module, "".join(part.capitalize() for part in group.split("_")))
    stub = getattr(resource, method)
    assert "Limit: " in stub.__doc__
    assert "Retry: " in stub.__doc__
    assert "options: " in stub.__doc__
    for shape in (operation.body, operation.result):
        if shape:
            assert attrs.has(models.resolve(shape.model)) or shape.model == "dict"
    taken = stub.__code__.co_varnames[: stub.__code__.co_argcount]
    assert len(taken) == 1 + len(operation.path_params) + (operation.body is not None)


def test_operations_are_sorted_and_consistent() -> None:
    assert list(OPERATIONS) == sorted(OPERATIONS)
    assert all(operation.id == name for name, operation in OPERATIONS.items())
    assert {operation.retry for operation in OPERATIONS.values() if operation.method == "GET"} == {"safe"}
    safe = [one.id for one in OPERATIONS.values() if one.retry == "safe" and one.method != "GET"]
    assert safe == ["euiccs.validate_unlinked"]  # a POST that only checks


def test_generated_code_imports_only_what_it_may() -> None:
    """No module of the model layer imports the HTTP library, and no resource imports a model."""
    package = ROOT / "src" / "aioemnify"
    files = [*package.glob("models/*.py"), *package.glob("resources/*.py")]
    assert files
    for file in files:
        for module in _run_time_imports(file):
            assert not module.startswith(("httpx", "aioemnify.transport")), file
            if file.parent.name == "resources":
                assert not module.startswith("aioemnify.models"), file


def _run_time_imports(file: Path) -> list[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        node.module
        for statement in tree.body
        if not isinstance(statement, ast.If)
        for node in ast.walk(statement)
        if isinstance(node, ast.ImportFrom) and node.module
    ]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"minimum": 1, "maximum": 9, "default": 3}, "From 1 to 9; the server's default is 3."),
        ({"minimum": 1}, "At least 1."),
        ({"maximum": 9}, "At most 9."),
        ({"default": False}, "The server's default is false."),
        ({"default": "POST"}, "The server's default is POST."),
        ({}, ""),
    ],
)
def test_a_range_and_a_default_become_a_sentence(facts: dict[str, Any], sentence: str) -> None:
    assert bounds(facts) == sentence
