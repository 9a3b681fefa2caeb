# Generated from schema/resources/system_events.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""System events: the records that are sent and answered."""

import attrs

from aioemnify.models.events import EventType
from aioemnify.models.refs import OrganisationRef


@attrs.frozen(kw_only=True)
class EventOutputParameter:
    """A value that an event hands on to the actions it sets off."""

    parameter: str | None = None
    """Its name."""

    type: str | None = None
    """The kind of value; the kinds are not published."""

    description: str | None = None


@attrs.frozen(kw_only=True)
class SystemEvent:
    """A kind of event of the platform that can set off an automation. Several names are camelCase."""

    id: str
    """Text, unlike most ids; automations refer to it."""

    parentOrg: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    """Whose event this is."""

    eventType: EventType | None = attrs.field(default=None, metadata={"intern": True})
    """The type its events have."""

    name: str | None = None
    translationKeyName: str | None = None
    """Key of the name in the texts of the web portal."""

    description: str | None = None
    translationKeyDescription: str | None = None
    """Key of the description in the texts of the web portal."""

    supportedTargetingParameters: list[str] | None = None
    """What targeting_properties of an automation may name."""

    eventOutputParameters: list[EventOutputParameter] | None = None
    """What the event hands on to actions; see requiredEventOutputParameters of an action."""

    supportedActions: list[str] | None = None
    """The actions it can set off."""
