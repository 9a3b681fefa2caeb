"""The state of all limits at one moment, as records."""

from __future__ import annotations

from math import inf
from typing import Self

from attrs import frozen

from aioemnify.transport.throttle.limits import Limit


@frozen(kw_only=True)
class LimitUse:
    """The state of one limit.

    Args:
        name: the path, window, quota or lane.
        kind: ``row``, ``ip``, ``quota``, ``lane``, ``connections`` or ``store``.
        organisation: whose it is; empty for limits of this machine's address.
        allowed: number of slots.
        used: slots in use, calls in flight included.
        in_flight: calls that the server may not have counted yet.
        waiting: calls that wait and need a slot here, whatever else they wait for.
        next_free: seconds until a slot is certain to be free; infinite if that depends on an answer.
        refused: 429 answers attributed to this limit.
        rate_now: calls a second at this moment; ``None`` without a rate.
        paused_for: seconds the server has asked to wait.
    """

    name: str
    kind: str
    organisation: str
    allowed: float
    used: float
    in_flight: int
    waiting: int
    next_free: float
    refused: int
    rate_now: float | None
    paused_for: float

    @classmethod
    def of(cls, limit: Limit, now: float, waiting: int) -> Self:
        """Return the state of ``limit`` at ``now``."""
        return cls(
            name=limit.name,
            kind=limit.kind,
            organisation=limit.organisation,
            allowed=limit.capacity,
            used=limit.used(now),
            in_flight=limit.in_flight(now),
            waiting=waiting,
            next_free=max(0.0, limit.ready(now) - now),
            refused=limit.refused,
            rate_now=limit.rate_now(now),
            paused_for=max(0.0, limit.paused_until - now),
        )

    def cells(self) -> tuple[str, ...]:
        """Return it as the cells of a table row."""
        opens = "with an answer" if self.next_free == inf else f"in {self.next_free:.1f} s"
        return (
            self.name,
            self.organisation or "-",
            f"{round(self.used, 1):,.10g} of {self.allowed:,.10g}",
            f"{self.in_flight:,}",
            f"{self.waiting:,}",
            opens if self.next_free else "now",
            f"{self.refused:,}",
            "-" if self.rate_now is None else f"{self.rate_now:.1f}/s",
        )


@frozen(kw_only=True)
class ThrottleSnapshot:
    """What the limiter has done so far.

    ``calls`` were admitted, ``waits`` of them had to wait, ``waited_seconds`` in total;
    ``refused`` counts the 429 answers; ``queued`` calls are waiting now.
    """

    calls: int
    waits: int
    waited_seconds: float
    refused: int
    queued: int
    limits: tuple[LimitUse, ...]

    def __str__(self) -> str:
        """Return a table, one line for each limit."""
        titles = ("limit", "whose", "used", "in flight", "waiting", "next free", "refused", "rate now")
        rows = [titles, *(limit.cells() for limit in self.limits)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        totals = (
            f"{self.calls:,} calls, {self.waits:,} of them waited {self.waited_seconds:,.1f} s in all, "
            f"{self.refused:,} refused, {self.queued:,} waiting"
        )
        return "\n".join([totals, *lines])
