# Generated from schema/resources/dns.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""DNS: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.dns import Dns as DnsModel
    from aioemnify.models.dns import DnsCreate
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.types import Created


class Dns:
    """DNS."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        body: DnsCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> Created:
        """Add a pair of name servers.

        Used by no device until a service profile names it as dns.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: DnsCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: Created = await self._caller._call(OPERATIONS["dns.create"], (), body=body, options=options)
        return result

    async def delete(
        self,
        dns_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete a pair of name servers.

        Refused while a service profile uses it; the status of that refusal is not documented.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            dns_id: Id of the pair.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(OPERATIONS["dns.delete"], (dns_id,), options=options)

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[DnsModel]:
        """List the pairs of name servers.

        All at once: this list has no paging, filter or sort.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[DnsModel] = await self._caller._call(
            OPERATIONS["dns.list"], (), options=options
        )
        return result
