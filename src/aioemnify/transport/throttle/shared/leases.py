"""Limits whose places come from a store that other processes share.

A call that goes by a store has two sorts of limit in place of the usual ones. One
``StoredLimit`` stands for each limit that the server has: it knows its pause and its use, and
has room otherwise. And one ``LeasedPlaces`` for all of them together holds the moments at which
the store lets this process send a call.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from math import inf

from attrs import evolve, frozen

from aioemnify.clock import Clock
from aioemnify.errors import StoreError
from aioemnify.operation import LimitTable
from aioemnify.options import Throttling
from aioemnify.stores.protocols import LimitRequest
from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.registry import LimitRegistry
from aioemnify.transport.throttle.shared.limit import StoredLimit
from aioemnify.transport.throttle.shared.store_session import HORIZON, StoreSession

JITTER = 0.2
"""Seconds of margin for calls to be late on their way, unless the settings say otherwise."""

LATE = 0.05
"""Seconds after its moment within which a place is used or given up: the margin covers no more."""

AHEAD = 0.2
"""Seconds' worth of places that the sharers ask for at a time, all taken together."""

WITHOUT_RATE = 10
"""Places to ask for at a time where only windows count."""


@frozen
class Place:
    """One call's place: from when to when it is good, and what gives it back; empty for a share's."""

    at: float
    until: float
    reservation_id: str


