"""What can be seen of the throttle: how each limit stands, and how long a job would take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import inf, isfinite
from typing import TYPE_CHECKING, Self

from attrs import frozen

from aioemnify.errors import ArgumentError
from aioemnify.operation import Operation
from aioemnify.throttling import Estimate, Priority, check_count, check_priority
from aioemnify.transport.limits import Limit, Turnstile

if TYPE_CHECKING:
    from aioemnify.transport.pacing import Pacing


@frozen(kw_only=True)
class LimitUse:
    """One limit as it stands.

    Args:
        name: the path, window, quota or lane.
        kind: ``row``, ``ip``, ``quota``, ``lane``, ``connections`` or ``store``.
        organisation: whose it is; empty for limits of this machine's address.
        allowed: how much fits at once.
        used: how much of that is taken, calls in flight included.
        in_flight: calls the server may or may not have counted yet.
        waiting: calls that need a place here, whatever else they wait for.
        next_free: seconds until one more call surely fits; infinite if only an answer can tell.
        refused: 429 answers laid to this limit.
        rate_now: calls a second at the moment; ``None`` where there is no rate.
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
        """Return how ``limit`` stands at ``now``."""
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

    def told(self) -> tuple[str, ...]:
        """Return it as a line of a table."""
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
    """What admission has done so far.

    ``calls`` were admitted, ``waits`` of them had to wait, ``waited_seconds`` in all;
    ``refused`` counts the 429 answers that came all the same; ``queued`` wait now.
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
        rows = [titles, *(limit.told() for limit in self.limits)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        totals = (
            f"{self.calls:,} calls, {self.waits:,} of them waited {self.waited_seconds:,.1f} s in all, "
            f"{self.refused:,} refused, {self.queued:,} waiting"
        )
        return "\n".join([totals, *lines])


class Sight:
    """What one client sees of its pace. Clients of one process and server share the pace itself.

    Args:
        pacing: the pace.
        find: finds an operation by its id, or by a method and a path.
        connections: the client's own limit of exchanges under way.
        organisation: tells whose limits the client's calls meet, ``None`` before that is known.
    """

    def __init__(
        self,
        pacing: Pacing,
        find: Callable[[str], Operation | None],
        connections: Limit,
        organisation: Callable[[], str | None],
    ) -> None:
        self._pacing = pacing
        self._find = find
        self._connections = connections
        self._organisation = organisation

    def __repr__(self) -> str:
        shown = self.snapshot()
        return f"<throttle: {shown.calls} calls, {shown.queued} waiting, {shown.refused} refused>"

    def snapshot(self) -> ThrottleSnapshot:
        """Return what admission has done, and how every limit met so far stands.

        Everything is told from the books of this process, without asking the server.
        """
        return self._pacing.snapshot((self._connections,))

    def estimate(
        self,
        operation: Operation | str,
        count: int,
        *,
        at_once: int | None = None,
        organisation: int | str | None = None,
        priority: Priority = "normal",
    ) -> Estimate:
        """Estimate how long ``count`` calls of an operation would take, were they started now.

        What has been used, waits already or is paused is taken into account. It is exact for the
        documented limits, as long as nobody else spends from them. How long exchanges take is
        known once the operation has been called; before that they count as instant.

        Args:
            operation: the operation or its id, such as ``"endpoints.update"``, or what is given to
                ``Emnify.request``: ``"GET /api/v1/sim/42"``.
            count: how many calls.
            at_once: how many of them are under way together at the most: 1 for pages that are read one
                after the other. Left out, as many as the limits let through.
            organisation: whose limits; the client's own when left out.
            priority: that of the calls; those that wait with a lower one are not counted.

        Raises:
            ArgumentError: an unknown operation, or no count of calls.
        """
        known = operation if isinstance(operation, Operation) else self._known(operation)
        check_count("count", count, least=0)
        if at_once is not None:
            check_count("at_once", at_once)
        check_priority("priority", priority)
        whose = self._organisation() if organisation is None else str(organisation)
        limits = (*self._pacing.preview(known, whose), self._connections)
        if at_once is not None:
            limits += (Turnstile("at_once", "connections", size=at_once),)
        seconds, limit = 0.0, None
        if count:
            exchange = self._pacing.exchange_time(known.id)
            seconds, limit = self._pacing.throttle.forecast(limits, count, priority, exchange)
        month = next((limit for limit in limits if limit.kind == "quota"), None)
        return Estimate(
            seconds=seconds,
            limit=limit.name if limit is not None else None,
            share_of_month=count / month.capacity if month is not None else 0.0,
            finishes_at=self._date(seconds),
        )

    def _known(self, name: object) -> Operation:
        known = self._find(name) if isinstance(name, str) else None
        if known is None:
            raise ArgumentError(
                "operation",
                "is the id of an operation, such as 'sims.list', or a method and a path, such as "
                f"'GET /api/v1/sim', not {name!r}",
            )
        return known

    def _date(self, seconds: float) -> datetime | None:
        if not isfinite(seconds):
            return None
        try:
            return datetime.fromtimestamp(self._pacing.wall(), UTC) + timedelta(seconds=seconds)
        except OverflowError:
            return None
