# Generated from schema/resources/system_events.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""System events: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

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

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            system_event_id: System event id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
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

        Ready-made by the platform and only to be read; custom_events holds those to be configured.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[SystemEvent] = await self._caller._call(
            OPERATIONS["system_events.list"], (), options=options
        )
        return result
