"""The reference of the hand-written library has every public name once, and its examples are Python."""

from __future__ import annotations

import re
import textwrap
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from codegen.library.docstrings import blocks
from codegen.library.names import public_modules
from codegen.library.pages import library_pages, slug

PROJECT = Path(__file__).parents[2]
SOURCE = PROJECT / "src" / "aioemnify"
PAGES = {
    file.name: file.read_text(encoding="utf-8")
    for file in sorted((PROJECT / "docs" / "reference" / "library").glob("*.md"))
}
HEADINGS = {
    name: re.findall(r"^## (\S+)$", text, re.MULTILINE)
    for name, text in PAGES.items()
    if name not in {"index.md", "names.md"}
}
IMPORTS = [
    found
    for text in PAGES.values()
    for found in re.findall(r"^`from (\S+) import (\w+)`$", text, re.MULTILINE)
]


def documented() -> list[object]:
    """Return the objects that have a section."""
    return [getattr(import_module(module), name) for module, name in IMPORTS]


@pytest.mark.parametrize("module", list(public_modules(SOURCE)))
def test_every_public_name_has_a_section(module: str) -> None:
    names = import_module(module).__all__
    there = documented()
    values = {name: getattr(import_module(module), name) for name in names}
    missing = [
        name
        for name, value in values.items()
        if not isinstance(value, ModuleType) and not any(value is one for one in there)
    ]
    assert missing == []


def test_no_name_has_two_sections() -> None:
    assert sorted(IMPORTS) == sorted(set(IMPORTS))
    for name, headings in HEADINGS.items():
        assert sorted(map(slug, headings)) == sorted(set(map(slug, headings))), name


@pytest.mark.parametrize("page", PAGES)
def test_examples_are_python(page: str) -> None:
    for sample in re.findall(r"^```python\n(.*?)^```$", PAGES[page], re.MULTILINE | re.DOTALL):
        sample = f"async def part() -> None:\n{textwrap.indent(sample, '    ')}"  # it may await or yield
        compile(sample, page, "exec")


def test_a_new_module_gets_a_page_of_its_own(tmp_path: Path) -> None:
    for file in SOURCE.rglob("*.py*"):
        if file.suffix in {".py", ".pyi"} and "models" not in file.parts:
            there = tmp_path / file.relative_to(SOURCE)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(file.read_bytes())
    text = '"""Weigh."""\n\n__all__ = ["Scale"]\n\n\nclass Scale:\n    """Weigh a SIM."""\n'
    (tmp_path / "weighing.py").write_text(text, encoding="utf-8")
    pages = library_pages(tmp_path, {}, {}, {})
    assert "## Scale\n" in pages["weighing.md"]
    assert "(weighing.md#scale)" in pages["index.md"]
    assert "- [`aioemnify.weighing.Scale`](weighing.md#scale)\n" in pages["names.md"]


def test_docstrings_become_markdown() -> None:
    text = "Take ``a|b`` or *c*::\n\n    x = 1\n\n    y = 2\n\nThen:\n\n- one\n  more\n- two"
    assert blocks(text) == (
        "Take `a\\|b` or \\*c\\*:\n\n```python\nx = 1\n\ny = 2\n```\n\nThen:\n\n- one more\n- two"
    )


def test_anchors_are_those_of_the_site() -> None:
    assert slug("emnify.sims.get_stats") == "emnifysimsget_stats"
    assert slug("Pages.first") == "pagesfirst"
