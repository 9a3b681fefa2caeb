"""The changelog and the package name the same version."""

from __future__ import annotations

import re
from pathlib import Path

import aioemnify

CHANGELOG = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_newest_version_of_the_changelog_is_that_of_the_package() -> None:
    versions = re.findall(r"^## \[(\d.*?)\] - (.*)$", CHANGELOG, flags=re.MULTILINE)
    newest, date = versions[0]
    assert newest == aioemnify.__version__
    assert re.fullmatch(r"unreleased|\d{4}-\d{2}-\d{2}", date)
    assert all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", date) for _, date in versions[1:])
