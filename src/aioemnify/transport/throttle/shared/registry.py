"""Which limits of a call are kept in the store, and the slots it waits for."""

from __future__ import annotations

from collections.abc import Collection

from attrs import evolve

from aioemnify.operation import LimitTable
from aioemnify.options import Throttling
from aioemnify.transport.throttle.limits import Limit
from aioemnify.transport.throttle.registry import LimitRegistry
from aioemnify.transport.throttle.shared import JITTER
from aioemnify.transport.throttle.shared.limit import StoredLimit
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
        if not keep:
            return self._previewed(limits)
        return self._of_call.get(limits) or self._with_slots(limits)

    def _previewed(self, limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
        known = [self._stored(limit, keep=False) for limit in limits]
        return tuple(limit.local_copy() if isinstance(limit, StoredLimit) else limit for limit in known)

    def _with_slots(self, limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
        with self._session.lock:
            stored = tuple(self._stored(limit, keep=True) for limit in limits)
            shared = tuple(limit for limit in stored if isinstance(limit, StoredLimit))
            if shared:
                slots = ReservedSlots(shared, self._session, self._stored_limits, self._margin)
                stored = (*stored, slots)
            return self._of_call.setdefault(limits, stored)

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
        key = f"{limit.kind}:{self._server}:{whose}:{limit.name}"
        found = self._stored_limits.get(key)
        if found is None:
            found = StoredLimit(limit, key, self._session)
            if keep:
                self._stored_limits[key] = found
        return found
