"""The event stream of the control interface: finished requests, their counts, and the present state."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio
import msgspec
from attrs import asdict

from aioemnify.simulator.control import views
from aioemnify.simulator.control.request_views import line_view
from aioemnify.simulator.core import SimulatorCore
from aioemnify.simulator.recording.delivery_record import delivery_line
from aioemnify.simulator.recording.search import RecordFilter

PERIOD_SECONDS = 0.25
_STATE_EVERY = 2  # periods between two state events
_TRAFFIC_EVERY = 4
_TENANTS_EVERY = 8
_MOST_REQUESTS = 40
_RESENT_SECONDS = 2  # a second is complete only when it is over

_ALL = RecordFilter("")


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

    async def stream(self, wanted: RecordFilter = _ALL, after: int | None = None) -> AsyncIterator[bytes]:
        """Yield events: ``requests``, ``deliveries``, ``traffic``, ``state``, ``tenants``, and ``reset``.

        Args:
            wanted: which requests to send.
            after: how many ended requests are known already, as a search counts them; by default all.
        """
        simulator, turn = self._simulator, 0
        state = simulator.installation
        seen = state.journal.ended_since(0)[1] if after is None else after
        delivered = second = 0
        yield b"retry: 1000\n\n"
        while not self._closed:
            if simulator.installation is not state:
                state, turn = simulator.installation, 0
                seen = delivered = second = 0
                yield _event("reset", {})
            ended, count = state.journal.ended_since(seen)
            if count > seen:
                missed = count - seen - len(ended)
                matching = wanted.keep(ended)
                shown = matching[-_MOST_REQUESTS:]
                seen = count
                if matching:
                    skipped = missed + len(matching) - len(shown)
                    lines = [line_view(record) for record in shown]
                    yield _event("requests", {"skipped": skipped, "requests": lines})
            made, count = state.deliveries.ended_since(delivered)
            if count > delivered:
                shown_deliveries = [delivery_line(each, bodies=False) for each in made[-_MOST_REQUESTS:]]
                skipped = count - delivered - len(shown_deliveries)
                yield _event("deliveries", {"skipped": skipped, "deliveries": shown_deliveries})
                delivered = count
            if turn % _TENANTS_EVERY == 0:
                yield _event("tenants", views.tenants_view(simulator))
            if turn % _TRAFFIC_EVERY == 0:
                traffic = state.traffic.since(second)
                second = int(traffic["now"]) - _RESENT_SECONDS
                yield _event("traffic", traffic)
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
            "moments": [asdict(moment) for moment in simulator.timeline.history()],
        }


def _event(name: str, data: Any) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
