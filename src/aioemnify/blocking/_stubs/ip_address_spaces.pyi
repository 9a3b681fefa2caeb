# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.ip_address_spaces import IpAddressSpace, IpAddressSpaceCreate
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import IpAddressSpaceCreateDict
from aioemnify.types import Created

class IpAddressSpaces:
    """IP address spaces."""

    def assign(self, address_space_id: int | str, *, options: CallOptions | None = None) -> None:
        """Take a free address space for the organisation.

        The request has no body. list_available returns the ids.

        Deprecated: The API deprecates it; use ip_address_spaces.create.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            address_space_id: Id of a free address space.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: No such address space.
            ConflictError: The address space is not free."""

    def create(
        self, body: IpAddressSpaceCreate | IpAddressSpaceCreateDict, *, options: CallOptions | None = None
    ) -> IpAddressSpace | Created:
        """Allocate an address space to the organisation.

        The range must be within 10.192.0.0/12, 100.64.0.0/10, 10.112.0.0/12 or 10.176.0.0/12;
        100.64.0.0/24 is reserved. Several errors have the same code and token: only the message
        differs.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: IpAddressSpaceCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            BadRequestError: A malformed body.
            PermissionDeniedError: The caller is not allowed to do this.
            NotFoundError: A referenced object does not exist; the message says which.
            ConflictError: The range is not free.
            ValidationError: The range is not acceptable; the message says why."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[IpAddressSpace]:
        """List the address spaces of the organisation.

        This list has no paging, filter or sort.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_available(
        self, *, ip_address_version: int | None = None, options: CallOptions | None = None
    ) -> builtins.list[IpAddressSpace]:
        """List ten free address spaces.

        The server picks them at random for every call, so two calls differ, and does not reserve
        them.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            ip_address_version: 4 or 6; the server's default is 4.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def release(self, address_space_id: int | str, *, options: CallOptions | None = None) -> None:
        """Release an address space.

        The API refuses this while endpoints use its addresses.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            address_space_id: Address space id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.

        Raises:
            NotFoundError: The organisation does not have this address space.
            ConflictError: Endpoints still use it."""
