"""The schedule of future events: delivery of an SMS, a quota that expires."""

from __future__ import annotations

import heapq
import math

from attrs import define, field

Entry = tuple[float, int, str, str]


@define(kw_only=True)
class Schedule:
    """Events in the order in which they are due. An outdated event does nothing.

    Attributes:
        entries: a heap of due time, serial number, kind, and what it is about.
        serial: counts events, so that equal times keep their order.
    """

    entries: list[Entry] = field(factory=list)
    serial: int = 0

    @property
    def due(self) -> float:
        """Return the time of the next event; infinity without one."""
        return self.entries[0][0] if self.entries else math.inf

    def add(self, due: float, kind: str, about: int | str) -> None:
        """Add an event."""
        self.serial += 1
        heapq.heappush(self.entries, (due, self.serial, kind, str(about)))

    def pop(self) -> Entry:
        """Remove and return the next event."""
        return heapq.heappop(self.entries)
