"""A limit whose slots come from a store, which answers the first question ``late`` seconds after it."""

from __future__ import annotations

from math import inf

import anyio

from aioemnify.clock import Clock
from aioemnify.transport.throttle.limits import Limit


class Reserved(Limit):
    """Has a slot once a store was asked for it."""

    def __init__(self, clock: Clock, late: int = 0) -> None:
        super().__init__("store", "store", organisation="")
        self.slots = 0
        self.clock = clock
        self.late = late
        self.asking_until = -inf
        self.asked: list[int] = []

    def ready(self, now: float) -> float:
        return max(now, self.asking_until) if self.slots or self.asking_until > now else inf

    def soonest(self, now: float, ahead: int = 0) -> float:
        return now

    def needs_reservation(self, now: float) -> bool:
        return not self.slots and now >= self.asking_until

    async def reserve(self, waiting: int) -> None:
        self.asked.append(waiting)
        self.asking_until = self.clock.monotonic() + 5.0
        for _ in range(self.late):
            self.late -= 1
            await self.clock.wait(anyio.Event(), 1.0)
        self.slots += waiting
        self.asking_until = -inf

    def take(self, now: float) -> None:
        self.slots -= 1

    def give_back(self, now: float) -> None:
        self.slots += 1