class LeasedPlaces(Limit):
    """The places booked for calls that meet the same limits."""

    def __init__(
        self,
        limits: tuple[StoredLimit, ...],
        session: StoreSession,
        clock: Clock,
        known: Mapping[str, StoredLimit],
    ) -> None:
        name = " + ".join(limit.name for limit in limits)
        super().__init__(f"store: {name}", "store", organisation=limits[-1].organisation)
        self._limits = limits
        self._session = session
        self._clock = clock
        # All limits that this process keeps in the store: it is told of them all when it was lost.
        self._known = known
        self._places: deque[Place] = deque()
        # Taken and not sent yet, in order.
        self._taken: deque[Place] = deque()
        self._unused: list[str] = []
        self._ask_at = -inf
        self._fetching = False
        self._batch = inf

    @property
    def capacity(self) -> float:
        """Return how many places a process asks for at a time."""
        return self._most()

    def free(self, now: float) -> bool:
        """Say whether a place is due."""
        self._drop_late(now)
        return bool(self._places) and self._places[0].at <= now

    def ready(self, now: float) -> float:
        """Return when the first place is due, or else when to ask again; ``inf`` once that is now."""
        self._drop_late(now)
        if self._places:
            return max(now, self._places[0].at)
        return self._ask_at if self._ask_at > now and not self._fetching else inf

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return when the store can be asked again, if it has no place yet; the other limits know more."""
        return now if self._places else max(now, self._ask_at)

    def wants(self, now: float) -> bool:
        """Say whether there is no place left, and the time has come to ask for more."""
        self._drop_late(now)
        return not self._places and not self._fetching and now >= self._ask_at

    def take(self, now: float) -> None:
        """Use the first place."""
        place = self._places.popleft()
        self._taken.append(place)
        if place.reservation_id:
            for limit in self._limits:
                limit.note(place.at)

    def sent(self, now: float) -> None:
        """Know that a call is being sent: its place is used for good."""
        if self._taken:
            self._taken.popleft()

    def untake(self, now: float) -> None:
        """Let the next call have the place of one that was not sent, or else give it back."""
        if self._taken:
            # The oldest: which call had which does not matter, and an older one is good for less long.
            self._places.appendleft(self._taken.popleft())
            self._drop_late(now)

    def used(self, now: float) -> float:
        """Return the places in hand."""
        self._drop_late(now)
        return len(self._places)

    def _drop_late(self, now: float) -> None:
        while self._places and self._places[0].until < now:
            late = self._places.popleft()
            if late.reservation_id:
                self._unused.append(late.reservation_id)
            # More places than can be used in time: ask for fewer.
            self._batch = max(1.0, min(self._batch, self._most()) / 2)

    def _most(self) -> int:
        rate = min((limit.rate for limit in self._limits), default=inf)
        places = rate * AHEAD if rate < inf else WITHOUT_RATE
        return max(1, int(places / self._session.sharers))

    async def fetch(self, waiting: int) -> None:
        """Ask for places for up to ``waiting`` calls.

        Raises:
            StoreError: the store does not answer and the setting is to raise, or it refused.
        """
        if self._fetching:
            return
        self._fetching = True
        try:
            await self._fetch(waiting)
        finally:
            self._fetching = False

    async def _fetch(self, waiting: int) -> None:
        session, now = self._session, self._clock.monotonic()
        self._batch = min(self._batch + 1, self._most())
        places = max(1, min(waiting, int(self._batch)))
        if session.is_shared(now):
            if await self._book(places):
                return
        elif session.may_try(now):
            try:
                # Others may have lost the store when it was last heard here, and send their shares by now.
                if now >= session.heard_at + HORIZON or session.opens_at is not None:
                    await self._rejoin(alone=session.opens_at is None)
                elif await self._book(places):
                    return
            finally:
                session.tried()
        if self._book_alone(places) and session.opens_at is not None:
            # At once: by the time the store opens there may be nobody here to tell it.
            await self._rejoin(alone=False)

    async def _book(self, places: int) -> bool:
        """Book places in the store; say whether it answered."""
        session, now = self._session, self._clock.monotonic()
        session.check(now)
        limit_requests = tuple(limit.limit_request(now) for limit in self._limits)
        try:
            await self._tell(limit_requests, now)
            booking = await session.within(session.store.book(limit_requests, places, HORIZON))
        except StoreError as error:
            session.missed(error, self._clock.monotonic())
            return False
        now = self._clock.monotonic()
        if not session.heard(booking, now):
            # The store was emptied meanwhile: it has to learn first what is used.
            await self._rejoin(alone=False)
            return False
        for limit, used in zip(self._limits, booking.used, strict=True):
            limit.heard(used, now)
        for wait, reservation_id in zip(booking.waits, booking.reservation_ids, strict=True):
            self._places.append(Place(now + wait, now + wait + LATE, reservation_id))
        if not booking.waits:
            self._ask_at = now + booking.retry_in
            for limit in self._limits:
                if limit.key == booking.exhausted:
                    limit.exhausted(self._ask_at)
        return True

    async def _tell(self, limit_requests: tuple[LimitRequest, ...], now: float) -> None:
        """Tell the store what it should know before it books: pauses, and places nobody used."""
        session = self._session
        for limit in self._limits:
            await limit.tell_pause(now)
        if self._unused:
            unused, self._unused = tuple(self._unused), []
            await session.within(session.store.give_back(limit_requests, unused))

    async def _rejoin(self, *, alone: bool) -> None:
        now = self._clock.monotonic()
        spent = [(limit, limit.spent(now)) for limit in list(self._known.values())]
        reached = False
        try:
            reached = await self._session.rejoin(tuple(told for _, told in spent), alone=alone)
        finally:
            for limit, told in spent:
                if reached:
                    limit.told(told, now)
                else:
                    limit.untold(told, now)
        if reached:
            self._unused.clear()

    def _book_alone(self, places: int) -> bool:
        """Book places of this process's share, none beyond the next attempt to reach the store.

        Returns:
            Whether there were any.
        """
        session, now = self._session, self._clock.monotonic()
        with session.lock:
            until = self._ask_at = session.asks_again_at(now)
            for _ in range(0 if session.has_reported else places):
                at = self._free_alone(now)
                if at >= until:
                    break
                session.going_alone()
                for limit in self._limits:
                    limit.take_alone(at)
                self._places.append(Place(at, at + LATE, ""))
                self._ask_at = now
            return self._ask_at == now

    def _free_alone(self, now: float) -> float:
        at = now
        for _ in range(len(self._limits) + 1):
            due = max(limit.free_alone(at) for limit in self._limits)
            if due <= at:
                break
            at = due
        return at


class StoreLimitRegistry(LimitRegistry):
    """Names a call's limits, those that the sharers have in common as places of their store.

    Args:
        table: the documented limits.
        contact: the contact with the store.
        server: the server that the limits are for.
        clock: where the time comes from.
        throttling: how the limits are mirrored; without a ``jitter`` it is ``JITTER``.
        paths: the templates of the API's paths.
    """

    def __init__(
        self,
        table: LimitTable | None,
        *,
        session: StoreSession,
        server: str,
        clock: Clock,
        throttling: Throttling | None = None,
        paths: Collection[str] = (),
    ) -> None:
        settings = throttling or Throttling()
        if settings.jitter is None:
            settings = evolve(settings, jitter=JITTER)
        super().__init__(table, clock=clock, throttling=settings, paths=paths)
        self._session = session
        self._server = server
        self._ticking = clock
        self._leased: dict[tuple[Limit, ...], tuple[Limit, ...]] = {}
        self._known: dict[str, StoredLimit] = {}

    def of_call(
        self, organisation: str, method: str, path: str, lane: str | None, *, keep: bool = True
    ) -> tuple[Limit, ...]:
        """Return the limits of one call, and the places that the store leases for it."""
        limits = super().of_call(organisation, method, path, lane, keep=keep)
        if not keep:
            now = self._ticking.monotonic()
            known = [self._stored(limit, keep=False) for limit in limits]
            return tuple(limit.outlook(now) if isinstance(limit, StoredLimit) else limit for limit in known)
        leased = self._leased.get(limits)
        if leased is None:
            with self._session.lock:
                stored = tuple(self._stored(limit, keep=True) for limit in limits)
                shared = tuple(limit for limit in stored if isinstance(limit, StoredLimit))
                places = (LeasedPlaces(shared, self._session, self._ticking, self._known),) if shared else ()
                leased = self._leased.setdefault(limits, (*stored, *places))
        return leased

    def all(self) -> list[Limit]:
        """Return every limit that has been met so far."""
        return [self._stored(limit, keep=False) for limit in super().all()]

    def _stored(self, limit: Limit, *, keep: bool) -> Limit:
        """Return what stands for a limit, which is itself if it concerns this process alone."""
        if limit.kind not in ("row", "ip", "quota"):
            return limit
        whose = self._session.store.address if limit.kind == "ip" else limit.organisation
        key = f"{limit.kind}:{self._server}:{whose}:{limit.name}"
        found = self._known.get(key)
        if found is None:
            found = StoredLimit(limit, key, self._session)
            if keep:
                self._known[key] = found
        return found
