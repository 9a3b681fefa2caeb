"""The server's limits, seen from the client: pure bookkeeping, no clock of its own, no I/O.

Between the moment a request is sent and the moment its answer arrives, the server counts
it, and nobody here can know when. The rule that stays right whatever the network does:

* a call that has its place but is not sent yet (it may be connecting) is counted in full;
* a call in flight is counted in full, and does not age;
* it starts to age when its answer arrives, as if the server had counted it only then.

So what is booked here is never less than what the server has booked, and a call that
fits here fits there. The price is burst, never rate. A call cannot stay in flight for
long: ``transit`` seconds after it was sent it has surely reached the server, and starts to
age then even when its answer is slow, or a slow page would hold up the whole fleet.
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from math import inf
from typing import Literal

LimitKind = Literal["row", "ip", "quota", "lane", "connections"]

# Two moments closer than this are the same one: sums of floats must not make a waiter spin.
SLACK = 1e-6


class Limit:
    """What every limit answers: when a call fits, and what became of those let through.

    A call is ``take``-n when it is admitted, ``departed`` when it is sent, ``arrived`` when the
    server has surely counted it, and ``ended`` when the exchange is over. ``untake`` gives back
    a place whose call was never sent.
    """

    def __init__(self, name: str, kind: LimitKind) -> None:
        self.name = name
        self.kind = kind
        self.paused_until: float = -inf

    def ready(self, now: float) -> float:
        """Return the moment from which one more call surely fits; ``inf`` if only events can tell."""
        raise NotImplementedError

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return a moment before which a call with ``ahead`` others before it cannot fit."""
        raise NotImplementedError

    def take(self, now: float) -> None:
        """Book a place for a call that is about to be sent."""
        raise NotImplementedError

    def untake(self, now: float) -> None:
        """Give back the place of a call that was never sent."""
        raise NotImplementedError

    def departed(self, now: float) -> None:
        """Note that a call is being sent."""

    def arrived(self, now: float, departed_at: float) -> None:
        """Note that the answer to a call has come, so the server has counted it by now."""

    def ended(self, now: float) -> None:
        """Note that the exchange is over and its connection free."""

    def pause(self, until: float) -> None:
        """Let nothing through before ``until``; a longer pause already set stays."""
        self.paused_until = max(self.paused_until, until)

    def used(self, now: float) -> float:
        """Return how much of the limit is used up at this moment."""
        raise NotImplementedError

    @property
    def capacity(self) -> float:
        """Return how much fits at once."""
        raise NotImplementedError


class CountedLimit(Limit):
    """A limit of the server, which counts calls when they arrive there."""

    def __init__(self, name: str, kind: LimitKind, *, transit: float) -> None:
        super().__init__(name, kind)
        self._transit = transit
        self._held = 0
        self._flying: deque[float] = deque()

    def _advance(self, now: float) -> None:
        while self._flying and self._flying[0] + self._transit <= now:
            self._count(self._flying.popleft() + self._transit)

    def _count(self, moment: float) -> None:
        """Book a call as counted by the server at ``moment``."""
        raise NotImplementedError

    def take(self, now: float) -> None:
        """Book a place that does not age."""
        self._advance(now)
        self._held += 1

    def untake(self, now: float) -> None:
        """Forget a call that was never sent."""
        self._held -= 1

    def departed(self, now: float) -> None:
        """Let the call's transit time begin."""
        self._advance(now)
        self._held -= 1
        self._flying.append(now)

    def arrived(self, now: float, departed_at: float) -> None:
        """Let the call age from now on, unless its transit time was over before."""
        self._advance(now)
        if departed_at in self._flying:
            self._flying.remove(departed_at)
            self._count(now)

    def _pending(self) -> int:
        return self._held + len(self._flying)


