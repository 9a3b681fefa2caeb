"""What users see of the rate limits: how much of each is used, and how long a job would take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import get_args

from attrs import frozen

from aioemnify._checks import check_choice, check_whole_number
from aioemnify.operation import Operation
from aioemnify.options import Estimate, Priority
from aioemnify.transport.shared_state import SharedState
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.snapshot import ThrottleSnapshot


@frozen(eq=False, repr=False)
class ThrottleView:
    """Show the rate limits of one client, which it shares with the clients of its process and server.

    Args:
        shared_state: the limits, and how long calls take.
        find: returns an operation by its id, or by a method and a path.
        connections: the client's own limit of calls in flight.
        organisation: returns the client's organisation, ``None`` before the first log-in.
        pool_connections: the same limit of all clients of its pool, if it belongs to one. Its snapshots then
            show nothing of the others.
    """

    _shared_state: SharedState
    _find: Callable[[object], Operation]
    _connections: ConcurrencyLimit
    _organisation: Callable[[], str | None]
    _pool_connections: tuple[Limit, ...] = ()

    def __repr__(self) -> str:
        shown = self.snapshot()
        return f"<throttle: {shown.calls} calls, {shown.queued} waiting, {shown.refused} refused>"

    def snapshot(self) -> ThrottleSnapshot:
        """Return the counts of calls, and every limit that a call has met so far.

        The figures are those of this process; the server is not asked. A client of an ``EmnifyPool`` shows
        its own calls and limits, and those of the address.
        """
        if self._pool_connections:
            return self._shared_state.snapshots([(self._connections, self._organisation())])[0]
        return self._shared_state.snapshot((self._connections,))

    def estimate(
        self,
        operation: Operation | str,
        count: int,
        *,
        at_once: int | None = None,
        organisation: int | str | None = None,
        priority: Priority = "normal",
    ) -> Estimate:
        """Estimate how long ``count`` calls of an operation would take from now.

        It considers used places, waiting calls and pauses, and is exact for the documented limits as
        long as nobody else uses them. The duration of a call is known after the operation has been
        called once; before that it counts as 0.

        Args:
            operation: the operation or its id, such as ``"endpoints.update"``, or a method and a path,
                such as ``"GET /api/v1/sim/42"``.
            count: the number of calls, 0 or more.
            at_once: calls in flight at once, at most: 1 for pages that are read one after the other.
                Default: as many as the limits allow.
            organisation: the organisation whose limits apply; default: the client's own.
            priority: the priority of the calls; waiting calls of a lower one are not counted.

        Raises:
            ArgumentError: an unknown operation, or a number or priority that is not accepted.
        """
        known = self._find(operation)
        check_whole_number("count", count, 0)
        if at_once is not None:
            check_whole_number("at_once", at_once)
        check_choice("priority", priority, get_args(Priority))
        whose = self._organisation() if organisation is None else str(organisation)
        limits = (*self._shared_state.preview(known, whose), *self._pool_connections, self._connections)
        if at_once is not None:
            limits += (ConcurrencyLimit("at_once", "connections", size=at_once),)
        seconds, limit = 0.0, None
        if count:
            exchange = self._shared_state.exchange_time(known.id)
            seconds, limit = self._shared_state.throttle.forecast(limits, count, priority, exchange)
        month = next((limit for limit in limits if limit.kind == "quota"), None)
        return Estimate(
            seconds=seconds,
            limit=limit.name if limit is not None else None,
            share_of_month=count / month.capacity if month is not None else 0.0,
            finishes_at=self._date(seconds),
        )

    def _date(self, seconds: float) -> datetime | None:
        if not isfinite(seconds):
            return None
        try:
            return datetime.fromtimestamp(self._shared_state.wall(), UTC) + timedelta(seconds=seconds)
        except OverflowError:
            return None
