"""Write plain words as Markdown that shows them unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from codegen.render import paragraphs

SPECIAL = re.compile(r"[\\`*\[\]<>|]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])|~(?=~)|&(?=#?\w+;)")
"""What means something inside a line. An underscore inside a word does not."""

OPENING = re.compile(r"^(?=[-+#=])|^(\d+)(?=[.)])")
"""What means something at the beginning of a line."""


def escape(text: str) -> str:
    """Write words for a place inside a line or a table: on one line, with nothing left that is markup."""
    return SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def prose(text: str) -> str:
    """Write words as paragraphs of their own."""
    lines = (escape(part) for part in paragraphs(text))
    return "\n\n".join(OPENING.sub(lambda found: f"{found[1] or ''}\\", line) for line in lines)


def code(text: str) -> str:
    """Write text as a code span that may stand in a table.

    A table takes ``|`` for the end of a cell even inside a code span.
    """
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}".replace("|", "\\|")


def linked(text: str, targets: Mapping[str, str]) -> str:
    """Write a Python type as code, in which every name that has a target is a link."""
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
    """Write code between links, its outer blanks outside the span: a span may lose them."""
    inner = part.strip()
    before = part[: len(part) - len(part.lstrip())]
    return f"{before}{code(inner)}{part[len(before) + len(inner) :]}" if inner else part


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; the cells are Markdown already. Columns that say nothing at all are left out."""
    listed = [list(row) for row in rows]
    kept = [index for index in range(len(heads)) if any(row[index] for row in listed)]
    lines = [
        [heads[index] for index in kept],
        ["---" for _ in kept],
        *([row[index] for index in kept] for row in listed),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
