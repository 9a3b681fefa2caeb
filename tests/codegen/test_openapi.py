"""The OpenAPI document is valid, and says what the schema says in standard words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from codegen.api import Api, read_api
from codegen.check import is_body
from codegen.load import SchemaError
from codegen.openapi.document import openapi_document, openapi_text
from tests.codegen.conftest import ROOT, TINY
from tests.codegen.schema_edit import SchemaEdit
from tests.published_document import published_document

THING = "/api/v1/thing"
OURS = {
    "x-body",
    "x-intern",
    "x-lookup",
    "x-python-name",
    "x-wire",
    "x-either",
    "x-bulk",
    "x-many",
    "x-find",
    "x-follow",
    "x-wait",
    "x-clears",
}
"""Words that only this project understands."""


@pytest.fixture(scope="module")
def tiny_document() -> dict[str, Any]:
    return openapi_document(read_api(TINY, "tiny"))


@pytest.fixture(scope="module")
def api() -> Api:
    return read_api(ROOT / "schema", "schema")


@pytest.fixture(scope="module", params=["schema", "tiny"])
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    if request.param == "schema":
        return published_document()
    found: dict[str, Any] = request.getfixturevalue("tiny_document")
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["operationId"]: one for item in document["paths"].values() for one in item.values()}


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in a value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(inner)


def faults(document: dict[str, Any]) -> list[str]:
    return [
        f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}"
        for fault in OpenAPIV31SpecValidator(document).iter_errors()
    ]


def test_it_is_openapi(document: dict[str, Any]) -> None:
    assert faults(document) == []


def test_an_invalid_document_is_detected(tiny_document: dict[str, Any]) -> None:
    broken = json.loads(json.dumps(tiny_document))
    broken["paths"][THING]["get"]["responses"] = {"fine": {}}
    assert faults(broken) != []


def test_it_has_everything(api: Api) -> None:
    document = published_document()
    assert operations(document).keys() == {one.id for one in api.operations}
    assert document["components"]["schemas"].keys() > api.models.keys()
    for one in api.operations:
        written = document["paths"][one.path][one.method.lower()]
        assert written["summary"] == " ".join(one.summary.split())
        named = {parameter["name"] for parameter in written.get("parameters", [])}
        assert named >= {parameter.name for parameter in (*one.path_params, *one.query)}
        assert {str(status) for status in (*one.success, *one.errors)} <= written["responses"].keys()


def test_it_speaks_standard_words(document: dict[str, Any]) -> None:
    words = {key for part in parts(document) for key in part if key.startswith("x-")}
    assert words & OURS == set()
    references = {part["$ref"] for part in parts(document) if isinstance(part.get("$ref"), str)}
    assert all(one.startswith("#/components/") for one in references)


def test_a_list_of_types_has_null_at_most(document: dict[str, Any]) -> None:
    """Generators read such a list as its first type, so other unions are written as alternatives."""
    lists = [part["type"] for part in parts(document["components"]) if isinstance(part.get("type"), list)]
    assert all(len(kinds) == 2 and kinds[1] == "null" for kinds in lists)


def test_other_spellings_are_unions(api: Api) -> None:
    schemas = published_document()["components"]["schemas"]
    checked = 0
    for name, model in api.models.items():
        for wire, facts in (model.ref.schema.get("properties") or {}).items():
            if "x-wire" in facts:
                check = Draft202012Validator(
                    {"components": {"schemas": schemas}, **schemas[name]["properties"][wire]}
                )
                values = {"integer": 1, "number": 1.5, "boolean": True, "string": "1", "null": None}
                kinds = [facts["type"]] if isinstance(facts["type"], str) else facts["type"]
                for kind in (*kinds, *facts["x-wire"]):
                    assert check.is_valid(values[kind]), f"{name}.{wire}: {kind}"
                assert not check.is_valid({}), f"{name}.{wire}"
                checked += 1
    assert checked > 50


def test_only_what_null_clears_may_be_null_in_a_body(api: Api) -> None:
    """The id of a reference is null only where the schema says that this clears it."""
    schemas = published_document()["components"]["schemas"]
    clearing = {name for name in schemas if name.endswith("OrNull")}
    assert clearing
    for name, model in api.models.items():
        if is_body(model.ref):
            for wire, facts in (model.ref.schema.get("properties") or {}).items():
                written = schemas[name]["properties"][wire]
                may_be_null = "null" in json.dumps(written.get("type", "")) or {
                    "type": "null"
                } in written.get("anyOf", [])
                assert may_be_null == model.members[wire].nullable, f"{name}.{wire}"
                used = str(written.get("$ref")).rpartition("/")[2]
                assert (used in clearing) == ("x-clears" in facts), f"{name}.{wire}"
    for name in clearing:
        assert schemas[name]["properties"]["id"]["type"] == ["integer", "null"]
        assert schemas[name.removesuffix("OrNull")]["properties"]["id"]["type"] == "integer"


def test_a_create_promises_no_body(api: Api) -> None:
    found = operations(published_document())
    creates = [one for one in api.operations if one.creates]
    assert len(creates) > 20
    for one in creates:
        created = found[one.id]["responses"]["201"]
        assert "content" not in created
        assert ("x-possible-body" in created) == (one.result is not None)


def test_one_scheme_for_all_but_the_login(api: Api) -> None:
    document = published_document()
    (name,) = document["components"]["securitySchemes"]
    assert document["security"] == [{name: []}]
    for one in api.operations:
        assert operations(document)[one.id].get("security") == (None if one.auth else [])


def test_paging_and_limits(tiny_document: dict[str, Any], api: Api) -> None:
    listing = tiny_document["paths"][THING]["get"]
    assert listing["x-rate-limit"] == {"id": "get_thing", "rate": 10, "burst": 5}
    assert listing["x-paging"] == {
        "page": "page",
        "size": "page_size",
        "default": 5,
        "max": 9,
        "default_sort": "id",
        "filter": {
            "fields": {"id": "integer", "from": "timestamp", "until": "timestamp", "color": "Color"},
            "multi": ["id", "color"],
            "multi_max": 6,
            "paired": ["from", "until"],
        },
        "sort": ["id"],
    }
    page, size, filters, sort = listing["parameters"]
    assert (page["name"], page["schema"]) == ("page", {"type": "integer", "minimum": 1})
    assert (size["name"], size["schema"]) == (
        "page_size",
        {"type": "integer", "minimum": 1, "maximum": 9, "default": 5},
    )
    assert (filters["name"], filters["example"]) == ("q", "color:0")
    assert (sort["name"], sort["example"]) == ("sort", "-id")
    limits = published_document()["x-rate-limits"]
    assert [row["id"] for row in limits["rows"]] == [row.id for row in api.limits.rows]
    assert limits["month"]["count"] == api.limits.month_count


def test_values_that_the_server_may_add_to_are_open(tiny_document: dict[str, Any]) -> None:
    schemas = tiny_document["components"]["schemas"]
    assert schemas["Thing"]["properties"]["no"] == {"type": "string", "x-extensible-enum": ["a", "b"]}
    assert schemas["ThingCreate"]["properties"]["lock_kind"]["enum"] == ["key", "code", "none"]
    color = schemas["Color"]["properties"]["id"]
    assert (color["x-extensible-enum"], color["x-enum-descriptions"]) == (
        [0, 2, 3],
        ["Red", "Dark Blue", "2G"],
    )


def test_every_example_fits(document: dict[str, Any]) -> None:
    checked = 0
    for identity, operation in operations(document).items():
        shown = [(one["name"], one["schema"], one["example"]) for one in operation.get("parameters", [])]
        for owner in (operation.get("requestBody", {}), *operation["responses"].values()):
            for media in owner.get("content", {}).values():
                if "example" in media:
                    shown += [("body", media["schema"], media["example"])]
        for name, schema, example in shown:
            check = Draft202012Validator({"components": document["components"], **schema})
            assert list(check.iter_errors(example)) == [], (identity, name)
            checked += 1
        if "requestBody" in operation:
            assert "example" in operation["requestBody"]["content"]["application/json"], identity
    assert checked >= len(operations(document))


def test_every_timestamp_that_was_seen_fits() -> None:
    check = Draft202012Validator(published_document()["components"]["schemas"]["Timestamp"])
    for seen in (
        "2022-03-27T23:20:49.298Z",
        "2021-11-18T08:25:53.000+0000",
        "2014-08-01T08:47:00+00:00",
        "2021-10-06 10:42:58",
        "2021-10-27T08:38:02",
        "2021-10-27",
    ):
        assert check.is_valid(seen), seen
    assert not check.is_valid("yesterday")


def test_each_operation_and_component_is_one_line() -> None:
    text = openapi_text(read_api(TINY, "tiny"))
    assert json.loads(text) == openapi_document(read_api(TINY, "tiny"))
    (line,) = (line for line in text.splitlines() if '"operationId":"things.create"' in line)
    assert line.startswith('"post": {') and line.endswith("}")
    assert '\n"ThingPage": {"type":"object",' in text


def test_it_stays_compact() -> None:
    assert (ROOT / "src" / "aioemnify" / "openapi.json").stat().st_size < 500_000


def test_a_scheme_has_one_definition(tiny: Path) -> None:
    schema = SchemaEdit(tiny)
    for key, kind in (("common.yaml", "basic"), ("refs.yaml", "bearer")):
        schema[key]["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": kind}}
    schema.save()
    with pytest.raises(SchemaError, match="another file defines it differently"):
        openapi_document(read_api(tiny, "tiny"))


def test_the_client_does_not_read_it() -> None:
    program = """
import sys
def opened(event, arguments):
    if event == "open" and str(arguments[0]).endswith("openapi.json"):
        raise SystemExit("opened " + str(arguments[0]))
sys.addaudithook(opened)
import aioemnify, aioemnify.resources, aioemnify.models
for name in aioemnify.__all__:
    getattr(aioemnify, name)
aioemnify.Emnify.__init__
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
