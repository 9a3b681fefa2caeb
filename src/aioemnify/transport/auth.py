"""Credentials to authentication token: one authentication, however many calls wait for it.

The API allows 100 authentications per address in five minutes, so a token is shared by all
clients of a credential, renewed ahead of its expiry by one caller while the others go on
with the old one, and renewed at most once for a 401. Callers that wait for the same
authentication share its result, and its failure too. A caller that is cancelled while it
authenticates takes nobody with it: the next in line starts anew.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from math import inf
from typing import Any

import anyio
from anyio.lowlevel import RunVar
from attrs import evolve

from aioemnify.errors import (
    ArgumentError,
    AuthenticationError,
    DecodeError,
    EmnifyError,
    ThrottleError,
)
from aioemnify.transport.clock import Clock
from aioemnify.transport.credentials import (
    ApplicationToken,
    Credential,
    StaticToken,
    UserPassword,
    WorkspaceOf,
)
from aioemnify.transport.secret import Secret
from aioemnify.transport.tokens import AuthToken, TokenCell, read_token

_logger = logging.getLogger("aioemnify.auth")

Exchange = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""Sends a body to the authentication call and returns the answer's members."""

RENEWAL_PAUSE = 30.0
"""Seconds until the next early renewal after one that failed; the old token serves meanwhile."""

# A lock belongs to one event loop, a cell to the whole process: each loop keeps its own locks.
_locks: RunVar[dict[int, tuple[TokenCell, anyio.Lock]]] = RunVar("aioemnify_token_locks")


class Authenticator:
    """Hands out the token of one credential and renews it."""

    def __init__(
        self,
        credential: Credential,
        cell: TokenCell,
        *,
        exchange: Exchange,
        clock: Clock,
        chance: Callable[[], float],
    ) -> None:
        self._credential = credential
        self._cell = cell
        self._exchange = exchange
        self._clock = clock
        self._chance = chance

    @property
    def can_renew(self) -> bool:
        """Say whether a refused token can be replaced."""
        return not isinstance(self._credential, StaticToken)

    async def token(self) -> AuthToken:
        """Return a token that is good for now, authenticating when there is none.

        Raises:
            AuthenticationError: the credential was refused.
            TransportError: the authentication brought no answer.
        """
        current = self._cell.token
        now = self._clock.monotonic()
        if current is not None and now < current.renew_at:
            return current
        if current is None or now >= current.stale_at:
            return await self._replace(current)
        return await self._renew_early(current)

    async def renew(self, refused: AuthToken) -> AuthToken:
        """Return another token than the one the server has just refused."""
        return await self._replace(refused)

    async def _replace(self, old: AuthToken | None) -> AuthToken:
        seen = self._cell.attempts
        async with self._lock():
            current = self._cell.token
            if current is not None and current is not old:
                return current
            if self._cell.attempts != seen and self._cell.failure is not None:
                raise copy(self._cell.failure)
            return await self._authenticate()

    async def _renew_early(self, current: AuthToken) -> AuthToken:
        lock = self._lock()
        try:
            lock.acquire_nowait()
        except anyio.WouldBlock:
            return current
        try:
            latest = self._cell.token
            if latest is not None and latest is not current:
                return latest
            return await self._authenticate()
        except EmnifyError as error:
            _logger.warning("the token could not be renewed early and is used on: %s", type(error).__name__)
            if self._cell.token is current:
                pause_ends = self._clock.monotonic() + RENEWAL_PAUSE
                self._cell.token = evolve(current, renew_at=min(pause_ends, current.stale_at))
            return current
        finally:
            lock.release()

    def _lock(self) -> anyio.Lock:
        locks = _locks.get({})
        if not locks:
            _locks.set(locks)
        # The cell is kept beside its lock so that its id cannot come to mean another cell.
        return locks.setdefault(id(self._cell), (self._cell, anyio.Lock()))[1]

    async def _authenticate(self) -> AuthToken:
        cell = self._cell
        try:
            text = await self._obtain()
        except EmnifyError as error:
            # A wait that was too long for one caller says nothing about the others.
            if not isinstance(error, ThrottleError):
                cell.attempts += 1
                cell.failure = error
            raise
        cell.attempts += 1
        cell.failure = None
        token = read_token(
            text,
            monotonic=self._clock.monotonic(),
            wall=self._clock.wall(),
            organisation=self._credential.identity,
            jitter=self._chance(),
        )
        # A ready token cannot be renewed, so only the server may say that it is over.
        cell.token = token if self.can_renew else evolve(token, renew_at=inf, stale_at=inf)
        return cell.token

    async def _obtain(self) -> str:
        credential = self._credential
        if isinstance(credential, StaticToken):
            return credential.token.reveal()
        if isinstance(credential, ApplicationToken):
            answer = await self._exchange({"application_token": credential.token.reveal()})
            return self._member(answer, "auth_token")
        if isinstance(credential, WorkspaceOf):
            answer = await self._exchange({"target_organisation": {"id": credential.organisation_id}})
            return self._member(answer, "auth_token")
        return await self._log_in(credential)

    async def _log_in(self, user: UserPassword) -> str:
        if self._cell.refresh_token is not None:
            try:
                answer = await self._exchange({"refresh_token": self._cell.refresh_token.reveal()})
                return self._member(answer, "auth_token")
            except AuthenticationError:
                self._cell.refresh_token = None
        body: dict[str, Any] = {"username": user.username, "password": user.password.reveal()}
        if user.fingerprint is not None:
            body["fingerprint"] = user.fingerprint.reveal()
        answer = await self._exchange(body)
        if "auth_token" not in answer and answer.get("mfa_token"):
            answer = await self._exchange(await self._second_factor(user, str(answer["mfa_token"])))
        text = self._member(answer, "auth_token")
        refresh = answer.get("refresh_token")
        self._cell.refresh_token = Secret(refresh) if isinstance(refresh, str) and refresh else None
        return text

    async def _second_factor(self, user: UserPassword, mfa_token: str) -> dict[str, Any]:
        if user.mfa is None:
            raise ArgumentError(
                "mfa", "is needed: this account asks for a code; give UserPassword(..., mfa=callback)"
            )
        code: object = user.mfa()
        if inspect.isawaitable(code):
            code = await code
        if not isinstance(code, str) or len(code) != 6 or not (code.isascii() and code.isdigit()):
            raise ArgumentError("mfa", "returned no code of six digits")
        body: dict[str, Any] = {"mfa_token": mfa_token, "code": code}
        if user.fingerprint is not None:
            body["trusted_device"] = {"fingerprint": user.fingerprint.reveal()}
        return body

    @staticmethod
    def _member(answer: Mapping[str, Any], name: str) -> str:
        value = answer.get(name)
        if not isinstance(value, str) or not value.isprintable() or not value.isascii() or not value:
            raise DecodeError(f"the authentication call answered without a usable {name}")
        return value
