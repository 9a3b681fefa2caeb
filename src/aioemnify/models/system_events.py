# Generated from schema/resources/system_events.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""System events: the models of requests and responses."""

import attrs

from aioemnify.models.events import EventType
from aioemnify.models.refs import OrganisationRef
from aioemnify.serialization.model import Model


@attrs.frozen(kw_only=True)
class EventOutputParameter(Model):
    """A value that an event provides to the actions that it triggers."""

    parameter: str | None = None
    """The name."""

    type: str | None = None
    """The type of the value; the types are not documented."""

    description: str | None = None


@attrs.frozen(kw_only=True)
class SystemEvent(Model):
    """A type of platform event that can trigger an automation. Several names are camelCase."""

    id: str
    """A text, unlike most ids; automations refer to it."""

    parentOrg: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    """The organisation that owns the event."""

    eventType: EventType | None = attrs.field(default=None, metadata={"intern": True})
    """The type of its events."""

    name: str | None = None
    translationKeyName: str | None = None
    """Translation key of the name in the web portal."""

    description: str | None = None
    translationKeyDescription: str | None = None
    """Translation key of the description in the web portal."""

    supportedTargetingParameters: list[str] | None = None
    """The names allowed in targeting_properties of an automation."""

    eventOutputParameters: list[EventOutputParameter] | None = None
    """The values that the event provides to actions; see requiredEventOutputParameters of an action."""

    supportedActions: list[str] | None = None
    """The actions that it can trigger."""
