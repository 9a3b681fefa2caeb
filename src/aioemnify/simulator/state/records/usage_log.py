"""Usage records that streams have not delivered yet, and the meters of the devices that they come from."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Any

from attrs import define, field

_FIRST_ID = 9_000_000_001
MOST_RECORDS = 100_000
"""More are never kept for a stream that does not deliver; the oldest go first."""


@define(kw_only=True)
class Meter:
    """The meter of one endpoint. Times are seconds since 1970.

    Attributes:
        position: its traffic up to here is in records.
        due: when it is read next.
    """

    position: float
    due: float


@define(kw_only=True)
class UsageLog:
    """The usage records of one organisation, written while it has a usage stream.

    Attributes:
        since: when the records start; None without a usage stream.
        next_id: id of the next record.
        records: time and body of the kept records, in order of their ids, which have no gaps.
        meters: by endpoint.
        schedule: a heap of due time and endpoint; an entry that differs from the meter is outdated.
        scanned: how many endpoints have a meter so far, by position.
        changed: endpoints whose SIM went on or off duty since they were read.
    """

    since: float | None = None
    next_id: int = _FIRST_ID
    records: list[tuple[float, dict[str, Any]]] = field(factory=list)
    meters: dict[int, Meter] = field(factory=dict)
    schedule: list[tuple[float, int]] = field(factory=list)
    scanned: int = 0
    changed: set[int] = field(factory=set)

    def begin(self, now: float) -> None:
        """Write records from now on."""
        if self.since is None:
            self.since = now

    def end(self) -> None:
        """Write no more records and drop the kept ones."""
        self.since, self.scanned = None, 0
        for kept in (self.records, self.meters, self.schedule, self.changed):
            kept.clear()

    def read_at(self, endpoint: int, due: float) -> None:
        """Read a meter at a time, and start one for an endpoint that has none."""
        meter = self.meters.setdefault(endpoint, Meter(position=self.since or 0.0, due=due))
        meter.due = due
        heapq.heappush(self.schedule, (due, endpoint))

    def next_due(self, now: float) -> int | None:
        """Remove and return the next endpoint whose meter is due, None if there is none."""
        while self.schedule and self.schedule[0][0] <= now:
            due, endpoint = heapq.heappop(self.schedule)
            meter = self.meters.get(endpoint)
            if meter is not None and meter.due == due:
                return endpoint
        return None

    def note_duty(self, endpoint: int) -> None:
        """Read a meter soon, because its SIM went on or off duty."""
        if self.since is not None:
            self.changed.add(endpoint)

    def add(self, wall: float, body: dict[str, Any]) -> None:
        """Append a record, which gets the next id."""
        self.records.append((wall, {"id": self.next_id, **body}))
        self.next_id += 1
        if len(self.records) > MOST_RECORDS:
            del self.records[: MOST_RECORDS // 10]

    def from_id(self, first: int) -> Iterator[tuple[int, float, dict[str, Any]]]:
        """Iterate over id, time and body of the kept records from an id on."""
        oldest = self.next_id - len(self.records)
        for place in range(max(0, first - oldest), len(self.records)):
            wall, body = self.records[place]
            yield oldest + place, wall, body

    def forget_before(self, first: int) -> None:
        """Drop the records before an id."""
        del self.records[: max(0, first - (self.next_id - len(self.records)))]
