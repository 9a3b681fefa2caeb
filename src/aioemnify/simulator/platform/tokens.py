"""Issue and verify auth tokens."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, Literal

import jwt
from attrs import field, frozen

from aioemnify.simulator.platform.clock import Clock
from aioemnify.simulator.platform.errors import unauthorised

Use = Literal["auth", "refresh", "mfa"]

_AUDIENCE = "/api/v1"
_ISSUER = "aioemnify-simulator"
_MFA_SECONDS = 300.0


@frozen(kw_only=True)
class Principal:
    """The caller: an application or a user, acting in one organisation; support acts in a given role."""

    organisation: int
    application: int | None = None
    user: int | None = None
    role: int | None = None


@frozen(kw_only=True)
class TokenIssuerDump:
    """The signing key, and the tokens that were expired or revoked."""

    key: bytes = field(repr=False)
    generation: int
    revoked: list[str]


class TokenIssuer:
    """Sign and verify JSON Web Tokens (HS256), dated by the simulated clock.

    Args:
        clock: dates the tokens.
        chance: random source of the signing key and of the token ids.
        token_seconds: lifetime of an auth token.
        refresh_seconds: lifetime of a refresh token.
    """

    def __init__(
        self, clock: Clock, chance: random.Random, *, token_seconds: float, refresh_seconds: float
    ) -> None:
        self._clock = clock
        self._chance = chance
        self._key = chance.randbytes(32)
        self._life: Mapping[Use, float] = {
            "auth": token_seconds,
            "refresh": refresh_seconds,
            "mfa": _MFA_SECONDS,
        }
        self._generation = 0
        self._revoked: set[str] = set()
        self._verified: dict[str, Mapping[str, Any]] = {}

    def issue(
        self, principal: Principal, organisation_name: str, *, use: Use = "auth", api_key: str = ""
    ) -> str:
        """Return a signed token for ``principal``.

        Args:
            principal: who the token is for.
            organisation_name: value of the claim ``esc.orgName``.
            use: ``auth`` for calls; the others are accepted only by the authenticate call.
            api_key: public name of the application token, empty for users.
        """
        now = int(self._clock.wall())
        claims: dict[str, Any] = {
            "aud": _AUDIENCE,
            "iss": _ISSUER,
            "iat": now,
            "exp": now + int(self._life[use]),
            "esc.org": principal.organisation,
            "esc.orgName": organisation_name,
            "jti": f"{self._generation}.{self._chance.getrandbits(64):016x}",
        }
        if principal.application is not None:
            claims |= {"esc.app": principal.application, "api_key": api_key}
        if principal.user is not None:
            claims["esc.user"] = principal.user
        if principal.role is not None:
            claims["esc.role"] = principal.role
        if use != "auth":
            claims["use"] = use
        return jwt.encode(claims, self._key, algorithm="HS256")

    def read(self, token: str, *, use: Use = "auth") -> Principal:
        """Return the caller that a token stands for.

        Raises:
            Problem: 401 with code 1102 for an invalid token or one of another use, 1103 for an expired one.
        """
        claims = self._claims(token)
        if claims.get("use", "auth") != use or claims["jti"] in self._revoked:
            raise unauthorised(1102, "Token is invalid")
        generation = int(str(claims["jti"]).partition(".")[0])
        if self._clock.wall() >= claims["exp"] or generation < self._generation:
            raise unauthorised(1103, "Token has expired")
        return Principal(
            organisation=claims["esc.org"],
            application=claims.get("esc.app"),
            user=claims.get("esc.user"),
            role=claims.get("esc.role"),
        )

    def revoke(self, token: str) -> None:
        """Revoke one token for good.

        Raises:
            Problem: 401, the token is invalid.
        """
        self._revoked.add(self._claims(token)["jti"])

    def expire_all(self) -> None:
        """Expire every token issued so far."""
        self._generation += 1

    def set_lives(self, *, token_seconds: float, refresh_seconds: float) -> None:
        """Change the lifetime of tokens that are issued from now on."""
        self._life = {**self._life, "auth": token_seconds, "refresh": refresh_seconds}

    def dump(self) -> TokenIssuerDump:
        """Return the values that keep tokens valid after a restart."""
        return TokenIssuerDump(key=self._key, generation=self._generation, revoked=sorted(self._revoked))

    def restore(self, dump: TokenIssuerDump) -> None:
        """Continue with the key and the revoked tokens of a dump."""
        self._key, self._generation = dump.key, dump.generation
        self._revoked = set(dump.revoked)
        self._verified.clear()

    def _claims(self, token: str) -> Mapping[str, Any]:
        known = self._verified.get(token)
        if known is not None:
            return known
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=["HS256"],
                audience=_AUDIENCE,
                issuer=_ISSUER,
                # Time is simulated: the library must not compare with real time.
                options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
        except jwt.InvalidTokenError:
            raise unauthorised(1102, "Token is invalid") from None
        if len(self._verified) > 10_000:
            self._verified.clear()
        self._verified[token] = claims
        return claims
