"""Throttling: how much of the limits is used, how often the server refuses, and what that costs."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.throttling import cost, latency, saturation, sharing, store_loss

CASES = [
    Case("saturated", "limits kept full, 2-200 ms random delay", "virtual", saturation.saturated),
    Case("bursty", "30 calls at once, idle 0.05-3 s, again", "virtual", saturation.bursty),
    Case("readings", "both readings of a 10/5 row, kept full", "virtual", saturation.readings),
    Case(
        "strangers",
        "clients that do not know each other, on one row",
        "virtual",
        saturation.uncoordinated,
    ),
    Case("latency", "the latency from which on more than the rate decides", "virtual", latency.binding),
    Case("admission", "calls that find room at once", "cpu", cost.uncontended),
    Case("waiters", "thousands of calls in one queue", "cpu", cost.waiters),
    Case("redis", "4 processes share a budget in Redis", "processes", sharing.redis),
    Case("file", "4 processes share a budget in a file", "processes", sharing.file),
    Case("crowd", "200 processes start at once with one credential", "processes", sharing.crowd),
    Case("redis-loss", "Redis is killed in mid-run, and comes back empty", "processes", store_loss.killed),
]
"""What is measured, in the order of the table."""
