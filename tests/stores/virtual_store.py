"""A store that several clients share within a test's virtual time, and that can be lost for a while."""

from __future__ import annotations

from attrs import evolve

from aioemnify.clock import Clock
from aioemnify.errors import StoreError
from aioemnify.stores import LimitRequest, Reservation, StoredToken, UsageReport
from aioemnify.stores import _reservations as reservations
from tests.stores.memory_tables import MemoryTables


class SharedPlace:
    """What the clients have in common. ``trouble`` is raised to whoever asks.

    Args:
        clock: where the time comes from.
        latency: seconds each way.
        lost: when nobody reaches it: from, until.
        wiped: whether it comes back from that empty.
        double: whether it forgets to count what it reserves, as a broken store would.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        latency: float = 0.0,
        lost: tuple[float, float] = (0.0, 0.0),
        wiped: bool = False,
        double: bool = False,
    ) -> None:
        self.clock = clock
        self.latency = latency
        self.double = double
        self.trouble: StoreError | None = None
        self.shift = 0.0
        self.clients: list[str] = []
        self.tables = MemoryTables()
        self.tokens: dict[str, tuple[StoredToken, float]] = {}
        self.leases: dict[str, tuple[str, float]] = {}
        self._lost, self._wiped = lost, wiped
        self._generations = 1

    def empty(self) -> None:
        """Forget everything, as a Redis that was killed does."""
        self._generations += 1
        self.tables = MemoryTables(f"generation {self._generations}")

    def lose(self, *, lost: bool = True) -> None:
        self.trouble = StoreError("the store, of this test, is away", lost=lost)

    def reach(self) -> float:
        """Return the store's time, or do not answer."""
        now = self.clock.monotonic()
        if self.trouble is not None:
            raise StoreError(str(self.trouble), lost=self.trouble.lost)
        if self._lost[0] <= now < self._lost[1]:
            raise StoreError("the store does not answer", lost=True)
        if self._wiped and now >= self._lost[1]:
            self._wiped = False
            self.empty()
        return now + self.shift


class VirtualStore:
    """The same, as one client sees it."""

    address = "default"

    def __init__(self, place: SharedPlace, name: str) -> None:
        self.place = place
        self.name = name
        self.asked: list[str] = []
        self.closed = 0
        place.clients.append(name)

    async def _ask(self, what: str) -> float:
        self.asked.append(what)
        if self.place.latency:
            await self.place.clock.sleep(self.place.latency)
        return self.place.reach()

    async def _answer(self) -> None:
        if self.place.latency:
            await self.place.clock.sleep(self.place.latency)

    async def reserve(
        self, limit_requests: tuple[LimitRequest, ...], count: int, horizon: float, generation: str
    ) -> Reservation:
        now, place = await self._ask("reserve"), self.place
        tables = MemoryTables() if place.double else place.tables
        for client in place.clients:
            # They know of each other before they ask.
            tables.touch(client, now)
        reservation = reservations.reserve(
            tables,
            limit_requests,
            count,
            horizon,
            generation,
            client=self.name,
            now=now,
            wall=place.clock.wall(),
        )
        await self._answer()
        return reservation

    async def cancel(
        self, limit_requests: tuple[LimitRequest, ...], reservation_ids: tuple[str, ...], generation: str
    ) -> None:
        await self._ask("cancel")
        reservations.cancel(self.place.tables, limit_requests, reservation_ids, generation)
        await self._answer()

    async def pause(self, key: str, seconds: float) -> None:
        reservations.pause(self.place.tables, key, await self._ask("pause") + seconds)
        await self._answer()

    async def rejoin(self, generation: str, reports: tuple[UsageReport, ...], *, reset: bool) -> str:
        now, place = await self._ask("rejoin"), self.place
        present = reservations.rejoin(
            place.tables,
            generation,
            reports,
            reset=reset,
            client=self.name,
            now=now,
            wall=place.clock.wall(),
        )
        await self._answer()
        return present

    async def load(self, key: str) -> StoredToken | None:
        now = await self._ask("load")
        token, until = self.place.tokens.get(key, (None, now))
        return evolve(token, remaining=until - now) if token is not None and until > now else None

    async def save(self, key: str, token: StoredToken) -> None:
        self.place.tokens[key] = (token, await self._ask("save") + token.remaining)

    async def lease(self, key: str, holder: str, seconds: float) -> bool:
        now = await self._ask("lease")
        who, until = self.place.leases.get(key, (holder, now))
        if who != holder and now < until:
            return False
        self.place.leases[key] = (holder, now + seconds)
        return True

    async def release(self, key: str, holder: str) -> None:
        await self._ask("release")
        if self.place.leases.get(key, ("", 0.0))[0] == holder:
            del self.place.leases[key]

    async def aclose(self) -> None:
        self.closed += 1
