"""Lay changes out as Markdown, ready to be pasted into a changelog."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from codegen.diff.changes import SECTIONS, Change
from codegen.render import WIDTH


def changelog(changes: Iterable[Change]) -> str:
    """Return the changes below the headings of Keep a Changelog; nothing where there are none.

    Below each heading the breaking ones come first.
    """
    every = list(changes)
    parts: list[str] = []
    for section in SECTIONS:
        told = [change for change in every if change.section == section and not change.reworded]
        lines = [_bullet(f"**Breaking:** {change.text}") for change in told if change.breaking]
        lines += [_bullet(change.text) for change in told if not change.breaking]
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
