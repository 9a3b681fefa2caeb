"""The client: its cost compared with its parts used directly, and with other clients doing the same work."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.client import (
    blocking,
    calls,
    codec,
    exports,
    hooks,
    jobs,
    listing,
    mirrors,
    prefetch,
    pushes,
)

CASES = [
    Case("decode", "decode a page of 1,000 SIMs", "cpu", codec.decode),
    Case("no-repeats", "decode a page of 1,000 SIMs without equal nested objects", "cpu", codec.no_repeats),
    Case("encode", "encode a page of 1,000 SIMs", "cpu", codec.encode),
    Case("to-dict", "a SIM as a dictionary, JSON and a row, and back", "cpu", codec.to_dict),
    Case("memory", "memory of a decoded page", "cpu", codec.memory),
    Case("pushes", "parse 10,000 pushed records", "cpu", pushes.parse),
    Case("prefetch", "list pages over a network with 150 ms latency", "virtual", prefetch.prefetch),
    Case("calls", "one small call, 1 in flight", "processes", calls.calls),
    Case("concurrent-calls", "one small call, 20 and 100 in flight", "processes", calls.concurrent_calls),
    Case("hooks", "what hooks add to a call", "cpu", hooks.hooks),
    Case("blocking", "one small call of the blocking client", "processes", blocking.blocking),
    Case("jobs", "a job beside its calls", "processes", jobs.jobs),
    Case("exports", "export 1,000,000 SIMs", "processes", exports.exports),
    Case("mirrors", "mirror 1,000,000 SIMs, again, and with changes", "processes", mirrors.mirrors),
    Case("list-and-keep", "list 50,000 SIMs and keep all of them", "processes", listing.keep),
    Case("list-simulator", "list 20,000 SIMs of the simulator, keep them", "processes", listing.simulator),
    Case("list-and-drop", "list 50,000 SIMs and keep none", "processes", listing.drop),
    Case("list-million", "list 1,000 to 1,000,000 SIMs and keep none", "processes", listing.million),
]
"""In the order of the page."""
