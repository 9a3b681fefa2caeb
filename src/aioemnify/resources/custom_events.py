# Generated from schema/resources/custom_events.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Custom events: the operations of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.tables.operations import OPERATIONS

if TYPE_CHECKING:
    import builtins

    from aioemnify.models.custom_events import CustomEvent, CustomEventCreate, CustomEventTemplate
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.resources.bodies import CustomEventCreateDict
    from aioemnify.types import Created


class CustomEvents:
    """Custom events."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        body: CustomEventCreate | CustomEventCreateDict,
        *,
        options: CallOptions | None = None,
    ) -> CustomEvent | Created:
        """Create a custom event from a template.

        configuration_properties of the template lists the properties, which of them are required, and
        their valid values. No call changes a custom event: delete it and create another.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: CustomEventCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: CustomEvent | Created = await self._caller._call(
            OPERATIONS["custom_events.create"], (), body=body, options=options
        )
        return result

    async def delete(
        self,
        custom_event_id: str,
        *,
        options: CallOptions | None = None,
    ) -> None:
        """Delete a custom event.

        The documentation does not say what happens to automations that react to it.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            custom_event_id: Custom event id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(OPERATIONS["custom_events.delete"], (custom_event_id,), options=options)

    async def get(
        self,
        custom_event_id: str,
        *,
        options: CallOptions | None = None,
    ) -> CustomEvent:
        """Get one custom event.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            custom_event_id: Custom event id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: CustomEvent = await self._caller._call(
            OPERATIONS["custom_events.get"], (custom_event_id,), options=options
        )
        return result

    async def get_template(
        self,
        template_id: str,
        *,
        options: CallOptions | None = None,
    ) -> CustomEventTemplate:
        """Get one template of custom events.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            template_id: Template id.
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: CustomEventTemplate = await self._caller._call(
            OPERATIONS["custom_events.get_template"], (template_id,), options=options
        )
        return result

    async def list(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[CustomEvent]:
        """List the custom events of the organisation.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[CustomEvent] = await self._caller._call(
            OPERATIONS["custom_events.list"], (), options=options
        )
        return result

    async def list_templates(
        self,
        *,
        options: CallOptions | None = None,
    ) -> builtins.list[CustomEventTemplate]:
        """List the templates for custom events.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[CustomEventTemplate] = await self._caller._call(
            OPERATIONS["custom_events.list_templates"], (), options=options
        )
        return result
