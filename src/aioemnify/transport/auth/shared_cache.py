"""A token that processes share: loaded before anybody authenticates, and saved for the others."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from math import inf
from typing import Literal, TypeVar

import anyio

from aioemnify.clock import Clock
from aioemnify.errors import StoreError
from aioemnify.stores.protocols import StoredToken, TokenStore

_logger = logging.getLogger("aioemnify.store")

T = TypeVar("T")

LEASE = 10.0
"""Seconds for which a process that has died keeps the others from authenticating. One that lives prolongs
its lease in time, however long its user takes to find the code of the second factor."""

RELEASE_WITHIN = 0.5
"""Seconds that ending a lease may take."""

RETRY = 1.0
"""Seconds for which a lost store is not asked again: meanwhile the process obtains a token by itself."""

FIRST_POLL, LONGEST_POLL = 0.05, 0.5
"""Seconds between polls for the token that another process obtains; each is half as long again."""


class SharedTokenCache:
    """Where the processes that use one credential keep its token.

    Args:
        store: the store.
        identity: what distinguishes the credential from others.
        server: the server that the token is for.
        on_error: whether a process whose store is lost continues by itself or raises.
        clock: where the time comes from.
        chance: returns numbers from 0 to 1, to spread the polls.
    """

    def __init__(
        self,
        store: TokenStore,
        *,
        identity: str,
        server: str,
        on_error: Literal["degrade", "raise"],
        clock: Clock,
        chance: Callable[[], float],
    ) -> None:
        self._store = store
        # The identity holds a digest of the secret, and others should not read even that.
        self._key = hashlib.sha256(f"{server}\n{identity}".encode()).hexdigest()
        self._on_error = on_error
        self._clock = clock
        self._chance = chance
        self._id = secrets.token_hex()
        self._answered = False
        self._lost_until = -inf
        self._logged = False

    @property
    def _holder(self) -> str:
        """Return what tells this process from others, also after a fork."""
        return f"{self._id}-{os.getpid()}"

    async def load(self) -> StoredToken | None:
        """Return the token that the processes share now, if there is one."""
        return await self._ask(lambda: self._store.load(self._key), None)

    async def lease(self) -> bool:
        """Return whether this process is to obtain a new token: nobody else has the lease."""
        return await self._ask(lambda: self._store.lease(self._key, self._holder, LEASE), True)

    async def load_or_lease(self, fits: Callable[[StoredToken], bool]) -> StoredToken | None:
        """Wait for a token that ``fits`` and return it, or ``None`` once this process has the lease."""
        pause = FIRST_POLL
        while True:
            found = await self.load()
            if found is not None and fits(found):
                return found
            if await self.lease():
                # Whoever had the lease before may have saved a token since.
                found = await self.load()
                if found is None or not fits(found):
                    return None
                await self.end_lease()
                return found
            await self._clock.sleep(pause * (0.5 + self._chance()))
            pause = min(LONGEST_POLL, pause * 1.5)

    async def with_lease(self, obtain: Callable[[], Awaitable[T]]) -> T:
        """Run ``obtain``, prolong the lease meanwhile, and end it afterwards."""
        failure: Exception | None = None
        try:
            async with anyio.create_task_group() as keeping:
                keeping.start_soon(self._prolong)
                try:
                    obtained = await obtain()
                except Exception as error:
                    failure = error
                keeping.cancel_scope.cancel()
        finally:
            await self.end_lease()
        try:
            if failure is not None:
                raise failure
            return obtained
        finally:
            del failure  # it refers to this frame, which would refer to it

    async def _prolong(self) -> None:
        while True:
            await self._clock.sleep(LEASE / 3)
            with suppress(StoreError):
                await self.lease()

    async def save(self, token: StoredToken) -> None:
        """Save a new token for the others."""
        await self._ask(lambda: self._store.save(self._key, token), None)

    async def end_lease(self) -> None:
        """End this process's lease."""
        # Its end may be waited for after a deadline, so not for long: a lease ends by itself.
        with anyio.move_on_after(RELEASE_WITHIN, shield=True):
            await self._ask(lambda: self._store.release(self._key, self._holder), None)

    async def _ask(self, call: Callable[[], Awaitable[T]], otherwise: T) -> T:
        if self._clock.monotonic() < self._lost_until:
            return otherwise
        try:
            answer = await call()
        except StoreError as error:
            if self._on_error == "raise" or not (error.lost or self._answered):
                raise
            self._lost_until = self._clock.monotonic() + RETRY
            if not self._logged:
                self._logged = True
                _logger.warning("store: tokens are not shared while it is lost: %s", error)
            return otherwise
        self._answered, self._logged = True, False
        return answer
