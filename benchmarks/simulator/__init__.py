"""The simulator: how soon it is there, what it serves, and what a fleet of a million costs it."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.simulator import fleet, load, start

CASES = [
    Case("start", "from starting the process to the address it prints", "processes", start.start),
    Case("requests", "GET /api/v1/sim/{id} as fast as it goes, no limits", "processes", load.requests),
    Case("fleet", "1,000,000 SIMs: memory, and pages at any offset", "processes", fleet.fleet),
    Case("searches", "1,000,000 SIMs: filters and sorting", "processes", fleet.searches),
]
"""What is measured, in the order of the table."""
