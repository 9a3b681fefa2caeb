"""What the server would say: an independent model of its limits, sharing no code with the client.

It knows the calls by when they arrive, and keeps whole lists of them: slow, obvious, exact.
"""

from __future__ import annotations


class BucketOracle:
    """Refill ``rate`` a second up to ``burst``; a call takes one or is refused."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self.tokens, self.at = float(burst), 0.0
        self.accepted: list[float] = []
        self.refused: list[float] = []

    def arrive(self, now: float) -> bool:
        self.tokens = min(self.burst, self.tokens + self.rate * (now - self.at))
        self.at = now
        if self.tokens >= 1.0 - 1e-9:
            self.tokens -= 1.0
            self.accepted.append(now)
            return True
        self.refused.append(now)
        return False


class WindowOracle:
    """At most ``count`` accepted calls in any ``seconds``."""

    def __init__(self, count: int, seconds: float) -> None:
        self.count, self.seconds = count, seconds
        self.accepted: list[float] = []
        self.refused: list[float] = []

    def arrive(self, now: float) -> bool:
        recent = sum(1 for moment in self.accepted[-self.count :] if moment > now - self.seconds)
        if recent < self.count:
            self.accepted.append(now)
            return True
        self.refused.append(now)
        return False
