# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

from aioemnify.models.auth import AuthRequest, AuthTokens, WorkspaceSwitch
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import AuthRequestDict, WorkspaceSwitchDict

class Auth:
    """Authentication."""

    def authenticate(
        self, body: AuthRequest | AuthRequestDict, *, options: CallOptions | None = None
    ) -> AuthTokens:
        """Exchange credentials for an auth token.

        Send exactly one kind of credentials: an application token; username and password (plus
        fingerprint on a trusted device); an MFA token with its code (plus trusted_device to remember
        the device); or a refresh token. An application token gives no refresh token. If the user has
        MFA, the first response holds only an MFA token, which you send back with a code. Auth tokens
        are valid for 240 minutes. The API accepts at most 100 of these calls per client address in
        five minutes, so keep and share the token.

        Limit: 100 calls in 300 s, per client address.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            body: The request body: AuthRequest or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: The body matches none of the accepted forms.
            AuthenticationError: Wrong or expired credentials. The body is mostly empty. After three
                failures the account is locked for five minutes and the body has the token
                TooManyRequests.
            NotFoundError: The account or token is unknown."""

    def switch_workspace(
        self, body: WorkspaceSwitch | WorkspaceSwitchDict, *, options: CallOptions | None = None
    ) -> AuthTokens:
        """Get an auth token for another workspace of the same user.

        Needs an auth token from user credentials; the API rejects one from an application token. The
        old auth token stays valid for its own workspace.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            body: The request body: WorkspaceSwitch or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            AuthenticationError: The caller did not sign in as a user, or has no role in the target
                workspace."""
