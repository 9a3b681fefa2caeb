"""The credentials that a client can use."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TypeAlias

from aioemnify._checks import check_type, check_whole_number
from aioemnify._secret import Secret
from aioemnify.errors import ArgumentError

HASH_ROUNDS = 20_000
"""Rounds of hashing a password for ``identity``. They take about 10 ms, once, and slow down guessing."""


# What cannot be encoded. The error of the encoder would hold the password.
_SURROGATE = re.compile("[\ud800-\udfff]")


def _secret(argument: str, value: object) -> Secret:
    if isinstance(value, Secret):
        return value
    text: str = check_type(argument, value, str, "text")
    if not text.strip():
        raise ArgumentError(argument, "is empty")
    secret = Secret(text)
    if not secret.is_header_safe():
        raise ArgumentError(
            argument,
            "has characters that a token cannot have; check it for line breaks and spaces",
        )
    return secret


class ApplicationToken:
    """A long-lived token, created in the portal or with ``application_tokens.create``.

    The client gets an authentication token for it, and renews that one in time.
    """

    def __init__(self, application_token: str) -> None:
        self.token: Secret = _secret("application_token", application_token)

    @property
    def identity(self) -> str:
        """Return a text that is unique for this credential and does not contain the secret."""
        return f"application:{self.token.fingerprint()}"

    def __repr__(self) -> str:
        return "ApplicationToken(...)"


class UserPassword:
    """A portal user.

    Args:
        username: the user's e-mail address.
        password: in plain text. Only its SHA-1 digest, which the API takes, leaves this object.
        mfa: is called for the six-digit code if the account has multi-factor authentication.
        fingerprint: identifies a trusted device, for which the API asks for the code less often.
    """

    def __init__(
        self,
        username: str,
        password: str,
        *,
        mfa: Callable[[], str | Awaitable[str]] | None = None,
        fingerprint: str | None = None,
    ) -> None:
        if not check_type("username", username, str, "text").strip():
            raise ArgumentError("username", "is empty")
        if not check_type("password", password, str, "text"):
            raise ArgumentError("password", "is empty")
        for argument, text in (("username", username), ("password", password)):
            if _SURROGATE.search(text):
                raise ArgumentError(argument, "contains half a surrogate pair, which is not valid Unicode")
        if mfa is not None:
            check_type("mfa", mfa, Callable, "a function that returns the code")
        self.username = username
        import hashlib  # takes 3 ms

        # The API takes the digest as the password. It is a format, not a protection.
        self.password: Secret = Secret(hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest())
        self.mfa = mfa
        self.fingerprint: Secret | None = None
        if fingerprint is not None:
            self.fingerprint = _secret("fingerprint", fingerprint)

    @cached_property
    def identity(self) -> str:
        """Return a text that is unique for this credential and does not contain the secret."""
        # It is part of keys in stores, which others may see. A password can be guessed, so hashing is slow.
        import hashlib

        username, password = self.username.encode(), self.password.reveal().encode()
        return f"user:{hashlib.pbkdf2_hmac('sha256', password, username, HASH_ROUNDS).hex()}"

    def __repr__(self) -> str:
        return f"UserPassword({self.username!r}, ...)"


class StaticToken:
    """An authentication token from elsewhere. It is used as it is and cannot be renewed."""

    def __init__(self, auth_token: str) -> None:
        self.token: Secret = _secret("auth_token", auth_token)

    @property
    def identity(self) -> str:
        """Return a text that is unique for this credential and does not contain the secret."""
        return f"static:{self.token.fingerprint()}"

    def __repr__(self) -> str:
        return "StaticToken(...)"


class WorkspaceOf:
    """Another workspace of the same user. The user's own token is switched to it."""

    def __init__(self, parent: Credential, organisation_id: int) -> None:
        self.organisation_id: int = check_whole_number("organisation_id", organisation_id)
        self._parent = parent

    @property
    def identity(self) -> str:
        """Return a text that is unique for this credential and does not contain the secret."""
        return f"{self._parent.identity}:workspace:{self.organisation_id}"

    def __repr__(self) -> str:
        return f"WorkspaceOf(..., {self.organisation_id})"


Credential: TypeAlias = "ApplicationToken | UserPassword | StaticToken | WorkspaceOf"
