"""The commercial side of an organisation: its place among others, its tariff, what it has booked."""

from __future__ import annotations

from attrs import define, field, frozen


@frozen(kw_only=True)
class BookedVolume:
    """An inclusive volume that an organisation booked."""

    id: int
    volume: int
    start: float
    end: float | None = None
    pooled: bool = True

    def active(self, wall: float) -> bool:
        """Say whether it counts at a moment."""
        return self.start <= wall and (self.end is None or wall < self.end)


@define(kw_only=True)
class Account:
    """What an organisation is to others and what it pays.

    Attributes:
        parent: the main workspace it belongs to, None for one that stands alone.
        status: 0 is enabled.
        tariff: its price list.
        plan: its tariff plan.
        volumes: inclusive volumes it ever booked.
    """

    parent: int | None = None
    status: int = 0
    tariff: int = 1
    plan: int = 1
    volumes: list[BookedVolume] = field(factory=list)
