"""The lower bounds of the dependencies exclude all versions with an advisory that is in advisories.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

PROJECT = Path(__file__).parents[2]
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ADVISORIES = tomllib.loads((PROJECT / "advisories.toml").read_text(encoding="utf-8"))

REQUIREMENTS = [
    requirement
    for texts in (METADATA["dependencies"], *METADATA["optional-dependencies"].values())
    for requirement in map(Requirement, texts)
    if requirement.name != METADATA["name"]
]


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_a_lower_bound_is_not_below_the_fix_of_an_advisory(requirement: Requirement) -> None:
    (bound,) = (part.version for part in requirement.specifier if part.operator == ">=")
    below = [
        f"{advisory['id']} is fixed in {advisory['in']}"
        for advisory in ADVISORIES["fixed"].get(requirement.name, [])
        if Version(bound) < Version(advisory["in"])
    ]
    assert below == []


def test_each_dependency_was_looked_up() -> None:
    looked_up = [*ADVISORIES["fixed"], *ADVISORIES["none"]["packages"]]
    assert sorted(looked_up) == sorted({requirement.name for requirement in REQUIREMENTS})


def test_each_open_advisory_says_why_it_does_not_matter() -> None:
    for package, advisories in ADVISORIES["open"].items():
        assert package in ADVISORIES["fixed"] or package in ADVISORIES["none"]["packages"]
        assert all(advisory["why"] for advisory in advisories)
