"""The plots of the page: which figures each shows. One whose figures are not there is not drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import frozen

from benchmarks.cases import Figure
from benchmarks.page.results import Results
from benchmarks.page.tables import is_ours, parts

Draw = Callable[[Path, str, Sequence[Figure]], bool]
"""Draws figures into a file with a title; says whether there were any to draw."""


@frozen
class Plot:
    """A file, what it shows in words, where on the page it stands, and how it is drawn."""

    name: str
    words: str
    suite: str
    case: str
    draw: Draw


def of(quantity: str, figures: Sequence[Figure]) -> dict[str, Figure]:
    """Return the figures of a quantity by contestant."""
    return {parts(one)[0]: one for one in figures if parts(one)[1] == quantity and parts(one)[0]}


def side_by_side(*quantities: str, more: bool = False) -> Draw:
    """Return what draws bars of some quantities, the best of the first one on top."""

    def draw(path: Path, words: str, figures: Sequence[Figure]) -> bool:
        from benchmarks.page import drawing
        from benchmarks.page.numbers import measured

        found = {quantity: of(quantity, figures) for quantity in quantities}
        first = found[quantities[0]]
        order = sorted(first, key=lambda name: first[name].value, reverse=more)
        if not order:
            return False
        # What is counted in something else, such as refusals beside seconds, has no place among the bars.
        unit = first[order[-1]].unit
        order = [name for name in order if first[name].unit == unit]
        panels = [
            drawing.Panel(
                quantity,
                [
                    drawing.Bar(name, one.value, is_ours(name), measured(one))
                    for name in order
                    if (one := by.get(name)) is not None
                ],
            )
            for quantity, by in found.items()
            if by
        ]
        drawing.bars(path, words, panels)
        return True

    return draw


def against(pattern: str, x: str, y: str, unit: str) -> Draw:
    """Return what draws a line for each contestant: ``pattern`` finds the number in a figure's name.

    Its groups ``who`` and ``x`` are the contestant and the number.
    """

    def draw(path: Path, words: str, figures: Sequence[Figure]) -> bool:
        from benchmarks.page import drawing

        points: dict[str, list[tuple[float, float]]] = {}
        for one in figures:
            if found := re.fullmatch(pattern, one.what):
                place = float(found["x"].replace(",", ""))
                points.setdefault(found["who"].strip(" ,:"), []).append((place, one.value))
        every = [
            drawing.Line(name, sorted(line), is_ours(name)) for name, line in points.items() if len(line) > 1
        ]
        if not every:
            return False
        drawing.lines(path, words, every, x=x, y=y, unit=unit)
        return True

    return draw


PLOTS: Sequence[Plot] = (
    Plot(
        "decode",
        "Time to read a page of 1,000 SIMs, beside msgspec's own classes",
        "client",
        "decode",
        side_by_side("by msgspec Struct"),
    ),
    Plot(
        "walk",
        "CPU and peak memory of a walk over 50,000 SIMs, all kept",
        "client",
        "kept",
        side_by_side("CPU of a walk", "peak memory"),
    ),
    Plot(
        "calls",
        "CPU of one small call, at 1, 20 and 100 in flight",
        "client",
        "calls",
        against(
            r"(?P<who>raw \w+ \+ msgspec|aioemnify over \w+): CPU of a call, (?P<x>[\d,]+) in flight",
            "calls in flight",
            "CPU of one call, µs",
            "us",
        ),
    ),
    Plot(
        "fleet",
        "CPU of one SIM, over the size of the fleet",
        "client",
        "million",
        against(
            r"(?P<who>.+): CPU of a SIM of (?P<x>[\d,]+)", "SIMs in the fleet", "CPU of one SIM, µs", "us"
        ),
    ),
    Plot(
        "prefetch",
        "Seconds of a walk over pages that take 150 ms each, under two limits",
        "client",
        "prefetch",
        side_by_side("10/s, burst 5", "100/s, burst 50"),
    ),
    Plot(
        "import",
        "CPU of an import in a fresh process",
        "startup",
        "import",
        side_by_side("CPU"),
    ),
    Plot(
        "waiters",
        "CPU of one waiting call, over how many wait",
        "limiters",
        "waiters",
        against(
            r"(?P<who>[^:]+): CPU of each, (?P<x>[\d,]+) waiters", "calls waiting", "CPU of each, µs", "us"
        ),
    ),
    Plot(
        "delay",
        "How much of 10 calls a second is used, and how much is refused, over a network of 2 to 200 ms",
        "limiters",
        "delay",
        side_by_side("used", "refused", more=True),
    ),
)
"""Few: the rest is in the tables."""


def drawn(results: Results) -> list[Plot]:
    """Return the plots whose figures are there, without drawing them."""
    return [plot for plot in PLOTS if results.of_case(plot.suite, plot.case)]


def draw(results: Results, folder: Path) -> list[Path]:
    """Draw what can be drawn; return the files. Plots of earlier results go."""
    for old in folder.glob("*.svg"):
        old.unlink()
    paths = []
    for plot in drawn(results):
        path = folder / f"{plot.name}.svg"
        if not plot.draw(path, plot.words, results.of_case(plot.suite, plot.case)):
            raise ValueError(f"the case {plot.case} of {plot.suite} has no figures for the plot {plot.name}")
        paths.append(path)
    return paths
