"""The tests that a session of nox names are there: pytest would run none of them for one that is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
NAMED = re.findall(r'"(tests/[\w/.]+)(?:::(\w+))?"', (PROJECT / "noxfile.py").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("path", "test"), NAMED)
def test_it_is_there(path: str, test: str) -> None:
    assert (PROJECT / path).exists()
    if test:
        assert f"def {test}(" in (PROJECT / path).read_text(encoding="utf-8")


def test_there_are_some() -> None:
    assert ("tests/transport", "") in NAMED
