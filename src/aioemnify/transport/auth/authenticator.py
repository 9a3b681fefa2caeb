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
from typing import TYPE_CHECKING, Any

import anyio
from anyio.lowlevel import RunVar
from attrs import evolve

from aioemnify._secret import Secret
from aioemnify.clock import Clock
from aioemnify.errors import (
    APIError,
    ArgumentError,
    AuthenticationError,
    ClientStateError,
    DecodeError,
    EmnifyError,
    ThrottleError,
    TimeoutError,
)
from aioemnify.transport.auth.credentials import (
    ApplicationToken,
    Credential,
    StaticToken,
    UserPassword,
    WorkspaceOf,
)
from aioemnify.transport.auth.tokens import AuthToken, TokenCell, read_token, stored_token

if TYPE_CHECKING:
    from aioemnify.stores.protocols import StoredToken
    from aioemnify.transport.auth.shared_cache import SharedTokenCache

_logger = logging.getLogger("aioemnify.auth")

Exchange = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Secret]]]
"""Sends a body to an authentication call and returns the texts of the answer."""

EARLY_RENEWAL = 5.0
"""Seconds an early renewal may hold up the call that makes it, while the old token is still good."""

DOUBT = 10.0
"""Seconds at the most for which an abandoned authentication keeps hurried callers from another."""

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
        shared: SharedTokenCache | None = None,
    ) -> None:
        self._credential = credential
        self._shared = None if isinstance(credential, StaticToken) else shared
        self._cell = cell
        self._exchange = exchange
        self._clock = clock
        self._chance = chance

    @property
    def can_renew(self) -> bool:
        """Say whether a refused token can be replaced."""
        return not isinstance(self._credential, StaticToken)

    async def token(self, deadline: float = inf) -> AuthToken:
        """Return a token that is good for now, authenticating when there is none.

        Args:
            deadline: the monotonic moment at which the caller will give up.

        Raises:
            AuthenticationError: the credential was refused.
            TransportError: the authentication brought no answer, or cannot before the deadline.
        """
        at_hand = self.at_hand()
        if at_hand is not None:
            return at_hand
        current = self._cell.token
        if current is None or self.is_stale(current):
            return await self._replace(current, deadline)
        return await self._renew_early(current)

    def at_hand(self) -> AuthToken | None:
        """Return a token that is good for a while, if there is one: nothing to wait for."""
        token = self._cell.token
        return token if token is not None and self._clock.monotonic() < token.renew_at else None

    async def renew(self, refused: AuthToken, deadline: float = inf) -> AuthToken:
        """Return another token than the one the server has just refused."""
        return await self._replace(refused, deadline)

    def is_stale(self, token: AuthToken) -> bool:
        """Say whether a token has become too old to be sent."""
        return self._clock.monotonic() >= token.stale_at

    async def _replace(self, old: AuthToken | None, deadline: float) -> AuthToken:
        seen = self._cell.attempts
        async with self._lock():
            current = self._cell.token
            if current is not None and current is not old:
                return current
            self._share_failure(seen)
            now = self._clock.monotonic()
            if now < self._cell.doubted_until and deadline - now <= self._cell.longer_than:
                # Starting what cannot be finished would only use up the address's authentications.
                raise TimeoutError(
                    "not authenticated: the deadline leaves less time than the last attempt needed",
                    phase="authenticate",
                )
            return await self._obtain_shared(old)

    async def _obtain_shared(self, old: AuthToken | None) -> AuthToken:
        """Take the token that another process has left, or authenticate for all of them."""
        shared = self._shared
        if shared is None:
            return await self._authenticate()
        found = await shared.load_or_lease(lambda found: self._is_good(found, instead_of=old))
        if found is not None:
            return self._adopt(found)
        return await self._authenticate_for_all(shared)

    async def _authenticate_for_all(self, shared: SharedTokenCache) -> AuthToken:
        from aioemnify.stores.protocols import StoredToken

        async def obtain() -> AuthToken:
            token = await self._authenticate()
            remaining = token.ends_at - self._clock.monotonic()
            await shared.save(StoredToken(token.secret, remaining))
            return token

        return await shared.with_lease(obtain)

    def _is_good(self, found: StoredToken, *, instead_of: AuthToken | None, early: bool = False) -> bool:
        """Say whether a token that others have left can be used now, or even for a while."""
        if instead_of is not None and found.secret == instead_of.secret:
            return False
        token = self._read(found, jitter=1.0)
        return self._clock.monotonic() < (token.renew_at if early else token.stale_at)

    def _adopt(self, found: StoredToken) -> AuthToken:
        self._cell.token = self._read(found, jitter=self._chance())
        return self._cell.token

    def _read(self, found: StoredToken, *, jitter: float) -> AuthToken:
        return stored_token(
            found.secret,
            remaining=found.remaining,
            monotonic=self._clock.monotonic(),
            wall=self._clock.wall(),
            organisation=self._credential.identity,
            jitter=jitter,
        )

    def _share_failure(self, seen: int) -> None:
        """Raise the failure of an authentication that ended while this caller waited for it.

        What the server answered concerns every client of the credential. Anything else, a missing
        certificate or callback, concerns the client that ran into it.
        """
        failure = self._cell.failure
        if self._cell.attempts == seen or failure is None:
            return
        if isinstance(failure, APIError) or self._cell.failed_by is self:
            raise copy(failure)

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
            self._put_off_renewal(current)
            with anyio.move_on_after(EARLY_RENEWAL):
                return await self._renew_shared(current)
            _logger.warning("the token could not be renewed early in %s s and is used on", EARLY_RENEWAL)
        except EmnifyError as error:
            _logger.warning("the token could not be renewed early and is used on: %s", type(error).__name__)
        finally:
            lock.release()
        return current

    async def _renew_shared(self, current: AuthToken) -> AuthToken:
        shared = self._shared
        if shared is None:
            return await self._authenticate()
        found = await shared.load()
        if found is not None and self._is_good(found, instead_of=current, early=True):
            return self._adopt(found)
        # While another process renews it, this one goes on with the old one, like everybody else.
        return await self._authenticate_for_all(shared) if await shared.lease() else current

    def _put_off_renewal(self, current: AuthToken) -> None:
        """Let nobody renew early for a while, however this attempt ends."""
        pause_ends = self._clock.monotonic() + RENEWAL_PAUSE
        self._cell.token = evolve(current, renew_at=min(pause_ends, current.stale_at))

    def _lock(self) -> anyio.Lock:
        locks = _locks.get({})
        if not locks:
            _locks.set(locks)
        # The cell is kept beside its lock so that its id cannot come to mean another cell.
        return locks.setdefault(id(self._cell), (self._cell, anyio.Lock()))[1]

    async def _authenticate(self) -> AuthToken:
        cell, began = self._cell, self._clock.monotonic()
        try:
            secret = await self._obtain()
        except EmnifyError as error:
            # A wait that was too long for one caller says nothing about the others.
            if not isinstance(error, (ThrottleError, ClientStateError)):
                cell.attempts += 1
                cell.failure, cell.failed_by = error, self
            cell.longer_than = 0.0
            raise
        except BaseException:
            # What one caller could not wait for is a hint for the next moments, and no more: the
            # server may be quick again, and then somebody has to find out.
            now = self._clock.monotonic()
            cell.longer_than = max(cell.longer_than, now - began)
            cell.doubted_until = now + min(DOUBT, max(1.0, cell.longer_than))
            raise
        cell.attempts += 1
        cell.failure, cell.failed_by, cell.longer_than = None, None, 0.0
        token = read_token(
            secret,
            monotonic=self._clock.monotonic(),
            wall=self._clock.wall(),
            organisation=self._credential.identity,
            jitter=self._chance(),
        )
        # A ready token cannot be renewed, so only the server may say that it is over.
        cell.token = token if self.can_renew else evolve(token, renew_at=inf, stale_at=inf)
        return cell.token

    async def _obtain(self) -> Secret:
        credential = self._credential
        if isinstance(credential, StaticToken):
            return credential.token
        if isinstance(credential, ApplicationToken):
            return _member(await self._exchange({"application_token": credential.token}))
        if isinstance(credential, WorkspaceOf):
            target = {"target_organisation": {"id": credential.organisation_id}}
            return _member(await self._exchange(target))
        return await self._log_in(credential)

    async def _log_in(self, user: UserPassword) -> Secret:
        if self._cell.refresh_token is not None:
            try:
                return _member(await self._exchange({"refresh_token": self._cell.refresh_token}))
            except AuthenticationError:
                self._cell.refresh_token = None
        body: dict[str, Any] = {"username": user.username, "password": user.password}
        if user.fingerprint is not None:
            body["fingerprint"] = user.fingerprint
        answer = await self._exchange(body)
        if "auth_token" not in answer and "mfa_token" in answer:
            answer = await self._exchange(await self._second_factor(user, answer["mfa_token"]))
        secret = _member(answer)
        self._cell.refresh_token = answer.get("refresh_token")
        return secret

    async def _second_factor(self, user: UserPassword, mfa_token: Secret) -> dict[str, Any]:
        if user.mfa is None:
            raise ArgumentError(
                "mfa", "is needed: this account asks for a code; give UserPassword(..., mfa=callback)"
            )
        try:
            code: object = user.mfa()
            if inspect.isawaitable(code):
                code = await code
        except EmnifyError:
            raise
        except Exception as error:
            raise ArgumentError(
                "mfa", f"raised {type(error).__name__} instead of returning a code"
            ) from error
        if not isinstance(code, str) or len(code) != 6 or not (code.isascii() and code.isdigit()):
            raise ArgumentError("mfa", "returned no code of six digits")
        body: dict[str, Any] = {"mfa_token": mfa_token, "code": Secret(code)}
        if user.fingerprint is not None:
            body["trusted_device"] = {"fingerprint": user.fingerprint}
        return body


def _member(answer: Mapping[str, Secret]) -> Secret:
    secret = answer.get("auth_token")
    if secret is None or not secret.is_header_safe():
        raise DecodeError("the authentication call answered without a usable auth_token")
    return secret
