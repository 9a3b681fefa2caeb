"""The same work with other clients of the API: what README.md compares, but for the times."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.comparison import at_once, operations

CASES = [
    Case("operations", "operations of the API that have a method", "processes", operations.operations),
    Case(
        "at-once", "100 lists at once, of a path limited to 10/s with burst 5", "processes", at_once.at_once
    ),
]
"""In the order of the page."""
