# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

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

class Lookups:
    """Lookups."""

    def list_breakout_regions(self, *, options: CallOptions | None = None) -> builtins.list[BreakoutRegion]:
        """List the regions where traffic can leave the mobile core.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_countries(
        self, *, geographic: bool | None = None, options: CallOptions | None = None
    ) -> builtins.list[Country]:
        """List the countries.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            geographic: Omit entries that are not places on a map.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_currencies(self, *, options: CallOptions | None = None) -> builtins.list[Currency]:
        """List the currencies.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_data_blocksizes(self, *, options: CallOptions | None = None) -> builtins.list[DataBlocksize]:
        """List the block sizes in which data is charged.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_data_throttles(self, *, options: CallOptions | None = None) -> builtins.list[DataThrottle]:
        """List the data speeds that a tariff can be limited to.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_esme_interface_types(
        self, *, options: CallOptions | None = None
    ) -> builtins.list[EsmeInterfaceType]:
        """List the ways to exchange SMS with the platform.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_rat_types(self, *, options: CallOptions | None = None) -> builtins.list[RatType]:
        """List the radio access technologies.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_service_levels(self, *, options: CallOptions | None = None) -> builtins.list[ServiceLevel]:
        """List the service levels.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
