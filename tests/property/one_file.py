"""Runs the properties of one file, in a process of its own."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest

from tests.property.tally import COUNTS, Counts


def run(path: str) -> tuple[str, int, str, Counts]:
    """Run the properties of one file; return its name, exit code, output and counts."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        code = pytest.main(["-q", "-p", "no:cacheprovider", "--no-header", "--show-capture=no", path])
    return Path(path).name, int(code), told.getvalue(), COUNTS
