# Generated from schema/resources/automations.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""Automations: the records that are sent and answered."""

import attrs

from aioemnify.models.custom_events import ConfigProperty, CustomEvent
from aioemnify.models.refs import OrganisationRef
from aioemnify.models.system_events import SystemEvent
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class ActionRecipients:
    """Whom an action writes to."""

    email: list[str]
    """E-mail addresses; see automations.verify_recipient_email."""


@attrs.frozen(kw_only=True)
class ActionableEvent:
    """What sets an automation off; one of the two is there."""

    custom_event: CustomEvent | None = None
    system_event: SystemEvent | None = None


@attrs.frozen(kw_only=True)
class AutomationAction:
    """Something an automation can do. Several names are camelCase."""

    id: str
    """Text, unlike most ids."""

    status: str | None = None
    """Its values are not published."""

    type: str | None = None
    """Its values are not published."""

    configurationProperties: list[str] | None = None
    """What properties of a configured action may name."""

    name: str | None = None
    translationKeyName: str | None = None
    """Key of the name in the texts of the web portal."""

    description: str | None = None
    translationKeyDescription: str | None = None
    """Key of the description in the texts of the web portal."""

    requiredEventOutputParameters: list[str] | None = None
    """What the event has to hand on; see eventOutputParameters of a system event."""


@attrs.frozen(kw_only=True)
class AutomationActionRef:
    """An action by id."""

    id: str
    type: str | None = None
    """As in AutomationAction; need not be sent."""


@attrs.frozen(kw_only=True)
class ConfiguredAction:
    """An action as an automation runs it."""

    action: AutomationActionRef
    properties: list[ConfigProperty]
    """Values for what configurationProperties of the action names."""

    recipients: ActionRecipients | None = None
    """Who is written to; only for actions that write to somebody."""


@attrs.frozen(kw_only=True)
class Automation:
    """A rule: an event, the targets it is narrowed to, and the actions it sets off."""

    id: str
    """Text, unlike most ids."""

    name: str | None = None
    description: str | None = None
    status: str | None = None
    """Its values are not published."""

    organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    number_of_executions: int | None = None
    """How often it has run."""

    last_execution: str | None = None
    """When it last ran; its form is not published."""

    created_at: Timestamp | None = None
    modified_at: Timestamp | None = None
    actionable_event: ActionableEvent | None = None
    """What sets it off."""

    configured_actions: list[ConfiguredAction] | None = None
    """What it does."""

    targeting_properties: list[ConfigProperty] | None = None
    """What the event is narrowed to."""


@attrs.define(kw_only=True)
class AutomationUpdate:
    """What changes about an automation. Send only that."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    status: str | UnsetType = UNSET
    """Its values are not published; copy one from an existing automation."""

    configured_actions: list[ConfiguredAction] | UnsetType = UNSET
    """The whole list."""

    targeting_properties: list[ConfigProperty] | UnsetType = UNSET
    """The whole list."""


@attrs.define(kw_only=True)
class EmailVerification:
    """The proof that an e-mail address wants to be written to."""

    token: str = attrs.field(repr=False)
    """From the message sent to that address."""


@attrs.frozen(kw_only=True)
class StringIdRef:
    """A reference by an id that is text."""

    id: str


@attrs.define(kw_only=True)
class ActionableEventRef:
    """The event that sets an automation off. Name one of the two."""

    custom_event: StringIdRef | UnsetType = UNSET
    """By CustomEvent.id."""

    system_event: StringIdRef | UnsetType = UNSET
    """By SystemEvent.id."""


@attrs.define(kw_only=True)
class AutomationCreate:
    """A new automation."""

    name: str
    description: str
    status: str
    """Its values are not published; copy one from an existing automation."""

    actionable_event: ActionableEventRef
    """What sets it off."""

    configured_actions: list[ConfiguredAction]
    """What it does."""

    targeting_properties: list[ConfigProperty]
    """What to narrow the event to."""


@attrs.frozen(kw_only=True)
class AutomationLog:
    """What one action did in one execution of an automation."""

    id: str
    automation: StringIdRef | None = None
    action: StringIdRef | None = None
    message: str | None = None
    """For people, not for programs."""

    status: str | None = None
    """How it went; the values are not published."""

    event: StringIdRef | None = None
    """The event that set it off."""

    smart_event: StringIdRef | None = None
    """Not explained by the documentation; probably the custom event behind it."""

    created_at: Timestamp | None = None
    automation_execution_number: int | None = None
    """The execution this belongs to."""

    organisation: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
