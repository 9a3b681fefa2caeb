"""The methods that find, follow and wait: what the schema says of them, and faults in it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from codegen.api import read_api
from codegen.diff.changelog import changelog
from codegen.diff.comparison import compare
from codegen.load import SchemaError
from tests.codegen.conftest import ROOT
from tests.codegen.schema_edit import SchemaEdit


def edited(folder: Path, name: str, key: str, value: Any) -> Path:
    """Return a copy of the schema in which an operation has another fact, or ``None`` of it."""
    shutil.copytree(ROOT / "schema", folder / "schema")
    edit = SchemaEdit(folder / "schema")
    operation = edit.operation(name)
    if value is None:
        del operation[key]
    elif isinstance(value, dict):
        operation[key] = operation.get(key, {}) | value
    else:
        operation[key] = value
    edit.save()
    return folder / "schema"


@pytest.mark.parametrize(
    ("name", "key", "value", "message"),
    [
        ("sims.list", "x-find", {"through": "sims.lists"}, "through must be a list with filters"),
        ("sims.list", "x-find", {"through": "sims.get"}, "through must be a list with filters"),
        ("sims.list", "x-find", {"member": "card"}, "unknown member 'card' of endpoints.list"),
        ("sims.list", "x-find", {"members": 1}, "unknown key 'members'"),
        (
            "sims.get",
            "x-find",
            {"through": "sims.list", "member": "id"},
            "x-find must be a list with filters",
        ),
        ("events.list", "x-follow", "yes", "must be true"),
        ("sims.list", "x-follow", True, "of a list with the filters from, until and type"),
        ("endpoints.get_sms", "x-wait", {"every": 0}, "every must be a number of seconds above 0"),
        ("endpoints.get_sms", "x-wait", {"timeout": True}, "timeout must be a number of seconds above 0"),
        ("endpoints.get_sms", "x-wait", {"name": "wait for"}, "name must be the name of a method"),
        ("sims.get", "x-wait", {"name": "wait"}, "description, every, summary, timeout is missing"),
    ],
)
def test_a_wrong_fact_is_reported(name: str, key: str, value: Any, message: str, tmp_path: Path) -> None:
    schema = edited(tmp_path, name, key, value)
    with pytest.raises(SchemaError) as caught:
        read_api(schema, "schema")
    assert message in str(caught.value) and key in str(caught.value)


@pytest.mark.parametrize(
    ("name", "key", "value", "line", "reverse"),
    [
        ("sims.list", "x-find", None, "`sims.find`", "`sims.find`"),
        ("events.list", "x-follow", None, "`events.follow`", "`events.follow`"),
        (
            "endpoints.get_sms",
            "x-wait",
            {"name": "await_sms"},
            "`endpoints.await_sms` was called `endpoints.wait_for_sms`",
            "`endpoints.wait_for_sms` was called `endpoints.await_sms`",
        ),
        (
            "endpoints.get_sms",
            "x-wait",
            {"every": 5},
            "`endpoints.wait_for_sms`: x-wait has other facts",
            "`endpoints.wait_for_sms`: x-wait has other facts",
        ),
    ],
)
def test_a_change_is_in_the_changelog(
    name: str, key: str, value: Any, line: str, reverse: str, tmp_path: Path
) -> None:
    ours = read_api(ROOT / "schema", "schema")
    other = read_api(edited(tmp_path, name, key, value), "schema")
    assert line in changelog(compare(ours, other))
    assert reverse in changelog(compare(other, ours))
