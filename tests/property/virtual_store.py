"""A store in virtual time that several clients share, and that can be out of reach for a while."""

from __future__ import annotations

from attrs import evolve

from aioemnify.clock import LoopClock
from aioemnify.errors import StoreError
from aioemnify.stores import _reservations as reservations
from aioemnify.stores.protocols import LimitRequest, Reservation, UsageReport
from tests.stores.memory_tables import MemoryTables


class SharedLedger:
    """What the clients have in common.

    Args:
        clock: where the time comes from.
        latency: seconds each way.
        lost: when nobody reaches it: from, until.
        wiped: whether it comes back empty.
        double: whether it forgets to count what it books, as a broken store would.
    """

    def __init__(
        self,
        clock: LoopClock,
        *,
        latency: float = 0.0,
        lost: tuple[float, float] = (0.0, 0.0),
        wiped: bool = False,
        double: bool = False,
    ) -> None:
        self.clock = clock
        self.latency = latency
        self.lost = lost
        self.wiped = wiped
        self.double = double
        self.shelf = MemoryTables()
        self.generation = "first"
        self.clients: dict[object, float] = {}
        self.asked = 0

    def reached(self) -> None:
        """Answer, or do not."""
        now = self.clock.monotonic()
        if self.lost[0] <= now < self.lost[1]:
            raise StoreError("the store does not answer", lost=True)
        if self.wiped and now >= self.lost[1]:
            self.wiped, self.shelf, self.generation = False, MemoryTables(), "second"
            self.clients.clear()

    def touch(self, client: object) -> tuple[int, int]:
        """Return how many clients there are, and which of them this is."""
        now = self.clock.monotonic()
        self.clients[client] = now
        alive = [other for other, at in self.clients.items() if at > now - reservations.HEARTBEAT]
        return len(alive), alive.index(client)


class SharedStore:
    """The same, as one client sees it."""

    address = "here"

    def __init__(self, shared: SharedLedger) -> None:
        self._shared = shared

    async def _reach(self) -> None:
        await self._shared.clock.sleep(self._shared.latency)
        self._shared.reached()

    async def _answer(self) -> None:
        await self._shared.clock.sleep(self._shared.latency)

    async def book(
        self, limit_requests: tuple[LimitRequest, ...], places: int, horizon: float
    ) -> Reservation:
        await self._reach()
        shared = self._shared
        sharers, rank = shared.touch(self)
        shared.asked += 1
        shelf = MemoryTables() if shared.double else shared.shelf
        now, wall = shared.clock.monotonic(), shared.clock.wall()
        booking = reservations.book(
            shelf, limit_requests, places, horizon, now=now, wall=wall, sharers=sharers
        )
        await self._answer()
        return evolve(booking, rank=rank, generation=shared.generation)

    async def give_back(
        self, limit_requests: tuple[LimitRequest, ...], reservation_ids: tuple[str, ...]
    ) -> None:
        await self._reach()
        reservations.give_back(self._shared.shelf, limit_requests, reservation_ids)
        await self._answer()

    async def pause(self, key: str, seconds: float) -> None:
        await self._reach()
        reservations.pause(self._shared.shelf, key, self._shared.clock.monotonic() + seconds)
        await self._answer()

    async def rejoin(self, generation: str, spent: tuple[UsageReport, ...], *, alone: bool) -> float:
        await self._reach()
        shared = self._shared
        opens_in = reservations.rejoin(
            shared.shelf,
            spent,
            wiped=bool(generation) and generation != shared.generation,
            alone=alone,
            now=shared.clock.monotonic(),
            wall=shared.clock.wall(),
        )
        await self._answer()
        return opens_in

    async def aclose(self) -> None:
        """Do nothing."""
