# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.mfa import MfaKey, MfaKeyActivate, MfaKeyCreate, MfaKeyStatus, MfaKeyType, TrustedDevice
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import MfaKeyActivateDict, MfaKeyCreateDict

class Mfa:
    """Multi-factor authentication."""

    def activate_key(
        self,
        key_id: int | str,
        body: MfaKeyActivate | MfaKeyActivateDict,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Activate an MFA key of the caller with a code.

        This proves that the authenticator app has the secret. Send status Active (1) with the current
        code; a code is valid for 30 seconds. From then on, every login with user credentials asks for
        a code.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            key_id: MFA key id.
            body: The request body: MfaKeyActivate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: The caller has no such key.
            ConflictError: The state of the key does not allow activation, for example because it is
                already active.
            ValidationError: The code or the status was not accepted; the details are in errors."""

    def create_key(
        self, body: MfaKeyCreate | MfaKeyCreateDict, *, options: CallOptions | None = None
    ) -> MfaKey:
        """Create an MFA key for the caller.

        The caller must be a user who logged in, not an application. The key has status Activation
        Pending: enter its secret into an authenticator app, then send a code with mfa.activate_key.
        Only then do logins ask for codes.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: MfaKeyCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            ConflictError: The user already has a key.
            ValidationError: The type or the password was not accepted; the details are in errors."""

    def delete_key(
        self, user_id: int | str, key_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Delete an MFA key.

        The API no longer accepts its codes. Pass "my" for the caller.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            key_id: MFA key id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user or key."""

    def delete_trusted_device(
        self, user_id: int | str, device_id: int | str, *, options: CallOptions | None = None
    ) -> None:
        """Stop trusting a device.

        The next login from it needs a code again.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            device_id: Trusted device id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user or device."""

    def list_statuses(self, *, options: CallOptions | None = None) -> builtins.list[MfaKeyStatus]:
        """List the statuses an MFA key can have.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_trusted_devices(
        self, user_id: int | str, *, options: CallOptions | None = None
    ) -> builtins.list[TrustedDevice]:
        """List the devices from which a user may log in without a code.

        To trust a device, pass it in the MFA step of auth.authenticate. The trust expires; sources
        say after 30 or 90 days. Pass "my" for the caller.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            user_id: User id; several calls also accept "my" for the caller, or a username.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user."""

    def list_types(self, *, options: CallOptions | None = None) -> builtins.list[MfaKeyType]:
        """List the types of MFA keys.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
