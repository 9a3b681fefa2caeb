"""Get an authentication token for a credential, with one authentication for all waiting calls.

The API allows 100 authentications per address in five minutes. So all clients of a credential share a
token. One caller renews it before it expires, while the others still use the old one. For a 401 it is
renewed at once, but once in ``RENEWAL_PAUSE`` seconds. Callers that wait for the same authentication share
its result or its error. If the caller that authenticates is cancelled, the next one that waits authenticates
instead. A credential that was refused is not tried again for a while.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from math import inf
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import anyio
from anyio.lowlevel import RunVar
from attrs import evolve

from aioemnify._secret import Secret
from aioemnify.clock import Clock, date_of
from aioemnify.errors import (
    APIError,
    ArgumentError,
    ClientStateError,
    DecodeError,
    EmnifyError,
    ProtocolError,
    ServerError,
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
from aioemnify.transport.auth.tokens import AuthToken, TokenCell, read_token

if TYPE_CHECKING:
    from aioemnify.stores.protocols import StoredToken
    from aioemnify.transport.auth.shared_cache import SharedTokenCache

_logger = logging.getLogger("aioemnify.auth")

AuthCall = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Secret]]]
"""Sends a body to an authentication call and returns the texts of the response."""

EARLY_RENEWAL = 5.0
"""Seconds an early renewal may delay the call that makes it, while the old token is still valid."""

DOUBT = 10.0
"""Largest number of seconds for which a cancelled authentication stops callers with too short a deadline."""

RENEWAL_PAUSE = 30.0
"""Seconds from a renewal for a 401, or a failed early one, to the next one; the token is used meanwhile."""

FIRST_PAUSE, LONGEST_PAUSE = 6.0, 300.0
"""Seconds without an authentication after the credential was refused. Each further refusal doubles them."""

# A lock belongs to one event loop, but a cell to the whole process: each loop has its own locks.
_locks: RunVar[WeakKeyDictionary[TokenCell, anyio.Lock]] = RunVar("aioemnify_token_locks")


class Authenticator:
    """Gets the token of one credential and renews it."""

    def __init__(
        self,
        credential: Credential,
        cell: TokenCell,
        *,
        call: AuthCall,
        clock: Clock,
        chance: Callable[[], float],
        shared: SharedTokenCache | None = None,
        on_renewal: Callable[[float], None] | None = None,
    ) -> None:
        self._credential = credential
        self._shared = None if isinstance(credential, StaticToken) else shared
        self._cell = cell
        self._call = call
        self._clock = clock
        self._chance = chance
        self._on_renewal = on_renewal

    @property
    def organisation(self) -> str | None:
        """Return the organisation of the token; ``None`` before the first authentication."""
        return self._cell.token.organisation if self._cell.token is not None else None

    def can_replace(self, refused: AuthToken) -> bool:
        """Return whether there is a newer token than one that the server refused, or may be one now."""
        cell = self._cell
        if isinstance(self._credential, StaticToken):
            return False
        if cell.token is None or cell.token.secret != refused.secret:
            return True
        return self._clock.monotonic() >= cell.replaced_at + RENEWAL_PAUSE

    async def replace(self, refused: AuthToken, deadline: float) -> None:
        """Get another token than one that the server refused. Raises what ``token`` raises."""
        current = self._cell.token
        if current is not None and current.secret == refused.secret:
            refused = current  # an early renewal that failed has changed its times
        try:
            await self.renew(refused, deadline)
        finally:
            if self._cell.token is not refused:
                self._cell.replaced_at = self._clock.monotonic()

    async def token(self, deadline: float = inf) -> AuthToken:
        """Return a valid token; authenticate if there is none.

        Args:
            deadline: the caller's deadline, on the monotonic clock.

        Raises:
            AuthenticationError: the credential was refused, now or a short time ago.
            TransportError: the authentication got no response, or cannot get one before the deadline.
        """
        cached = self.cached()
        if cached is not None:
            return cached
        current = self._cell.token
        if current is None or self.is_stale(current):
            return await self.renew(current, deadline)
        return await self._renew_early(current)

    def cached(self) -> AuthToken | None:
        """Return the token if it needs no renewal yet: there is nothing to wait for."""
        token = self._cell.token
        return token if token is not None and self._clock.monotonic() < token.renew_at else None

    def is_stale(self, token: AuthToken) -> bool:
        """Return whether a token is too old to be sent."""
        return self._clock.monotonic() >= token.stale_at

    async def renew(self, old: AuthToken | None, deadline: float = inf) -> AuthToken:
        """Return another token than one that was refused or that is too old to be sent."""
        seen = self._cell.attempts
        async with self._lock():
            current = self._cell.token
            if current is not None and current is not old:
                return current
            now = self._clock.monotonic()
            self._share_failure(seen, now)
            if now < self._cell.doubted_until and deadline - now <= self._cell.abandoned_after:
                # It would be cancelled too, and the number of authentications is limited.
                raise TimeoutError(
                    "not authenticated: the deadline leaves less time than the last attempt needed",
                    phase="authenticate",
                )
            return await self._obtain_shared(old)

    async def _obtain_shared(self, old: AuthToken | None) -> AuthToken:
        """Use the token that another process has stored, or authenticate for all processes."""
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
        """Return whether a stored token can be used; if ``early``, whether it needs no renewal yet."""
        if instead_of is not None and found.secret == instead_of.secret:
            return False
        token = self._read(found.secret, found.remaining, jitter=1.0)
        return self._clock.monotonic() < (token.renew_at if early else token.stale_at)

    def _adopt(self, found: StoredToken) -> AuthToken:
        self._cell.token = self._read(found.secret, found.remaining, jitter=self._chance())
        return self._cell.token

    def _read(self, secret: Secret, remaining: float | None = None, *, jitter: float) -> AuthToken:
        return read_token(
            secret,
            remaining=remaining,
            monotonic=self._clock.monotonic(),
            wall=self._clock.wall(),
            organisation=self._credential.identity,
            jitter=jitter,
        )

    def _share_failure(self, seen: int, now: float) -> None:
        """Raise the error of an authentication that ended while this caller waited, or after which to pause.

        An error from the server concerns every client of the credential. Any other error, such as a missing
        certificate, concerns only the client that got it.
        """
        failure, pause = self._cell.failure, self._cell.paused_until - now
        if failure is not None and pause > 0:
            until = date_of(self._clock.wall() + pause)
            error = copy(failure)
            text = "this client does not authenticate again with the same credential"
            error.args = (f"{failure}\n  {text} until {until:%Y-%m-%d %H:%M:%S} UTC ({pause:.0f} s)",)
            raise error
        if self._cell.attempts == seen or failure is None:
            return
        if isinstance(failure, APIError) or self._cell.failed_by is self:
            raise copy(failure)

    async def _renew_early(self, current: AuthToken) -> AuthToken:
        if self._clock.monotonic() < self._cell.paused_until:
            return current
        lock = self._lock()
        try:
            lock.acquire_nowait()
        except anyio.WouldBlock:
            return current
        try:
            latest = self._cell.token
            if latest is not None and latest is not current:
                return latest
            # Whatever the result of this early renewal, there is no other one for a while.
            pause_ends = self._clock.monotonic() + RENEWAL_PAUSE
            self._cell.token = evolve(current, renew_at=min(pause_ends, current.stale_at))
            with anyio.move_on_after(EARLY_RENEWAL):
                return await self._renew_shared(current)
            _logger.warning("the token could not be renewed in %s s, so it is still used", EARLY_RENEWAL)
        except EmnifyError as error:
            _logger.warning("the token could not be renewed, so it is still used: %s", type(error).__name__)
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
        # While another process renews it, this one uses the old one.
        return await self._authenticate_for_all(shared) if await shared.lease() else current

    def _lock(self) -> anyio.Lock:
        try:
            locks = _locks.get()
        except LookupError:
            locks = WeakKeyDictionary()
            _locks.set(locks)
        return locks.setdefault(self._cell, anyio.Lock())

    async def _authenticate(self) -> AuthToken:
        cell, began = self._cell, self._clock.monotonic()
        try:
            secret = await self._obtain()
        except EmnifyError as error:
            # These concern this caller only, such as a wait that was too long for it.
            if not isinstance(error, (ThrottleError, ClientStateError)):
                cell.attempts += 1
                cell.failure, cell.failed_by = copy(error), self  # callers add to theirs
                self._pause_after(error)
            cell.abandoned_after = 0.0
            raise
        except BaseException:
            # The next callers, if they have less time, do not try; but only for a while, because the server
            # may be faster again.
            now = self._clock.monotonic()
            cell.abandoned_after = max(cell.abandoned_after, now - began)
            cell.doubted_until = now + min(DOUBT, max(1.0, cell.abandoned_after))
            raise
        cell.attempts += 1
        cell.failure, cell.failed_by, cell.abandoned_after = None, None, 0.0
        cell.failures = 0
        token = self._read(secret, jitter=self._chance())
        # A static token cannot be renewed, so it is used until the server refuses it.
        static = isinstance(self._credential, StaticToken)
        cell.token = evolve(token, renew_at=inf, stale_at=inf) if static else token
        if self._on_renewal is not None and not static:
            self._on_renewal(self._clock.monotonic() - began)
        return cell.token

    def _pause_after(self, error: EmnifyError) -> None:
        """Keep calls from using up the authentications of the address on what does not work.

        A failure of the server may be the only one. So the pause starts with the second, and is shorter.
        """
        cell, refused = self._cell, _is_refusal(error)
        if not refused and not isinstance(error, (ServerError, DecodeError, ProtocolError)):
            return
        doublings = min(cell.failures, 10) if refused else min(cell.failures, 10) - 1
        cell.failures += 1
        if doublings >= 0:
            longest = LONGEST_PAUSE if refused else RENEWAL_PAUSE
            pause = min(longest, FIRST_PAUSE * 2.0**doublings)
            cell.paused_until = self._clock.monotonic() + pause

    async def _obtain(self) -> Secret:
        credential = self._credential
        if isinstance(credential, StaticToken):
            return credential.token
        if isinstance(credential, ApplicationToken):
            return _auth_token(await self._call({"application_token": credential.token}))
        if isinstance(credential, WorkspaceOf):
            target = {"target_organisation": {"id": credential.organisation_id}}
            return _auth_token(await self._call(target))
        return await self._log_in(credential)

    async def _log_in(self, user: UserPassword) -> Secret:
        if self._cell.refresh_token is not None:
            try:
                response = await self._call({"refresh_token": self._cell.refresh_token})
            except APIError as error:
                if not _is_refusal(error):
                    raise
                self._cell.refresh_token = None
            else:
                # Where the server rotates them, the old one is worthless now.
                self._cell.refresh_token = response.get("refresh_token", self._cell.refresh_token)
                return _auth_token(response)
        body: dict[str, Any] = {"username": user.username, "password": user.password}
        if user.fingerprint is not None:
            body["fingerprint"] = user.fingerprint
        response = await self._call(body)
        if "auth_token" not in response and "mfa_token" in response:
            response = await self._call(await self._second_factor(user, response["mfa_token"]))
        secret = _auth_token(response)
        self._cell.refresh_token = response.get("refresh_token")
        return secret

    async def _second_factor(self, user: UserPassword, mfa_token: Secret) -> dict[str, Any]:
        if user.mfa is None:
            raise ArgumentError(
                "mfa", "is required: this account needs a code; pass UserPassword(..., mfa=callback)"
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
            raise ArgumentError("mfa", "did not return a code of six digits")
        body: dict[str, Any] = {"mfa_token": mfa_token, "code": Secret(code)}
        if user.fingerprint is not None:
            body["trusted_device"] = {"fingerprint": user.fingerprint}
        return body


def _is_refusal(error: EmnifyError) -> bool:
    """Return whether the server said that the credential is wrong, or the request for it."""
    return isinstance(error, APIError) and 400 <= error.status < 500 and error.status != 429


def _auth_token(response: Mapping[str, Secret]) -> Secret:
    secret = response.get("auth_token")
    if secret is None or not secret.is_header_safe():
        raise DecodeError("the response to the authentication has no valid auth_token")
    return secret
