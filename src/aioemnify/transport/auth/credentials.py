"""Who the client says it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aioemnify._checks import check_type, check_whole_number
from aioemnify._secret import Secret
from aioemnify.errors import ArgumentError

GUESS_COST = 20_000
"""Rounds of hashing between a password and what tells it from others: some 10 ms, once."""


def _secret(argument: str, value: object) -> Secret:
    if isinstance(value, Secret):
        return value
    text: str = check_type(argument, value, str, "text")
    if not text.strip():
        raise ArgumentError(argument, "is empty")
    if not text.isprintable() or not text.isascii():
        raise ArgumentError(
            argument, "has characters that no token has; was it cut or pasted with a line end?"
        )
    return Secret(text)


class ApplicationToken:
    """A long-lived token, made in the portal or with ``application_tokens.create``.

    It is exchanged for an authentication token, which the client renews by itself.
    """

    def __init__(self, application_token: str) -> None:
        self.token: Secret = _secret("application_token", application_token)

    @property
    def identity(self) -> str:
        """Return what tells this credential from others, without showing it."""
        return f"application:{self.token.fingerprint()}"

    def __repr__(self) -> str:
        return "ApplicationToken(...)"


class UserPassword:
    """A portal user.

    Args:
        username: the user's e-mail address.
        password: in clear; the API takes its SHA-1 digest, and nothing else leaves this object.
        mfa: called, when the account has multi-factor authentication, for the six-digit code.
        fingerprint: marks a trusted device, so that the code is asked for less often.
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
        if mfa is not None:
            check_type("mfa", mfa, Callable, "a function that returns the code")
        self.username = username
        import hashlib  # 3 ms, for those who log in this way alone

        # The digest is what the API calls the password; it is the wire format, not protection.
        self.password: Secret = Secret(hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest())
        self.mfa = mfa
        self._identity: str | None = None
        self.fingerprint: Secret | None = None
        if fingerprint is not None:
            self.fingerprint = _secret("fingerprint", fingerprint)

    @property
    def identity(self) -> str:
        """Return what tells this credential from others, without showing it."""
        # It names keys in stores that others may see, and passwords, unlike tokens, can be guessed: slowly.
        if self._identity is None:
            import hashlib

            username, password = self.username.encode(), self.password.reveal().encode()
            digest = hashlib.pbkdf2_hmac("sha256", password, username, GUESS_COST)
            self._identity = f"user:{digest.hex()}"
        return self._identity

    def __repr__(self) -> str:
        return f"UserPassword({self.username!r}, ...)"


class StaticToken:
    """An authentication token obtained elsewhere. It is used as it is and cannot be renewed."""

    def __init__(self, auth_token: str) -> None:
        self.token: Secret = _secret("auth_token", auth_token)

    @property
    def identity(self) -> str:
        """Return what tells this credential from others, without showing it."""
        return f"static:{self.token.fingerprint()}"

    def __repr__(self) -> str:
        return "StaticToken(...)"


class WorkspaceOf:
    """Another workspace of the same user, reached by switching with the user's own token."""

    def __init__(self, parent: Credential, organisation_id: int) -> None:
        self.organisation_id: int = check_whole_number("organisation_id", organisation_id)
        self._parent = parent

    @property
    def identity(self) -> str:
        """Return what tells this credential from others, without showing it."""
        return f"{self._parent.identity}:workspace:{self.organisation_id}"

    def __repr__(self) -> str:
        return f"WorkspaceOf(..., {self.organisation_id})"


Credential: TypeAlias = "ApplicationToken | UserPassword | StaticToken | WorkspaceOf"
