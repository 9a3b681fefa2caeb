"""The part that all workers share: list the fleet once for each request on stdin, and write the cost.

Workers also run in environments without aioemnify, so this module imports only the standard library.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

SIZE = 1000

WARM_UP = 10_000
"""Items after which the memory must not grow."""


def resident(member: str = "VmRSS") -> float:
    """Return the memory of this process in MB, now (``VmRSS``) or at its peak (``VmHWM``).

    The peak of ``getrusage`` would be wrong: it begins with that of the process that started this one.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{member}:"):
            return int(line.split()[1]) / 1024.0
    return 0.0


class Measurement:
    """The cost of listing a fleet once, from ``start`` to ``finish``.

    Args:
        request: The number of ``sims`` and whether to ``keep`` them.
    """

    def __init__(self, request: dict[str, Any]) -> None:
        self._keep = bool(request["keep"])
        self._kept: list[Any] = []
        self._count = 0
        self._base: float | None = None
        self._growth = 0.0
        gc.collect()
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def add(self, items: list[Any]) -> None:
        """Count items, and keep them or look at the memory."""
        self._count += len(items)
        if self._keep:
            self._kept.extend(items)
        elif self._count >= WARM_UP:
            now = resident()
            self._base = now if self._base is None else self._base
            self._growth = max(self._growth, now - self._base)

    def cost(self) -> dict[str, float]:
        """Return what it took; the caller has dropped its last page, whose deallocation counts too."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return {
            "wall": wall,
            "cpu": cpu,
            "peak": resident("VmHWM"),
            "count": self._count,
            "growth": self._growth,
            "distinct": distinct(self._kept),
        }


def distinct(kept: list[Any]) -> int:
    """Return the number of different SIMs, given as objects or dicts."""
    return len({one["id"] if isinstance(one, dict) else one.id for one in kept})


def requests() -> Iterator[dict[str, Any]]:
    """Yield the requests from stdin, after writing that the worker is ready."""
    answer(sys.argv[1:2])
    for line in sys.stdin:
        yield json.loads(line)


def answer(value: object) -> None:
    """Write a value to stdout."""
    print(json.dumps(value), flush=True)


async def serve(pages: Callable[[dict[str, Any]], AsyncIterator[Any]]) -> None:
    """Answer all requests; ``pages`` yields the pages of a request."""
    for request in requests():
        measurement = Measurement(request)
        async for page in pages(request):
            measurement.add(page)
        page = None
        answer(measurement.cost())
