"""Build text for all templates: the environment, literals and docstrings."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

import jinja2

TEMPLATES = Path(__file__).parent / "templates"
WIDTH = 110
"""The maximum line length of generated code."""


def literal(value: object) -> str:
    """Write a plain value as Python source, with text in double quotes."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        inner = ", ".join(literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    return repr(value)


def call(name: str, arguments: Iterable[tuple[str, str]]) -> str:
    """Write a call with keyword arguments; their values must be source text."""
    return f"{name}({', '.join(f'{key}={value}' for key, value in arguments)})"


def paragraphs(text: str) -> list[str]:
    """Split prose at blank lines and join the lines of each part."""
    return [" ".join(part.split()) for part in text.strip().split("\n\n") if part.strip()]


def docstring(lines: Iterable[str], indent: int = 4) -> str:
    """Write lines as a docstring that begins where the template puts its first quote.

    Lines longer than the width are wrapped. A line keeps its indent; the entry of a section continues
    four blanks deeper.
    """
    wrapped: list[str] = []
    for line in lines:
        lead = line[: len(line) - len(line.lstrip())]
        deeper = lead + "    " if lead else lead
        wrapped += textwrap.wrap(
            line, WIDTH - indent - 8, subsequent_indent=deeper, break_long_words=False, break_on_hyphens=False
        ) or [""]
    while wrapped and not wrapped[-1]:
        wrapped.pop()
    text = [line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') for line in wrapped]
    if not text:
        return '""""""'
    if text[-1].endswith('"'):
        text[-1] = text[-1][:-1] + '\\"'
    if len(text) == 1:
        return f'"""{text[0]}"""'
    pad = " " * indent
    return '"""' + "\n".join([text[0], *(pad + line if line else "" for line in text[1:])]) + f'\n{pad}"""'


def prose(text: str, indent: int = 4) -> str:
    """Write prose as a docstring, with a blank line between its paragraphs."""
    lines: list[str] = []
    for part in paragraphs(text):
        lines += [part, ""]
    return docstring(lines, indent)


def header(sources: Iterable[str]) -> str:
    """Return the first lines of every generated file."""
    return (
        f"# Generated from {', '.join(sources)} by codegen. Do not edit.\n"
        "# To change it, edit the schema and run: nox -s codegen\n"
    )


MARK = "# Generated from "
"""The first characters of every generated file."""


def environment() -> jinja2.Environment:
    """Return the environment of the resource templates."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    made.filters.update(literal=literal, docstring=docstring, prose=prose)
    return made
