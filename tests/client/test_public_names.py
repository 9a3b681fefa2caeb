"""The public door: every name resolves, is loaded on first use, and is told to type checkers as it is."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import aioemnify
import aioemnify.models
import aioemnify.stores

SOURCE = ast.parse(Path(str(aioemnify.__file__)).read_text(encoding="utf-8"))


def told_to_type_checkers() -> dict[str, str]:
    """Return name to module, as imported under ``if TYPE_CHECKING:``."""
    (block,) = [node for node in SOURCE.body if isinstance(node, ast.If)]
    return {
        alias.asname or alias.name: str(node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_all_is_sorted_and_without_doubles() -> None:
    ordered = sorted(aioemnify.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert aioemnify.__all__ == ordered
    assert len(set(aioemnify.__all__)) == len(aioemnify.__all__)


def test_all_the_lazy_map_and_the_type_checkers_names_are_the_same() -> None:
    told = told_to_type_checkers()
    assert set(aioemnify.__all__) == set(aioemnify._HOMES) == set(told)
    for name, home in aioemnify._HOMES.items():
        assert told[name] == (f"aioemnify.{home}" if home else "aioemnify"), name


@pytest.mark.parametrize("name", aioemnify.__all__)
def test_every_name_resolves_to_the_thing_itself(name: str) -> None:
    home = aioemnify._HOMES[name]
    value = getattr(aioemnify, name)
    if home:
        assert value is getattr(importlib.import_module(f"aioemnify.{home}"), name)
    else:
        assert value is importlib.import_module(f"aioemnify.{name}")
    assert name in dir(aioemnify)


def test_the_stores_are_the_same_by_either_way() -> None:
    for name in aioemnify.stores.__all__:
        value = getattr(aioemnify.stores, name)
        assert name in dir(aioemnify.stores)
        assert getattr(aioemnify, name, value) is value


@pytest.mark.parametrize("module", [aioemnify, aioemnify.models, aioemnify.stores])
def test_a_name_that_does_not_exist_is_an_attribute_error(module: Any) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        _ = module.Nonsense
    assert not hasattr(module, "__path_of_nothing__")


def test_star_import_takes_them_all() -> None:
    names: dict[str, Any] = {}
    exec("from aioemnify import *", names)
    assert set(aioemnify.__all__) <= set(names)


def test_import_loads_nothing_else() -> None:
    code = (
        "import sys, aioemnify; aioemnify.__version__;"
        "heavy = {'httpx', 'attrs', 'attr', 'msgspec', 'cattrs', 'anyio', 'jwt'};"
        "ours = {m for m in sys.modules if m.startswith('aioemnify.')} - {'aioemnify._version'};"
        "print(sorted(ours | heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_the_operation_table_loads_no_model() -> None:
    code = (
        "import sys, aioemnify; len(aioemnify.OPERATIONS);"
        "models = {m for m in sys.modules if m.startswith('aioemnify.models')};"
        "print(sorted(models | {'httpx', 'msgspec'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", aioemnify.models.__all__)
def test_every_model_resolves(name: str) -> None:
    assert getattr(aioemnify.models, name).__name__ == name
