"""Bulk routes: what the schema says of them reaches the package, and a fault in it is found."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from aioemnify import OPERATIONS
from aioemnify.tables.bulk import BULK
from codegen.__main__ import ROOT
from codegen.api import Api, read_api
from codegen.diff.comparison import compare
from codegen.load import SchemaError
from tests.codegen.schema_edit import SchemaEdit


def test_every_bulk_route_of_the_api_is_known() -> None:
    named = {facts["route"] for facts in BULK.values()}
    assert named == {
        *(name for name in OPERATIONS if name.endswith("_bulk")),
        "sim_operations.create",
        "sims.migrate_workspace",
    }


def test_the_facts_of_one_route() -> None:
    assert BULK["endpoints.create"] == {
        "route": "endpoints.create_bulk",
        "size": 2000,
        "member": "endpoints",
        "shared": ("service_profile", "tariff_profile", "status", "organisation", "ip_address_space"),
        "identity": "name",
        "look": "endpoints.list",
    }
    assert BULK["endpoints.update"]["item"] == {"id": "endpoint_id"}


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("endpoints.update", {"route": "endpoints.change_bulk"}, "unknown operation 'endpoints.change_bulk'"),
        ("endpoints.update", {"route": "endpoints.list"}, "takes no body"),
        ("endpoints.update", {"size": 1}, "at least 2"),
        ("endpoints.update", {"size": "2000"}, "at least 2"),
        ("endpoints.update", {"member": "endpoints"}, "is the array itself"),
        ("endpoints.create", {"member": "endpoint"}, "that is an array"),
        ("endpoints.create", {"member": "status"}, "that is an array"),
        ("endpoints.update", {"item": {"id": "sim_id"}}, "unknown name 'sim_id' (known: body, endpoint_id)"),
        ("endpoints.update", {"item": {}}, "does not say where endpoint_id goes"),
        ("endpoints.create", {"shared": ["colour"]}, "unknown name 'colour'"),
        ("endpoints.create", {"identity": "label"}, "unknown name 'label'"),
        ("endpoints.create", {"look": "tags.list"}, "is not a list that can be sorted by id"),
        ("endpoints.create", {"look": "sims.list"}, "unknown name 'name'"),
        ("endpoints.create", {"sizes": 3}, "unknown key 'sizes'"),
    ],
)
def test_a_wrong_fact_is_reported(name: str, change: dict[str, Any], message: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    edit = SchemaEdit(tmp_path / "schema")
    edit.operation(name)["x-bulk"] |= change
    edit.save()

    with pytest.raises(SchemaError) as caught:
        read_api(tmp_path / "schema", "schema")

    assert message in str(caught.value) and "x-bulk" in str(caught.value)


THROUGH = {"operation": "endpoints.update", "reference": "endpoint", "member": "sim"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"through": {**THROUGH, "operation": "sims.update"}}, "that has a bulk route"),
        ({"through": {**THROUGH, "operation": "endpoints.change"}}, "that has a bulk route"),
        ({"through": {**THROUGH, "reference": "holder"}}, "unknown reference 'holder'"),
        ({"through": {**THROUGH, "member": "chip"}}, "unknown member 'chip'"),
        ({"member": "colour"}, "unknown member 'colour'"),
        ({"name": "set status"}, "the beginning of a method's name"),
        ({"names": 3}, "unknown key 'names'"),
    ],
)
def test_a_wrong_setter_is_reported(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    edit = SchemaEdit(tmp_path / "schema")
    edit.operation("sims.update")["x-many"] |= change
    edit.save()

    with pytest.raises(SchemaError) as caught:
        read_api(tmp_path / "schema", "schema")

    assert message in str(caught.value) and "x-many" in str(caught.value)


# The edits to x-bulk or x-many, by operation; the lines for the edit; the lines for undoing it.
CHANGES: list[tuple[str, str, dict[str, Any], list[str], list[str]]] = [
    (
        "endpoints.update",
        "x-bulk",
        {"size": 1000},
        ["Changed: `endpoints.update_many`: size is 1000, was 2000."],
        ["Changed: `endpoints.update_many`: size is 2000, was 1000."],
    ),
    (
        "sim_operations.create",
        "x-bulk",
        {"shared": ["action"]},
        ["Changed, breaking: `sim_operations.create_many`: shared is `action`, was `action`, `product`."],
        ["Changed: `sim_operations.create_many`: shared is `action`, `product`, was `action`."],
    ),
    (
        "endpoints.create",
        "x-bulk",
        {},
        ["Removed, breaking: `endpoints.create_many`."],
        [
            "Added: `endpoints.create_many`: a job of `endpoints.create`, up to 2000 in a call of "
            "`endpoints.create_bulk`."
        ],
    ),
    (
        "sims.update",
        "x-many",
        {"name": "put_status"},
        ["Changed, breaking: `sims.put_status_many` was called `sims.set_status_many`."],
        ["Changed, breaking: `sims.set_status_many` was called `sims.put_status_many`."],
    ),
    (
        "sims.update",
        "x-many",
        {},
        ["Removed, breaking: `sims.set_status_many`."],
        ["Added: `sims.set_status_many`: sets the member `status` of many objects."],
    ),
]


@pytest.mark.parametrize(("name", "key", "change", "forward", "backward"), CHANGES)
def test_a_change_is_listed(
    name: str, key: str, change: dict[str, Any], forward: list[str], backward: list[str], tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    edit = SchemaEdit(tmp_path / "schema")
    if change:
        edit.operation(name)[key] |= change
    else:
        edit.operation(name).pop(key)
    edit.save()

    old, new = read_api(ROOT / "schema", "schema"), read_api(tmp_path / "schema", "schema")

    assert lines(old, new) == forward
    assert lines(new, old) == backward
    assert lines(new, new) == []


def lines(old: Api, new: Api) -> list[str]:
    return [f"{one.section}{', breaking' * one.breaking}: {one.text}" for one in compare(old, new)]
