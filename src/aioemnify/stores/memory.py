"""A budget within one process."""

from __future__ import annotations

import threading
from bisect import bisect_right, insort
from typing import Self

import aioemnify.stores._reservations as reservations
from aioemnify.clock import Clock
from aioemnify.stores.protocols import LimitRequest, Reservation, UsageReport


class MemoryTables:
    """A ledger's numbers in plain dicts."""

    def __init__(self) -> None:
        self._tats: dict[str, float] = {}
        self._uses: dict[str, list[tuple[float, str]]] = {}
        self._months: dict[tuple[str, str], int] = {}
        self._pauses: dict[str, float] = {}
        self._notes: dict[str, float] = {}
        self._named = 0

    def tat(self, key: str) -> float:
        """Return when a bucket is empty again."""
        return self._tats.get(key, 0.0)

    def set_tat(self, key: str, tat: float, now: float) -> None:
        """Keep that moment."""
        self._tats[key] = tat

    def nth_latest(self, key: str, nth: int) -> float | None:
        """Return the moment of the ``nth`` latest use."""
        uses = self._uses.get(key, [])
        return uses[-nth][0] if len(uses) >= nth else None

    def uses(self, key: str, since: float) -> int:
        """Return the uses after ``since``."""
        uses = self._uses.get(key, [])
        return len(uses) - bisect_right(uses, (since, "~"))

    def add_use(self, key: str, at: float, forget: float) -> str:
        """Note a use and drop old ones."""
        uses = self._uses.setdefault(key, [])
        del uses[: bisect_right(uses, (forget, "~"))]
        self._named += 1
        name = str(self._named)
        insort(uses, (at, name))
        return name

    def drop_use(self, key: str, name: str) -> None:
        """Forget one use."""
        uses = self._uses.get(key, [])
        uses[:] = [use for use in uses if use[1] != name]

    def month_used(self, key: str, month: str) -> int:
        """Return the uses in a month."""
        return self._months.get((key, month), 0)

    def set_month_used(self, key: str, month: str, used: int) -> None:
        """Keep the uses of a month."""
        self._months[key, month] = used

    def paused_until(self, key: str) -> float:
        """Return when a pause ends."""
        return self._pauses.get(key, 0.0)

    def set_pause(self, key: str, until: float) -> None:
        """Keep when a pause ends."""
        self._pauses[key] = until

    def note(self, name: str) -> float:
        """Return one of the ledger's own numbers."""
        return self._notes.get(name, 0.0)

    def set_note(self, name: str, value: float) -> None:
        """Keep one of the ledger's own numbers."""
        self._notes[name] = value


class MemoryStore:
    """A budget of its own, for the clients of this process that are given it.

    Clients of one server share one budget by themselves. Give some of them a ``MemoryStore``
    when they go out by another address, or as another customer of the API, than the rest.
    They keep the exact rule that needs no margin: a call counts from when it is sent, and
    ages from its answer.

    Args:
        clock: where the time comes from; for tests.
    """

    def __init__(self, *, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._lock = threading.Lock()
        self._shelf = MemoryTables()

    def __repr__(self) -> str:
        return "MemoryStore()"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *rest: object) -> None:
        await self.aclose()

    @property
    def address(self) -> str:
        """Return the name of the address that the sharers send from."""
        return "default"

    async def book(
        self, limit_requests: tuple[LimitRequest, ...], places: int, horizon: float
    ) -> Reservation:
        """Book up to ``places`` places."""
        with self._lock:
            return reservations.book(
                self._shelf,
                limit_requests,
                places,
                horizon,
                now=self._clock.monotonic(),
                wall=self._clock.wall(),
                sharers=1,
            )

    async def give_back(
        self, limit_requests: tuple[LimitRequest, ...], reservation_ids: tuple[str, ...]
    ) -> None:
        """Take back places that were not used."""
        with self._lock:
            reservations.give_back(self._shelf, limit_requests, reservation_ids)

    async def pause(self, key: str, seconds: float) -> None:
        """Book no place under ``key`` for ``seconds``."""
        with self._lock:
            reservations.pause(self._shelf, key, self._clock.monotonic() + seconds)

    async def rejoin(self, generation: str, spent: tuple[UsageReport, ...], *, alone: bool) -> float:
        """Tell what was used without the store, and return seconds until it books again."""
        with self._lock:
            now, wall = self._clock.monotonic(), self._clock.wall()
            return reservations.rejoin(self._shelf, spent, wiped=False, alone=alone, now=now, wall=wall)

    async def aclose(self) -> None:
        """Do nothing: there is nothing to close."""
