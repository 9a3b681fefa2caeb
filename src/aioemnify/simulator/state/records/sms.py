"""SMS to and from devices."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field

PENDING, IN_PROGRESS, BUFFERED, DELIVERED, FAILED, EXPIRED, CANCELED = range(1, 8)
FINAL = frozenset({DELIVERED, FAILED, EXPIRED, CANCELED})


@define(kw_only=True)
class Message:
    """One SMS to or from a device. Times are seconds since 1970.

    Attributes:
        sent_by_device: whether the device sent it.
        sim: id of the SIM in the endpoint when it was sent.
        expires: when delivery is abandoned.
        final: when it reached its final status.
        retry: when delivery is retried.
        error: error of the last delivery attempt.
        due: when it changes next; scheduled events for another time are outdated.
    """

    id: int
    endpoint: int
    sim: int
    submitted: float
    expires: float
    payload: str
    source: str | None = None
    source_type: int | None = None
    dest: str | None = None
    udh: str = ""
    dcs: int = 0
    sent_by_device: bool = False
    status: int = PENDING
    delivered: float | None = None
    final: float | None = None
    attempted: float | None = None
    retry: float | None = None
    retries: int = 0
    error: str | None = None
    due: float = 0.0

    @property
    def volume(self) -> tuple[int, int]:
        """Return how many messages to (``rx``) and from (``tx``) the device it is in statistics."""
        return (0, 1) if self.sent_by_device else (1, 0)

    def finish(self, status: int, moment: float) -> None:
        """Set a final status."""
        self.status, self.final, self.retry = status, moment, None


@define(kw_only=True)
class Messages:
    """All SMS of one organisation.

    Attributes:
        by_id: in order of sending.
        by_endpoint: ids by endpoint.
        by_sim: ids by SIM.
    """

    by_id: dict[int, Message] = field(factory=dict)
    by_endpoint: dict[int, list[int]] = field(factory=dict)
    by_sim: dict[int, list[int]] = field(factory=dict)

    def add(self, message: Message) -> None:
        """Add a message."""
        self.by_id[message.id] = message
        self.by_endpoint.setdefault(message.endpoint, []).append(message.id)
        self.by_sim.setdefault(message.sim, []).append(message.id)

    def about(self, *, endpoint: int | None = None, sim: int | None = None) -> Iterator[Message]:
        """Iterate over the messages of an endpoint or a SIM, oldest first."""
        found = self.by_endpoint.get(endpoint, ()) if endpoint is not None else self.by_sim.get(sim or 0, ())
        return (self.by_id[identity] for identity in found)
