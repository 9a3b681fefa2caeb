# Generated from schema/resources/custom_events.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Custom events: the calls of this group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify.resources._operations import OPERATIONS

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from typing import Any

    from aioemnify.models.custom_events import CustomEvent, CustomEventCreate, CustomEventTemplate
    from aioemnify.options import CallOptions
    from aioemnify.pagination import Caller
    from aioemnify.types import Created


class CustomEvents:
    """Custom events."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        body: CustomEventCreate | Mapping[str, Any],
        *,
        options: CallOptions | None = None,
    ) -> CustomEvent | Created:
        """Create a custom event from a template.

        The template says in configuration_properties which properties there are, which must be given
        and what they may hold. There is no call that changes a custom event: delete it and create
        another.

        Limit: none of its own; it counts against the address window and the month.
        Retry: repeated only when it surely was not processed; a lost answer is an
        OutcomeUnknownError.

        Args:
            body: What to send: CustomEventCreate or a mapping of the same members.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
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

        What becomes of automations that react to it is not documented.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is followed by a repeat; twice equals once.

        Args:
            custom_event_id: Custom event id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        await self._caller._call(OPERATIONS["custom_events.delete"], (custom_event_id,), options=options)

    async def get(
        self,
        custom_event_id: str,
        *,
        options: CallOptions | None = None,
    ) -> CustomEvent:
        """Get one custom event.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            custom_event_id: Custom event id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
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

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            template_id: Template id.
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
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

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
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
        """List the templates custom events are made from.

        Limit: none of its own; it counts against the address window and the month.
        Retry: a lost answer is asked for again.

        Args:
            options: What holds for this call alone, such as a timeout or a deadline in seconds.
        """
        result: builtins.list[CustomEventTemplate] = await self._caller._call(
            OPERATIONS["custom_events.list_templates"], (), options=options
        )
        return result
