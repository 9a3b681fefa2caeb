"""The token bucket of a path: a rate, a burst, and a rate that a 429 lowers for a while."""

from __future__ import annotations

from math import inf

from aioemnify.transport.throttle.limits import SLACK, CountedLimit

CUT = 0.8
"""The part of the rate that is left after a 429."""

CUT_PAUSE = 0.5
"""Seconds after a cut within which further 429s do not cut again: their calls were sent before it."""

RECOVERY = 0.005
"""The part of the documented rate that comes back each second while somebody else spends too."""

QUIET = 60.0
"""Seconds without a 429 after which the next one counts as a single event."""

STRAY_RECOVERY = 0.04
"""The part of the rate that comes back each second after a single 429: all of it in five seconds."""


class TokenBucket(CountedLimit):
    """``rate`` calls a second, ``burst`` at once.

    With a fixed margin the burst shrinks by what arrives during the jitter; where that leaves less
    than one call, the rate is lowered instead, so that calls one at a time cannot arrive too close.
    """

    def __init__(
        self,
        name: str,
        *,
        rate: float,
        burst: float,
        transit: float,
        jitter: float | None = None,
        organisation: str = "",
    ) -> None:
        super().__init__(name, "row", transit=transit, jitter=jitter, organisation=organisation)
        if jitter and burst - rate * jitter < 1:
            rate, burst = int(burst) / (jitter + 1 / rate), 1.0
        elif jitter:
            burst -= rate * jitter
        self.rate: float = rate
        self.burst: float = burst
        self._level = 0.0
        self._level_at = -inf
        self._room = burst - 1
        # Below ``rate`` after a 429, from when on it grows again.
        self._rate = rate
        self._recovery = RECOVERY
        self._cut_at = -inf

    @property
    def capacity(self) -> float:
        return self.burst

    def _leak(self, now: float) -> None:
        if now > self._level_at:
            passed, self._level_at = now - self._level_at, now
            self._level = max(0.0, self._level - self._rate * passed)
            if self._rate < self.rate:
                self._rate = min(self.rate, self._rate + self._recovery * self.rate * passed)

    def _count(self, moment: float) -> None:
        self._leak(moment)
        self._level += 1.0

    def _advance(self, now: float) -> None:
        if self._flying:
            super()._advance(now)
        self._leak(now)

    def free(self, now: float) -> bool:
        flying = self._flying
        if flying and flying[0] + self._transit <= now:
            self._advance(now)
        room = self._room - (self._held + len(flying))
        # The same sums as in ``ready``, to the last bit: the two must never disagree.
        if not self._level:
            return room >= 0.0 and self.paused_until <= now
        level = self._level - self._rate * (now - self._level_at)
        return (max(0.0, level)) <= room and self.paused_until <= now

    def ready(self, now: float) -> float:
        """Return when a slot is free even if no answer comes within its transit time."""
        self._advance(now)
        # The level is that of ``_level_at``, which is now unless the clock has gone back.
        level, at, room = self._level, self._level_at, self._room - self._pending()
        for sent_at in self._flying:
            if room >= 0:
                break
            lands_at = sent_at + self._transit
            level = max(0.0, level - self._rate * (lands_at - at)) + 1.0
            at, room = lands_at, room + 1
        if room < 0:
            return inf
        # One epsilon past the boundary, so that a waiter that wakes then finds its slot.
        due = at if level <= room else at + (level - room) / self._rate + SLACK
        return max(due, self.paused_until)

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return when a slot is free if every answer came now."""
        self._advance(now)
        excess = self._level + self._pending() + ahead - self._room
        return max(now, now + excess / self._rate, self.paused_until)

    def pause(self, now: float, until: float) -> None:
        """Admit nothing before ``until``, and then one call at a time: the server's burst is used up."""
        super().pause(now, until)
        self._advance(now)
        spent = self._room + self._rate * (until - now) - self._pending()
        self._level = max(self._level, spent)

    def lower(self, now: float) -> None:
        """Cut the rate, unless it was cut just now; it recovers by itself, a little each second."""
        self._advance(now)
        if now - self._cut_at >= CUT_PAUSE:
            self._recovery = STRAY_RECOVERY if now - self._cut_at >= QUIET else RECOVERY
            self._cut_at = now
            self._rate *= CUT

    def rate_now(self, now: float) -> float:
        self._advance(now)
        return self._rate

    def is_fresh(self, now: float) -> bool:
        return super().is_fresh(now) and self._rate == self.rate

    def used(self, now: float) -> float:
        self._advance(now)
        return self._level + self._pending()
