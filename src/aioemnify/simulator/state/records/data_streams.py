"""Data streams of an organisation; their status follows from the clock."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from attrs import define, field

from aioemnify.simulator.state.records.deliveries import BackOff

USAGE, EVENT = 1, 2
RUNNING, PAUSED, ERROR, PENDING = range(1, 5)
_MASK = "***"
_SECRETS = frozenset({"write_key", "api_key", "connection_string"})


@define(kw_only=True)
class DataStream:
    """A stream that pushes records to a destination.

    Attributes:
        destination: as sent, with defaults.
        started: when it was created, restarted or got another destination.
        paused: whether it is paused.
        ends: when a requested deletion takes effect.
        position: id of the first record that was not delivered.
        back_off: state of repeated deliveries.
    """

    id: int
    name: str
    type: int
    destination: dict[str, Any] = field(repr=False)
    filters: list[Any] = field(factory=list)
    relation_resolution: Any = None
    started: float
    paused: bool = False
    ends: float | None = None
    position: int = 0
    back_off: BackOff = field(factory=BackOff)

    def start(self, now: float) -> None:
        """Start or restart: the stream is pending for a while."""
        self.started, self.back_off = now, BackOff()

    @property
    def to_webhook(self) -> bool:
        """Return whether its destination is a webhook; nothing is sent to the others."""
        return bool(self.destination["connection_type"] == "RestAPI")

    @property
    def unreachable(self) -> bool:
        """Return whether records can never arrive, because the host of its webhook does not exist."""
        if not self.to_webhook:  # its members beyond the documented ones were not checked
            return False
        return (urlsplit(self.destination["credentials"]["url"]).hostname or "").endswith(".invalid")

    def status(self, now: float, *, start: float, retries: float) -> int:
        """Return the status at a moment.

        Args:
            now: the moment.
            start: seconds until it runs.
            retries: seconds after which it gives up on an unreachable address.
        """
        if self.paused:
            return PAUSED
        age = now - self.started
        if age < start:
            return PENDING
        if self.back_off.exhausted:
            return ERROR
        return ERROR if self.unreachable and age >= start + retries else RUNNING

    def shown_destination(self) -> dict[str, Any]:
        """Return the destination with its secrets masked."""
        credentials = {
            name: _MASK if name in _SECRETS else value
            for name, value in self.destination.get("credentials", {}).items()
        }
        if "headers" in credentials:
            names = (header.partition(":")[0] for header in credentials["headers"]) if self.to_webhook else ()
            credentials["headers"] = [f"{name}:{_MASK}" for name in names]
        return self.destination | {"credentials": credentials}


@define(kw_only=True)
class StreamBook:
    """The data streams of one organisation by id."""

    streams: dict[int, DataStream] = field(factory=dict)

    def living(self, now: float) -> dict[int, DataStream]:
        """Return the existing streams, and drop those whose deletion is complete."""
        gone = [each.id for each in self.streams.values() if each.ends is not None and now >= each.ends]
        for identity in gone:
            del self.streams[identity]
        return self.streams
