"""What the server would say, from the moments at which calls reach it and nothing else.

An independent model of its limits: it imports nothing of the library and shares no code with
it. It counts whole tokens and keeps whole lists: slow, obvious, exact.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import floor, inf
from typing import NamedTuple, Protocol

TINY = 1e-6
"""Of a call or a second: what sums of floats may come out wrong by."""


class Judge(Protocol):
    """One limit of the server, fed with calls in the order of their arrival."""

    def opens(self, now: float) -> float:
        """Return the first moment from ``now`` on at which a call would be let through."""
        ...

    def take(self, now: float) -> None:
        """Let one through."""
        ...


@dataclass
class Bucket:
    """Gains ``rate`` tokens a second up to ``burst``; a call takes one."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    at: float = field(init=False, default=-inf)

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def _fill(self, now: float) -> None:
        if self.at > -inf:
            self.tokens = min(self.burst, self.tokens + self.rate * (now - self.at))
        self.at = now

    def opens(self, now: float) -> float:
        self._fill(now)
        return now if self.tokens >= 1 - TINY else now + (1 - self.tokens) / self.rate

    def take(self, now: float) -> None:
        self._fill(now)
        self.tokens -= 1


@dataclass
class Excess:
    """As web servers delay by excess: it falls by ``rate`` a second, and above ``burst`` they refuse."""

    rate: float
    burst: float
    excess: float = -1.0
    at: float = 0.0

    def opens(self, now: float) -> float:
        then = max(-1.0, self.excess - self.rate * (now - self.at)) + 1
        return now if then <= self.burst + TINY else now + (then - self.burst) / self.rate

    def take(self, now: float) -> None:
        self.excess = max(-1.0, self.excess - self.rate * (now - self.at)) + 1
        self.at = now


@dataclass
class Log:
    """At most ``count`` in any stretch of ``seconds``."""

    count: int
    seconds: float
    moments: list[float] = field(default_factory=list)

    def opens(self, now: float) -> float:
        inside = len(self.moments) - bisect_right(self.moments, now - self.seconds + TINY / 10)
        return now if inside < self.count else self.moments[-self.count] + self.seconds

    def take(self, now: float) -> None:
        self.moments.append(now)


@dataclass
class Ticks:
    """Gains ``rate`` tokens at once on each tick, one second apart, up to ``burst``."""

    rate: float
    burst: float
    phase: float = 0.0
    tokens: float = field(init=False)
    tick: int = field(init=False, default=-1)

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def _fill(self, now: float) -> None:
        tick = floor(now - self.phase)
        self.tokens = min(self.burst, self.tokens + self.rate * max(0, tick - self.tick))
        self.tick = tick

    def opens(self, now: float) -> float:
        self._fill(now)
        return now if self.tokens >= 1 - TINY else self.tick + self.phase + 1

    def take(self, now: float) -> None:
        self._fill(now)
        self.tokens -= 1


@dataclass
class Month:
    """At most ``count`` in a calendar month (UTC); the clock read ``epoch`` at moment 0."""

    count: int
    epoch: float
    used: dict[str, int] = field(default_factory=dict)

    def _name(self, now: float) -> str:
        return datetime.fromtimestamp(self.epoch + now, UTC).strftime("%Y-%m")

    def opens(self, now: float) -> float:
        if self.used.get(self._name(now), 0) < self.count:
            return now
        today = datetime.fromtimestamp(self.epoch + now, UTC)
        year, month = divmod(today.year * 12 + today.month, 12)
        return datetime(year, month + 1, 1, tzinfo=UTC).timestamp() - self.epoch

    def take(self, now: float) -> None:
        name = self._name(now)
        self.used[name] = self.used.get(name, 0) + 1


def row(reading: str, rate: float, burst: float, phase: float = 0.0) -> Judge:
    """Return the server's side of one reading of "rate a second, burst so many"."""
    if reading == "refill":
        return Bucket(rate, burst)
    if reading == "plus-one":
        return Excess(rate, burst)
    if reading == "sum":
        return Log(floor(rate + burst + TINY), 1.0)
    assert reading == "ticks"
    return Ticks(rate, burst, phase)


class Arrival(NamedTuple):
    """A call that reaches the server, and the names of the limits it meets there."""

    at: float
    meets: tuple[str, ...]


class Verdict(NamedTuple):
    """A call that the server refuses, and by which limit."""

    at: float
    by: str


def judge(arrivals: Iterable[Arrival], limits: Mapping[str, Judge]) -> list[Verdict]:
    """Let every call through or refuse it, in the order of arrival; return the refusals.

    A call that one limit refuses takes nothing from the others.
    """
    refused = []
    for at, meets in sorted(arrivals):
        shut = [name for name in meets if limits[name].opens(at) > at]
        if shut:
            refused.append(Verdict(at, shut[0]))
            continue
        for name in meets:
            limits[name].take(at)
    return refused


def earliest(limits: Sequence[Judge], calls: int) -> list[float]:
    """Return the first moments at which so many calls could reach the server and be let through.

    Each is sent at the first chance. That is the most there can be: nowhere does an earlier call make
    a later one wait longer than it would have had to.
    """
    now, moments = 0.0, []
    while len(moments) < calls:
        while (opens := max(limit.opens(now) for limit in limits)) > now:
            now = opens
        for limit in limits:
            limit.take(now)
        moments.append(now)
    return moments
