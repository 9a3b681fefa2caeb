"""What an authentication token says about itself, and where a live one is kept."""

from __future__ import annotations

from math import inf, isfinite
from typing import Any

from attrs import define, frozen

from aioemnify._secret import Secret
from aioemnify.errors import EmnifyError

LIFETIME = 240 * 60.0
"""Seconds an authentication token lives when it does not say (the API's documentation)."""

ADVISORY, MANDATORY = 15 * 60.0, 60.0
"""Seconds before expiry at which one caller renews, and at which all wait for it."""


@frozen(eq=False)
class AuthToken:
    """A live token. Times are on the client's monotonic clock.

    From ``renew_at`` on, one caller renews it while the others go on using it; from
    ``stale_at`` on, nobody uses it any more; at ``ends_at`` the server stops taking it.
    """

    secret: Secret
    organisation: str
    renew_at: float
    stale_at: float
    ends_at: float = inf


@define(eq=False)
class TokenCell:
    """The token of one credential, shared by all clients that use it.

    ``attempts`` counts finished authentications and ``failure`` keeps the error of the last
    one, so that callers who waited for it share it instead of each trying anew; ``failed_by`` is
    the client's side that ran into it. ``longer_than`` is how many seconds an authentication had
    taken when its caller gave up on it, which counts until ``doubted_until``.
    """

    token: AuthToken | None = None
    refresh_token: Secret | None = None
    attempts: int = 0
    failure: EmnifyError | None = None
    failed_by: object = None
    longer_than: float = 0.0
    doubted_until: float = 0.0


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims of a JWT, unverified; nothing when it is no readable JWT.

    The client cannot verify the signature and need not: a forged expiry only costs a 401.
    """
    import jwt

    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError):
        return {}
    return claims


def read_token(
    secret: Secret, *, monotonic: float, wall: float, organisation: str, jitter: float
) -> AuthToken:
    """Work out how long a token that has just been received may be used.

    Args:
        secret: the token.
        monotonic: now, on the client's monotonic clock.
        wall: now, in seconds since the epoch.
        organisation: the name to use for a token that does not say whose it is.
        jitter: a number from 0 to 1 that spreads the renewals of many processes.
    """
    lifetime = _lifetime(claims_of(secret.reveal()), wall)
    return stored_token(
        secret, remaining=lifetime, monotonic=monotonic, wall=wall, organisation=organisation, jitter=jitter
    )


def stored_token(
    secret: Secret, *, remaining: float, monotonic: float, wall: float, organisation: str, jitter: float
) -> AuthToken:
    """Work out how long a token may be used that somebody has received before.

    Args:
        secret: the token.
        remaining: seconds it still lives.
        monotonic: now, on the client's monotonic clock.
        wall: now, in seconds since the epoch.
        organisation: the name to use for a token that does not say whose it is.
        jitter: a number from 0 to 1 that spreads the renewals of many processes.
    """
    claims = claims_of(secret.reveal())
    lifetime = max(remaining, _lifetime(claims, wall))
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
    expires, issued = _moment(claims.get("exp")), _moment(claims.get("iat"))
    if expires is None:
        return LIFETIME
    # The token is fresh, so the difference holds even where this machine's clock is wrong; and one
    # that would be over already speaks of a wrong clock, not of a dead token.
    lifetime = expires - issued if issued is not None and expires > issued else expires - wall
    return lifetime if lifetime > 0 else LIFETIME


def _moment(claim: object) -> float | None:
    if isinstance(claim, bool) or not isinstance(claim, (int, float)):
        return None
    try:
        moment = float(claim)
    except OverflowError:
        return None
    return moment if isfinite(moment) else None
