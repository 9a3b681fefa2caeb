"""The record of every request that arrived, with nothing secret in it."""

from __future__ import annotations

from collections import deque

from attrs import define, field


@define(kw_only=True)
class RequestRecord:
    """One request as the simulated server saw it.

    Attributes:
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
        status: what was answered; None while under way or when the connection was cut.
        fault: names of the injected faults that struck it.
    """

    method: str
    path: str
    query: str
    operation: str | None
    organisation: int | None = None
    address: str
    headers: dict[str, str] = field(factory=dict, repr=False)
    limit: str | None = None
    refused_by: str | None = None
    arrived: float
    wall: float
    status: int | None = None
    fault: tuple[str, ...] = ()


class Journal:
    """The last ``capacity`` requests in the order of their arrival."""

    def __init__(self, capacity: int) -> None:
        self._records: deque[RequestRecord] = deque(maxlen=capacity)

    def add(self, record: RequestRecord) -> None:
        """Append one record."""
        self._records.append(record)

    def records(self) -> list[RequestRecord]:
        """Return a copy of the list."""
        return list(self._records)

    def clear(self) -> None:
        """Forget all records."""
        self._records.clear()
