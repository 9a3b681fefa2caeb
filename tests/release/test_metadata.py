"""The metadata of the package: everything that names the repository follows from one address."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hatchling.metadata.core import CoreMetadata, ProjectMetadata
from hatchling.plugin.manager import PluginManager

import aioemnify

PROJECT = Path(__file__).parents[2]
ADDRESS = "https://git.example/team/aioemnify"
FILES = f"{ADDRESS}/blob/v{aioemnify.__version__}"
RAW = f"{ADDRESS}/raw/v{aioemnify.__version__}"


def metadata(folder: Path, address: str = "", readme: str | None = None) -> CoreMetadata:
    """Return what the build says about a copy of the project with this address and description."""
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "src/aioemnify/_version.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, folder / name)
    project = (folder / "pyproject.toml").read_text(encoding="utf-8")
    project, replaced = re.subn(
        r'^repository = ".*"$', f'repository = "{address}"', project, flags=re.MULTILINE
    )
    assert replaced == 1
    (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    if readme is not None:
        (folder / "README.md").write_text(readme, encoding="utf-8")
    return ProjectMetadata(str(folder), PluginManager()).core


def test_without_an_address_nothing_names_a_host(tmp_path: Path) -> None:
    core = metadata(tmp_path)
    assert core.urls == {}
    assert (core.readme, core.readme_content_type) == (
        (PROJECT / "README.md").read_text(encoding="utf-8"),
        "text/markdown",
    )


@pytest.mark.parametrize("given", [ADDRESS, f"{ADDRESS}/"])
def test_the_urls_follow_from_the_address(tmp_path: Path, given: str) -> None:
    assert metadata(tmp_path, given).urls == {
        "Repository": ADDRESS,
        "Changelog": f"{ADDRESS}/blob/main/CHANGELOG.md",
    }


@pytest.mark.parametrize(
    ("readme", "description"),
    [
        ("[a](docs/a.md#top) [b](LICENSE)", f"[a]({FILES}/docs/a.md#top) [b]({FILES}/LICENSE)"),
        ("![plot](docs/plot.svg)", f"![plot]({RAW}/docs/plot.svg)"),
        ("[![plot](docs/plot.svg)](docs/a.md)", f"[![plot]({RAW}/docs/plot.svg)]({FILES}/docs/a.md)"),
        ('<img src="docs/plot.svg">', f'<img src="{RAW}/docs/plot.svg">'),
        ('<a href="docs/a.md">a</a>', f'<a href="{FILES}/docs/a.md">a</a>'),
        ("[a]: docs/a.md", f"[a]: {FILES}/docs/a.md"),
        ("[`code`](docs/a.md)", f"[`code`]({FILES}/docs/a.md)"),
        ("[a](#here) [b](https://other.example/x) [c](mailto:a@b.example)", None),
        ("`rows[0](a.md)`", None),
        ("```python\nrows[0](a)\n[b](c.md)\n```", None),
    ],
)
def test_relative_links_of_the_description_lead_to_the_tag(
    tmp_path: Path, readme: str, description: str | None
) -> None:
    assert metadata(tmp_path, ADDRESS, readme).readme == (description or readme)


def test_the_description_has_no_relative_link_left(tmp_path: Path) -> None:
    written = (PROJECT / "README.md").read_text(encoding="utf-8")
    completed = metadata(tmp_path, ADDRESS).readme
    assert "](docs/" in written
    led = completed.count(f"]({FILES}/docs/") + completed.count(f"]({RAW}/docs/")
    assert led == written.count("](docs/")
    assert "](docs/" not in completed
