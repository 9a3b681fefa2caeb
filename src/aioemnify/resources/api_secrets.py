# Generated from schema/resources/api_secrets.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""API secrets: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.api_secrets import ApiSecret, ApiSecretCreate
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.types import Created


class ApiSecrets:
    """API secrets."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        body: ApiSecretCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Store a key that signs callbacks.

        Signs nothing until a service profile names it as api_secret; then calls to the callback
        address of that profile carry a JWT signed with the key as bearer token, which the receiver
        must verify. Keep the key: no call gives it back.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: ApiSecretCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Created = await self._caller._call(
            OPERATIONS["api_secrets.create"], (), body=body, options=options
        )
        return result

    async def delete(
        self,
        api_secret_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete a callback secret.

        Take it out of the service profiles first, by an update with api_secret id null.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            api_secret_id: Secret id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such secret.
        """
        await self._caller._call(OPERATIONS["api_secrets.delete"], (api_secret_id,), options=options)

    async def get(
        self,
        api_secret_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> ApiSecret:
        """Get one callback secret, without its key.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            api_secret_id: Secret id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such secret.
        """
        result: ApiSecret = await self._caller._call(
            OPERATIONS["api_secrets.get"], (api_secret_id,), options=options
        )
        return result

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[ApiSecret]:
        """List the callback secrets.

        The keys themselves are never shown. All at once: this list has no paging, filter or sort.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[ApiSecret] = await self._caller._call(
            OPERATIONS["api_secrets.list"], (), options=options
        )
        return result
