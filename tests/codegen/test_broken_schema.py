"""A broken schema is reported in one line that names file, line and place, and nothing is written."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.api import read_api
from codegen.load import SchemaError
from codegen.openapi.document import openapi_document
from tests.codegen.conftest import contents

THINGS = "resources/things.yaml"

ROUTE = """\
  /api/v1/{{{name}}}:
    get:
      operationId: things.{name}
      summary: One more.
      x-retry: safe
      parameters:
        - {{name: {name}, in: path, schema: {{type: string}}}}
      responses: {{'200': {{description: Done.}}}}
"""

# file, text to replace (its first occurrence), replacement, message
BROKEN = {
    "yaml syntax": (THINGS, "info: {title: Things", "info: {title: : Things", "not YAML"),
    "a tab": (THINGS, "  /api/v1/thing:", "\t/api/v1/thing:", "not YAML"),
    "a list as file": ("errors.yaml", "codes:\n  - {", "- {", "must hold a mapping"),
    "key twice": (
        "refs.yaml",
        "type: object",
        "type: object\n      type: object",
        "this key is written twice",
    ),
    "unknown file in $ref": (THINGS, "../common.yaml#", "../comon.yaml#", "unknown $ref '../comon.yaml#"),
    "unknown model in $ref": (
        THINGS,
        "schemas/Color'",
        "schemas/Colour'",
        "has no components/schemas/Colour",
    ),
    "unknown result": (THINGS, "'#/components/schemas/Thing'", "'#/components/schemas/Tin'", "unknown $ref"),
    "missing operationId": (
        THINGS,
        "      operationId: things.list\n",
        "",
        "the operation has no operationId",
    ),
    "operationId of another group": (
        THINGS,
        "things.list",
        "others.list",
        "is not of the form things.method_name",
    ),
    "duplicate operationId": (
        THINGS,
        "things.create",
        "things.list",
        "resources/things.yaml line 5 also uses the operationId 'things.list'",
    ),
    "duplicate route": (
        THINGS,
        "  /api/v1/thing/{thing_id}/part/{class}:",
        ROUTE.format(name="one") + ROUTE.format(name="two") + "  /api/v1/thing/{thing_id}/part/{class}:",
        "is the same call as things.one",
    ),
    "path parameter mismatch": (THINGS, "{name: thing_id,", "{name: thing,", "path parameters do not match"),
    "parameter without its place in the path": (
        THINGS,
        "        - {name: deep,",
        "        - {name: shelf, in: path, required: true, schema: {type: integer}}\n        - {name: deep,",
        "the path has thing_id, class, the parameters say thing_id, class, shelf",
    ),
    "place in the path without its parameter": (
        THINGS,
        "        - {name: class, in: path, required: true, schema: {type: string, enum: [big, small]}}\n",
        "",
        "the path has thing_id, class, the parameters say thing_id",
    ),
    "parameter choices": (
        THINGS,
        "{type: integer, enum: [1, 2]}",
        "{type: integer, enum: [1, two]}",
        "lists values of another type than integer",
    ),
    "parameter type": (
        THINGS,
        "schema: {type: integer}}",
        "schema: {type: object}}",
        "unknown parameter type",
    ),
    "no x-retry": (THINGS, "      x-retry: safe\n", "", "the operation has no x-retry"),
    "unknown x-retry": (THINGS, "x-retry: once", "x-retry: maybe", "unknown x-retry value 'maybe'"),
    "unknown filter": (THINGS, "#/ThingFilter'", "#/NoFilter'", "unknown filter 'NoFilter'"),
    "unknown sort default": (THINGS, "default_sort: id", "default_sort: age", "is not among the sort fields"),
    "unknown x-key of an operation": (THINGS, "x-either:", "x-ether:", "unknown x-key 'x-ether'"),
    "unknown x-key of a member": (THINGS, "x-secret: true", "x-secrets: true", "unknown x-key 'x-secrets'"),
    "unknown x-key of a model": (THINGS, "x-body: true", "x-bodies: true", "unknown x-key 'x-bodies'"),
    "x-intern that is not a boolean": (
        "common.yaml",
        "x-intern: true",
        "x-intern: yes",
        "must be true or false",
    ),
    "x-intern of a model with a list": (
        "common.yaml",
        "      description: Names that Python cannot say.\n      type: object\n",
        "      description: Names that Python cannot say.\n      type: object\n      x-intern: true\n",
        "cannot be shared: a member holds a list",
    ),
    "x-intern of a secret": (
        "common.yaml",
        "width: {type: integer}",
        "width: {type: integer, x-secret: true}",
        "a secret",
    ),
    "x-intern of any JSON": ("common.yaml", "width: {type: integer}", "width: {}", "any JSON"),
    "x-intern of a body": (
        THINGS,
        "x-body: true\n",
        "x-body: true\n      x-intern: true\n",
        "or the model is a body",
    ),
    "no responses": (THINGS, "responses:", "tags:", "the operation has no responses"),
    "unknown status": (THINGS, "'200':", "'2XX':", "'2XX' is not a known status"),
    "no success": (
        THINGS,
        "'201': {description: Made.",
        "'401': {description: Made.",
        "needs a response for success",
    ),
    "unknown type": (THINGS, "id: {type: integer}", "id: {type: int}", "unknown type 'int'"),
    "unknown format": (THINGS, "format: date-time", "format: datetime", "unknown format 'datetime'"),
    "required but absent": (
        THINGS,
        "required: [id]",
        "required: [id, weight]",
        "'weight' is required but is not a property of Thing",
    ),
    "no description": (THINGS, "      description: A thing.\n", "", "the model has no description"),
    "array without items": (THINGS, "any: {}", "any: {type: array}", "an array needs items"),
    "model twice": (THINGS, "    Holder:", "    Mood:", "common.yaml also defines this model"),
    "files in a cycle": (
        "common.yaml",
        "camelCase: {type: string}",
        "camelCase: {$ref: 'resources/things.yaml#/components/schemas/Thing'}",
        "the files refer to each other in a circle",
    ),
    "two members of one name": (
        "common.yaml",
        "camelCase: {type: string}",
        "class_: {type: string}",
        "has the same Python name 'class_'",
    ),
    "hiding name": (
        "common.yaml",
        "camelCase: {type: string}",
        "list: {type: string}",
        "hides a name that the class needs",
    ),
    "hiding a method": (
        "common.yaml",
        "camelCase: {type: string}",
        "to_dict: {type: string}",
        "hides a name that the class needs",
    ),
    "the name of a base": (THINGS, "    Holder:", "    BodyModel:", "is the name of a base of the models"),
    "the name of a mapping": (THINGS, "    Holder:", "    ThingCreateDict:", "end in Dict"),
    "lookup ids": ("common.yaml", "{0: Red,", "{red: Red,", "'red' is not an id"),
    "lookup names": ("common.yaml", "{0: Red, 2: Dark Blue", "{0: Red, 2: RED", "would both be called RED"),
    "filter kind": ("filters.yaml", "until: timestamp", "until: moment", "unknown kind 'moment'"),
    "filter lookup": (
        "filters.yaml",
        "lookup:Color",
        "lookup:Colour",
        "unknown model in kind 'lookup:Colour'",
    ),
    "filter pair": (
        "filters.yaml",
        "paired: [from, until]",
        "paired: [from, to]",
        "'to' is not a field of ThingFilter",
    ),
    "limit of an operation unknown": (
        THINGS,
        "x-limit: get_thing",
        "x-limit: get_tin",
        "unknown limit 'get_tin' (known: get_thing, get_thing_all, get_thing_part, address)",
    ),
    "limit of an operation that is another's": (
        THINGS,
        "x-limit: get_thing",
        "x-limit: get_thing_all",
        "'get_thing_all' is not its limit: the limit of this path is 'get_thing'",
    ),
    "row of an operation that only a window counts": (
        THINGS,
        "x-limit: address",
        "x-limit: get_thing",
        "'get_thing' is not its limit: the limit of this path is 'address'",
    ),
    "envelope of an unknown member": (
        THINGS,
        "items: data, total",
        "items: date, total",
        "ThingPage has no member 'date'",
    ),
    "envelope without its items": (
        THINGS,
        "envelope: {items: data, ",
        "envelope: {",
        "must name the member of ThingPage that holds the items",
    ),
    "envelope without an array": (
        THINGS,
        "data: {type: array, items: {$ref: '#/components/schemas/Thing'}}",
        "data: {$ref: '#/components/schemas/Thing'}",
        "the member 'data' of ThingPage is not an array of a model",
    ),
    "envelope of a text as a number": (
        THINGS,
        "total: total, ",
        "total: title, ",
        "the member 'title' of ThingPage is not a number",
    ),
    "envelope around a list": (
        THINGS,
        "schema: {$ref: '#/components/schemas/ThingPage'}",
        "schema: {type: array, items: {$ref: '#/components/schemas/ThingPage'}}",
        "the response must be a model that holds the items",
    ),
    "unknown key of an envelope": (THINGS, "pages: last,", "last: last,", "unknown key 'last'"),
    "a response with one of several models": (
        THINGS,
        "any: {}",
        "any: {oneOf: [{$ref: '#/components/schemas/KeyLock'}, {$ref: '#/components/schemas/CodeLock'}]}",
        "a response cannot be KeyLock or CodeLock; write one wide model",
    ),
    "a choice with a model that is not a body": (
        THINGS,
        "oneOf: [{$ref: '#/components/schemas/KeyLock'}, {",
        "oneOf: [{$ref: '#/components/schemas/Holder'}, {",
        "a choice of several models must consist of x-body models; Holder is not one",
    ),
    "selection by an unknown member": (
        THINGS,
        "{member: lock_kind,",
        "{member: lock_type,",
        "ThingCreate has no member 'lock_type'",
    ),
    "selection of an unknown model": (
        THINGS,
        "key: KeyLock,",
        "key: Keylock,",
        "'Keylock' is not one of the models CodeLock, KeyLock",
    ),
    "selection by an unknown value": (
        THINGS,
        "key: KeyLock,",
        "keys: KeyLock,",
        "'keys' is not a value of lock_kind",
    ),
    "selection that omits a model": (
        THINGS,
        ", code: CodeLock}",
        "}",
        "no value of lock_kind selects CodeLock",
    ),
    "selection without a choice": (
        THINGS,
        "note: {type: [string, 'null']}",
        "note: {type: string, x-selected-by: {member: name, mapping: {a: KeyLock}}}",
        "must belong to a choice of several models",
    ),
    "selection by a list": (
        THINGS,
        "{member: lock_kind, mapping",
        "{member: [lock_kind], mapping",
        "has no member",
    ),
    "selection of a list": (
        THINGS,
        "{key: KeyLock, code",
        "{key: [KeyLock], code",
        "is not one of the models",
    ),
    "either that is not a boolean": (THINGS, "x-either: true", "x-either: hello", "must be true or false"),
    "method named by a keyword": (
        THINGS,
        "operationId: things.list\n",
        "operationId: things.class\n",
        "ends in a Python keyword",
    ),
    "selection inside a list": (
        THINGS,
        "locks: {type: array, items: {",
        "locks: {type: array, items: {x-selected-by: {}, ",
        "must stand at a member of a model",
    ),
    "x-clears in a response": (
        THINGS,
        "owner: {$ref: '../refs.yaml#/components/schemas/IdRef'}",
        "owner: {$ref: '../refs.yaml#/components/schemas/IdRef', x-clears: true}",
        "must be true, at a member of a body",
    ),
    "x-clears of an id that is never null": (
        THINGS,
        "yaml#/components/schemas/Color'}\n        owner: {anyOf",
        "yaml#/components/schemas/Color', x-clears: true}\n        owner: {anyOf",
        "the id of Color cannot be null",
    ),
    "x-clears without a reference": (
        THINGS,
        "note: {type: [string, 'null']}",
        "note: {type: [string, 'null'], x-clears: true}",
        "is not of the form file.yaml#/components/...",
    ),
    "model with the name of a component": (
        "common.yaml",
        "    Size:\n",
        "    Timestamp: {description: Mine.}\n    Size:\n",
        "the OpenAPI document has a component of this name",
    ),
    "security schemes of another kind": (
        "common.yaml",
        "components:\n",
        "components:\n  securitySchemes: [bearer]\n",
        "must be a mapping",
    ),
    "sort type with a name in use": (
        "filters.yaml",
        "ThingFilter:",
        "ThingSort: {fields: {id: integer}}\nThingFilter:",
        "the type of its fields would be a second ThingSort",
    ),
    "limit number": ("limits.yaml", "rate: 10,", "rate: fast,", "must be a number above 0, not 'fast'"),
    "limit method": (
        "limits.yaml",
        "method: GET, path: /api/v1/thing,",
        "method: FETCH, path: /api/v1/thing,",
        "unknown method 'FETCH'",
    ),
    "limit path": ("limits.yaml", "path: /api/v1/thing,", "path: /api/*/thing,", "is not a path of literals"),
    "newer limits as a list": (
        "limits.yaml",
        "windows:",
        "newer: []\nwindows:",
        "a mapping of edition to rows",
    ),
    "newer limits without rows": (
        "limits.yaml",
        "windows:",
        "newer: {'2030': 5}\nwindows:",
        "must be a list",
    ),
    "newer limit of no row": (
        "limits.yaml",
        "windows:",
        "newer: {'2030': [{id: get_box, rate: 1, burst: 1}]}\nwindows:",
        "'get_box' is not the id of a row",
    ),
    "newer limit number": (
        "limits.yaml",
        "windows:",
        "newer: {'2030': [{id: get_thing, rate: 0, burst: 1}]}\nwindows:",
        "must be a number above 0, not 0",
    ),
    "limit id twice": ("limits.yaml", "id: get_thing_all", "id: get_thing", "is used twice"),
    "error status": ("errors.yaml", "statuses: [400]", "statuses: [bad]", "must be a list of HTTP statuses"),
    "error advice": (
        "errors.yaml",
        ", advice: Read it again.",
        "",
        "must be a text that says what the caller should do",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_one_line_names_file_line_and_place(
    case: str, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, old, new, message = BROKEN[case]
    file = tiny / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    output = tiny.parent / "output"
    (output / "models").mkdir(parents=True)
    (output / "models" / "refs.py").write_text("untouched\n", encoding="utf-8")
    before = contents(output)

    assert main(["--schema", str(tiny), "--output", str(output)]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    [line] = captured.err.splitlines()
    assert re.match(r"schema/\S+\.yaml: line \d+: ", line), line
    assert message in line
    assert contents(output) == before


def test_the_line_is_the_line_of_the_fault(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tiny / THINGS
    text = file.read_text(encoding="utf-8").replace("x-retry: once", "x-retry: maybe")
    file.write_text(text, encoding="utf-8")
    number = text.splitlines().index("      x-retry: maybe") + 1
    assert main(["--schema", str(tiny), "--output", str(tiny.parent / "output")]) == 2
    assert capsys.readouterr().err == (
        f"schema/resources/things.yaml: line {number}: /paths/~1api~1v1~1thing/post/x-retry: "
        "unknown x-retry value 'maybe' (known: safe, idempotent, once)\n"
    )


@pytest.mark.parametrize("name", ["filters.yaml", "limits.yaml", "errors.yaml"])
def test_a_missing_table_is_named(name: str, tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tiny / name).unlink()
    assert main(["--schema", str(tiny), "--output", str(tiny.parent / "output")]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert name in line


def test_an_alias_of_itself_is_refused(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tiny / "errors.yaml").write_text("codes: &all [*all]\n", encoding="utf-8")
    assert main(["--schema", str(tiny), "--output", str(tiny.parent / "output")]) == 2
    assert capsys.readouterr().err == "schema/errors.yaml: an alias is inside the value that it repeats\n"


@pytest.mark.parametrize("name", ["class", "filters", "index", "request", "workspace"])
def test_a_group_cannot_have_a_name_in_use(name: str, tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tiny / "resources" / f"{name}.yaml"
    file.write_text("openapi: 3.1.0\ninfo: {title: X, version: '1'}\npaths: {}\n", encoding="utf-8")
    output = tiny.parent / "output"
    assert main(["--schema", str(tiny), "--output", str(output)]) == 2
    fault = f"schema/resources/{name}.yaml: line 1: the client cannot have a group called '{name}'\n"
    assert capsys.readouterr().err == fault
    assert not output.exists()


def test_an_empty_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--schema", str(tmp_path), "--output", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path.name}: there are no YAML files in this folder\n"


@pytest.mark.parametrize("seed", range(8))
def test_no_damage_makes_a_traceback(seed: int, tiny: Path) -> None:
    """Remove, double or replace lines at random: every error is one line."""
    chance = random.Random(seed)
    files = sorted(tiny.rglob("*.yaml"))
    whole = {file: file.read_text(encoding="utf-8") for file in files}
    refused = 0
    for _ in range(25):
        file = chance.choice(files)
        lines = whole[file].splitlines(keepends=True)
        place = chance.randrange(len(lines))
        head, _, tail = lines[place].partition(": ")
        lines[place] = chance.choice(
            ["", lines[place] * 2, f"{head}: [1, {{a: 2}}]\n", head + tail, "? junk\n"]
        )
        file.write_text("".join(lines), encoding="utf-8")
        fault = _fault(tiny)
        assert len((fault or "one line").splitlines()) == 1
        refused += fault is not None
        file.write_text(whole[file], encoding="utf-8")
    assert refused


def _fault(schema: Path) -> str | None:
    """Read and check a schema as a run does, without generating Python, which is slow."""
    try:
        openapi_document(read_api(schema, schema.name))
    except SchemaError as error:
        return str(error)
    return None
