"""The server's limits, seen from the client: pure arithmetic, no clock of its own, no I/O.

The head of ``aioemnify.transport.throttle`` explains the in-flight rule that is kept here.
"""

from __future__ import annotations

from bisect import bisect_left
from math import inf

from aioemnify.options import LimitKind

# Two moments closer than this are the same one: sums of floats must not make a waiter spin.
SLACK = 1e-6


RANKS = 3
"""Number of priorities; rank 0 goes first."""


class Limit:
    """A limit of the server or of this client.

    The limiter calls ``take`` when it admits a call, ``sent`` when the request leaves,
    ``headers_received`` when the answer has come, and ``ended`` when the exchange is over; or
    ``give_back`` if the request never left.
    """

    def __init__(self, name: str, kind: LimitKind, *, organisation: str) -> None:
        self.name: str = name
        self.kind: LimitKind = kind
        self.organisation: str = organisation
        self.paused_until: float = -inf
        self.refused: int = 0
        # The queues that it holds up: all that an admission has to know of them.
        self.waiting: int = 0
        # Calls that waited and got a slot here, whatever else they waited for, and their seconds.
        self.waits: int = 0
        self.waited: float = 0.0
        # What it owes each lower priority, which outlives the queues.
        self.owed: list[float] = [0.0] * RANKS

    def forget_tasks(self) -> None:
        """Forget the slots of the tasks of a parent process; what the server has counted stays."""
        self.waiting = 0

    def free(self, now: float) -> bool:
        """Return whether there is a free slot."""
        return self.ready(now) <= now

    def ready(self, now: float) -> float:
        """Return when a slot is certain to be free; ``inf`` if that depends on an answer."""
        raise NotImplementedError

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return a moment before which a call behind ``ahead`` others cannot have a slot."""
        raise NotImplementedError

    def take(self, now: float) -> None:
        """Take a slot; ``free`` has just returned that there is one."""

    def give_back(self, now: float) -> None:
        """Give back the slot of a call that was never sent."""

    def sent(self, now: float) -> None:
        """Note that a request is being sent."""

    def headers_received(self, now: float, sent_at: float) -> None:
        """Note that response headers have come: the server has counted the call by now."""

    def ended(self, now: float) -> None:
        """Note that an exchange is over."""

    def pause(self, now: float, until: float) -> None:
        """Admit nothing before ``until``; a longer pause stays."""
        self.paused_until = max(self.paused_until, until)

    def lower(self, now: float) -> None:
        """Lower the rate for a while, if there is one."""

    def rate_now(self, now: float) -> float | None:
        """Return the calls a second at this moment; ``None`` without a rate."""
        return None

    def needs_reservation(self, now: float) -> bool:
        """Return whether a store has to be asked for slots now."""
        return False

    def is_late(self, now: float) -> bool:
        """Return whether the slots that calls have taken of a store are too old to be used now."""
        return False

    async def reserve(self, waiting: int) -> None:
        """Ask the store for slots for up to ``waiting`` calls."""

    def is_fresh(self, now: float) -> bool:
        """Return whether it would be the same if it was made again."""
        return not self.used(now) and self.paused_until <= now

    def used(self, now: float) -> float:
        """Return the used part of ``capacity``."""
        raise NotImplementedError

    def in_flight(self, now: float) -> int:
        """Return how many calls the server may not have counted yet."""
        return 0

    @property
    def capacity(self) -> float:
        """Return the number of slots."""
        raise NotImplementedError


class CountedLimit(Limit):
    """A limit of the server, which counts calls when they reach it."""

    def __init__(
        self,
        name: str,
        kind: LimitKind,
        *,
        transit: float,
        jitter: float | None = None,
        organisation: str,
    ) -> None:
        super().__init__(name, kind, organisation=organisation)
        self._transit = transit
        self._jitter = jitter
        self._held = 0
        # The moments at which those in flight were sent, in order.
        self._flying: list[float] = []

    def forget_tasks(self) -> None:
        super().forget_tasks()
        self._held = 0

    def _advance(self, now: float) -> None:
        """Count the calls in flight whose transit time is over."""
        flying, landed = self._flying, 0
        for sent_at in flying:
            if sent_at + self._transit > now:
                break
            self._count(sent_at + self._transit)
            landed += 1
        if landed:
            del flying[:landed]

    def _count(self, moment: float) -> None:
        """Let a call age from ``moment`` on."""
        raise NotImplementedError

    def _uncount(self) -> None:
        """Forget a call that was counted at its admission and never sent, where that is safe."""

    def take(self, now: float) -> None:
        """Hold a slot that does not age or, with a fixed margin, count the call now."""
        if self._jitter is None:
            self._held += 1
        else:
            self._count(now)

    def give_back(self, now: float) -> None:
        if self._jitter is None:
            self._held -= 1
        else:
            self._uncount()

    def sent(self, now: float) -> None:
        if self._jitter is None:
            self._held -= 1
            self._flying.append(now)

    def headers_received(self, now: float, sent_at: float) -> None:
        """Let the call age from now on, unless its transit time was over before."""
        flying = self._flying
        if flying and flying[0] + self._transit <= now:
            self._advance(now)
        index = bisect_left(flying, sent_at)
        if index < len(flying) and flying[index] == sent_at:
            del flying[index]
            self._count(now)

    def in_flight(self, now: float) -> int:
        """Return the calls that have a slot and do not age yet."""
        self._advance(now)
        return self._pending()

    def _pending(self) -> int:
        return self._held + len(self._flying)


class ConcurrencyLimit(Limit):
    """At most ``size`` exchanges at once: a serial lane (1), or the connections of a client."""

    def __init__(self, name: str, kind: LimitKind, *, size: int, organisation: str = "") -> None:
        super().__init__(name, kind, organisation=organisation)
        self.size: int = size
        self.calls: int = 0
        self._inside = 0

    def forget_tasks(self) -> None:
        super().forget_tasks()
        self._inside = 0

    @property
    def capacity(self) -> float:
        return self.size

    def free(self, now: float) -> bool:
        return self._inside < self.size and self.paused_until <= now

    def ready(self, now: float) -> float:
        """Return now while there is room, else ``inf``: only the end of an exchange makes room."""
        return max(now, self.paused_until) if self._inside < self.size else inf

    def soonest(self, now: float, ahead: int = 0) -> float:
        """Return now: how long exchanges take is not known."""
        return max(now, self.paused_until)

    def take(self, now: float) -> None:
        self.calls += 1
        self._inside += 1

    def give_back(self, now: float) -> None:
        self.calls -= 1
        self._inside -= 1

    def ended(self, now: float) -> None:
        self._inside -= 1

    def used(self, now: float) -> float:
        return self._inside

    def in_flight(self, now: float) -> int:
        return self._inside
