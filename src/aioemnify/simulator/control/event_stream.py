"""The event stream of the control interface: finished requests, and the present state."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio
import msgspec

from aioemnify.simulator.control import views
from aioemnify.simulator.core import SimulatorCore
from aioemnify.simulator.recording.delivery_record import delivery_line
from aioemnify.simulator.recording.journal import RequestRecord

PERIOD_SECONDS = 0.25
_STATE_EVERY = 2  # periods between two state events
_TENANTS_EVERY = 8
_MOST_REQUESTS = 100


class EventStreams:
    """Streams of server-sent events.

    A stream polls the journal a few times per second, so that it costs requests nothing and a slow reader
    delays nobody. The number of missed requests is sent.
    """

    def __init__(self, simulator: SimulatorCore) -> None:
        self._simulator = simulator
        self._closed = False

    def open(self) -> None:
        """Allow streams to run."""
        self._closed = False

    def close(self) -> None:
        """End all streams at their next poll."""
        self._closed = True

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield events: ``requests`` and ``deliveries`` (lists), ``state``, ``tenants``, and ``reset``."""
        simulator, turn = self._simulator, 0
        state = simulator.installation
        seen = delivered = 0
        yield b"retry: 1000\n\n"
        while not self._closed:
            if simulator.installation is not state:
                state, seen, delivered, turn = simulator.installation, 0, 0, 0
                yield _event("reset", {})
            ended, count = state.journal.ended_since(seen)
            if count > seen:
                shown = ended[-_MOST_REQUESTS:]
                lines = [_line(record) for record in shown]
                yield _event("requests", {"skipped": count - seen - len(shown), "requests": lines})
                seen = count
            made, count = state.deliveries.ended_since(delivered)
            if count > delivered:
                last = made[-_MOST_REQUESTS:]
                shown_deliveries = [delivery_line(record, bodies=False) for record in last]
                skipped = count - delivered - len(last)
                yield _event("deliveries", {"skipped": skipped, "deliveries": shown_deliveries})
                delivered = count
            if turn % _TENANTS_EVERY == 0:
                yield _event("tenants", views.tenants_view(simulator))
            if turn % _STATE_EVERY == 0:
                yield _event("state", self._state())
            turn += 1
            await anyio.sleep(PERIOD_SECONDS)

    def _state(self) -> dict[str, Any]:
        simulator = self._simulator
        simulator.timeline.catch_up()
        return {
            "clock": views.clock_view(simulator),
            "counters": views.counters_view(simulator),
            "limits": views.limits_view(simulator)[:60],
            "enforced": simulator.installation.limits.enforced,
            "faults": views.faults_view(simulator),
            "scenario": simulator.timeline.progress(),
        }


def _event(name: str, data: Any) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"


def _line(record: RequestRecord) -> dict[str, Any]:
    """Return the members of a request that the page shows."""
    return {
        "number": record.number,
        "wall": record.wall,
        "method": record.method,
        "path": record.path,
        "query": record.query,
        "operation": record.operation,
        "organisation": record.organisation,
        "address": record.address,
        "status": record.status,
        "latency": record.latency,
        "limit": record.limit,
        "refused_by": record.refused_by,
        "fault": record.fault,
    }
