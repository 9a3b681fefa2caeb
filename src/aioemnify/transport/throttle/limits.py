"""The server's limits, seen from the client: pure arithmetic, no clock of its own, no I/O.

The head of ``aioemnify.transport.throttle`` explains the in-flight rule that is kept here.
"""

from __future__ import annotations

from bisect import bisect_left
from math import inf
from typing import Literal

LimitKind = Literal["row", "ip", "quota", "lane", "connections", "store"]

# Two moments closer than this are the same one: sums of floats must not make a waiter spin.
SLACK = 1e-6


class Limit:
    """What every limit answers: when a call fits, and what became of those let through.

    A call is ``take``-n when it is admitted, ``departed`` when it is sent, ``arrived`` when the
    server has surely counted it, and ``ended`` when the exchange is over. ``untake`` gives back
    a place whose call was never sent.
    """

    def __init__(self, name: str, kind: LimitKind, *, organisation: str = "") -> None:
        self.name: str = name
        self.kind: LimitKind = kind
        self.organisation: str = organisation
        self.paused_until: float = -inf
        self.refused: int = 0
        # How many queues wait for it: whoever admits a call looks at nothing else of them.
        self.waiting: int = 0

    def free(self, now: float) -> bool:
        """Say whether one more call fits at this moment."""
        return self.ready(now) <= now

    def ready(self, now: float) -> float:
        """Return the moment from which one more call surely fits; ``inf`` if only events can tell."""
        raise NotImplementedError

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return a moment before which a call with ``ahead`` others before it cannot fit."""
        raise NotImplementedError

    def take(self, now: float) -> None:
        """Book a place for a call that is about to be sent; ``free`` has just said that there is one."""
        raise NotImplementedError

    def untake(self, now: float) -> None:
        """Give back the place of a call that was never sent."""
        raise NotImplementedError

    def sent(self, now: float) -> None:
        """Note that a call is being sent."""

    def headers_received(self, now: float, sent_at: float) -> None:
        """Note that the answer to a call has come, so the server has counted it by now."""

    def ended(self, now: float) -> None:
        """Note that the exchange is over and its connection free."""

    def pause(self, now: float, until: float) -> None:
        """Let nothing through before ``until``; a longer pause already set stays."""
        self.paused_until = max(self.paused_until, until)

    def lower(self, now: float) -> None:
        """Slow down for a while, where the limit has a rate that somebody else may be spending from."""

    def rate_now(self, now: float) -> float | None:
        """Return the calls a second let through at this moment; ``None`` where there is no rate."""
        return None

    def wants(self, now: float) -> bool:
        """Say whether an outside store has to be asked before ``ready`` can tell more."""
        return False

    async def fetch(self, waiting: int) -> None:
        """Ask that store for places, for up to ``waiting`` calls."""

    def used(self, now: float) -> float:
        """Return how much of the limit is used up at this moment."""
        raise NotImplementedError

    def in_flight(self, now: float) -> int:
        """Return how many calls the server may or may not have counted yet."""
        return 0

    @property
    def capacity(self) -> float:
        """Return how much fits at once."""
        raise NotImplementedError


class CountedLimit(Limit):
    """A limit of the server, which counts calls when they arrive there."""

    def __init__(
        self,
        name: str,
        kind: LimitKind,
        *,
        transit: float,
        jitter: float | None = None,
        organisation: str = "",
    ) -> None:
        super().__init__(name, kind, organisation=organisation)
        self._transit = transit
        self._jitter = jitter
        self._held = 0
        # The moments at which those in flight were sent, in order.
        self._flying: list[float] = []

    def _advance(self, now: float) -> None:
        """Count those whose transit time is over."""
        flying, landed = self._flying, 0
        for sent_at in flying:
            if sent_at + self._transit > now:
                break
            self._count(sent_at + self._transit)
            landed += 1
        if landed:
            del flying[:landed]

    def _count(self, moment: float) -> None:
        """Book a call as counted by the server at ``moment``."""
        raise NotImplementedError

    def _uncount(self) -> None:
        """Forget a call that was counted at its admission and never sent, if that is safe."""

    def take(self, now: float) -> None:
        """Book a place that does not age, or, under a fixed margin, one that ages from now on."""
        if self._jitter is None:
            self._held += 1
        else:
            self._count(now)

    def untake(self, now: float) -> None:
        """Forget a call that was never sent."""
        if self._jitter is None:
            self._held -= 1
        else:
            self._uncount()

    def sent(self, now: float) -> None:
        """Let the call's transit time begin."""
        if self._jitter is None:
            self._held -= 1
            self._flying.append(now)

    def headers_received(self, now: float, sent_at: float) -> None:
        """Let the call age from now on, unless its transit time was over before."""
        flying = self._flying
        if flying and flying[0] + self._transit <= now:
            self._advance(now)
        place = bisect_left(flying, sent_at)
        if place < len(flying) and flying[place] == sent_at:
            del flying[place]
            self._count(now)

    def in_flight(self, now: float) -> int:
        """Return the calls that have their place and are not surely counted."""
        self._advance(now)
        return self._pending()

    def _pending(self) -> int:
        return self._held + len(self._flying)


class ConcurrencyLimit(Limit):
    """At most ``size`` exchanges under way at once: a serial lane (1), or the connections of a client."""

    def __init__(self, name: str, kind: LimitKind, *, size: int, organisation: str = "") -> None:
        super().__init__(name, kind, organisation=organisation)
        self.size: int = size
        self._inside = 0

    @property
    def capacity(self) -> float:
        """Return the size."""
        return self.size

    def free(self, now: float) -> bool:
        """Say whether there is room."""
        return self._inside < self.size and self.paused_until <= now

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

    def in_flight(self, now: float) -> int:
        """Return how many are inside."""
        return self._inside
