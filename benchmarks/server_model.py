"""What the server would say: its limits, seen from its side, by when calls arrive there.

It is independent of the library: it imports nothing of it and shares no code with it. A call is
judged once, at the moment of its arrival, and one that is refused uses up nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from math import floor
from typing import Protocol

HAIR = 1e-9
"""What sums of floats may be off by."""


class Rule(Protocol):
    """One limit."""

    def wait(self, now: float) -> float:
        """Return the seconds until a call fits; 0 when one fits now."""
        ...

    def take(self, now: float) -> None:
        """Count a call that fits."""
        ...


class Refill:
    """``rate`` a second flow into a bucket that holds ``burst``."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._at = burst, float("-inf")

    def _tokens_at(self, now: float) -> float:
        return min(self._burst, self._tokens + self._rate * max(0.0, now - self._at))

    def wait(self, now: float) -> float:
        """Return the seconds until a whole token is there."""
        return max(0.0, 1.0 - HAIR - self._tokens_at(now)) / self._rate

    def take(self, now: float) -> None:
        """Take a token."""
        self._tokens, self._at = self._tokens_at(now) - 1.0, max(now, self._at)


class Log:
    """``count`` in any ``seconds``: every call is remembered for as long as it counts."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds = count, seconds
        self._taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Return the seconds until enough calls are over."""
        if len(self._taken) < self._count:
            return 0.0
        return max(0.0, self._taken[-self._count] + self._seconds - now)

    def take(self, now: float) -> None:
        """Remember a call."""
        self._taken.append(now)
        while self._taken[0] <= now - self._seconds:
            self._taken.popleft()


class Ticks:
    """``rate`` tokens at once, each second at ``phase``, into a bucket that holds ``burst``."""

    def __init__(self, rate: float, burst: float, phase: float) -> None:
        self._rate, self._burst, self._phase = rate, burst, phase
        self._tokens, self._tick = burst, float("-inf")

    def _tick_at(self, now: float) -> int:
        return floor(now - self._phase)

    def _tokens_at(self, now: float) -> float:
        passed = max(0, self._tick_at(now) - self._tick)
        return min(self._burst, self._tokens + self._rate * passed)

    def wait(self, now: float) -> float:
        """Return the seconds until the next tick, when the bucket is empty."""
        return 0.0 if self._tokens_at(now) >= 1.0 else self._tick_at(now) + 1 + self._phase - now

    def take(self, now: float) -> None:
        """Take a token."""
        self._tokens, self._tick = self._tokens_at(now) - 1.0, max(self._tick, self._tick_at(now))


class Server:
    """Several limits: a call has to fit into all of them, and is counted in all or in none."""

    def __init__(self, *rules: Rule) -> None:
        self.rules: tuple[Rule, ...] = rules
        self.accepted: list[float] = []
        self.refused: list[float] = []

    def arrive(self, now: float) -> float:
        """Judge a call; return 0 when it is accepted, or else the seconds it is told to wait."""
        wait = max(rule.wait(now) for rule in self.rules)
        if wait > 0.0:
            self.refused.append(now)
            return wait
        for rule in self.rules:
            rule.take(now)
        self.accepted.append(now)
        return 0.0

    def replay(self, arrivals: Iterable[float]) -> None:
        """Judge calls of which it is known when they arrived."""
        for moment in sorted(arrivals):
            self.arrive(moment)

    def accepted_by(self, moment: float) -> int:
        """Return how many calls had been accepted at that moment."""
        return sum(at <= moment for at in self.accepted)

    @property
    def refused_share(self) -> float:
        """Return the part of all calls that was refused, in per cent."""
        arrived = len(self.accepted) + len(self.refused)
        return 100.0 * len(self.refused) / arrived if arrived else 0.0
