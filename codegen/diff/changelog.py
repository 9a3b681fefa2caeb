"""Write changes as Markdown to paste into a changelog."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from codegen.diff.changes import SECTIONS, Change
from codegen.render import WIDTH


def changelog(changes: Iterable[Change]) -> str:
    """Return the changes under the headings of Keep a Changelog, or an empty text if there are none.

    Breaking changes come first under each heading.
    """
    every = list(changes)
    parts: list[str] = []
    for section in SECTIONS:
        listed = [change for change in every if change.section == section and not change.reworded]
        lines = [_bullet(f"**Breaking:** {change.text}") for change in listed if change.breaking]
        lines += [_bullet(change.text) for change in listed if not change.breaking]
        reworded = sum(change.section == section and change.reworded for change in every)
        if reworded:
            lines.append(f"- {reworded} description{'s' if reworded > 1 else ''} reworded.")
        if lines:
            parts.append("\n".join([f"### {section}", "", *lines, ""]))
    return "\n".join(parts)


def _bullet(text: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent="- ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
