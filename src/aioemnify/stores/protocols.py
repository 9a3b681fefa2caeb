"""What processes share when they share a budget: places under limits, and tokens.

A store hands out *places*: moments at which one call may be sent. Whoever asks is told how
long to wait for each, and nobody else is given the same. Places are booked ahead, so a call
needs to be asked for once, however many processes compete.
"""

from __future__ import annotations

from typing import Literal, Protocol, runtime_checkable

from attrs import frozen

from aioemnify._secret import Secret

LimitRequestKind = Literal["bucket", "window", "month"]


@frozen
class LimitRequest:
    """One limit that a place has to fit into, with the caller's margin already taken off.

    A ``bucket`` has ``rate`` a second and ``burst`` at once, a ``window`` has ``count`` in any
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
        waits: seconds from the answer to each booked place, ascending; a place holds for all asks.
        marks: what gives each of these places back.
        retry_in: seconds after which to ask again, when no place was near enough.
        exhausted: the key of a month that is used up.
        used: how much of each ask is taken, in the order of the asks.
        sharers: clients that share the store, as far as they have asked lately.
        rank: which of them the asking one is, from 0; ``None`` means as before.
        now: the store's own time in seconds.
        generation: a name that changes when the store has lost what it knew.
    """

    waits: tuple[float, ...] = ()
    reservation_ids: tuple[str, ...] = ()
    retry_in: float = 0.0
    exhausted: str | None = None
    used: tuple[float, ...] = ()
    sharers: int = 1
    rank: int | None = None
    now: float = 0.0
    generation: str = ""


@frozen
class UsageReport:
    """What one client has used of one limit, told to a store that may not know.

    Args:
        ask: the limit.
        before: seconds since each use that the store was told of when it was asked.
        since: seconds since each use while the store could not be asked.
        known: the use of all sharers that the store last told of.
        count: how many calls of a month were made while the store could not be asked.
    """

    limit_request: LimitRequest
    before: tuple[float, ...] = ()
    since: tuple[float, ...] = ()
    known: float = 0.0
    count: int = 0


@frozen
class StoredToken:
    """An authentication token and the seconds it still lives."""

    secret: Secret
    remaining: float


@runtime_checkable
class LimitStore(Protocol):
    """Where several processes keep one budget.

    Every method raises ``StoreError`` when the store does not answer, and that soon: callers are
    not cancelled meanwhile, since what they book would be lost. ``address`` names the network
    address the sharers send from; limits of an address are kept under it.
    """

    @property
    def address(self) -> str:
        """Return the name of the address that the sharers send from."""
        ...

    async def book(
        self, limit_requests: tuple[LimitRequest, ...], places: int, horizon: float
    ) -> Reservation:
        """Book up to ``places`` places, none further than ``horizon`` seconds ahead."""
        ...

    async def give_back(
        self, limit_requests: tuple[LimitRequest, ...], reservation_ids: tuple[str, ...]
    ) -> None:
        """Take back places that were not used, where that takes nothing from anybody."""
        ...

    async def pause(self, key: str, seconds: float) -> None:
        """Book no place under ``key`` for ``seconds``; a longer pause stays."""
        ...

    async def rejoin(self, generation: str, spent: tuple[UsageReport, ...], *, alone: bool) -> float:
        """Tell what was used without the store, and return seconds until it books again.

        Args:
            generation: the generation this client knew.
            spent: its uses.
            alone: whether it has been sending without the store, and others may be still.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections and files. The store opens them again when it is asked again."""
        ...


@runtime_checkable
class TokenStore(Protocol):
    """Where several processes keep one token per credential."""

    async def load(self, key: str) -> StoredToken | None:
        """Return the token kept under ``key``."""
        ...

    async def save(self, key: str, token: StoredToken) -> None:
        """Keep a token for as long as it lives."""
        ...

    async def lease(self, key: str, holder: str, seconds: float) -> bool:
        """Say whether ``holder``, and for ``seconds`` nobody else, is to obtain a new token.

        A holder that asks again prolongs its lease.
        """
        ...

    async def release(self, key: str, holder: str) -> None:
        """End the lease of ``holder``; anybody else's stays."""
        ...
