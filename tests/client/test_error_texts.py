"""Error texts are plain English: every text of the library is read, and the words we avoid are refused."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import aioemnify

SOURCE = Path(str(aioemnify.__file__)).parent
FILES = sorted(SOURCE.rglob("*.py"))

REFUSED = re.compile(
    r"(?<!there )\b(?:is|are|was|were) no\b(?! longer| more)|\bat the (?:most|least)\b"
    r"|\b(?:brought|bring) along\b|\bin clear\b"
    r"|\banew\b|\blets? go of\b|\bis told\b|\bsays? the same\b|\bwith an eye on\b|\bagainst all custom\b"
    r"|\bstays yours\b|\bis taken as\b|\bbefall|\bpac(?:e|es|ed|ing)\b",
    re.IGNORECASE,
)


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of every string but docstrings; an f-string is read without its values."""
    if isinstance(tree, ast.JoinedStr):
        constants = [part.value if isinstance(part, ast.Constant) else "{}" for part in tree.values]
        yield tree.lineno, "".join(map(str, constants))
    elif isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.lineno, tree.value
    for child in ast.iter_child_nodes(tree):
        docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if not docstring and not (isinstance(tree, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from texts(child)


def refused(source: str) -> list[str]:
    return [
        f"line {line}: {text!r}: {found.group()}"
        for line, text in texts(ast.parse(source))
        for found in REFUSED.finditer(text)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_texts_are_plain_english(path: Path) -> None:
    assert refused(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('raise ValueError("x is no list")', 1),
        ('raise ValueError(f"{x} is no {y}")', 1),
        ('raise ValueError(f"{x} " "is no" f" {y}, 5 at the most")', 2),
        ('problem = "made anew"', 1),
        ('raise ValueError("x is no longer there")', 0),
        ('raise ValueError("There is no such SIM")', 0),
        ('"""It is no list."""', 0),
        ('def f():\n    """It is no list."""', 0),
        ('"x: no list"', 0),
    ],
)
def test_the_check_finds_what_it_looks_for(source: str, count: int) -> None:
    assert len(refused(source)) == count
