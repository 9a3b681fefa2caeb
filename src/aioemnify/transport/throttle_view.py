"""What can be seen of the throttle: how each limit stands, and how long a job would take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, get_args

from aioemnify._checks import check_choice, check_whole_number
from aioemnify.operation import Operation
from aioemnify.options import Estimate, Priority
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from aioemnify.transport.throttle.snapshot import ThrottleSnapshot

if TYPE_CHECKING:
    from aioemnify.transport.shared_state import SharedState


class ThrottleView:
    """What one client sees of its pace. Clients of one process and server share the pace itself.

    Args:
        pacing: the pace.
        find: returns the operation that is named by its id, or by a method and a path.
        connections: the client's own limit of exchanges under way.
        organisation: tells whose limits the client's calls meet, ``None`` before that is known.
    """

    def __init__(
        self,
        shared_state: SharedState,
        find: Callable[[object], Operation],
        connections: Limit,
        organisation: Callable[[], str | None],
    ) -> None:
        self._shared_state = shared_state
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
        known = self._find(operation)
        check_whole_number("count", count, 0)
        if at_once is not None:
            check_whole_number("at_once", at_once)
        check_choice("priority", priority, get_args(Priority))
        whose = self._organisation() if organisation is None else str(organisation)
        limits = (*self._shared_state.preview(known, whose), self._connections)
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
