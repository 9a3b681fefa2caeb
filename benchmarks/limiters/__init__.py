"""Limiters: the cost of admission alone, compared with libraries that only limit rates."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.limiters import saturated, uncontended, waiters

CASES = [
    Case("uncontended", "admit calls that need not wait", "cpu", uncontended.uncontended),
    Case("waiters", "thousands of tasks wait for one limiter, in real time", "cpu", waiters.waiters),
    Case("scaling", "the cost of a waiter, by the number of waiters", "cpu", waiters.scaling),
    Case("saturated", "10/s, burst 5, saturated, no network delay", "cpu", saturated.without_delay),
    Case("network-delay", "10/s, burst 5, saturated, 2-200 ms random delay", "cpu", saturated.with_delay),
]
"""In the order of the page."""
