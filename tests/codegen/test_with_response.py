"""The types of ``emnify.with_response`` have every call, with the arguments of the client's own methods."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys

import pytest

from aioemnify import Emnify
from aioemnify.resources import _with_response
from aioemnify.tables.operations import OPERATIONS
from aioemnify.with_response import CallsWithResponse


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_call_has_its_own_arguments_and_its_result_in_a_response(operation: str) -> None:
    group, _, name = operation.partition(".")
    resource = "".join(part.capitalize() for part in group.split("_"))
    plain = getattr(getattr(importlib.import_module(f"aioemnify.resources.{group}"), resource), name)
    typed = getattr(getattr(_with_response, f"{resource}WithResponse"), name)
    expected, found = inspect.signature(plain), inspect.signature(typed)
    assert found.parameters == expected.parameters
    value = expected.return_annotation.replace("Pages[", "Page[")
    assert found.return_annotation == f"CallResponse[{value}]"
    assert inspect.iscoroutinefunction(typed)


def test_every_group_is_typed_and_the_same_as_at_run_time() -> None:
    typed = {name for name in vars(_with_response.WithResponse) if not name.startswith("_")}
    assert typed == set(dir(CallsWithResponse(None)))
    assert typed - {"request"} == {operation.partition(".")[0] for operation in OPERATIONS}
    assert (
        inspect.signature(_with_response.WithResponse.request).parameters
        == inspect.signature(Emnify.request).parameters
    )


def test_the_client_loads_neither_the_types_nor_the_room() -> None:
    program = (
        "import sys; from aioemnify import Emnify; Emnify('t').sims;"
        "print([name for name in sys.modules if 'with_response' in name])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
