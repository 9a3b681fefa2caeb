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
from tests.fleet.methods import METHODS

SOURCE = ast.parse(Path(str(aioemnify.__file__)).read_text(encoding="utf-8"))


def told_to_type_checkers() -> dict[str, str]:
    """Return name to module, as imported under ``if TYPE_CHECKING:``."""
    (block,) = [
        node for node in SOURCE.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return {
        alias.asname or alias.name: str(node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_all_is_sorted_and_without_doubles() -> None:
    assert aioemnify.__all__ == sorted(set(aioemnify.__all__))


def test_type_checkers_see_the_same_names() -> None:
    assert set(aioemnify.__all__) == set(told_to_type_checkers())


@pytest.mark.parametrize(("name", "home"), told_to_type_checkers().items())
def test_every_name_resolves_to_what_type_checkers_see(name: str, home: str) -> None:
    value = getattr(aioemnify, name)
    if home == "aioemnify":
        assert value is importlib.import_module(f"aioemnify.{name}")
    else:
        assert value is getattr(importlib.import_module(home), name)


@pytest.mark.parametrize("module", [aioemnify, aioemnify.models])
def test_dir_lists_the_public_names_alone(module: Any) -> None:
    for name in module.__all__:
        getattr(module, name)  # loads the modules behind it, which become attributes
    listed = dir(module)
    assert listed == sorted(listed)
    assert [name for name in listed if not name.startswith("__")] == sorted(
        name for name in module.__all__ if not name.startswith("__")
    )
    assert set(module.__all__) <= set(listed)


def public(value: object) -> set[str]:
    return {name for name in dir(value) if not name.startswith("_")}


@pytest.mark.introspection
def test_a_client_shows_what_users_call_and_nothing_else() -> None:
    emnify = aioemnify.Emnify("a-token")
    calls: dict[str, set[str]] = {}
    for operation in aioemnify.OPERATIONS:
        group, _, method = operation.partition(".")
        calls.setdefault(group, set()).add(method)
    own = {"aclose", "preload", "request", "throttle", "wait_until", "with_response", "workspace"}
    assert public(emnify) == {*calls, *own}
    shown = {group: public(getattr(emnify, group)) for group in calls}
    assert shown == {group: names | METHODS.get(group, set()) for group, names in calls.items()}
    assert public(emnify.throttle) == {"estimate", "snapshot"}
    assert public(emnify.sims.list()) == {"collect", "first", "one", "pages", "prefetch", "report"}


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
