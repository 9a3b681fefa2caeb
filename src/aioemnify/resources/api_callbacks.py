# Generated from schema/resources/api_callbacks.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""API callbacks: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.api_callbacks import ApiCallback, ApiCallbackCreate
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.types import Created


class ApiCallbacks:
    """API callbacks."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        body: ApiCallbackCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Register an address for callbacks.

        Nothing is posted to it until a service profile names it: as api_callback for SMS from
        devices, as moc_callback for voice calls. A service profile that also has an api_secret signs
        what is posted.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: ApiCallbackCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Created = await self._caller._call(
            OPERATIONS["api_callbacks.create"], (), body=body, options=options
        )
        return result

    async def delete(
        self,
        api_callback_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete a callback address.

        Take it out of the service profiles first, by an update with api_callback or moc_callback id
        null.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            api_callback_id: Callback id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such callback.
        """
        await self._caller._call(OPERATIONS["api_callbacks.delete"], (api_callback_id,), options=options)

    async def get(
        self,
        api_callback_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> ApiCallback:
        """Get one callback address.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            api_callback_id: Callback id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such callback.
        """
        result: ApiCallback = await self._caller._call(
            OPERATIONS["api_callbacks.get"], (api_callback_id,), options=options
        )
        return result

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[ApiCallback]:
        """List the callback addresses.

        All at once: this list has no paging, filter or sort.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[ApiCallback] = await self._caller._call(
            OPERATIONS["api_callbacks.list"], (), options=options
        )
        return result
