"""Benchmarks: what aioemnify costs, and how much of the rate limits it uses.

``python -m benchmarks`` runs everything, ``python -m benchmarks list`` names the cases, and ``nox -s bench``
runs everything in its own environment and writes ``docs/performance.md`` from the results.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
"""The figures of the last full run, one file for each suite; ``docs/performance.md`` is made from them."""

SUITES = ("client", "startup", "comparison", "limiters", "throttling", "simulator")
"""Each suite is a package with a list ``CASES``. The page has them in this order."""

HEADLINE = (
    *("client.decode", "client.memory", "client.calls", "startup.import"),
    *("limiters.uncontended", "limiters.waiters", "throttling.saturated"),
)
"""The most important cases: ``python -m benchmarks headline`` runs them, and the page starts with them."""
