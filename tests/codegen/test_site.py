"""The checks of the site find what they are for, and the navigation has every page."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from codegen.site.__main__ import completed, far_away
from codegen.site.html import LARGEST_PAGE, faults, foreign_in_styles, reached, read_pages, target
from codegen.site.llms import LARGEST, llms_text, pages_of

PROJECT = Path(__file__).parents[2]
CONFIG = tomllib.loads((PROJECT / "zensical.toml").read_text(encoding="utf-8"))["project"]


def site(folder: Path, **pages: str) -> Path:
    """Write pages, of which the first one is ``index``."""
    for name, body in pages.items():
        file = folder / f"{name.replace('__', '/')}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return folder


def found(folder: Path) -> list[str]:
    return list(faults(folder, read_pages(folder)))


def test_good_links_are_no_faults(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text("")
    site(
        tmp_path,
        index='<a href="deep/b.html#x">b</a><a href="#here">.</a><p id="here"><a href="https://other.example/">o</a>'
        '<script src="app.js"></script><img src="data:image/png;base64,">',
        deep__b='<h2 id="x"><a href="../index.html">up</a><a href="./b.html">self</a>',
    )
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="gone.html">x</a>', "index.html: gone.html: there is no such file"),
        ('<a href="#gone">x</a>', "index.html: #gone: index.html has no such anchor"),
        ('<a href="b.html#gone">x</a>', "index.html: b.html#gone: b.html has no such anchor"),
        ('<img src="gone.png">', "index.html: gone.png: there is no such file"),
        (
            '<script src="https://cdn.example/a.js"></script>',
            "index.html: https://cdn.example/a.js is loaded from another host",
        ),
        ('<img src="//cdn.example/a.png">', "index.html: //cdn.example/a.png is loaded from another host"),
        (
            '<link rel="stylesheet" href="https://fonts.example/a.css">',
            "index.html: https://fonts.example/a.css is loaded from another host",
        ),
    ],
)
def test_faults_are_found(tmp_path: Path, body: str, fault: str) -> None:
    assert found(site(tmp_path, index=body, b="<p>")) == [fault]


def test_large_pages_are_found(tmp_path: Path) -> None:
    (fault,) = found(site(tmp_path, index="x" * LARGEST_PAGE))
    assert fault.startswith("index.html: 300,026 bytes")


def test_styles_that_load_from_other_hosts_are_found(tmp_path: Path) -> None:
    text = "a{b:url(c.woff)} d{e:url('https://fonts.example/f.woff')} g{h:url(data:x)}"
    (tmp_path / "main.css").write_text(text, encoding="utf-8")
    assert list(foreign_in_styles(tmp_path)) == [
        "main.css: https://fonts.example/f.woff is loaded from another host"
    ]


def test_clicks_are_counted_from_the_first_page(tmp_path: Path) -> None:
    site(
        tmp_path,
        index='<a href="a.html">a</a>',
        a='<a href="b.html#x">b</a>',
        b='<p id="x"><a href="#y">y</a>',
    )
    near = reached(read_pages(tmp_path), clicks=2)
    assert ("b.html", "x") in near
    assert ("b.html", "y") not in near


@pytest.mark.parametrize(
    ("page", "link", "expected"),
    [
        ("index.html", "a.html#b", ("a.html", "b")),
        ("deep/a.html", "../b.html", ("b.html", "")),
        ("deep/a.html", "#c%20d", ("deep/a.html", "c d")),
        ("deep/a.html", "/b.html", ("b.html", "")),
        ("index.html", "mailto:a@b.example", None),
        ("index.html", "//other.example/a", None),
    ],
)
def test_targets(page: str, link: str, expected: tuple[str, str] | None) -> None:
    assert target(page, link) == expected


def test_the_navigation_has_every_page_once() -> None:
    docs = PROJECT / "docs"
    commands = (docs / "commands" / "index.md").read_text(encoding="utf-8")
    whole = completed(
        (PROJECT / "zensical.toml").read_text(encoding="utf-8"), commands, "https://code.example/"
    )
    project = tomllib.loads(whole)["project"]
    assert project["repo_url"] == "https://code.example/"
    listed = [path for entry in project["nav"] for _, path in pages_of(entry)]
    there = [file.relative_to(docs).as_posix() for file in docs.rglob("*.md")]
    assert sorted(listed) == sorted(there), "list new pages under nav in zensical.toml"


def test_pages_and_names_that_are_far_away_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    reference = tmp_path / "docs" / "reference" / "library"
    reference.mkdir(parents=True)
    lines = ["- [`aioemnify.Near`](client.md#near)", "- [`emnify.sims.far`](../sims.md#far)"]
    (reference / "names.md").write_text("\n".join(lines), encoding="utf-8")
    site(
        folder,
        index='<a href="a.html">a</a>',
        a='<a href="reference/library/client.html#near">c</a>',
        reference__library__client='<h2 id="near"><a href="../sims.html#far">s</a>',
        reference__sims='<h2 id="far">',
    )
    assert list(far_away(tmp_path / "docs", read_pages(folder))) == [
        "reference/sims.html: more than 2 clicks from the first page",
        "- [`emnify.sims.far`](../sims.md#far): more than 2 clicks from the first page",
    ]


def test_llms_txt_is_small_and_names_every_group() -> None:
    text = llms_text(PROJECT / "docs", CONFIG["nav"])
    assert len(text.encode()) <= LARGEST
    assert "- `emnify.sims`: " in text
    assert "(tutorial.html): " in text
    assert "](reference/endpoints.html): " in text


def test_code_in_tables_shows_pipes() -> None:
    markdown = pytest.importorskip(
        "markdown", reason="needs markdown, which the dependency group tests installs"
    )
    page = "| a | b |\n|---|---|\n| `int \\| None` | `\\d` |\n\n`x \\| y`\n"
    made = markdown.markdown(page, extensions=["tables", "codegen.site.table_pipes"])
    assert "<code>int | None</code>" in made
    assert "<code>\\d</code>" in made
    assert "<code>x \\| y</code>" in made
