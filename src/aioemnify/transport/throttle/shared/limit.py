"""One limit of the server, where its uses are counted in a store that others share."""

from __future__ import annotations

import random
from collections import deque
from copy import deepcopy
from math import ceil, inf

from aioemnify.stores.protocols import LimitRequest, UsageReport
from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.shared.fallback import WindowShare
from aioemnify.transport.throttle.shared.store_session import StoreSession
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow


def stored_key(kind: str, server: str, whose: str, name: str) -> str:
    """Return the key of a limit in a store; ``whose`` is an organisation, or the address of the sharers."""
    return f"{kind}:{server}:{whose}:{name}"


class StoredLimit(Limit):
    """One limit of the server, kept in the store: its settings, its pause, and what is known of its use."""

    def __init__(self, limit: Limit, key: str, session: StoreSession) -> None:
        super().__init__(limit.name, limit.kind, organisation=limit.organisation)
        self.key: str = key
        self.rate: float = limit.rate if isinstance(limit, TokenBucket) else inf
        self._limit = limit
        self._session = session
        self._used = 0.0
        self._used_at = -inf
        self._exhausted_until = -inf
        # Uses of this process, of a window by their moments and of a month by their number.
        self._seconds = 0.0
        self._reported: deque[float] = deque()
        self._unreported: list[float] = []
        self._in_report: list[float] = []
        self._unreported_calls = 0
        # Its last slot, and where in a turn of all sharers an idle process begins with its share.
        self._last_slot = -inf
        self._phase = random.random()
        self._window: WindowShare | None = None
        # The count of a month is kept by the local limit, which knows when the month ends.
        self._month: MonthlyQuota | None = limit if isinstance(limit, MonthlyQuota) else None
        if isinstance(limit, SlidingWindow):
            self._seconds = limit.seconds
            if limit.kind == "row":
                self.rate = limit.count / limit.seconds
            else:
                self._window = WindowShare(limit.count, limit.seconds)

    def forget_tasks(self) -> None:
        """Leave what a parent process has used and not reported to that process."""
        super().forget_tasks()
        self._unreported_calls, self._phase = 0, random.random()
        for uses in (self._reported, self._unreported):
            uses.clear()

    @property
    def capacity(self) -> float:
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

    def local_copy(self) -> Limit:
        """Return a limit of this process alone that is as full as this one is known to be."""
        limit = deepcopy(self._limit)
        if not isinstance(limit, MonthlyQuota):
            for _ in range(ceil(self._used)):
                limit.take(self._used_at)
        limit.paused_until = self.paused_until
        return limit

    def ready(self, now: float) -> float:
        return max(now, self.paused_until, self._exhausted_until)

    def soonest(self, now: float, ahead: int = 0) -> float:
        due, over = self.ready(now), self.used(now) + ahead + 1 - self.capacity
        if isinstance(self._limit, TokenBucket):
            return max(due, now + over / self._limit.rate)
        # The oldest may leave a window at any moment; each further windowful follows a window later.
        return max(due, now + (over - 1) // self.capacity * self._seconds)

    async def send_pause(self, now: float) -> None:
        """Have the store reserve nothing while this limit is paused.

        Raises:
            StoreError: it does not answer.
        """
        if self.paused_until > now:
            await self._session.store.pause(self.key, self.paused_until - now)

    def lower(self, now: float) -> None:
        self._limit.lower(now)

    def rate_now(self, now: float) -> float | None:
        return self._limit.rate_now(now)

    def used(self, now: float) -> float:
        """Return what all sharers use, as the store last said."""
        if self._month is not None:
            return self._month.used(now)
        if isinstance(self._limit, TokenBucket):
            return max(0.0, self._used - self._limit.rate * (now - self._used_at))
        return 0.0 if self._seconds and now >= self._used_at + self._seconds else self._used

    def heard(self, used: float, now: float) -> None:
        """Take note of what the store said."""
        self._used, self._used_at = used, now
        self._exhausted_until = -inf
        if self._month is not None:
            self._month.learn(int(used), now)
        if self._window is not None:
            self._window.clear()  # what was sent without the store is part of its count now

    def exhausted(self, until: float) -> None:
        """Take note that the month is used up."""
        self._exhausted_until = until
        self._used = self.capacity
        if self._month is not None:
            self._month.learn(self._month.count, self._session.clock.monotonic())

    def reserved(self, at: float) -> None:
        """Take note of a slot, in the store or of this process's share."""
        self._last_slot = max(self._last_slot, at)

    def count(self, at: float, *, stored: bool) -> None:
        """Count a call of this process that is about to be sent.

        Args:
            at: the moment of its slot.
            stored: whether the store has counted it.
        """
        if self._window is not None:
            if stored:
                while self._reported and self._reported[0] < at - self._seconds:
                    self._reported.popleft()
                self._reported.append(at)
            else:
                self._unreported.append(at)
        elif self.kind == "quota" and not stored:
            self._unreported_calls += 1

    def uncount(self, at: float, *, stored: bool) -> None:
        """Forget a call that was not sent."""
        uses = self._reported if stored else self._unreported
        if at in uses:
            uses.remove(at)
        elif self._unreported_calls and not stored:
            self._unreported_calls -= 1

    def share_free_at(self, at: float) -> float:
        """Return when this process's share has room, from ``at`` on; ``inf`` if only the store can tell."""
        session, at = self._session, self.ready(at)
        if self.kind == "quota":
            # The months of the others are known once the store was heard.
            used = self.used(session.clock.monotonic())
            part = self.capacity / (session.sharers if self._used_at == -inf and not used else 1)
            return at if used + self._unreported_calls < part else inf
        if self._window is not None:
            return self._window.free_at(at, sharers=session.sharers, used=self._used, heard_at=self._used_at)
        turn = session.sharers / (self._limit.rate_now(at) or self.rate)
        began = -inf if session.lost_at is None else session.lost_at - self._phase * turn
        return max(at, max(self._last_slot, began) + turn)

    def take_share(self, at: float) -> None:
        """Reserve a slot of the share."""
        self.reserved(at)
        if self._window is not None:
            self._window.take(at)

    def is_fresh(self, now: float) -> bool:
        """Return whether nothing would be lost but the count of a month."""
        known = 0.0 if self._month is not None else self.used(now)
        over = max(self.paused_until, self._exhausted_until) <= now
        return over and not known and not self.has_unreported and self._limit.is_fresh(now)

    @property
    def has_unreported(self) -> bool:
        """Say whether the store does not know all uses of this process."""
        return bool(self._unreported or self._unreported_calls)

    def report(self, now: float) -> UsageReport:
        """Return what the store has to know when it is back."""
        since = now - self._seconds
        with self._session.lock:
            self._unreported = [at for at in self._unreported if at > since]
            self._in_report = list(self._unreported)
            return UsageReport(
                self.limit_request(now),
                reported=tuple(now - at for at in self._reported if at > since),
                unreported=tuple(now - at for at in self._unreported),
                known_used=self._used if self._month is None else self.used(now),
                unreported_calls=self._unreported_calls,
            )

    def confirm(self, report: UsageReport) -> None:
        """Take note that the store has the last report. What was sent since is for the next one."""
        with self._session.lock:
            for at in self._in_report:
                if at in self._unreported:  # or else its call was not sent after all
                    self._unreported.remove(at)
                    self._reported.append(at)
            self._unreported_calls = max(0, self._unreported_calls - report.unreported_calls)
