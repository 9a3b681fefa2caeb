"""Contestants take turns, so that a machine which is slow for a while is slow for all of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import process_time
from typing import TypeVar

T = TypeVar("T")


def cpu_in_turns(
    contestants: Mapping[str, Callable[[], object]], rounds: int, times: int
) -> dict[str, float]:
    """Return the CPU seconds of one run of each contestant: the median of ``rounds`` of ``times`` runs.

    The collector is off while a run is timed: what it costs depends on what else is alive.
    """
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, run in in_turn(contestants, turn):
            gc.collect()
            gc.disable()
            began = process_time()
            for _ in range(times):
                run()
            taken = (process_time() - began) / times
            gc.enable()
            if turn:  # the first is to warm up
                found[name].append(taken)
    return {name: median(taken) for name, taken in found.items()}


def in_turn(contestants: Mapping[str, T], turn: int) -> list[tuple[str, T]]:
    """Return the contestants in the order of this turn: each begins as often as any other."""
    order = list(contestants.items())
    start = turn % len(order)
    return order[start:] + order[:start]
