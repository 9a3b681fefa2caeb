"""The output of ``--compare`` for every kind of difference, and for files that cannot be used."""
# ruff: noqa: E501 - a line of the report is compared whole

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen.__main__ import main
from codegen.api import Api, read_api
from codegen.compare.comparison import compare_with
from codegen.compare.findings import report
from codegen.load import SchemaError
from codegen.openapi.document import openapi_document
from tests.codegen.conftest import ROOT, TINY

Edit = Callable[[dict[str, Any]], object]
THING = "/api/v1/thing"
PART = "/api/v1/thing/{thing_id}/part/{class}"
BOXED = "/api/v1/boxed/{box}"


@pytest.fixture(scope="module")
def tiny_api() -> Api:
    return read_api(TINY, "tiny")


@pytest.fixture(scope="module")
def real_api() -> Api:
    return read_api(ROOT / "schema", "schema")


def compared(api: Api, file: Path, document: dict[str, Any]) -> str:
    file.write_text(json.dumps(document), encoding="utf-8")
    return report(compare_with(api, file))


def model(name: str, wire: str | None = None) -> Callable[[dict[str, Any]], Any]:
    def find(document: dict[str, Any]) -> Any:
        found = document["components"]["schemas"][name]
        return found if wire is None else found["properties"][wire]

    return find


def operation(path: str, method: str = "get") -> Callable[[dict[str, Any]], Any]:
    return lambda document: document["paths"][path][method]


