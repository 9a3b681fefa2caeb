"""A limit whose slots come from a store."""

from __future__ import annotations

from aioemnify.transport.throttle.limits import Limit


class Reserved(Limit):
    """Has a slot once a store was asked for it."""

    def __init__(self) -> None:
        super().__init__("store", "store")
        self.slots = 0
        self.asked: list[int] = []

    def ready(self, now: float) -> float:
        return now if self.slots else float("inf")

    def soonest(self, now: float, ahead: int = 0) -> float:
        return now

    def needs_reservation(self, now: float) -> bool:
        return not self.slots

    async def reserve(self, waiting: int) -> None:
        self.asked.append(waiting)
        self.slots += waiting

    def take(self, now: float) -> None:
        self.slots -= 1

    def give_back(self, now: float) -> None:
        self.slots += 1
