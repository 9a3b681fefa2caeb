"""The plots of the page, and the figures that each shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import frozen

from benchmarks.cases import Figure
from benchmarks.number_format import measured
from benchmarks.page.tables import is_ours, split
from benchmarks.result_files import Results

Draw = Callable[[Path, str, Sequence[Figure]], bool]
"""Draws figures into a file with a title; returns whether there were any to draw."""


@frozen
class Plot:
    """A plot: its file name, title, suite and cases (the page has it with the first), and how it is drawn."""

    name: str
    title: str
    suite: str
    cases: tuple[str, ...]
    draw: Draw

    def figures(self, results: Results) -> list[Figure]:
        """Return the figures of its cases."""
        return [one for case in self.cases for one in results.of_case(self.suite, case)]


def bars(*quantities: str, more_is_better: bool = False) -> Draw:
    """Return a function that draws bars, one panel for each quantity, sorted by the first."""

    def draw(path: Path, title: str, figures: Sequence[Figure]) -> bool:
        from benchmarks.page import drawing

        found = {quantity: _by_contestant(quantity, figures) for quantity in quantities}
        first = found[quantities[0]]
        order = sorted(first, key=lambda name: first[name].value, reverse=more_is_better)
        if not order:
            return False
        # A panel has one unit: no refusals next to seconds.
        order = [name for name in order if first[name].unit == first[order[-1]].unit]
        panels = [
            drawing.Panel(
                quantity,
                [
                    drawing.Bar(name, by[name].value, is_ours(name), measured(by[name]))
                    for name in order
                    if name in by
                ],
            )
            for quantity, by in found.items()
            if by
        ]
        drawing.bars(path, title, panels)
        return True

    return draw


def _by_contestant(quantity: str, figures: Sequence[Figure]) -> dict[str, Figure]:
    return {split(one)[0]: one for one in figures if split(one)[1] == quantity and split(one)[0]}


def lines(pattern: str, x: str, y: str, unit: str) -> Draw:
    """Return a function that draws a line for each contestant.

    Args:
        pattern: Matches the names of the figures, with the groups ``who`` for the contestant and ``x``.
        x: The label of the x axis.
        y: The label of the y axis.
        unit: The unit of the values.
    """

    def draw(path: Path, title: str, figures: Sequence[Figure]) -> bool:
        from benchmarks.page import drawing

        points: dict[str, list[tuple[float, float]]] = {}
        for one in figures:
            if found := re.fullmatch(pattern, one.what):
                point = float(found["x"].replace(",", "")), one.value
                points.setdefault(found["who"], []).append(point)
        drawn = [
            drawing.Line(name, sorted(line), is_ours(name)) for name, line in points.items() if len(line) > 1
        ]
        if drawn:
            drawing.lines(path, title, drawn, x=x, y=y, unit=unit)
        return bool(drawn)

    return draw


PLOTS: Sequence[Plot] = (
    Plot(
        "decode",
        "Time to decode a page of 1,000 SIMs, relative to msgspec's own classes",
        "client",
        ("decode",),
        bars("relative to msgspec Struct"),
    ),
    Plot(
        "list",
        "CPU time and peak memory of listing 50,000 SIMs and keeping all of them",
        "client",
        ("list-and-keep",),
        bars("CPU", "peak memory"),
    ),
    Plot(
        "calls",
        "CPU time of one small call, with 1, 20 and 100 in flight",
        "client",
        ("concurrent-calls", "calls"),
        lines(
            r"(?P<who>raw \w+ \+ msgspec|aioemnify over \w+): CPU of a call, (?P<x>[\d,]+) in flight",
            "calls in flight",
            "CPU of one call, µs",
            "us",
        ),
    ),
    Plot(
        "fleet",
        "CPU time of one SIM, by the size of the fleet",
        "client",
        ("list-million",),
        lines(r"(?P<who>.+): CPU of a SIM of (?P<x>[\d,]+)", "SIMs in the fleet", "CPU of one SIM, µs", "us"),
    ),
    Plot(
        "prefetch",
        "Seconds to list pages over a network with 150 ms latency, under two limits",
        "client",
        ("prefetch",),
        bars("10/s, burst 5", "100/s, burst 50"),
    ),
    Plot("import", "CPU time of an import in a new process", "startup", ("import",), bars("CPU")),
    Plot(
        "waiters",
        "CPU time of one waiting call, by the number of waiting calls",
        "limiters",
        ("waiters",),
        lines(
            r"(?P<who>[^:]+): CPU of a waiter, (?P<x>[\d,]+) waiters",
            "waiting calls",
            "CPU of a waiter, µs",
            "us",
        ),
    ),
    Plot(
        "delay",
        "Used and refused parts of 10 calls a second, over a network with 2 to 200 ms delay",
        "limiters",
        ("network-delay",),
        bars("used", "refused", more_is_better=True),
    ),
)


def drawable(results: Results) -> list[Plot]:
    """Return the plots whose figures are in the results."""
    return [plot for plot in PLOTS if plot.figures(results)]


def draw(results: Results, folder: Path) -> list[Path]:
    """Draw all plots, and remove those of earlier results; return the files.

    Raises:
        ValueError: A case has figures, but none that its plot shows.
    """
    for old in folder.glob("*.svg"):
        old.unlink()
    paths = []
    for plot in drawable(results):
        path = folder / f"{plot.name}.svg"
        if not plot.draw(path, plot.title, plot.figures(results)):
            raise ValueError(f"{plot.suite}.{plot.cases[0]} has no figures for the plot {plot.name}")
        paths.append(path)
    return paths
