# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins

from aioemnify.models.custom_events import CustomEvent, CustomEventCreate, CustomEventTemplate
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import CustomEventCreateDict
from aioemnify.types import Created

class CustomEvents:
    """Custom events."""

    def create(
        self, body: CustomEventCreate | CustomEventCreateDict, *, options: CallOptions | None = None
    ) -> CustomEvent | Created:
        """Create a custom event from a template.

        configuration_properties of the template lists the properties, which of them are required, and
        their valid values. No call changes a custom event: delete it and create another.

        Limit: only those of the client address and the month.
        Retry: retried only if the request certainly was not processed; if the response is lost,
        OutcomeUnknownError.

        Args:
            body: The request body: CustomEventCreate or a mapping of the same members.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def delete(self, custom_event_id: str, *, options: CallOptions | None = None) -> None:
        """Delete a custom event.

        The documentation does not say what happens to automations that react to it.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost; idempotent, so safe to repeat.

        Args:
            custom_event_id: Custom event id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def get(self, custom_event_id: str, *, options: CallOptions | None = None) -> CustomEvent:
        """Get one custom event.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            custom_event_id: Custom event id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def get_template(self, template_id: str, *, options: CallOptions | None = None) -> CustomEventTemplate:
        """Get one template of custom events.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            template_id: Template id.
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list(self, *, options: CallOptions | None = None) -> builtins.list[CustomEvent]:
        """List the custom events of the organisation.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""

    def list_templates(self, *, options: CallOptions | None = None) -> builtins.list[CustomEventTemplate]:
        """List the templates for custom events.

        Limit: only those of the client address and the month.
        Retry: retried if the response is lost.

        Args:
            options: Settings for this call only, such as a timeout or a deadline in seconds."""
