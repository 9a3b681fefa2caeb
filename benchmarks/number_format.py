"""Numbers as text, for the page and the terminal."""

from __future__ import annotations

from math import floor, log10

from benchmarks.cases import Figure

SIGNS = {"us": "µs", "x": "×"}
SIGNIFICANT = 3
MOST_DIGITS = 6


def number(value: float, unit: str = "", digits: int = SIGNIFICANT) -> str:
    """Return a value with its significant digits; per cent get one more, for values near 100 %."""
    if value == int(value):
        return f"{int(value):,}"
    places = digits - 1 if unit == "%" else digits - 1 - floor(log10(abs(value)))
    return f"{value:,.{max(places, 0)}f}"


def amount(value: float, unit: str = "", digits: int = SIGNIFICANT) -> str:
    """Return a value with its unit."""
    return f"{number(value, unit, digits)} {SIGNS.get(unit, unit)}".rstrip()


def measured(figure: Figure) -> str:
    """Return the value of a figure, with enough digits to show whether it meets its goal."""
    for digits in range(SIGNIFICANT, MOST_DIGITS):
        shown = float(number(figure.value, figure.unit, digits).replace(",", ""))
        if figure.goal is None or figure.goal.met_by(shown) == figure.met:
            return amount(figure.value, figure.unit, digits)
    return amount(figure.value, figure.unit, MOST_DIGITS)


def goal(figure: Figure) -> str:
    """Return the goal of a figure, or ``""``."""
    if figure.goal is None:
        return ""
    relation = {"<=": "≤ ", ">=": "≥ ", "=": ""}[figure.goal.relation]
    return relation + amount(figure.goal.value, figure.unit)


def verdict(figure: Figure) -> str:
    """Return whether a figure meets its goal, as Markdown."""
    return {True: "met", False: "**missed**", None: ""}[figure.met]
