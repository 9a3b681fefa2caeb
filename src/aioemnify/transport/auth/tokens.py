"""Read the claims of an authentication token, and keep the token of a credential."""

from __future__ import annotations

from binascii import a2b_base64
from math import inf, isfinite
from typing import Any

from attrs import define, frozen
from msgspec import MsgspecError, json

from aioemnify._secret import Secret
from aioemnify.errors import EmnifyError

LIFETIME = 240 * 60.0
"""Seconds an authentication token is valid if it does not say so itself (documentation of the API)."""

SHORTEST, LONGEST = 10.0, 30 * 86400.0
"""Seconds of lifetime that are believed. Any other comes from a clock that is wrong."""

ADVISORY, MANDATORY = 15 * 60.0, 60.0
"""Seconds before expiry: one caller renews the token; all callers wait for the new one."""


@frozen(eq=False)
class AuthToken:
    """A valid token. Times are on the client's monotonic clock.

    From ``renew_at`` one caller renews it while the others still use it. From ``stale_at`` nobody uses it.
    At ``ends_at`` it expires.
    """

    secret: Secret
    organisation: str
    renew_at: float
    stale_at: float
    ends_at: float = inf


@define(eq=False)
class TokenCell:
    """The token of one credential, shared by all clients that use it.

    ``attempts`` counts finished authentications, and ``failure`` is the error of the last one: callers who
    waited for it get the same error instead of trying again. ``failed_by`` is the authenticator that got
    it. ``abandoned_after`` is how many seconds an authentication had taken when its caller was cancelled;
    it is used until ``doubted_until``. Nobody authenticates before ``paused_until``, after so many
    ``failures`` one after the other. ``replaced_at`` is when a token was last replaced because of a 401.
    """

    token: AuthToken | None = None
    refresh_token: Secret | None = None
    attempts: int = 0
    failure: EmnifyError | None = None
    failed_by: object = None
    abandoned_after: float = 0.0
    doubted_until: float = 0.0
    failures: int = 0
    paused_until: float = -inf
    replaced_at: float = -inf

    def is_over(self, now: float) -> bool:
        """Return whether nothing is worth keeping: the token is stale, and no pause goes on."""
        return self.token is not None and max(self.token.stale_at, self.paused_until) <= now


_STANDARD = str.maketrans("-_", "+/")
"""A JWT is written in the alphabet for URLs; base64, which knows it, would be loaded for this alone."""


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims of a JWT, unverified; none if it is not a valid JWT.

    The client cannot verify the signature and need not: a forged expiry only leads to a 401. A library for
    JWT would load cryptography for it, which takes longer than the first call.
    """
    header, _, rest = token.partition(".")
    payload, _, signature = rest.partition(".")
    if not header or "." in signature:
        return {}
    try:
        claims = json.decode(a2b_base64(payload.translate(_STANDARD) + "=" * (-len(payload) % 4)))
    except (ValueError, MsgspecError):
        return {}
    return claims if isinstance(claims, dict) else {}


def read_token(
    secret: Secret,
    *,
    monotonic: float,
    wall: float,
    organisation: str,
    jitter: float,
    remaining: float | None = None,
) -> AuthToken:
    """Return a token that was received, with the times of its renewal and expiry.

    Args:
        secret: the token.
        monotonic: now, on the client's monotonic clock.
        wall: now, in seconds since the epoch.
        organisation: the organisation, if the token does not name it.
        jitter: a number from 0 to 1 that spreads the renewals of many processes.
        remaining: seconds it is still valid; by default it was just received, and its lifetime begins now.
    """
    claims = claims_of(secret.reveal())
    whole = _lifetime(claims, wall)
    remaining = whole if remaining is None else remaining
    lifetime = max(remaining, whole)
    margin = min(ADVISORY, lifetime / 4) * (0.5 + jitter / 2)
    whose = claims.get("esc.org")
    return AuthToken(
        secret=secret,
        organisation=str(whose) if isinstance(whose, (int, str)) else organisation,
        renew_at=monotonic + remaining - margin,
        stale_at=monotonic + remaining - min(MANDATORY, lifetime / 10),
        ends_at=monotonic + remaining,
    )


def _lifetime(claims: dict[str, Any], wall: float) -> float:
    expires, issued = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
    if expires is None:
        return LIFETIME
    # The token is new. So its lifetime is right even if the clock of this machine is wrong.
    lifetimes = (expires - wall if issued is None else expires - issued, expires - wall)
    return next((lifetime for lifetime in lifetimes if SHORTEST <= lifetime <= LONGEST), LIFETIME)


def _seconds(claim: object) -> float | None:
    if isinstance(claim, bool) or not isinstance(claim, (int, float)):
        return None
    try:
        moment = float(claim)
    except OverflowError:
        return None
    return moment if isfinite(moment) else None
