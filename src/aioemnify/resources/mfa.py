# Generated from schema/resources/mfa.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Multi-factor authentication: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.mfa import (
        MfaKey,
        MfaKeyActivate,
        MfaKeyCreate,
        MfaKeyStatus,
        MfaKeyType,
        TrustedDevice,
    )
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller


class Mfa:
    """Multi-factor authentication."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def activate_key(
        self,
        key_id: int | str,
        body: MfaKeyActivate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Activate an MFA key of the caller with a code.

        Proves that the authenticator knows the secret. Send status Active (1) with the code that is
        valid now; a code lasts 30 seconds. From then on every login with user credentials asks for a
        code.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            key_id: MFA key id.
            body: What to send: MfaKeyActivate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: The caller has no such key.
            ConflictError: The key is in no state to be activated: it is active already, say.
            ValidationError: The code or the status was not accepted; the details are in errors.
        """
        await self._caller._call(OPERATIONS["mfa.activate_key"], (key_id,), body=body, options=options)

    async def create_key(
        self,
        body: MfaKeyCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> MfaKey:
        """Create an MFA key for the caller.

        The caller is the user who logged in, not an application. The key comes in status Activation
        Pending: show its secret to an authenticator, then send a code of it with mfa.activate_key.
        Logins ask for codes only after that.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: MfaKeyCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            ConflictError: A key that the user has already is in the way.
            ValidationError: The type or the password was not accepted; the details are in errors.
        """
        result: MfaKey = await self._caller._call(
            OPERATIONS["mfa.create_key"], (), body=body, options=options
        )
        return result

    async def delete_key(
        self,
        user_id: int | str,
        key_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete an MFA key.

        Its codes are worth nothing from then on. Takes my for the caller.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            key_id: MFA key id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user or key.
        """
        await self._caller._call(OPERATIONS["mfa.delete_key"], (user_id, key_id), options=options)

    async def delete_trusted_device(
        self,
        user_id: int | str,
        device_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Trust a device no longer.

        The next login from it needs a code again.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            device_id: Trusted device id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user or device.
        """
        await self._caller._call(
            OPERATIONS["mfa.delete_trusted_device"], (user_id, device_id), options=options
        )

    async def list_statuses(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[MfaKeyStatus]:
        """List the statuses an MFA key can have.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[MfaKeyStatus] = await self._caller._call(
            OPERATIONS["mfa.list_statuses"], (), options=options
        )
        return result

    async def list_trusted_devices(
        self,
        user_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[TrustedDevice]:
        """List the devices a user may log in from without a code.

        A device is trusted by naming it in the MFA step of auth.authenticate, and only for a while;
        sources say 30 days and 90 days. Takes my for the caller.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            user_id: User id; several calls also take my for the caller, or a username.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such user.
        """
        result: builtins.list[TrustedDevice] = await self._caller._call(
            OPERATIONS["mfa.list_trusted_devices"], (user_id,), options=options
        )
        return result

    async def list_types(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[MfaKeyType]:
        """List the types of MFA keys.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[MfaKeyType] = await self._caller._call(
            OPERATIONS["mfa.list_types"], (), options=options
        )
        return result
