"""The badges of README.md: facts of this project, as SVG files that need no other host."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from html import escape

from aioemnify import OPERATIONS
from pictures import ROOT

HEIGHT, PADDING, SIZE = 20, 7, 11
WIDTHS = {**dict.fromkeys(" ,.:fijlrt", 3.9), **dict.fromkeys("mwMW≥", 9.0)}
LETTER = 6.4
"""The widths of letters, which fonts nearly agree on; the text is fitted to them, whatever font there is."""


def facts() -> dict[str, tuple[str, str]]:
    """Return label and value of each badge by its name, read from ``pyproject.toml`` and the operations."""
    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = found["project"]
    frameworks = [
        name.rpartition(" :: ")[2].lower()
        for name in project["classifiers"]
        if name in ("Framework :: AsyncIO", "Framework :: Trio")
    ]
    typed = "strict" if found["tool"]["mypy"]["strict"] else "yes"
    return {
        "python": ("Python", project["requires-python"].replace(">=", "≥ ")),
        "frameworks": ("runs on", ", ".join(frameworks)),
        "typed": ("typed", typed),
        "operations": ("operations", str(len(OPERATIONS))),
        "license": ("license", project["license"]),
    }


def badges() -> Mapping[str, str]:
    """Return the SVG of each badge by its file name."""
    return {f"{name}.svg": badge(*fact) for name, fact in facts().items()}


def badge(label: str, value: str) -> str:
    """Draw a badge: white on dark grey and blue, so that it reads on light and dark pages."""
    left, right = (round(sum(WIDTHS.get(one, LETTER) for one in text)) for text in (label, value))
    middle, width = left + 2 * PADDING, left + right + 4 * PADDING

    def text(of: str, x: float, length: int) -> str:
        fitted = f'textLength="{length}" lengthAdjust="spacingAndGlyphs"'
        return f'<text x="{x:g}" y="14" {fitted}>{escape(of)}</text>'

    font = f'font-family="system-ui,Verdana,sans-serif" font-size="{SIZE}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" role="img" '
        f'aria-label="{escape(label)}: {escape(value)}">\n'
        f"<title>{escape(label)}: {escape(value)}</title>\n"
        f'<rect width="{width}" height="{HEIGHT}" rx="4" fill="#0b5cad"/>\n'
        f'<path d="M4 0H{middle}V{HEIGHT}H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z" fill="#4a5058"/>\n'
        f'<g fill="#fff" {font} text-anchor="middle">\n'
        f"{text(label, middle / 2, left)}\n"
        f"{text(value, middle + (width - middle) / 2, right)}\n"
        "</g>\n</svg>\n"
    )
