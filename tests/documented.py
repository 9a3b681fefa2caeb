"""Find the Python and shell blocks of README.md, CONTRIBUTING.md and docs/, and those that are not run.

A comment ``<!-- not run: the reason -->`` before a block, or before the heading of a page, says why.
``python -m tests.documented`` lists both kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PYTHON = {"python", "py", "pycon"}
SHELL = {"bash", "console", "sh", "shell"}
ELSEWHERE = {
    "command-line": "tests/cli/test_pages.py",
    "commands": "tests/cli/test_pages.py",
    "hosts": "tests/fleet/hosts/test_hosts_page.py",
}
"""The pages and folders whose blocks another test runs, in order and with a home of their own."""

MARK = re.compile(r"<!-- not run: (.+?) -->")
BLOCK = re.compile(
    r"^(?:<!-- not run: (?P<reason>.+?) -->\n+)?(?P<indent> *)```(?P<language>\w+)\n(?P<text>.*?)^ *```$",
    flags=re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A block: where it is, what it is, and why it is not run, if it is not."""

    page: str
    number: int
    language: str
    text: str
    reason: str | None

    @property
    def name(self) -> str:
        return f"{self.page}{'-sh' if self.language in SHELL else ''}-{self.number}"

    @property
    def runs_as(self) -> str:
        """Return how: as tests, a program, a part of one, a server or a script; or by which other test."""
        if elsewhere := ELSEWHERE.get(self.page.partition("/")[0]):
            return elsewhere
        if self.language in SHELL:
            *_, last = self.text.strip().splitlines()
            return "server" if re.fullmatch(r"aioemnify-simulator( --[^>&|]*)?", last) else "script"
        if re.search(r"^(?:async )?def test_", self.text, re.MULTILINE):
            return "tests"
        return "program" if "asyncio.run(" in self.text else "part"


def pages() -> Iterator[Path]:
    yield PROJECT / "README.md"
    yield PROJECT / "CONTRIBUTING.md"
    yield from sorted((PROJECT / "docs").rglob("*.md"))


def blocks_of(page: str, text: str) -> Iterator[Block]:
    """Yield the blocks of a page, numbered by language."""
    head = MARK.search(text.partition("\n# ")[0]) if not text.startswith("# ") else None
    counts = {"python": 0, "sh": 0}
    for found in BLOCK.finditer(text):
        language = found["language"]
        if language not in PYTHON | SHELL:
            continue
        kind = "python" if language in PYTHON else "sh"
        counts[kind] += 1
        reason = found["reason"] or (head and head[1])
        yield Block(page, counts[kind], language, found["text"], reason)


def blocks() -> list[Block]:
    """Return all blocks."""
    return [
        block
        for page in pages()
        if page.is_file()
        for block in blocks_of(
            page.relative_to(PROJECT).as_posix().removesuffix(".md").removeprefix("docs/"),
            page.read_text(encoding="utf-8"),
        )
    ]


def listing() -> str:
    """Return which blocks run and how, and why the others do not."""
    found = blocks()
    run = [f"{one.name}: {one.runs_as}" for one in found if one.reason is None]
    reasons: dict[tuple[str, str], int] = {}
    for one in found:
        if one.reason is not None:
            key = (one.page, one.reason)
            reasons[key] = reasons.get(key, 0) + 1
    left = [f"{page}: {count} not run: {reason}" for (page, reason), count in reasons.items()]
    return "\n".join([f"{len(run)} blocks run", *run, "", f"{len(found) - len(run)} do not", *left])


if __name__ == "__main__":
    print(listing())
