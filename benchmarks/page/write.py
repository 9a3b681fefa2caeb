"""Write the page and its plots."""

from __future__ import annotations

from pathlib import Path

import jinja2

from benchmarks import RESULTS, ROOT, SUITES
from benchmarks.page import plots
from benchmarks.page.content import content
from benchmarks.result_files import Results, load

DOCS = ROOT / "docs"


def stored(folder: Path = RESULTS) -> Results:
    """Read the results of the last full run."""
    return load(folder, SUITES)


def markdown(results: Results) -> str:
    """Return the page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
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
    found = stored(results)
    drawn = plots.draw(found, docs / "performance")
    page = docs / "performance.md"
    page.write_text(markdown(found), encoding="utf-8")
    return [page, *drawn]
