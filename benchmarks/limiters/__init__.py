"""Limiters: what admission alone costs, beside that of the libraries which do only this."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.limiters import queues, row, uncontended

CASES = [
    Case("uncontended", "admissions that find room at once", "cpu", uncontended.uncontended),
    Case("waiters", "thousands of tasks in one queue, in real time", "cpu", queues.waiters),
    Case("growth", "the cost of a waiter, by how many wait", "cpu", queues.growth),
    Case("full", "a row of 10/s, burst 5, kept full without any delay", "cpu", row.full),
    Case("delay", "the same row, 2-200 ms random delay", "cpu", row.delayed),
]
"""What is measured, in the order of the table."""
