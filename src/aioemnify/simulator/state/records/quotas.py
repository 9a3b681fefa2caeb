"""Volumes that endpoints may use up: what is left of them, and what happens when nothing is."""

from __future__ import annotations

from attrs import define

ACTIVE, EXHAUSTED, EXPIRED = 1, 2, 3


@define(kw_only=True)
class Quota:
    """A volume of bytes or messages, counted down.

    Attributes:
        volume: what was given last.
        left: what was left at ``counted``; below zero never.
        counted: until when use has been taken off.
        expires: when it ends.
        refill: whether the whole volume is given again each day at 00:00 UTC.
        percentage: share of the volume left at which an event warns.
        threshold: the same as a volume.
        status: active, exhausted or expired.
        changed: when the status changed last.
        warned: whether the threshold's event was written since the last refill.
        due: when something happens to it next; an appointment for another time is out of date.
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
        """Return the rest at which to warn."""
        if self.threshold is not None:
            return self.threshold
        return None if self.percentage is None else int(self.volume * self.percentage / 100)