def parameter(path: str, name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda document: next(
        one for one in document["paths"][path]["get"]["parameters"] if one["name"] == name
    )


def setting(place: Callable[[dict[str, Any]], Any], **values: Any) -> Edit:
    return lambda document: place(document).update(values)


def removing(place: Callable[[dict[str, Any]], Any], key: str) -> Edit:
    return lambda document: place(document).pop(key)


def added(path: str, method: str, **facts: Any) -> Edit:
    return lambda document: (
        document["paths"].setdefault(path, {}).update({method: {"responses": {}, **facts}})
    )


def properties(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda document: document["components"]["schemas"][name]["properties"]


def query(path: str, name: str, **schema: Any) -> Edit:
    return lambda document: document["paths"][path]["get"]["parameters"].append(
        {"name": name, "in": "query", "schema": schema}
    )


LACKS = {
    "operation": (
        added(f"{THING}/{{id}}/lid", "put"),
        "tiny/resources/things.yaml:30: PUT /api/v1/thing/{id}/lid",
    ),
    "method": (added(THING, "patch"), "tiny/resources/things.yaml:17: PATCH /api/v1/thing"),
    "operation of a new group": (added("/api/v1/crate", "get"), "schema/resources: GET /api/v1/crate"),
    "parameter": (
        query(THING, "colour", type="string"),
        f"tiny/resources/things.yaml:5: GET {THING}: the query parameter colour",
    ),
    "header": (
        lambda document: document["paths"][THING]["post"].update(
            parameters=[{"name": "X-Key", "in": "header", "required": True, "schema": {"type": "string"}}]
        ),
        f"tiny/resources/things.yaml:17: POST {THING}: the header parameter X-Key, required",
    ),
    "member": (
        setting(properties("Thing"), weight={"type": "number"}),
        "tiny/resources/things.yaml:70: Thing: the member weight (number)",
    ),
    "required member": (
        lambda document: document["components"]["schemas"]["ThingCreate"].update(
            properties={
                **document["components"]["schemas"]["ThingCreate"]["properties"],
                "size": {"type": "integer"},
            },
            required=["name", "token", "size"],
        ),
        "tiny/resources/things.yaml:110: ThingCreate: the member size (integer, required)",
    ),
    "member of a choice": (
        setting(properties("KeyLock"), maker={"type": "string"}),
        "tiny/resources/things.yaml:96: KeyLock: the member maker (string)",
    ),
    "known value": (
        setting(model("ThingCreate", "lock_kind"), enum=["key", "code", "none", "magnet"]),
        "tiny/resources/things.yaml:123: ThingCreate.lock_kind: the value magnet",
    ),
    "value of a lookup": (
        setting(model("Color", "id"), enum=[0, 2, 3, 4]),
        "tiny/common.yaml:12: Color.id: the value 4",
    ),
    "value of a parameter": (
        setting(parameter(PART, "class"), schema={"type": "string", "enum": ["big", "small", "tiny"]}),
        f"tiny/resources/things.yaml:35: GET {PART}: the parameter class: the value tiny",
    ),
    "limit": (
        setting(model("ThingCreate", "name"), maxLength=50),
        "tiny/resources/things.yaml:116: ThingCreate.name: maxLength 50",
    ),
    "format": (
        setting(model("ThingCreate", "name"), format="uuid"),
        "tiny/resources/things.yaml:116: ThingCreate.name: the format uuid",
    ),
    "response": (
        lambda document: document["paths"][THING]["get"]["responses"].update({"409": {"description": ""}}),
        f"tiny/resources/things.yaml:8: GET {THING}: the response 409",
    ),
    "header of a response": (
        lambda document: document["paths"][THING]["get"]["responses"]["200"].update(headers={"X-Next": {}}),
        f"tiny/resources/things.yaml:9: GET {THING}: the response 200: the header X-Next",
    ),
    "body of a response": (
        lambda document: document["paths"][THING]["post"]["responses"]["201"].update(
            content={"application/json": {"schema": {"type": "array", "items": {}}}}
        ),
        f"tiny/resources/things.yaml:25: POST {THING}: the response 201: a body",
    ),
    "body": (
        setting(
            operation(PART), requestBody={"content": {"application/json": {"schema": {"type": "object"}}}}
        ),
        f"tiny/resources/things.yaml:30: GET {PART}: the body",
    ),
    "deprecation": (
        setting(operation(THING), deprecated=True),
        f"tiny/resources/things.yaml:5: GET {THING}: deprecated",
    ),
    "deprecated member": (
        setting(model("Thing", "price"), deprecated=True),
        "tiny/resources/things.yaml:81: Thing.price: deprecated",
    ),
}

DIFFERS = {
    "type": (
        setting(model("Thing", "id"), type="string"),
        "tiny/resources/things.yaml:75: Thing.id: is string there, integer here",
    ),
    "type of an item": (
        setting(model("Thing", "series"), items={"type": "array", "items": {"type": "boolean"}}),
        "tiny/resources/things.yaml:84: Thing.series[][]: is boolean there, number or string here",
    ),
    "type of a parameter": (
        setting(parameter(PART, "deep"), schema={"type": "integer"}),
        f"tiny/resources/things.yaml:36: GET {PART}: the parameter deep: is integer there, boolean here",
    ),
    "format": (
        setting(parameter(PART, "from"), schema={"type": "string", "format": "date-time"}),
        f"tiny/resources/things.yaml:37: GET {PART}: the parameter from: the format date-time there, date here",
    ),
    "null": (
        setting(model("ThingCreate", "name"), type=["string", "null"]),
        "tiny/resources/things.yaml:116: ThingCreate.name: may be null there",
    ),
    "required member": (
        setting(model("Thing"), required=["id", "made"]),
        "tiny/resources/things.yaml:80: Thing.made is required there, optional here",
    ),
    "optional member": (
        setting(model("ThingCreate"), required=["name"]),
        "tiny/resources/things.yaml:117: ThingCreate.token is optional there, required here",
    ),
    "required parameter": (
        setting(parameter(PART, "from"), required=True),
        f"tiny/resources/things.yaml:37: GET {PART}: the parameter from is required there, optional here",
    ),
    "required body": (
        lambda document: document["paths"][THING]["post"]["requestBody"].update(required=True),
        f"tiny/resources/things.yaml:20: POST {THING}: the body is required there, optional here",
    ),
    "size of a page": (
        setting(
            parameter(THING, "page_size"),
            schema={"type": "integer", "minimum": 1, "maximum": 20, "default": 5},
        ),
        f"tiny/resources/things.yaml:15: GET {THING}: the parameter page_size: maximum is 20 there, 9 here",
    ),
    "token": (
        lambda document: document["paths"][THING]["get"].update(security=[{}]),
        f"tiny/resources/things.yaml:5: GET {THING}: needs no token there",
    ),
    "array": (
        lambda document: document["paths"][THING]["get"]["responses"]["200"].update(
            content={"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
        ),
        f"tiny/resources/things.yaml:13: GET {THING}: the response 200: is object there, array here",
    ),
}

ONLY = {
    "operation": (
        removing(lambda document: document["paths"][THING], "post"),
        f"tiny/resources/things.yaml:17: POST {THING}",
    ),
    "parameter": (
        lambda document: document["paths"][BOXED]["get"].update(
            parameters=document["paths"][BOXED]["get"]["parameters"][:-1]
        ),
        f"tiny/resources/things.yaml:61: GET {BOXED}: the parameter sort",
    ),
    "member": (removing(properties("Thing"), "made"), "tiny/resources/things.yaml:80: Thing.made"),
    "value": (
        setting(model("ThingCreate", "lock_kind"), enum=["key", "none"]),
        "tiny/resources/things.yaml:123: ThingCreate.lock_kind: the value code",
    ),
    "null": (
        setting(model("ThingCreate", "note"), type="string"),
        "tiny/resources/things.yaml:121: ThingCreate.note: may be null",
    ),
    "known values": (
        removing(model("ThingCreate", "lock_kind"), "enum"),
        "tiny/resources/things.yaml:123: ThingCreate.lock_kind: the known values key, code, none",
    ),
    "limit": (
        setting(parameter(THING, "page_size"), schema={"type": "integer", "minimum": 1, "default": 5}),
        f"tiny/resources/things.yaml:15: GET {THING}: the parameter page_size: maximum 9",
    ),
    "body": (
        removing(operation(THING, "post"), "requestBody"),
        f"tiny/resources/things.yaml:20: POST {THING}: the body",
    ),
    "deprecation": (
        removing(operation(PART), "deprecated"),
        f"tiny/resources/things.yaml:30: GET {PART}: deprecated",
    ),
}


@pytest.mark.parametrize(
    ("heading", "edit", "line"),
    [
        pytest.param(heading, *case, id=f"{heading}: {name}")
        for heading, cases in (
            ("The schema lacks", LACKS),
            ("They differ", DIFFERS),
            ("Only the schema has", ONLY),
        )
        for name, case in cases.items()
    ],
)
def test_one_change_is_one_line(tiny_api: Api, tmp_path: Path, heading: str, edit: Edit, line: str) -> None:
    document = openapi_document(tiny_api)
    edit(document)
    assert (
        compared(tiny_api, tmp_path / "there.json", json.loads(json.dumps(document)))
        == f"{heading} (1)\n{line}\n"
    )


def test_our_own_document_does_not_differ(tiny_api: Api, real_api: Api, tmp_path: Path) -> None:
    assert compared(tiny_api, tmp_path / "tiny.json", openapi_document(tiny_api)) == ""
    assert report(compare_with(real_api, ROOT / "src" / "aioemnify" / "openapi.json")) == ""


def test_every_operation_and_member_of_the_api_is_missed(real_api: Api, tmp_path: Path) -> None:
    document = openapi_document(real_api)
    paths = document["paths"]
    gone = {(method.upper(), path) for path in list(paths)[::7] for method in paths.pop(path)}
    found = compare_with(real_api, _written(tmp_path, document))
    assert {one.kind for one in found} == {"only"}
    assert {tuple(one.text.split(" ")) for one in found if " " in one.text} == gone
    for one in found:
        file, line = one.where
        text = (ROOT / file).read_text(encoding="utf-8").splitlines()[line - 1]
        expected = one.text.split(" ")[0].lower() if " " in one.text else one.text.rpartition(".")[2]
        assert text.strip().startswith(f"{expected}:"), (one.text, text)


def test_yaml_says_the_same_as_json(tiny_api: Api, tmp_path: Path) -> None:
    document = json.loads(json.dumps(openapi_document(tiny_api)))
    document["paths"][THING]["get"]["responses"] = {
        200: {"description": "a number as key"},
        409: {"description": ""},
    }
    file = tmp_path / "there.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    assert report(compare_with(tiny_api, file)) == compared(tiny_api, tmp_path / "there.json", document)


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_a_description_of_the_vendors_kind(tiny_api: Api, tmp_path: Path, version: str) -> None:
    """Ids in paths are text, the token is a header, objects are written anew at each place, null is nullable."""
    thing = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer"}, "no": {"type": "string"}},
    }
    other = {
        "allOf": [
            thing,
            {
                "properties": {
                    "color": {"nullable": True, "required": ["id"], "properties": {"id": {"type": "integer"}}}
                }
            },
        ]
    }
    token = {"name": "Authorization", "in": "header", "required": True, "schema": {"type": "string"}}
    part = [{"name": "thingId", "in": "path", "required": True, "schema": {"type": "string"}}]
    part += [
        {
            "name": "kind",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "enum": ["big", "small"]},
        }
    ]
    nothing = {"application/json": {"schema": {"type": "object", "properties": {}}}}
    document = {
        "openapi": version,
        "servers": [{"url": "https://api.example/api/v1/"}],
        "paths": {
            "/thing": {
                "get": {
                    "parameters": [token],
                    "responses": {"200": _json({"type": "array", "items": thing}), "401": {}, "default": {}},
                },
                "post": {
                    "requestBody": _json({"type": "object"}),
                    "responses": {"201": {"content": nothing}, "422": {}},
                },
            },
            "/thing/{thingId}/part/{kind}": {
                "parameters": part,
                "get": {"deprecated": True, "responses": {"200": _json(other)}},
            },
        },
    }
    found = [one for one in compare_with(tiny_api, _written(tmp_path, document)) if one.kind != "only"]
    assert report(found) == "They differ (1)\ntiny/resources/things.yaml:76: Thing.color: may be null there\n"


def test_swagger_2(tiny_api: Api, tmp_path: Path) -> None:
    document = {
        "swagger": "2.0",
        "basePath": "/api/v1",
        "paths": {
            "/thing": {
                "post": {
                    "parameters": [
                        {"name": "body", "in": "body", "required": False, "schema": {"$ref": "#/definitions/New"}},
                        {"name": "dry", "in": "query", "type": "boolean"},
                    ],
                    "responses": {"201": {"description": ""}},
                }
            },
            "/boxed/{id}": {
                "get": {
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "type": "string"},
                        {"name": "size", "in": "query", "type": "integer", "enum": [1, 2, 3]},
                    ],
                    "responses": {"200": {"schema": {"$ref": "#/definitions/Page"}}},
                }
            },
        },
        "definitions": {
            "New": {"type": "object", "required": ["name", "token"], "properties": {"name": {"type": "integer"}, "token": {"type": "string"}}},
            "Page": {"type": "object", "properties": {"data": {"type": "array", "items": {"type": "object"}}, "cursor": {"type": "string"}}},
        },
    }  # fmt: skip
    found = [one for one in compare_with(tiny_api, _written(tmp_path, document)) if one.kind != "only"]
    assert report(found).splitlines() == [
        "The schema lacks (3)",
        f"tiny/resources/things.yaml:17: POST {THING}: the query parameter dry",
        f"tiny/resources/things.yaml:53: GET {BOXED}: the parameter size: the value 3",
        "tiny/resources/things.yaml:87: ThingPage: the member cursor (string)",
        "",
        "They differ (1)",
        "tiny/resources/things.yaml:116: ThingCreate.name: is integer there, string here",
    ]


