# Generated from schema/resources/auth.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Authentication: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.auth import AuthRequest, AuthTokens, WorkspaceSwitch
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller


class Auth:
    """Authentication."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def authenticate(
        self,
        body: AuthRequest | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> AuthTokens:
        """Exchange credentials for an auth token.

        Send exactly one kind of credentials: an application token; username and password (plus
        fingerprint on a trusted device); an MFA token with its code (plus trusted_device to be
        remembered); or a refresh token. Application tokens yield no refresh token. When the user has
        MFA switched on, the first answer holds only an MFA token, to be sent back with a code. Auth
        tokens last 240 minutes; at most 100 of these calls are accepted per client address in five
        minutes, so keep and share the token.

        Limit: 100 calls in 300 s, per client address.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            body: What to send: AuthRequest or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: The body matches none of the accepted forms.
            AuthenticationError: Wrong or expired credentials. The body is mostly empty; after three
                failures the account is locked for five minutes and the body names TooManyRequests.
            NotFoundError: The account or token is unknown.
        """
        result: AuthTokens = await self._caller._call(
            OPERATIONS["auth.authenticate"], (), body=body, options=options
        )
        return result

    async def switch_workspace(
        self,
        body: WorkspaceSwitch | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> AuthTokens:
        """Get an auth token for another workspace of the same user.

        Works with a token that came from user credentials; one that came from an application token is
        refused. The old auth token keeps working for the workspace it was made for.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            body: What to send: WorkspaceSwitch or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: The caller did not sign in as a user, or has no role in the target
                workspace.
        """
        result: AuthTokens = await self._caller._call(
            OPERATIONS["auth.switch_workspace"], (), body=body, options=options
        )
        return result
