"""The page of licences has every package that users can install, with its licence."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.licences import licence, main, needed, summary


def test_a_package_that_the_page_lacks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether the page of today is complete depends on what was published today: nox -s build looks."""
    page = tmp_path / "licences.md"
    monkeypatch.setattr("codegen.licences.PAGE", page)
    assert main([]) == 0
    assert main(["--check"]) == 0
    page.write_text(page.read_text(encoding="utf-8").replace("| click | BSD-3-Clause |", "| click | GPL |"))
    assert main(["--check"]) == 1
    assert capsys.readouterr().err.startswith("docs/licences.md lacks | click | BSD-3-Clause; run")


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
