"""What processes share when they share a budget: reservations under limits, and tokens.

A store reserves *slots*: moments at which one call may be sent. Whoever asks gets the seconds to wait
for each slot, and nobody else gets the same one. Slots are reserved ahead, so the store is asked once
for each call, however many processes compete.
"""

from __future__ import annotations

from typing import Literal, Protocol, runtime_checkable

from attrs import frozen

from aioemnify._secret import Secret

HEARTBEAT = 30.0
"""Seconds for which a client that has asked counts as a sharer."""

CLOCK_STEP = 5.0
"""Seconds by which a store's clock may be off from what has passed. More is a step: the clock was set,
and the moments kept in the store mean nothing any more."""

LimitRequestKind = Literal["bucket", "window", "month"]


@frozen
class LimitRequest:
    """One limit that a slot has to fit into, with the caller's margin already taken off.

    A ``bucket`` has ``rate`` calls a second and ``burst`` at once, a ``window`` has ``count`` in any
    ``seconds``, a ``month`` has ``count`` in a calendar month (UTC).
    """

    key: str
    kind: LimitRequestKind
    rate: float = 0.0
    burst: float = 0.0
    count: int = 0
    seconds: float = 0.0


@frozen(kw_only=True)
class Reservation:
    """What a store answered.

    Args:
        waits: seconds from the answer to each reserved slot, ascending; a slot counts under every limit.
        reservation_ids: what cancels each of these slots.
        retry_in: seconds after which to ask again, when no slot was near enough.
        exhausted: the key of a month that is used up.
        used: how much of each limit is taken, in the order of the requests.
        sharers: clients that have asked the store lately.
        now: the store's own time in seconds.
        generation: a name that changes when the store has lost what it knew.
    """

    waits: tuple[float, ...] = ()
    reservation_ids: tuple[str, ...] = ()
    retry_in: float = 0.0
    exhausted: str | None = None
    used: tuple[float, ...] = ()
    sharers: int = 1
    now: float = 0.0
    generation: str = ""


@frozen
class UsageReport:
    """What one client has used of one limit, for a store that may not know.

    Args:
        limit_request: the limit.
        reported: seconds since each use that the store was told of before.
        unreported: seconds since each use while the store was out of reach.
        known_used: calls of a month by all sharers, as the store last said.
        unreported_calls: calls of a month while the store was out of reach.
    """

    limit_request: LimitRequest
    reported: tuple[float, ...] = ()
    unreported: tuple[float, ...] = ()
    known_used: float = 0.0
    unreported_calls: int = 0


@frozen
class StoredToken:
    """An authentication token and the seconds until it expires."""

    secret: Secret
    remaining: float


@runtime_checkable
class LimitStore(Protocol):
    """Where several processes keep one budget.

    Every method raises ``StoreError`` when the store does not answer, and soon. No call waits longer for it
    than until its deadline: the store is asked in a task of its own. ``address`` names the network address
    that the sharers send from; limits of an address are kept under it. A store may also have a whole number
    ``sharers``: how many clients are assumed to share it until it has answered once.
    """

    @property
    def address(self) -> str:
        """Return the name of the address that the sharers send from."""

    async def reserve(
        self, limit_requests: tuple[LimitRequest, ...], count: int, horizon: float, generation: str
    ) -> Reservation:
        """Reserve up to ``count`` slots, none further than ``horizon`` seconds ahead.

        Nothing is reserved when the store's generation is not ``generation``, the one that the caller
        knows; an empty one fits any.
        """

    async def cancel(
        self, limit_requests: tuple[LimitRequest, ...], reservation_ids: tuple[str, ...], generation: str
    ) -> None:
        """Cancel reservations that were not used, where that takes nothing from anybody.

        Nothing is cancelled when the store's generation is not ``generation``, the one they were made in.
        """

    async def pause(self, key: str, seconds: float) -> None:
        """Reserve nothing under ``key`` for ``seconds``; a longer pause stays."""

    async def rejoin(self, generation: str, reports: tuple[UsageReport, ...], *, reset: bool) -> str:
        """Take over what was used without the store, empty the buckets, and return the generation.

        Args:
            generation: the generation that the caller knew. If the store has another by now, it takes
                over the reported uses too.
            reports: the caller's uses of all its limits.
            reset: start another generation first if the present one is still ``generation``: the store's
                clock was put forward, so its moments mean nothing any more.
        """

    async def aclose(self) -> None:
        """Close connections and files. The store opens them again when it is asked again."""


@runtime_checkable
class TokenStore(Protocol):
    """Where several processes keep one token per credential."""

    async def load(self, key: str) -> StoredToken | None:
        """Return the token kept under ``key``, unless it has expired."""

    async def save(self, key: str, token: StoredToken) -> None:
        """Keep a token until it expires."""

    async def lease(self, key: str, holder: str, seconds: float) -> bool:
        """Say whether ``holder``, and for ``seconds`` nobody else, is to obtain a new token.

        A holder that asks again prolongs its lease.
        """

    async def release(self, key: str, holder: str) -> None:
        """End the lease of ``holder``; anybody else's stays."""
