"""Which limits of a call are kept in the store, and the slots it waits for."""

from __future__ import annotations

from collections.abc import Collection
from weakref import ref

from attrs import evolve

from aioemnify.clock import next_month
from aioemnify.operation import LimitTable
from aioemnify.options import Throttling
from aioemnify.stores.protocols import LimitRequest, UsageReport
from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.registry import LimitRegistry, forget
from aioemnify.transport.throttle.shared import JITTER
from aioemnify.transport.throttle.shared.limit import StoredLimit, stored_key
from aioemnify.transport.throttle.shared.reserved_slots import ReservedSlots
from aioemnify.transport.throttle.shared.store_session import StoreSession


class StoreLimitRegistry(LimitRegistry):
    """Names a call's limits; those that the sharers have in common stand as limits of their store.

    One ``StoredLimit`` stands for each limit that the server has: it knows its pause and its use, and has
    room otherwise. And one ``ReservedSlots`` for all of them together holds the moments at which the
    store lets this process send a call.

    Args:
        table: the documented limits.
        session: the session with the store.
        server: the server that the limits are for.
        throttling: how the limits are mirrored; without a ``jitter`` it is ``JITTER``.
        paths: the templates of the API's paths.
    """

    def __init__(
        self,
        table: LimitTable | None,
        *,
        session: StoreSession,
        server: str,
        throttling: Throttling,
        paths: Collection[str],
    ) -> None:
        if throttling.jitter is None:
            throttling = evolve(throttling, jitter=JITTER)
        super().__init__(table, clock=session.clock, throttling=throttling, paths=paths)
        self._session = session
        self._margin = throttling.jitter or 0.0
        self._server = server
        self._of_call: dict[tuple[Limit, ...], tuple[Limit, ...]] = {}
        self._stored_limits: dict[str, StoredLimit] = {}

    def of_call(
        self, organisation: str, method: str, path: str, lane: str | None, *, keep: bool = True
    ) -> tuple[Limit, ...]:
        """Return the limits of one call, and the slots that the store reserves for it."""
        limits = super().of_call(organisation, method, path, lane, keep=keep)
        if keep:
            return self._of_call.get(limits) or self._with_slots(limits)
        known = [self._stored(limit, keep=False) for limit in limits]
        return tuple(limit.local_copy() if isinstance(limit, StoredLimit) else limit for limit in known)

    def _with_slots(self, limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
        with self._session.lock:
            stored = tuple(self._stored(limit, keep=True) for limit in limits)
            shared = tuple(limit for limit in stored if isinstance(limit, StoredLimit))
            if shared:
                slots = ReservedSlots(
                    shared, self._session, self._stored_limits, self._margin, self._idle_months
                )
                stored = (*stored, slots)
            return self._of_call.setdefault(limits, stored)

    def _forget_fresh(self, now: float) -> None:
        session = self._session
        with session.lock:
            # While the store is away, what was sent without it is known here alone.
            if session.lost_at is None and not session.must_rejoin:
                self._forget_slots(now)
                forget(self._stored_limits, lambda limit: limit.kind != "ip" and limit.is_fresh(now))
        super()._forget_fresh(now)

    def _forget_slots(self, now: float) -> None:
        for key in [key for key, limits in self._of_call.items() if limits[-1].is_fresh(now)]:
            slots = ref(self._of_call.pop(key)[-1])
            used = slots()
            if isinstance(used, ReservedSlots):  # a call has it, or is about to
                self._of_call[key] = (*(self._stored(limit, keep=True) for limit in key), used)

    def _idle_months(self) -> list[UsageReport]:
        """Return what is known of the months of organisations whose limits were forgotten."""
        if self._table is None:
            return []
        month, known = self._table.month, self._months.get(next_month(self._clock.wall()), {})
        return [
            UsageReport(
                LimitRequest(self._key("quota", organisation, month.id), "month", count=month.count),
                known_used=used,
            )
            for organisation, used in tuple(known.items())
            if used
        ]

    def forget_tasks(self) -> None:
        """Forget the tasks of a parent process, and what the store has reserved for them."""
        self._session.forget_tasks()
        super().forget_tasks()
        for limits in self._of_call.values():
            limits[-1].forget_tasks()

    def all(self) -> list[Limit]:
        """Return every limit that has been met so far."""
        return [self._stored(limit, keep=False) for limit in super().all()]

    def _stored(self, limit: Limit, *, keep: bool) -> Limit:
        """Return what stands for a limit, which is itself if it concerns this process alone."""
        if limit.kind not in ("row", "ip", "quota"):
            return limit
        whose = self._session.store.address if limit.kind == "ip" else limit.organisation
        key = self._key(limit.kind, whose, limit.name)
        found = self._stored_limits.get(key)
        if found is None:
            found = StoredLimit(limit, key, self._session)
            if keep:
                self._stored_limits[key] = found
        return found

    def _key(self, kind: str, whose: str, name: str) -> str:
        return stored_key(kind, self._server, whose, name)
