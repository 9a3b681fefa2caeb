"""Check the signature of an SMS callback.

A callback with an API secret has a JWT that is signed with it. Which HMAC algorithm and which claims the
platform uses is not documented, so all three algorithms are accepted and no claim is required.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import jwt
from jwt.algorithms import HMACAlgorithm

from aioemnify._secret import Secret
from aioemnify.errors import (
    ArgumentError,
    ArgumentTypeError,
    InvalidSignatureError,
    MissingSignatureError,
)

Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]
"""Headers of a request: a mapping, or pairs as in an ASGI scope. The case of names does not matter."""

Secrets: TypeAlias = str | Sequence[str]
"""A secret, or several of them while one replaces another."""

LONGEST_TOKEN = 8192
"""Characters of a token that is looked at."""


class _AnyKey(HMACAlgorithm):
    """HMAC with any key.

    pyjwt refuses keys that look like a public key. That guards against tokens that choose HMAC where a public
    key is expected; here only HMAC is accepted, and what the secret looks like is the user's choice.
    """

    def prepare_key(self, key: str | bytes) -> bytes:
        return key.encode() if isinstance(key, str) else key

    def check_key_length(self, key: bytes) -> str | None:
        return None  # a short secret is the user's choice, and was made on the platform


ALGORITHMS = {
    "HS256": _AnyKey(HMACAlgorithm.SHA256),
    "HS384": _AnyKey(HMACAlgorithm.SHA384),
    "HS512": _AnyKey(HMACAlgorithm.SHA512),
}
_VERIFIER = jwt.PyJWS(algorithms=[])
for _name, _algorithm in ALGORITHMS.items():
    _VERIFIER.register_algorithm(_name, _algorithm)


def verify_callback(
    headers: Headers, secret: Secrets, *, now: float | None = None, leeway: float = 0.0
) -> dict[str, Any]:
    """Check that an SMS callback is signed with an API secret, and return the claims of its token.

    The token must use HS256, HS384 or HS512; ``none`` and all others are refused. It need not have any
    claim, because none is documented, but ``exp`` and ``nbf`` count if they are there. The body is not
    signed. The secret is compared in constant time.

    Args:
        headers: The headers of the request, as a mapping or as pairs of text or bytes.
        secret: The API secret of the service profile; several of them while one replaces another.
        now: Seconds since 1970, in place of the system's clock.
        leeway: Seconds by which clocks may differ.

    Raises:
        MissingSignatureError: There is no bearer token.
        InvalidSignatureError: The token is not one, is not signed with the secret by such an algorithm, or
            is not valid at this time.
        ArgumentError: The secret is empty.
    """
    return verified_claims(headers, checked_secrets("secret", secret), now=now, leeway=leeway)


def verified_claims(
    headers: Headers, secrets: Sequence[Secret], *, now: float | None, leeway: float
) -> dict[str, Any]:
    """Return the claims of the token that one of the secrets signed; raises as ``verify_callback`` does."""
    token = _bearer_token(headers)
    payload: bytes | None = None
    for secret in secrets:  # all of them: the time taken does not tell which one fits
        try:
            found = _VERIFIER.decode(token, secret.reveal(), algorithms=list(ALGORITHMS))
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            continue
        payload = found if payload is None else payload
    if payload is None:
        _explain(token)
    try:
        claims = json.loads(payload or b"")
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise InvalidSignatureError("the claims of the token are not a JSON object")
    moment = time.time() if now is None else now
    # Turned around, so that a claim that is not a number of any size is refused.
    if "exp" in claims and not _seconds(claims, "exp") > moment - leeway:
        raise InvalidSignatureError("the token has expired")
    if "nbf" in claims and not _seconds(claims, "nbf") <= moment + leeway:
        raise InvalidSignatureError("the token is not valid yet; check the clock of this machine")
    return claims


def checked_secrets(argument: str, secret: object) -> tuple[Secret, ...]:
    """Return secrets that may be one text or several.

    Raises:
        ArgumentError: there is none, or one is empty: anybody can sign with an empty secret.
    """
    several = [secret] if isinstance(secret, str) else secret
    if not isinstance(several, (list, tuple)) or not all(isinstance(one, str) for one in several):
        raise ArgumentTypeError(argument, "takes text, or a list of texts")
    if not several or not all(several):
        raise ArgumentError(argument, "is empty")
    return tuple(Secret(one) for one in several)


def header_values(headers: Headers) -> dict[str, list[bytes]]:
    """Return the values of each header, by its name in lower case."""
    found: dict[str, list[bytes]] = {}
    pairs: Iterable[tuple[Any, Any]] = headers.items() if isinstance(headers, Mapping) else headers
    for name, value in pairs:
        label = name.decode("latin-1") if isinstance(name, bytes) else str(name)
        content = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        found.setdefault(label.strip().lower(), []).append(content.strip())
    return found


def _bearer_token(headers: Headers) -> str:
    given = header_values(headers).get("authorization", [])
    if not given:
        raise MissingSignatureError("the request has no Authorization header with a bearer token")
    if len(given) > 1:
        raise InvalidSignatureError("the request has several Authorization headers")
    scheme, _, token = given[0].decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise MissingSignatureError("the Authorization header has no bearer token")
    if len(token) > LONGEST_TOKEN:
        raise InvalidSignatureError(f"the token is longer than {LONGEST_TOKEN:,} characters")
    return token.strip()


def _explain(token: str) -> None:
    """Raise an error that says why no secret fits, as far as that helps; it never shows the token."""
    try:
        algorithm = jwt.get_unverified_header(token).get("alg")
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise InvalidSignatureError("the bearer token is not a JWT") from None
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise InvalidSignatureError(f"the token must be signed by {', '.join(ALGORITHMS)}, and is not")
    raise InvalidSignatureError("the token is not signed with the secret")


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidSignatureError(f"the claim {name} of the token is not a number")
    return value
