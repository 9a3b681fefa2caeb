"""One place that several processes share, played within a test's virtual time."""

from __future__ import annotations

from attrs import evolve

from aioemnify.clock import Clock
from aioemnify.errors import StoreError
from aioemnify.stores import LimitRequest, Reservation, StoredToken, UsageReport
from aioemnify.stores import _reservations as reservations
from tests.stores.memory_tables import MemoryTables


class Place:
    """What the sharers have in common. ``trouble`` is raised to whoever asks."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.trouble: StoreError | None = None
        self.sharers: list[str] = []
        self.tokens: dict[str, tuple[StoredToken, float]] = {}
        self.leases: dict[str, tuple[str, float]] = {}
        self.empty()

    def empty(self) -> None:
        """Forget all limits, as a Redis that was killed does."""
        self.shelf = MemoryTables()
        self.generation = f"from {self.clock.monotonic() if self.sharers else 0}"

    def lose(self, *, lost: bool = True) -> None:
        self.trouble = StoreError("the store, of this test, is away", lost=lost)


class StoreOf:
    """The store of one process."""

    def __init__(self, place: Place, name: str) -> None:
        self.place = place
        self.name = name
        self.asked: list[str] = []
        self.closed = 0
        place.sharers.append(name)

    @property
    def address(self) -> str:
        return "default"

    def _ask(self, what: str) -> float:
        self.asked.append(what)
        if self.place.trouble is not None:
            raise StoreError(str(self.place.trouble), lost=self.place.trouble.lost)
        return self.place.clock.monotonic()

    async def book(
        self, limit_requests: tuple[LimitRequest, ...], places: int, horizon: float
    ) -> Reservation:
        now, sharers = self._ask("book"), sorted(self.place.sharers)
        wall = self.place.clock.wall()
        booking = reservations.book(
            self.place.shelf, limit_requests, places, horizon, now=now, wall=wall, sharers=len(sharers)
        )
        return evolve(booking, rank=sharers.index(self.name), generation=self.place.generation)

    async def give_back(
        self, limit_requests: tuple[LimitRequest, ...], reservation_ids: tuple[str, ...]
    ) -> None:
        self._ask("give_back")
        reservations.give_back(self.place.shelf, limit_requests, reservation_ids)

    async def pause(self, key: str, seconds: float) -> None:
        reservations.pause(self.place.shelf, key, self._ask("pause") + seconds)

    async def rejoin(self, generation: str, spent: tuple[UsageReport, ...], *, alone: bool) -> float:
        now = self._ask("rejoin")
        wiped = bool(generation) and generation != self.place.generation
        wall = self.place.clock.wall()
        return reservations.rejoin(self.place.shelf, spent, wiped=wiped, alone=alone, now=now, wall=wall)

    async def load(self, key: str) -> StoredToken | None:
        now = self._ask("load")
        token, until = self.place.tokens.get(key, (None, now))
        return evolve(token, remaining=until - now) if token is not None and until > now else None

    async def save(self, key: str, token: StoredToken) -> None:
        self.place.tokens[key] = (token, self._ask("save") + token.remaining)

    async def lease(self, key: str, holder: str, seconds: float) -> bool:
        now = self._ask("lease")
        who, until = self.place.leases.get(key, (holder, now))
        if who != holder and now < until:
            return False
        self.place.leases[key] = (holder, now + seconds)
        return True

    async def release(self, key: str, holder: str) -> None:
        self._ask("release")
        if self.place.leases.get(key, ("", 0.0))[0] == holder:
            del self.place.leases[key]

    async def aclose(self) -> None:
        self.closed += 1
