"""What is going to happen by itself, and when: delivery of an SMS, a quota that runs out."""

from __future__ import annotations

import heapq
import math

from attrs import define, field

Entry = tuple[float, int, str, str]


@define(kw_only=True)
class Schedule:
    """Appointments in the order they are due. An appointment whose reason is gone does nothing.

    Attributes:
        entries: a heap of due time, serial number, kind, and what it is about.
        serial: counts appointments, so that equal times keep their order.
    """

    entries: list[Entry] = field(factory=list)
    serial: int = 0

    @property
    def due(self) -> float:
        """Return when the next thing happens; infinity when nothing will."""
        return self.entries[0][0] if self.entries else math.inf

    def add(self, due: float, kind: str, about: int | str) -> None:
        """Make an appointment."""
        self.serial += 1
        heapq.heappush(self.entries, (due, self.serial, kind, str(about)))

    def pop(self) -> Entry:
        """Take the next appointment off the list."""
        return heapq.heappop(self.entries)
