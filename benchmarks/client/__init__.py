"""The client: what it adds to the bare parts it is made of, and what others take for the same work."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.client import ahead, calls, codec, simulated, unlike, walk

CASES = [
    Case("decode", "bytes to objects: a page of 1,000 SIMs", "cpu", codec.decode),
    Case("unlike", "a page of 1,000 SIMs that have nothing in common", "cpu", unlike.unlike),
    Case("encode", "objects to bytes: a page of 1,000 SIMs", "cpu", codec.encode),
    Case("memory", "what is left of a page once it is read", "cpu", codec.memory),
    Case("prefetch", "a walk with 150 ms of latency, pages fetched ahead", "virtual", ahead.prefetch),
    Case("calls", "one small call: 1, 20 and 100 in flight", "processes", calls.calls),
    Case("kept", "walk 50,000 SIMs and keep them all", "processes", walk.kept),
    Case(
        "simulated", "walk 20,000 SIMs of the simulator and keep them all", "processes", simulated.simulated
    ),
    Case("passing", "walk 50,000 SIMs and keep none", "processes", walk.passing),
    Case("million", "walk 1,000 to 1,000,000 SIMs and keep none", "processes", walk.million),
]
"""What is measured, in the order of the table."""
