"""Numbers as the page writes them."""

from __future__ import annotations

from math import floor, log10

from benchmarks.cases import Figure

SIGNS = {"us": "µs", "x": "×"}
SIGNIFICANT = 3
MOST_DIGITS = 6


def number(value: float, unit: str = "", digits: int = SIGNIFICANT) -> str:
    """Return a value with the digits that matter: more of them for a share, whose end is near 100 %."""
    if value == int(value):
        return f"{int(value):,}"
    places = digits - 1 if unit == "%" else digits - 1 - floor(log10(abs(value)))
    return f"{value:,.{max(places, 0)}f}"


def amount(value: float, unit: str = "", digits: int = SIGNIFICANT) -> str:
    """Return a value and what it counts."""
    return f"{number(value, unit, digits)} {SIGNS.get(unit, unit)}".rstrip()


def measured(figure: Figure) -> str:
    """Return what was measured, with as many digits as show on which side of its goal it lies."""
    for digits in range(SIGNIFICANT, MOST_DIGITS):
        shown = float(number(figure.value, figure.unit, digits).replace(",", ""))
        if figure.goal is None or figure.goal.met_by(shown) == figure.met:
            return amount(figure.value, figure.unit, digits)
    return amount(figure.value, figure.unit, MOST_DIGITS)


def aim(figure: Figure) -> str:
    """Return the goal of a figure."""
    if figure.goal is None:
        return ""
    relation = {"<=": "≤ ", ">=": "≥ ", "=": ""}[figure.goal.relation]
    return relation + amount(figure.goal.value, figure.unit)


def verdict(figure: Figure) -> str:
    """Return whether a figure reaches its goal."""
    return {True: "met", False: "**missed**", None: ""}[figure.met]
