"""The page of licences has every package that users can install, with its licence."""

from __future__ import annotations

import pytest

from codegen.licences import licence, main, needed, summary


def test_the_page_is_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(["--check"]), capsys.readouterr().err) == (0, "")


def test_packages_that_others_need_are_found() -> None:
    packages = needed()
    assert "" in packages["httpcore"]
    assert packages["secretstorage"] == {"keyring"}
    assert packages["redis"] == {"redis", "taskiq"}


@pytest.mark.parametrize(
    ("package", "identifier"),
    [("click", "BSD-3-Clause"), ("certifi", "MPL-2.0"), ("rich", "MIT"), ("taskiq-dependencies", "MIT")],
)
def test_a_licence_has_its_identifier(package: str, identifier: str) -> None:
    assert licence(package) == identifier


def test_copyleft_is_named() -> None:
    assert summary(["click", "certifi"]).startswith("Copyleft: certifi (MPL-2.0).")
    assert summary(["click"]).startswith("Copyleft: none.")
