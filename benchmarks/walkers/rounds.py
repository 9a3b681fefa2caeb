"""What every walker does: walk once for each line it is told, and answer what that took.

Walkers also run in environments that hold neither this library nor its dependencies, so this
module needs the standard library alone.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def resident(member: str = "VmRSS") -> float:
    """Return the memory of this process in MB, now (``VmRSS``) or at its peak (``VmHWM``)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{member}:"):
            return int(line.split()[1]) / 1024.0
    return 0.0


class Growth:
    """How much more memory a walk comes to need, once its first pages are through."""

    def __init__(self, warm: int = 10_000) -> None:
        self._warm = warm
        self._items = 0
        self._floor: float | None = None
        self.most: float = 0.0

    def look(self, items: int) -> None:
        """Look at the memory after so many more items."""
        self._items += items
        if self._items < self._warm:
            return
        now = resident()
        if self._floor is None:
            self._floor = now
        self.most = max(self.most, now - self._floor)


@contextmanager
def timed(answer: dict[str, float]) -> Iterator[None]:
    """Add to ``answer`` what a block takes: its time, its CPU, and the peak of the memory so far."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    answer["wall"] = time.perf_counter() - wall
    answer["cpu"] = time.process_time() - cpu
    answer["peak"] = resident("VmHWM")


def distinct(kept: list[Any]) -> int:
    """Return how many different SIMs were kept, be they objects or plain dicts."""
    return len({one["id"] if isinstance(one, dict) else one.id for one in kept})


def orders() -> Iterator[dict[str, Any]]:
    """Yield what is asked for: a JSON object in each line of the input."""
    tell({"ready": 1.0})
    for line in sys.stdin:
        yield json.loads(line)


def tell(answer: dict[str, float]) -> None:
    """Answer an order."""
    print(json.dumps(answer), flush=True)
