"""Bars and lines as SVG; the same figures always make the same file.

The plots have a light background, so they are readable on a dark page too. Labels distinguish the
contestants; the colours only help, and colour-blind readers can distinguish them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from attrs import frozen
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from benchmarks.number_format import amount, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BACKGROUND, TEXT, AXIS_TEXT, GRID = "#fcfcfa", "#222222", "#6b6b6b", "#d9d9d4"
OURS, OTHER_BARS = "#0072b2", "#b9b9b3"

OTHER_LINES = ("#d55e00", "#222222", "#009e73", "#aa4499", "#8c6d1f", "#6b6b6b")

DASHES = ("-", (0, (4, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)))
"""Line styles that distinguish several lines of ours."""

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "aioemnify",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10.0,
    "figure.facecolor": BACKGROUND,
    "axes.facecolor": BACKGROUND,
    "axes.edgecolor": GRID,
    "text.color": TEXT,
    "axes.labelcolor": AXIS_TEXT,
    "xtick.color": AXIS_TEXT,
    "ytick.color": TEXT,
}
NO_BREAK = "\N{NO-BREAK SPACE}"
WIDTH, LETTER = 8.6, 0.083
"""The widths of a plot and, approximately, of a letter, in inches."""


@frozen
class Bar:
    """A contestant and its value."""

    name: str
    value: float
    ours: bool
    label: str


@frozen
class Panel:
    """The bars of one quantity."""

    title: str
    bars: Sequence[Bar]


@frozen
class Line:
    """The values of a contestant."""

    name: str
    points: Sequence[tuple[float, float]]
    ours: bool


def bars(path: Path, title: str, panels: Sequence[Panel]) -> None:
    """Draw panels of bars side by side; they have the same contestants, named once."""
    names = [bar.name for bar in panels[0].bars]
    with mpl.rc_context(STYLE):
        height = 0.55 + 0.3 * len(names)
        canvas = Canvas(figsize=(WIDTH, height))
        left = 0.2 + LETTER * max(map(len, names))
        canvas.subplots_adjust(left / WIDTH, 0.12 / height, 1 - 0.1 / WIDTH, 1 - 0.4 / height, wspace=0.08)
        for place, panel in enumerate(panels):
            axes = canvas.add_subplot(1, len(panels), place + 1)
            _bars(axes, panel, named=place == 0, order=names)
        _save(canvas, path, title)


def _bars(axes: Axes, panel: Panel, *, named: bool, order: Sequence[str]) -> None:
    longest = max(bar.value for bar in panel.bars) or 1.0
    for bar in panel.bars:
        place = order.index(bar.name)
        axes.barh(place, bar.value, height=0.68, color=OURS if bar.ours else OTHER_BARS)
        axes.text(
            bar.value + 0.015 * longest,
            place,
            bar.label,
            va="center",
            color=TEXT,
            fontweight="bold" if bar.ours else "normal",
        )
    axes.set_title(panel.title, loc="left", fontsize=10, color=AXIS_TEXT)
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.set_xlim(0, 1.27 * longest)
    axes.xaxis.set_major_locator(NullLocator())
    axes.set_yticks(range(len(order)), order if named else [""] * len(order))
    axes.tick_params(length=0)
    ours = {bar.name for bar in panel.bars if bar.ours}
    for text in axes.get_yticklabels():
        if text.get_text() in ours:
            text.set_fontweight("bold")
    axes.spines[["top", "right", "bottom"]].set_visible(False)


def lines(path: Path, title: str, every: Sequence[Line], *, x: str, y: str, unit: str) -> None:
    """Draw lines over a logarithmic x axis, each with its name at its end."""
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(WIDTH, 3.6))
        longest = max(len(text) for line in every for text in _label(line, unit).split("\n"))
        right = 0.45 + 0.93 * LETTER * longest
        canvas.subplots_adjust(0.75 / WIDTH, 0.5 / 3.6, 1 - right / WIDTH, 1 - 0.4 / 3.6)
        axes = canvas.add_subplot()
        others, dashes = cycle(OTHER_LINES), cycle(DASHES)
        drawn = []
        for line in every:
            colour = OURS if line.ours else next(others)
            xs, ys = zip(*line.points, strict=True)
            if line.ours:
                axes.plot(
                    xs, ys, linestyle=next(dashes), color=colour, linewidth=2.4, marker="o", markersize=4
                )
            else:
                axes.plot(xs, ys, color=colour, linewidth=1.4, marker="o", markersize=3)
            drawn.append((line, colour))
        places = sorted({x for line in every for x, _ in line.points})
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(FixedLocator(places))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(round(value))))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
        highest = 1.08 * max(y for line in every for _, y in line.points)
        axes.set_ylim(0, highest)
        axes.set_xlabel(x)
        axes.set_title(y, loc="left", fontsize=10, color=AXIS_TEXT)
        axes.grid(axis="y", color=GRID, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        axes.spines[["top", "right", "left"]].set_visible(False)
        _name_lines(axes, drawn, highest, unit)
        _save(canvas, path, title)


def _label(line: Line, unit: str) -> str:
    """Return the name of a line and its last value, on two lines if it is long."""
    return fill(f"{line.name}, {amount(line.points[-1][1], unit).replace(' ', NO_BREAK)}", 34)


def _name_lines(axes: Axes, drawn: Sequence[tuple[Line, str]], highest: float, unit: str) -> None:
    """Write each name next to the end of its line; names that would overlap are moved apart."""
    gap = 0.068 * highest
    end = max(line.points[-1][0] for line, _ in drawn)
    ends = sorted((one for one in drawn if one[0].points[-1][0] == end), key=lambda one: one[0].points[-1][1])
    heights: list[float] = []
    for line, _ in ends:
        wanted = line.points[-1][1]
        heights.append(max(wanted, heights[-1] + gap) if heights else wanted)
    # Names above the top are moved down, and move those below them.
    limit = highest
    for place in reversed(range(len(heights))):
        heights[place] = min(heights[place], limit)
        limit = heights[place] - gap
    heights_at_end = {line.name: height / highest for (line, _), height in zip(ends, heights, strict=True)}
    for line, colour in drawn:
        x, y = line.points[-1]
        at_end = line.name in heights_at_end
        axes.annotate(
            _label(line, unit),
            (x, y),
            xytext=(1.0, heights_at_end[line.name]) if at_end else (6, 5),
            textcoords="axes fraction" if at_end else "offset points",
            va="center" if at_end else "bottom",
            color=colour,
            fontweight="bold" if line.ours else "normal",
            bbox={"facecolor": BACKGROUND, "edgecolor": "none", "pad": 0.5},
            annotation_clip=False,
        )


def _save(canvas: Canvas, path: Path, title: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # No date or version, so that the file only changes when the figures do.
    canvas.savefig(path, format="svg", metadata={"Title": title, "Date": None, "Creator": None})
