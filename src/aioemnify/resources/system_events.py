# Generated from schema/resources/system_events.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""System events: the operations of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.tables.operations import OPERATIONS

if TYPE_CHECKING:
    import builtins

    from aioemnify.models.system_events import SystemEvent
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller


class SystemEvents:
    """System events."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(
        self,
        system_event_id: str,
        *,
        options: CallOptions | None = None,
    ) -> SystemEvent:
        """Get one system event.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            system_event_id: System event id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: SystemEvent = await self._caller._call(
            OPERATIONS["system_events.get"], (system_event_id,), options=options
        )
        return result

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[SystemEvent]:
        """List the system events an automation can react to.

        The platform defines them and they are read-only; custom_events has the configurable ones.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[SystemEvent] = await self._caller._call(
            OPERATIONS["system_events.list"], (), options=options
        )
        return result
