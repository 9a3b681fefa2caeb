"""Contestants run in turns, so that a machine that is slow for a while is slow for all of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import process_time
from typing import TypeVar

T = TypeVar("T")


def rotated(contestants: Mapping[str, T], turn: int) -> list[tuple[str, T]]:
    """Return the contestants in the order of a round: each comes first equally often."""
    order = list(contestants.items())
    start = turn % len(order)
    return order[start:] + order[:start]


def cpu_seconds(run: Callable[[], object], times: int = 1) -> float:
    """Return the CPU seconds of one run, with the garbage collector off.

    The cost of the collector depends on what else is alive.
    """
    gc.collect()
    gc.disable()
    start = process_time()
    for _ in range(times):
        run()
    seconds = (process_time() - start) / times
    gc.enable()
    return seconds


def cpu_in_turns(
    contestants: Mapping[str, Callable[[], object]], rounds: int, times: int
) -> dict[str, float]:
    """Return the median CPU seconds of one run of each contestant, after a round to warm up."""
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, run in rotated(contestants, turn):
            seconds = cpu_seconds(run, times)
            if turn:
                found[name].append(seconds)
    return {name: median(seconds) for name, seconds in found.items()}


def relative(ours: Sequence[float], others: Sequence[float]) -> tuple[float, str]:
    """Return the median over all rounds of ours / other, and a note with its spread."""
    ratios = sorted(one / other for one, other in zip(ours, others, strict=True))
    quarter = len(ratios) // 4
    return median(ratios), f"middle half of {len(ratios)} {ratios[quarter]:.3f} to {ratios[-1 - quarter]:.3f}"
