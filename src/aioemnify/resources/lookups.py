# Generated from schema/resources/lookups.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Lookups: the operations of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.tables.operations import OPERATIONS

if TYPE_CHECKING:
    import builtins

    from aioemnify.models.lookup_constants import (
        BreakoutRegion,
        Currency,
        DataBlocksize,
        DataThrottle,
        EsmeInterfaceType,
        RatType,
    )
    from aioemnify.models.lookups import ServiceLevel
    from aioemnify.models.refs import Country
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller


class Lookups:
    """Lookups."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def list_breakout_regions(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[BreakoutRegion]:
        """List the regions where traffic can leave the mobile core.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[BreakoutRegion] = await self._caller._call(
            OPERATIONS["lookups.list_breakout_regions"], (), options=options
        )
        return result

    async def list_countries(
        self,
        *,
        geographic: bool | None = None,
        options: CallOptions | None = None,
    ) -> builtins.list[Country]:
        """List the countries.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            geographic: Omit entries that are not places on a map.
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[Country] = await self._caller._call(
            OPERATIONS["lookups.list_countries"], (), query={"geographic": geographic}, options=options
        )
        return result

    async def list_currencies(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[Currency]:
        """List the currencies.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[Currency] = await self._caller._call(
            OPERATIONS["lookups.list_currencies"], (), options=options
        )
        return result

    async def list_data_blocksizes(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[DataBlocksize]:
        """List the block sizes in which data is charged.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[DataBlocksize] = await self._caller._call(
            OPERATIONS["lookups.list_data_blocksizes"], (), options=options
        )
        return result

    async def list_data_throttles(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[DataThrottle]:
        """List the data speeds that a tariff can be limited to.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[DataThrottle] = await self._caller._call(
            OPERATIONS["lookups.list_data_throttles"], (), options=options
        )
        return result

    async def list_esme_interface_types(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[EsmeInterfaceType]:
        """List the ways to exchange SMS with the platform.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[EsmeInterfaceType] = await self._caller._call(
            OPERATIONS["lookups.list_esme_interface_types"], (), options=options
        )
        return result

    async def list_rat_types(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[RatType]:
        """List the radio access technologies.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[RatType] = await self._caller._call(
            OPERATIONS["lookups.list_rat_types"], (), options=options
        )
        return result

    async def list_service_levels(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[ServiceLevel]:
        """List the service levels.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[ServiceLevel] = await self._caller._call(
            OPERATIONS["lookups.list_service_levels"], (), options=options
        )
        return result