class TokenBucket(CountedLimit):
    """``rate`` calls a second, ``burst`` at once."""

    def __init__(self, name: str, *, rate: float, burst: float, transit: float) -> None:
        super().__init__(name, "row", transit=transit)
        self.rate = rate
        self.burst = burst
        self._level = 0.0
        self._level_at = -inf

    @property
    def capacity(self) -> float:
        """Return the burst."""
        return self.burst

    def _leak(self, now: float) -> None:
        if now > self._level_at:
            if self._level:
                self._level = max(0.0, self._level - self.rate * (now - self._level_at))
            self._level_at = now

    def _count(self, moment: float) -> None:
        self._leak(moment)
        self._level += 1.0

    def _advance(self, now: float) -> None:
        super()._advance(now)
        self._leak(now)

    def ready(self, now: float) -> float:
        """Return when a call fits even if no answer comes before its transit time is over."""
        self._advance(now)
        level, at, pending = self._level, now, self._pending()
        for departed_at in self._flying:
            room = self.burst - 1 - pending
            lands_at = departed_at + self._transit
            if room >= 0 and (level - room) / self.rate <= lands_at - at:
                break
            level = max(0.0, level - self.rate * (lands_at - at)) + 1.0
            at, pending = lands_at, pending - 1
        room = self.burst - 1 - pending
        if room < 0:
            return inf
        return max(self._due(at, level - room), self.paused_until)

    def _due(self, at: float, excess: float) -> float:
        return at if excess <= SLACK * self.rate else at + excess / self.rate

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return when a call fits if every answer came this instant."""
        self._advance(now)
        return max(self._due(now, self._level + self._pending() + ahead + 1 - self.burst), self.paused_until)

    def used(self, now: float) -> float:
        """Return the level, calls under way included."""
        self._advance(now)
        return self._level + self._pending()


class SlidingWindow(CountedLimit):
    """At most ``count`` calls in any ``seconds``, as an exact log of when each was counted."""

    def __init__(self, name: str, *, count: int, seconds: float, transit: float) -> None:
        super().__init__(name, "ip", transit=transit)
        self.count = count
        self.seconds = seconds
        self._log: deque[float] = deque()

    @property
    def capacity(self) -> float:
        """Return the count."""
        return self.count

    def _count(self, moment: float) -> None:
        self._log.append(moment)

    def _advance(self, now: float) -> None:
        super()._advance(now)
        while self._log and self._log[0] + self.seconds < now:
            self._log.popleft()

    def ready(self, now: float) -> float:
        """Return when enough calls have left the window, slow answers counted at their transit time."""
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
        # A hair after the window has moved on: at the very edge server and client might disagree.
        return max(oldest + self.seconds + 2 * SLACK, self.paused_until)

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return when enough calls have left the window at the earliest."""
        self._advance(now)
        over = len(self._log) + self._pending() + ahead + 1 - self.count
        if over <= 0:
            return max(now, self.paused_until)
        # Calls not counted yet leave a whole window after now, and each further windowful one later.
        rounds, place = divmod(over - 1, self.count)
        leaves = self._log[place] if place < len(self._log) else now
        return max(leaves + (rounds + 1) * self.seconds, self.paused_until)

    def used(self, now: float) -> float:
        """Return the calls in the window, those under way included."""
        self._advance(now)
        return len(self._log) + self._pending()


class MonthlyQuota(Limit):
    """At most ``count`` calls in a calendar month (UTC); nothing waits for the next one."""

    def __init__(self, name: str, *, count: int, wall_offset: float) -> None:
        super().__init__(name, "quota")
        self.count = count
        self._wall_offset = wall_offset
        self._month = (0, 0)
        self._used = 0

    @property
    def capacity(self) -> float:
        """Return the count."""
        return self.count

    def _date(self, now: float) -> datetime:
        return datetime.fromtimestamp(now + self._wall_offset, UTC)

    def _advance(self, now: float) -> None:
        today = self._date(now)
        month = (today.year, today.month)
        if month != self._month:
            self._month, self._used = month, 0

    def ready(self, now: float) -> float:
        """Return now while calls are left, else the start of the next month."""
        return self.soonest(now)

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return the same as ``ready`` for the call behind ``ahead`` others."""
        self._advance(now)
        due = now if self._used + ahead < self.count else self.resets_at(now)
        return max(due, self.paused_until)

    def resets_at(self, now: float) -> float:
        """Return the moment of the next reset, 00:00 UTC on the 1st."""
        today = self._date(now)
        year, month = (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
        return datetime(year, month, 1, tzinfo=UTC).timestamp() - self._wall_offset

    def take(self, now: float) -> None:
        """Count a call."""
        self._advance(now)
        self._used += 1

    def untake(self, now: float) -> None:
        """Uncount a call that was never sent."""
        self._advance(now)
        self._used = max(0, self._used - 1)

    def used(self, now: float) -> float:
        """Return the calls counted this month by this process."""
        self._advance(now)
        return self._used


class Turnstile(Limit):
    """At most ``size`` exchanges under way at once: a serial lane (1), or the connections of a client."""

    def __init__(self, name: str, kind: LimitKind, *, size: int) -> None:
        super().__init__(name, kind)
        self.size = size
        self._inside = 0

    @property
    def capacity(self) -> float:
        """Return the size."""
        return self.size

    def ready(self, now: float) -> float:
        """Return now while there is room; only an exchange that ends makes more."""
        return max(now, self.paused_until) if self._inside < self.size else inf

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return now: how long others take is not known."""
        return max(now, self.paused_until)

    def take(self, now: float) -> None:
        """Let one in."""
        self._inside += 1

    def untake(self, now: float) -> None:
        """Let it out again."""
        self._inside -= 1

    def ended(self, now: float) -> None:
        """Let one out."""
        self._inside -= 1

    def used(self, now: float) -> float:
        """Return how many are inside."""
        return self._inside
