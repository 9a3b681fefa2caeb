"""Read the built pages: their anchors, their links, and what a browser would load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from attrs import define, field

LARGEST_PAGE = 300_000
"""Bytes of the HTML of a page."""

CLICKS = 2
"""How many clicks a name may be away from the first page."""

LOADED = {
    "audio": "src",
    "iframe": "src",
    "img": "src",
    "link": "href",
    "script": "src",
    "source": "src",
    "use": "href",
    "video": "src",
}
"""The attributes whose URLs a browser loads by itself."""


@define
class Page:
    """What a page has and what it refers to."""

    size: int
    anchors: set[str] = field(factory=set)
    links: list[str] = field(factory=list)
    loaded: list[str] = field(factory=list)


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.page.anchors |= {values[name] or "" for name in ("id", "name") if values.get(name)}
        url = values.get(LOADED.get(tag, ""))
        if tag == "a" and values.get("href"):
            self.page.links.append(values["href"] or "")
        elif url and not (tag == "link" and values.get("rel") in {"canonical", "next", "prev"}):
            self.page.loaded.append(url)


def read_pages(folder: Path) -> dict[str, Page]:
    """Return every page of a site by its path."""
    pages: dict[str, Page] = {}
    for file in sorted(folder.rglob("*.html")):
        text = file.read_text(encoding="utf-8")
        page = Page(len(text.encode()))
        _Reader(page).feed(text)
        pages[file.relative_to(folder).as_posix()] = page
    return pages


def target(page: str, link: str) -> tuple[str, str] | None:
    """Return path and anchor of a link on a page; ``None`` for one to another site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    if not path:
        return page, unquote(parts.fragment)
    base = [] if path.startswith("/") else page.split("/")[:-1]
    for part in path.strip("/").split("/"):
        if part == "..":
            base = base[:-1]
        elif part != ".":
            base.append(part)
    return "/".join(base) or "index.html", unquote(parts.fragment)


def faults(folder: Path, pages: Mapping[str, Page]) -> Iterator[str]:
    """Yield what is wrong: broken links, files that are missing or of other hosts, and large pages."""
    for name, page in pages.items():
        if page.size > LARGEST_PAGE:
            yield f"{name}: {page.size:,} bytes, more than {LARGEST_PAGE:,}: split it"
        if name == "404.html":
            continue  # it is served for any path
        for link in page.links:
            to = target(name, link)
            if to is None:
                continue
            path, anchor = to
            if path in pages:
                if anchor and anchor not in pages[path].anchors:
                    yield f"{name}: {link}: {path} has no such anchor"
            elif not (folder / path).is_file():
                yield f"{name}: {link}: there is no such file"
        for url in page.loaded:
            to = target(name, url)
            if to is None:
                if not url.startswith("data:"):
                    yield f"{name}: {url} is loaded from another host"
            elif not (folder / to[0]).is_file():
                yield f"{name}: {url}: there is no such file"


def foreign_in_styles(folder: Path) -> Iterator[str]:
    """Yield what style sheets load from other hosts."""
    for file in sorted(folder.rglob("*.css")):
        text = file.read_text(encoding="utf-8")
        for part in text.split("url(")[1:]:
            url = part.partition(")")[0].strip("'\" ")
            if url.startswith(("http:", "https:", "//")):
                yield f"{file.relative_to(folder)}: {url} is loaded from another host"


def reached(pages: Mapping[str, Page], clicks: int = CLICKS) -> set[tuple[str, str]]:
    """Return the pages and anchors that are at most so many clicks away from the first page."""
    found: set[tuple[str, str]] = {("index.html", "")}
    newest = set(found)
    for _ in range(clicks):
        there = {path for path, _ in newest}
        links = {
            to for path in there if path in pages for link in pages[path].links if (to := target(path, link))
        }
        newest = {one for one in links if one[0] in pages} - found
        found |= newest
    return found
