"""Writes the page and its plots."""

from __future__ import annotations

from pathlib import Path

import jinja2

from benchmarks import RESULTS
from benchmarks.page import plots
from benchmarks.page.content import content
from benchmarks.page.results import Results, load

DOCS = Path(__file__).parents[2] / "docs"
TEMPLATES = Path(__file__).parent
ORDER = ("client", "startup", "limiters", "throttling", "simulator")
"""The suites as the page has them; one that is not named here comes after these."""


def kept(folder: Path = RESULTS) -> Results:
    """Read what the last full run found."""
    return load(folder, ORDER)


def markdown(results: Results) -> str:
    """Return the page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # it is Markdown
    )
    page = environment.get_template("performance.md.jinja").render(content(results))
    return page.rstrip() + "\n"


def write(results: Path = RESULTS, docs: Path = DOCS) -> list[Path]:
    """Write the page and its plots into ``docs``; return the files."""
    found = kept(results)
    drawn = plots.draw(found, docs / "performance")
    docs.mkdir(parents=True, exist_ok=True)
    page = docs / "performance.md"
    page.write_text(markdown(found), encoding="utf-8")
    return [page, *drawn]
