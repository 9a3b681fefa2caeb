"""A misspelt attribute: the traceback offers the group, method or name that was meant."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("expression", "closest"),
    [
        ("emnify.sim", "sims"),
        ("emnify.endpoint", "endpoints"),
        ("emnify.workspce", "workspace"),
        ("emnify.sims.lst", "list"),
        ("emnify.throttle.estimat", "estimate"),
        ("aioemnify.Emnfy", "Emnify"),
        ("aioemnify.models.SIM", "Sim"),
    ],
)
def test_python_itself_offers_the_closest_attribute(expression: str, closest: str) -> None:
    # Python computes the suggestion from dir() when it prints an error that nobody caught.
    code = f"import aioemnify; emnify = aioemnify.Emnify('a-token'); {expression}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr.strip().endswith(f"Did you mean: {closest!r}?")
