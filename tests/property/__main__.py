"""Runs all properties, several files at a time, and prints what they went through.

``AIOEMNIFY_EXAMPLES=20 python -m tests.property`` tries twenty times as many cases, drawn anew.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.property.one_file import run
from tests.property.tally import Counts, table


def main() -> int:
    """Run them all."""
    began, counts, failed = time.perf_counter(), Counts(), False
    paths = sorted(str(path) for path in Path(__file__).parent.glob("test_*.py"))
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), spawn, max_tasks_per_child=1) as pool:
        for name, code, told, found in pool.map(run, paths):
            for key, counted in found.items():
                counts.setdefault(key, Counter()).update(counted)
            if code:
                failed = True
                print(f"{name} failed:\n{told}")  # noqa: T201
    print(table(counts))  # noqa: T201
    print(f"{'FAILED' if failed else 'passed'} in {time.perf_counter() - began:.0f} s")  # noqa: T201
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
