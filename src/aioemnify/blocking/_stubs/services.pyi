# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.services import Service, TrafficLimit
from aioemnify.options import CallOptions

class Services:
    """Services."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[Service]:
        """List the services that a service profile can allow.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_all_traffic_limits(self, *, options: CallOptions | None = None) -> builtins.list[TrafficLimit]:
        """List the predefined traffic limits of all services.

        service of each limit is the service that it belongs to.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_traffic_limits(
        self, service_id: int | str, *, options: CallOptions | None = None
    ) -> builtins.list[TrafficLimit]:
        """List the predefined traffic limits of one service.

        Returns the limit ids for service_profiles.add_sms_limit. For data, set any volume with
        service_profiles.add_data_limit.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            service_id: Service id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
