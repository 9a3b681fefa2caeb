"""A token that processes share: looked for before anybody authenticates, and left for the others."""

from __future__ import annotations

import hashlib
import logging
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
"""Seconds for which a process that has died keeps the others from authenticating; one that lives asks
for as many again in good time, however long its user takes to find the code of the second factor."""

PATIENCE = 1.0
"""Seconds for which a store that was lost is not asked again: a token is obtained meanwhile."""

FIRST_LOOK, LONGEST_LOOK = 0.05, 0.5
"""Seconds between looks for the token that somebody else is obtaining; each is half as long again."""


class SharedTokenCache:
    """Where the processes that use one credential keep its token.

    Args:
        store: the store.
        identity: what tells the credential from others.
        server: the server that the token is for.
        on_error: whether a process whose store is lost goes on by itself or raises.
        clock: where the time comes from.
        chance: gives numbers from 0 to 1, to spread the looks.
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
        # The identity holds a digest of the secret, and even that is not for others to read.
        self._key = hashlib.sha256(f"{server}\n{identity}".encode()).hexdigest()
        self._on_error = on_error
        self._clock = clock
        self._chance = chance
        self._holder = secrets.token_hex(8)
        self._heard = False
        self._lost_until = -inf
        self._told = False

    async def look(self) -> StoredToken | None:
        """Return the token the processes share at present, if there is one."""
        return await self._ask(lambda: self._store.load(self._key), None)

    async def may_obtain(self) -> bool:
        """Say whether this process is to obtain a new token: nobody else is at it."""
        return await self._ask(lambda: self._store.lease(self._key, self._holder, LEASE), True)

    async def await_turn(self, fits: Callable[[StoredToken], bool]) -> StoredToken | None:
        """Wait until there is a token that ``fits``, and return it; or ``None`` when it is our turn."""
        pause = FIRST_LOOK
        while True:
            found = await self.look()
            if found is not None and fits(found):
                return found
            if await self.may_obtain():
                # Whoever had the turn before may have left a token since the look.
                found = await self.look()
                if found is None or not fits(found):
                    return None
                await self.pass_on()
                return found
            await self._clock.sleep(pause * (0.5 + self._chance()))
            pause = min(LONGEST_LOOK, pause * 1.5)

    async def in_turn(self, obtain: Callable[[], Awaitable[T]]) -> T:
        """Run ``obtain`` while keeping the turn that is ours, and end the turn after it."""
        failure: Exception | None = None
        try:
            async with anyio.create_task_group() as keeping:
                keeping.start_soon(self._keep_turn)
                try:
                    obtained = await obtain()
                except Exception as error:
                    failure = error
                keeping.cancel_scope.cancel()
        finally:
            await self.pass_on()
        try:
            if failure is not None:
                raise failure
            return obtained
        finally:
            del failure  # it holds this frame, which would hold it

    async def _keep_turn(self) -> None:
        while True:
            await self._clock.sleep(LEASE / 3)
            with suppress(StoreError):
                await self.may_obtain()

    async def leave(self, token: StoredToken) -> None:
        """Leave a new token for the others."""
        await self._ask(lambda: self._store.save(self._key, token), None)

    async def pass_on(self) -> None:
        """End this process's turn."""
        with anyio.CancelScope(shield=True):
            await self._ask(lambda: self._store.release(self._key, self._holder), None)

    async def _ask(self, call: Callable[[], Awaitable[T]], otherwise: T) -> T:
        if self._clock.monotonic() < self._lost_until:
            return otherwise
        try:
            answer = await call()
        except StoreError as error:
            if self._on_error == "raise" or not (error.lost or self._heard):
                raise
            self._lost_until = self._clock.monotonic() + PATIENCE
            if not self._told:
                self._told = True
                _logger.warning("store: tokens are not shared while it is lost: %s", error)
            return otherwise
        self._heard, self._told = True, False
        return answer
