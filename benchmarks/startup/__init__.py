"""Startup: imports, and the time to the first result in a new process."""

from __future__ import annotations

from benchmarks.cases import Case
from benchmarks.startup import command_line, first_result, imports, stops

CASES = [
    Case("import", "import the client class in a new process", "processes", imports.classes),
    Case("first-use", "the first use of a group of calls", "processes", imports.groups),
    Case("first-calls", "the longest stop of the event loop by first calls", "processes", stops.first_calls),
    Case("first-item", "from a new client to its first SIM, modules loaded", "processes", first_result.warm),
    Case("cold-start", "from a new process to the first SIM", "processes", first_result.cold),
    Case("command-line", "the command line in a new process", "processes", command_line.command_line),
]
"""In the order of the page."""
