# Generated from schema/resources/services.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Services: the operations of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.tables.operations import OPERATIONS

if TYPE_CHECKING:
    import builtins

    from aioemnify.models.services import Service, TrafficLimit
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller


class Services:
    """Services."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[Service]:
        """List the services that a service profile can allow.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[Service] = await self._caller._call(
            OPERATIONS["services.list"], (), options=options
        )
        return result

    async def list_all_traffic_limits(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[TrafficLimit]:
        """List the predefined traffic limits of all services.

        service of each limit is the service that it belongs to.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[TrafficLimit] = await self._caller._call(
            OPERATIONS["services.list_all_traffic_limits"], (), options=options
        )
        return result

    async def list_traffic_limits(
        self,
        service_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[TrafficLimit]:
        """List the predefined traffic limits of one service.

        Returns the limit ids for service_profiles.add_sms_limit. For data, set any volume with
        service_profiles.add_data_limit.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            service_id: Service id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[TrafficLimit] = await self._caller._call(
            OPERATIONS["services.list_traffic_limits"], (service_id,), options=options
        )
        return result
