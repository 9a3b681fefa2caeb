# Generated from schema/resources/automations.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Automations: the models of requests and responses."""

import attrs

from aioemnify.models.custom_events import ConfigProperty, CustomEvent
from aioemnify.models.refs import OrganisationRef
from aioemnify.models.system_events import SystemEvent
from aioemnify.serialization.model import BodyModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class ActionRecipients(Model):
    """The recipients of an action."""

    email: list[str]
    """E-mail addresses; see automations.verify_recipient_email."""


@attrs.frozen(kw_only=True)
class ActionableEvent(Model):
    """The event that triggers an automation; one of the two members is present."""

    custom_event: CustomEvent | None = None
    system_event: SystemEvent | None = None


@attrs.frozen(kw_only=True)
class AutomationAction(Model):
    """An action that an automation can run. Several names are camelCase."""

    id: str
    """A text, unlike most ids."""

    status: str | None = None
    """The values are not documented."""

    type: str | None = None
    """The values are not documented."""

    configurationProperties: list[str] | None = None
    """The names allowed in the properties of a configured action."""

    name: str | None = None
    translationKeyName: str | None = None
    """Translation key of the name in the web portal."""

    description: str | None = None
    translationKeyDescription: str | None = None
    """Translation key of the description in the web portal."""

    requiredEventOutputParameters: list[str] | None = None
    """The values that the event must provide; see eventOutputParameters of a system event."""


@attrs.frozen(kw_only=True)
class AutomationActionRef(Model):
    """An action by id."""

    id: str
    type: str | None = None
    """As in AutomationAction; optional in requests."""


@attrs.frozen(kw_only=True)
class ConfiguredAction(Model):
    """An action of an automation, with its configuration."""

    action: AutomationActionRef
    properties: list[ConfigProperty]
    """Values for the configurationProperties of the action."""

    recipients: ActionRecipients | None = None
    """The recipients; only for actions that send messages."""


@attrs.frozen(kw_only=True)
class Automation(Model):
    """A rule: an event, the targets that it applies to, and the actions that it triggers."""

    id: str
    """A text, unlike most ids."""

    name: str | None = None
    description: str | None = None
    status: str | None = None
    """The values are not documented."""

    organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    number_of_executions: int | None = None
    """How often it has run."""

    last_execution: str | None = None
    """The time of the last run; the format is not documented."""

    created_at: Timestamp | None = None
    modified_at: Timestamp | None = None
    actionable_event: ActionableEvent | None = None
    """The event that triggers it."""

    configured_actions: list[ConfiguredAction] | None = None
    """The actions that it runs."""

    targeting_properties: list[ConfigProperty] | None = None
    """The targets that the event is limited to."""


@attrs.define(kw_only=True)
class AutomationUpdate(BodyModel):
    """The changes to an automation. Send only what changes."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    status: str | UnsetType = UNSET
    """The values are not documented; copy one from an existing automation."""

    configured_actions: list[ConfiguredAction] | UnsetType = UNSET
    """The complete list."""

    targeting_properties: list[ConfigProperty] | UnsetType = UNSET
    """The complete list."""


@attrs.define(kw_only=True)
class EmailVerification(BodyModel):
    """The confirmation that an e-mail address accepts messages."""

    token: str = attrs.field(repr=False)
    """The code from the message sent to that address."""


@attrs.frozen(kw_only=True)
class StringIdRef(Model):
    """A reference by an id, which is a text."""

    id: str


@attrs.define(kw_only=True)
class ActionableEventRef(BodyModel):
    """The event that triggers an automation. Set one of the two members."""

    custom_event: StringIdRef | UnsetType = UNSET
    """The CustomEvent.id."""

    system_event: StringIdRef | UnsetType = UNSET
    """The SystemEvent.id."""


@attrs.define(kw_only=True)
class AutomationCreate(BodyModel):
    """A new automation."""

    name: str
    description: str
    status: str
    """The values are not documented; copy one from an existing automation."""

    actionable_event: ActionableEventRef
    """The event that triggers it."""

    configured_actions: list[ConfiguredAction]
    """The actions that it runs."""

    targeting_properties: list[ConfigProperty]
    """The targets to limit the event to."""


@attrs.frozen(kw_only=True)
class AutomationLog(Model):
    """The log entry of one action in one execution of an automation."""

    id: str
    automation: StringIdRef | None = None
    action: StringIdRef | None = None
    message: str | None = None
    """A message for people, not for programs."""

    status: str | None = None
    """The result; the values are not documented."""

    event: StringIdRef | None = None
    """The event that triggered it."""

    smart_event: StringIdRef | None = None
    """Not explained in the documentation; probably the custom event that triggered it."""

    created_at: Timestamp | None = None
    automation_execution_number: int | None = None
    """The execution that the entry belongs to."""

    organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
