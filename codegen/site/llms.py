"""Write ``llms.txt``: what the library is, how to use it, and which pages there are, for language models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

LARGEST = 20_000
"""Bytes."""

LINE = 180
"""The longest description of a page."""

RULES = """\
- `from aioemnify import Emnify`; `async with Emnify(application_token=...) as emnify`.
- `aioemnify.blocking` has the same client without an event loop.
- Each operation is a method of its group: `await emnify.sims.get(7)`. Path values first, then the body;
  everything else is keyword-only. Bodies are models or mappings; only what is named is sent.
- Lists are lazy: `await emnify.sims.list()` is one page, `async for sim in emnify.sims.list()` all items.
  Filters: `list(filter={"status": "activated"}, sort="-id")`.
- Do not write retries, sleeps or rate limits: the client has them. `CallOptions(deadline=2.0)` bounds a call.
- Every failure is an `aioemnify.errors.EmnifyError`.
- Many calls: `emnify.endpoints.update_many(rows)` or `aioemnify.fleet.Job`.
- Whole lists, while they change: `emnify.sims.sweep()`.
- Tests: the pytest fixture `emnify`, or `aioemnify.simulator.Simulator`, needs no account.
"""


def llms_text(docs: Path, nav: Sequence[object]) -> str:
    """Return the text.

    Args:
        docs: The folder of the Markdown pages.
        nav: The navigation of the site.
    """
    lines = ["# aioemnify", "", f"> {_first(docs / 'index.md')}", "", RULES]
    for entry in nav:
        ((title, content),) = entry.items() if isinstance(entry, dict) else [("More", entry)]
        lines += [f"## {title}", ""]
        for name, path in pages_of({title: content}):
            shown = name if name != path else _title(docs / path)
            lines.append(f"- [{shown}]({path.removesuffix('.md')}.html): {_first(docs / path)}")
        lines.append("")
    lines += ["## Operations", "", *_operations(docs / "reference"), ""]
    return "\n".join(lines)


def _operations(reference: Path) -> Iterator[str]:
    """Yield the methods of each group."""
    for page in sorted(reference.glob("*.md")):
        names = re.findall(r"^### emnify\.\w+\.(\w+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        if names:
            yield f"- `emnify.{page.stem}`: {', '.join(names)}"


def _title(page: Path) -> str:
    found = re.search(r"^# (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else page.stem


def pages_of(entry: object, title: str = "") -> Iterator[tuple[str, str]]:
    """Yield title and path of each page of a navigation."""
    if isinstance(entry, str):
        yield title or entry, entry
    elif isinstance(entry, dict):
        for name, content in entry.items():
            yield from pages_of(content, name)
    elif isinstance(entry, list):
        for one in entry:
            yield from pages_of(one, title)


def _first(page: Path) -> str:
    """Return the first sentence of a page, without markup; a page without prose has its title."""
    markup = re.compile(r"<!--.*?-->|^```.*?^```$", flags=re.DOTALL | re.MULTILINE)
    text = markup.sub("", page.read_text(encoding="utf-8"))
    parts = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    prose = [part for part in parts if part and not re.match(r"[#|!\-]|\d\.|\[All ", part)]
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", prose[0] if prose else _title(page)).replace("\\", "")
    sentence = re.split(r"(?<=[.!?])\s", plain)[0].rstrip(":")
    return sentence if len(sentence) <= LINE else f"{sentence[:LINE].rsplit(' ', 1)[0]} …"
