"""The output of ``--diff`` for every kind of change, and which changes are breaking."""
# ruff: noqa: E501 - a sentence is compared whole

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codegen.__main__ import main
from codegen.api import Api, read_api
from codegen.diff.changelog import changelog
from codegen.diff.changes import Change, further
from codegen.diff.comparison import compare
from codegen.limits import Code
from tests.codegen.conftest import TINY
from tests.codegen.schema_edit import SchemaEdit

THINGS = "resources/things.yaml"
PART = "/api/v1/thing/{thing_id}/part/{class}"

Edit = Callable[[SchemaEdit], object]


def setting(place: Callable[[SchemaEdit], Any], key: Any, value: Any) -> Edit:
    """Set one value somewhere in the schema."""
    return lambda schema: place(schema).__setitem__(key, value)


def removing(place: Callable[[SchemaEdit], Any], key: Any) -> Edit:
    return lambda schema: place(schema).pop(key)


def operation(name: str) -> Callable[[SchemaEdit], Any]:
    return lambda schema: schema.operation(f"things.{name}")


def parameter(name: str, index: int) -> Callable[[SchemaEdit], Any]:
    return lambda schema: schema.operation(f"things.{name}")["parameters"][index]


def paging(schema: SchemaEdit) -> Any:
    return schema.operation("things.list")["x-paging"]


def model(name: str) -> Callable[[SchemaEdit], Any]:
    return lambda schema: schema.model(name)


def members(name: str) -> Callable[[SchemaEdit], Any]:
    return lambda schema: schema.model(name)["properties"]


def member(name: str, wire: str) -> Callable[[SchemaEdit], Any]:
    return lambda schema: schema.model(name)["properties"][wire]


def narrowing(schema: SchemaEdit) -> Any:
    return schema["filters.yaml"]["ThingFilter"]


def row(schema: SchemaEdit) -> Any:
    return schema["limits.yaml"]["rows"][0]


def codes(schema: SchemaEdit) -> Any:
    return schema["errors.yaml"]["codes"]


def another_group(schema: SchemaEdit) -> None:
    schema.files["resources/boxes.yaml"] = {
        "openapi": "3.1.0",
        "paths": {
            "/api/v1/box": {
                "get": {
                    "operationId": "boxes.count",
                    "summary": "Count boxes.",
                    "responses": {"200": {"description": "Done."}},
                    "x-retry": "safe",
                }
            }
        },
    }


def another_call(schema: SchemaEdit) -> None:
    schema[THINGS]["paths"]["/api/v1/thing/{id}"] = {
        "get": {
            "operationId": "things.get",
            "summary": "Get a <thing> with all of its *parts*, however many of them there happen to be in it.",
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "responses": {"204": {"description": "Done."}},
            "x-retry": "safe",
        }
    }


def another_route(schema: SchemaEdit) -> None:
    paths = schema[THINGS]["paths"]
    paths["/api/v2/{class}/of/{thing_id}"] = paths.pop(PART)


def nullable(schema: SchemaEdit) -> None:
    schema.model("Thing")["properties"]["id"]["type"] = ["integer", "null"]


def moved(schema: SchemaEdit) -> None:
    schema["refs.yaml"]["components"]["schemas"]["Holder"] = {"description": "Holds.", "type": "object"}
    schema[THINGS]["components"]["schemas"].pop("Holder")