def test_each_model_of_a_choice_meets_the_most_alike(tiny_api: Api, tmp_path: Path) -> None:
    document = json.loads(json.dumps(openapi_document(tiny_api)))
    schemas = document["components"]["schemas"]
    schemas["First"], schemas["Second"] = schemas.pop("CodeLock"), schemas.pop("KeyLock")
    schemas["First"]["properties"]["digits"]["maximum"] = 9
    names = [{"$ref": "#/components/schemas/First"}, {"$ref": "#/components/schemas/Second"}]
    schemas["ThingCreate"]["properties"]["lock"] = {"oneOf": names}
    schemas["ThingCreate"]["properties"]["locks"] = {"type": "array", "items": {"oneOf": names}}
    expected = "The schema lacks (1)\ntiny/resources/things.yaml:109: CodeLock.digits: maximum 9\n"
    assert compared(tiny_api, tmp_path / "there.json", document) == expected


def test_one_object_may_stand_for_a_choice(tiny_api: Api, tmp_path: Path) -> None:
    document = json.loads(json.dumps(openapi_document(tiny_api)))
    wide = {
        name: {"type": kind} for name, kind in (("key", "string"), ("digits", "integer"), ("brand", "string"))
    }
    lock = {"type": "object", "properties": wide}
    document["components"]["schemas"]["ThingCreate"]["properties"] |= {"lock": lock, "locks": {"items": lock}}
    expected = "The schema lacks (1)\ntiny/resources/things.yaml:96: KeyLock: the member brand (string)\n"
    assert compared(tiny_api, tmp_path / "there.json", document) == expected


