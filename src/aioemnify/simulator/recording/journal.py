"""The record of every request that arrived, with nothing secret in it."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Mapping

from attrs import define, field

BODY_BYTES = 128 * 1024
"""A longer body is not kept."""
ALL_BODIES_BYTES = 16 * 1024 * 1024
"""The bodies kept altogether; the oldest go first."""
_FEED = 1_000


@define(kw_only=True)
class RequestRecord:
    """One request as the simulated server saw it.

    Attributes:
        number: counts requests from 1.
        method: HTTP method.
        path: path without the query.
        query: raw query text.
        operation: operation id, or None when no operation has this path and method.
        organisation: id of the caller's organisation, or None without a valid token.
        address: the client's address.
        headers: request headers by lower-case name; credentials are masked.
        limit: id of the path row that counts this call, or None.
        refused_by: id of the limit that refused it, or None.
        arrived: simulated monotonic seconds at which limits were judged.
        wall: the same moment as seconds since 1970.
        latency: simulated seconds from the request's arrival to the last byte of the answer, delays
            included; None while under way.
        status: what was answered; None while under way or when the connection was cut.
        fault: names of the injected faults that struck it.
        rules: ids of the fault rules behind them.
        request_body: what was sent, with secrets masked; None when it was too long or has been dropped.
        response_body: what was answered, likewise, before it was compressed or broken on purpose.
        response_headers: headers of the answer as written.
        response_bytes: length of the answer's body before it was compressed.
    """

    number: int = 0
    method: str
    path: str
    query: str
    operation: str | None
    organisation: int | None = None
    address: str
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    limit: str | None = None
    refused_by: str | None = None
    arrived: float
    wall: float
    latency: float | None = None
    status: int | None = None
    fault: tuple[str, ...] = ()
    rules: tuple[int, ...] = ()
    request_body: bytes | None = field(default=None, repr=False)
    response_body: bytes | None = field(default=None, repr=False)
    response_headers: Mapping[str, str] = field(factory=dict, repr=False)
    response_bytes: int = 0


class Journal:
    """The last ``capacity`` requests in the order of their arrival.

    Bodies are kept up to :data:`BODY_BYTES` each and :data:`ALL_BODIES_BYTES` together, so that
    a journal of any age stays bounded.
    """

    def __init__(self, capacity: int) -> None:
        self._records: deque[RequestRecord] = deque(maxlen=capacity)
        self._with_bodies: deque[tuple[RequestRecord, int]] = deque()
        self._body_bytes = 0
        self._ended: deque[RequestRecord] = deque(maxlen=_FEED)
        self._ended_count = 0
        self._lock = threading.Lock()
        self.arrived: int = 0
        self.statuses: Counter[str] = Counter()

    def add(self, record: RequestRecord) -> None:
        """Append one record and number it."""
        with self._lock:
            self.arrived += 1
            record.number = self.arrived
            self._records.append(record)

    def end(self, record: RequestRecord, latency: float) -> None:
        """Note that a request is over, whether it was answered or cut."""
        with self._lock:
            record.latency = latency
            self.statuses["cut" if record.status is None else str(record.status)] += 1
            self._ended_count += 1
            self._ended.append(record)
            size = len(record.request_body or b"") + len(record.response_body or b"")
            if size:
                self._keep_bodies(record, size)

    def _keep_bodies(self, record: RequestRecord, size: int) -> None:
        self._with_bodies.append((record, size))
        self._body_bytes += size
        while self._body_bytes > ALL_BODIES_BYTES or len(self._with_bodies) > (self._records.maxlen or 0):
            oldest, freed = self._with_bodies.popleft()
            self._body_bytes -= freed
            oldest.request_body = oldest.response_body = None

    def records(self) -> list[RequestRecord]:
        """Return a copy of the list."""
        with self._lock:
            return list(self._records)

    def ended_since(self, count: int) -> tuple[list[RequestRecord], int]:
        """Return what ended after the first ``count`` did, as far as remembered, and how many have ended."""
        with self._lock:
            fresh = self._ended_count - count
            if fresh <= 0:
                return [], self._ended_count
            return list(self._ended)[-fresh:], self._ended_count

    def clear(self) -> None:
        """Forget all records; counters go on."""
        with self._lock:
            self._records.clear()
            self._with_bodies.clear()
            self._body_bytes = 0


def kept(body: bytes) -> bool:
    """Say whether a body is short enough to be kept."""
    return len(body) <= BODY_BYTES
