"""The account of an organisation: parent, status, tariff and booked volumes."""

from __future__ import annotations

from attrs import define, field, frozen


@frozen(kw_only=True)
class BookedVolume:
    """An inclusive volume booked by an organisation."""

    id: int
    volume: int
    start: float
    end: float | None = None
    pooled: bool = True

    def active(self, wall: float) -> bool:
        """Return whether it is active at a moment."""
        return self.start <= wall and (self.end is None or wall < self.end)


@define(kw_only=True)
class Account:
    """The account of an organisation.

    Attributes:
        parent: id of its main workspace, None without one.
        status: 0 is enabled.
        tariff: id of its price list.
        plan: id of its tariff plan.
        volumes: all inclusive volumes it has booked.
    """

    parent: int | None = None
    status: int = 0
    tariff: int = 1
    plan: int = 1
    volumes: list[BookedVolume] = field(factory=list)
