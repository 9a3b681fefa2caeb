"""One limit of the server, where its uses are counted in a store that others share."""

from __future__ import annotations

from collections import deque
from copy import deepcopy
from math import inf

from aioemnify.errors import StoreError
from aioemnify.stores.protocols import LimitRequest, UsageReport
from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.shared.fallback import Slots, WindowShare
from aioemnify.transport.throttle.shared.store_session import StoreSession
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow


class StoredLimit(Limit):
    """One limit of the server, kept in the store: its settings, its pause, and what is known of its use."""

    def __init__(self, limit: Limit, key: str, session: StoreSession) -> None:
        super().__init__(limit.name, limit.kind, organisation=limit.organisation)
        self.key: str = key
        self.unsent_pause: float = -inf
        self._limit = limit
        self._session = session
        self._used = 0.0
        self._used_at = -inf
        self._exhausted_until = -inf
        self._sent: deque[float] = deque()
        # What was used without the store: since it was heard last, and what it was not told of yet.
        self._alone = 0
        self._untold = 0
        self._untold_at: list[float] = []
        self.rate: float = limit.rate if isinstance(limit, TokenBucket) else inf
        self._seconds = 0.0
        self._window: WindowShare | None = None
        turns = self.rate
        if isinstance(limit, SlidingWindow):
            self._seconds = limit.seconds
            turns = limit.count / limit.seconds
            if limit.kind == "row":
                self.rate = turns
            else:
                self._window = WindowShare(limit.count, limit.seconds)
        self._slots = Slots(turns) if turns < inf else None

    @property
    def capacity(self) -> float:
        """Return how much fits at once, with the margin taken off."""
        return self._limit.capacity

    def limit_request(self, now: float) -> LimitRequest:
        """Return what the store is asked for."""
        limit = self._limit
        if isinstance(limit, TokenBucket):
            return LimitRequest(self.key, "bucket", rate=limit.rate_now(now), burst=limit.burst)
        if isinstance(limit, SlidingWindow):
            return LimitRequest(self.key, "window", count=limit.count, seconds=limit.seconds)
        assert isinstance(limit, MonthlyQuota)
        return LimitRequest(self.key, "month", count=limit.count)

    def outlook(self, now: float) -> Limit:
        """Return a limit of this process alone that is as full as this one is known to be."""
        limit = deepcopy(self._limit)
        if not isinstance(limit, MonthlyQuota):
            for _ in range(int(self.used(now))):
                limit.take(self._used_at)
        limit.paused_until = self.paused_until
        return limit

    def ready(self, now: float) -> float:
        """Return when the limit's pause is over."""
        return max(now, self.paused_until, self._exhausted_until)

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return a moment before which a call with ``ahead`` others before it cannot fit."""
        due, over = self.ready(now), self.used(now) + ahead + 1 - self.capacity
        if over <= 0 or self.kind == "quota":
            return due
        if isinstance(self._limit, TokenBucket):
            return max(due, now + over / self._limit.rate)
        if isinstance(self._limit, SlidingWindow) and over > self.capacity:
            return max(due, now + (over // self.capacity) * self._limit.seconds)
        return due

    def take(self, now: float) -> None:
        """Do nothing: the place was counted when it was booked."""

    def untake(self, now: float) -> None:
        """Do nothing, for the same reason."""

    def pause(self, now: float, until: float) -> None:
        """Let nothing through before ``until``, and have all sharers told."""
        super().pause(now, until)
        self.unsent_pause = max(self.unsent_pause, until)

    async def tell_pause(self, now: float) -> None:
        """Have the store book nothing during a pause that it has not been told of.

        Raises:
            StoreError: it does not answer; it is told the next time.
        """
        until, self.unsent_pause = self.unsent_pause, -inf
        if until > now:
            try:
                await self._session.within(self._session.store.pause(self.key, until - now))
            except StoreError:
                self.unsent_pause = max(self.unsent_pause, until)
                raise

    def lower(self, now: float) -> None:
        """Slow down for a while."""
        self._limit.lower(now)

    def rate_now(self, now: float) -> float | None:
        """Return the calls a second of all sharers, as this process asks for them."""
        return self._limit.rate_now(now)

    def used(self, now: float) -> float:
        """Return what all sharers use, as far as the store has told."""
        if isinstance(self._limit, TokenBucket):
            return max(0.0, self._used - self._limit.rate * max(0.0, now - self._used_at))
        if isinstance(self._limit, SlidingWindow) and now >= self._used_at + self._limit.seconds:
            return 0.0
        return self._used

    def heard(self, used: float, now: float) -> None:
        """Take note of what the store told."""
        self._used, self._used_at = used, now
        self._exhausted_until = -inf
        if self._alone:
            self._alone = 0
            if self._window is not None:
                self._window.clear()

    def exhausted(self, until: float) -> None:
        """Take note that the month is used up."""
        self._exhausted_until = until
        self._used = self.capacity

    def note(self, at: float) -> None:
        """Note a use of this process that the store knows of."""
        if self._window is not None:
            while self._sent and self._sent[0] < at - self._seconds:
                self._sent.popleft()
            self._sent.append(at)

    def free_alone(self, at: float) -> float:
        """Return when this process's share has room, from ``at`` on; ``inf`` if only the store can tell."""
        session = self._session
        at = max(at, self.ready(at), session.alone_from)
        if at == inf:
            return inf  # the store was emptied but not lost: nobody has a share of it
        if self.kind == "quota":
            return at if self._used + self._alone < self.capacity else inf
        if self._window is not None:
            free = self._window.free_at(at, sharers=session.sharers, used=self._used, heard_at=self._used_at)
            if free < inf:
                return free
            # Less than one call of the window for each: they take turns, once it is surely empty.
            at = max(at, self._used_at + self._seconds)
        if self._slots is None:
            return at
        return self._slots.free_at(
            max(at, session.alone_from + self._slots.apart),
            rate=self._limit.rate_now(at) or inf,
            sharers=session.sharers,
            rank=session.rank,
            offset=session.offset,
        )

    def take_alone(self, at: float) -> None:
        """Book a place of the share."""
        self._alone += 1
        self._untold += 1
        if self._slots is not None:
            self._slots.take(at)
        if self._window is not None:
            self._window.take(at)
            self._untold_at.append(at)

    def spent(self, now: float) -> UsageReport:
        """Return what the store has to be told when it is back; ``told`` or ``untold`` says how that went."""
        told = UsageReport(
            self.limit_request(now),
            before=tuple(now - at for at in self._sent if at > now - self._seconds),
            since=tuple(now - at for at in self._untold_at if at > now - self._seconds),
            known=self._used,
            count=self._untold,
        )
        # What is used while the store is being told has to be told the next time.
        self._untold = 0
        self._untold_at.clear()
        return told

    def told(self, spent: UsageReport, now: float) -> None:
        """Take note that the store knows what was spent up to ``now``."""
        self._sent.extend(now - age for age in spent.since)

    def untold(self, spent: UsageReport, now: float) -> None:
        """Take note that the store does not know it after all."""
        self._untold += spent.count
        self._untold_at[:0] = [now - age for age in spent.since]
