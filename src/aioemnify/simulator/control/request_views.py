"""Recorded requests as the control interface shows them: a line of a list, and one request in full."""

from __future__ import annotations

from typing import Any

import anyio.lowlevel
import msgspec

from aioemnify.simulator.core import SimulatorCore
from aioemnify.simulator.recording.export import line_of
from aioemnify.simulator.recording.journal import Journal, RequestRecord
from aioemnify.simulator.recording.search import RecordFilter

MOST_LINES = 200
_PART = 2_000


def line_view(record: RequestRecord) -> dict[str, Any]:
    """Return the members of a request that a list shows."""
    return {
        "number": record.number,
        "wall": record.wall,
        "method": record.method,
        "path": record.path,
        "query": record.query,
        "operation": record.operation,
        "organisation": record.organisation,
        "address": record.address,
        "request_id": record.request_id,
        "status": record.status,
        "outcome": record.outcome,
        "latency": record.latency,
        "limit": record.limit,
        "refused_by": record.refused_by,
        "fault": record.fault,
    }


def request_view(simulator: SimulatorCore, number: int) -> dict[str, Any] | None:
    """Return one request in full, with its fault rules as they are now; None if it is not recorded."""
    record = simulator.installation.journal.get(number)
    if record is None:
        return None
    rules = {rule.id: rule for rule in simulator.faults.rules}
    return {
        **line_of(record),
        "outcome": record.outcome,
        "bodies_kept": {
            "request": record.request_body is not None,
            "response": record.response_body is not None,
        },
        "fault_rules": [
            {"id": each, "rule": None if each not in rules else msgspec.to_builtins(rules[each])}
            for each in record.rules
        ],
    }


async def search_view(
    journal: Journal[RequestRecord], wanted: RecordFilter, *, before: int | None, last: int
) -> dict[str, Any]:
    """Search requests, newest first, and let other tasks run meanwhile.

    Args:
        journal: the journal to search.
        wanted: the search.
        before: only requests with a lower number, None for all.
        last: how many to return; all are counted.
    """
    # Counted first: a stream that continues after this number misses nothing.
    ended = journal.ended_since(0)[1]
    records = journal.records()
    if before is not None and records:
        records = records[: max(0, before - records[0].number)]
    newest = records[::-1]
    total, found = 0, list[RequestRecord]()
    for start in range(0, len(newest), _PART):
        matching = wanted.keep(newest[start : start + _PART])
        total += len(matching)
        found += matching[: last - len(found)]
        await anyio.lowlevel.checkpoint()
    lines = [line_view(record) for record in found]
    return {"searched": len(newest), "total": total, "ended": ended, "requests": lines}
