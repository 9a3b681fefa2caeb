"""Write docstrings as Markdown: double ticks, literal blocks, lists, and the sections of Google's style."""

from __future__ import annotations

import re
import textwrap

from codegen.markdown import code, escape

LITERAL = re.compile(r"``(.+?)``", re.DOTALL)


def inline(text: str) -> str:
    """Write text on one line; what stands in double ticks is code."""
    parts = LITERAL.split(" ".join(text.split()))
    return "".join(code(part) if index % 2 else _escaped(part) for index, part in enumerate(parts))


def _escaped(part: str) -> str:
    """Escape text between code, with its outer blanks."""
    before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return f"{before}{escape(part)}{after}" if part.strip() else part


def blocks(text: str) -> str:
    """Write paragraphs, lists and literal blocks."""
    made: list[str] = []
    literal = False
    for part in re.split(r"\n[ \t]*\n", text.strip("\n")):
        if literal and (part.startswith("    ") or not part.strip()):
            if made and made[-1].endswith("```"):
                made[-1] = f"{made[-1][:-4]}\n\n{textwrap.dedent(part)}\n```"
            else:
                made.append(_fenced(textwrap.dedent(part)))
            continue
        literal = part.rstrip().endswith("::")
        if literal:
            part = part.rstrip()[:-1]
            if part.strip() == ":":
                continue
        made.append(_paragraph(part))
    return "\n\n".join(made)


def _fenced(part: str) -> str:
    """Fence a literal block: a drawing is plain text, everything else is Python."""
    if re.search("[├└│]", part):
        return f"```text\n{part.rstrip().replace('``', '')}\n```"
    return f"```python\n{part.rstrip()}\n```"


def _paragraph(part: str) -> str:
    if not re.match(r"\s*- ", part):
        return inline(part)
    items = re.split(r"\n\s*- ", "\n" + part)
    return "\n".join(f"- {inline(item)}" for item in items if item.strip())
