"""A model of the server's rate limits, which judges calls by the time at which they arrive.

It shares no code with aioemnify. A refused call uses up nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from math import floor
from typing import Protocol

EPSILON = 1e-9
"""The rounding error that sums of floats may have."""


class Rule(Protocol):
    """One limit."""

    def wait(self, now: float) -> float:
        """Return the seconds until a call is accepted; 0 if it is accepted now."""
        ...

    def take(self, now: float) -> None:
        """Count an accepted call."""
        ...


class TokenBucket:
    """``rate`` tokens a second flow into a bucket that holds ``burst``."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._at = burst, float("-inf")

    def _tokens_at(self, now: float) -> float:
        return min(self._burst, self._tokens + self._rate * max(0.0, now - self._at))

    def wait(self, now: float) -> float:
        """Return the seconds until there is a whole token."""
        return max(0.0, 1.0 - EPSILON - self._tokens_at(now)) / self._rate

    def take(self, now: float) -> None:
        """Take a token."""
        self._tokens, self._at = self._tokens_at(now) - 1.0, max(now, self._at)


class SlidingWindow:
    """``count`` calls in any ``seconds``; keeps the time of every call that still counts."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds = count, seconds
        self._taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Return the seconds until enough calls have left the window."""
        if len(self._taken) < self._count:
            return 0.0
        return max(0.0, self._taken[-self._count] + self._seconds - now)

    def take(self, now: float) -> None:
        """Count a call."""
        self._taken.append(now)
        while self._taken[0] <= now - self._seconds:
            self._taken.popleft()


class TickingBucket:
    """``rate`` tokens at once, every second at ``phase``, go into a bucket that holds ``burst``."""

    def __init__(self, rate: float, burst: float, phase: float) -> None:
        self._rate, self._burst, self._phase = rate, burst, phase
        self._tokens, self._tick = burst, float("-inf")

    def _tick_at(self, now: float) -> int:
        return floor(now - self._phase)

    def _tokens_at(self, now: float) -> float:
        passed = max(0, self._tick_at(now) - self._tick)
        return min(self._burst, self._tokens + self._rate * passed)

    def wait(self, now: float) -> float:
        """Return the seconds until the next tick if the bucket is empty."""
        return 0.0 if self._tokens_at(now) >= 1.0 else self._tick_at(now) + 1 + self._phase - now

    def take(self, now: float) -> None:
        """Take a token."""
        self._tokens, self._tick = self._tokens_at(now) - 1.0, max(self._tick, self._tick_at(now))


class Server:
    """Several limits: a call needs room in all of them, and counts in all or in none."""

    def __init__(self, *rules: Rule) -> None:
        self.rules: tuple[Rule, ...] = rules
        self.accepted: list[float] = []
        self.refused: list[float] = []

    def arrive(self, now: float) -> float:
        """Judge a call; return 0 if it is accepted, else the seconds to wait."""
        wait = max(rule.wait(now) for rule in self.rules)
        if wait > 0.0:
            self.refused.append(now)
            return wait
        for rule in self.rules:
            rule.take(now)
        self.accepted.append(now)
        return 0.0

    def replay(self, arrivals: Iterable[float]) -> None:
        """Judge calls with known arrival times."""
        for moment in sorted(arrivals):
            self.arrive(moment)

    def accepted_by(self, moment: float) -> int:
        """Return how many calls had been accepted by a moment."""
        return sum(at <= moment for at in self.accepted)

    @property
    def refused_share(self) -> float:
        """Return the percentage of calls that were refused."""
        arrived = len(self.accepted) + len(self.refused)
        return 100.0 * len(self.refused) / arrived if arrived else 0.0