# The edit; the output for the edit; the output for undoing it.
CASES: dict[str, tuple[Edit, list[str], list[str]]] = {
    "group": (
        another_group,
        ["### Added", "- `emnify.boxes`, a group of 1 operation: `count`."],
        ["### Removed", "- **Breaking:** `emnify.boxes`, the whole group: `count`."],
    ),
    "operation": (
        another_call,
        [
            "### Added",
            "- `things.get` (`GET /api/v1/thing/{id}`): Get a \\<thing\\> with all of its \\*parts\\*, however many of them there happen to be in it.",
        ],
        ["### Removed", "- **Breaking:** `things.get` (`GET /api/v1/thing/{id}`)."],
    ),
    "name of an operation": (
        setting(operation("create"), "operationId", "things.make"),
        ["### Changed", "- **Breaking:** `things.make` was called `things.create`."],
        ["### Changed", "- **Breaking:** `things.create` was called `things.make`."],
    ),
    "route": (
        another_route,
        [
            "### Changed",
            "- **Breaking:** `things.get_part` takes its path values as `class_`, `thing_id`, took `thing_id`, `class_`.",
            "- `things.get_part` sends `GET /api/v2/{class}/of/{thing_id}`, sent `GET /api/v1/thing/{thing_id}/part/{class}`.",
        ],
        [
            "### Changed",
            "- **Breaking:** `things.get_part` takes its path values as `thing_id`, `class_`, took `class_`, `thing_id`.",
            "- `things.get_part` sends `GET /api/v1/thing/{thing_id}/part/{class}`, sent `GET /api/v2/{class}/of/{thing_id}`.",
        ],
    ),
    "type of a path value": (
        setting(parameter("get_part", 0), "schema", {"type": "string"}),
        ["### Changed", "- **Breaking:** `things.get_part`: parameter `thing_id` is `str`, was `int | str`."],
        ["### Changed", "- `things.get_part`: parameter `thing_id` is `int | str`, was `str`."],
    ),
    "choices of a parameter": (
        setting(parameter("get_part", 1), "schema", {"type": "string", "enum": ["big"]}),
        [
            "### Changed",
            "- **Breaking:** `things.get_part`: parameter `class_` takes `big`, took `big`, `small`.",
        ],
        ["### Changed", "- `things.get_part`: parameter `class_` takes `big`, `small`, took `big`."],
    ),
    "choices at all": (
        setting(parameter("get_part", 1), "schema", {"type": "string"}),
        ["### Changed", "- `things.get_part`: parameter `class_` takes any value, took `big`, `small`."],
        [
            "### Changed",
            "- **Breaking:** `things.get_part`: parameter `class_` takes `big`, `small`, took any value.",
        ],
    ),
    "optional parameter": (
        removing(lambda schema: schema.operation("things.get_part")["parameters"], 3),
        ["### Removed", "- **Breaking:** `things.get_part`: parameter `from_`."],
        ["### Added", "- `things.get_part`: parameter `from_`."],
    ),
    "required parameter": (
        removing(lambda schema: schema.operation("things.get_part")["parameters"], 2),
        ["### Removed", "- **Breaking:** `things.get_part`: parameter `deep`."],
        ["### Added", "- **Breaking:** `things.get_part`: parameter `deep`, required."],
    ),
    "requiredness of a parameter": (
        setting(parameter("get_part", 3), "required", True),
        ["### Changed", "- **Breaking:** `things.get_part`: parameter `from_` is required."],
        ["### Changed", "- `things.get_part`: parameter `from_` is no longer required."],
    ),
    "body": (
        removing(operation("create"), "requestBody"),
        [
            "### Changed",
            "- **Breaking:** `things.create` no longer takes a body.",
        ],
        ["### Changed", "- **Breaking:** `things.create` takes a body: `ThingCreate`."],
    ),
    "model of a body": (
        setting(
            operation("create"),
            "requestBody",
            {"content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}}},
        ),
        [
            "### Changed",
            "- **Breaking:** `things.create` takes a sequence, each a mapping as its body, took `ThingCreate`.",
        ],
        [
            "### Changed",
            "- **Breaking:** `things.create` takes `ThingCreate` as its body, took a sequence, each a mapping.",
        ],
    ),
    "model in place of a mapping": (
        setting(
            operation("create"),
            "requestBody",
            {"content": {"application/json": {"schema": {"type": "object"}}}},
        ),
        ["### Changed", "- **Breaking:** `things.create` takes a mapping as its body, took `ThingCreate`."],
        ["### Changed", "- `things.create` takes `ThingCreate` as its body, took a mapping."],
    ),
    "result": (
        setting(operation("get_part"), "x-either", False),
        [
            "### Changed",
            "- **Breaking:** `things.get_part` returns `list[Thing]`, was `Thing`.",
            "- `things.get_part`: the server does not answer with an object or an array of it.",
        ],
        [
            "### Changed",
            "- **Breaking:** `things.get_part` returns `Thing`, was `list[Thing]`.",
            "- `things.get_part`: the server may answer with an object or an array of it.",
        ],
    ),
    "statuses": (
        setting(operation("create"), "responses", {"204": {"description": "Made."}}),
        [
            "### Changed",
            "- **Breaking:** `things.create` returns `None`, was `Created`.",
            "- `things.create` succeeds with 204, was 201.",
            "- `things.create` documents the errors none, was 422.",
        ],
        [
            "### Changed",
            "- `things.create` returns `Created`, was `None`.",
            "- `things.create` succeeds with 201, was 204.",
            "- `things.create` documents the errors 422, was none.",
        ],
    ),
    "retry": (
        setting(operation("create"), "x-retry", "idempotent"),
        [
            "### Changed",
            "- `things.create` is retried if the response is lost (was once, is idempotent).",
        ],
        [
            "### Changed",
            "- `things.create` is not retried if the response is lost (was idempotent, is once).",
        ],
    ),
    "lane": (
        setting(operation("create"), "x-lane", "other"),
        ["### Changed", "- `things.create` is serialised in the lane `other`, was in `thing`."],
        ["### Changed", "- `things.create` is serialised in the lane `thing`, was in `other`."],
    ),
    "token": (
        setting(operation("create"), "security", []),
        ["### Changed", "- `things.create` is sent without a token."],
        ["### Changed", "- `things.create` is sent with a token."],
    ),
    "deprecation": (
        setting(operation("create"), "x-deprecated", "Use the other one."),
        ["### Deprecated", "- `things.create`: Use the other one."],
        ["### Changed", "- `things.create` is no longer deprecated."],
    ),
    "paging": (
        removing(operation("list"), "x-paging"),
        [
            "### Changed",
            "- **Breaking:** `things.list` returns `list[Thing]`, was `Pages[Thing]`.",
            "- **Breaking:** `things.list_boxed` is sorted by `ThingSort`, was by `ThingsListBoxedSort`.",
        ],
        [
            "### Changed",
            "- **Breaking:** `things.list` returns `Pages[Thing]`, was `list[Thing]`.",
            "- `things.list_boxed` is sorted by `ThingsListBoxedSort`, was by `ThingSort`.",
        ],
    ),
    "most items of a page": (
        setting(paging, "max", 8),
        ["### Changed", "- **Breaking:** `things.list`: a page holds at most 8 items, held 9."],
        ["### Changed", "- `things.list`: a page holds at most 9 items, held 8."],
    ),
    "items of a page by default": (
        setting(paging, "default", 7),
        ["### Changed", "- `things.list`: a page holds 7 items by default, held 5."],
        ["### Changed", "- `things.list`: a page holds 5 items by default, held 7."],
    ),
    "name of the page size": (
        setting(paging, "size", "per_page"),
        ["### Changed", "- **Breaking:** `things.list`: parameter `per_page` was called `page_size`."],
        ["### Changed", "- **Breaking:** `things.list`: parameter `page_size` was called `per_page`."],
    ),
    "sort fields": (
        setting(paging, "sort", ["id", "color"]),
        ["### Added", "- `things.list` can be sorted by `color`."],
        ["### Removed", "- **Breaking:** `things.list` can no longer be sorted by `color`."],
    ),
    "sort type": (
        setting(paging, "sort", ["id", "made"]),
        [
            "### Added",
            "- `things.list` can be sorted by `made`.",
            "",
            "### Changed",
            "- **Breaking:** `things.list_boxed` is sorted by `ThingSort`, was by `ThingsListBoxedSort`.",
        ],
        [
            "### Changed",
            "- `things.list_boxed` is sorted by `ThingsListBoxedSort`, was by `ThingSort`.",
            "",
            "### Removed",
            "- **Breaking:** `things.list` can no longer be sorted by `made`.",
        ],
    ),
    "default order": (
        setting(paging, "default_sort", "-id"),
        ["### Changed", "- `things.list` is sorted by `-id` by default, was by `id`."],
        ["### Changed", "- `things.list` is sorted by `id` by default, was by `-id`."],
    ),
    "filter of a list": (
        removing(paging, "filter"),
        ["### Removed", "- **Breaking:** `things.list` can no longer be filtered."],
        ["### Added", "- `things.list` can be filtered, by `ThingFilter`."],
    ),
    "filter field": (
        setting(lambda schema: narrowing(schema)["fields"], "size", "integer"),
        ["### Added", "- Filter field `ThingFilter.size`: `int | None`."],
        ["### Removed", "- **Breaking:** Filter field `ThingFilter.size`."],
    ),
    "kind of a filter field": (
        setting(lambda schema: narrowing(schema)["fields"], "from", "date"),
        [
            "### Changed",
            "- **Breaking:** Filter field `ThingFilter.from` accepts `date | str | None`, accepted `datetime | str | None`.",
        ],
        [
            "### Changed",
            "- **Breaking:** Filter field `ThingFilter.from` accepts `datetime | str | None`, accepted `date | str | None`.",
        ],
    ),
    "alternatives of a filter": (
        setting(narrowing, "multi_max", 4),
        [
            "### Changed",
            "- **Breaking:** Filter `ThingFilter` accepts up to 4 alternatives of a field, accepted 6.",
        ],
        ["### Changed", "- Filter `ThingFilter` accepts up to 6 alternatives of a field, accepted 4."],
    ),
    "deprecated filter field": (
        setting(narrowing, "deprecated", ["id"]),
        ["### Deprecated", "- Filter field `ThingFilter.id`."],
        ["### Changed", "- Filter field `ThingFilter.id` is no longer deprecated."],
    ),
    "model": (
        moved,
        [
            "### Changed",
            "- Model in `aioemnify.models.refs`, moved from `things`: `Holder`. `aioemnify.models` still has it.",
            "- 1 description reworded.",
            "",
            "### Removed",
            "- **Breaking:** `Holder.things`.",
        ],
        [
            "### Added",
            "- `Holder.things`: `list[Thing]`, optional.",
            "",
            "### Changed",
            "- Model in `aioemnify.models.things`, moved from `refs`: `Holder`. `aioemnify.models` still has it.",
            "- 1 description reworded.",
        ],
    ),
    "member of an answer": (
        removing(members("Thing"), "made"),
        ["### Removed", "- **Breaking:** `Thing.made`."],
        ["### Added", "- `Thing.made`: `Timestamp`, optional."],
    ),
    "required member of a body": (
        lambda schema: (
            schema.model("ThingCreate")["properties"].update(size={"type": "integer"}),
            schema.model("ThingCreate")["required"].append("size"),
        ),
        ["### Added", "- **Breaking:** `ThingCreate.size`: `int`, required."],
        ["### Removed", "- **Breaking:** `ThingCreate.size`."],
    ),
    "requiredness in a body": (
        setting(model("ThingCreate"), "required", ["name", "token", "note"]),
        ["### Changed", "- **Breaking:** `ThingCreate.note` is required."],
        ["### Changed", "- `ThingCreate.note` is no longer required."],
    ),
    "requiredness in an answer": (
        setting(model("Thing"), "required", ["id", "made"]),
        ["### Changed", "- `Thing.made` is required."],
        ["### Changed", "- **Breaking:** `Thing.made` is no longer required."],
    ),
    "null in an answer": (
        nullable,
        ["### Changed", "- **Breaking:** `Thing.id` may be null."],
        ["### Changed", "- `Thing.id` is never null."],
    ),
    "null in an answer that was optional": (
        setting(member("Thing", "made"), "type", ["string", "null"]),
        ["### Changed", "- `Thing.made` may be null."],
        ["### Changed", "- `Thing.made` is never null."],
    ),
    "null in a body": (
        setting(member("ThingCreate", "note"), "type", "string"),
        ["### Changed", "- **Breaking:** `ThingCreate.note` is never null."],
        ["### Changed", "- `ThingCreate.note` may be null."],
    ),
    "type in an answer": (
        setting(members("Thing"), "price", {"type": "number"}),
        ["### Changed", "- **Breaking:** `Thing.price` is `float`, was `Decimal`."],
        ["### Changed", "- **Breaking:** `Thing.price` is `Decimal`, was `float`."],
    ),
    "wider type in a body": (
        setting(member("ThingCreate", "price"), "type", ["number", "string"]),
        ["### Changed", "- `ThingCreate.price` is `float | str`, was `float`."],
        ["### Changed", "- **Breaking:** `ThingCreate.price` is `float`, was `float | str`."],
    ),
    "wider type in an answer": (
        setting(members("Thing"), "id", {"type": ["integer", "string"]}),
        ["### Changed", "- **Breaking:** `Thing.id` is `int | str`, was `int`."],
        ["### Changed", "- `Thing.id` is `int`, was `int | str`."],
    ),
    "values of a member of a body": (
        setting(member("ThingCreate", "lock_kind"), "enum", ["key", "code"]),
        [
            "### Changed",
            "- **Breaking:** `ThingCreate.lock_kind`: known values are `key`, `code`, were `key`, `code`, `none`.",
        ],
        [
            "### Changed",
            "- `ThingCreate.lock_kind`: known values are `key`, `code`, `none`, were `key`, `code`.",
        ],
    ),
    "values of a member of an answer": (
        setting(member("Thing", "no"), "enum", ["a"]),
        ["### Changed", "- `Thing.no`: known values are `a`, were `a`, `b`."],
        ["### Changed", "- `Thing.no`: known values are `a`, `b`, were `a`."],
    ),
    "Python name": (
        removing(member("Oddity", "or"), "x-python-name"),
        ["### Changed", "- **Breaking:** `Oddity.or_` was called `alternatives`."],
        ["### Changed", "- **Breaking:** `Oddity.alternatives` was called `or_`."],
    ),
    "secret": (
        removing(member("Thing", "password"), "x-secret"),
        ["### Changed", "- `Thing.password` is no longer a secret: shown in a repr."],
        ["### Changed", "- `Thing.password` is a secret: not shown in a repr."],
    ),
    "deprecated member": (
        setting(member("Thing", "made"), "deprecated", True),
        ["### Deprecated", "- `Thing.made`."],
        ["### Changed", "- `Thing.made` is no longer deprecated."],
    ),
    "length of a member": (
        setting(member("ThingCreate", "name"), "maxLength", 9),
        ["### Changed", "- `ThingCreate.name`: maxLength is 9, was none."],
        ["### Changed", "- `ThingCreate.name`: maxLength is none, was 9."],
    ),
    "value of a lookup": (
        setting(lambda schema: schema.model("Color")["x-lookup"], "7", "Green"),
        ["### Added", "- `Color.GREEN` (7)."],
        ["### Removed", "- **Breaking:** `Color.GREEN` (7)."],
    ),
    "name of a value": (
        setting(lambda schema: schema.model("Color")["x-lookup"], "2", "Navy"),
        ["### Changed", "- **Breaking:** `Color.NAVY` (2) was called `DARK_BLUE`."],
        ["### Changed", "- **Breaking:** `Color.DARK_BLUE` (2) was called `NAVY`."],
    ),
    "wording of a value": (
        setting(lambda schema: schema.model("Color")["x-lookup"], "2", "dark-blue"),
        ["### Changed", "- 1 description reworded."],
        ["### Changed", "- 1 description reworded."],
    ),
    "rate": (
        setting(row, "rate", 20),
        [
            "### Changed",
            "- Limit `get_thing` (`GET /api/v1/thing`) is 20 calls/s, burst 5, was 10 calls/s, burst 5.",
        ],
        [
            "### Changed",
            "- Limit `get_thing` (`GET /api/v1/thing`) is 10 calls/s, burst 5, was 20 calls/s, burst 5.",
        ],
    ),
    "row": (
        lambda schema: schema["limits.yaml"]["rows"].append(
            {"id": "get_box", "method": "GET", "path": "/api/v1/box", "rate": 0.5, "burst": 1}
        ),
        ["### Added", "- Limit `get_box` (`GET /api/v1/box`): 0.5 calls/s, burst 1."],
        ["### Removed", "- Limit `get_box` (`GET /api/v1/box`): it was 0.5 calls/s, burst 1."],
    ),
    "newer rows": (
        lambda schema: schema["limits.yaml"].update(
            {"newer": {"2030": [{"id": "get_thing", "rate": 5, "burst": 2}]}}
        ),
        [
            "### Changed",
            "- Limits of 2030 that differ: `get_thing` (`GET /api/v1/thing`) 5 calls/s, burst 2.",
        ],
        ["### Removed", "- **Breaking:** Limits of 2030."],
    ),
    "window": (
        setting(lambda schema: schema["limits.yaml"]["windows"][0], "count", 50),
        ["### Changed", "- Limit `address` (`* /api/*`) is 50 calls in 60 s, was 100 calls in 60 s."],
        ["### Changed", "- Limit `address` (`* /api/*`) is 100 calls in 60 s, was 50 calls in 60 s."],
    ),
    "month": (
        setting(lambda schema: schema["limits.yaml"]["month"], "count", 2000),
        ["### Changed", "- The month allows 2000 calls, allowed 1000."],
        ["### Changed", "- The month allows 1000 calls, allowed 2000."],
    ),
    "error code": (
        lambda schema: codes(schema).append(
            {"code": 4711, "token": "Odd", "statuses": [409, 422], "advice": "Wait | see."}
        ),
        ["### Added", "- Error code 4711 (`Odd`, 409, 422): Wait \\| see."],
        ["### Removed", "- Error code 4711 (`Odd`, 409, 422)."],
    ),
    "token of an error code": (
        lambda schema: codes(schema)[0].update(token="Other", statuses=[]),
        [
            "### Changed",
            "- Error code 1000: token is `Other`, was `BadRequest`.",
            "- Error code 1000: statuses is none, was 400.",
        ],
        [
            "### Changed",
            "- Error code 1000: token is `BadRequest`, was `Other`.",
            "- Error code 1000: statuses is 400, was none.",
        ],
    ),
    "wording": (
        lambda schema: (
            schema.operation("things.list").update(summary="List them.", description="All of them."),
            schema.model("Thing").update(description="Something."),
            parameter("get_part", 0)(schema).update(description="Which."),
        ),
        ["### Changed", "- 4 descriptions reworded."],
        ["### Changed", "- 4 descriptions reworded."],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_output(case: str, tiny: Path) -> None:
    edit, forward, backward = CASES[case]
    old = read_api(TINY, "old")
    schema = SchemaEdit(tiny)
    edit(schema)
    schema.save()
    new = read_api(tiny, "new")
    assert lines(old, new) == forward
    assert lines(new, old) == backward


def lines(old: Api, new: Api) -> list[str]:
    """Return the lines of the changelog, unwrapped, without the blank one that follows each heading."""
    text = changelog(compare(old, new)).replace("\n  ", " ").splitlines()
    return [line for index, line in enumerate(text) if line or not text[index - 1].startswith("###")]


def test_the_sections_are_in_the_order_of_the_form_and_breaking_ones_come_first() -> None:
    changes = [
        Change("Removed", "one."),
        Change("Changed", "two."),
        Change("Changed", "three.", breaking=True),
        Change("Deprecated", "four."),
        Change("Added", "five."),
    ]
    assert changelog(changes) == (
        "### Added\n\n- five.\n\n### Changed\n\n- **Breaking:** three.\n- two.\n\n"
        "### Deprecated\n\n- four.\n\n### Removed\n\n- one.\n"
    )


def test_a_long_sentence_is_wrapped_as_a_list_item() -> None:
    text = changelog([Change("Changed", f"`{'x' * 60}` is {'y' * 60}.", breaking=True)])
    assert text == f"### Changed\n\n- **Breaking:** `{'x' * 60}` is\n  {'y' * 60}.\n"


def test_a_field_that_is_not_compared_by_name_is_listed_too() -> None:
    before, after = Code(1, "A", (400,), "Wait."), Code(1, "A", (409, 422), "Wait.")
    assert list(further("Code", before, after, ("token",))) == [
        Change("Changed", "Code: statuses is 409, 422, was 400.")
    ]


def test_the_same_schema_in_another_form_is_no_change(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    SchemaEdit(tiny).save()
    assert main(["--schema", str(tiny), "--diff", str(TINY)]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_model_that_nobody_sends_or_answers_is_judged_both_ways(tiny: Path, tmp_path: Path) -> None:
    def changed(name: str, **member: object) -> Api:
        folder = Path(shutil.copytree(tiny, tmp_path / name))
        schema = SchemaEdit(folder)
        schema.model("Holder")["properties"]["size"] = member
        schema.save()
        return read_api(folder, name)

    one, two = changed("one", type="integer"), changed("two", type=["integer", "string"])
    assert lines(one, two) == ["### Changed", "- **Breaking:** `Holder.size` is `int | str`, was `int`."]
    assert lines(two, one) == ["### Changed", "- **Breaking:** `Holder.size` is `int`, was `int | str`."]
