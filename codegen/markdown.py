"""Escape plain text so that Markdown shows it unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from codegen.render import paragraphs

SPECIAL = re.compile(r"[\\`*\[\]<>|]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])|~(?=~)|&(?=#?\w+;)")
"""The markup characters inside a line. An underscore inside a word is not one."""

OPENING = re.compile(r"^(?=[-+#=])|^(\d+)(?=[.)])")
"""The markup at the start of a line."""


def escape(text: str) -> str:
    """Escape text for use inside a line or a table cell: on one line, without markup."""
    return SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def prose(text: str) -> str:
    """Escape text as paragraphs."""
    lines = (escape(part) for part in paragraphs(text))
    return "\n\n".join(OPENING.sub(lambda found: f"{found[1] or ''}\\", line) for line in lines)


def code(text: str) -> str:
    """Write text as a code span that is safe in a table.

    In a table, ``|`` ends the cell even inside a code span.
    """
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}".replace("|", "\\|")


def linked(text: str, targets: Mapping[str, str]) -> str:
    """Write a Python type as code, with a link for every name that has a target."""
    parts: list[str] = []
    for part in re.split(r"(\w+)", text):
        if part in targets:
            parts.append(f"[{code(part)}]({targets[part]})")
        elif parts and not parts[-1].startswith("["):
            parts[-1] += part
        elif part:
            parts.append(part)
    return "".join(part if part.startswith("[`") else _spaced(part) for part in parts)


def _spaced(part: str) -> str:
    """Write code between links, with outer blanks outside the span, because a span may lose them."""
    inner = part.strip()
    before = part[: len(part) - len(part.lstrip())]
    return f"{before}{code(inner)}{part[len(before) + len(inner) :]}" if inner else part


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table of Markdown cells. Empty columns are omitted."""
    listed = [list(row) for row in rows]
    kept = [index for index in range(len(heads)) if any(row[index] for row in listed)]
    lines = [
        [heads[index] for index in kept],
        ["---" for _ in kept],
        *([row[index] for index in kept] for row in listed),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
