"""The stubs of the blocking client say what is there at run time."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import aioemnify
from aioemnify import blocking
from aioemnify.fleet import Job, Sweep
from aioemnify.pagination import Pages
from aioemnify.prefetch import PrefetchedPages
from tests.contract.documented import GROUPS

FOLDER = Path(str(blocking.__file__)).parent / "_stubs"
STUBS = {file.stem: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.pyi"))}
RENAMED = {"aclose": "close"}


def members(stub: str, name: str) -> dict[str, ast.FunctionDef | ast.AnnAssign]:
    (found,) = (one for one in STUBS[stub].body if isinstance(one, ast.ClassDef) and one.name == name)
    told: dict[str, ast.FunctionDef | ast.AnnAssign] = {}
    for part in found.body:
        if isinstance(part, ast.FunctionDef):
            told[part.name] = part
        elif isinstance(part, ast.AnnAssign):
            told[ast.unparse(part.target)] = part
    return told


def public(kind: type[Any]) -> set[str]:
    return {RENAMED.get(name, name) for name in dir(kind) if not name.startswith("_")}


@pytest.mark.parametrize("group", GROUPS.values())
def test_a_group_has_the_methods_of_the_asyncio_one(group: str) -> None:
    kind = type(getattr(aioemnify.Emnify(auth=aioemnify.StaticToken("token")), group))
    told = members(group, kind.__name__)
    assert told.keys() == public(kind)
    for name, function in told.items():
        assert isinstance(function, ast.FunctionDef)
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        assert [one.arg for one in arguments] == list(inspect.signature(getattr(kind, name)).parameters)


def test_the_client_has_all_groups() -> None:
    told = {*members("_attributes", "ResourceAttributes"), *members("client", "Emnify")}
    assert {name for name in told if not name.startswith("_")} == public(aioemnify.Emnify)


@pytest.mark.parametrize(
    ("stub", "kind", "more"),
    [
        ("pagination", Pages, {"page"}),
        ("prefetch", PrefetchedPages, set()),
        ("sweep", Sweep, {"size"}),
        ("job", Job, set()),
    ],
)
def test_a_class_has_the_members_of_the_asyncio_one(stub: str, kind: type[Any], more: set[str]) -> None:
    told = {name for name in members(stub, kind.__name__) if not name.startswith("_")}
    assert told == public(kind) | more
    assert issubclass(getattr(blocking, kind.__name__), blocking.Emnify.__base__)


def test_nothing_is_awaited_in_a_stub() -> None:
    for file in FOLDER.glob("*.pyi"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(
            r"\bawait\b|\basync (def|with|for)\b|\bAsync[A-Z]|__a(enter|exit|iter|next)__", text
        ), file


def test_the_names_of_the_door_are_those_of_its_stubs() -> None:
    told = [one.names[0].name for one in STUBS["__init__"].body if isinstance(one, ast.ImportFrom)]
    assert sorted(told) == sorted(blocking.__all__)
