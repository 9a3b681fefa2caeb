# Generated from schema/resources/ip_address_spaces.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""IP address spaces: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.ip_address_spaces import IpAddressSpace, IpAddressSpaceCreate
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.types import Created


class IpAddressSpaces:
    """IP address spaces."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def assign(
        self,
        address_space_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Take a free address space for the organisation.

        Sends no body. The ids come from list_available.

        Deprecated: The API deprecates it; use ip_address_spaces.create.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            address_space_id: Id of a free address space.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such address space.
            ConflictError: The address space is not free.
        """
        await self._caller._call(OPERATIONS["ip_address_spaces.assign"], (address_space_id,), options=options)

    async def create(
        self,
        body: IpAddressSpaceCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> IpAddressSpace | Created:
        """Allocate an address space to the organisation.

        The range must lie within 10.192.0.0/12, 100.64.0.0/10, 10.112.0.0/12 or 10.176.0.0/12;
        100.64.0.0/24 is reserved. Several refusals share one error code and token: only the message
        tells them apart.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: IpAddressSpaceCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller may not do this.
            NotFoundError: Something the call depends on does not exist; the message says what.
            ConflictError: The range is not free.
            ValidationError: The range is not acceptable; the message says why.
        """
        result: IpAddressSpace | Created = await self._caller._call(
            OPERATIONS["ip_address_spaces.create"], (), body=body, options=options
        )
        return result

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[IpAddressSpace]:
        """List the address spaces of the organisation.

        All at once: this list has no paging, filter or sort.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[IpAddressSpace] = await self._caller._call(
            OPERATIONS["ip_address_spaces.list"], (), options=options
        )
        return result

    async def list_available(
        self,
        *,
        ip_address_version: int | None = None,
        options: CallOptions | None = None,
    ) -> builtins.list[IpAddressSpace]:
        """List ten address spaces that nobody holds.

        Picked at random for every call, so two calls differ, and none of them is held for the caller.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            ip_address_version: 4 or 6; left out, the server takes 4.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[IpAddressSpace] = await self._caller._call(
            OPERATIONS["ip_address_spaces.list_available"],
            (),
            query={"ip_address_version": ip_address_version},
            options=options,
        )
        return result

    async def release(
        self,
        address_space_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Give an address space back.

        Refused while endpoints have addresses from it.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            address_space_id: Address space id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: The organisation holds no such address space.
            ConflictError: Endpoints still use it.
        """
        await self._caller._call(
            OPERATIONS["ip_address_spaces.release"], (address_space_id,), options=options
        )
