"""Limiters with one mistake each. A checker that lets one of them pass checks nothing."""

from __future__ import annotations

from typing import Any

from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.too_many_requests import Refusal
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow
from tests.property.network import OrderedLimiter


class AgesOnTheWay(TokenBucket):
    """Counts a call when it is sent and not when it has arrived."""

    def sent(self, now: float) -> None:
        self._held -= 1
        self._count(now)

    def headers_received(self, now: float, sent_at: float) -> None:
        """Has counted it already."""


class WindowAgesOnTheWay(SlidingWindow):
    """The same for a window."""

    def sent(self, now: float) -> None:
        self._held -= 1
        self._count(now)

    def headers_received(self, now: float, sent_at: float) -> None:
        """Has counted it already."""


class TakenForArrived(OrderedLimiter):
    """Takes a call that was given up unanswered for arrived, while it may still be on its way."""

    def note_end(self, grant: Any) -> None:
        if grant.sent_at is not None and not grant.answered:
            self.note_headers(grant)
        super().note_end(grant)


class ForgetsOnTheFirst(MonthlyQuota):
    """Counts nothing in the new month of what was under way when it began."""

    def take(self, now: float) -> None:
        self._roll_over(now)
        self._used += 1

    def give_back(self, now: float) -> None:
        self._used = max(0, self._used - 1)

    def sent(self, now: float) -> None:
        """Has counted it already."""

    def headers_received(self, now: float, sent_at: float) -> None:
        """Has counted it already."""


class NoMargin(TokenBucket):
    """Takes no margin off its burst."""

    def __init__(self, name: str, **settings: Any) -> None:
        super().__init__(name, **{**settings, "jitter": 0.0})


class LastComeFirstServed(OrderedLimiter):
    """Gives the place to whoever came last."""

    async def admit(self, *args: Any, **rest: Any) -> Any:
        self.tickets = getattr(self, "tickets", 0) - 1
        return await super().admit(*args, **{**rest, "turn": self.tickets})


class KeepsSlotsOfTheGone(OrderedLimiter):
    """Uses up a token for a waiter that has given up."""

    async def admit(self, limits: tuple[Limit, ...], **options: Any) -> Any:
        try:
            return await super().admit(limits, **options)
        except BaseException:
            for limit in limits:
                if isinstance(limit, TokenBucket):
                    limit._count(self.clock.monotonic())
            raise


class Impatient(OrderedLimiter):
    """Waits half of what a 429 says."""

    def refused(self, grant: Any, retry_after: float | None, *, date: float | None = None) -> Refusal:
        return super().refused(grant, retry_after / 2 if retry_after else None, date=date)


class NoFloor(OrderedLimiter):
    """Lets a lower priority wait for as long as there are higher ones."""

    def __init__(self, clock: Any, **options: Any) -> None:
        super().__init__(clock, **{**options, "floor": 0.0})
