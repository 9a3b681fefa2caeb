"""Data and SMS quotas of endpoints."""

from __future__ import annotations

from attrs import define

ACTIVE, EXHAUSTED, EXPIRED = 1, 2, 3


@define(kw_only=True)
class Quota:
    """A quota of bytes or messages, counted down.

    Attributes:
        volume: the whole quota.
        left: what remained at ``counted``; never below 0.
        counted: until when usage has been subtracted.
        expires: when it expires.
        refill: whether it is refilled each day at 00:00 UTC.
        percentage: remaining percentage at which a warning event is written.
        threshold: the same as an absolute volume.
        status: active, exhausted or expired.
        changed: when the status last changed.
        warned: whether the warning event was written since the last refill.
        due: when it changes next; scheduled events for another time are outdated.
    """

    volume: int
    left: int
    counted: float
    expires: float
    refill: bool
    percentage: float | None
    threshold: int | None
    status: int = ACTIVE
    changed: float
    warned: bool = False
    due: float = 0.0

    def move(self, status: int, moment: float) -> None:
        """Change the status."""
        if self.status != status:
            self.status, self.changed = status, moment

    @property
    def warns_below(self) -> int | None:
        """Return the remaining volume at which to warn, None without a warning."""
        if self.threshold is not None:
            return self.threshold
        return None if self.percentage is None else int(self.volume * self.percentage / 100)
