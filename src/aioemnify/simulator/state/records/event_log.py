"""The events of an organisation's SIMs, endpoints and logins, kept for 30 days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

from attrs import frozen

from aioemnify.simulator.platform.lookups import EVENT_SEVERITIES, EVENT_SOURCES, EVENT_TYPES, lookup

HISTORY_SECONDS = 30 * 86_400.0
_SCATTER, _PARTS = 2_654_435_761, 2**32
"""Multiplying by the first, modulo the second, scatters numbers that follow each other (Knuth)."""


@frozen
class Event:
    """One event: its time, and its JSON body."""

    wall: float
    body: Mapping[str, Any]


class EventLog:
    """The events of one organisation in order of time.

    Args:
        first_id: id of the first event; ids have 15 digits, as the real ones.
    """

    def __init__(self, first_id: int) -> None:
        self._next_id = first_id
        self._events: list[Event] = []

    def add(
        self,
        kind: int,
        description: str,
        *,
        wall: float,
        timestamp: str,
        organisation: Mapping[str, Any],
        severity: int = 0,
        source: int = 2,
        alert: bool = False,
        **members: Any,
    ) -> None:
        """Append one event.

        Args:
            kind: event type id.
            description: the text for users.
            wall: calendar seconds of the event.
            timestamp: the same moment as text.
            organisation: id and name of the tenant.
            severity: 0 info, 1 warn, 2 critical.
            source: 0 network, 1 policy control, 2 a call.
            alert: whether it is an alert.
            **members: ``user``, ``endpoint``, ``sim``, ``imsi``, ``detail``; None is left out.
        """
        body: dict[str, Any] = {
            "timestamp": timestamp,
            "alert": alert,
            "description": description,
            "id": self._next_id,
            "event_type": lookup(EVENT_TYPES, kind),
            "event_source": lookup(EVENT_SOURCES, source),
            "event_severity": lookup(EVENT_SEVERITIES, severity),
            "organisation": dict(organisation),
        }
        body |= {name: value for name, value in members.items() if value is not None}
        self._next_id += 1
        self._events.append(Event(wall, body))

    def dump(self) -> dict[str, Any]:
        """Return the log as plain values."""
        return {"next_id": self._next_id, "events": [[event.wall, event.body] for event in self._events]}

    @classmethod
    def restore(cls, values: Mapping[str, Any]) -> Self:
        """Restore a log from a dump."""
        log = cls(values["next_id"])
        log._events = [Event(wall, body) for wall, body in values["events"]]
        return log

    @property
    def next_id(self) -> int:
        """Return the id of the next event."""
        return self._next_id

    def from_id(self, first: int) -> Iterator[tuple[int, float, Mapping[str, Any]]]:
        """Iterate over id, time and body of the events from an id on."""
        oldest = self._next_id - len(self._events)  # ids have no gaps
        for place in range(max(0, first - oldest), len(self._events)):
            yield oldest + place, self._events[place].wall, self._events[place].body

    def recent(self, wall: float, delay: float = 0.0) -> Iterator[Event]:
        """Iterate over the events of the last 30 days, oldest first.

        Each is there only after another part of ``delay``, in seconds, which depends on its id.
        """
        for event in self._events:
            part = event.body["id"] * _SCATTER % _PARTS / _PARTS if delay else 0.0
            if wall - HISTORY_SECONDS < event.wall <= wall - delay * part:
                yield event
