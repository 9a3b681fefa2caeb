"""Profiles: where the time of one call and of one page goes, before the client was measured and now."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.profiles import comparison

CASES = [
    Case("call", "the processor's time of one small call", "processes", comparison.call),
    Case("page", "the processor's time of one page of 1,000 SIMs", "processes", comparison.page),
]
"""What is measured, in the order of the table."""
