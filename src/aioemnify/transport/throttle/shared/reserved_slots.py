"""The slots that the store has reserved for calls of one path, and how more are asked for."""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Callable, Mapping
from math import inf
from operator import attrgetter

from attrs import frozen

from aioemnify.errors import StoreError
from aioemnify.stores.protocols import Reservation, UsageReport
from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.shared import AHEAD, FIRST_RETRY, HORIZON, LATE, WITHOUT_RATE
from aioemnify.transport.throttle.shared.limit import StoredLimit
from aioemnify.transport.throttle.shared.store_session import StoreSession
from aioemnify.transport.throttle.too_many_requests import LONGEST_WAIT


@frozen
class ReservedSlot:
    """The moment of one call, and what cancels it; empty for a slot of this process's share."""

    at: float
    reservation_id: str


class ReservedSlots(Limit):
    """The slots reserved for calls that meet the same limits.

    Args:
        limits: those limits.
        session: the session with the store.
        all_limits: every limit that this process keeps in the store, which has to know of all of them when
            it was lost.
        margin: seconds after its moment within which a call may use its slot.
        idle_months: returns what is known of limits that this process has forgotten meanwhile.
    """

    def __init__(
        self,
        limits: tuple[StoredLimit, ...],
        session: StoreSession,
        all_limits: Mapping[str, StoredLimit],
        margin: float,
        idle_months: Callable[[], list[UsageReport]] = list,
    ) -> None:
        name = " + ".join(limit.name for limit in limits)
        super().__init__(f"store: {name}", "store", organisation=limits[-1].organisation)
        self._limits = limits
        self._session = session
        self._all_limits = all_limits
        self._idle_months = idle_months
        self._margin = max(margin, LATE)
        self._slots: deque[ReservedSlot] = deque()
        # Taken and not sent yet, in order.
        self._taken: deque[ReservedSlot] = deque()
        self._unused: list[str] = []
        self._generation = ""
        self._ask_at = -inf
        self._batch = inf

    def forget_tasks(self) -> None:
        super().forget_tasks()
        for kept in (self._slots, self._taken, self._unused):
            kept.clear()

    @property
    def capacity(self) -> int:
        """Return how many slots a process asks for at a time."""
        rate = min((limit.rate for limit in self._limits), default=inf)
        slots = rate * AHEAD if rate < inf else WITHOUT_RATE
        return max(1, int(slots / self._session.sharers))

    def free(self, now: float) -> bool:
        self._drop_late(now)
        return bool(self._slots) and self._slots[0].at <= now

    def ready(self, now: float) -> float:
        """Return when the first slot is due, or else when to ask again; ``inf`` once that is now."""
        self._drop_late(now)
        if self._slots:
            return max(now, self._slots[0].at)
        return self._ask_at if self._ask_at > now else inf

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return when the store can be asked again, if there is no slot; the other limits know more."""
        return now if self._slots else max(now, self._ask_at)

    def needs_reservation(self, now: float) -> bool:
        self._drop_late(now)
        return not self._slots and now >= self._ask_at

    def take(self, now: float) -> None:
        # The store does not know of a call that is sent without a slot, since its event loop had stopped.
        with self._session.lock:
            slot = self._slots.popleft() if self.free(now) else ReservedSlot(now, "")
            self._taken.append(slot)
            for limit in self._limits:
                limit.count(slot.at, stored=bool(slot.reservation_id))

    def is_late(self, now: float) -> bool:
        """Return whether none of the slots that were taken and not used yet is good any more."""
        return not any(now <= slot.at + self._margin for slot in tuple(self._taken))

    def sent(self, now: float) -> None:
        """Take note that a slot is used: the oldest that is good still, whichever call took it."""
        for slot in self._taken:
            if now <= slot.at + self._margin:
                self._taken.remove(slot)
                return
        if self._taken:
            self._taken.popleft()

    def give_back(self, now: float) -> None:
        """Let the next call have the slot of one that was not sent, or else cancel it."""
        with self._session.lock:
            if not self._taken:
                return
            # The oldest: which call had which does not matter, and an older one is good for less long.
            slot = self._taken.popleft()
            self._put(slot)
            for limit in self._limits:
                limit.uncount(slot.at, stored=bool(slot.reservation_id))
            self._drop_late(now)

    def is_fresh(self, now: float) -> bool:
        """Return whether no slot is in hand or under way, and nothing forbids to ask for one."""
        return super().is_fresh(now) and not self._taken and self._ask_at <= now

    def used(self, now: float) -> float:
        """Return the slots in hand."""
        self._drop_late(now)
        return len(self._slots)

    def _put(self, slot: ReservedSlot) -> None:
        # Answers may cross: two of one path when the event loop of the first question had stopped.
        insort(self._slots, slot, key=attrgetter("at"))

    def _drop_late(self, now: float) -> None:
        with self._session.lock:
            while self._slots and self._slots[0].at + LATE < now:
                late = self._slots.popleft()
                if late.reservation_id:
                    self._unused.append(late.reservation_id)
                # More slots than can be used in time: ask for fewer.
                self._batch = max(1.0, min(self._batch, self.capacity) / 2)

    async def reserve(self, waiting: int) -> None:
        """Ask for slots for up to ``waiting`` calls.

        Raises:
            StoreError: the store does not answer and the setting is to raise, or it refused.
        """
        session, now = self._session, self._session.clock.monotonic()
        session.check(now)
        self._batch = min(self._batch + 1, self.capacity)
        count = max(1, min(waiting, int(self._batch)))
        if now >= session.ask_at:
            try:
                if await self._reserve(count) or await self._rejoin():
                    return
            except StoreError as error:
                session.missed(error, now)
            except Exception as error:
                text = f"the store failed: {type(error).__name__}: {error}"
                failure = StoreError(text, lost=False)
                failure.__cause__ = error
                session.missed(failure, now)
        now = session.clock.monotonic()
        # Who finds another at it looks again soon.
        self._ask_at = max(session.ask_at, now + FIRST_RETRY / 5)
        if session.lost_at is not None:
            self._reserve_share(count, now)

    async def _reserve(self, count: int) -> bool:
        """Reserve slots in the store; return whether it can be asked for them."""
        session, now = self._session, self._session.clock.monotonic()
        if session.must_rejoin or any(limit.has_unreported for limit in tuple(self._all_limits.values())):
            return False
        limit_requests = tuple(limit.limit_request(now) for limit in self._limits)
        if self._unused:
            with session.lock:
                unused, self._unused = tuple(self._unused), []
            await session.store.cancel(limit_requests, unused, self._generation)
        asked = session.moments()
        reservation = await session.store.reserve(limit_requests, count, HORIZON, session.generation)
        session.check_answer(reservation, len(self._limits))
        if not session.heard(reservation, asked):
            return False
        self._accept(reservation)
        return True

    def _accept(self, reservation: Reservation) -> None:
        self._generation, now = reservation.generation, self._session.clock.monotonic()
        for limit, used in zip(self._limits, reservation.used, strict=False):
            limit.heard(used, now)
        with self._session.lock:
            for wait, reservation_id in zip(reservation.waits, reservation.reservation_ids, strict=True):
                self._put(ReservedSlot(now + wait, reservation_id))
                for limit in self._limits:
                    limit.reserved(now + wait)
        if not reservation.waits:
            self._ask_at = now + min(reservation.retry_in, LONGEST_WAIT)
            for limit in self._limits:
                if limit.key == reservation.exhausted:
                    limit.exhausted(self._ask_at)

    async def _rejoin(self) -> bool:
        """Tell the store what was used without it; return whether that leaves nothing to wait for."""
        session, now = self._session, self._session.clock.monotonic()
        if not session.begin_rejoin():
            return False
        try:
            limits = list(self._all_limits.values())
            reports = [limit.report(now) for limit in limits]
            await session.rejoin((*reports, *self._idle_months()))
            for limit, report in zip(limits, reports, strict=True):
                limit.confirm(report)
        finally:
            session.end_rejoin()
        return session.ask_at <= session.clock.monotonic()

    def _reserve_share(self, count: int, now: float) -> None:
        """Reserve slots of this process's share, none beyond the next attempt to reach the store."""
        with self._session.lock:
            until = self._ask_at
            for _ in range(count):
                at = self._share_free_at(now)
                if at >= until:
                    break
                for limit in self._limits:
                    limit.take_share(at)
                self._put(ReservedSlot(at, ""))
                self._ask_at = now

    def _share_free_at(self, at: float) -> float:
        while (due := max(limit.share_free_at(at) for limit in self._limits)) > at:
            at = due
        return at
