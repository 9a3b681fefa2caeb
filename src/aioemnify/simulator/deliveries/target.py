"""A receiver of deliveries, and the result of one."""

from __future__ import annotations

from typing import Protocol

from attrs import field, frozen

from aioemnify.simulator.recording.delivery_record import DeliveryRecord, Outcome

Key = tuple[str, int]


@frozen(kw_only=True)
class Result:
    """The result of sending one delivery.

    Attributes:
        outcome: as in the record.
        status: status of the response, None without one.
        body: the start of the response's body.
        error: why it was not delivered.
        final: whether repeating it cannot help, because the configuration is wrong.
    """

    outcome: Outcome
    status: int | None = None
    body: bytes = field(default=b"", repr=False)
    error: str | None = None
    final: bool = False


class Target(Protocol):
    """Something with deliveries to make, one after the other. The caller holds the lock of the state."""

    @property
    def key(self) -> Key:
        """Return what identifies the target among all of an installation."""
        ...

    def is_due(self) -> bool:
        """Return whether there may be a delivery to make now."""
        ...

    def next_delivery(self) -> DeliveryRecord | None:
        """Return the delivery that is due now, None if there is none."""
        ...

    def settle(self, record: DeliveryRecord, result: Result) -> None:
        """Take note of the result of a delivery."""
        ...
