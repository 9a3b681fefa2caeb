"""The simulator: its start, the requests that it answers a second, and a fleet of a million SIMs."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.simulator import large_fleet, start, throughput

CASES = [
    Case("start", "from starting the process until it serves", "processes", start.start),
    Case("throughput", "GET /api/v1/sim/{id} without limits", "processes", throughput.throughput),
    Case("pages", "1,000,000 SIMs: memory, and pages at any offset", "processes", large_fleet.pages),
    Case("searches", "1,000,000 SIMs: filters and sorting", "processes", large_fleet.searches),
]
"""In the order of the page."""
