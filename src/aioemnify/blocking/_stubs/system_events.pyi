# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.system_events import SystemEvent
from aioemnify.options import CallOptions

class SystemEvents:
    """System events."""

    def get(self, system_event_id: str, *, options: CallOptions | None = None) -> SystemEvent:
        """Get one system event.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            system_event_id: System event id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[SystemEvent]:
        """List the system events an automation can react to.

        The platform defines them and they are read-only; custom_events has the configurable ones.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
