"""Throttling: how much of the limits is used, how often the server refuses a call, and what it costs."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.throttling import latency, queue_order, saturation, shared_budget, store_loss

CASES = [
    Case("saturated", "saturated limits, 2-200 ms random delay", "virtual", saturation.saturated),
    Case("bursty", "30 calls at once, idle 0.05-3 s, repeatedly", "virtual", saturation.bursty),
    Case("readings", "the readings of a 10/5 row, saturated", "virtual", saturation.readings),
    Case("uncoordinated", "clients that share a row without a store", "virtual", saturation.uncoordinated),
    Case("latency", "the latency above which not only the rate decides", "virtual", latency.latency),
    Case("queue-order", "thousands of calls in one queue, in virtual time", "cpu", queue_order.queue_order),
    Case("redis", "4 processes share a budget in Redis", "processes", shared_budget.redis),
    Case("file", "4 processes share a budget in a file", "processes", shared_budget.file),
    Case("shared-login", "200 processes start with one credential", "processes", shared_budget.shared_login),
    Case("redis-loss", "Redis is killed, and returns empty", "processes", store_loss.redis_loss),
]
"""In the order of the page."""
