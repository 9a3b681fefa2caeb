"""A misspelt attribute: the traceback offers the group, method or name that was meant."""

from __future__ import annotations

import re
import sys

import pytest

import aioemnify


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
def test_python_itself_offers_the_closest_attribute(
    expression: str, closest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"aioemnify": aioemnify, "emnify": aioemnify.Emnify("a-token")}
    with pytest.raises(AttributeError) as caught:
        eval(expression, names)
    # Python computes the suggestion from dir() when it prints an error that nobody caught.
    sys.__excepthook__(caught.type, caught.value, caught.tb)
    suggestion = capsys.readouterr().err.rpartition("Did you mean")[2]
    assert re.match(rf"(: '|:? '\.){closest}'", suggestion)  # the wording of Python 3.15 differs
