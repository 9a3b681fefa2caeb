"""The journal: a record of every request that arrived or was delivered, with secrets masked."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Mapping
from typing import Generic, Literal, Protocol, TypeVar

from attrs import define, field

BODY_BYTES = 128 * 1024
"""Longer bodies are not recorded."""
ALL_BODIES_BYTES = 16 * 1024 * 1024
"""The most bytes of bodies kept in total; the oldest are dropped first."""
_FEED = 1_000

Outcome = Literal["waiting", "cut", "refused", "ok", "client_error", "server_error"]
"""How a request ended: not yet, by a closed connection, by a limit's 429, or by its status."""


@define(kw_only=True)
class RequestRecord:
    """One recorded request.

    Attributes:
        number: counts requests from 1.
        method: HTTP method.
        path: path without the query.
        query: raw query text.
        operation: operation id, or None when no operation has this path and method.
        organisation: id of the caller's organisation, or None without a valid token.
        address: the client's address.
        headers: request headers by lower-case name, without X-Request-Id; credentials are masked.
        request_id: the X-Request-Id of the request, which all attempts of a call share; or None.
        limit: id of the limit row that counts this call, or None.
        refused_by: id of the limit that refused the call, or None.
        arrived: simulated monotonic seconds at which limits were checked.
        wall: the same moment as seconds since 1970.
        latency: simulated seconds from arrival to the last byte of the response, delays included; None
            while in flight.
        status: status of the response; None while in flight, or if the connection was closed.
        fault: names of the injected faults.
        rules: ids of their fault rules.
        request_body: body with secrets masked; None if it was too long or has been dropped.
        response_body: the same for the response, before compression and body faults.
        response_headers: headers of the response.
        response_bytes: length of the response body before compression.
    """

    number: int = 0
    method: str
    path: str
    query: str
    operation: str | None
    organisation: int | None = None
    address: str
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    request_id: str | None = None
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

    @property
    def all_headers(self) -> dict[str, str]:
        """Return the request headers with X-Request-Id."""
        own = {} if self.request_id is None else {"x-request-id": self.request_id}
        return {**self.headers, **own}

    @property
    def outcome(self) -> Outcome:
        """Return how the request ended."""
        if self.refused_by is not None:
            return "refused"
        if self.status is None:
            return "waiting" if self.latency is None else "cut"
        return "ok" if self.status < 400 else "client_error" if self.status < 500 else "server_error"


class Recorded(Protocol):
    """A record that a journal keeps."""

    number: int
    latency: float | None
    status: int | None
    request_body: bytes | None
    response_body: bytes | None


RecordT = TypeVar("RecordT", bound=Recorded)


class Journal(Generic[RecordT]):
    """The last ``capacity`` records in order of their numbers.

    Bodies are kept up to :data:`BODY_BYTES` each and :data:`ALL_BODIES_BYTES` in total, so that memory
    stays bounded.
    """

    def __init__(self, capacity: int) -> None:
        self._records: deque[RecordT] = deque(maxlen=capacity)
        self._with_bodies: deque[tuple[RecordT, int]] = deque()
        self._body_bytes = 0
        self._ended: deque[RecordT] = deque(maxlen=_FEED)
        self._ended_count = 0
        self._lock = threading.Lock()
        self.arrived: int = 0
        self.statuses: Counter[str] = Counter()

    def add(self, record: RecordT) -> None:
        """Append a record and number it."""
        with self._lock:
            self.arrived += 1
            record.number = self.arrived
            self._records.append(record)

    def end(self, record: RecordT, latency: float) -> None:
        """Record the end of a request: with a response or a closed connection."""
        with self._lock:
            record.latency = latency
            self.statuses["cut" if record.status is None else str(record.status)] += 1
            self._ended_count += 1
            self._ended.append(record)
            size = len(record.request_body or b"") + len(record.response_body or b"")
            if size:
                self._keep_bodies(record, size)

    def _keep_bodies(self, record: RecordT, size: int) -> None:
        self._with_bodies.append((record, size))
        self._body_bytes += size
        while self._body_bytes > ALL_BODIES_BYTES or len(self._with_bodies) > (self._records.maxlen or 0):
            oldest, freed = self._with_bodies.popleft()
            self._body_bytes -= freed
            oldest.request_body = oldest.response_body = None

    def records(self) -> list[RecordT]:
        """Return a copy of the records."""
        with self._lock:
            return list(self._records)

    def get(self, number: int) -> RecordT | None:
        """Return the record with this number, None if it is not kept."""
        with self._lock:
            place = number - self._records[0].number if self._records else -1
            return self._records[place] if 0 <= place < len(self._records) else None

    def ended_since(self, count: int) -> tuple[list[RecordT], int]:
        """Return the kept records that ended after the first ``count``, and the number that ended."""
        with self._lock:
            fresh = self._ended_count - count
            if fresh <= 0:
                return [], self._ended_count
            return list(self._ended)[-fresh:], self._ended_count

    def clear(self) -> None:
        """Drop all records; counters continue."""
        with self._lock:
            self._records.clear()
            self._with_bodies.clear()
            self._body_bytes = 0


def short_enough(body: bytes) -> bool:
    """Return whether a body is short enough to be recorded."""
    return len(body) <= BODY_BYTES
