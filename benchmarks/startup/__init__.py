"""Startup: what a fresh process waits for."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.startup import first_result, imports

CASES = [
    Case("import", "a client's class, imported by a fresh process", "processes", imports.classes),
    Case("first-use", "the first use of one group of calls", "processes", imports.groups),
    Case("first-item", "from a client to its first SIM, all modules loaded", "processes", first_result.item),
    Case("cold-start", "from nothing to the first SIM", "processes", first_result.cold),
]
"""What is measured, in the order of the table."""
