"""Limits that count: so many calls in any so many seconds, or in a calendar month."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from math import inf
from typing import Literal

from aioemnify.clock import next_month
from aioemnify.transport.throttle.limits import SLACK, CountedLimit


class SlidingWindow(CountedLimit):
    """At most ``count`` calls in any ``seconds``, as an exact log of when each was counted.

    A fixed margin makes the window longer by the jitter.
    """

    def __init__(
        self,
        name: str,
        *,
        count: int,
        seconds: float,
        transit: float,
        jitter: float | None = None,
        kind: Literal["ip", "row"] = "ip",
        organisation: str = "",
    ) -> None:
        super().__init__(name, kind, transit=transit, jitter=jitter, organisation=organisation)
        self.count: int = count
        self.seconds: float = seconds + (jitter or 0.0)
        self._log: deque[float] = deque()

    @property
    def capacity(self) -> float:
        return self.count

    def _count(self, moment: float) -> None:
        self._log.append(moment)

    def _uncount(self) -> None:
        # The oldest, not the newest: what stays then leaves the window no earlier than what was sent.
        if self._log:
            self._log.popleft()

    def _advance(self, now: float) -> None:
        if self._flying:
            super()._advance(now)
        log, seconds = self._log, self.seconds
        while log and log[0] + seconds < now:
            log.popleft()

    def free(self, now: float) -> bool:
        flying, log = self._flying, self._log
        if (log and log[0] + self.seconds < now) or (flying and flying[0] + self._transit <= now):
            self._advance(now)
        return len(log) + self._held + len(flying) < self.count and self.paused_until <= now

    def ready(self, now: float) -> float:
        """Return when enough calls have left the window even if no answer comes within its transit time."""
        self._advance(now)
        over = len(self._log) + self._pending() + 1 - self.count
        if over <= 0:
            return max(now, self.paused_until)
        if over > len(self._log) + len(self._flying):
            return inf
        if over <= len(self._log):
            oldest = self._log[over - 1]
        else:
            oldest = self._flying[over - len(self._log) - 1] + self._transit
        # Two epsilons past the boundary, where server and client might disagree.
        return max(oldest + self.seconds + 2 * SLACK, self.paused_until)

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return when enough calls have left the window if every answer came now."""
        self._advance(now)
        over = len(self._log) + self._pending() + ahead + 1 - self.count
        if over <= 0:
            return max(now, self.paused_until)
        # Each further windowful leaves one window later. Calls that are not sent yet wait for a pause first.
        rounds, index = divmod(over - 1, self.count)
        if index < len(self._log):
            leaves = self._log[index]
        else:
            under_way = index < len(self._log) + self._pending()
            leaves = now if under_way else max(now, self.paused_until)
        return max(leaves + self.seconds, self.paused_until) + rounds * self.seconds

    def leaving(self, now: float) -> list[float]:
        """Return when each call leaves the window, those in flight as if counted now."""
        self._advance(now)
        return [moment + self.seconds for moment in (*self._log, *[now] * self._pending())]

    def used(self, now: float) -> float:
        """Return the calls in the window, those in flight included."""
        self._advance(now)
        return len(self._log) + self._pending()


WALL_CHECK = 60.0
"""Seconds between looks at the wall clock, which may be set while the process runs."""


class MonthlyQuota(CountedLimit):
    """At most ``count`` calls in a calendar month (UTC); nothing waits for the next one.

    A call in flight when the month ends may be counted in either month, and so counts in both. The month
    is that of the wall clock; ``wall_offset`` returns wall time minus monotonic time. ``counted`` is what an
    earlier object of the same quota returned from ``month_count``.
    """

    def __init__(
        self,
        name: str,
        *,
        count: int,
        wall_offset: Callable[[], float],
        transit: float = 0.35,
        organisation: str = "",
        counted: tuple[datetime, int] | None = None,
    ) -> None:
        super().__init__(name, "quota", transit=transit, organisation=organisation)
        self.count: int = count
        self._wall_offset = wall_offset
        # The first day of the next month, and the same as a monotonic moment.
        self._next, self._used = counted or (datetime.min.replace(tzinfo=UTC), 0)
        self._ends_at = self._look_at = -inf

    @property
    def capacity(self) -> float:
        return self.count

    def _roll_over(self, now: float) -> None:
        if now < self._look_at:
            return
        offset = self._wall_offset()
        following = next_month(now + offset)
        if following > self._next:
            self._used = 0  # a clock that is put back finds the count it left
        self._next = following
        self._ends_at = following.timestamp() - offset
        self._look_at = min(self._ends_at, now + WALL_CHECK)

    def _count(self, moment: float) -> None:
        self._roll_over(moment)
        self._used += 1

    def _advance(self, now: float) -> None:
        if self._flying:
            super()._advance(now)
        self._roll_over(now)

    def free(self, now: float) -> bool:
        if now >= self._look_at:
            self._advance(now)
        return self._used + self._held + len(self._flying) < self.count and self.paused_until <= now

    def ready(self, now: float) -> float:
        """Return now while calls are left, else the start of the next month."""
        return self.soonest(now)

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return the same for a call behind ``ahead`` others."""
        if now >= self._look_at:
            self._advance(now)
        due = now if self._used + self._pending() + ahead < self.count else self._ends_at
        return max(due, self.paused_until)

    def month_count(self, now: float) -> tuple[datetime, int]:
        """Return the first day of the next month, and how many calls were counted in this one."""
        self._advance(now)
        return self._next, self._used

    def learn(self, used: int, now: float) -> None:
        """Take over a count of this month from whoever counts for all."""
        self._roll_over(now)
        self._used = used

    def is_fresh(self, now: float) -> bool:
        """Return whether nothing would be lost but the count."""
        return not self.in_flight(now) and self.paused_until <= now

    def after(self, moment: float) -> float:
        """Return when the month after that of ``moment`` begins."""
        offset = self._wall_offset()
        return next_month(moment + offset).timestamp() - offset

    def used(self, now: float) -> float:
        """Return the calls that this process has counted this month, those in flight included."""
        self._advance(now)
        return self._used + self._pending()
