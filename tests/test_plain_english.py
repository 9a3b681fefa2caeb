"""The texts of the project are plain English: no file contains a phrase of our old private dialect.

A match is searched in the whole text of a file, across line breaks, comment marks and the quotes of a
string that continues on the next line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]

ROOTS = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "RELEASING.md",
    "SECURITY.md",
    "codegen",
    "docs",
    "examples",
    "noxfile.py",
    "pictures",
    "schema",
    "benchmarks",
    "src/aioemnify",
)
"""The files and folders whose texts are scanned."""

KINDS = {".css", ".html", ".jinja", ".js", ".lua", ".md", ".py", ".yaml"}

PHRASES = {
    r"(?<!there\s)is no (?!longer|more)": "is not a",
    "(?:was|were) surely not|surely (?:was|were) not": "certainly was not",
    "a hair (?:later|earlier|before|past)": "one epsilon past",
    "against all custom": "contrary to convention",
    "anew": "again",
    "as new for each": "fresh for every",
    "at the least": "at least",
    "at the most": "at most",
    "brought along": "user-supplied",
    "errand": "request",
    "gets its share": "is never starved",
    "in clear": "in plain text",
    "last yard": "-",
    "(?:is|are) told": "is called, receives, reports",
    "kept ahead of time": "calls wait on the client before they would exceed a limit",
    "lets? go of": "closes",
    "may never be wrong|is never wrong": "is the safe side",
    "nobody can tell": "this is safe",
    "says? the same thing": "pass one of them, not both",
    "stays? yours": "the caller closes it",
    "twice equals once": "idempotent",
    "unless (?:told|said) otherwise": "by default",
    "whatever has befallen": "-",
    "with an eye on": "with a timeout",
}
"""What a text must not contain, and the plain words for it."""

GAP = r"""(?:[\s#]|["']\s*\n\s*[rbf]*["'])++"""
END = r"(?:(?<!\w)|\b)"  # the phrase may end in a blank
DIALECT = {phrase: re.compile(rf"\b(?:{phrase.replace(' ', GAP)}){END}", re.IGNORECASE) for phrase in PHRASES}


def files() -> Iterator[Path]:
    for root in ROOTS:
        path = PROJECT / root
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in KINDS:
                yield file


def findings(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the phrase and the plain words of every match."""
    for phrase, pattern in DIALECT.items():
        for found in pattern.finditer(text):
            yield text.count("\n", 0, found.start()) + 1, " ".join(found[0].split()), PHRASES[phrase]


def test_no_text_contains_dialect() -> None:
    faults = [
        f"{file.relative_to(PROJECT)}:{line}: {phrase!r}: write {plain!r}"
        for file in files()
        for line, phrase, plain in findings(file.read_text(encoding="utf-8"))
    ]
    assert faults == []


@pytest.mark.parametrize("root", ROOTS)
def test_every_root_exists(root: str) -> None:
    assert (PROJECT / root).exists()


@pytest.mark.parametrize(
    "text",
    [
        "x is no list",
        'f"it is no {kind}"',
        "one\n# which is\n# no list\n",
        'raise Fault(f"{x!r} is "\n    f"no list")',
        "Three at\nthe most.",
        "Authenticate anew.",
        "It was surely not processed.",
    ],
)
def test_dialect_is_found_across_line_breaks(text: str) -> None:
    assert len(list(findings(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "It is no  longer there.",
        "if x is not None:",
        "It is no more than five.",
        "If there is no list,",
        "renewed",
        "at most three",
    ],
)
def test_plain_english_passes(text: str) -> None:
    assert list(findings(text)) == []
