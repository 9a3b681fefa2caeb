"""Bars and lines, drawn so that the same figures always make the same file.

The plots have a light background of their own, and so read on a dark page too. What is told apart is
told apart by a label beside it; the colours only help, and are from a set for all kinds of sight.
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

from benchmarks.page.numbers import amount, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAPER, INK, QUIET, HAIR = "#fcfcfa", "#222222", "#6b6b6b", "#d9d9d4"
OURS, PLAIN = "#0072b2", "#b9b9b3"
"""This library, and everybody else."""

OTHERS = ("#d55e00", "#222222", "#009e73", "#aa4499", "#8c6d1f", "#6b6b6b")
"""Lines of others."""

DASHES = ("-", (0, (4, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)))
"""What tells several lines of this library apart."""

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "aioemnify",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10.0,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": HAIR,
    "text.color": INK,
    "axes.labelcolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": INK,
}
NO_BREAK = "\N{NO-BREAK SPACE}"
WIDTH, LETTER = 8.6, 0.083
"""Inches, at 72 points each: of a plot, and of a letter, about."""


@frozen
class Bar:
    """One contestant and its figure."""

    name: str
    value: float
    ours: bool
    label: str


@frozen
class Panel:
    """Bars below each other."""

    title: str
    bars: Sequence[Bar]


@frozen
class Line:
    """What a contestant takes, over what it does."""

    name: str
    points: Sequence[tuple[float, float]]
    ours: bool


def bars(path: Path, words: str, panels: Sequence[Panel]) -> None:
    """Draw bars: panels side by side, whose contestants are the same and named once."""
    names = [bar.name for bar in panels[0].bars]
    with mpl.rc_context(STYLE):
        height = 0.55 + 0.3 * len(names)
        canvas = Canvas(figsize=(WIDTH, height))
        left = 0.2 + LETTER * max(map(len, names))
        canvas.subplots_adjust(left / WIDTH, 0.12 / height, 1 - 0.1 / WIDTH, 1 - 0.4 / height, wspace=0.08)
        for place, panel in enumerate(panels):
            axes = canvas.add_subplot(1, len(panels), place + 1)
            _bars(axes, panel, named=place == 0, order=names)
        _save(canvas, path, words)


def _bars(axes: Axes, panel: Panel, *, named: bool, order: Sequence[str]) -> None:
    longest = max(bar.value for bar in panel.bars) or 1.0
    for bar in panel.bars:
        place = order.index(bar.name)
        axes.barh(place, bar.value, height=0.68, color=OURS if bar.ours else PLAIN)
        axes.text(
            bar.value + 0.015 * longest,
            place,
            bar.label,
            va="center",
            color=INK,
            fontweight="bold" if bar.ours else "normal",
        )
    axes.set_title(panel.title, loc="left", fontsize=10, color=QUIET)
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


def lines(path: Path, words: str, every: Sequence[Line], *, x: str, y: str, unit: str) -> None:
    """Draw lines over a logarithmic axis, each with its name at its end."""
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(WIDTH, 3.6))
        longest = max(len(text) for line in every for text in _label(line, unit).split("\n"))
        right = 0.45 + 0.93 * LETTER * longest
        canvas.subplots_adjust(0.75 / WIDTH, 0.5 / 3.6, 1 - right / WIDTH, 1 - 0.4 / 3.6)
        axes = canvas.add_subplot()
        others, dashes = cycle(OTHERS), cycle(DASHES)
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
        axes.set_title(y, loc="left", fontsize=10, color=QUIET)
        axes.grid(axis="y", color=HAIR, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        axes.spines[["top", "right", "left"]].set_visible(False)
        _name_lines(axes, drawn, highest, unit)
        _save(canvas, path, words)


def _label(line: Line, unit: str) -> str:
    """Return a line's name and where it ends, on two lines if need be."""
    return fill(f"{line.name}, {amount(line.points[-1][1], unit).replace(' ', NO_BREAK)}", 34)


def _name_lines(axes: Axes, drawn: Sequence[tuple[Line, str]], highest: float, unit: str) -> None:
    """Write each line's name beside its end, moved apart where two would lie on each other."""
    gap = 0.068 * highest
    end = max(line.points[-1][0] for line, _ in drawn)
    ends = sorted((one for one in drawn if one[0].points[-1][0] == end), key=lambda one: one[0].points[-1][1])
    heights: list[float] = []
    for line, _ in ends:
        wanted = line.points[-1][1]
        heights.append(max(wanted, heights[-1] + gap) if heights else wanted)
    # What was pushed beyond the top comes down again, and presses on what lies below.
    limit = highest
    for place in reversed(range(len(heights))):
        heights[place] = min(heights[place], limit)
        limit = heights[place] - gap
    beside = {line.name: height / highest for (line, _), height in zip(ends, heights, strict=True)}
    for line, colour in drawn:
        x, y = line.points[-1]
        at_end = line.name in beside
        axes.annotate(
            _label(line, unit),
            (x, y),
            xytext=(1.0, beside[line.name]) if at_end else (6, 5),
            textcoords="axes fraction" if at_end else "offset points",
            va="center" if at_end else "bottom",
            color=colour,
            fontweight="bold" if line.ours else "normal",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5},
            annotation_clip=False,
        )


def _save(canvas: Canvas, path: Path, words: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Neither the day nor the version of what drew it: the file is to change when the figures do.
    canvas.savefig(path, format="svg", metadata={"Title": words, "Date": None, "Creator": None})