def _json(schema: Any) -> dict[str, Any]:
    return {"description": "", "content": {"application/json; charset=utf-8": {"schema": schema}}}


def _written(folder: Path, document: Any) -> Path:
    file = folder / "there.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def _paths(**item: Any) -> str:
    return json.dumps(
        {"openapi": "3.1.0", "paths": {THING: item}, "x": {"a": {"$ref": "#/x/b"}, "b": {"$ref": "#/x/a"}}}
    )


def _answer(schema: Any) -> str:
    return _paths(get={"responses": {"200": {"content": {"application/json": {"schema": schema}}}}})


def _chain(count: int) -> str:
    """Each object consists of the next, twice: 2**count parts, if each were looked at anew."""
    schemas = {str(n): {"allOf": [{"$ref": f"#/components/schemas/{n + 1}"}] * 2} for n in range(count)}
    schemas[str(count)] = {"type": "object", "properties": {"id": {"type": "integer"}}}
    operation = json.loads(_answer({"type": "array", "items": {"$ref": "#/components/schemas/0"}}))
    return json.dumps({**operation, "components": {"schemas": schemas}})


BROKEN = {
    "empty": ("", ": line 1: the file must hold a mapping"),
    "a list": ("- 1\n", ": line 1: the file must hold a mapping"),
    "text": ("<html>no</html>", ": line 1: the file must hold a mapping"),
    "half of JSON": ('{"openapi": "3.1.0",\n', ": line 2: not JSON: Expecting property name enclosed in double quotes"),
    "not YAML": ("openapi: [3.1\n", ": line 2: not YAML: "),
    "bytes": (b"openapi: \xff", ": is not UTF-8 text (invalid start byte)"),
    "a key twice": ('{"openapi": "3.1.0", "openapi": "3.0.0"}', ": the key openapi is written twice in one object"),
    "nested JSON": ('{"a":' + "[" * 100_000, ": is nested too deeply"),
    "nested YAML": ("openapi: 3.1.0\npaths: " + "[" * 100_000, ": line "),
    "aliases of aliases": (
        "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
        ": line 1: holds more than 500,000 values",
    ),
    "an alias in itself": ("openapi: &a {b: *a}\n", ": an alias is inside the value that it repeats"),
    "no OpenAPI": ("{}", ": has neither openapi nor swagger at its top; accepted are the versions 2.0 and 3.0 to 3.2"),
    "a later version": ('{"openapi": "4.0.0"}', ": is OpenAPI 4.0.0; accepted are"),
    "a version of another kind": ('{"openapi": {"a": "\\u001b[31m"}}', ": is OpenAPI {'a': '\\x1b[31m'}; accepted are"),
    "no paths": ('{"openapi": "3.1.0"}', ": has no paths"),
    "paths of another kind": ('{"openapi": "3.1.0", "paths": []}', ": /paths: must be a mapping"),
    "an operation of another kind": (_paths(get=[]), ": /paths/~1api~1v1~1thing/get: must be a mapping"),
    "parameters of another kind": (_paths(get={"parameters": {}}), "/get/parameters: must be a list"),
    "a parameter without a name": (_paths(get={"parameters": [{"in": "query"}]}), "/get/parameters/0/name: must be text"),
    "responses of another kind": (_paths(get={"responses": [1]}), "/get/responses: must be a mapping"),
    "security of another kind": (_paths(get={"security": [1]}), "/get/security/0: must be a mapping"),
    "a schema of another kind": (_answer("string"), "/application~1json/schema: must be a mapping"),
    "a type of another kind": (_answer({"type": [{}]}), "/schema/type: must be a type, or a list of types"),
    "members of another kind": (_answer({"type": "array", "items": {"properties": []}}), "/schema/items/properties: must be a mapping"),
    "required of another kind": (_answer({"properties": {"a": {}}, "required": [[]]}), "/schema/required: must be a list of texts"),
    "an enum of another kind": (_answer({"enum": {}}), "/schema/enum: must be a list"),
    "a choice of another kind": (_answer({"anyOf": 1}), "/schema/anyOf: must be a list"),
    "a missing reference": (_answer({"$ref": "#/components/schemas/Nope"}), "/schema/$ref: #/components/schemas/Nope does not exist"),
    "a reference of another kind": (_answer({"$ref": 1}), "/schema/$ref: must be text"),
    "another file": (_answer({"$ref": "/etc/passwd#/x"}), "/$ref: /etc/passwd#/x leads out of the file; bundle all into one file"),
    "another host": (_answer({"$ref": "https://example.com/x"}), "leads out of the file"),
    "references in a circle": (_answer({"$ref": "#/x/a"}), "#/x/a refers to itself"),
    "a schema of itself": (_answer({"allOf": [{"$ref": "#/paths/~1api~1v1~1thing/get/responses/200/content/application~1json/schema"}]}), "/schema: consists of itself"),
    "control characters": (_paths(get={"\u001b]0;x\u0007": 1, "parameters": {"\u001b[2J": 1}}), "/parameters: must be a list"),
    "one path twice": (
        '{"openapi": "3.1.0", "paths": {"/a/{b}": {"get": {}}, "/a/{c}": {"get": {}}}}',
        ": /paths/~1a~1{c}/get: /a/{b} is the same path",
    ),
    "deep choices": (
        _answer(json.loads('{"allOf": [' * 400 + "{}" + "]}" * 400)),
        ": is nested too deeply",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_used_is_one_line(
    content: str | bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "there"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["--schema", str(TINY), "--compare", str(file)]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert printed.err.startswith(f"{file}: ") and message in printed.err
    assert printed.err.rstrip("\n").isprintable()


def test_a_file_that_does_not_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--schema", str(TINY), "--compare", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err


def test_a_file_that_is_too_long(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "long.json"
    with file.open("wb") as opened:
        opened.truncate(40 * 1024 * 1024)
    assert main(["--schema", str(TINY), "--compare", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}: has more than 33,554,432 bytes\n"


def test_an_object_that_doubles_is_looked_at_once(tiny_api: Api, tmp_path: Path) -> None:
    file = tmp_path / "there.json"
    file.write_text(_chain(60), encoding="utf-8")
    assert "tiny/resources/things.yaml:75: Thing.id" in report(compare_with(tiny_api, file))


def test_nothing_of_the_file_reaches_the_terminal_raw(tiny_api: Api, tmp_path: Path) -> None:
    document = json.loads(json.dumps(openapi_document(tiny_api)))
    evil = "\u001b]0;x\u0007\n" + "long" * 1000
    document["components"]["schemas"]["Thing"]["properties"][evil] = {"type": evil}
    document["components"]["schemas"]["ThingCreate"]["properties"]["lock_kind"]["enum"].append(evil)
    document["paths"][f"{THING}/{evil}"] = {"get": {}}
    document["paths"][THING]["get"]["parameters"].append({"name": evil, "in": "query"})
    document["paths"][THING]["get"]["responses"][evil] = {}
    lines = compared(tiny_api, tmp_path / "there.json", document).splitlines()
    assert lines[0] == "The schema lacks (5)"
    assert all(line.isprintable() and len(line) < 400 for line in lines)


def test_the_exit_status(tiny_api: Api, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = openapi_document(tiny_api)
    file = _written(tmp_path, document)
    assert main(["--schema", str(TINY), "--compare", str(file)]) == 0
    assert capsys.readouterr() == ("", "")
    del document["paths"][PART]
    _written(tmp_path, document)
    assert main(["--schema", str(TINY), "--compare", str(file)]) == 1
    assert capsys.readouterr().out == f"Only the schema has (1)\ntiny/resources/things.yaml:30: GET {PART}\n"


JUNK: list[Any] = [
    None, True, 0, 1.5, "", "x", [], {}, [1], {"a": 1}, {"$ref": "#/paths"}, {"type": "array"}, {"anyOf": []},
    {"$ref": "#/components/schemas/Thing"}, {"oneOf": [{}]}, {"allOf": [{"type": "null"}]}, {"enum": [[1], {}]},
]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_makes_a_traceback(seed: int, tiny_api: Api, tmp_path: Path) -> None:
    """Remove or replace values at random: there is a report, or an error of one line."""
    chance = random.Random(seed)
    text = json.dumps(openapi_document(tiny_api))
    refused = 0
    for _ in range(100):
        document = json.loads(text)
        owners = list(_containers({key: document[key] for key in ("paths", "components")}))
        for owner in chance.sample(owners, 2):
            key = chance.choice(list(owner) if isinstance(owner, dict) else range(len(owner)))
            if chance.random() < 0.2:
                del owner[key]
            else:
                owner[key] = chance.choice(JUNK)
        try:
            report(compare_with(tiny_api, _written(tmp_path, document)))
        except SchemaError as error:
            assert len(str(error).splitlines()) == 1
            refused += 1
    assert 0 < refused < 100


def _containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list) and value:
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _containers(inner)
